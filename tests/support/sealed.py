"""A contract signed and sealed in full, without waiting for a worker."""

from __future__ import annotations

import httpx2

from lacre.signing.envelope import Envelope, EnvelopeStatus
from tests.support.house import House, person
from tests.support.signing_form import signing_form


def sealed_contract(house: House) -> tuple[Envelope, bytes]:
    """Bruno signs alone; the completed envelope, and its sealed file."""
    contract = house.send([bruno := person("Bruno Dias")])
    httpx2.post(f"{house.link(bruno)}/read", trust_env=False)
    httpx2.post(f"{house.link(bruno)}/sign", data=signing_form(contract), trust_env=False)
    house.work_until(lambda: house.envelope(contract).status is EnvelopeStatus.COMPLETED)
    completed = house.envelope(contract)
    sealed = completed.documents[0].sealed
    assert sealed is not None
    return completed, house.services.files.read(sealed)
