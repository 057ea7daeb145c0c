"""One signature's cost: Lacre's seal beside its floor and beside stock pyHanko, interleaved in one run.

The floor is what no program can avoid: SHA-256 over the file's bytes and one RSA-2048 signature, by OpenSSL.
The signed file is a prepared one (form fields, certified); the act signs an invisible field, fills nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import keys, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bench.machine import cpu_seconds
from lacre.engines.pades import Identity, PyhankoSealer, SealConfig, load_or_create_certificate
from lacre.engines.sandbox import Sandbox
from lacre.signing.ports import ActToSeal, Sealed
from tests.support import pdfs, sealing


@dataclass(frozen=True)
class Load:
    name: str
    make: Callable[[], bytes]
    repeats: int
    """Signatures per round; cheap ones are repeated until the clock can see them."""
    stock_repeats: int


LOADS = (
    Load("100 kB", lambda: pdfs.weighty_pdf(100_000), 40, 4),
    Load("1 MB", lambda: pdfs.weighty_pdf(1_000_000), 30, 4),
    Load("10 MB", lambda: pdfs.weighty_pdf(10_000_000), 10, 3),
    Load("100 MB", lambda: pdfs.weighty_pdf(100_000_000), 2, 1),
    Load("15,000 objects", lambda: pdfs.crowded_pdf(15_000), 20, 1),
)

TARGETS = {"100 kB": 8.0, "10 MB": 1.6, "100 MB": 2.0}
"""The most that a signature may cost, in floors."""
MEMORY_TARGET_MB = 10.0


def measure(rounds: int = 3) -> dict[str, object]:
    """CPU milliseconds per signature and ratios to the floor (medians over rounds), and memory growth."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bench = _Bench(folder, load_or_create_certificate(folder))
        results: dict[str, object] = {load.name: bench.compare(load, rounds) for load in LOADS}
        results["everyday act"] = bench.everyday(rounds)
        return results


