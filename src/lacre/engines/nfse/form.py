"""How the layout writes things: money, rates, times, identifiers, text."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from lacre.kit.tax_ids import clean_tax_id

NAMESPACE = "http://www.sped.fazenda.gov.br/nfse"
VERSION = "1.01"
APPLICATION = "Lacre"
"""verAplic, at most twenty characters."""
CANCELLED, REPLACED = "101101", "105102"
"""Cancelamento de NFS-e; cancelamento por substituição."""
BRASILIA = timezone(timedelta(hours=-3))
"""Without summer time since 2019; the layout wants an offset of whole hours."""

_NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
# what word processors put in and the layout's Latin-1 fields have no room for
_TYPOGRAPHIC = str.maketrans(
    {
        "“": '"',
        "”": '"',
        "„": '"',
        "‘": "'",
        "’": "'",
        "–": "-",
        "—": "-",
        "…": "...",
        "•": "-",
        "\u00a0": " ",
    }
)


def money(amount: Decimal) -> str:
    """TSDec15V2: `1234.50`; whoever calls has made sure that two decimals hold it."""
    return f"{amount:.2f}"


def rate(percent: Decimal) -> str:
    return f"{percent:.2f}"


def moment(instant: datetime) -> str:
    """`2026-11-29T12:30:00-03:00`."""
    return instant.astimezone(BRASILIA).replace(microsecond=0).isoformat()


def line(text: str) -> str:
    """One line, without what a Latin-1 field cannot hold where there is a plain sign for it."""
    return re.sub(r"\s+", " ", _NOT_XML.sub("", text).translate(_TYPOGRAPHIC)).strip()


def paragraphs(text: str) -> str:
    """Lines stay."""
    kept = _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return kept.translate(_TYPOGRAPHIC).strip()


def inscription(tax_id: str) -> str:
    """Kind and number as identifiers hold them: 1 and a CPF filled up to fourteen, or 2 and a CNPJ."""
    clean = clean_tax_id(tax_id)
    return f"1{clean:0>14}" if len(clean) == 11 else f"2{clean:0>14}"


def filled(digits: str, length: int) -> str:
    """With zeros in front, where the layout wants so many digits of a number that has fewer."""
    return f"{digits:0>{length}}"


def dps_id(city_code: str, tax_id: str, series: str, number: int) -> str:
    """`DPS` and 42 digits, or letters in the CNPJ."""
    return f"DPS{city_code}{inscription(tax_id)}{series:0>5}{number:0>15}"


def event_request_id(key: str, kind: str) -> str:
    """`PRE`, the note's key of fifty and the event's six digits."""
    return f"PRE{key}{kind}"
