"""The sealer: strangers' files are handled in a bounded child, timestamps are fetched outside of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidSignature

from lacre.documents.fetching import Fetcher
from lacre.engines.pades.act import lay_act, lay_open_act
from lacre.engines.pades.certificate import Identity
from lacre.engines.pades.cms import Pen, pen
from lacre.engines.pades.cos import Malformed
from lacre.engines.pades.countersign import lay_countersignature
from lacre.engines.pades.form import Unfit
from lacre.engines.pades.laying import Laid, with_timestamp
from lacre.engines.pades.prepare import lay_structure
from lacre.engines.pades.revision import Hole
from lacre.engines.pades.revocation import (
    Proofs,
    Ways,
    chain_of_token,
    completed,
    is_published,
    joined,
    prove,
)
from lacre.engines.pades.store import lay_store
from lacre.engines.pades.timestamp import TimestampTransport, timestamp, timestamp_digest
from lacre.engines.pades.trust import roots_in
from lacre.engines.pades.upgrade import lay_document_timestamp
from lacre.engines.running import Run, run_here
from lacre.kit.ids import Digest
from lacre.signing.layout import Structure
from lacre.signing.ports import ActToSeal, Sealed, SealFailed, SealLevel, SignerKey

# tokens of public servers are 3 to 7 kB with their certificates
_ROOM_FOR_TOKEN = 12 << 10
_SECONDS, _SECONDS_TO_PREPARE = 60.0, 120.0
_MEMORY = 512 << 20


@dataclass(frozen=True, kw_only=True)
class SealConfig:
    """Whose seal it is, and where timestamps come from (nowhere, unless both are given)."""

    identity: Identity
    timestamp_url: str = ""
    transport: TimestampTransport | None = None
    fetcher: Fetcher | None = None
    """Gets revocation lists, where the seal's certificate names any."""
    roots: Path | None = None
    """A folder of further trusted roots (PEM or DER), such as ICP-Brasil's."""


def memory_for(file: Path) -> int:
    """What a child may take: files are mapped, so their size counts although it is never held at once."""
    return _MEMORY + (3 * file.stat().st_size if file.exists() else 0)


# ── what runs in the child ───────────────────────────────────────────────────


def prepare_file(
    identity: Identity, spare: int, original: Path, out: Path, structure: Structure
) -> Laid | SealFailed:
    return _guarded(lay_structure, identity, spare, original, out, structure)


def seal_file(identity: Identity, spare: int, file: Path, act: ActToSeal) -> Laid | SealFailed:
    return _guarded(lay_act, identity, spare, file, act)


def countersign_file(identity: Identity, spare: int, file: Path) -> Laid | SealFailed:
    return _guarded(lay_countersignature, identity, spare, file)


def open_file(room: int, file: Path, act: ActToSeal) -> Laid | SealFailed:
    return _guarded(lay_open_act, room, file, act)


def upgrade_file(room: int, file: Path) -> Laid | SealFailed:
    return _guarded(lay_document_timestamp, room, file)


def prove_file(proofs: Proofs, file: Path) -> Laid | SealFailed:
    return _guarded(lay_store, proofs, file)


def _guarded(lay: Callable[..., Laid], *args: object) -> Laid | SealFailed:
    """A stranger's file may break anything; whatever it breaks, the answer is a value."""
    try:
        return lay(*args)
    except Unfit as refusal:
        return SealFailed(reason=str(refusal), retry=False)
    except Malformed as damage:
        return SealFailed(reason=f"the PDF's structure cannot be relied on: {damage}", retry=False)
    except MemoryError:
        # the sandbox's to tell: this process is not to be used again
        raise
    except OSError as trouble:
        return SealFailed(reason=f"{type(trouble).__name__}: {trouble}", retry=True)
    except Exception as surprise:  # noqa: BLE001 - see above
        return SealFailed(reason=f"{type(surprise).__name__}: {surprise}", retry=False)


# ── the sealer ───────────────────────────────────────────────────────────────


