"""How a webhook fares: what is wrong, since when, what waits, the way out, and the last hours."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from lacre.kit.ids import AccountId, JobId
from lacre.kit.jobs import HeldJob
from lacre.web.console.health import LEAST, TALL, bars
from lacre.web.console.turning import MOST_COUNTED
from lacre.web.layout.formats import percent
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.health import Health, News
from lacre.webhooks.rates import Hour
from lacre.webhooks.telling import warning_of
from lacre.worker.warning import warn
from tests.support.deliveries import attempt, deliveries_of, endpoint_of, unanswered
from tests.support.house import House, person
from tests.support.kept import NOW
from tests.support.visitor import Visitor, just_now, text_of


def ill(
    house: House, account: AccountId, health: Health, status: EndpointStatus = EndpointStatus.ACTIVE
) -> Endpoint:
    endpoint = endpoint_of(house, account)
    with house.services.open_work() as work:
        found = work.endpoints.get(account, endpoint.id)
        found.status = status
        work.endpoints.save(found)
        work.health.keep({endpoint.id: health})
    return endpoint


def down(house: House, **more: object) -> Health:
    since = house.now() - timedelta(minutes=3)
    return Health(failures=7, since=since, strikes=7, rests=2, last_reason="connect_failed", **more)  # type: ignore[arg-type]


def words_on(page: str) -> str:
    return " ".join(page.split())


def test_one_that_is_well_has_no_banner(ana: Visitor, house: House, account: AccountId) -> None:
    page = text_of(ana.open(f"/app/endpoints/{endpoint_of(house, account).id}"))

    assert "Ativo" in page
    assert "Retomar" not in page


def test_one_that_rests_says_since_when_why_and_when_we_look_again(
    ana: Visitor, house: House, account: AccountId
) -> None:
    resting = ill(house, account, down(house, rest_until=house.now() + timedelta(minutes=2)))
    house.send([person("Bruno Dias")], account=account)

    page = words_on(text_of(ana.open(f"/app/endpoints/{resting.id}")))

    assert "Nada chega" in page
    assert "7 tentativas seguidas falharam. Ninguém escuta em erp.example.test" in page
    assert re.search(r"Procuramos de novo (hoje|amanhã), \d\d:\d\d", page)
    assert "1 entrega espera." in page


def test_one_that_we_turned_off_is_resumed_with_a_click(
    ana: Visitor, house: House, account: AccountId
) -> None:
    off = ill(house, account, down(house, paused_at=house.now()), EndpointStatus.DISABLED)

    page = words_on(just_now(ana.open(f"/app/endpoints/{off.id}")))
    resumed = ana.send_and_look(f"/app/endpoints/{off.id}/resume")

    assert "Desligamos este webhook hoje" in page
    assert "também espera, por 14 dias" in page
    assert "O que esperava sai agora" in text_of(resumed)
    with house.services.open_work() as work:
        found = work.endpoints.get(account, off.id)
    assert (found.status, found.health) == (EndpointStatus.ACTIVE, Health(resumed=True))


@pytest.mark.parametrize(
    ("health", "status", "word"),
    [
        (Health(failures=4, since=NOW, last_status_code=500), EndpointStatus.ACTIVE, "Falhando"),
        (Health(failures=5, since=NOW, rest_until=NOW), EndpointStatus.ACTIVE, "Nada chega"),
        (Health(), EndpointStatus.PAUSED, "Pausado"),
        (Health(), EndpointStatus.DISABLED, "Desligado"),
    ],
)
def test_the_list_says_how_each_one_stands(
    ana: Visitor, house: House, account: AccountId, health: Health, status: EndpointStatus, word: str
) -> None:
    ill(house, account, health, status)

    assert word in text_of(ana.open("/app/endpoints"))


def test_what_waits_is_called_more_than_was_counted(ana: Visitor, house: House, account: AccountId) -> None:
    endpoint = endpoint_of(house, account)
    sent = house.send([person("Bruno Dias")], account=account)
    with house.services.open_work() as work:
        told = work.events.of_subject(account, sent.id)[0]
        for _ in range(MOST_COUNTED):
            work.deliveries.add(told.id, endpoint, now=house.now(), replay_of=None)
        actions.pause(work, endpoint)

    page = text_of(ana.open(f"/app/endpoints/{endpoint.id}"))
    listed = text_of(ana.open("/app/endpoints"))

    assert "O que acontece espera e não se perde: 1.000+ entregas até agora." in page
    assert "1.000+ entregas que esperam não serão feitas" in page
    assert "1.000+" in listed


def test_attempts_of_the_last_hours_are_counted(ana: Visitor, house: House, account: AccountId) -> None:
    endpoint = endpoint_of(house, account)
    house.send([person("Bruno Dias")], account=account)
    (told, *_) = deliveries_of(house, account)
    attempt(house, account, unanswered("deadline"), DeliveryStatus.WAITING)

    page = words_on(text_of(ana.open(f"/app/endpoints/{endpoint.id}")))

    assert told.delivery.endpoint_id == endpoint.id
    assert "0% entregues, 20 s em média" in page


def test_mails_about_it_are_shown_on_its_page(ana: Visitor, house: House, account: AccountId) -> None:
    off = ill(house, account, down(house, paused_at=house.now()), EndpointStatus.DISABLED)
    job = warning_of(News.PAUSED, off, down(house), now=house.now())
    assert job is not None
    held = HeldJob(id=JobId("j"), kind=job.kind, key=job.key, payload=job.payload, attempts=1)

    warn(house.services, held, house.now())
    warn(house.services, held, house.now())

    page = text_of(ana.open(f"/app/endpoints/{off.id}"))
    mail = ana.open(f"/app/endpoints/{off.id}/mails/1/body").text
    assert page.count("Webhook pausado: erp.example.test") == 1
    assert "ninguém atende nesse endereço" in mail
    assert ana.open(f"/app/endpoints/{off.id}/mails/2").status_code == 404


def test_nobody_else_sees_it(davi: Visitor, house: House, account: AccountId) -> None:
    off = ill(house, account, down(house), EndpointStatus.DISABLED)

    assert davi.open(f"/app/endpoints/{off.id}/mails/1").status_code == 404
    assert davi.send(f"/app/endpoints/{off.id}/resume").status_code == 404


def test_one_failure_among_thousands_is_seen() -> None:
    (bar,) = bars([Hour(begins_at=NOW, delivered=9_999, failed=1)])

    assert (bar.delivered, bar.failed) == (TALL, LEAST)


def test_one_failure_in_ten_thousand_is_not_rounded_away() -> None:
    assert (percent(0.9999, "pt-br"), percent(1, "pt-br")) == ("99,9%", "100%")
