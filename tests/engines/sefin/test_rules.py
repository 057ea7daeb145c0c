"""The local Sefin breaks a note on the published rules, one code for each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from lacre.engines.nfse.findings import REMEDIES
from lacre.engines.sefin.messages import message
from lacre.engines.sefin.particular_rules import PARTICULAR_RULES
from lacre.engines.sefin.rules import RULES
from lacre.fiscal.note import (
    Amounts,
    ConsumptionTaxes,
    FederalTaxes,
    Iss,
    IssKind,
    Substitution,
    TotalAmounts,
    TotalSimples,
    Withheld,
)
from lacre.fiscal.particulars import (
    Benefit,
    DeductedDocument,
    ForeignTrade,
    Occasion,
    PaperNote,
    Site,
    Suspension,
    Works,
)
from lacre.fiscal.persons import ForeignAddress, ForeignTaxId, Person, SimplesNacional
from lacre.fiscal.ports import Accepted, Certificate, Rejected, Signed
from tests.support.sefin import SefinDesk, a_note, an_address, certificate_of, today

ABROAD = ForeignAddress(
    street="Main St",
    number="1",
    neighborhood="Downtown",
    country="US",
    postal_code="10001",
    city="NY",
    region="NY",
)
A_SITE = Site(street="Rua das Obras", number="7", neighborhood="Centro", postal_code="80020000")
AN_OCCASION = Occasion(name="Feira", starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 29), code="77")
A_DOCUMENT = DeductedDocument(
    nfe_key="4" * 44, kind="2", issued_on=date(2026, 1, 5), deductible=Decimal("120"), deducted=Decimal("90")
)
OTHERS = replace(
    A_DOCUMENT,
    nfe_key="",
    paper_note=PaperNote(number="12", model="1", series="A"),
    supplier=Person(tax_id="11444777000161", name="Loja", address=an_address()),
)
SUSPENDED = Suspension(kind="1", process="50012345620268160000")
ALL = {**RULES, **PARTICULAR_RULES}
TRADE = ForeignTrade(mode="1", link="0", currency="220", amount=Decimal("230.00"))
NOTE = a_note()
PIS = FederalTaxes(
    cst="01",
    base=Decimal("1000"),
    pis_rate=Decimal("0.65"),
    cofins_rate=Decimal("3"),
    pis=Decimal("6.50"),
    cofins=Decimal("30"),
    withheld_kind="0",
)


def provider(**changed: object) -> dict[str, object]:
    return {"provider": replace(NOTE.provider, **changed)}  # type: ignore[arg-type]


def customer(**changed: object) -> dict[str, object]:
    return {"customer": replace(NOTE.customer, **changed)}  # type: ignore[type-var]


def service(**changed: object) -> dict[str, object]:
    return {"service": replace(NOTE.service, **changed)}  # type: ignore[arg-type]


MEI = provider(simples=SimplesNacional.MEI)
ME_EPP = provider(simples=SimplesNacional.ME_EPP, simples_regime="1")
BROKEN: list[tuple[str, dict[str, object]]] = [
    ("E0008", {"issued_at": NOTE.issued_at + timedelta(hours=1)}),
    ("E0015", {"competence_on": today() + timedelta(days=3)}),
    ("E0037", {**provider(city_code="9999999")}),
    ("E0038", {**provider(city_code="3548807")}),
    ("E0042", {"replaces": Substitution(key="4" * 50, reason="01")}),
    ("E0078", {"replaces": Substitution(key="4" * 50, reason="99")}),
    ("E0148", {**provider(email="ana")}),
    ("E0172", {**provider(special_regime="4"), "iss": Iss(kind=IssKind.NOT_DUE)}),
    ("E0174", {**provider(simples=SimplesNacional.MEI, special_regime="5")}),
    ("E0175", {**provider(simples=SimplesNacional.ME_EPP, simples_regime="1", special_regime="6")}),
    ("E0202", {"customer": Person(tax_id="11222333000262", name="Filial")}),
    (
        "E0204",
        {
            "customer": Person(tax_id=ForeignTaxId(number="1"), name="X"),
            "iss": Iss(withheld=Withheld.BY_CUSTOMER),
        },
    ),
    ("E0226", {"customer": Person(tax_id=ForeignTaxId(), name="X")}),
    ("E0237", {**customer(address=None), "iss": Iss(withheld=Withheld.BY_CUSTOMER)}),
    ("E0238", {**customer(address=an_address(city_code="9999999"))}),
    ("E0247", {**customer(email="ana@")}),
    ("E0302", {**service(city_code="9999999")}),
    ("E0310", {**service(national_code="410101")}),
    (
        "E0318",
        {"customer": Person(tax_id=ForeignTaxId(number="1"), name="X", address=ABROAD), "trade": TRADE},
    ),
    (
        "E0322",
        {"consumption": ConsumptionTaxes(operation_code="100301", situation="000", classification="000001")},
    ),
    ("E0370", {**service(national_code="070201")}),
    ("E0390", {**service(national_code="120101")}),
    (
        "E0428",
        {"amounts": Amounts(service=Decimal(10), discount=Decimal(6), conditional_discount=Decimal(6))},
    ),
    (
        "E0435",
        {"amounts": Amounts(service=Decimal(10), deduction=Decimal(1)), "iss": Iss(kind=IssKind.NOT_DUE)},
    ),
    ("E0436", {**MEI, "amounts": Amounts(service=Decimal(10), deduction=Decimal(1))}),
    ("E0532", {**service(national_code="990101")}),
    ("E0580", {"iss": Iss(kind=IssKind.NOT_DUE, withheld=Withheld.BY_CUSTOMER)}),
    ("E0583", {**MEI, "iss": Iss(withheld=Withheld.BY_CUSTOMER)}),
    ("E0593", {"iss": Iss(kind=IssKind.IMMUNE, immunity="0")}),
    ("E0600", {**MEI, "iss": Iss(rate=Decimal(2))}),
    ("E0602", {"iss": Iss(kind=IssKind.NOT_DUE, rate=Decimal(2))}),
    ("E0617", {"iss": Iss(rate=Decimal(2))}),
    ("E0621", {**ME_EPP, "iss": Iss(withheld=Withheld.BY_CUSTOMER)}),
    ("E0625", {**ME_EPP, "iss": Iss(rate=Decimal(2))}),
    ("E0635", {**provider(simples=SimplesNacional.ME_EPP, simples_regime="2"), "iss": Iss(rate=Decimal(2))}),
    ("E0675", {**provider(tax_id="52998224725"), "customer": None, "federal": PIS}),
    ("E0676", {**MEI, "federal": PIS}),
    ("E0677", {"federal": replace(PIS, base=Decimal("5000"), pis=Decimal("32.50"), cofins=Decimal(150))}),
    ("E0678", {"federal": FederalTaxes(cst="01", withheld_kind="0")}),
    ("E0682", {"federal": replace(PIS, cst="08", withheld_kind="")}),
    ("E0694", {"federal": replace(PIS, pis=Decimal("7.50"))}),
    ("E0696", {"federal": replace(PIS, cofins=Decimal("31"))}),
    ("E0698", {"federal": replace(PIS, withheld_kind="")}),
    ("E0700", {"federal": FederalTaxes(withheld_income_tax=Decimal("5000"))}),
    ("E0702", {"total_taxes": TotalAmounts(federal=Decimal(5000), state=Decimal(0), municipal=Decimal(0))}),
    ("E0710", {**MEI, "total_taxes": TotalSimples(rate=Decimal(6))}),
    ("E0713", {"total_taxes": TotalSimples(rate=Decimal(6))}),
]


@pytest.mark.parametrize(("code", "changed"), BROKEN, ids=[code for code, _ in BROKEN])
def test_a_broken_rule_is_answered_with_its_code(
    desk: SefinDesk, code: str, changed: dict[str, object]
) -> None:
    holder = person(desk) if code == "E0675" else desk.certificate
    signed = desk.office.sign(desk.unchecked(**changed), holder)
    assert isinstance(signed, Signed)

    rejected = desk.office.issue(signed, holder)

    assert isinstance(rejected, Rejected), rejected
    assert code in [error.code for error in rejected.errors]
    assert all(error.text for error in rejected.errors)


GOOD: list[dict[str, object]] = [
    MEI,
    ME_EPP,
    {**ME_EPP, "iss": Iss(withheld=Withheld.BY_CUSTOMER, rate=Decimal("2"))},
    {**provider(simples=SimplesNacional.ME_EPP, simples_regime="2")},
    {**provider(special_regime="5")},
    {"customer": None},
    {"iss": Iss(kind=IssKind.IMMUNE, immunity="2")},
    {"iss": Iss(kind=IssKind.NOT_DUE), **service(national_code="990101")},
    {"federal": PIS},
    {
        "customer": Person(tax_id=ForeignTaxId(number="1"), name="X", address=ABROAD),
        "trade": TRADE,
        "iss": Iss(kind=IssKind.EXPORT, result_country="US"),
        **service(nbs="115022000"),
    },
    {
        "consumption": ConsumptionTaxes(operation_code="100301", situation="000", classification="000001"),
        **service(nbs="115022000"),
    },
    {**service(national_code="070202"), "works": Works(code="123456789012")},
    {**service(national_code="070202"), "works": Works(site=A_SITE, property_registration="12.3")},
    {
        **service(national_code="070202", city_code="", country="AR", nbs="115022000"),
        "works": Works(site=replace(A_SITE, postal_code="C1001", city="Buenos Aires", region="CABA")),
        "iss": Iss(kind=IssKind.EXPORT),
        "trade": TRADE,
    },
    {**service(national_code="120701"), "occasion": AN_OCCASION},
    {
        **service(national_code="120701"),
        "occasion": replace(AN_OCCASION, code="", site=A_SITE),
    },
    {"amounts": Amounts(service=Decimal(1000), documents=(A_DOCUMENT, OTHERS))},
    {"iss": Iss(suspension=SUSPENDED)},
    {"iss": Iss(benefit=Benefit(number="41069020400001", amount=Decimal("10")))},
    {
        "iss": Iss(withheld=Withheld.BY_INTERMEDIARY),
        "intermediary": Person(tax_id="11444777000161", name="Corretora", address=an_address()),
    },
    {
        "federal": replace(PIS, withheld_kind="3", withheld_income_tax=Decimal("15"),
                           withheld_social_security=Decimal("110"), withheld_csll=Decimal("10")),
    },
]  # fmt: skip


@pytest.mark.parametrize("changed", GOOD, ids=range(len(GOOD)))
def test_what_breaks_none_is_issued_and_valid_by_the_schema(
    desk: SefinDesk, changed: dict[str, object]
) -> None:
    """The Sefin holds what it makes to the government's schema, or falls."""
    assert isinstance(desk.office.issue(desk.signed(**changed), desk.certificate), Accepted)


