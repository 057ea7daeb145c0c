"""What is checked of companies, series and samples."""

from __future__ import annotations

import pytest

from lacre.fiscal import events
from lacre.fiscal.errors import CountryInvalid, FieldInvalid, TaxIdInvalid
from lacre.fiscal.party import Address, check_address, registry_code
from lacre.fiscal.sampling import sample_facts
from lacre.fiscal.schema import series_of
from lacre.fiscal.snapshot import freeze, thaw
from lacre.kit.ids import AccountId
from tests.support.kept import NOW


@pytest.mark.parametrize(
    ("said", "clean"),
    [("529.982.247-25", "52998224725"), ("12.ABC.345/01DE-35", "12ABC34501DE35")],
)
def test_a_registry_code_is_kept_clean(said: str, clean: str) -> None:
    assert registry_code(said) == clean


@pytest.mark.parametrize("said", ["", "11111111111", "12ABC34501DE36"])
def test_what_is_neither_cpf_nor_cnpj_is_refused(said: str) -> None:
    with pytest.raises(TaxIdInvalid):
        registry_code(said)


@pytest.mark.parametrize(("said", "sent"), [("1", "1"), ("00007", "7"), ("49999", "49999")])
def test_a_series_is_sent_without_zeros(said: str, sent: str) -> None:
    assert series_of(said) == sent


@pytest.mark.parametrize("said", ["", "0", "50000", "FASTN", "1a", "１"])
def test_a_series_is_a_number_of_our_own_kind(said: str) -> None:
    with pytest.raises(FieldInvalid):
        series_of(said)


def test_a_city_is_named_by_its_code() -> None:
    with pytest.raises(FieldInvalid):
        check_address(Address(city_code="São Paulo"))


@pytest.mark.parametrize("said", ["ZZ", "UK", "Portugal", ""])
def test_a_country_is_one_of_those_that_there_are(said: str) -> None:
    with pytest.raises(CountryInvalid):
        check_address(Address(country=said))


@pytest.mark.parametrize("kind", sorted(events.ALL))
def test_every_event_has_a_sample_whose_invoice_comes_back_as_it_was(kind: str) -> None:
    facts = sample_facts(kind, AccountId("a"), now=NOW)

    assert facts is not None
    assert freeze(thaw(facts["invoice"])) == facts["invoice"]  # type: ignore[arg-type]
