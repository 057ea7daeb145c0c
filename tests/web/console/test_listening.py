"""What a webhook hears and the headers that it is sent with, changed later; what is wrong is said at once."""

from __future__ import annotations

import re

from lacre.kit.ids import AccountId
from lacre.webhooks.endpoint import Endpoint
from tests.support.deliveries import endpoint_of
from tests.support.house import House
from tests.support.visitor import Visitor, text_of

TEMPLATE = "0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30"


def test_all_that_is_wrong_is_said_at_once(ana: Visitor) -> None:
    said = {"headers": "sem valor", "retry": "waits", "waits": "soon", "rate_count": "ten", "ca_pem": "x"}

    answer = ana.send("/app/endpoints/new", url="nowhere", dialect="native", template="x", **said)

    places = re.findall(r'class="error" id="([\w-]+)-error"', answer.text)
    assert places == ["url", "template", "headers", "retry", "rate", "ca_pem"]


def test_what_is_heard_and_which_headers_are_sent_is_changed_later(
    ana: Visitor, house: House, account: AccountId
) -> None:
    page = f"/app/endpoints/{endpoint_of(house, account).id}"
    said = {"types-zapsign": "doc_signed", "template": TEMPLATE, "headers": "Authorization: Bearer a:b"}
    looked = ana.send_and_look(f"{page}/listening", **said)
    form = ana.open(f"{page}/listening").text
    ana.send(f"{page}/listening", **{**said, "headers": ""})
    left = the_only(house, account)
    ana.send(f"{page}/listening", headers_gone="1")
    now = the_only(house, account)

    assert f"doc_signed · do modelo {TEMPLATE}" in text_of(looked)
    assert 'value="doc_signed" checked' in form
    assert "Há: Authorization. Em branco, ficam como estão" in form
    assert "Bearer a:b" not in form
    assert (left.types, left.template_id) == (("doc_signed",), TEMPLATE)
    assert left.secrets.headers == (("Authorization", "Bearer a:b"),)
    assert (now.types, now.template_id, now.secrets.headers) == ((), "", ())


def test_a_header_that_cannot_be_sent_is_refused_and_changes_nothing(
    ana: Visitor, house: House, account: AccountId
) -> None:
    page = f"/app/endpoints/{endpoint_of(house, account).id}"

    answer = ana.send(f"{page}/listening", headers="Host: outro", **{"types-zapsign": "doc_signed"})

    assert answer.status_code == 422
    assert 'id="headers-error"' in answer.text
    assert 'value="doc_signed" checked' in answer.text
    assert the_only(house, account).types == ()


def the_only(house: House, account: AccountId) -> Endpoint:
    with house.services.open_work() as work:
        return work.endpoints.of_account(account)[0]
