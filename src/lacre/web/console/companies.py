"""Companies that issue invoices, their document types, and the certificates that sign."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData, UploadFile
from starlette.routing import BaseRoute

from lacre.fiscal import actions
from lacre.fiscal.company import Company
from lacre.fiscal.errors import CompanyKnown, FieldUnknown, SequencePassed, SeriesInvalid, TaxIdInvalid
from lacre.fiscal.note import Environment
from lacre.fiscal.party import Address, check_address, registry_code
from lacre.fiscal.persons import SimplesNacional
from lacre.fiscal.ports import Certificate, CertificateUnusable
from lacre.fiscal.query import Comparison, Operator
from lacre.fiscal.schema import Schema, series_of
from lacre.kit.ids import CompanyId, SchemaId
from lacre.kit.tax_ids import show_tax_id
from lacre.web.console import notes
from lacre.web.console.door import Answer, Door, Goto, Page, TurnedBack, Visit, text_in
from lacre.web.console.fiscal_words import CERTIFICATES, UNUSABLE, field_words
from lacre.web.console.said import Said
from lacre.web.console.sending import plausible_email

MOST = 100
LARGEST = 100_000
"""Bytes of a certificate's file."""
FIELDS = (
    "name", "legal_name", "email", "registry_code", "city_code", "environment", "simples", "simples_regime",
)  # fmt: skip
SCHEMA_FIELDS = ("schema_name", "series", "first", "municipal_registration")
NEW_SCHEMA = {
    "schema_name": "Nota fiscal de serviço",
    "series": "1",
    "first": "1",
    "municipal_registration": "",
}
_CNPJ, _ROOT = 14, 8
_CITY_CODE = re.compile(r"[0-9]{7}")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Companies:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = "/app/companies/{id}"
        return [
            self.door.page("/app/companies", index),
            self.door.page("/app/companies/new", lambda _: _form({}, {})),
            self.door.act("/app/companies/new", create),
            self.door.page(one, show),
            self.door.act(f"{one}/change", change),
            self.door.upload(f"{one}/schemas", self.bring, open_schema, max_files=1),
            self.door.upload(f"{one}/certificate", self.bring, renew_certificate, max_files=1),
        ]

    def bring(self, form: FormData) -> Certificate | CertificateUnusable:
        """Opened before any transaction; whose it is, is asked in it."""
        services = self.door.services
        password = text_in(form.get("password"))[:200]
        return services.fiscal.certificates.read(_content(form), password, now=services.clock())


def index(visit: Visit) -> Answer:
    found = visit.work.books.companies.find([visit.account_id], None, offset=0, limit=MOST)
    rows = [(one, _schemas(visit, one)) for one in found.items]
    return Page("console/companies.html", {"rows": rows})


def show(visit: Visit) -> Answer:
    return _page(visit, _named(visit))


def create(visit: Visit) -> Answer:
    typed = _typed(visit)
    errors = _wrong(typed)
    if errors:
        raise TurnedBack(_form(typed, errors))
    company = Company(
        id=CompanyId(visit.services.tokens.uuid()),
        account_id=visit.account_id,
        name=typed["name"],
        legal_name=typed["legal_name"] or typed["name"],
        email=typed["email"],
        registry_code=registry_code(typed["registry_code"]),
        address=Address(id=visit.services.tokens.uuid(), city_code=typed["city_code"]),
        created_at=visit.now,
        updated_at=visit.now,
    )
    _give(company, typed)
    if told := _known(visit, company):
        raise TurnedBack(_form(typed, told))
    visit.work.books.companies.add(company)
    return Goto(f"/app/companies/{company.id}", Said(words=notes.COMPANY_CREATED))


def change(visit: Visit) -> Answer:
    company, typed = _named(visit), _typed(visit)
    errors = _wrong(typed)
    if errors:
        raise TurnedBack(_page(visit, company, typed=typed, errors=errors))
    before = company.registry_code, company.environment
    company.name, company.legal_name = typed["name"], typed["legal_name"] or typed["name"]
    company.email, company.registry_code = typed["email"], registry_code(typed["registry_code"])
    company.address = replace(company.address, city_code=typed["city_code"])
    company.updated_at = visit.now
    _give(company, typed)
    changed = (company.registry_code, company.environment) != before
    if changed and (told := _known(visit, company)):
        raise TurnedBack(_page(visit, _named(visit), typed=typed, errors=told))
    visit.work.books.companies.save(company)
    return Goto(f"/app/companies/{company.id}", Said(words=notes.COMPANY_CHANGED))


def _content(form: FormData) -> bytes:
    """What was chosen; nothing when it is none, or far too large."""
    sent = form.get("certificate")
    if not isinstance(sent, UploadFile):
        return b""
    content = sent.file.read(LARGEST + 1)
    return content if len(content) <= LARGEST else b""


def open_schema(brought: Certificate | CertificateUnusable, visit: Visit) -> Answer:
    """A document type, with the certificate that it signs with."""
    company, asked = _named(visit), {name: visit.typed(name, 200) for name in SCHEMA_FIELDS}
    errors = _wrong_schema(asked, _judged(company, brought))
    if errors:
        return _page(visit, company, asked=asked, errors=errors)
    schema = Schema(
        id=SchemaId(visit.services.tokens.uuid()),
        account_id=visit.account_id,
        company_id=company.id,
        name=asked["schema_name"] or "NFS-e",
        code="NFS-e",
        serie=asked["series"],
        series=series_of(asked["series"]),
        parameters={"municipal_registration": asked["municipal_registration"][:30]},
        created_at=visit.now,
        updated_at=visit.now,
    )
    first = int(asked["first"]) if asked["first"] else None
    try:
        actions.open_schema(visit.work, schema, company, first=first)
    except SequencePassed:
        passed = {"first": notes.NEXT_NUMBER_PASSED}
        raise TurnedBack(_page(visit, company, asked=asked, errors=passed)) from None
    _keep(visit, schema, company, brought)
    return Goto(f"/app/companies/{company.id}", Said(words=notes.SCHEMA_CREATED))


