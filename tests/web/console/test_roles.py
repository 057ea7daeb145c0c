"""People who look after nothing see documents alone, and some of them only those that they sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lacre.accounts.account import Role
from lacre.kit.ids import AccountId
from lacre.signing.envelope import Envelope
from lacre.signing.options import EnvelopeOptions
from lacre.web.console.permits import OF_THE_ACCOUNT
from tests.support.house import House, person
from tests.support.visitor import Visitor


@pytest.fixture
def member(house: House, account: AccountId) -> Iterator[Visitor]:
    with Visitor(house, account, role=Role.MEMBER) as visitor:
        yield visitor


@pytest.fixture
def limited(house: House, account: AccountId) -> Iterator[Visitor]:
    with Visitor(house, account, role=Role.LIMITED) as visitor:
        yield visitor


def _sent(house: House, account: AccountId, title: str, by: str) -> Envelope:
    options = EnvelopeOptions(created_by=by)
    return house.send([person("Bruno Dias")], account=account, title=title, options=options)


@pytest.mark.parametrize("path", OF_THE_ACCOUNT)
def test_what_is_of_the_account_is_not_there_for_a_member(ana: Visitor, member: Visitor, path: str) -> None:
    assert member.open(path).status_code == 404
    assert f'href="{path}"' in ana.open("/app/").text or path in (
        "/app/replays",
        "/app/groups",
        "/app/types",
        "/app/companies",
        "/app/event-types",
    )
    assert f'href="{path}"' not in member.open("/app/").text


def test_a_member_sees_every_document_and_creates_no_key(
    house: House, account: AccountId, member: Visitor
) -> None:
    contract = _sent(house, account, "Locação", "outra@example.test")

    assert member.open(f"/app/envelopes/{contract.id}").status_code == 200
    assert member.send("/app/keys", name="ERP", dialect="native").status_code == 404
    with house.services.open_work() as work:
        assert work.accounts.keys(account) == []


def test_who_is_limited_sees_only_what_they_sent(house: House, account: AccountId, limited: Visitor) -> None:
    mine = _sent(house, account, "Meu contrato", limited.user.email)
    other = _sent(house, account, "Contrato alheio", "outra@example.test")

    listed = limited.open("/app/").text

    assert ("Meu contrato" in listed, "Contrato alheio" in listed) == (True, False)
    assert limited.open(f"/app/envelopes/{mine.id}").status_code == 200
    assert limited.open(f"/app/envelopes/{other.id}").status_code == 404
    limited.send(f"/app/envelopes/{other.id}/cancel", reason="não")
    assert house.envelope(other).open
