"""A tax office in memory: keeps a ledger of notes, and fails as it is told to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from threading import Lock

from lacre.fiscal.note import Cancellation, Environment, Note
from lacre.fiscal.ports import (
    Accepted,
    Agreement,
    Cancelled,
    Cancelling,
    Certificate,
    CertificateRefused,
    CertificateUnusable,
    Draft,
    Finding,
    Found,
    FoundCancelled,
    Issuing,
    NotCancelled,
    NotIssued,
    NotKnown,
    Problem,
    Refused,
    Rejected,
    ServiceRate,
    Signed,
    Unknown,
    Unreachable,
)
from lacre.services import FiscalPorts

AT = datetime(2026, 11, 23, 12, 0, 30, tzinfo=UTC)
Answer = Callable[[], Issuing]


class PowerCut(BaseException):
    """The process is gone."""


SIX_DIGITS = Problem(
    field="service.national_code",
    code="invalid",
    text="Give six digits.",
    remedy="Escreva seis dígitos.",
)
NO_CITY = Problem(field="provider.city_code", code="required", text="Say it.", remedy="Informe-o.")


@dataclass
class MemoryOffice:
    """`answers`: what each sending hears instead of the truth, in their order; `told`: what questions do."""

    answers: list[object] = field(default_factory=list)
    told: list[Unreachable] = field(default_factory=list)
    notes: dict[str, Accepted] = field(default_factory=dict)
    """By the ids of their requests."""
    canceled: dict[str, Cancelled] = field(default_factory=dict)
    sent: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    built: list[Note] = field(default_factory=list)
    """What it was asked to draft."""
    _turn: Lock = field(default_factory=Lock)

    def build(self, note: Note) -> Draft | Refused:
        self.built.append(note)
        if len(note.service.national_code) != 6:
            return Refused(problems=(SIX_DIGITS,))
        if not note.provider.city_code:
            return Refused(problems=(NO_CITY,))
        named = f"DPS{note.provider.city_code}2{note.provider.tax_id}{note.series:0>5}{note.number:015}"
        said = f"<DPS id='{named}'><vServ>{note.amounts.service}</vServ></DPS>"
        return Draft(environment=note.environment, id=named, xml=said.encode())

    def sign(self, draft: Draft, certificate: Certificate) -> Signed | Refused:
        signature = certificate.fingerprint.encode()
        return Signed(environment=draft.environment, id=draft.id, xml=draft.xml + signature)

    def issue(self, signed: Signed, certificate: Certificate) -> Issuing:  # noqa: ARG002
        with self._turn:
            self.sent.append(signed.id)
            answer = self.answers.pop(0) if self.answers else None
            if isinstance(answer, Rejected):
                return answer
            if answer is None or answer == "lost":
                accepted = self.notes.setdefault(signed.id, self._note(signed))
                return Unknown(reason="no answer came") if answer == "lost" else accepted
            return self._odd(answer)

    def look_up(self, signed: Signed, certificate: Certificate) -> Found:  # noqa: ARG002
        self.asked.append(signed.id)
        return self.told.pop(0) if self.told else self.notes.get(signed.id, NotIssued())

    def sign_cancellation(self, asked: Cancellation, certificate: Certificate) -> Signed | Refused:  # noqa: ARG002
        said = f"<pedRegEvento chave='{asked.key}'>{asked.text}</pedRegEvento>"
        return Signed(environment=asked.environment, id=f"PRE{asked.key}101101", xml=said.encode())

    def cancel(self, signed: Signed, certificate: Certificate) -> Cancelling:  # noqa: ARG002
        self.sent.append(signed.id)
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Rejected):
            return answer
        if answer is None or answer == "lost":
            done = Cancelled(xml=b"<evento>" + signed.xml + b"</evento>", registered_at=AT)
            self.canceled.setdefault(signed.id, done)
            return Unknown(reason="no answer came") if answer == "lost" else done
        return self._odd(answer)  # type: ignore[return-value]

    def look_up_cancellation(self, signed: Signed, certificate: Certificate) -> FoundCancelled:  # noqa: ARG002
        self.asked.append(signed.id)
        return self.told.pop(0) if self.told else self.canceled.get(signed.id, NotCancelled())

    def replacement_of(self, key: str, environment: Environment, certificate: Certificate) -> FoundCancelled:  # noqa: ARG002
        self.asked.append(f"{key}/105102")
        if self.told:
            return self.told.pop(0)
        return Cancelled(xml=f"<evento chave='{key}'><e105102/></evento>".encode(), registered_at=AT)

    def _note(self, signed: Signed) -> Accepted:
        number = str(len(self.notes) + 1)
        key = str(int(hashlib.sha256(signed.id.encode()).hexdigest(), 16))[:50]
        xml = b"<NFSe numero='%s'>" % number.encode() + signed.xml + b"</NFSe>"
        return Accepted(key=key, number=number, xml=xml, processed_at=AT)

    def _odd(self, answer: object) -> Issuing:
        if answer == "cut":
            raise PowerCut
        return answer  # type: ignore[return-value]


def rejected(code: str = "E0625", text: str = "Alíquota inválida") -> Rejected:
    finding = Finding(code=code, text=text, remedy="Confira a alíquota.")
    return Rejected(errors=(finding,), exchange=b'{"erros": []}')


JOINED = Agreement(city_code="3550308", takes_part=True, national_issuer=True)
TWO_PERCENT = (ServiceRate(rate=Decimal("2.00")),)


@dataclass
class MemoryMunicipalities:
    """Each takes part, and takes 2 % for everything, unless a test says otherwise."""

    agreed: Agreement | NotKnown | CertificateRefused | Unreachable = JOINED
    set_rates: Sequence[ServiceRate] | NotKnown | CertificateRefused | Unreachable = TWO_PERCENT
    asked: list[str] = field(default_factory=list)

    def agreement(
        self,
        city_code: str,
        environment: Environment,  # noqa: ARG002 - a port's shape
        certificate: Certificate,  # noqa: ARG002
    ) -> Agreement | NotKnown | CertificateRefused | Unreachable:
        self.asked.append(city_code)
        return self.agreed

    def rates(
        self,
        city_code: str,
        national_code: str,
        competence_on: date,  # noqa: ARG002 - a port's shape
        environment: Environment,  # noqa: ARG002
        certificate: Certificate,  # noqa: ARG002
    ) -> Sequence[ServiceRate] | NotKnown | CertificateRefused | Unreachable:
        self.asked.append(f"{city_code} {national_code}")
        return self.set_rates


class MemoryPrinter:
    def print(self, nfse: bytes, *, cancelled: bool = False, replaced_by: str = "") -> bytes:
        return b"%PDF-1.7 " + (b"canceled " if cancelled else b"") + replaced_by.encode() + nfse

    def preview(self, draft: Draft, *, issuer_name: str = "") -> bytes:  # noqa: ARG002
        return b"%PDF-1.7 preview " + draft.xml


class MemoryReader:
    """Every password but `wrong` opens every file."""

    def read(
        self, pkcs12: bytes, password: str, *, now: datetime, company: str = ""
    ) -> Certificate | CertificateUnusable:
        if password == "wrong":
            return CertificateUnusable(code="wrong_password", reason="The password is wrong.")
        return a_certificate(pkcs12, tax_id=company or "11222333000181", starts_at=now)


def a_certificate(
    pem: bytes = b"-----BEGIN PRIVATE KEY----- tell nobody", *, tax_id: str = "", starts_at: datetime = AT
) -> Certificate:
    return Certificate(
        pem=pem,
        tax_id=tax_id,
        name="PAPELARIA SOUZA LTDA",
        starts_at=starts_at,
        expires_at=starts_at + timedelta(days=365),
        fingerprint=hashlib.sha256(pem).hexdigest(),
    )


def memory_fiscal(office: MemoryOffice | None = None) -> FiscalPorts:
    return FiscalPorts(
        office=office or MemoryOffice(),
        municipalities=MemoryMunicipalities(),
        printer=MemoryPrinter(),
        certificates=MemoryReader(),
    )
