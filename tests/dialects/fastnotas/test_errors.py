"""Whatever fiscal says no to has Portuguese words here."""

from __future__ import annotations

import pytest

from lacre.dialects.fastnotas.errors import FIELDS, REFUSALS, declined
from lacre.fiscal import errors
from lacre.fiscal.errors import CertificateNotUsable, FieldInvalid, InvoiceNotPossible
from lacre.kit.refusal import Refusal

OF_FISCAL = [
    one for one in vars(errors).values() if isinstance(one, type) and one.__module__ == errors.__name__
]
WORDED_BY_THEIR_PARTS = {FieldInvalid, InvoiceNotPossible, CertificateNotUsable}


def test_every_refusal_of_fiscal_has_words() -> None:
    assert {*OF_FISCAL} - {*FIELDS, *REFUSALS} == WORDED_BY_THEIR_PARTS


@pytest.mark.parametrize("kind", FIELDS)
def test_what_is_wrong_with_a_field_is_said_of_it(kind: type[FieldInvalid]) -> None:
    (said,) = _said(kind("amount", 40))["amount"]

    assert "{" not in said
    assert said != kind("amount", 40).problem


def _said(refusal: Refusal) -> dict[str, list[str]]:
    body = declined(refusal).body["errors"]
    assert isinstance(body, dict)
    return body
