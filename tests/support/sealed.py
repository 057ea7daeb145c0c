"""A contract signed and sealed in full, without waiting for a worker, and files that time was stamped on."""

from __future__ import annotations

from pathlib import Path

import httpx2

from lacre.engines.pades import PyhankoSealer, SealConfig, load_or_create_certificate
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.ports import Sealed
from tests.support.house import House, person
from tests.support.pki import PlainTransport, TimestampServer
from tests.support.signing_form import signing_form


def sealed_contract(house: House) -> tuple[Envelope, bytes]:
    """Bruno signs alone; the completed envelope, and its sealed file."""
    contract = house.send([bruno := person("Bruno Dias")])
    httpx2.post(f"{house.link(bruno)}/read", trust_env=False, timeout=120)
    httpx2.post(f"{house.link(bruno)}/sign", data=signing_form(contract), trust_env=False, timeout=120)
    house.work_until(lambda: house.envelope(contract).status is EnvelopeStatus.COMPLETED)
    completed = house.envelope(contract)
    sealed = completed.documents[0].sealed
    assert sealed is not None
    return completed, house.services.files.read(sealed)


def stamped(content: bytes, folder: Path) -> bytes:
    """With a document timestamp, and nobody's signature."""
    file = folder / "stamped.pdf"
    file.write_bytes(content)
    with TimestampServer() as tsa:
        identity = load_or_create_certificate(folder / "seal")
        config = SealConfig(identity=identity, timestamp_url=tsa.url, transport=PlainTransport())
        outcome = PyhankoSealer(config).stamp(file, sealing=False)
    assert isinstance(outcome, Sealed), outcome
    return file.read_bytes()
