"""Webhooks: created with what a system wants to hear, paused, resumed, deleted."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest

from lacre.kit.ids import AccountId
from lacre.store.lanes import MOST_OPEN
from lacre.webhooks import secret
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Preset, Terms
from lacre.webhooks.rate import Rate
from lacre.webhooks.replay import Again
from tests.support.certificates import Authority
from tests.support.deliveries import answered, attempt, deliveries_of, endpoint_of
from tests.support.house import House, person
from tests.support.visitor import Visitor, text_of

TEMPLATE = "0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30"


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


@pytest.mark.parametrize(
    ("dialect", "kept"), [("zapsign", TEMPLATE), ("native", TEMPLATE), ("fastnotas", ""), ("idexa", "")]
)
def test_only_what_is_told_of_documents_is_narrowed_to_a_template(
    ana: Visitor, house: House, account: AccountId, dialect: str, kept: str
) -> None:
    said = {"url": "https://erp.example.test/hooks", "dialect": dialect, "template": TEMPLATE}

    ana.send("/app/endpoints/new", **said)

    with house.services.open_work() as work:
        assert work.endpoints.of_account(account)[0].template_id == kept


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
    assert sent.event_type == "sample.signing.files_voided"


def test_a_sample_that_was_not_taken_says_that_it_changes_nothing(
    ana: Visitor, house: House, account: AccountId
) -> None:
    ana.send(f"/app/endpoints/{endpoint_of(house, account).id}/test", type="doc_refused")
    attempt(house, account, answered(400), DeliveryStatus.DISCARDED)

    shown = text_of(ana.open(f"/app/deliveries/{deliveries_of(house, account)[0].delivery.id}"))

    assert "O sistema respondeu 400: não aceitou o que enviamos. Um exemplo sai uma vez só" in shown
    assert "Desistimos" not in shown


def test_a_webhook_of_any_dialect_has_its_pages_in_words(
    ana: Visitor, house: House, account: AccountId
) -> None:
    for dialect, wording in house.services.wordings.items():
        page = f"/app/endpoints/{endpoint_of(house, account, dialect=dialect).id}"
        pages = [ana.open(one) for one in (page, f"{page}/advanced", "/app/endpoints/new")]

        assert [one.status_code for one in pages] == [200, 200, 200], dialect
        for choice in wording.choices:
            assert f">{choice.name}<" not in pages[1].text, choice.name


# ── order, pace and content ──────────────────────────────────────────────────

EVERYTHING = ("envelope", "signers", "documents", "record")


def kept(house: House, account: AccountId) -> Endpoint:
    with house.services.open_work() as work:
        return work.endpoints.of_account(account)[0]


def test_order_pace_and_content_are_chosen_with_a_new_webhook_and_shown(
    ana: Visitor, house: House, account: AccountId
) -> None:
    said = {"told-native": "1", "include-native": "record", "files-native": "none"}
    ana.send(
        "/app/endpoints/new",
        url="https://erp.example.test/",
        dialect="native",
        ordering="subject",
        rate_count="30",
        rate_seconds="60",
        **said,
    )

    new = kept(house, account)

    assert (new.ordering, new.rate) == (Ordering.SUBJECT, Rate(count=30, seconds=60))
    assert (new.options["include"], new.options["files"]) == (["record"], "none")
    shown = text_of(ana.open(f"/app/endpoints/{new.id}"))
    assert "Em ordem dentro de cada documento, no máximo 30 tentativas em 60 segundos" in shown
    assert "O registro de assinaturas · arquivos assinados e registro: nenhum" in shown


def test_a_new_webhook_is_told_everything_unless_told_otherwise(
    ana: Visitor, house: House, account: AccountId
) -> None:
    ana.send("/app/endpoints/new", url="https://erp.example.test/", dialect="native")

    new = kept(house, account)

    assert (new.ordering, new.rate) == (Ordering.NONE, None)
    assert (new.options["include"], new.options["files"]) == ([*EVERYTHING], "link")


def test_a_new_order_lines_up_what_waits_and_the_form_knows_what_was_chosen(
    ana: Visitor, house: House, account: AccountId
) -> None:
    page = f"/app/endpoints/{endpoint_of(house, account).id}"
    for _ in range(2):
        house.send([person("Gil")], account=account)

    said = text_of(ana.send_and_look(f"{page}/advanced", ordering="endpoint", rate_count="5"))

    form = ana.open(f"{page}/advanced").text
    assert "As mudanças foram guardadas." in said
    assert [one.delivery.status for one in deliveries_of(house, account)] == ["queued", "waiting"]
    assert kept(house, account).rate == Rate(count=5)
    assert 'value="endpoint" checked' in form
    assert 'value="5"' in form
    ana.send(f"{page}/advanced", ordering="none")
    assert [one.delivery.status for one in deliveries_of(house, account)] == ["waiting", "waiting"]
    assert kept(house, account).rate is None


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"rate_count": "many"}, "como números inteiros"),
        ({"rate_count": "0"}, "precisa ser de 1 a 10000 tentativas"),
        ({"rate_count": "1", "rate_seconds": "90000"}, "precisa ser de 1 a 86400 segundos"),
    ],
)
def test_a_pace_that_nobody_could_keep_is_refused_at_its_field(
    ana: Visitor, house: House, account: AccountId, said: dict[str, str], words: str
) -> None:
    page = f"/app/endpoints/{endpoint_of(house, account).id}"

    answers = [
        ana.send(f"{page}/advanced", ordering="subject", **said),
        ana.send("/app/endpoints/new", url="https://erp.example.test/", dialect="zapsign", **said),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert all(words in answer.text and 'id="rate-error"' in answer.text for answer in answers)
    assert 'value="subject" checked' in answers[0].text
    assert (kept(house, account).ordering, kept(house, account).rate) == (Ordering.NONE, None)


def test_nothing_changes_when_too_much_waits_to_be_put_in_order(
    ana: Visitor, house: House, account: AccountId
) -> None:
    endpoint = endpoint_of(house, account)
    contract = house.send([person("Gil")], account=account)
    told = deliveries_of(house, account)[0].delivery.event_id
    again = Again(event_id=told, subject_id=contract.id, endpoint=endpoint, replay_of=None, position=0)
    with house.services.open_work() as work:
        work.replays.tell_again(account, [again] * MOST_OPEN, now=house.now())
    changed = {"ordering": "endpoint", "rate_count": "5"}

    answer = ana.send(f"/app/endpoints/{endpoint.id}/advanced", **changed)

    assert answer.status_code == 422
    assert "enquanto mais de 5000 entregas esperam por ele" in answer.text
    assert 'id="ordering-error"' in answer.text
    # what was typed is still there
    assert 'value="endpoint" aria-describedby="ordering-error" checked' in answer.text
    assert 'name="rate_count" type="text" value="5"' in answer.text
    assert (kept(house, account).ordering, kept(house, account).rate) == (Ordering.NONE, None)


def test_files_inside_are_refused_where_the_form_of_signature_needs_them_in_memory(
    ana: Visitor, house: House, account: AccountId
) -> None:
    endpoint = endpoint_of(house, account, dialect="native")
    with house.services.open_work() as work:
        endpoint.options = {"signatures": ["ed25519"]}
        work.endpoints.save(endpoint)

    told = {"told-native": "1", "files-native": "base64"}
    answer = ana.send(f"/app/endpoints/{endpoint.id}/advanced", **told)

    assert answer.status_code == 422
    assert "não assina arquivos dentro dele; escolha links, ou outras assinaturas" in answer.text
    assert "files" not in kept(house, account).options
