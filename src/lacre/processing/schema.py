"""The JSON schema of a type's data, made from its fields."""

from __future__ import annotations

from collections.abc import Mapping

from lacre.kit.json import Json
from lacre.processing.document_type import DocumentType, Field, Kind

_PATTERNS: Mapping[Kind, str] = {
    Kind.CPF: r"^\d{3}\.\d{3}\.\d{3}-\d{2}$",
    Kind.CNPJ: r"^[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-\d{2}$",
    Kind.MONEY: r"^-?\d+\.\d{2}$",
    Kind.DECIMAL: r"^-?\d+(\.\d+)?$",
    Kind.NUMBER: r"^\d+$",
    Kind.INTEGER: r"^\d+$",
    Kind.CEP: r"^\d{5}-\d{3}$",
    Kind.UF: r"^[A-Z]{2}$",
    Kind.ACCESS_KEY: r"^(\d{6}[0-9A-Z]{12}\d{26}|\d{9}[0-9A-Z]{12}\d{29})$",
    Kind.PAYMENT_LINE: r"^\d{47,48}$",
    Kind.DRIVER_NUMBER: r"^\d{11}$",
}


def schema_of(one: DocumentType) -> dict[str, Json]:
    """JSON Schema 2020-12. Every field is there in the data; `null` where it was not found."""
    return {
        "type": "object",
        "title": one.name,
        "properties": {field.name: _field(field) for field in one.fields},
        "required": [field.name for field in one.fields],
        "additionalProperties": False,
    }


def _field(field: Field) -> dict[str, Json]:
    if field.kind is Kind.TABLE:
        rows = {column.name: _scalar(column.kind) for column in field.columns}
        return {
            "title": field.title,
            "type": ["array", "null"],
            "items": {"type": "object", "properties": rows},
        }
    chosen: dict[str, Json] = {"enum": [*field.choices, None]} if field.choices else {}
    return {"title": field.title, **_scalar(field.kind), **chosen}


def _scalar(kind: Kind) -> dict[str, Json]:
    if kind is Kind.DATE:
        return {"type": ["string", "null"], "format": "date"}
    pattern = _PATTERNS.get(kind)
    return {"type": ["string", "null"], **({"pattern": pattern} if pattern else {})}
