"""Webhooks: created with what a system wants to hear, paused, resumed, deleted."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest

from lacre.kit.ids import AccountId
from lacre.webhooks import secret
from lacre.webhooks.endpoint import EndpointStatus
from lacre.webhooks.promise import Preset, Terms
from tests.support.certificates import Authority
from tests.support.deliveries import deliveries_of, endpoint_of
from tests.support.house import House
from tests.support.visitor import Visitor, text_of


def test_a_webhook_is_created_with_events_and_headers(ana: Visitor, house: House, account: AccountId) -> None:
    page = ana.send_and_look(
        "/app/endpoints/new",
        url="https://erp.example.test/hooks",
        dialect="zapsign",
        description="ERP",
        headers="Authorization: Bearer a:b\nX-Sistema: lacre",
        **{"types-zapsign": "doc_signed"},
    )

    with house.services.open_work() as work:
        kept = work.endpoints.of_account(account)[0]
    assert (kept.types, kept.description) == (("doc_signed",), "ERP")
    assert kept.secrets.headers == (("Authorization", "Bearer a:b"), ("X-Sistema", "lacre"))
    assert "Bearer" not in page.text
    assert "Authorization, X-Sistema · valores não são mostrados" in text_of(page)


def test_events_that_the_dialect_does_not_know_are_left_out(
    ana: Visitor, house: House, account: AccountId
) -> None:
    types = {"types-zapsign": "invented"}
    ana.send("/app/endpoints/new", url="https://erp.example.test/hooks", dialect="zapsign", **types)

    with house.services.open_work() as work:
        assert work.endpoints.of_account(account)[0].types == ()


def test_our_own_dialect_shows_its_signing_secret_once(
    ana: Visitor, house: House, account: AccountId
) -> None:
    answer = ana.send("/app/endpoints/new", url="https://erp.example.test/hooks", dialect="native")

    secret = re.search(r'value="(whsec_[^"]+)"', answer.text)
    with house.services.open_work() as work:
        kept = work.endpoints.of_account(account)[0]
    assert secret is not None
    assert kept.secrets.signing == (secret[1],)
    assert secret[1] not in ana.open(f"/app/endpoints/{kept.id}").text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"url": "ftp://erp.example.test"}, "precisa começar com https:// ou http://"),
        ({"url": "https://a:b@erp.example.test"}, "contém usuário ou senha"),
        ({"url": "https://erp.example.test", "headers": "Host: outro"}, "é definido por quem envia"),
        ({"url": "https://erp.example.test", "headers": "X-%s(n) {0}: a"}, "sem espaços nem dois-pontos"),
        ({"url": "https://erp.example.test", "headers": "sem valor"}, "como Nome: valor"),
        ({"url": "https://erp.example.test", "dialect": "esperanto"}, "Escolha como o seu sistema"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    ana: Visitor, said: dict[str, str], words: str
) -> None:
    answer = ana.send("/app/endpoints/new", **{"dialect": "zapsign", "description": "Meu ERP", **said})

    assert answer.status_code == 422
    assert words in answer.text
    assert 'value="Meu ERP"' in answer.text


def chosen(house: House, account: AccountId) -> Terms | None:
    with house.services.open_work() as work:
        return work.endpoints.of_account(account)[0].terms


@pytest.mark.parametrize(("overlap", "valid"), [("0", 1), ("1", 2), ("7", 2), ("365", 2), ("", 2)])
def test_a_new_secret_is_shown_once_and_the_old_one_overlaps_as_chosen(
    ana: Visitor, house: House, account: AccountId, overlap: str, valid: int
) -> None:
    old = "whsec_" + base64.b64encode(b"o" * 32).decode()
    page = f"/app/endpoints/{endpoint_of(house, account, dialect='native', signing=(old,)).id}"

    answer = ana.send(f"{page}/rotate", overlap=overlap)

    new = re.search(r'value="(whsec_[^"]+)"', answer.text)
    with house.services.open_work() as work:
        kept = work.endpoints.of_account(account)[0]
    assert new is not None
    assert secret.valid(kept, house.now()) == (new[1], old)[:valid]
    assert new[1] not in ana.open(page).text
    if overlap == "7":
        assert secret.valid(kept, house.now() + timedelta(days=6, hours=23))[1:] == (old,)


def test_there_is_no_secret_to_change_where_none_signs(
    ana: Visitor, house: House, account: AccountId
) -> None:
    page = f"/app/endpoints/{endpoint_of(house, account).id}"

    assert ana.send(f"{page}/rotate").status_code == 404
    assert "/rotate" not in ana.open(page).text


@pytest.mark.parametrize(("days", "words"), [(29, "vence em"), (-1, "venceu em"), (40, "")])
def test_a_certificate_that_ends_soon_is_told(
    ana: Visitor, house: House, account: AccountId, days: int, words: str
) -> None:
    pem = Authority().issue("lacre.test", days=days).pem.decode()
    page = f"/app/endpoints/{endpoint_of(house, account, client_pem=pem).id}"

    said = text_of(ana.open(page))

    assert ("O certificado que mostramos" in said) == bool(words)
    assert words in said


@pytest.mark.parametrize(
    ("said", "terms", "shown"),
    [
        ({}, None, "30 tentativas em 2 horas, 20 segundos para responder"),
        ({"retry": "strict"}, Terms(retry=Preset.STRICT), "14 tentativas em 5 dias, 100 segundos"),
        (
            {"retry": "pause", "attempts": "4", "pause": "10", "deadline": "7"},
            Terms(retry=(600, 600, 600), deadline_seconds=7),
            "4 tentativas em 30 minutos, 7 segundos para responder",
        ),
        (
            {"retry": "waits", "waits": " 10S 5m  2h 1d ", "success": "200"},
            Terms(retry=(10, 300, 7200, 86_400), only_200=True),
            "só 200 vale",
        ),
    ],
)
def test_retries_are_chosen_with_a_new_webhook_and_shown(
    ana: Visitor, house: House, account: AccountId, said: dict[str, str], terms: Terms | None, shown: str
) -> None:
    page = ana.send_and_look("/app/endpoints/new", url="https://erp.example.test/", dialect="zapsign", **said)

    assert chosen(house, account) == terms
    assert shown in " ".join(text_of(page).split())


def test_retries_are_changed_later_and_the_form_knows_what_was_chosen(
    ana: Visitor, house: House, account: AccountId
) -> None:
    page = f"/app/endpoints/{endpoint_of(house, account).id}"
    ana.send(f"{page}/terms", retry="waits", waits="90s 36h", success="2xx")

    form = ana.open(f"{page}/terms").text

    assert chosen(house, account) == Terms(retry=(90, 129_600), only_200=False)
    assert 'value="90s 36h"' in form
    assert '<option value="waits" selected>' in form
    ana.send(f"{page}/terms", retry="")
    assert chosen(house, account) is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"retry": "waits", "waits": "soon"}, "Escreva cada espera como um número"),
        ({"retry": "waits", "waits": "8d"}, "cada espera vai de 1 segundo a 7 dias"),
        ({"retry": "pause", "attempts": "1", "pause": "5"}, "há de 1 a 50 esperas"),
        ({"retry": "pause", "attempts": "9999999", "pause": "5"}, "há de 1 a 50 esperas"),
        ({"retry": "pause", "attempts": "", "pause": "5"}, "números inteiros"),
        ({"deadline": "101"}, "o prazo vai de 1 a 100 segundos"),
        ({"deadline": "-1"}, "números inteiros"),
    ],
)
def test_retries_that_nobody_could_keep_are_refused_at_their_field(
    ana: Visitor, house: House, account: AccountId, said: dict[str, str], words: str
) -> None:
    page = f"/app/endpoints/{endpoint_of(house, account).id}"

    answers = [
        ana.send(f"{page}/terms", **said),
        ana.send("/app/endpoints/new", url="https://erp.example.test/", dialect="zapsign", **said),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(words in answer.text and 'id="retry-error"' in answer.text for answer in answers)
    assert chosen(house, account) is None


def test_a_webhook_is_paused_resumed_and_deleted(ana: Visitor, house: House, account: AccountId) -> None:
    endpoint = endpoint_of(house, account)
    page = f"/app/endpoints/{endpoint.id}"

    paused = ana.send_and_look(f"{page}/pause")
    with house.services.open_work() as work:
        status = work.endpoints.get(account, endpoint.id).status
    resumed = ana.send_and_look(f"{page}/resume")
    deleted = ana.send_and_look(f"{page}/delete")

    assert status is EndpointStatus.PAUSED
    assert f'action="{page}/resume"' in paused.text.partition("data-said")[2].partition("</div>")[0]
    assert "Pausado. O que acontecer enquanto isso espera" in text_of(paused)
    assert "Retomado." in text_of(resumed)
    assert "O webhook foi excluído." in text_of(deleted)
    assert ana.open(page).status_code == 404


def test_without_webhooks_the_page_teaches_what_they_are(ana: Visitor) -> None:
    assert "Nenhum sistema seu é avisado ainda" in text_of(ana.open("/app/endpoints"))


def test_a_sample_is_sent_and_its_delivery_shown(ana: Visitor, house: House, account: AccountId) -> None:
    endpoint = endpoint_of(house, account)
    page = f"/app/endpoints/{endpoint.id}"

    shown = ana.send_and_look(f"{page}/test", type="doc_refused")

    assert "exemplo" in text_of(shown)
    (sent,) = deliveries_of(house, account)
    assert sent.event_type == "sample.signing.envelope_refused"