class PyhankoSealer:
    """`Sealer` in PAdES; its own thin writer lays the signatures, pyHanko judges them."""

    def __init__(self, config: SealConfig, run: Run = run_here) -> None:
        self._config = config
        self._run = run
        # loaded before any child is forked, so that no child has to
        self._pen = pen(config.identity)

    def prepare(self, original: Path, out: Path, structure: Structure) -> Sealed | SealFailed:
        identity, spare = self._config.identity, self._spare
        laid = self._bounded(
            original, prepare_file, identity, spare, original, out, structure, seconds=_SECONDS_TO_PREPARE
        )
        return laid if isinstance(laid, SealFailed) else self._timestamped(out, laid)

    def seal(self, file: Path, act: ActToSeal) -> Sealed | SealFailed:
        laid = self._bounded(file, seal_file, self._config.identity, self._spare, file, act, seconds=_SECONDS)
        return laid if isinstance(laid, SealFailed) else self._timestamped(file, laid)

    def sign(self, file: Path, act: ActToSeal, key: SignerKey) -> Sealed | SealFailed:
        """The key stays out of the child, which handles a stranger's file and says what is to be signed."""
        written = Pen(key.chain, key.sign)
        laid = self._bounded(file, open_file, written.room, file, act, seconds=_SECONDS)
        if isinstance(laid, SealFailed) or laid.hole is None:
            return laid if isinstance(laid, SealFailed) else SealFailed(reason="no signature", retry=False)
        try:
            der = written.cms(written.sign(laid.imprint))
            digest = with_timestamp(file, laid.hole, der)
        except (OSError, ValueError, InvalidSignature) as trouble:
            return SealFailed(reason=f"the certificate's key did not sign: {trouble}", retry=False)
        return _sealed(laid, digest, level=SealLevel.B_B, wanted=SealLevel.B_B)

    def upgrade(self, file: Path) -> Sealed | SealFailed:
        """What proves the certificates, where they can be proved, and a document timestamp over it all."""
        transport = self._transport
        if transport is None:
            return SealFailed(reason="no timestamp server is set", retry=False)
        proofs = self._proofs(transport) if self._wanted == SealLevel.B_LT else None
        if proofs is not None:
            proved = self._bounded(file, prove_file, proofs, file, seconds=_SECONDS)
            if isinstance(proved, SealFailed):
                return proved
        laid = self._bounded(file, upgrade_file, _ROOM_FOR_TOKEN, file, seconds=_SECONDS)
        if isinstance(laid, SealFailed):
            return laid
        level = SealLevel.B_LT if proofs else SealLevel.B_T
        return self._document_stamped(file, laid, transport, level)

    @property
    def stamps(self) -> bool:
        return self._transport is not None

    def stamp(self, file: Path, *, sealing: bool) -> Sealed | SealFailed:
        transport = self._transport
        if transport is None:
            return SealFailed(reason="no timestamp server is set", retry=False)
        if not sealing:
            laid = self._bounded(file, upgrade_file, _ROOM_FOR_TOKEN, file, seconds=_SECONDS)
            stamped = self._document_stamped
            return laid if isinstance(laid, SealFailed) else stamped(file, laid, transport, SealLevel.B_T)
        identity, spare = self._config.identity, self._spare
        laid = self._bounded(file, countersign_file, identity, spare, file, seconds=_SECONDS)
        return laid if isinstance(laid, SealFailed) else _only_with_time(self._timestamped(file, laid))

    def _document_stamped(
        self, file: Path, laid: Laid, transport: TimestampTransport, level: str
    ) -> Sealed | SealFailed:
        token = timestamp_digest(transport, self._config.timestamp_url, laid.imprint)
        if token is None or laid.hole is None or len(token) > laid.hole.room:
            return SealFailed(reason="the timestamp server gave no usable timestamp", retry=True)
        return self._stamped(file, laid, laid.hole, token, level=level)

    def _proofs(self, transport: TimestampTransport) -> Proofs | None:
        """Of the seal's chain and of the timestamp server's, which a timestamp of nothing reveals."""
        chain, ways = self._chain, Ways(transport, self._config.fetcher)
        probe = timestamp(transport, self._config.timestamp_url, b"")
        if probe is None:
            return None
        ours, theirs = prove(chain, ways), prove(chain_of_token(probe, [*chain, *self._roots]), ways)
        return joined(ours, theirs) if ours and theirs else None

    @cached_property
    def _roots(self) -> list[bytes]:
        return roots_in(self._config.roots)

    @cached_property
    def _chain(self) -> tuple[bytes, ...]:
        """The seal's chain up to its root, which sellers often leave out of the P12."""
        return completed(self._config.identity.chain, self._roots)

    @cached_property
    def _wanted(self) -> str:
        if self._transport is None:
            return SealLevel.B_B
        return SealLevel.B_LT if is_published(self._chain) else SealLevel.B_T

    @property
    def _transport(self) -> TimestampTransport | None:
        return self._config.transport if self._config.timestamp_url else None

    @property
    def _spare(self) -> int:
        return _ROOM_FOR_TOKEN if self._transport else 0

    def _bounded(
        self, file: Path, function: Callable[..., Laid | SealFailed], *args: object, seconds: float
    ) -> Laid | SealFailed:
        outcome = self._run(function, *args, seconds=seconds, memory_bytes=memory_for(file))
        if isinstance(outcome, Laid | SealFailed):
            return outcome
        return SealFailed(reason=f"the sealing process was stopped: {outcome}", retry=True)

    def _timestamped(self, file: Path, laid: Laid) -> Sealed | SealFailed:
        """With a timestamp of the signature where a server is set and answers."""
        if laid.signed is None or laid.hole is None:
            return _sealed(laid, laid.digest, level="", wanted="")
        transport = self._transport
        if transport is None:
            return _sealed(laid, laid.digest, level=SealLevel.B_B, wanted=SealLevel.B_B)
        token = timestamp(transport, self._config.timestamp_url, laid.signed.signature)
        der = self._pen.cms(laid.signed, token) if token else b""
        if not der or len(der) > laid.hole.room:
            return _sealed(laid, laid.digest, level=SealLevel.B_B, wanted=self._wanted)
        return self._stamped(file, laid, laid.hole, der, level=SealLevel.B_T)

    def _stamped(self, file: Path, laid: Laid, hole: Hole, der: bytes, *, level: str) -> Sealed | SealFailed:
        try:
            digest = with_timestamp(file, hole, der)
        except OSError as trouble:
            return SealFailed(reason=f"{type(trouble).__name__}: {trouble}", retry=True)
        return _sealed(laid, digest, level=level, wanted=self._wanted)


def _only_with_time(sealed: Sealed | SealFailed) -> Sealed | SealFailed:
    """Where the time is what was asked for, a seal without one is a failure."""
    if isinstance(sealed, Sealed) and sealed.level == SealLevel.B_B:
        return SealFailed(reason="the timestamp server gave no usable timestamp", retry=True)
    return sealed


def _sealed(laid: Laid, digest: str, *, level: str, wanted: str) -> Sealed:
    return Sealed(level=level, wanted=wanted, digest=Digest(digest), size=laid.size)
