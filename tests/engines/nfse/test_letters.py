"""CNPJs with letters, which the national system takes since August 2026."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pypdfium2
import pytest

from lacre.engines.nfse import DanfsePrinter, schema
from lacre.engines.sefin.issuing import check_digit
from lacre.fiscal.note import Amounts, Substitution
from lacre.fiscal.particulars import DeductedDocument
from lacre.fiscal.persons import Person
from lacre.fiscal.ports import Accepted, Cancelled
from tests.support.sefin import SefinDesk, an_address, today

COMPANY, CUSTOMER = "12ABC34501DE35", "A1B2C3D4E5F668"
LETTERED = Person(tax_id=CUSTOMER, name="Cliente com letras", address=an_address())
OTHER_KEY = "4106902" + "7" * 43


@pytest.fixture(scope="module")
def desk() -> Iterator[SefinDesk]:
    desk = SefinDesk(company=COMPANY)
    yield desk
    desk.close()


def test_a_company_and_a_customer_with_letters_are_on_a_note(desk: SefinDesk) -> None:
    asked = desk.signed(customer=LETTERED)

    note = desk.office.issue(asked, desk.certificate)

    assert isinstance(note, Accepted)
    assert note.key[9:23] == COMPANY
    assert f"<CNPJ>{CUSTOMER}</CNPJ>".encode() in note.xml
    assert desk.office.look_up(asked, desk.certificate) == note


def test_a_note_of_a_company_with_letters_is_canceled(desk: SefinDesk) -> None:
    cancellation = desk.cancellation(desk.issued().key)

    canceled = desk.office.cancel(cancellation, desk.certificate)

    assert isinstance(canceled, Cancelled)
    assert desk.office.look_up_cancellation(cancellation, desk.certificate) == canceled


def test_a_note_of_a_company_with_letters_is_replaced(desk: SefinDesk) -> None:
    old = desk.issued().key

    new = desk.issued(replaces=Substitution(key=old, reason="99", text="O valor estava errado"))

    assert f"<chSubstda>{old}</chSubstda>".encode() in new.xml


def test_a_bill_whose_key_has_letters_is_deducted(desk: SefinDesk) -> None:
    bill = DeductedDocument(
        nfe_key=f"412611{COMPANY}{'5' * 24}",
        kind="2",
        issued_on=today(),
        deductible=Decimal(10),
        deducted=Decimal(10),
    )

    note = desk.issued(amounts=Amounts(service=Decimal(1000), documents=(bill,)))

    assert bill.nfe_key.encode() in note.xml


def test_the_paper_writes_letters_as_a_cnpj_has_them(desk: SefinDesk) -> None:
    paper = pypdfium2.PdfDocument(DanfsePrinter().print(desk.issued(customer=LETTERED).xml))

    text = paper[0].get_textpage().get_text_bounded()

    assert "12.ABC.345/01DE-35" in text
    assert "A1.B2C.3D4/E5F6-68" in text


@pytest.mark.parametrize(("element", "wrong"), [("CNPJ", COMPANY.lower()), ("chSubstda", "A" * 50)])
def test_letters_are_taken_nowhere_else(desk: SefinDesk, element: str, wrong: str) -> None:
    replaces = Substitution(key=OTHER_KEY, reason="99", text="O valor estava errado")
    root = schema.parse(desk.unchecked(replaces=replaces).xml)
    before = schema.violations(root, schema.DPS)

    next(root.iter(f"{{*}}{element}")).text = wrong

    assert before == ()
    assert schema.violations(root, schema.DPS)


def test_a_letter_counts_in_the_check_digit_of_a_key_as_in_a_cnpj() -> None:
    key = f"355030822{COMPANY}{12:013}2609135792468"

    assert check_digit(key) == 2


def test_a_cpf_has_no_letters_in_the_id_of_a_declaration(desk: SefinDesk) -> None:
    root = schema.parse(desk.draft().xml)
    declared = root[0].get("Id", "")

    root[0].set("Id", declared[:10] + "1" + declared[11:])

    assert schema.violations(root, schema.DPS)
