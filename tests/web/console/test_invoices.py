"""Companies, certificates and invoices in the console, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import httpx2
import pytest

from lacre.fiscal.note import IssKind
from lacre.fiscal.particulars import Benefit, Occasion, Suspension, Works
from lacre.fiscal.persons import Address, Person
from tests.support.firm import house, office
from tests.support.house import House
from tests.support.tax_office import MemoryOffice, rejected
from tests.support.visitor import SAME_ORIGIN, Visitor, new_account, text_of
from tests.support.working import eventually

__all__ = ["house", "office"]

COMPANY = {
    "name": "Papelaria Souza", "legal_name": "", "email": "notas@souza.test",
    "registry_code": "11.222.333/0001-81", "city_code": "3550308", "environment": "sandbox", "simples": "1",
}  # fmt: skip
INVOICE = {
    "customer_name": "Carolina", "tax_id": "529.982.247-25", "description": "Consultoria em papelaria",
    "service_code": "17.01.01", "amount": "1.234,56", "issue_on": "2026-11-23",
}  # fmt: skip


SUPPLIER = Person(
    tax_id="11222333000181",
    name="Madeiras",
    address=Address(
        street="Rua A", number="1", neighborhood="Centro", city_code="3550308", postal_code="01001000"
    ),
)
EVERYTHING = {
    "works.code": "12345",
    "occasion.name": "Feira", "occasion.starts_on": "2026-11-20", "occasion.ends_on": "2026-11-23",
    "occasion.code": "77",
    "suspension.kind": "1", "suspension.process": "1234567-20.2682.60100",
    "benefit.number": "35503080100001", "benefit.rate": "50,00",
    "federal.withheld_income_tax": "18,52", "federal.withheld_csll": "12,35",
    "deduction_documents.0.kind": "2", "deduction_documents.0.issued_on": "2026-11-01",
    "deduction_documents.0.deductible": "1.000,00", "deduction_documents.0.deducted": "100,00",
    "deduction_documents.0.nfe_key": "3" * 44,
    "deduction_documents.1.kind": "1", "deduction_documents.1.issued_on": "2026-11-02",
    "deduction_documents.1.deductible": "50.50", "deduction_documents.1.deducted": "50.50",
    "deduction_documents.1.fiscal_number": "123", "deduction_documents.1.supplier.name": "Madeiras",
    "deduction_documents.1.supplier.tax_id": "11222333000181",
    "deduction_documents.1.supplier.address.street": "Rua A",
    "deduction_documents.1.supplier.address.number": "1",
    "deduction_documents.1.supplier.address.neighborhood": "Centro",
    "deduction_documents.1.supplier.address.city_code": "3550308",
    "deduction_documents.1.supplier.address.postal_code": "01001-000",
    "iss_kind": "3", "rendered_in": "us", "nbs": "1.2345.67.89", "trade.mode": "4", "trade.link": "0",
    "trade.currency": "220", "trade.amount": "210,40",
}  # fmt: skip
TICKED = {"trade.tell_mdic": "on"}
"""More than one note may say: this office judges nothing."""


@pytest.fixture
def ana(house: House) -> Iterator[Visitor]:
    with Visitor(house, new_account(house)) as visitor:
        yield visitor


def founded(ana: Visitor) -> str:
    """A company with a document type; its page."""
    answer = ana.send("/app/companies/new", **COMPANY)
    page = answer.headers["location"]
    assert bring(ana, f"{page}/schemas", series="1", first="7").status_code == 303
    return str(page)


def bring(ana: Visitor, path: str, **said: str) -> httpx2.Response:
    said = {"form_token": ana.form_token, "password": "segredo", **said}
    files = {"certificate": ("a1.pfx", b"certificate")}
    return ana.client.post(path, data=said, files=files, headers=SAME_ORIGIN)


def issue(ana: Visitor, **said: str) -> str:
    """The page of an invoice that was just asked for."""
    schema = re.search(r'<option value="([0-9a-f-]{36})"', ana.open("/app/invoices/new").text)
    assert schema is not None
    answer = ana.send("/app/invoices/new", schema=schema[1], **INVOICE | said)
    assert answer.status_code == 303, text_of(answer)
    return str(answer.headers["location"])


def typed_in(page: str) -> dict[str, str]:
    """What stands in the form of a new invoice."""
    found = dict(re.findall(r'<input [^>]*?name="([a-z_.0-9]+)"[^>]*? value="([^"]*)"', page))
    found |= dict(re.findall(r'<textarea [^>]*?name="([a-z_]+)"[^>]*>([^<]*)</textarea>', page))
    selects = re.findall(r'<select [^>]*?name="([a-z_.0-9]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    chosen = [(name, _chosen(options)) for name, options in selects]
    left_out = ("form_token", "once", *TICKED)
    return {name: value for name, value in [*found.items(), *chosen] if name not in left_out}


def _chosen(options: str) -> str:
    found = re.search(r'<option value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
    return found[1] if found else ""


def file_called(ana: Visitor, page: str, name: str) -> str:
    """What it holds, once it is there."""
    seen(ana, page, name)
    before = ana.open(page).text.partition(f"<span>{name}</span>")[0]
    return ana.open(re.findall(rf'href="({page}/files/[^"]+)"', before)[-1]).text


def seen(ana: Visitor, page: str, words: str) -> str:
    """The page once it says that."""
    eventually(lambda: words in text_of(ana.open(page)))
    return text_of(ana.open(page))


def test_an_empty_account_is_led_to_its_company(ana: Visitor) -> None:
    assert "Nenhuma empresa pode emitir ainda" in text_of(ana.open("/app/invoices"))
    assert "Nenhuma empresa ainda" in text_of(ana.open("/app/companies"))


def test_a_company_and_its_certificate_are_kept(ana: Visitor) -> None:
    page = founded(ana)

    shown = text_of(ana.open(page))

    assert "11.222.333/0001-81" in shown
    assert "PAPELARIA SOUZA LTDA" in shown
    assert "Simulação: sem valor legal" in text_of(ana.open("/app/companies"))


def test_the_number_of_the_next_note_is_told_before_the_first_and_after(ana: Visitor) -> None:
    page = founded(ana)

    before = text_of(ana.open(page))
    issue(ana)

    assert "Próximo número" in before
    assert "série 1 Próximo número 7 PAPELARIA" in before
    assert "série 1 Próximo número 8 PAPELARIA" in text_of(ana.open(page))


def test_what_is_wrong_with_a_company_is_said_beside_its_field(ana: Visitor) -> None:
    wrong = {"registry_code": "1", "city_code": "1", "email": "a"}

    answer = ana.send("/app/companies/new", **COMPANY | wrong)

    assert answer.status_code == 422
    assert "Escreva um e-mail como" in text_of(answer)
    assert "Escreva um CPF ou CNPJ válido." in text_of(answer)
    assert "Escreva o código do IBGE do município: sete dígitos." in text_of(answer)


def test_a_document_type_that_cannot_be_says_why_at_its_fields_and_keeps_what_was_typed(ana: Visitor) -> None:
    page = ana.send("/app/companies/new", **COMPANY).headers["location"]

    answer = bring(ana, f"{page}/schemas", series="0", first="1.000", schema_name="Filial", password="wrong")

    assert answer.status_code == 422
    assert re.findall(r'class="error" id="(\w+)-error"', answer.text) == ["series", "first", "certificate"]
    assert 'value="Filial"' in answer.text
    assert 'value="1.000"' in answer.text
    assert "Nenhum ainda." in text_of(ana.open(page))


def test_a_series_is_not_begun_below_where_it_is_and_what_was_typed_stays(ana: Visitor) -> None:
    page = founded(ana)

    answer = bring(ana, f"{page}/schemas", series="1", first="3", schema_name="Filial")

    assert answer.status_code == 422
    assert "As notas desta série já passaram" in answer.text.partition('id="first-error"')[2]
    assert 'value="Filial"' in answer.text


def test_a_certificate_that_does_not_open_is_refused_and_can_be_replaced(ana: Visitor) -> None:
    page = founded(ana)
    schema = re.search(r'name="schema" value="([^"]+)"', ana.open(page).text)
    assert schema is not None

    bring(ana, f"{page}/certificate", schema=schema[1], password="wrong")
    refused = text_of(ana.open(page))
    bring(ana, f"{page}/certificate", schema=schema[1])

    assert "O certificado não pode ser usado: a senha não o abre." in refused
    assert "O certificado foi guardado, cifrado." in text_of(ana.open(page))


def test_an_invoice_is_issued_and_its_files_are_downloaded(ana: Visitor) -> None:
    founded(ana)
    page = issue(ana)

    shown = seen(ana, page, "Nota impressa (PDF)")

    assert "Emitida" in shown
    assert "R$" in shown
    assert "1.234,56" in shown
    assert "1 / 7" in shown
    files = re.findall(rf'href="({page}/files/[^"]+)"', ana.open(page).text)
    kinds = {ana.open(one).headers["content-type"] for one in files}
    assert kinds == {"application/pdf", "application/xml"}
    assert "Carolina" in text_of(ana.open("/app/invoices?q=carolina&status=issued"))


def test_what_the_tax_office_refused_is_shown_with_what_to_do(ana: Visitor, office: MemoryOffice) -> None:
    founded(ana)
    office.answers = [rejected()]

    shown = seen(ana, issue(ana), "Rejeitada")

    assert "E0625" in shown
    assert "Confira a alíquota." in shown


def test_an_issued_invoice_is_canceled_with_a_reason(ana: Visitor) -> None:
    founded(ana)
    page = issue(ana)
    seen(ana, page, "Substituir…")

    short = ana.send(f"{page}/cancel", reason="2", text="curto")
    asked = ana.send_and_look(f"{page}/cancel", reason="1", text="Serviço lançado com o valor errado")

    assert "Diga em 15 a 255 caracteres" in short.text.partition('id="text-error"')[2]
    assert ">curto</textarea>" in short.text
    assert 'value="2" checked' in short.text
    assert "O cancelamento da nota foi pedido" in text_of(asked)
    assert "Nota cancelada" in seen(ana, page, "Nota cancelada")


def test_the_paper_of_a_canceled_invoice_is_not_called_as_that_of_the_issued_one(ana: Visitor) -> None:
    founded(ana)
    page = issue(ana)
    before = seen(ana, page, "Nota impressa (PDF)")
    ana.send(f"{page}/cancel", reason="1", text="Serviço lançado com o valor errado")

    after = seen(ana, page, "Nota impressa, como cancelada (PDF)")

    assert before.count("Nota impressa (PDF)") == 2, "among the files, and where it is told that it came"
    assert "Nota impressa (PDF)" not in after
    assert after.count("Nota impressa, como emitida (PDF)") == 2
    assert after.count("Nota impressa, como cancelada (PDF)") == 2
    links = re.findall(rf'href="({page}/files/[^"]+)"', ana.open(page).text)
    assert len({ana.open(one).headers["content-disposition"] for one in links}) == len(links)


def test_an_issued_invoice_is_replaced_by_what_its_form_says_anew(ana: Visitor, office: MemoryOffice) -> None:
    founded(ana)
    old = issue(ana)
    seen(ana, old, "Substituir…")
    form = f"/app/invoices/new?replaces={old.rpartition('/')[2]}"

    said = typed_in(ana.open(form).text) | {"amount": "1.200,00", "replace_text": "curto"}
    unexplained = ana.send("/app/invoices/new", **said)
    made = ana.send("/app/invoices/new", **said | {"replace_text": "O valor do serviço estava errado"})

    assert said["description"] == "Consultoria em papelaria"
    assert (unexplained.status_code, made.status_code) == (422, 303)
    assert "Diga em 15 a 255 caracteres por que ela é substituída." in text_of(unexplained)
    assert "Foi pedida no lugar de outra." in text_of(ana.open(made.headers["location"]))
    assert "Outra nota tomou o lugar desta." in seen(ana, old, "Nota cancelada")
    assert "e105102" in file_called(ana, old, "Cancelamento registrado pelo sistema nacional (XML)")
    note = office.built[-1]
    assert (str(note.amounts.service), note.service.national_code) == ("1200.00", "170101")


def test_what_was_replaced_is_not_replaced_again(ana: Visitor) -> None:
    founded(ana)
    old = issue(ana)
    seen(ana, old, "Substituir…")
    again = {"replaces": old.rpartition("/")[2], "replace_text": "O valor do serviço estava errado"}
    issue(ana, **again)
    seen(ana, old, "Nota cancelada")

    blank = typed_in(ana.open("/app/invoices/new").text)
    answer = ana.send_and_look("/app/invoices/new", **(blank | INVOICE | again))

    assert "Outra nota já tomou o lugar desta." in text_of(answer)


def test_what_only_some_notes_say_is_said_in_the_form_and_stands_when_one_is_replaced(
    ana: Visitor, office: MemoryOffice
) -> None:
    founded(ana)
    old = issue(ana, **EVERYTHING, **TICKED)
    seen(ana, old, "Substituir…")
    first = office.built[-1]
    form = f"/app/invoices/new?replaces={old.rpartition('/')[2]}"
    changed = {"replace_text": "A obra era outra, como se viu", "works.code": "", "works.cib": "1234567A"}

    made = ana.send("/app/invoices/new", **typed_in(ana.open(form).text) | TICKED | changed)

    assert made.status_code == 303, text_of(made)
    second = office.built[-1]
    assert (first.works, first.occasion) == (
        Works(code="12345"),
        Occasion(name="Feira", starts_on=date(2026, 11, 20), ends_on=date(2026, 11, 23), code="77"),
    )
    assert first.iss.suspension == Suspension(kind="1", process="123456720268260100")
    assert first.iss.benefit == Benefit(number="35503080100001", rate=Decimal("50.00"))
    assert first.federal is not None
    assert first.federal.withheld_income_tax == Decimal("18.52")
    assert [(one.kind, one.deducted, one.nfe_key) for one in first.amounts.documents] == [
        ("2", Decimal("100.00"), "3" * 44), ("1", Decimal("50.50"), ""),
    ]  # fmt: skip
    assert first.amounts.documents[1].supplier == SUPPLIER
    assert first.trade is not None
    assert (first.trade.amount, first.trade.tell_mdic) == (Decimal("210.40"), True)
    assert (first.service.country, first.service.nbs, first.iss.kind) == ("US", "123456789", IssKind.EXPORT)
    assert second.works == Works(cib="1234567A")
    assert replace(second.amounts, service=first.amounts.service) == first.amounts
    assert (second.occasion, second.iss, second.federal) == (first.occasion, first.iss, first.federal)


@pytest.mark.parametrize(
    ("said", "place", "words"),
    [
        ({"occasion.name": "Feira"}, "occasion.starts_on", "Preencha este campo."),
        ({"federal.base": "muito"}, "federal.base", "Escreva um número com até duas casas decimais"),
        ({"deduction_documents.0.kind": "2"}, "deduction_documents.0.issued_on", "Preencha este campo."),
        ({"nbs": "1", "rendered_in": "USA"}, "", ""),
    ],
)
def test_what_is_wrong_with_what_is_rare_is_said_beside_it(
    ana: Visitor, said: dict[str, str], place: str, words: str
) -> None:
    founded(ana)
    schema = re.search(r'<option value="([0-9a-f-]{36})"', ana.open("/app/invoices/new").text)
    assert schema is not None

    answer = ana.send("/app/invoices/new", schema=schema[1], **INVOICE | said)

    if not place:
        assert answer.status_code == 303
        return
    assert answer.status_code == 422
    assert f'id="{place}-error"' in answer.text
    assert words in text_of(answer)
    assert 'class="fold" id="' in answer.text
    assert " open><summary>" in answer.text


def test_one_more_document_is_asked_for_without_scripts(ana: Visitor) -> None:
    founded(ana)

    page = ana.send("/app/invoices/new", more="document", **{"deduction_documents.0.kind": "2"})

    assert 'name="deduction_documents.1.kind"' in page.text
    assert 'value="2" selected' in page.text


def test_nobody_replaces_another_account_s(house: House, ana: Visitor) -> None:
    founded(ana)
    old = issue(ana)
    seen(ana, old, "Substituir…")
    with Visitor(house, new_account(house)) as stranger:
        founded(stranger)
        assert stranger.open(f"/app/invoices/new?replaces={old.rpartition('/')[2]}").status_code == 404
        assert stranger.open("/app/invoices/new?replaces=nobody").status_code == 404


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"amount": "muito"}, "Escreva um valor como 1.234,56."),
        ({"tax_id": "1"}, "Escreva um CPF ou CNPJ válido."),
        ({"service_code": "12"}, "Escreva seis dígitos."),
    ],
)
def test_what_is_wrong_with_an_invoice_is_said_on_its_form(
    ana: Visitor, said: dict[str, str], words: str
) -> None:
    founded(ana)
    schema = re.search(r'<option value="([0-9a-f-]{36})"', ana.open("/app/invoices/new").text)
    assert schema is not None

    answer = ana.send("/app/invoices/new", schema=schema[1], **INVOICE | said)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert "Consultoria em papelaria" in answer.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Give six digits."), ("es", "Give six digits."), ("pt-br", "Escreva seis dígitos.")],
)
def test_what_is_wrong_is_said_in_the_reader_s_language(ana: Visitor, language: str, words: str) -> None:
    """The fake office's own sentence has no Spanish: what has none stays in English."""
    founded(ana)
    schema = re.search(r'<option value="([0-9a-f-]{36})"', ana.open("/app/invoices/new").text)
    assert schema is not None
    said = INVOICE | {"service_code": "12", "schema": schema[1]}

    answer = ana.send(f"/app/invoices/new?lang={language}", **said)

    assert words in text_of(answer)


def test_nobody_opens_another_account_s(house: House, ana: Visitor) -> None:
    company, invoice = founded(ana), issue(ana)
    with Visitor(house, new_account(house)) as davi:
        for page in (company, invoice):
            assert davi.open(page).status_code == 404
        assert davi.send(f"{invoice}/cancel", text="Serviço lançado com o valor errado").status_code == 404
