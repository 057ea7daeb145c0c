"""What every invoice says is judged together, so that nobody is sent back once for each field."""

from __future__ import annotations

import re

from lacre.web.console import plain_form
from lacre.web.console.particulars import ABROAD
from tests.support.firm import house, office
from tests.support.visitor import Visitor, text_of
from tests.web.console.test_invoices import INVOICE, ana, founded, typed_in

__all__ = ["ana", "house", "office"]
ALL_WRONG = {
    "customer_name": "", "tax_id": "1", "description": "", "service_code": "12", "amount": "muito",
    "issue_on": "", "email": "nobody",
}  # fmt: skip


def test_all_that_is_wrong_is_said_at_once_and_kept(ana: Visitor) -> None:
    founded(ana)
    blank = typed_in(ana.open("/app/invoices/new").text)

    answer = ana.send("/app/invoices/new", **blank | ALL_WRONG | {"intermediary.name": "Portal"})

    assert answer.status_code == 422
    told = re.findall(r'class="error" id="([\w.]+)-error"', answer.text)
    assert set(told) > ALL_WRONG.keys()
    assert [one for one in told if one.startswith("intermediary.")] != []
    assert "Escreva o código de tributação nacional (cTribNac): seis dígitos." in text_of(answer)
    assert 'value="muito"' in answer.text


def test_what_is_right_is_not_spoken_of() -> None:
    typed = dict.fromkeys((one.path for one in ABROAD.every_input), "") | INVOICE

    assert plain_form.wrong(typed) == {}
    assert plain_form.wrong(typed | {"amount": "muito"}).keys() == {"amount"}
    assert plain_form.wrong(typed | {"amount": "0", "service_code": ""}).keys() == {"amount", "service_code"}
