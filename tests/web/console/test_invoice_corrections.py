"""An invoice that came to nothing is corrected and issued again, from its page."""

from __future__ import annotations

from datetime import date

import httpx2

from lacre.fiscal.ports import CertificateRefused
from tests.support.firm import house, office
from tests.support.house import House
from tests.support.tax_office import MemoryOffice, rejected
from tests.support.visitor import Visitor, new_account, text_of
from tests.web.console.test_invoices import ana, founded, issue, seen, typed_in

__all__ = ["ana", "house", "office"]
OFFER = "Corrigir e emitir de novo"


def refused(ana: Visitor, office: MemoryOffice, **said: str) -> str:
    """The page of an invoice that the tax office rejected."""
    office.answers = [rejected()]
    page = issue(ana, **said)
    seen(ana, page, "Rejeitada")
    return page


def form_of(page: str) -> str:
    return f"/app/invoices/new?corrects={page.rpartition('/')[2]}"


def corrected(ana: Visitor, page: str, **said: str) -> httpx2.Response:
    return ana.send("/app/invoices/new", **typed_in(ana.open(form_of(page)).text) | said)


def test_a_rejected_one_is_issued_again_with_what_its_form_corrects(
    ana: Visitor, office: MemoryOffice
) -> None:
    founded(ana)
    page = refused(ana, office, issue_on="2026-11-20", **{"works.code": "12345"})

    made = corrected(ana, page, amount="1.200,00")

    assert made.status_code == 303, text_of(made)
    assert "Emitida" in seen(ana, made.headers["location"], "Nota impressa (PDF)")
    first, second = office.built[-2:]
    assert (str(first.amounts.service), str(second.amounts.service)) == ("1234.56", "1200.00")
    assert (second.competence_on, second.works) == (date(2026, 11, 20), first.works)
    assert (second.customer, second.service) == (first.customer, first.service)


def test_its_form_says_what_the_tax_office_said(ana: Visitor, office: MemoryOffice) -> None:
    founded(ana)
    page = refused(ana, office)

    form = ana.open(form_of(page)).text
    again = corrected(ana, page, amount="muito")

    assert form_of(page) in ana.open(page).text
    assert "Confira a alíquota." in form
    assert again.status_code == 422
    assert "Confira a alíquota." in again.text
    assert typed_in(again.text)["corrects"] == page.rpartition("/")[2]


def test_one_that_was_to_replace_another_is_issued_again_in_its_place(
    ana: Visitor, office: MemoryOffice
) -> None:
    founded(ana)
    old = issue(ana)
    seen(ana, old, "Substituir…")
    why = {
        "replaces": old.rpartition("/")[2],
        "replace_reason": "05",
        "replace_text": "O cliente recusou a nota",
    }
    page = refused(ana, office, **why)

    made = corrected(ana, page)

    assert made.status_code == 303, text_of(made)
    assert "Outra nota tomou o lugar desta." in seen(ana, old, "Nota cancelada")
    replaces = office.built[-1].replaces
    assert replaces is not None
    assert (replaces.reason, replaces.text) == ("05", "O cliente recusou a nota")


def test_one_that_failed_is_tried_again_or_corrected(ana: Visitor, office: MemoryOffice) -> None:
    founded(ana)
    office.answers = [CertificateRefused(reason="expired")]
    page = issue(ana)

    shown = seen(ana, page, "Tentar de novo")

    assert OFFER in shown
    assert corrected(ana, page).status_code == 303


def test_one_that_was_issued_is_not_corrected(ana: Visitor, office: MemoryOffice) -> None:
    """Also not by a form that was opened before it was tried again."""
    founded(ana)
    office.answers = [CertificateRefused(reason="expired")]
    page = issue(ana)
    seen(ana, page, OFFER)
    typed = typed_in(ana.open(form_of(page)).text)
    ana.send(f"{page}/retry")
    shown = seen(ana, page, "Nota impressa (PDF)")

    late = ana.send_and_look("/app/invoices/new", **typed)

    assert OFFER not in shown
    assert "Só uma nota que não foi nem será emitida pode ser corrigida" in text_of(late)
    assert ana.open(form_of(page)).headers["location"] == page


def test_the_two_name_each_other_on_their_pages(ana: Visitor, office: MemoryOffice) -> None:
    founded(ana)
    page = refused(ana, office)

    new = corrected(ana, page).headers["location"]

    assert f'Foi corrigida: outra nota foi pedida no lugar. <a href="{new}">' in ana.open(page).text
    assert f'Corrige uma que não foi emitida. <a href="{page}">' in ana.open(new).text


def test_one_that_was_corrected_is_neither_corrected_nor_tried_again(
    ana: Visitor, office: MemoryOffice
) -> None:
    """Two notes of one service would come of it: also by a form that was open in two windows."""
    founded(ana)
    office.answers = [CertificateRefused(reason="expired")]
    page = issue(ana)
    seen(ana, page, OFFER)
    typed, other = (typed_in(ana.open(form_of(page)).text) for _ in range(2))
    first = ana.send("/app/invoices/new", **typed)

    second = ana.send_and_look("/app/invoices/new", **other)
    tried = ana.send_and_look(f"{page}/retry")

    assert first.status_code == 303
    shown = ana.open(page).text
    assert OFFER not in shown
    assert "Tentar de novo" not in shown
    for said in (second, tried):
        assert "Outra nota já foi pedida no lugar desta" in text_of(said)


def test_nobody_corrects_another_account_s(house: House, ana: Visitor, office: MemoryOffice) -> None:
    founded(ana)
    page = refused(ana, office)
    with Visitor(house, new_account(house)) as stranger:
        founded(stranger)
        assert stranger.open(form_of(page)).status_code == 404
