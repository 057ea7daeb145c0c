"""A form that a browser without scripts sends twice does its work once."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from lacre.kit.ids import AccountId
from tests.support.house import House
from tests.support.visitor import SAME_ORIGIN, Visitor

HOOK = {"url": "https://erp.example.test/hook", "dialect": "native"}


def test_a_form_that_goes_out_twice_at_once_does_its_work_once(
    ana: Visitor, house: House, account: AccountId
) -> None:
    mark, ready = mark_on(ana, "/app/endpoints/new"), Barrier(2)
    form = {"form_token": ana.form_token, "once": mark, **HOOK}

    def press(_: int) -> str:
        ready.wait()
        return ana.client.post("/app/endpoints/new", data=form, headers=SAME_ORIGIN).text

    with ThreadPoolExecutor(2) as hands:
        first, second = hands.map(press, range(2))

    with house.services.open_work() as work:
        assert len(work.endpoints.of_account(account)) == 1
    assert secret_in(first) == secret_in(second)


def test_what_leads_on_leads_there_again(ana: Visitor) -> None:
    mark = mark_on(ana, "/app/groups")

    answers = [ana.send("/app/groups", name="Financeiro", once=mark) for _ in range(2)]

    assert [one.headers["location"] for one in answers] == ["/app/groups"] * 2
    assert ana.open("/app/groups").text.count('href="/app/groups/') == 1


def test_the_same_form_with_something_else_in_it_is_another(ana: Visitor) -> None:
    mark = mark_on(ana, "/app/groups")

    for name in ("Financeiro", "Jurídico"):
        ana.send("/app/groups", name=name, once=mark)

    assert ana.open("/app/groups").text.count('href="/app/groups/') == 2


def test_a_form_that_was_turned_back_may_be_sent_again(ana: Visitor) -> None:
    mark = mark_on(ana, "/app/groups")

    codes = [ana.send("/app/groups", name="", once=mark).status_code for _ in range(2)]

    assert codes == [422, 422]


def test_each_page_has_a_mark_of_its_own(ana: Visitor) -> None:
    assert mark_on(ana, "/app/groups") != mark_on(ana, "/app/groups")


def mark_on(ana: Visitor, page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', ana.open(page).text)
    assert found is not None
    return found[1]


def secret_in(page: str) -> str:
    found = re.search(r"whsec_[A-Za-z0-9+/=]+", page)
    assert found is not None
    return found[0]
