"""Declarations are valid by the government's schema, or refused in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from lacre.engines.nfse import NationalOffice, Places
from lacre.engines.nfse.places import sandbox_at
from lacre.fiscal.note import (
    Amounts,
    CancelReason,
    ConsumptionTaxes,
    Environment,
    FederalTaxes,
    Iss,
    IssKind,
    Note,
    Substitution,
    TotalAmounts,
    TotalSimples,
    Withheld,
)
from lacre.fiscal.particulars import ForeignTrade
from lacre.fiscal.persons import ForeignAddress, ForeignTaxId, Person, SimplesNacional
from lacre.fiscal.ports import Draft, Refused
from lacre.webhooks.request import NoAnswer, Request, Timings
from tests.support.sefin import COMPANY, a_note, an_address

N = "{http://www.sped.fazenda.gov.br/nfse}"


class NoWay:
    """Building sends nothing."""

    def send(self, request: Request) -> NoAnswer:  # noqa: ARG002
        return NoAnswer(reason="connect_failed", detail="no way out", timings=Timings())


OFFICE = NationalOffice(Places(sandbox=sandbox_at("https://127.0.0.1:1", None)), NoWay())
ABROAD = ForeignAddress(
    street="Main St",
    number="1",
    neighborhood="Downtown",
    country="US",
    postal_code="10001",
    city="NY",
    region="NY",
)
TRADE = ForeignTrade(mode="1", link="0", currency="220", amount=Decimal("230.00"))


def drafted(note: Note) -> etree._Element:
    draft = OFFICE.build(note)
    assert isinstance(draft, Draft), draft
    return etree.fromstring(draft.xml)[0]


def said(note: Note, path: str) -> str | None:
    found: str | None = drafted(note).findtext("/".join(f"{N}{step}" for step in path.split("/")))
    return found


def refused(note: Note) -> set[tuple[str, str]]:
    draft = OFFICE.build(note)
    assert isinstance(draft, Refused), draft
    return {(problem.field, problem.code) for problem in draft.problems}


def test_the_id_holds_city_issuer_series_and_number() -> None:
    draft = OFFICE.build(a_note(series="900", number=316))

    assert isinstance(draft, Draft)
    assert draft.id == f"DPS4106902{2}{COMPANY}00900{316:015}"


def test_an_issuer_with_a_cpf_is_kind_one_and_filled_up() -> None:
    note = a_note()

    draft = OFFICE.build(replace(note, provider=replace(note.provider, tax_id="52998224725"), customer=None))

    assert isinstance(draft, Draft)
    assert draft.id[10:25] == "100052998224725"


def test_nothing_stands_between_tags_and_nothing_has_a_prefix() -> None:
    draft = OFFICE.build(a_note())

    assert isinstance(draft, Draft)
    assert b"> <" not in draft.xml
    assert b">\n<" not in draft.xml
    assert b"<DPS xmlns=" in draft.xml


def test_everything_that_a_note_can_say_is_valid_together() -> None:
    note = a_note(
        amounts=Amounts(
            service=Decimal("1000.00"),
            discount=Decimal("10.00"),
            conditional_discount=Decimal("5"),
            deduction=Decimal("1"),
        ),
        intermediary=Person(tax_id="11444777000161", name="Corretora", address=an_address()),
        iss=Iss(withheld=Withheld.BY_CUSTOMER, rate=Decimal("2.5")),
        federal=FederalTaxes(
            cst="01",
            base=Decimal("1000.00"),
            pis_rate=Decimal("0.65"),
            cofins_rate=Decimal("3.00"),
            pis=Decimal("6.50"),
            cofins=Decimal("30.00"),
            withheld_kind="1",
            withheld_social_security=Decimal("110.00"),
            withheld_income_tax=Decimal("15.00"),
            withheld_csll=Decimal("10.00"),
        ),
        total_taxes=TotalAmounts(federal=Decimal("134.50"), state=Decimal("0"), municipal=Decimal("25.00")),
        consumption=ConsumptionTaxes(operation_code="100301", situation="000", classification="000001"),
        replaces=Substitution(key="4" * 50, reason="99", text="Valor informado errado"),
    )

    assert said(note, "valores/trib/tribFed/vRetIRRF") == "15.00"


def test_who_is_abroad_has_a_foreign_number_or_a_reason_for_none() -> None:
    person = Person(tax_id=ForeignTaxId(number="123-45"), name="ACME Inc.", address=ABROAD)
    note = a_note(customer=person, trade=TRADE, iss=Iss(kind=IssKind.EXPORT, result_country="US"))
    note = replace(note, service=replace(note.service, nbs="115022000"))

    nameless = replace(note, customer=replace(person, tax_id=ForeignTaxId(why_not="2")))

    assert said(note, "toma/NIF") == "123-45"
    assert said(nameless, "toma/cNaoNIF") == "2"


def test_a_country_is_one_of_those_that_there_are() -> None:
    nowhere = replace(ABROAD, country="ZZ")
    person = Person(tax_id=ForeignTaxId(number="1"), name="ACME Inc.", address=nowhere)
    note = a_note(customer=person, trade=TRADE, iss=Iss(kind=IssKind.EXPORT, result_country="UK"))

    found = refused(replace(note, service=replace(note.service, country="XX", city_code="")))

    assert {("customer.address.country", "invalid"), ("iss.result_country", "invalid")} <= {*found}
    assert ("service.country", "invalid") in found


def test_what_goes_abroad_without_its_group_is_refused() -> None:
    person = Person(tax_id=ForeignTaxId(number="1"), name="ACME Inc.", address=ABROAD)

    assert ("trade", "required") in refused(a_note(customer=person))


def test_the_issuers_name_and_address_are_left_to_the_sefin() -> None:
    provider = drafted(a_note()).find(f"{N}prest")

    assert [etree.QName(part).localname for part in provider] == ["CNPJ", "regTrib"]


@pytest.mark.parametrize(
    ("simples", "stated"),
    [
        (SimplesNacional.NOT, "pTotTrib/pTotTribFed"),
        (SimplesNacional.MEI, "indTotTrib"),
        (SimplesNacional.ME_EPP, "pTotTrib/pTotTribFed"),
    ],
)
def test_taxes_that_nobody_states_are_said_as_each_regime_may(simples: SimplesNacional, stated: str) -> None:
    note = a_note()
    regime = "1" if simples is SimplesNacional.ME_EPP else ""

    told = replace(note, provider=replace(note.provider, simples=simples, simples_regime=regime))

    assert said(told, f"valores/trib/totTrib/{stated}") is not None


def test_simples_states_its_one_rate() -> None:
    assert (
        said(a_note(total_taxes=TotalSimples(rate=Decimal("6"))), "valores/trib/totTrib/pTotTribSN") == "6.00"
    )


def test_typographic_signs_give_way_in_names_and_lines_stay_in_descriptions() -> None:
    note = a_note()
    note = replace(
        note,
        customer=Person(tax_id="52998224725", name="  Ana “Nina” Souza – ME "),
        service=replace(note.service, description="Um\r\nDois\x00"),
    )

    assert said(note, "toma/xNome") == 'Ana "Nina" Souza - ME'
    assert said(note, "serv/cServ/xDescServ") == "Um\nDois"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"environment": Environment.PRODUCTION}, ("environment", "production_off")),
        ({"series": "FASTN"}, ("series", "invalid")),
        ({"series": "50000"}, ("series", "invalid")),
        ({"number": 0}, ("number", "invalid")),
        ({"amounts": Amounts(service=Decimal("0"))}, ("amounts.service", "invalid")),
        ({"amounts": Amounts(service=Decimal("1.001"))}, ("amounts.service", "invalid")),
        ({"amounts": Amounts(service=Decimal("NaN"))}, ("amounts.service", "invalid")),
        ({"amounts": Amounts(service=Decimal("-1"))}, ("amounts.service", "invalid")),
        ({"amounts": Amounts(service=Decimal(10), discount=Decimal(10))}, ("amounts.discount", "invalid")),
        ({"iss": Iss(rate=Decimal("5.01"))}, ("iss.rate", "invalid")),
        ({"iss": Iss(kind=IssKind.IMMUNE)}, ("iss.immunity", "invalid")),
        ({"iss": Iss(withheld=Withheld.BY_INTERMEDIARY)}, ("intermediary", "required")),
        ({"federal": FederalTaxes(cst="42")}, ("federal.cst", "invalid")),
        ({"customer": Person(tax_id="11222333000182", name="X")}, ("customer.tax_id", "invalid")),
        ({"customer": Person(tax_id="12ABC34501DE36", name="X")}, ("customer.tax_id", "invalid")),
        ({"customer": Person(tax_id="52998224725", name=" ")}, ("customer.name", "required")),
        ({"customer": Person(tax_id="52998224725", name="X" * 301)}, ("DPS/infDPS/toma/xNome", "schema")),
        ({"replaces": Substitution(key="1", reason="99")}, ("DPS/infDPS/subst/chSubstda", "schema")),
    ],
)
def test_what_cannot_be_a_note_is_refused_by_its_field(
    changed: dict[str, object], expected: tuple[str, str]
) -> None:
    assert expected in refused(a_note(**changed))


def test_a_refusal_says_what_to_do() -> None:
    draft = OFFICE.build(a_note(environment=Environment.PRODUCTION))

    assert isinstance(draft, Refused)
    assert "LACRE_NFSE_PRODUCTION" in draft.problems[0].text


def test_the_test_environment_needs_no_setting_and_production_one() -> None:
    open_office = NationalOffice(Places(production=True), NoWay())

    assert said(a_note(environment=Environment.TEST), "tpAmb") == "2"
    produced = open_office.build(a_note(environment=Environment.PRODUCTION))
    assert isinstance(produced, Draft)
    assert b"<tpAmb>1</tpAmb>" in produced.xml
    assert isinstance(open_office.build(a_note()), Refused), "it has no sandbox"


@settings(max_examples=60, deadline=None)
@given(cents=st.integers(min_value=1, max_value=10**17 - 1))
def test_every_amount_that_money_can_be_is_declared_as_it_is(cents: int) -> None:
    amount = Decimal(cents) / 100

    assert Decimal(said(a_note(amounts=Amounts(service=amount)), "valores/vServPrest/vServ") or 0) == amount


@settings(max_examples=60, deadline=None)
@given(amount=st.decimals(allow_nan=True, allow_infinity=True))
def test_any_decimal_is_declared_as_it_is_or_refused(amount: Decimal) -> None:
    built = OFFICE.build(a_note(amounts=Amounts(service=amount)))

    if isinstance(built, Draft):
        declared = etree.fromstring(built.xml)[0].findtext(f"{N}valores/{N}vServPrest/{N}vServ")
        assert Decimal(declared) == amount


def test_what_does_not_fit_the_description_is_refused_and_not_cut() -> None:
    note = a_note()
    fits, too_long = ("x" * length for length in (2_000, 2_001))

    whole = said(replace(note, service=replace(note.service, description=fits)), "serv/cServ/xDescServ")
    refused = OFFICE.build(replace(note, service=replace(note.service, description=too_long)))

    assert whole == fits
    assert isinstance(refused, Refused)
    assert [one.field for one in refused.problems] == ["service.description"]


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300))
def test_any_text_is_declared_or_refused_and_never_breaks_the_document(text: str) -> None:
    note = a_note()

    built = OFFICE.build(replace(note, service=replace(note.service, description=text, notes=text)))

    assert isinstance(built, Draft | Refused)


def test_reasons_to_cancel_are_those_of_the_layout() -> None:
    assert [reason.value for reason in CancelReason] == ["1", "2", "9"]