class _Bench:
    def __init__(self, folder: Path, identity: Identity) -> None:
        self._folder, self._identity = folder, identity
        self._sealer = PyhankoSealer(SealConfig(identity=identity))
        key = serialization.load_der_private_key(identity.key, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self._key = key
        self._stock_signer = _stock_signer(identity)

    def compare(self, load: Load, rounds: int) -> dict[str, float]:
        prepared = self._prepared(load.make())
        content = prepared.read_bytes()
        rows = [self._round(load, prepared, content) for _ in range(rounds)]
        memory = memory_growth(prepared)
        return {
            "floor_ms": _median([floor for floor, _, _ in rows]),
            "lacre_ms": _median([ours for _, ours, _ in rows]),
            "stock_ms": _median([stock for _, _, stock in rows]),
            "ratio": _median([ours / floor for floor, ours, _ in rows]),
            "stock_ratio": _median([stock / floor for floor, _, stock in rows]),
            "memory_mb": memory,
        }

    def everyday(self, rounds: int) -> dict[str, float]:
        """Three pages, initials on each, a text, a tick, a drawn signature and a page of the record."""
        original = self._folder / "everyday.pdf"
        original.write_bytes(pdfs.contract_pdf(3))
        prepared = self._folder / "everyday-prepared.pdf"
        assert isinstance(self._sealer.prepare(original, prepared, sealing.structure(pages=3)), Sealed)
        act = sealing.act(pages=3)
        costs = [self._ours(prepared, act, 20) for _ in range(rounds)]
        return {"lacre_ms": _median(costs), "sandboxed_ms": self._sandboxed(prepared, act, 100 * rounds)}

    def _sandboxed(self, prepared: Path, act: ActToSeal, repeats: int) -> float:
        """As the worker does it: the CPU of the call to the child is in it, and that of the child."""
        copy, original = self._folder / "copy.pdf", prepared.read_bytes()
        with Sandbox(1, preload=["lacre.engines.pades"]) as sandbox:
            sealer = PyhankoSealer(SealConfig(identity=self._identity), sandbox.run)
            copy.write_bytes(original)
            sealer.seal(copy, act)
            begun = cpu_seconds(os.getpid())
            for _ in range(repeats):
                with copy.open("r+b") as file:
                    file.truncate(len(original))
                assert isinstance(sealer.seal(copy, act), Sealed)
            return round((cpu_seconds(os.getpid()) - begun) / repeats * 1_000, 3)

    def _prepared(self, content: bytes) -> Path:
        original, prepared = self._folder / "original.pdf", self._folder / "prepared.pdf"
        original.write_bytes(content)
        made = self._sealer.prepare(original, prepared, sealing.bare_structure("ana", "bruno"))
        assert isinstance(made, Sealed), made
        original.unlink()
        return prepared

    def _round(self, load: Load, prepared: Path, content: bytes) -> tuple[float, float, float]:
        floor = _cpu_ms(lambda: self._floor(content), load.repeats)
        ours = self._ours(prepared, sealing.bare_act("ana"), load.repeats)
        stock = self._stock(prepared, load.stock_repeats)
        return floor, ours, stock

    def _floor(self, content: bytes) -> None:
        digest = hashlib.sha256(content).digest()
        self._key.sign(digest, padding.PKCS1v15(), hashes.SHA256())

    def _ours(self, prepared: Path, act: ActToSeal, repeats: int) -> float:
        copy = self._folder / "copy.pdf"
        size = prepared.stat().st_size
        copy.write_bytes(prepared.read_bytes())
        spent = 0.0
        for _ in range(repeats):
            begun = time.process_time()
            sealed = self._sealer.seal(copy, act)
            spent += time.process_time() - begun
            assert isinstance(sealed, Sealed), sealed
            # back to what it was before the act, without the cost of a copy
            with copy.open("r+b") as file:
                file.truncate(size)
        return spent / repeats * 1_000

    def _stock(self, prepared: Path, repeats: int) -> float:
        """As pyHanko's documentation shows it."""
        target = self._folder / "stock.pdf"

        def sign() -> None:
            with prepared.open("rb") as source, target.open("w+b") as out:
                metadata = PdfSignatureMetadata(field_name="seal-ana", subfilter=SigSeedSubFilter.PADES)
                sign_pdf(
                    IncrementalPdfFileWriter(source),
                    metadata,
                    signer=self._stock_signer,
                    existing_fields_only=True,
                    output=out,
                )

        return _cpu_ms(sign, repeats)


def _stock_signer(identity: Identity) -> SimpleSigner:
    certificates = [x509.Certificate.load(der) for der in identity.chain]
    store = SimpleCertificateStore.from_certs(certificates[1:])  # type: ignore[no-untyped-call]
    return SimpleSigner(
        signing_cert=certificates[0],
        signing_key=keys.PrivateKeyInfo.load(identity.key),
        cert_registry=store,
    )


def _cpu_ms(work: Callable[[], None], repeats: int) -> float:
    begun = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - begun) / repeats * 1_000


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 3)


# ── memory, in a process of its own ──────────────────────────────────────────


def memory_growth(prepared: Path) -> float:
    """By how many MB the peak rises over that of sealing a small file."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.seal", "--memory", str(prepared)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _print_memory_growth(prepared: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sealer = PyhankoSealer(SealConfig(identity=load_or_create_certificate(folder)))
        small, ready, copy = folder / "small.pdf", folder / "ready.pdf", folder / "copy.pdf"
        small.write_bytes(pdfs.contract_pdf())
        sealer.prepare(small, ready, sealing.bare_structure("ana"))
        assert isinstance(sealer.seal(ready, sealing.bare_act("ana")), Sealed)
        subprocess.run(["cp", prepared, copy], check=True)
        before = _peak_kb(fresh=True)
        assert isinstance(sealer.seal(copy, sealing.bare_act("ana")), Sealed)
        print(round((_peak_kb() - before) / 1_024, 1))


def _peak_kb(*, fresh: bool = False) -> int:
    if fresh:
        # sets the kernel's high-water mark back to what is used now
        Path("/proc/self/clear_refs").write_text("5")
    status = Path("/proc/self/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


def main() -> None:
    if sys.argv[1:2] == ["--memory"]:
        _print_memory_growth(Path(sys.argv[2]))
    else:
        print(json.dumps(measure(), indent=2))


if __name__ == "__main__":
    main()
