"""Events: what happened, and of each to whom it was told and what came back."""

from __future__ import annotations

import re

import pytest

from lacre.kit.ids import AccountId
from lacre.kit.times import BRASILIA
from lacre.signing import notifying
from lacre.signing.envelope import Envelope
from lacre.web.console.events import PATH
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.health import Health, News
from lacre.webhooks.telling import event_of
from tests.support.deliveries import answered, attempt, deliveries_of, endpoint_of
from tests.support.house import House, person
from tests.support.visitor import Visitor, text_of

WAITS, DONE, LOST = DeliveryStatus.WAITING, DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED


@pytest.fixture
def contract(house: House, account: AccountId) -> Envelope:
    """A delivery of it waits."""
    endpoint_of(house, account)
    return house.send([person("Bruno Dias")], account=account, title="Locação comercial")


@pytest.fixture
def event(house: House, account: AccountId, contract: Envelope) -> str:
    """The page of what was told of it."""
    (told,) = deliveries_of(house, account, subject_id=contract.id)
    return f"{PATH}/{told.delivery.event_id}"


def test_news_of_a_webhook_leads_to_it_for_as_long_as_it_is_there(
    ana: Visitor, house: House, account: AccountId
) -> None:
    endpoint = endpoint_of(house, account)
    news = event_of(News.FAILING, endpoint, Health(failures=7, since=house.now()), now=house.now())
    assert news is not None
    with house.services.open_work() as work:
        page = f"{PATH}/{work.announce(news)}"

    there = ana.open(page).text
    ana.send(f"/app/endpoints/{endpoint.id}/delete")
    gone = ana.open(page).text

    assert f'href="/app/endpoints/{endpoint.id}">erp.example.test/hooks</a>' in there
    assert f"/app/endpoints/{endpoint.id}" not in gone
    assert "erp.example.test" in gone


def test_an_event_tells_to_whom_it_was_told_attempt_by_attempt(
    ana: Visitor, house: House, account: AccountId, event: str
) -> None:
    attempt(house, account, answered(503), LOST)
    ana.send(f"{event}/retry", delivery=deliveries_of(house, account)[0].delivery.id)
    attempt(house, account, answered(200), DONE)

    shown = text_of(ana.open(event))

    assert "Locação comercial" in shown
    said = ("503 Service Unavailable", "Desistimos depois de 1 tentativa.", "reenvio", "200 OK")
    assert [shown.index(one) for one in said] == sorted(shown.index(one) for one in said)


def test_what_is_told_to_paused_webhooks_alone_is_not_on_its_way(
    ana: Visitor, house: House, account: AccountId, event: str
) -> None:
    with house.services.open_work() as work:
        actions.pause(work, work.endpoints.of_account(account)[0])

    for page in (event, PATH):
        said = text_of(ana.open(page))
        assert "Webhook pausado" in said
        assert "A caminho" not in said


def test_a_message_that_was_only_kept_is_not_called_sent(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    with house.services.open_work() as work:
        found = work.envelopes.get(contract.account_id, contract.id)
        said = {"channel": "email", "kind": "invitation"}
        notifying.notified(work, found, found.signers[0].id, detail=said, kept=True, now=house.now())

    listed = ana.open(f"{PATH}?document={contract.id}")
    link = re.search(r'href="([^"]+)">Mensagem guardada, não enviada<', listed.text)

    assert "Mensagem enviada" not in text_of(listed)
    assert link is not None
    assert "Mensagem guardada, não enviada" in text_of(ana.open(link[1]))


def test_one_delivery_of_an_event_is_sent_now(
    ana: Visitor, house: House, account: AccountId, event: str
) -> None:
    attempt(house, account, answered(500), WAITS)
    (waiting,) = deliveries_of(house, account)

    page = ana.send_and_look(f"{event}/retry", delivery=waiting.delivery.id)

    assert "Está saindo agora." in text_of(page)
    assert deliveries_of(house, account)[0].delivery.due_at <= house.now()


def test_one_that_stands_behind_another_is_not_hurried(
    ana: Visitor, house: House, account: AccountId, contract: Envelope
) -> None:
    (first,) = deliveries_of(house, account, subject_id=contract.id)
    ana.send(f"/app/endpoints/{first.delivery.endpoint_id}/advanced", ordering="endpoint")
    house.send([person("Gil")], account=account)
    behind = deliveries_of(house, account)[0].delivery

    answer = ana.send_and_look(f"{PATH}/{behind.event_id}/retry", delivery=behind.id)

    assert "a ordem deste webhook não deixa ultrapassar" in text_of(answer)
    assert "Ela espera a anterior" in text_of(answer)


def test_an_event_is_told_again_to_all_who_listen_today(
    ana: Visitor, house: House, account: AccountId, event: str
) -> None:
    attempt(house, account, answered(200), DONE)
    endpoint_of(house, account, url="https://novo.example.test/")

    page = ana.send_and_look(f"{event}/replay")

    assert "2 webhooks a caminho de novo." in text_of(page)
    assert "novo.example.test" in text_of(page)
    assert len(deliveries_of(house, account)) == 3


def test_without_listeners_telling_again_says_so(ana: Visitor, house: House, account: AccountId) -> None:
    house.send([person("Gil")], account=account)
    listed = re.findall(rf'href="({PATH}/[^"?]+)"', ana.open(PATH).text)

    page = ana.send_and_look(f"{listed[0]}/replay")

    assert "nenhum sistema seu escuta isto" in text_of(page)
    assert "Nenhum webhook escutava isto" in text_of(page)


def test_events_are_searched_by_kind_document_and_day(ana: Visitor, house: House, contract: Envelope) -> None:
    today = house.now().astimezone(BRASILIA).date().isoformat()

    found = [
        len(set(re.findall(rf'href="{PATH}/([^"?]+)"', ana.open(f"{PATH}?{asked}").text)))
        for asked in (
            "type=signing.envelope_sent",
            f"document={contract.id}&since={today}&until={today}",
            f"document={contract.id}&until=2020-01-01",
            "document=nothing",
            "type=signing.envelope_expired",
        )
    ]

    assert found[0] == 1
    assert found[1] >= 2
    assert found[2:] == [0, 0, 0]


def test_events_lead_on_to_older_ones(ana: Visitor, house: House, account: AccountId) -> None:
    for number in range(13):
        house.send([person("Gil")], account=account, title=f"Recibo {number}")

    first = ana.open(PATH).text
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    second = ana.open(older[1].replace("&amp;", "&")).text

    pages = [set(re.findall(rf'href="{PATH}/([^"?]+)"', page)) for page in (first, second)]
    assert [len(pages[0]), bool(pages[1]), pages[0] & pages[1]] == [25, True, set()]


def test_a_documents_story_and_a_delivery_lead_to_their_events(
    ana: Visitor, house: House, account: AccountId, contract: Envelope, event: str
) -> None:
    (told,) = deliveries_of(house, account)
    opened = [
        ana.open(path).text
        for path in (f"/app/envelopes/{contract.id}", f"/app/deliveries/{told.delivery.id}")
    ]

    assert all(f'href="{event}"' in page for page in opened)
