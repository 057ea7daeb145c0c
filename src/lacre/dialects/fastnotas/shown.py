"""Our records in Fast Notas' shapes, key by key as their pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from lacre.dialects.fastnotas import words
from lacre.documents.links import Links, Variant
from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.item import Item
from lacre.fiscal.operation import Asset, Message, Operation, Transaction
from lacre.fiscal.party import Address, Phone
from lacre.fiscal.schema import Schema
from lacre.kit.ids import CompanyId, DocumentId

Shape = dict[str, Any]
PRINT_LIFE = timedelta(days=3650)
"""Clients keep the link and give it to their customers: theirs has no end."""


def instant(at: datetime) -> str:
    """`2017-01-19T00:58:20.835Z`."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def company(one: Company, *, api_key: str = words.FILTERED) -> Shape:
    """Its key is shown when it is made; later nobody knows it."""
    return {
        "id": one.id,
        "name": one.name,
        "legal_name": one.legal_name,
        "email": one.email,
        "registry_code": one.registry_code,
        "status": one.status,
        "phone": phone(one.phone, one.id),
        "api_key": api_key,
        "address": address(one.address),
        "environment": one.environment.value,
    }


def customer(one: Customer, company_id: CompanyId | None) -> Shape:
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "registry_code": one.known_as,
        "external_code": one.external_code or None,
        "status": one.status,
        "phone": phone(one.phone, company_id),
        "address": address(one.address),
    }


def schema(one: Schema) -> Shape:
    ends = one.certificate.expires_at.astimezone(UTC).date().isoformat() if one.certificate else None
    hidden = words.FILTERED if one.certificate else None
    return {
        "id": one.id,
        "name": one.name,
        "code": one.code,
        "type": words.NFSE,
        "status": one.status,
        "serie": one.serie,
        "sequence": one.sequence,
        "credentials": {"certificate": hidden, "password": hidden, "expiration_date": ends},
        "parameters": dict(one.parameters),
    }


def item(one: Item) -> Shape:
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "amount": float(one.amount),
        "setting": _settings(one.settings),
        "document_schema_id": one.schema_id,
    }


def document(one: Invoice, *, links: Links, now: datetime) -> Shape:
    return {
        **_head(one),
        "print_url": print_url(one, links=links, now=now),
        "last_operation": _last_operation(one),
        "document_items": [_line(line) for line in one.lines],
        "customer": _customer_within(one),
        "document_schema": _schema_within(one.schema),
    }


def operation(one: Operation, invoice: Invoice) -> Shape:
    return {
        **_operation(one),
        "document": {**_head(invoice), "last_operation": _last_operation(invoice)},
    }


def transaction(one: Transaction) -> Shape:
    return {
        "id": one.id,
        "status": words.STATUSES[one.status],
        "messages": [_message(each) for each in one.messages] or None,
        "response_fields": dict(one.fields) or None,
        "created_at": instant(one.created_at),
        "updated_at": instant(one.updated_at),
    }


def asset(one: Asset, invoice: Invoice) -> Shape:
    return {
        "id": one.id,
        "status": words.ASSET_STATUSES[one.status],
        "type": words.ASSETS[one.kind],
        "created_at": instant(one.created_at),
        "updated_at": instant(one.updated_at),
        "document": {
            "id": invoice.id,
            "customer_id": invoice.customer.id,
            "company_id": invoice.company.id,
            "document_schema_id": invoice.schema.id,
            "created_at": instant(invoice.created_at),
            "updated_at": instant(invoice.updated_at),
            "issue_on": invoice.issue_on.isoformat(),
            "status": words.STATUSES[invoice.status],
            "amount": float(invoice.amount),
            "sequence": invoice.sequence,
            "serie": invoice.serie,
        },
    }


def print_url(one: Invoice, *, links: Links, now: datetime) -> str:
    """Where a document is printed, with what lets anybody in who has it: their page asks for no key there."""
    signed = links.file_url(DocumentId(one.id), Variant.INVOICE, now=now, life=PRINT_LIFE)
    address_, _, query = signed.partition("?")
    return f"{address_.partition('/files/')[0]}/v1/documents/{one.id}/print?{query}"


def phone(one: Phone | None, company_id: CompanyId | None) -> Shape | None:
    if one is None:
        return None
    return {
        "id": one.id,
        "phone_type": one.phone_type or None,
        "country_code": one.country_code or None,
        "area_code": one.area_code or None,
        "extension": one.extension or None,
        "number": one.number or None,
        "company_id": company_id,
    }


def address(one: Address) -> Shape:
    return {
        "id": one.id,
        "neighborhood": one.neighborhood or None,
        "street": one.street or None,
        "number": one.number or None,
        "additional_details": one.additional_details or None,
        "zipcode": one.zipcode or None,
        "city": one.city or None,
        "state": one.state or None,
        "country": one.country,
        "city_code": one.city_code or None,
    }


def _head(one: Invoice) -> Shape:
    return {
        "id": one.id,
        "company_id": one.company.id,
        "amount": float(one.amount),
        "sequence": one.sequence,
        "serie": one.serie,
        "status": words.STATUSES[one.status],
        "issue_on": one.issue_on.isoformat(),
    }


def _last_operation(one: Invoice) -> Shape | None:
    return _operation(one.last_operation) if one.last_operation else None


def _operation(one: Operation) -> Shape:
    return {
        "id": one.id,
        "operation_type": words.OPERATIONS[one.kind],
        "status": words.STATUSES[one.status],
        "created_at": instant(one.created_at),
        "updated_at": instant(one.updated_at),
        "last_transaction": transaction(one.last_transaction) if one.last_transaction else None,
    }


def _line(one: Line) -> Shape:
    return {
        "id": one.id,
        "name": one.name,
        "description": one.description,
        "amount": float(one.amount),
        "item_id": one.item_id,
        "settings": _settings(one.settings),
    }


def _customer_within(invoice: Invoice) -> Shape:
    one = invoice.customer
    return {
        "id": one.id,
        "name": one.name,
        "email": one.email,
        "registry_code": one.known_as,
        "status": one.status,
        "phone": phone(one.phone, invoice.company.id),
    }


def _schema_within(one: Schema) -> Shape:
    """With other credentials than it is shown by itself, as there."""
    ends = f"{one.certificate.expires_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if one.certificate else None
    return {
        "id": one.id,
        "name": one.name,
        "code": one.code,
        "type": words.NFSE_SCHEMA,
        "sequence": one.sequence,
        "credentials": {
            "certificate_key": words.FILTERED,
            "expiration_date": ends,
            "certificate": words.FILTERED,
        },
        "status": one.status,
    }


def _message(one: Message) -> Shape:
    said = {"code": one.code, "message": one.text}
    return {**said, "correction": one.remedy} if one.remedy else said


def _settings(said: Mapping[str, Any]) -> Shape:
    return {"taxes": dict(said.get("taxes") or {}), "parameters": dict(said.get("parameters") or {})}
