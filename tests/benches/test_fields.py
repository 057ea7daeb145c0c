"""Every shipped type finds its fields in sample documents whose seeds its rules were not written on."""

from __future__ import annotations

import pytest

from bench.fields import noise
from bench.fields.drawing import born_digital
from bench.fields.measuring import score
from bench.fields.samples import TYPES, sample
from lacre.processing.document_type import Kind
from lacre.processing.shipped import SHIPPED
from tests.support.extractions import a_page

SAMPLES = 4


@pytest.mark.parametrize("number", TYPES)
def test_a_type_finds_its_fields(number: int) -> None:
    drawn = [sample(number, f"test {at}") for at in range(SAMPLES)]

    found = score((one, born_digital(one)) for one in drawn)

    assert found.share >= 0.97, found.examples


def test_every_type_with_fields_has_samples() -> None:
    assert set(TYPES) == {number for number, one in SHIPPED.items() if one.fields}


def test_every_field_of_a_type_can_be_found() -> None:
    fields = [field for one in SHIPPED.values() for field in one.fields]

    assert all(field.rules or (field.kind is Kind.TABLE and field.columns) for field in fields)


def test_the_same_seed_draws_the_same_document() -> None:
    assert sample(5, "same").truth == sample(5, "same").truth


def test_a_page_that_is_misread_has_as_many_words_and_no_codes() -> None:
    page = a_page(lines=["CPF 529.982.247-25 e mais de um nome"])

    (misread,) = noise.misread([page], "1", share=1.0)

    assert [len(one.text) for one in misread.words] == [len(one.text) for one in page.words]
    assert misread.text != page.text
    assert misread.codes == ()
