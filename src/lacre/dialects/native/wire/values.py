"""What texts, instants and limits may be, wherever they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeAlias

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import Url

from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf
from lacre.kit.times import end_of_day, rfc3339

_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_DAY_LENGTH = len("2026-12-31")


class Said(BaseModel):
    """What clients send. A property that we do not know is refused: it is a misspelling."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def _whole(schema: dict[str, Any], kind: type[BaseModel]) -> None:
    """Every property is there, null or not, but one that says itself when it is left out."""
    schema["required"] = [name for name, held in kind.model_fields.items() if held.exclude_if is None]


class Shown(BaseModel):
    """What clients are shown. Properties may be added, never renamed."""

    model_config = ConfigDict(frozen=True, json_schema_extra=_whole)


def _writable(text: str) -> str:
    if any(sign < " " and sign not in "\n\r\t" for sign in text):
        raise ValueError("control characters are not allowed")
    return text


def _one_line(text: str) -> str:
    if any(sign < " " for sign in text):
        raise ValueError("must be one line without control characters")
    return text


def _web_address(text: str) -> str:
    if not text:
        return text
    try:
        parsed = Url(text)
    except ValueError:
        raise ValueError("must be a URL") from None
    # a link that people follow must never be a script
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError("must begin with https:// or http://")
    return text


def _mail_address(text: str) -> str:
    name, _, domain = text.rpartition("@")
    if text and not (name and domain and " " not in text):
        raise ValueError("must be an e-mail address")
    return text


def _tax_id(text: str) -> str:
    if text and not (is_cpf(text) or is_cnpj(text)):
        raise ValueError("must be a CPF or a CNPJ")
    return clean_tax_id(text)


def _in_our_time(day: date) -> date:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"must be between the years {_FIRST_YEAR} and {_LAST_YEAR}")
    return day


def _end_of_a_day(said: object) -> object:
    """A day means its end in Brasília."""
    if not isinstance(said, str) or len(said) != _DAY_LENGTH:
        return said
    try:
        return end_of_day(_in_our_time(date.fromisoformat(said)))
    except ValueError:
        raise ValueError("must be a day or an instant") from None


def _in_utc(said: datetime) -> datetime:
    _in_our_time(said)
    return said.astimezone(UTC)


Name: TypeAlias = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=255), AfterValidator(_one_line)
]
Line: TypeAlias = Annotated[str, StringConstraints(max_length=255), AfterValidator(_one_line)]
Text: TypeAlias = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_writable)]
WebAddress: TypeAlias = Annotated[
    str, StringConstraints(max_length=2000), AfterValidator(_one_line), AfterValidator(_web_address)
]
MailAddress: TypeAlias = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=320),
    AfterValidator(_one_line),
    AfterValidator(_mail_address),
]
TaxId: TypeAlias = Annotated[str, StringConstraints(max_length=20), AfterValidator(_tax_id)]
Day: TypeAlias = Annotated[date, AfterValidator(_in_our_time)]
Since: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_our_time)]
Limit: TypeAlias = Annotated[
    AwareDatetime,
    BeforeValidator(_end_of_a_day),
    AfterValidator(_in_utc),
    WithJsonSchema(
        {
            "type": "string",
            "description": "An RFC 3339 instant, or a day: then its end in Brasília.",
            "examples": ["2026-12-31", "2026-12-31T23:59:59Z"],
        }
    ),
]
Instant: TypeAlias = Annotated[
    datetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-11-23T12:00:00.000000Z"]}),
]
Percent: TypeAlias = Annotated[float, Field(ge=0, le=100)]
PercentSize: TypeAlias = Annotated[float, Field(gt=0, le=100)]
Millimetres: TypeAlias = Annotated[float, Field(ge=0, le=5000)]
MillimetreSize: TypeAlias = Annotated[float, Field(gt=0, le=5000)]
PageNumber: TypeAlias = Annotated[int, Field(ge=1, le=100_000, description="Counts from 1.")]
