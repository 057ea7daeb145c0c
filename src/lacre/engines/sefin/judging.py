"""The office itself: takes a DPS or the request for an event, judges it, and keeps what it makes of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID
from lxml import etree

from lacre.engines.nfse import schema
from lacre.engines.nfse.certificate import same_root
from lacre.engines.nfse.form import NAMESPACE, REPLACED, event_request_id, moment
from lacre.engines.sefin.cities import Cities
from lacre.engines.sefin.declared import Declared
from lacre.engines.sefin.events import names_of, registered, replaced_by_sefin
from lacre.engines.sefin.issuing import Stamp, check_digit, issued, note_key
from lacre.engines.sefin.ledger import IssuedNote, Ledger
from lacre.engines.sefin.messages import message
from lacre.engines.sefin.rules import Office, broken
from lacre.engines.sefin.verifying import Flaw, flaw_in

_N = f"{{{NAMESPACE}}}"
_OF_DPS = {
    Flaw.MISSING: "E0717",
    Flaw.BROKEN: "E0714",
    Flaw.CERTIFICATE: "E0715",
    Flaw.NOT_ICP: "E0716",
    Flaw.ANOTHERS: "E0718",
}
_OF_EVENT = {
    Flaw.MISSING: "E1989",
    Flaw.BROKEN: "E1980",
    Flaw.CERTIFICATE: "E1983",
    Flaw.NOT_ICP: "E1986",
    Flaw.ANOTHERS: "E0812",
}


@dataclass(frozen=True, kw_only=True)
class Complaint:
    code: str
    about: str = ""
    """complemento."""
    named: str = ""

    @property
    def text(self) -> str:
        return message(self.code, self.named)


@dataclass(frozen=True, kw_only=True)
class Turned:
    """Down."""

    complaints: Sequence[Complaint]
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Done:
    xml: bytes
    key: str
    about: str


@dataclass(frozen=True, kw_only=True)
class Judge:
    ledger: Ledger
    stamp: Stamp
    authority: x509.Certificate
    clock: Callable[[], datetime]
    cities: Cities = field(default_factory=Cities)
    environment: str = "2"

    # ── a declaration ────────────────────────────────────────────────────────

    def issue(self, xml: bytes, holder: x509.Certificate | None) -> Done | Turned:
        root = _read(xml, schema.DPS)
        if isinstance(root, Turned):
            return root
        it, now = Declared(root), self.clock()
        flaw = flaw_in(root, it.id, holder=it.issuer, authority=self.authority, now=now)
        if flaw is not None:
            return Turned(complaints=[Complaint(code=_OF_DPS[flaw])], about=it.id)
        office = Office(environment=self.environment, now=now, cities=self.cities)
        codes = broken(it, office)
        if codes:
            return Turned(complaints=[Complaint(code=code) for code in codes], about=it.id)
        with self.ledger.alone():
            wrong = self._taken(it)
            return (
                Turned(complaints=[wrong], about=it.id) if wrong else self._issued(it, now, _common(holder))
            )

    def _taken(self, it: Declared) -> Complaint | None:
        if self.ledger.by_dps(it.id):
            return Complaint(code="E0014")
        key = it.text("subst/chSubstda")
        if not key:
            return None
        if key[-1] != str(check_digit(key[:-1])) or key[:7] != it.city or key[8:23] != it.id[10:25]:
            return Complaint(code="E0042")
        replaced = self.ledger.by_key(key)
        if replaced is None:
            return Complaint(code="E0044")
        return Complaint(code="E0046") if replaced.cancelled else None

    def _issued(self, it: Declared, now: datetime, name: str) -> Done:
        number = self.ledger.next_number(it.city, it.issuer)
        key = note_key(it, number, secrets.randbelow(10**9))
        facts = {"city": it.city, "issuer": it.issuer, "customer": it.customer}
        replaces, dps_id = it.text("subst/chSubstda"), it.id
        amount = str(it.service_amount)
        place = self.ledger.next_place()
        root = issued(it, key=key, number=number, place=place, name=name, now=now, cities=self.cities)
        xml = self.stamp.on(root, f"NFS{key}")
        _assert_valid(xml, schema.NFSE)
        self.ledger.add(
            IssuedNote(dps_id=dps_id, key=key, number=number, amount=amount, cancelled="", xml=xml, **facts)
        )
        if replaces:
            self._replace(replaces, key, facts["issuer"], now)
        return Done(xml=xml, key=key, about=dps_id)

    def _replace(self, key: str, by: str, author: str, now: datetime) -> None:
        place = self.ledger.next_place()
        root = replaced_by_sefin(key, by, author, environment=self.environment, now=now, place=place)
        event_id = root[0].get("Id", "")
        self.ledger.register(event_id, key, REPLACED, self.stamp.on(root, event_id))

    # ── an event ─────────────────────────────────────────────────────────────

    def register(self, xml: bytes, key: str) -> Done | Turned:
        root = _read(xml, schema.EVENT_REQUEST)
        if isinstance(root, Turned):
            return root
        asked = root[0]
        request_id, kind = asked.get("Id", ""), etree.QName(asked[-1]).localname.removeprefix("e")
        author = asked.findtext(f"{_N}CNPJAutor") or asked.findtext(f"{_N}CPFAutor") or ""
        now = self.clock()
        flaw = flaw_in(root, request_id, holder=author, authority=self.authority, now=now)
        if flaw is not None:
            return Turned(complaints=[Complaint(code=_OF_EVENT[flaw])], about=request_id)
        with self.ledger.alone():
            wrong = self._unfit(asked, request_id, kind, key, author)
            if wrong:
                return Turned(complaints=[wrong], about=request_id)
            return self._registered(root, request_id, kind, key, now)

    def _unfit(
        self, asked: etree._Element, request_id: str, kind: str, key: str, author: str
    ) -> Complaint | None:
        named, note = asked.findtext(f"{_N}chNFSe") or "", self.ledger.by_key(key)
        if request_id != event_request_id(named, kind) or named != key:
            return Complaint(code="E1827")
        if asked.findtext(f"{_N}tpAmb") != self.environment:
            return Complaint(code="E1845")
        if note is None:
            return Complaint(code="E1831")
        if not same_root(note.issuer, author):
            return Complaint(code="E0813")
        if note.cancelled:
            return Complaint(code="E0845" if kind == REPLACED else "E0840", named=names_of(note.cancelled))
        return None

    def _registered(self, root: etree._Element, request_id: str, kind: str, key: str, now: datetime) -> Done:
        event = registered(root, request_id, now=moment(now), place=self.ledger.next_place())
        event_id = event[0].get("Id", "")
        xml = self.stamp.on(event, event_id)
        _assert_valid(xml, schema.EVENT)
        self.ledger.register(event_id, key, kind, xml)
        return Done(xml=xml, key=key, about=request_id)


def _read(xml: bytes, name: str) -> etree._Element | Turned:
    try:
        root = schema.parse(xml)
    except etree.XMLSyntaxError as problem:
        return Turned(complaints=[Complaint(code="E1235", about=str(problem))])
    if any(element.prefix for element in root.iter(etree.Element)):
        return Turned(complaints=[Complaint(code="E1235", about="Prefixos de namespace não são aceitos.")])
    wrong = schema.violations(root, name)
    return Turned(complaints=[Complaint(code="E1235", about=one.text) for one in wrong]) if wrong else root


def _assert_valid(xml: bytes, name: str) -> None:
    """What the Sefin itself makes, it makes by its own schema."""
    wrong = schema.violations(schema.parse(xml), name)
    if wrong:
        raise AssertionError(wrong)


def _common(holder: x509.Certificate | None) -> str:
    """The company's name, as its certificate has it before the colon."""
    names = holder.subject.get_attributes_for_oid(NameOID.COMMON_NAME) if holder else ()
    return str(names[0].value).partition(":")[0] if names else "Empresa do cadastro CNPJ"
