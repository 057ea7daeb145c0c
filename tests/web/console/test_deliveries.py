"""Deliveries and their attempts, in plain words."""

from __future__ import annotations

import pytest

from lacre.kit.ids import AccountId
from lacre.webhooks import actions
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.request import Outcome
from tests.support.deliveries import answered, attempt, deliveries_of, endpoint_of, unanswered
from tests.support.house import House, person
from tests.support.visitor import Visitor, text_of

WAITS, DONE, LOST = DeliveryStatus.WAITING, DeliveryStatus.DELIVERED, DeliveryStatus.DISCARDED


@pytest.fixture
def delivery(house: House, account: AccountId) -> str:
    """One that is due now."""
    endpoint_of(house, account)
    house.send([person("Bruno Dias")], account=account)
    return f"/app/deliveries/{deliveries_of(house, account)[0].delivery.id}"


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (unanswered("deadline"), "O sistema não respondeu em 20 s."),
        (unanswered("dns_failed"), "O nome erp.example.test não foi encontrado."),
        (unanswered("address_forbidden"), "Quem cuida do Lacre pode liberar a rede"),
        (unanswered("tls_failed"), "o certificado não vale"),
        (answered(503), "O sistema respondeu 503: algo falhou do lado dele."),
        (answered(404), "O sistema respondeu 404: não há nada neste endereço."),
        (answered(302), "O sistema respondeu 302, um redirecionamento."),
        (answered(299), "O sistema respondeu 299."),
    ],
)
def test_a_failed_attempt_says_why_and_when_it_is_tried_again(
    ana: Visitor, house: House, account: AccountId, delivery: str, outcome: Outcome, words: str
) -> None:
    attempt(house, account, outcome, WAITS)

    shown = text_of(ana.open(delivery))

    assert words in shown
    assert "Tentaremos de novo" in shown
    assert "Tentativa 1 de no máximo 30." in shown


def test_an_attempt_shows_what_was_sent_and_what_came_back_without_secrets(
    ana: Visitor, house: House, account: AccountId, delivery: str
) -> None:
    attempt(house, account, answered(500, b'{"erro":"interno"}'), WAITS)

    page = ana.open(delivery)

    shown = text_of(page)
    assert "POST https://erp.example.test/hooks" in shown
    assert "Authorization •••" in shown
    assert "muito-secreto" not in page.text
    assert "doc_created" in shown
    assert "&#34;erro&#34;: &#34;interno&#34;" in page.text
    assert "nome 4 ms" in shown


def test_lists_say_which_document_each_delivery_is_about(
    ana: Visitor, house: House, account: AccountId
) -> None:
    endpoint = endpoint_of(house, account)
    for title in ("Locação", "Compra e venda"):
        house.send([person("Bruno Dias")], account=account, title=title)

    for page in ("/app/deliveries", f"/app/endpoints/{endpoint.id}"):
        shown = text_of(ana.open(page))
        assert "Documento criado Locação" in shown
        assert "Documento criado Compra e venda" in shown


def test_what_waits_is_sent_now(ana: Visitor, house: House, account: AccountId, delivery: str) -> None:
    attempt(house, account, answered(500), WAITS)

    page = ana.send_and_look(f"{delivery}/retry")

    assert "Está saindo agora." in text_of(page)
    assert deliveries_of(house, account)[0].delivery.due_at <= house.now()


@pytest.mark.parametrize(("outcome", "status"), [(answered(200), DONE), (answered(500), LOST)])
def test_what_is_settled_is_told_again_as_a_new_delivery(
    ana: Visitor, house: House, account: AccountId, delivery: str, outcome: Outcome, status: DeliveryStatus
) -> None:
    attempt(house, account, outcome, status)

    page = ana.send_and_look(f"{delivery}/retry")

    new, old = deliveries_of(house, account)
    assert "Uma nova entrega do mesmo acontecimento está a caminho." in text_of(page)
    assert new.delivery.replay_of == old.delivery.id
    assert f'href="/app/deliveries/{old.delivery.id}"' in page.text


def test_giving_up_is_said_with_how_often_it_was_tried(
    ana: Visitor, house: House, account: AccountId, delivery: str
) -> None:
    attempt(house, account, answered(500), LOST)

    assert "Desistimos depois de 1 tentativa." in text_of(ana.open(delivery))


def test_what_waits_for_a_paused_webhook_says_so(
    ana: Visitor, house: House, account: AccountId, delivery: str
) -> None:
    with house.services.open_work() as work:
        actions.pause(work, work.endpoints.of_account(account)[0])

    for page in (delivery, "/app/deliveries"):
        assert "Webhook pausado" in text_of(ana.open(page))
    assert "Ela espera, porque o webhook está pausado." in text_of(ana.open(delivery))


def test_the_list_is_narrowed_by_state_webhook_and_document(
    ana: Visitor, house: House, account: AccountId, delivery: str
) -> None:
    attempt(house, account, answered(200), DONE)
    endpoint = deliveries_of(house, account)[0].delivery.endpoint_id

    delivered = ana.open(f"/app/deliveries?status=delivered&endpoint={endpoint}")
    waiting = ana.open("/app/deliveries?status=waiting")
    elsewhere = ana.open("/app/deliveries?document=nothing")

    assert delivery in delivered.text
    assert delivery not in waiting.text
    assert "Nada foi encontrado" in elsewhere.text


def test_the_documents_page_lists_its_deliveries(
    ana: Visitor, house: House, account: AccountId, delivery: str
) -> None:
    subject = deliveries_of(house, account)[0].subject_id

    page = ana.open(f"/app/envelopes/{subject}")

    assert delivery in page.text
    assert "1 entrega a caminho." in text_of(page)
