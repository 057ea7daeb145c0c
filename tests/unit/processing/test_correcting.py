"""Values as a person types them, or a system gives them back."""

from __future__ import annotations

import pytest

from lacre.processing.correcting import corrected
from lacre.processing.document_type import DocumentType, Field, Kind


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.DECIMAL, "13,0390", "13.0390"),
        (Kind.DECIMAL, "13.0390", "13.0390"),
        (Kind.DECIMAL, "1.250", "1250"),
        (Kind.DECIMAL, "6", "6"),
        (Kind.MONEY, "1234,5", "1234.50"),
        (Kind.MONEY, "1234.56", "1234.56"),
    ],
)
def test_a_number_is_meant_as_it_is_written_in_brazil_or_as_we_write_it(
    kind: Kind, typed: str, kept: str
) -> None:
    of = DocumentType(number=1001, name="Nota", fields=(Field(name="one", title="", kind=kind),))

    value, _ = corrected(of, "one", typed)

    assert value == kept