def _wrong_schema(asked: Mapping[str, str], certificate: Certificate | CertificateUnusable) -> dict[str, str]:
    """By the input's name."""
    errors: dict[str, str] = {}
    try:
        series_of(asked["series"])
    except SeriesInvalid as wrong:
        errors["series"] = field_words(wrong)
    if asked["first"] and not _NUMBER.fullmatch(asked["first"]):
        errors["first"] = notes.NEXT_NUMBER_WRONG
    if isinstance(certificate, CertificateUnusable):
        errors["certificate"] = CERTIFICATES.get(certificate.code, UNUSABLE)
    return errors


def renew_certificate(brought: Certificate | CertificateUnusable, visit: Visit) -> Answer:
    company = _named(visit)
    wanted = SchemaId(visit.typed("schema", 36))
    schema = visit.work.books.schemas.get(visit.account_id, wanted)
    _keep(visit, schema, company, brought)
    return Goto(f"/app/companies/{company.id}", Said(words=notes.CERTIFICATE_KEPT))


def _keep(visit: Visit, schema: Schema, company: Company, brought: Certificate | CertificateUnusable) -> None:
    actions.keep_certificate(visit.work, schema, _judged(company, brought), now=visit.now)


def _judged(
    company: Company, brought: Certificate | CertificateUnusable
) -> Certificate | CertificateUnusable:
    if isinstance(brought, Certificate) and not _is_of(company, brought):
        return CertificateUnusable(code="other_company", reason="This certificate is another company's.")
    return brought


def _is_of(company: Company, certificate: Certificate) -> bool:
    """Of the same root, as branches share their head office's."""
    ours, theirs = company.registry_code, certificate.tax_id
    return ours == theirs or (len(ours) == len(theirs) == _CNPJ and ours[:_ROOT] == theirs[:_ROOT])


def _named(visit: Visit) -> Company:
    return visit.work.books.companies.get(visit.account_id, CompanyId(visit.named()))


def _schemas(visit: Visit, company: Company) -> Sequence[Schema]:
    mine = Comparison("company_id", Operator.EQUAL, company.id)
    return visit.work.books.schemas.find([visit.account_id], mine, offset=0, limit=MOST).items


def _upcoming(visit: Visit, company: Company, schema: Schema) -> int:
    """Of the last one its document type says nothing before the first."""
    return visit.work.books.sequences.upcoming(visit.account_id, company.registry_code, schema.series)


def _typed(visit: Visit) -> dict[str, str]:
    return {name: visit.typed(name, 200) for name in FIELDS}


def _wrong(typed: Mapping[str, str]) -> dict[str, str]:
    """By the input's name."""
    errors = {name: notes.FIELD_MISSING for name in ("name", "email") if not typed[name]}
    if typed["email"] and not plausible_email(typed["email"]):
        errors["email"] = notes.EMAIL_WRONG
    try:
        registry_code(typed["registry_code"])
    except TaxIdInvalid:
        errors["registry_code"] = notes.TAX_ID_WRONG
    if not _CITY_CODE.fullmatch(typed["city_code"]):
        errors["city_code"] = notes.CITY_CODE_WRONG
    return errors


def _known(visit: Visit, company: Company) -> dict[str, str]:
    """By the input's name, as `_wrong`."""
    try:
        actions.require_only(visit.work, company)
    except CompanyKnown as known:
        return {"registry_code": known.template}
    return {}


def _give(company: Company, typed: Mapping[str, str]) -> None:
    """What is chosen from lists; raises `FieldUnknown` of what is in none."""
    try:
        company.environment = Environment(typed["environment"] or company.environment)
        company.simples = SimplesNacional(typed["simples"] or company.simples).value
    except ValueError:
        raise FieldUnknown("environment") from None
    company.simples_regime = typed["simples_regime"][:1]
    check_address(company.address)


def _page(
    visit: Visit,
    company: Company,
    *,
    typed: Mapping[str, str] | None = None,
    asked: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> Page:
    held = {
        "name": company.name,
        "legal_name": company.legal_name,
        "email": company.email,
        "registry_code": show_tax_id(company.registry_code),
        "city_code": company.address.city_code,
        "environment": company.environment.value,
        "simples": company.simples,
        "simples_regime": company.simples_regime,
    }
    schemas = _schemas(visit, company)
    values = {
        "company": company,
        "schemas": schemas,
        "upcoming": {one.id: _upcoming(visit, company, one) for one in schemas},
        "typed": typed or held,
        "asked": asked or NEW_SCHEMA,
        "asked_again": asked is not None,
        "errors": errors or {},
    }
    return Page("console/company.html", values, status=422 if errors else 200)


def _form(typed: Mapping[str, str], errors: Mapping[str, str]) -> Page:
    filled = {name: typed.get(name, "") for name in FIELDS}
    values = {"typed": filled, "errors": errors}
    return Page("console/company_new.html", values, status=422 if errors else 200)
