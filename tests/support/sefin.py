"""A Sefin of the tests' own, a company that it knows, and notes to issue.

desk = SefinDesk(); desk.office.issue(desk.signed(a_note(number=1)), desk.certificate)
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path

from lacre.engines.http import HttpEngine
from lacre.engines.nfse import A1Certificates, Algorithm, NationalOffice, Place, Places
from lacre.engines.nfse.drafting import draft_of
from lacre.engines.nfse.places import sandbox_at
from lacre.engines.sefin import LocalSefin
from lacre.fiscal.note import Amounts, Cancellation, Environment, Note, Service
from lacre.fiscal.persons import Address, Person, Provider
from lacre.fiscal.ports import Accepted, Certificate, Draft, Signed

COMPANY, CUSTOMER = "11222333000181", "52998224725"
CURITIBA, SAO_PAULO = "4106902", "3550308"
PASSWORD = "senha do certificado"
LOOPBACK = ip_network("127.0.0.0/8")


def an_address(**changed: str) -> Address:
    return replace(
        Address(
            street="Rua das Flores",
            number="100",
            neighborhood="Centro",
            city_code=CURITIBA,
            postal_code="80020000",
        ),
        **changed,
    )


def a_note(**changed: object) -> Note:
    """Of a company in Curitiba for a person there; issued a moment ago."""
    now = datetime.now(UTC) - timedelta(seconds=2)  # noqa: TID251 - the Sefin has the real clock
    note = Note(
        environment=Environment.SANDBOX,
        provider=Provider(tax_id=COMPANY, name="PAPELARIA SOUZA LTDA", city_code=CURITIBA),
        series="1",
        number=1,
        issued_at=now,
        competence_on=(now - timedelta(hours=3)).date(),
        service=Service(national_code="010701", description="Suporte técnico", city_code=CURITIBA),
        amounts=Amounts(service=Decimal("1250.40")),
        customer=Person(tax_id=CUSTOMER, name="Ana Souza", address=an_address()),
    )
    return replace(note, **changed)  # type: ignore[arg-type]


def certificate_of(p12: bytes, password: str = PASSWORD) -> Certificate:
    now = datetime.now(UTC)  # noqa: TID251 - certificates live by the real clock
    read = A1Certificates().read(p12, password, now=now)
    assert isinstance(read, Certificate), read
    return read


class SefinDesk:
    """A company's, before a Sefin that runs in this process until it is closed."""

    def __init__(self, folder: Path | None = None, *, company: str = COMPANY) -> None:
        self.sefin, self.company = LocalSefin.started(folder), company
        self.http: HttpEngine[None] = HttpEngine((LOOPBACK,))
        self._number = 0

    def close(self) -> None:
        self.http.close()
        self.sefin.stop()

    @property
    def place(self) -> Place:
        return sandbox_at(self.sefin.url, self.sefin.authority.pem)

    @property
    def office(self) -> NationalOffice:
        return self.office_of(Algorithm.SHA256)

    def office_of(self, algorithm: Algorithm) -> NationalOffice:
        return NationalOffice(Places(sandbox=self.place), self.http, algorithm=algorithm)

    @cached_property
    def p12(self) -> bytes:
        return self.sefin.authority.company("PAPELARIA SOUZA LTDA", self.company, password=PASSWORD)

    @cached_property
    def certificate(self) -> Certificate:
        return certificate_of(self.p12)

    def new_note(self, **changed: object) -> Note:
        """Under a number that no other note of this desk has."""
        self._number += 1
        provider = Provider(tax_id=self.company, name="PAPELARIA SOUZA LTDA", city_code=CURITIBA)
        return a_note(**{"number": self._number, "provider": provider, **changed})

    def draft(self, **changed: object) -> Draft:
        draft = self.office.build(self.new_note(**changed))
        assert isinstance(draft, Draft), draft
        return draft

    def unchecked(self, **changed: object) -> Draft:
        """Of what we would refuse ourselves; it still has to be valid by the schema."""
        draft = draft_of(self.new_note(**changed))
        assert isinstance(draft, Draft), draft
        return draft

    def signed(self, **changed: object) -> Signed:
        signed = self.office.sign(self.draft(**changed), self.certificate)
        assert isinstance(signed, Signed), signed
        return signed

    def issued(self, **changed: object) -> Accepted:
        accepted = self.office.issue(self.signed(**changed), self.certificate)
        assert isinstance(accepted, Accepted), accepted
        return accepted

    def cancellation(self, key: str, **changed: object) -> Signed:
        asked = Cancellation(
            environment=Environment.SANDBOX,
            key=key,
            author_tax_id=self.company,
            asked_at=datetime.now(UTC),  # noqa: TID251
            text="Cancelada a pedido do cliente",
        )
        signed = self.office.sign_cancellation(replace(asked, **changed), self.certificate)  # type: ignore[arg-type]
        assert isinstance(signed, Signed), signed
        return signed


def today() -> date:
    return (datetime.now(UTC) - timedelta(hours=3)).date()  # noqa: TID251
