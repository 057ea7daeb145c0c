"""A document type is made and changed in a form, without a script, and tried on samples first."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from lxml.html import document_fromstring

from lacre.kit.ids import AccountId
from lacre.processing.document_type import DocumentType, Field, Kind, Rule
from lacre.processing.extraction import Extraction, Found, Status, Value
from lacre.processing.shipped import SHIPPED
from tests.support.extractions import a_page, an_extraction
from tests.support.house import House
from tests.support.visitor import Visitor

RECEIPT = 12
FORM: Mapping[str, str] = {
    "name": "Romaneio",
    "description": "Da transportadora",
    "f0-here": "1",
    "f0-title": "Valor do frete",
    "f0-kind": "money",
    "f0-required": "on",
    "f0-r0-here": "1",
    "f0-r0-anchor": "Frete\n\nValor do frete",
    "f0-r0-where": "right",
    "f0-r0-region": "0 50 100 100",
    "f0-r0-page": "-1",
    "f1-here": "1",
    "f1-title": "Itens",
    "f1-name": "itens",
    "f1-kind": "table",
    "f1-c0-here": "1",
    "f1-c0-headers": "Descrição",
    "f1-c1-here": "1",
    "f1-c1-headers": "Qtd",
    "f1-c1-kind": "integer",
}


def kept(house: House, account: AccountId, number: int) -> DocumentType | None:
    with house.services.open_work() as work:
        return work.document_types.newest(account, number)


def typed_again(page: str) -> dict[str, str]:
    """What a browser would send of the form on this page."""
    (form,) = document_fromstring(page).xpath('//form[contains(@class, "type-form")]')
    said = dict(form.form_values())
    del said["form_token"]
    return said


def test_a_type_is_made_of_what_its_form_says(house: House, ana: Visitor, account: AccountId) -> None:
    ana.send("/app/types/0/save", **FORM)

    made = kept(house, account, 1001)
    assert made is not None
    freight, items = made.fields
    assert (freight.name, freight.kind, freight.required) == ("valor_do_frete", Kind.MONEY, True)
    assert freight.rules[0].anchor == ("Frete", "Valor do frete")
    assert (freight.rules[0].page, freight.rules[0].region and freight.rules[0].region.top) == (-1, 50)
    assert [(one.name, one.kind) for one in items.columns] == [
        ("descricao", Kind.TEXT),
        ("qtd", Kind.INTEGER),
    ]


@pytest.mark.parametrize("number", sorted(SHIPPED))
def test_a_shipped_type_comes_back_from_its_form_as_it_was(
    house: House, ana: Visitor, account: AccountId, number: int
) -> None:
    page = ana.open(f"/app/types/{number}").text

    ana.send(f"/app/types/{number}/save", **typed_again(page))

    saved = kept(house, account, number)
    assert saved is not None
    assert saved.fields == SHIPPED[number].fields


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"name": ""}, "name"),
        ({"f0-title": "", "f0-name": "Valor"}, "f0-name"),
        ({"f0-name": "itens"}, "f1-name"),
        ({"f0-r0-pattern": "("}, "f0-r0-pattern"),
        ({"f0-r0-pattern": "(?P<{0}>x)"}, "f0-r0-pattern"),
        ({"f0-r0-region": "0 0 100"}, "f0-r0-region"),
        ({"f0-r0-page": "última"}, "f0-r0-page"),
        ({"f0-r0-of": "itens", "f0-r0-part": "key_uf"}, "f0-r0-of"),
        ({"f0-r0-anchor": "x" * 81}, "f0-r0-anchor"),
        ({"f1-c1-headers": "", "f1-c1-name": "qtd"}, "f1-c1-headers"),
        ({"f1-c1-here": ""}, "f1-c"),
    ],
)
def test_what_is_wrong_is_said_at_its_input_and_what_was_typed_stays(
    house: House, ana: Visitor, account: AccountId, changed: Mapping[str, str], at: str
) -> None:
    page = ana.send("/app/types/0/save", **{**FORM, **changed}).text

    assert f'id="{at}-error"' in page
    assert f'href="#{at}"' in page
    assert "Da transportadora" in page
    assert kept(house, account, 1001) is None


def test_fields_are_added_moved_and_removed_without_a_script(ana: Visitor) -> None:
    def titles(asked: str, said: Mapping[str, str]) -> list[str]:
        page = ana.send("/app/types/0/edit", **said, do=asked).text
        again = typed_again(page)
        return [again[f"f{place}-title"] for place in range(9) if f"f{place}-here" in again]

    assert titles("field-add", FORM) == ["Valor do frete", "Itens", ""]
    assert titles("field-down:0", FORM) == ["Itens", "Valor do frete"]
    assert titles("field-up:1", FORM) == ["Itens", "Valor do frete"]
    assert titles("field-remove:0", FORM) == ["Itens"]
    assert titles("field-up:0", FORM) == titles("field-remove:77", FORM) == ["Valor do frete", "Itens"]


@pytest.mark.parametrize(
    ("asked", "focus"),
    [
        ("field-add", 'id="f2-title"'),
        ("field-down:0", "<summary autofocus"),
        ("rule-add:0", 'id="f0-r1-anchor"'),
        ("rule-up:0:0", 'id="f0-r0-anchor"'),
        ("column-add:1", 'id="f1-c2-headers"'),
        ("column-remove:1:0", "<summary autofocus"),
        ("field-remove:1", "<summary autofocus"),
    ],
)
def test_whoever_changes_the_form_goes_on_where_it_changed(ana: Visitor, asked: str, focus: str) -> None:
    page = ana.send("/app/types/0/edit", **FORM, do=asked).text

    assert [focus in tag for tag in re.findall(r"<[^>]* autofocus[^>]*>", page)] == [True]


@pytest.mark.parametrize("asked", ["", "field", "rule-add", "rule-remove:0", "column-up:1:x", "save:1:2:3"])
def test_what_no_button_asks_for_changes_nothing(ana: Visitor, asked: str) -> None:
    page = ana.send("/app/types/0/edit", **FORM, do=asked).text

    assert typed_again(page)["f1-title"] == "Itens"


@pytest.fixture
def samples(house: House, account: AccountId) -> list[Extraction]:
    """Two receipts whose values somebody has looked at."""
    made = [sample(account, "a.pdf", "10.00"), sample(account, "b.pdf", "20.00")]
    with house.services.open_work() as work:
        for one in made:
            work.extractions.add(one)
            work.extractions.keep_pages(one, [a_page(1, [f"Total R$ {one.data['valor']}".replace(".", ",")])])
    return made


def sample(account: AccountId, name: str, right: str) -> Extraction:
    one = an_extraction(account, type=RECEIPT, name=name, sample=True, pages=1, status=Status.IN_PROGRESS)
    values = (Value(field="valor", value=right),)
    one.finish(Found(values=values, confidence=1.0, type_version=1), now=one.created_at)
    return one


def test_the_bench_counts_hits_and_shows_misses_by_field(ana: Visitor, samples: list[Extraction]) -> None:
    fields = {
        "f0-here": "1",
        "f0-title": "Valor",
        "f0-kind": "money",
        "f0-r0-here": "1",
        "f0-r0-anchor": "Total",
    }
    found = ana.send(f"/app/types/{RECEIPT}/try", name="Recibo", **fields).text
    missed = ana.send(
        f"/app/types/{RECEIPT}/try", name="Recibo", **{**fields, "f0-r0-pattern": "R. (10,00)"}
    ).text

    assert "2 de 2 valores" in found
    assert "1 de 2 valores" in missed
    miss = missed[missed.index("bench-miss") :]
    assert f"/app/extractions/{samples[1].id}" in miss
    assert miss.index("20.00") < miss.index("nada")


def test_a_type_is_changed_as_json_too(house: House, ana: Visitor, account: AccountId) -> None:
    said = '{"name": "Recibo", "asks_model": true, "fields": [{"name": "v", "title": "V", "rules": [{}]}]}'

    shown = ana.send(f"/app/types/{RECEIPT}/edit", type=said).text
    ana.send(f"/app/types/{RECEIPT}/save", type=said)

    assert typed_again(shown)["f0-title"] == "V"
    saved = kept(house, account, RECEIPT)
    assert saved is not None
    assert (saved.version, saved.asks_model) == (2, True)
    assert saved.fields == (Field(name="v", title="V", rules=(Rule(),)),)


@pytest.mark.parametrize("typed", ["{", '{"name": "x", "fields": 7}', "[]", '{"name": "x", "fields": [{}]}'])
def test_what_is_no_type_is_said_and_kept(ana: Visitor, typed: str) -> None:
    page = ana.send("/app/types/0/save", type=typed).text

    assert 'id="rules-error"' in page
    assert document_fromstring(page).get_element_by_id("rules").text == typed


def test_json_with_a_flaw_is_shown_in_the_form_with_it(ana: Visitor) -> None:
    page = ana.send("/app/types/0/save", type='{"name": "x", "fields": [{"name": "V", "title": "V"}]}').text

    assert 'id="f0-name-error"' in page


def test_no_account_sees_another_s_types(ana: Visitor, davi: Visitor) -> None:
    ana.send("/app/types/0/save", name="Segredo")

    assert "Segredo" in ana.open("/app/types").text
    assert "Segredo" not in davi.open("/app/types").text
    assert davi.client.get("/app/types/1001").status_code == 404
