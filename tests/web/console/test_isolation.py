"""Davi's account sees nothing of Ana's: every address with one of her ids answers 404."""

from __future__ import annotations

import re

import httpx2
import pytest

from lacre.kit.ids import AccountId
from lacre.signing.envelope import Envelope
from tests.support.deliveries import deliveries_of, endpoint_of
from tests.support.house import House, person
from tests.support.visitor import Visitor


@pytest.fixture
def contract(house: House, account: AccountId) -> Envelope:
    endpoint_of(house, account)
    return house.send([person("Bruno Dias")], account=account, title="Segredo de Ana")


def test_anothers_pages_are_not_there(
    house: House, davi: Visitor, account: AccountId, contract: Envelope
) -> None:
    answers = [davi.open(address) for address in pages(house, account, contract)]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert not any("Segredo de Ana" in answer.text for answer in answers)


def test_anothers_forms_are_not_there_and_change_nothing(
    house: House, ana: Visitor, davi: Visitor, account: AccountId, contract: Envelope
) -> None:
    ana.send("/app/keys", dialect="zapsign")
    before = state(house, account, contract)

    answers = [
        davi.send(address, reason="x", signer=contract.signers[0].id)
        for address in forms(house, ana, contract)
    ]

    assert [answer.status_code for answer in answers] == [404] * len(answers)
    assert state(house, account, contract) == before


def test_lists_hold_only_what_is_ones_own(
    ana: Visitor, davi: Visitor, account: AccountId, house: House, contract: Envelope
) -> None:
    hers = deliveries_of(house, account)[0]

    for path in ("/app/", "/app/?q=segredo", "/app/deliveries", "/app/endpoints", "/app/keys"):
        assert contract.title not in davi.open(path).text
        assert hers.url not in davi.open(path).text
    for narrowed in (f"endpoint={hers.delivery.endpoint_id}", f"document={contract.id}"):
        assert hers.delivery.id not in davi.open(f"/app/deliveries?{narrowed}").text
        assert hers.delivery.id in ana.open(f"/app/deliveries?{narrowed}").text
    assert hers.delivery.event_id in ana.open("/app/events").text
    assert "/app/events/" not in davi.open(f"/app/events?document={contract.id}").text


@pytest.mark.parametrize(
    "path", ["/app/", "/app/deliveries", "/app/events", "/app/endpoints", "/app/keys", "/app/nowhere"]
)
def test_nobody_sees_a_page_without_signing_in(house: House, path: str) -> None:
    answer = httpx2.get(house.url + path, trust_env=False, timeout=120)

    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/app/login")


@pytest.mark.parametrize(
    "path", ["envelopes/x", "deliveries/%27", "endpoints/..", "envelopes/0/mails/1", "x/y/z"]
)
def test_what_is_no_address_is_not_there(ana: Visitor, path: str) -> None:
    assert ana.open(f"/app/{path}").status_code in (404, 303)


def pages(house: House, account: AccountId, contract: Envelope) -> list[str]:
    delivery = deliveries_of(house, account)[0].delivery
    return [
        f"/app/envelopes/{contract.id}",
        f"/app/envelopes/{contract.id}/mails/1",
        f"/app/envelopes/{contract.id}/mails/1/body",
        f"/app/deliveries/{delivery.id}",
        f"/app/events/{delivery.event_id}",
        f"/app/endpoints/{delivery.endpoint_id}",
    ]


def forms(house: House, ana: Visitor, contract: Envelope) -> list[str]:
    delivery = deliveries_of(house, contract.account_id)[0].delivery
    key = re.search(r'action="(/app/keys/[^"]+/revoke)"', ana.open("/app/keys").text)
    assert key is not None
    of_document = [
        f"/app/envelopes/{contract.id}/{verb}"
        for verb in ("reprocess", "reseal", "remind", "resend", "cancel")
    ]
    of_endpoint = [
        f"/app/endpoints/{delivery.endpoint_id}/{verb}" for verb in ("pause", "resume", "delete", "advanced")
    ]
    of_event = [f"/app/events/{delivery.event_id}/{verb}" for verb in ("replay", "retry")]
    return [*of_document, *of_endpoint, *of_event, f"/app/deliveries/{delivery.id}/retry", key[1]]


def state(house: House, account: AccountId, contract: Envelope) -> object:
    with house.services.open_work() as work:
        endpoint = work.endpoints.of_account(account)[0]
        keys = [one.revoked_at for one in work.accounts.keys(account)]
    return house.envelope(contract), endpoint, len(deliveries_of(house, account)), keys
