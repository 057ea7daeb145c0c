"""What invoices are made of, as our API shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lacre.dialects.native.wire.books import (
    KeptCompany,
    KeptCustomer,
    KeptItem,
    KeptSchema,
    ShownCertificate,
    ShownPlace,
)
from lacre.fiscal.company import ACTIVE, Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.item import Item
from lacre.fiscal.party import Address
from lacre.fiscal.query import Comparison, Operator
from lacre.fiscal.schema import CertificateFacts, Schema
from lacre.kit.ids import with_prefix
from lacre.kit.json import Json
from lacre.services import Work

MOST_SCHEMAS = 100
SERVICE_CODE = "service_code"


def schemas_of(work: Work, company: Company) -> Sequence[Schema]:
    mine = Comparison("company_id", Operator.EQUAL, company.id)
    return work.books.schemas.find([company.account_id], mine, offset=0, limit=MOST_SCHEMAS).items


def company(work: Work, one: Company) -> KeptCompany:
    return KeptCompany(
        id=with_prefix("cmp", one.id),
        name=one.name,
        legal_name=one.legal_name,
        tax_id=one.registry_code,
        email=one.email,
        phone=one.phone.digits if one.phone else "",
        city_code=one.address.city_code,
        environment=one.environment.value,
        simples=one.simples,
        simples_regime=one.simples_regime,
        special_regime=one.special_regime,
        schemas=[schema(each) for each in schemas_of(work, one)],
        **_standing(one),
    )


def schema(one: Schema) -> KeptSchema:
    return KeptSchema(
        id=with_prefix("sch", one.id),
        company_id=with_prefix("cmp", one.company_id),
        name=one.name,
        series=one.series,
        sequence=one.sequence,
        parameters=_texts(one.parameters),
        certificate=_certificate(one.certificate),
        **_standing(one),
    )


def customer(one: Customer) -> KeptCustomer:
    return KeptCustomer(
        id=with_prefix("cst", one.id),
        name=one.name,
        tax_id=one.registry_code,
        foreign_id=one.foreign_id,
        no_foreign_id=one.no_foreign_id,
        email=one.email,
        external_id=one.external_code,
        address=_place(one.address),
        **_standing(one),
    )


def item(one: Item) -> KeptItem:
    said = parameters_of(one)
    return KeptItem(
        id=with_prefix("itm", one.id),
        schema_id=with_prefix("sch", one.schema_id),
        name=one.name,
        description=one.description,
        amount=one.amount,
        service_code=str(said.pop(SERVICE_CODE, "")),
        parameters=said,
        **_standing(one),
    )


def parameters_of(one: Item) -> dict[str, Json]:
    """Whichever group they were said in: a note takes both alike."""
    found: dict[str, Json] = {}
    for group in ("taxes", "parameters"):
        held = one.settings.get(group)
        found |= _texts(held) if isinstance(held, Mapping) else {}
    return found


def _texts(said: Mapping[str, Json]) -> dict[str, Json]:
    """What has fields of its own stays as it is."""
    return {name: _text(value) for name, value in said.items() if value is not None}


def _text(value: Json) -> Json:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


def _certificate(facts: CertificateFacts | None) -> ShownCertificate | None:
    if facts is None:
        return None
    return ShownCertificate(
        name=facts.name,
        tax_id=facts.tax_id,
        fingerprint=facts.fingerprint,
        starts_at=facts.starts_at,
        expires_at=facts.expires_at,
    )


def _place(one: Address) -> ShownPlace:
    return ShownPlace(
        street=one.street,
        number=one.number,
        complement=one.additional_details,
        neighborhood=one.neighborhood,
        city_code=one.city_code,
        postal_code=one.zipcode,
        city=one.city,
        region=one.state,
        country=one.country,
    )


def _standing(one: Company | Schema | Customer | Item) -> dict[str, Any]:
    return {"active": one.status == ACTIVE, "created_at": one.created_at, "updated_at": one.updated_at}
