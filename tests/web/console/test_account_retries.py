"""The retries of all webhooks of an account, chosen on a page of their own."""

from __future__ import annotations

from lacre.kit.ids import AccountId
from lacre.webhooks.promise import Terms
from tests.support.house import House
from tests.support.visitor import Visitor

PAGE = "/app/endpoints/retries"


def agreed(house: House, account: AccountId) -> Terms | None:
    with house.services.open_work() as work:
        return work.endpoints.agreed(account)


def test_attempts_and_pause_are_chosen_and_shown_again(
    ana: Visitor, house: House, account: AccountId
) -> None:
    answer = ana.send(PAGE, attempts="3", pause="5", success="200")

    assert answer.status_code == 303
    assert agreed(house, account) == Terms(retry=(300, 300), only_200=True)
    assert 'value="3"' in ana.open(PAGE).text


def test_empty_is_as_is_usual(ana: Visitor, house: House, account: AccountId) -> None:
    ana.send(PAGE, attempts="3", pause="5", success="")
    ana.send(PAGE, attempts="", pause="", success="")

    assert agreed(house, account) is None


def test_more_than_thirty_are_refused_at_the_field(ana: Visitor, house: House, account: AccountId) -> None:
    answer = ana.send(PAGE, attempts="31", pause="5", success="")

    assert answer.status_code == 422
    assert "no máximo 30 tentativas" in answer.text
    assert agreed(house, account) is None