def test_iss_is_reckoned_on_what_discounts_and_deductions_leave(desk: SefinDesk) -> None:
    amounts = Amounts(service=Decimal("1000"), discount=Decimal("100"), deduction=Decimal("50"))

    note = desk.issued(amounts=amounts, iss=Iss(withheld=Withheld.BY_CUSTOMER))

    for told in (b"<vBC>850.00</vBC>", b"<pAliqAplic>2.00</pAliqAplic>", b"<vISSQN>17.00</vISSQN>"):
        assert told in note.xml
    assert b"<vTotalRet>17.00</vTotalRet><vLiq>883.00</vLiq>" in note.xml


@pytest.mark.parametrize(
    "amounts",
    [
        Amounts(service=Decimal("1000"), discount=Decimal("100"), deduction_rate=Decimal("10")),
        Amounts(service=Decimal("1000"), discount=Decimal("100"), documents=(A_DOCUMENT,)),
    ],
)
def test_what_is_deducted_by_rate_or_documents_is_reckoned(desk: SefinDesk, amounts: Amounts) -> None:
    note = desk.issued(amounts=amounts)

    assert b"<vCalcDR>90.00</vCalcDR><vBC>810.00</vBC>" in note.xml


def test_a_benefit_by_rate_is_reckoned(desk: SefinDesk) -> None:
    iss = Iss(benefit=Benefit(number="41069020400001", rate=Decimal("50")))

    note = desk.issued(amounts=Amounts(service=Decimal("1000")), iss=iss)

    assert b"<vCalcBM>500.00</vCalcBM><vBC>500.00</vBC>" in note.xml


def test_while_iss_is_suspended_none_is_reckoned(desk: SefinDesk) -> None:
    note = desk.issued(iss=Iss(suspension=SUSPENDED))

    assert b"<vISSQN>" not in note.xml


def test_every_rule_has_its_published_words() -> None:
    assert [code for code in ALL if message(code) == "Rejeição ensaiada."] == []


def test_most_rejections_come_with_what_to_do() -> None:
    told = [code for code in RULES if code in REMEDIES]

    assert len(told) > len(RULES) / 2


def person(desk: SefinDesk) -> Certificate:
    return certificate_of(desk.sefin.authority.company("ANA", "52998224725"), "")
