"""The list of documents and a document's page: what they show, and what can be done there."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from lacre.kit.ids import AccountId, DocumentId, new_uuid
from lacre.signing import actions, events, identifying, notifying, voiding
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.evidence import Origin
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import MAX_TRIES, Channel
from lacre.webhooks.delivery import DeliveryStatus
from tests.support.deliveries import answered, attempt, deliveries_of, endpoint_of
from tests.support.house import SENDER, House, person
from tests.support.people import act_of
from tests.support.visitor import Visitor, just_now, text_of

ORIGIN = Origin(ip="198.51.100.7", port=50_000, user_agent="Phone")


@pytest.fixture
def contract(house: House, account: AccountId) -> Envelope:
    bruno = person("Bruno Dias", notify_by=(Channel.EMAIL,))
    return house.send([bruno, person("Carla Lima")], account=account, title="Locação comercial")


def test_the_list_shows_documents_with_their_signers_and_state(ana: Visitor, contract: Envelope) -> None:
    page = ana.open("/app/")

    shown = just_now(page)
    assert "Locação comercial Bruno Dias, Carla Lima Em assinatura 0 de 2 hoje" in shown
    assert f'href="/app/envelopes/{contract.id}"' in page.text


def test_the_list_is_searched_by_title_and_people_and_says_when_nothing_fits(
    ana: Visitor, contract: Envelope
) -> None:
    assert contract.title in ana.open("/app/?q=locacao").text
    assert contract.title in ana.open("/app/?q=carla@").text
    assert "Nada encontrado" in ana.open("/app/?q=inexistente").text


def test_the_list_is_narrowed_by_state_with_totals(
    ana: Visitor, house: House, account: AccountId, contract: Envelope
) -> None:
    canceled = house.send([person("Gil")], account=account, title="Proposta 118")
    cancel(house, canceled)

    page = ana.open("/app/?status=canceled")

    assert canceled.title in page.text
    assert contract.title not in page.text
    assert "Todos 2 Em assinatura 1" in text_of(page)


def test_a_long_list_is_shown_in_pages_that_keep_its_filters(
    ana: Visitor, house: House, account: AccountId
) -> None:
    paper = house.document()
    for number in range(26):
        house.send([person("Gil")], account=account, title=f"Recibo {number}", documents=[again(paper)])

    first, second = ana.open("/app/?q=recibo"), ana.open("/app/?q=recibo&page=2")

    assert "1 a 25 de 26" in text_of(first)
    assert 'href="/app/?q=recibo&amp;page=2"' in first.text
    assert "26 a 26 de 26" in text_of(second)


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999", "²"])
def test_nonsense_in_the_address_does_no_harm(ana: Visitor, page: str) -> None:
    assert ana.open(f"/app/?page={page}&status=nothing").status_code == 200


def test_a_document_shows_who_stands_where_and_the_links_to_hand_out(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    page = ana.open(path(contract))

    shown = text_of(page)
    assert "Ainda não abriu" in shown
    assert "Espera o seu link" in shown
    assert house.link(contract.signers[0]) in page.text
    assert "2 registros encadeados e intactos" in shown


def test_a_signer_who_opened_is_told_apart(ana: Visitor, house: House, contract: Envelope) -> None:
    with house.services.open_work() as work:
        token = house.services.links.signer_token(contract.signers[0].id, 0)
        actions.view(work, token, origin=ORIGIN, now=house.now())

    assert "abriu uma vez, hoje" in just_now(ana.open(path(contract)))


def test_a_message_that_did_not_arrive_is_said_until_one_does(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    notified(house, contract, reason="mailbox full")
    failed = text_of(ana.open(path(contract)))
    notified(house, contract)
    mended = text_of(ana.open(path(contract)))

    assert "A última mensagem não chegou: mailbox full" in failed
    assert "A última mensagem não chegou" not in mended


def test_why_somebody_failed_to_say_who_they_are_is_said_in_words(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    token = house.services.links.signer_token(contract.signers[0].id, 0)
    for _ in range(MAX_TRIES):
        with house.services.open_work() as work:
            identifying.refuse_certificate(work, token, origin=ORIGIN, now=house.now())

    shown = text_of(ana.open(path(contract)))
    assert "O certificado era de outra pessoa." in shown
    assert identifying.CERTIFICATE_OF_ANOTHER not in shown


@pytest.mark.parametrize(
    ("language", "words", "link"),
    [
        ("pt-BR", "Mensagem guardada, não enviada", "Leia-a em Mensagens"),
        ("en", "Message kept, not sent", "Read it under Messages"),
        ("es", "Mensaje guardado, no enviado", "Léalo en Mensajes"),
    ],
)
def test_a_message_that_nothing_sends_is_told_as_kept_and_where_it_is_read(
    ana: Visitor, house: House, contract: Envelope, language: str, words: str, link: str
) -> None:
    house.work_until(lambda: bool(house.envelope(contract).signers[0].notified))

    page = ana.open(f"{path(contract)}?lang={language}")

    assert words in text_of(page)
    assert f'<a href="#mails">{link}</a>' in page.text
    assert "Mensagem enviada" not in page.text


def test_messages_that_were_sent_and_kept_are_told_apart(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    notified(house, contract)
    notified(house, contract, kept=True)

    shown = just_now(ana.open(path(contract)))

    assert "Mensagem enviada Bruno Dias" in shown
    assert "Mensagem guardada, não enviada Bruno Dias" in shown
    assert "bruno@example.test · mensagem guardada hoje" in shown


def test_who_was_told_after_all_is_shown_as_told(ana: Visitor, house: House, contract: Envelope) -> None:
    notified(house, contract, kept=True)
    notified(house, contract)

    assert "bruno@example.test · avisado hoje" in just_now(ana.open(path(contract)))


def test_an_address_that_a_message_did_not_reach_is_corrected_and_written_to(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    notified(house, contract, reason="550 no such mailbox")
    signer = contract.signers[0].id

    wrong = ana.send(f"{path(contract)}/readdress", signer=signer, email="bruno@")
    right = ana.send(f"{path(contract)}/readdress", signer=signer, email="bruno.dias@example.test")

    assert (wrong.status_code, right.status_code) == (422, 303)
    assert 'value="bruno@"' in wrong.text
    assert house.envelope(contract).signers[0].email == "bruno.dias@example.test"
    assert "O link vai para bruno.dias@example.test" in text_of(ana.open(path(contract)))


def test_files_open_by_temporary_links(ana: Visitor, contract: Envelope) -> None:
    link = ana.open(path(contract)).text.split('href="http')[1].split('"')[0].replace("&amp;", "&")

    file = ana.client.get(f"http{link}")

    assert file.content.startswith(b"%PDF")


def test_an_altered_log_is_seen(ana: Visitor, house: House, contract: Envelope) -> None:
    forge(house, contract, position=1)

    assert "O registro 2 não é o que foi escrito" in text_of(ana.open(path(contract)))


def test_webhooks_are_told_again_how_it_stands(
    ana: Visitor, house: House, account: AccountId, contract: Envelope
) -> None:
    endpoint_of(house, account)

    page = ana.send_and_look(f"{path(contract)}/reprocess", which="last")

    assert "1 webhook a caminho de novo." in text_of(page)
    assert [one.event_type for one in deliveries_of(house, account)] == [events.ENVELOPE_CREATED]


def test_every_system_is_told_the_last_thing_it_listens_to(
    ana: Visitor, house: House, account: AccountId, contract: Envelope
) -> None:
    endpoint_of(house, account)
    endpoint_of(house, account)
    cancel(house, contract)

    page = ana.send_and_look(f"{path(contract)}/reprocess", which="last")

    assert "2 webhooks a caminho de novo." in text_of(page)


def test_all_webhooks_can_be_told_again_in_order(
    ana: Visitor, house: House, account: AccountId, contract: Envelope
) -> None:
    endpoint_of(house, account)
    cancel(house, contract)
    void(house, contract)
    attempt(house, account, answered(200), DeliveryStatus.DELIVERED)
    before = len(deliveries_of(house, account))

    page = ana.send_and_look(f"{path(contract)}/reprocess", which="all")

    told = [one.event_type for one in deliveries_of(house, account)][:2]
    assert "2 webhooks a caminho de novo." in text_of(page)
    assert len(deliveries_of(house, account)) == before + 2
    assert told == [events.FILES_VOIDED, events.ENVELOPE_CREATED]


def test_reprocessing_says_when_nobody_listens(ana: Visitor, contract: Envelope) -> None:
    page = ana.send_and_look(f"{path(contract)}/reprocess")

    assert "Nenhum webhook foi enviado" in text_of(page)


def test_what_was_done_is_said_once(ana: Visitor, contract: Envelope) -> None:
    first = ana.send_and_look(f"{path(contract)}/reprocess")
    again = ana.open(path(contract))

    assert "data-said" in first.text
    assert "data-said" not in again.text


def test_the_signed_file_is_made_again_and_its_progress_is_seen(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    sign(house, contract)

    page = ana.send_and_look(f"{path(contract)}/reseal")

    assert "1 PDF assinado está sendo gerado novamente." in text_of(page)
    assert "<progress" in page.text
    assert current(house, contract).structure == 1


def test_without_a_signature_there_is_nothing_to_make_again(ana: Visitor, contract: Envelope) -> None:
    menu = ana.open(path(contract)).text
    page = ana.send_and_look(f"{path(contract)}/reseal")

    assert 'href="#reseal"' not in menu
    assert "Ninguém assinou ainda: não há PDF" in text_of(page)


def test_the_gear_has_both_ways_to_reprocess(ana: Visitor, house: House, contract: Envelope) -> None:
    sign(house, contract)

    for page in (ana.open("/app/"), ana.open(path(contract))):
        assert "<span>Reprocessar webhooks</span>" in page.text
        assert "<span>Gerar novamente o PDF assinado</span>" in page.text


def test_a_reminder_is_written_and_kept_where_no_mail_goes_out(ana: Visitor, contract: Envelope) -> None:
    page = ana.send_and_look(f"{path(contract)}/remind", signer=contract.signers[0].id)

    assert "O lembrete para bruno@example.test foi escrito" in text_of(page)


def test_a_second_reminder_must_wait(ana: Visitor, house: House, contract: Envelope) -> None:
    notified(house, contract)

    page = ana.send_and_look(f"{path(contract)}/remind", signer=contract.signers[0].id)

    assert "Um lembrete saiu há menos de 30 minutos" in text_of(page)


def test_a_document_is_canceled_with_a_reason(ana: Visitor, house: House, contract: Envelope) -> None:
    refused = ana.send(f"{path(contract)}/cancel", reason="  ")
    page = ana.send_and_look(f"{path(contract)}/cancel", reason="Valor errado")

    assert refused.status_code == 422
    assert "Diga o motivo" in refused.text
    assert "Motivo dado: “Valor errado”" in text_of(page)
    assert current(house, contract).status is EnvelopeStatus.CANCELED


def test_sending_again_renews_links_and_limit(ana: Visitor, house: House, contract: Envelope) -> None:
    old = house.link(contract.signers[0])

    page = ana.send_and_look(f"{path(contract)}/resend", limit="2099-01-31", renew="on")

    assert "Enviado de novo: 2 pessoas são convidadas a assinar." in text_of(page)
    assert old not in page.text
    assert "pode ser assinado até 31 de jan. de 2099" in text_of(page)


@pytest.mark.parametrize("day", ["2020-01-01", "31/01/2099"])
def test_a_limit_in_the_past_is_refused_at_its_field(ana: Visitor, contract: Envelope, day: str) -> None:
    answer = ana.send(f"{path(contract)}/resend", limit=day)

    assert answer.status_code == 422
    assert "Escolha um dia a partir de hoje." in answer.text
    assert f'value="{day}"' in answer.text


def test_letters_are_kept_and_shown_where_nothing_in_them_runs(
    ana: Visitor, house: House, contract: Envelope
) -> None:
    letter(house, contract, html="<script>alert(1)</script><p>Olá</p>")

    page = ana.open(f"{path(contract)}/mails/1")
    body = ana.open(f"{path(contract)}/mails/1/body")

    assert f'<iframe class="letter" src="{path(contract)}/mails/1/body" sandbox' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    assert body.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert ana.open(f"{path(contract)}/mails/2").status_code == 404


def test_pages_say_when_no_worker_is_there(ana: Visitor, house: House) -> None:
    alone = text_of(ana.open("/app/"))
    with house.services.presence(new_uuid(), "test"):
        accompanied = text_of(ana.open("/app/"))

    assert "Nenhum worker está em ação" in alone
    assert "Nenhum worker" not in accompanied


def test_what_people_typed_is_shown_as_text(ana: Visitor, house: House, account: AccountId) -> None:
    title = "<img src=x onerror=alert(1)> {0} %s {{ 7*7 }}"
    envelope = house.send([person("<b>Gil</b>")], account=account, title=title)

    for page in (ana.open("/app/"), ana.open(path(envelope))):
        assert "<img" not in page.text
        assert "<b>Gil" not in page.text
        assert "&lt;img src=x onerror=alert(1)&gt; {0} %s {{ 7*7 }}" in page.text


@pytest.mark.parametrize("language", ["pt-BR", "en", "es"])
def test_pages_speak_three_languages(ana: Visitor, contract: Envelope, language: str) -> None:
    ana.client.headers["accept-language"] = language

    page = ana.open(path(contract))

    assert {"pt-BR": "Quem assina", "en": "Who signs", "es": "Quién firma"}[language] in page.text


def test_a_chosen_language_is_remembered(ana: Visitor) -> None:
    ana.open("/app/?lang=es")

    assert "Aún no se avisa a ningún sistema suyo" in ana.open("/app/endpoints").text


def path(envelope: Envelope) -> str:
    return f"/app/envelopes/{envelope.id}"


def current(house: House, envelope: Envelope) -> Envelope:
    return house.envelope(envelope)


def cancel(house: House, envelope: Envelope) -> None:
    with house.services.open_work() as work:
        now = house.now()
        found = work.envelopes.get(envelope.account_id, envelope.id)
        actions.cancel(work, found, "Trocado", by=SENDER, now=now)


def void(house: House, envelope: Envelope) -> None:
    """Its end is told, without the copies that a worker would have made."""
    with house.services.open_work() as work:
        voiding.keep_copies(work, work.envelopes.get(envelope.account_id, envelope.id), {}, now=house.now())


def sign(house: House, envelope: Envelope) -> None:
    """The first signer's act is kept; nobody seals it here."""
    with house.services.open_work() as work:
        found = work.envelopes.get(envelope.account_id, envelope.id)
        found.sign(act_of(found.signers[0].id, at=house.now()))
        work.envelopes.save(found)


