"""What contradicts itself is refused by us in words, and would be by the Sefin by its code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from lacre.engines.nfse.contradictions import RULES, documents
from lacre.engines.nfse.drafting import draft_of
from lacre.engines.nfse.findings import REMEDIES
from lacre.engines.nfse.schema import parse
from lacre.engines.sefin.cities import Cities
from lacre.engines.sefin.declared import Declared
from lacre.engines.sefin.rules import Office, broken
from lacre.fiscal.note import Amounts, FederalTaxes, Iss, IssKind, Note, Withheld
from lacre.fiscal.particulars import (
    Benefit,
    DeductedDocument,
    ForeignTrade,
    MunicipalNote,
    Occasion,
    PaperNote,
    Site,
    Suspension,
    Works,
)
from lacre.fiscal.persons import ForeignTaxId, Person, SimplesNacional
from lacre.fiscal.ports import Draft, Refused
from tests.engines.nfse.test_building import ABROAD, OFFICE, TRADE, refused, said
from tests.support.sefin import a_note, an_address

NOTE = a_note()
SITE = Site(street="Rua das Obras", number="7", neighborhood="Centro", postal_code="80020000")
SITE_ABROAD = replace(SITE, postal_code="C1001", city="Buenos Aires", region="CABA")
FAIR = Occasion(name="Feira", starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 29), code="77")
BILL = DeductedDocument(
    nfe_key="4" * 44, kind="2", issued_on=date(2026, 1, 5), deductible=Decimal("120"), deducted=Decimal("90")
)
SUPPLIER = Person(tax_id="11444777000161", name="Loja", address=an_address())
SUSPENDED = Suspension(kind="2", process="123456")
BENEFIT = Benefit(number="41069020400001", rate=Decimal("50"))
DEDUCTING = Amounts(service=Decimal(1000), deduction=Decimal(10))
PIS = FederalTaxes(
    cst="01", base=Decimal(1000), pis_rate=Decimal("0.65"), cofins_rate=Decimal(3), withheld_kind="0"
)
KEPT = Iss(withheld=Withheld.BY_CUSTOMER)
NOWHERE = Person(tax_id="52998224725", name="Ana Souza")
ACME = Person(tax_id=ForeignTaxId(number="12-3"), name="ACME Inc.", address=ABROAD)
NAMELESS = Person(tax_id=ForeignTaxId(), name="X")
MISTYPED = "12ABC34501DE36"
Changes = dict[str, object]


def provider(**changed: object) -> Changes:
    return {"provider": replace(NOTE.provider, **changed)}  # type: ignore[arg-type]


def service(**changed: object) -> Changes:
    return {"service": replace(NOTE.service, **changed)}  # type: ignore[arg-type]


def trade(**changed: object) -> Changes:
    exported = service(nbs="115022000")
    return {**exported, "trade": replace(TRADE, **changed), "iss": Iss(kind=IssKind.EXPORT)}  # type: ignore[arg-type]


def deducting(**changed: object) -> Changes:
    document = replace(BILL, **changed)  # type: ignore[arg-type]
    return {"amounts": Amounts(service=Decimal(1000), documents=(document,))}


MEI, SPECIAL = provider(simples=SimplesNacional.MEI), provider(special_regime="5")
WORKS, EVENT = service(national_code="070202"), service(national_code="120701")
IN_ARGENTINA = {"city_code": "", "country": "AR", "nbs": "115022000"}
NEW_YEAR_S_EVE = datetime(2027, 1, 1, 2, 59, tzinfo=UTC)
"""23:59 in Brasília."""
CASES: list[tuple[str, str, Changes]] = [
    ("E0015", "competence_on", {"issued_at": NEW_YEAR_S_EVE, "competence_on": date(2027, 1, 1)}),
    ("E0370", "works", WORKS),
    ("E0372", "works", {"works": Works(code="1")}),
    ("", "works", {**WORKS, "works": Works(code="1", cib="12345678")}),
    ("E0386", "works.site", {**WORKS, "works": Works(site=SITE_ABROAD)}),
    ("E0384", "works.site", {**service(national_code="070202", **IN_ARGENTINA), "works": Works(site=SITE),
                             "iss": Iss(kind=IssKind.EXPORT), "trade": TRADE}),
    ("E0390", "occasion", EVENT),
    ("E0392", "occasion", {"occasion": FAIR}),
    ("", "occasion", {**EVENT, "occasion": replace(FAIR, code="")}),
    ("", "occasion.ends_on", {**EVENT, "occasion": replace(FAIR, ends_on=date(2026, 11, 19))}),
    ("E0404", "occasion.site", {**EVENT, "occasion": replace(FAIR, code="", site=SITE_ABROAD)}),
    ("", "amounts.deduction", {"amounts": replace(DEDUCTING, deduction_rate=Decimal(5))}),
    ("E0435", "amounts.deduction", {"amounts": DEDUCTING, "iss": Iss(kind=IssKind.NOT_DUE)}),
    ("E0436", "amounts.deduction", {**MEI, "amounts": DEDUCTING}),
    ("E0437", "amounts.deduction", {"amounts": DEDUCTING, "iss": Iss(suspension=SUSPENDED)}),
    ("E0438", "amounts.deduction", {**SPECIAL, "amounts": DEDUCTING}),
    ("E0442", "amounts.deduction", {**provider(simples=SimplesNacional.ME_EPP, simples_regime="1"),
                                    "amounts": DEDUCTING}),
    ("E0453", "amounts.deduction_rate", {"amounts": Amounts(service=Decimal(10), deduction_rate=Decimal(0))}),
    ("", "amounts.documents", {"amounts": Amounts(service=Decimal(10**6), documents=(BILL,) * 1001)}),
    ("E0585", "iss.suspension", {"iss": Iss(kind=IssKind.NOT_DUE, suspension=SUSPENDED)}),
    ("E0589", "iss.withheld", {"iss": Iss(withheld=Withheld.BY_CUSTOMER, suspension=SUSPENDED)}),
    ("E0606", "iss.rate", {"iss": Iss(rate=Decimal(2), suspension=SUSPENDED)}),
    ("", "iss.benefit", {"iss": Iss(benefit=replace(BENEFIT, amount=Decimal(1)))}),
    ("E0533", "iss.benefit", {"iss": Iss(kind=IssKind.NOT_DUE, benefit=BENEFIT)}),
    ("E0534", "iss.benefit", {**MEI, "iss": Iss(benefit=BENEFIT)}),
    ("E0535", "iss.benefit", {**SPECIAL, "iss": Iss(benefit=BENEFIT)}),
    ("E0538", "iss.benefit", {"iss": Iss(benefit=BENEFIT, suspension=SUSPENDED)}),
    ("E0237", "customer.address", {"customer": NOWHERE, "iss": KEPT}),
    ("E0237", "customer.address", {"customer": ACME, **service(nbs="115022000"), "trade": TRADE,
                                   "iss": KEPT}),
    ("E0293", "intermediary.address", {"intermediary": replace(SUPPLIER, address=None),
                                       "iss": Iss(withheld=Withheld.BY_INTERMEDIARY)}),
    ("E0580", "iss.withheld", {"iss": Iss(kind=IssKind.NOT_DUE, withheld=Withheld.BY_CUSTOMER)}),
    ("E0583", "iss.withheld", {**MEI, "iss": KEPT}),
    ("E0588", "iss.withheld", {**SPECIAL, "iss": KEPT}),
    ("E0675", "federal", {**provider(tax_id="52998224725"), "customer": None, "federal": PIS}),
    ("E0676", "federal", {**MEI, "federal": PIS}),
    ("E0678", "federal", {"federal": replace(PIS, base=None)}),
    ("E0682", "federal.base", {"federal": replace(PIS, cst="08")}),
    ("E0698", "federal.withheld_kind", {"federal": replace(PIS, withheld_kind="")}),
    ("E0428", "federal", {"federal": FederalTaxes(withheld_income_tax=Decimal(5000))}),
    ("", "customer.tax_id", {"customer": replace(ACME, tax_id="52998224725"), **service(nbs="115022000"),
                             "trade": TRADE}),
    ("E0226", "customer.tax_id", {"customer": NAMELESS}),
    ("E0242", "customer.address", {"customer": replace(ACME, address=None)}),
    ("E0286", "intermediary.tax_id", {"intermediary": NAMELESS}),
    ("E0298", "intermediary.address", {"intermediary": replace(ACME, address=None)}),
    ("E0318", "service.nbs", {"customer": ACME, "trade": TRADE}),
    ("E0333", "trade.mode", trade(mode="0")),
    ("E0341", "trade.provider_support", trade(provider_support="00")),
    ("E0343", "trade.customer_support", trade(customer_support="00")),
    ("E0345", "trade.goods", trade(goods="0")),
    ("E0352", "trade.import_declaration", trade(goods="2")),
    ("E0354", "trade.goods", trade(export_registration="1")),
    ("E0356", "trade.export_registration", trade(goods="3")),
    ("", "amounts.documents.0", deducting(nfe_key="")),
    ("E0468", "amounts.documents.0.description", deducting(kind="99")),
    ("E0470", "amounts.documents.0.description", deducting(description="Tinta")),
    ("E0472", "amounts.documents.0.issued_on", deducting(issued_on=date(2999, 1, 1))),
    ("E0474", "amounts.documents.0.deducted", deducting(deducted=Decimal(121))),
    ("E0476", "amounts.discount", deducting(deducted=Decimal(1001), deductible=Decimal(2000))),
    ("E0477", "amounts.documents.0.supplier", deducting(nfe_key="", other_number="7")),
    ("E0490", "amounts.documents.0.supplier.tax_id", deducting(supplier=NAMELESS)),
    ("E0492", "amounts.documents.0.supplier.address", deducting(supplier=replace(SUPPLIER, address=None))),
]  # fmt: skip
NAMES = [f"{code}-{field}" for code, field, _ in CASES]


@pytest.mark.parametrize(("code", "field", "changed"), CASES, ids=NAMES)
def test_a_contradiction_is_refused_by_its_field(code: str, field: str, changed: Changes) -> None:  # noqa: ARG001
    told = {name for name, _ in refused(a_note(**changed))}

    assert field in told


@pytest.mark.parametrize(
    ("code", "changed"), [(code, changed) for code, _, changed in CASES if code],
    ids=[code for code, _, _ in CASES if code],
)  # fmt: skip
def test_the_sefin_would_refuse_it_too(code: str, changed: Changes) -> None:
    draft = draft_of(a_note(**changed))
    assert isinstance(draft, Draft), draft

    codes = broken(Declared(parse(draft.xml)), Office(environment="2", now=NOW, cities=Cities()))

    assert code in codes


def test_every_rule_of_ours_is_broken_by_one_of_these() -> None:
    notes = [a_note(**changed) for _, _, changed in CASES]

    never = [rule.text for rule in RULES if not any(rule.broken(note) for note in notes)]
    never += [rule.text for rule in documents.RULES if not any(_broken(rule, note) for note in notes)]

    assert never == []


def test_every_published_rule_says_in_portuguese_what_to_do() -> None:
    published = {one.published for one in RULES} | {one.published for one in documents.RULES}

    assert published - REMEDIES.keys() == {""}
    draft = OFFICE.build(a_note(**WORKS))
    assert isinstance(draft, Refused)
    assert [one.advice for one in draft.problems] == [REMEDIES["E0370"]]


def test_at_midnight_in_brasilia_the_next_year_may_be_issued_for() -> None:
    """And the old one, still."""
    midnight = NEW_YEAR_S_EVE + timedelta(minutes=1)

    for day in (date(2026, 12, 31), date(2027, 1, 1)):
        note = a_note(issued_at=midnight, competence_on=day)
        assert said(note, "dCompet") == day.isoformat()
        assert said(note, "dhEmi") == "2027-01-01T00:00:00-03:00"


def test_works_are_told_by_number_or_where_they_are() -> None:
    told = a_note(**WORKS, works=Works(code="12.345.67890/12"))
    placed = a_note(**WORKS, works=Works(site=SITE, property_registration="01.2.3"))

    assert said(told, "serv/obra/cObra") == "12.345.67890/12"
    assert said(placed, "serv/obra/end/CEP") == "80020000"
    assert said(placed, "serv/obra/inscImobFisc") == "01.2.3"


def test_an_event_is_told_with_its_days() -> None:
    note = a_note(**EVENT, occasion=FAIR)

    assert said(note, "serv/atvEvento/dtIni") == "2026-11-20"
    assert said(note, "serv/atvEvento/idAtvEvt") == "77"


@pytest.mark.parametrize(
    ("changed", "path", "expected"),
    [
        ({"nfe_key": "", "nfse_key": "1" * 50}, "chNFSe", "1" * 50),
        ({"nfe_key": "", "fiscal_number": "9", "supplier": SUPPLIER}, "nDocFisc", "9"),
        ({"nfe_key": "", "supplier": SUPPLIER, "paper_note": PaperNote(number="12", model="1", series="A")},
         "NFNFS/nNFS", "0000012"),
        ({"nfe_key": "", "supplier": SUPPLIER,
          "municipal_note": MunicipalNote(city_code="3550308", number="7", verification_code="AB1")},
         "NFSeMun/nNFSeMun", f"{7:015}"),
        ({"kind": "99", "description": "Tinta"}, "xDescOutDed", "Tinta"),
    ],
)  # fmt: skip
def test_a_deducted_document_is_told_by_what_it_is(changed: Changes, path: str, expected: str) -> None:
    note = a_note(**deducting(**changed))

    assert said(note, f"valores/vDedRed/documentos/docDedRed/{path}") == expected


def test_a_suspension_has_its_process_in_thirty_digits() -> None:
    note = a_note(iss=Iss(suspension=SUSPENDED))

    assert said(note, "valores/trib/tribMun/exigSusp/nProcesso") == f"{123456:030}"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"iss": Iss(suspension=Suspension(kind="3", process="1"))}, "iss.suspension.kind"),
        ({"iss": Iss(suspension=Suspension(kind="1", process="5001-20"))}, "iss.suspension.process"),
        ({"iss": Iss(benefit=Benefit(number="1"))}, "iss.benefit.number"),
        ({**WORKS, "works": Works(site=replace(SITE, postal_code="80020-000"))}, "works.site.postal_code"),
        ({"amounts": Amounts(service=Decimal(10), deduction_rate=Decimal("NaN"))}, "amounts.deduction_rate"),
        (deducting(deducted=Decimal("NaN")), "amounts.documents.0.deducted"),
        (deducting(kind="10"), "amounts.documents.0.kind"),
        (deducting(supplier=replace(SUPPLIER, tax_id=MISTYPED)), "amounts.documents.0.supplier.tax_id"),
        ({"federal": replace(PIS, pis_rate=Decimal("0.651"))}, "federal.pis_rate"),
    ],
)  # fmt: skip
def test_what_no_field_can_hold_is_refused_before_the_schema_is_asked(changed: Changes, field: str) -> None:
    assert (field, "schema") not in refused(a_note(**changed))
    assert field in {name for name, _ in refused(a_note(**changed))}


def _broken(rule: documents.DocumentRule, note: Note) -> bool:
    return any(rule.broken(one, note) for one in note.amounts.documents)


def test_a_trade_abroad_is_whole() -> None:
    assert isinstance(TRADE, ForeignTrade)
    assert isinstance(OFFICE.build(a_note(**trade(goods="3", export_registration="9"))), Draft)


NOW = datetime(2026, 11, 29, 23, 59, tzinfo=UTC)
