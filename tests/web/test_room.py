"""The signing room as any browser meets it: plain requests, plain forms, no script."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import httpx2
import pytest

from lacre.signing import actions
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.evidence import Identification, MarkKind
from lacre.signing.layout import FieldKind
from lacre.signing.options import EnvelopeOptions
from lacre.signing.signer import Signer, SignerStatus
from tests.support.house import SENDER, House, field, person
from tests.support.signing_form import as_data_url, scribble, signing_form, values_of

Browser = httpx2.Client


def test_opening_the_link_shows_the_document_and_counts_as_a_view(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])

    page = client.get(house.link(bruno))

    assert page.status_code == 200
    assert "Leia antes de assinar" in page.text
    assert house.envelope(contract).signer(bruno.id).times_viewed == 1


def test_coming_back_to_the_room_after_a_step_is_not_another_view(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    client.get(house.link(bruno))

    page = client.post(f"{house.link(bruno)}/read", follow_redirects=True)

    assert "Preencha e assine" in page.text
    assert house.envelope(contract).signer(bruno.id).times_viewed == 1
    assert house.envelope(contract).signer(bruno.id).status is SignerStatus.READ


def test_a_plain_form_signs(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    read(house, client, bruno)

    page = client.post(f"{house.link(bruno)}/sign", data=signing_form(contract), follow_redirects=True)

    assert "Você assinou" in page.text
    act = house.envelope(contract).acts[0]
    assert (act.mark.kind, act.mark.text) == (MarkKind.TYPED, "Bruno Dias")
    assert act.evidence.identified_by == (Identification.LINK,)
    assert act.evidence.origin.ip == "127.0.0.1"
    assert act.evidence.origin.user_agent == "Firefox/140"


def test_a_limit_that_passed_closes_the_room_before_the_worker_comes_to_it(
    house: House, client: Browser
) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    read(house, client, bruno)
    limit(house, contract, house.now())

    page = client.get(house.link(bruno))
    answer = client.post(f"{house.link(bruno)}/sign", data=signing_form(contract))

    assert "O prazo para assinar acabou" in page.text
    assert answer.status_code == 422
    assert "O prazo para assinar acabou" in answer.text
    assert house.envelope(contract).acts == []


def test_a_drawing_is_kept_as_a_clean_picture(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    read(house, client, bruno)
    drawn = signing_form(contract, mark_kind="drawn", mark_drawing=as_data_url(scribble()))

    client.post(f"{house.link(bruno)}/sign", data=drawn)

    mark = house.envelope(contract).acts[0].mark
    assert mark.kind is MarkKind.DRAWN
    assert mark.image is not None
    assert house.services.files.read(mark.image).startswith(b"\x89PNG")


def test_a_photo_of_a_signature_is_kept_without_its_paper(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    read(house, client, bruno)

    client.post(
        f"{house.link(bruno)}/sign",
        data=signing_form(contract, mark_kind="uploaded"),
        files={"mark_upload": ("assinatura.jpg", scribble(kind="JPEG"), "image/jpeg")},
    )

    assert house.envelope(contract).acts[0].mark.kind is MarkKind.UPLOADED


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias", ask_tax_id=True)])
    read(house, client, bruno)
    form = signing_form(contract, tax_id="111.111.111-11", terms="", phone="11 98888-7777")

    page = client.post(f"{house.link(bruno)}/sign", data=form)

    assert page.status_code == 422
    assert "Confira os dígitos: este CPF ou CNPJ não é válido." in page.text
    assert "Aceite a assinatura eletrônica antes de assinar." in page.text
    assert 'value="11 98888-7777"' in page.text
    assert house.envelope(contract).acts == []


def test_a_drawing_survives_an_error_elsewhere(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    read(house, client, bruno)
    form = signing_form(contract, mark_kind="drawn", mark_drawing=as_data_url(scribble()), terms="")

    page = client.post(f"{house.link(bruno)}/sign", data=form)

    assert 'name="mark_drawing" value="data:image/png;base64,' in page.text


def test_fields_hold_what_was_typed_as_people_write_it(house: House, client: Browser) -> None:
    bruno, paper = person("Bruno Dias"), house.document()
    fields = [
        field(paper, bruno, FieldKind.TEXT, page=0, left=10, bottom=40, label="Cidade"),
        field(paper, bruno, FieldKind.DATE, page=0, left=10, bottom=30, label="Data"),
    ]
    contract = house.send([bruno], documents=[paper], fields=fields)
    read(house, client, bruno)
    typed = values_of(contract, Cidade="Recife", Data="2026-11-23")

    client.post(f"{house.link(bruno)}/sign", data=signing_form(contract, **typed))

    assert set(house.envelope(contract).acts[0].values.values()) == {"Recife", "23/11/2026"}


def test_a_required_field_left_empty_is_named(house: House, client: Browser) -> None:
    bruno, paper = person("Bruno Dias"), house.document()
    city = field(paper, bruno, FieldKind.TEXT, page=0, left=10, bottom=40, label="Cidade")
    contract = house.send([bruno], documents=[paper], fields=[city])
    read(house, client, bruno)

    page = client.post(f"{house.link(bruno)}/sign", data=signing_form(contract))

    assert "Preencha o campo “Cidade” antes de assinar." in page.text


def test_who_saw_another_document_does_not_sign(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    read(house, client, bruno)

    page = client.post(f"{house.link(bruno)}/sign", data=signing_form(contract, seen="0" * 64))

    assert page.status_code == 422
    assert "O documento mudou enquanto esta página estava aberta" in page.text
    assert house.envelope(contract).acts == []


def test_signing_twice_ends_where_signing_once_does(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias"), person("Carla Lima")])
    read(house, client, bruno)
    client.post(f"{house.link(bruno)}/sign", data=signing_form(contract))

    again = client.post(f"{house.link(bruno)}/sign", data=signing_form(contract), follow_redirects=True)

    assert "Você assinou" in again.text
    assert len(house.envelope(contract).acts) == 1


def test_a_refusal_needs_a_reason_and_closes_the_document(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")], options=EnvelopeOptions(allow_refusal=True))

    silent = client.post(f"{house.link(bruno)}/refuse", data={"reason": "  "})
    said = client.post(f"{house.link(bruno)}/refuse", data={"reason": "Preço errado"}, follow_redirects=True)

    assert "Diga por quê: o motivo é necessário." in silent.text
    assert "Este documento foi recusado" in said.text
    assert house.envelope(contract).status is EnvelopeStatus.REFUSED


def test_refusing_is_not_offered_where_it_is_not_allowed(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias")])

    page = client.get(house.link(bruno))
    answer = client.post(f"{house.link(bruno)}/refuse", data={"reason": "Não quero"})

    assert "Recusar" not in page.text
    assert answer.status_code == 409
    assert house.envelope(contract).status is EnvelopeStatus.PENDING


def test_who_must_wait_is_told_so(house: House, client: Browser) -> None:
    ana, beto = person("Ana Souza"), replace(person("Beto Reis"), group=1)
    house.send([ana, beto], options=EnvelopeOptions(sequential=True))

    page = client.get(house.link(beto))

    assert "Ainda não é a sua vez" in page.text


@pytest.mark.parametrize(
    ("end", "said"),
    [("delete", "Este documento foi retirado"), ("cancel", "Este documento foi cancelado")],
)
def test_a_closed_document_says_why_and_shows_nothing_of_it(
    house: House, client: Browser, end: str, said: str
) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    with house.services.open_work() as work:
        envelope = work.envelopes.for_job(contract.id)
        if end == "delete":
            actions.delete(work, envelope, by=SENDER, now=house.now())
        else:
            actions.cancel(work, envelope, "Engano", by=SENDER, now=house.now())

    page = client.get(house.link(bruno))

    assert said in page.text
    assert client.get(f"{house.link(bruno)}/documents/1/pages/1").status_code == 404
    assert client.get(f"{house.link(bruno)}/documents/1/original").status_code == 404


def test_an_unknown_link_says_what_to_do(client: Browser) -> None:
    page = client.get("/verificar/00000000-0000-4000-8000-000000000000")

    assert page.status_code == 404
    assert "Não há nada neste endereço" in page.text


def test_the_room_speaks_the_language_of_the_document_or_the_one_asked_for(
    house: House, client: Browser
) -> None:
    house.send([bruno := person("Bruno Dias")], language="es")

    assert "Lea antes de firmar" in client.get(house.link(bruno)).text
    assert "Read before you sign" in client.get(f"{house.link(bruno)}?lang=en").text


def test_the_chosen_language_stays_from_step_to_step(house: House, client: Browser) -> None:
    house.send([bruno := person("Bruno Dias")])

    page = client.post(f"{house.link(bruno)}/read?lang=en", follow_redirects=True)

    assert "Fill in and sign" in page.text


def test_both_addresses_of_the_room_lead_into_it(house: House, client: Browser) -> None:
    house.send([bruno := person("Bruno Dias")])

    page = client.get(house.link(bruno).replace("/verificar/", "/sign/"))

    assert 'action="/sign/' in page.text


def test_an_original_that_is_kept_from_signers_is_shown_but_not_given(house: House, client: Browser) -> None:
    house.send([bruno := person("Bruno Dias")], options=EnvelopeOptions(hide_original=True))

    assert client.get(f"{house.link(bruno)}/documents/1/original").status_code == 404
    assert client.get(f"{house.link(bruno)}/documents/1/pages/1").status_code == 200
    assert "data-pdf=" not in client.get(house.link(bruno)).text


def test_pictures_of_pages_may_be_kept_by_the_browser_alone(house: House, client: Browser) -> None:
    house.send([bruno := person("Bruno Dias")])

    picture = client.get(f"{house.link(bruno)}/documents/1/pages/2?w=480")

    assert picture.headers["content-type"] == "image/webp"
    assert "private" in picture.headers["cache-control"]
    assert client.get(f"{house.link(bruno)}/documents/1/pages/3").status_code == 404


def test_names_that_would_be_markup_stay_text(house: House, client: Browser) -> None:
    house.send([bruno := person("<b>Bruno</b> & Cia")], title='"><script>alert(1)</script>')

    page = client.post(f"{house.link(bruno)}/read", follow_redirects=True)

    assert "<script>alert" not in page.text
    assert "<b>Bruno" not in page.text


def read(house: House, client: Browser, signer: Signer) -> None:
    client.post(f"{house.link(signer)}/read")


def limit(house: House, envelope: Envelope, until: datetime) -> None:
    with house.services.open_work() as work:
        kept = work.envelopes.for_job(envelope.id)
        kept.expires_at = until
        work.envelopes.save(kept)