def notified(house: House, envelope: Envelope, *, kept: bool = False, **detail: str) -> None:
    with house.services.open_work() as work:
        found = work.envelopes.get(envelope.account_id, envelope.id)
        said = {"channel": Channel.EMAIL, "kind": "invitation", **detail}
        notifying.notified(work, found, found.signers[0].id, detail=said, kept=kept, now=house.now())


def letter(house: House, envelope: Envelope, *, html: str) -> None:
    kept = KeptMail(
        account_id=envelope.account_id,
        envelope_id=envelope.id,
        signer_id=envelope.signers[0].id,
        to="bruno@example.test",
        subject="Assine",
        html=html,
        text="Olá",
        kind="invitation",
        at=house.now(),
        outcome="kept",
    )
    with house.services.open_work() as work:
        work.mails.keep(kept)


def forge(house: House, envelope: Envelope, *, position: int) -> None:
    """As somebody with the database would, past all our code."""
    with closing(sqlite3.connect(house.settings.data_dir / "lacre.db")) as database, database:
        database.execute(
            "UPDATE audit SET actor = 'somebody else' WHERE envelope_id = ? AND position = ?",
            (envelope.id, position),
        )


def again(document: Document) -> Document:
    """The same paper in another envelope."""
    return replace(document, id=DocumentId(new_uuid()))
