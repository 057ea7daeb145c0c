"""What signers type into fields: whether it is there, and whether it can be what it claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lacre.kit.ids import FieldId
from lacre.kit.tax_ids import is_cnpj, is_cpf
from lacre.signing import errors
from lacre.signing.layout import Field, FieldKind

DRAWN = (FieldKind.SIGNATURE, FieldKind.INITIALS)
TICKED = "Yes"
MAX_LENGTH = 500


def check_values(fields: Sequence[Field], values: Mapping[FieldId, str]) -> None:
    """Raises `ValueMissing` or `ValueInvalid` for the first field that does not hold what it must."""
    for one in fields:
        value = values.get(one.id, "").strip()
        if one.kind in DRAWN:
            continue
        if not value and one.required:
            raise errors.ValueMissing(one.label or one.kind)
        if value and not _fits(one.kind, value):
            raise errors.ValueInvalid(one.label or one.kind)


def _fits(kind: FieldKind, value: str) -> bool:
    if kind is FieldKind.TAX_ID:
        return is_cpf(value) or is_cnpj(value)
    if kind is FieldKind.DATE:
        return _is_date(value)
    if kind is FieldKind.CHECKBOX:
        return value == TICKED
    return len(value) <= MAX_LENGTH


def _is_date(value: str) -> bool:
    """As a browser's date field sends it, or as people in Brazil write it."""
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            datetime.strptime(value, form)
        except ValueError:
            continue
        return True
    return False
