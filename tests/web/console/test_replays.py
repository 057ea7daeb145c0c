"""Replays in the console: chosen, counted, begun, watched, stopped."""

from __future__ import annotations

import re

import pytest

from lacre.kit.ids import AccountId, ReplayId
from lacre.signing.envelope import Envelope
from lacre.webhooks import replaying
from lacre.webhooks.delivery import DeliveryStatus
from tests.support.deliveries import answered, attempt, deliveries_of, endpoint_of
from tests.support.house import House, person
from tests.support.visitor import Visitor, text_of

NEW = "/app/replays/new"
LOST, DONE = DeliveryStatus.DISCARDED, DeliveryStatus.DELIVERED


@pytest.fixture
def contract(house: House, account: AccountId) -> Envelope:
    """Its one delivery was given up."""
    endpoint_of(house, account)
    sent = house.send([person("Bruno Dias")], account=account, title="Locação")
    attempt(house, account, answered(500), LOST)
    return sent


@pytest.mark.usefixtures("contract")
def test_what_would_be_sent_is_counted_before_it_is_asked_for(
    ana: Visitor, house: House, account: AccountId
) -> None:
    counted = ana.open(NEW)
    page = ana.send_and_look(NEW, **fields(counted.text))
    replay = page.url.path

    assert "1 entrega será criada" in text_of(counted)
    assert "Começou." in text_of(page)
    assert f'action="{replay}/stop"' in page.text
    assert "Em andamento" in text_of(page)
    assert len(deliveries_of(house, account)) == 1

    work_off(house, account)

    shown = text_of(ana.open(replay))
    assert "Concluído" in shown
    assert "1 entrega criada" in shown
    assert [one.delivery.replay_of is None for one in deliveries_of(house, account)] == [False, True]


def test_a_new_endpoint_may_be_told_what_it_missed(ana: Visitor, house: House, account: AccountId) -> None:
    house.send([person("Bruno Dias")], account=account)
    endpoint = endpoint_of(house, account)

    failed = ana.open(f"{NEW}?endpoint={endpoint.id}")
    missed = ana.open(f"{NEW}?endpoint={endpoint.id}&scope=missing")

    assert f"{NEW}?endpoint={endpoint.id}" in ana.open(f"/app/endpoints/{endpoint.id}").text
    assert "Nada a reprocessar" in text_of(failed)
    assert "1 entrega será criada" in text_of(missed)


@pytest.mark.usefixtures("contract")
def test_a_replay_is_narrowed_by_document_type_and_time(ana: Visitor, contract: Envelope) -> None:
    asked = f"{NEW}?scope=failed&span=ever"

    assert "Só do documento “Locação”." in text_of(ana.open(f"{asked}&document={contract.id}"))
    assert "1 entrega" in text_of(ana.open(f"{asked}&types=signing.envelope_created"))
    assert "Nada a reprocessar" in text_of(ana.open(f"{asked}&types=signing.signer_signed"))
    assert "Nada a reprocessar" in text_of(ana.open(f"{asked}&day=2999-01-01"))


@pytest.mark.usefixtures("contract")
def test_a_replay_is_stopped_and_stays_in_the_list(ana: Visitor, house: House, account: AccountId) -> None:
    page = ana.send_and_look(NEW, **fields(ana.open(NEW).text))

    stopped = ana.send_and_look(f"{page.url.path}/stop")
    work_off(house, account)

    listed = ana.open("/app/replays")
    assert "O que ainda não tinha saído é desfeito." in text_of(stopped)
    assert page.url.path in listed.text
    assert "Parado" in text_of(listed)
    assert len(deliveries_of(house, account)) == 1


@pytest.mark.usefixtures("contract")
def test_asked_twice_it_is_the_same_replay(ana: Visitor) -> None:
    chosen = fields(ana.open(NEW).text)

    first, again = (ana.send_and_look(NEW, **chosen) for _ in range(2))

    assert first.url == again.url
    assert "já está sendo reprocessado" in text_of(again)


def test_an_instant_that_nobody_chose_is_refused(ana: Visitor) -> None:
    page = ana.send_and_look(NEW, scope="all", since="ontem")

    assert "Escolha de novo desde quando." in text_of(page)


@pytest.mark.usefixtures("contract")
def test_the_chosen_deliveries_are_sent_again(ana: Visitor, house: House, account: AccountId) -> None:
    lost = deliveries_of(house, account)[0].delivery.id
    listed = ana.open("/app/deliveries?status=discarded").text

    page = ana.send_and_look("/app/deliveries/retry", delivery=lost)
    nothing = ana.send_and_look("/app/deliveries/retry")

    assert f'value="{lost}"' in listed
    assert "1 entrega a caminho de novo." in text_of(page)
    assert "Escolha pelo menos uma entrega." in text_of(nothing)
    assert deliveries_of(house, account)[0].delivery.replay_of == lost


@pytest.mark.usefixtures("contract")
def test_all_that_failed_is_offered_unless_a_search_narrows_the_list(ana: Visitor) -> None:
    everything = ana.open("/app/deliveries?status=discarded").text
    searched = ana.open("/app/deliveries?status=discarded&document=Loca").text

    assert "Reprocessar tudo o que falhou…" in everything
    assert "Reprocessar as escolhidas" in searched
    assert "Reprocessar tudo o que falhou…" not in searched


@pytest.mark.usefixtures("contract")
def test_a_stranger_s_replays_are_not_there(ana: Visitor, davi: Visitor) -> None:
    page = ana.send_and_look(NEW, **fields(ana.open(NEW).text)).url.path

    assert davi.open(page).status_code == 404
    assert davi.send(f"{page}/stop").status_code == 404
    assert page not in davi.open("/app/replays").text


def fields(page: str) -> dict[str, str]:
    """What the form below the count says."""
    form = page[page.rindex('<form method="post" action="/app/replays/new"') :]
    found = re.findall(r'name="(scope|since|endpoint|document|types)" value="([^"]*)"', form)
    return dict(found)


def work_off(house: House, account: AccountId) -> None:
    """What the worker does with this account's replays."""
    services = house.services
    with services.open_work() as work:
        for going in work.replays.find(account, limit=9):
            replay = work.replays.get(account, ReplayId(going.id))
            replaying.turn_page(work, replay, wordings=services.wordings, now=house.now())
