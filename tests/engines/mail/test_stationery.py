from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest

from lacre.engines.mail.stationery import LANGUAGES, JinjaStationery, words_in
from lacre.signing.letter import Letter, LetterFile, LetterKind
from lacre.signing.options import Branding
from lacre.webhooks.health import OUR_OWN_FAULTS
from lacre.webhooks.request import Reason

STATIONERY = JinjaStationery()
LINK = "https://assina.example.test/verificar/5b1f6f0a"

LETTER = Letter(
    key="k",
    kind=LetterKind.INVITATION,
    to="bruno@example.test",
    to_name="Bruno",
    title="Contrato de locação",
    sender="Ana Souza",
    reply_to="ana@example.test",
    link=LINK,
    files=(LetterFile("contrato.pdf"),),
    message="Segue o contrato.",
    expires_at=datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC),
    who=("Carla", "Davi"),
    reason="Valor errado",
    days_left=3,
    code="482913",
    minutes=10,
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", LetterKind)
def test_every_letter_is_whole_in_every_language(kind: LetterKind, language: str) -> None:
    mail = STATIONERY.write(replace(LETTER, kind=kind, language=language))

    assert mail.subject
    assert "<h1" in mail.html
    for body in (mail.html, mail.text):
        assert not re.search(r"[{}]\w+[{}]", body.partition("</style>")[2] or body)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    words, portuguese = words_in(language), words_in("pt-br")

    assert words.keys() == portuguese.keys()
    assert words["letters"].keys() == set(LetterKind)
    for kind in LetterKind:
        assert words["letters"][kind].keys() == portuguese["letters"][kind].keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_why_nothing_arrives_has_words(language: str) -> None:
    told = {*get_args(Reason), "authorization_failed"} - OUR_OWN_FAULTS

    assert words_in(language)["failures"].keys() == told


def test_a_warning_says_where_nothing_arrives_since_when_and_why() -> None:
    since = datetime(2026, 12, 1, 2, 59, 59, tzinfo=UTC)
    warning = replace(LETTER, kind=LetterKind.ENDPOINT_PAUSED, title="erp.test", days_left=14)

    mail = STATIONERY.write(replace(warning, since=since, failure="connect_failed"))

    for body in (mail.html, mail.text):
        for fact in ("erp.test", "30/11/2026 às 23:59", "ninguém atende nesse endereço", "14 dias", LINK):
            assert fact in body


def test_an_invitation_says_who_what_until_when_and_where() -> None:
    mail = STATIONERY.write(LETTER)

    assert mail.subject == "Ana Souza pede a sua assinatura: Contrato de locação"
    for body in (mail.html, mail.text):
        for fact in (
            "Olá, Bruno.",
            "Ana Souza",
            "30/11/2026 às 23:59",
            "Segue o contrato.",
            "contrato.pdf",
            LINK,
        ):
            assert fact in body


def test_a_sentence_without_its_fact_is_left_out() -> None:
    mail = STATIONERY.write(replace(LETTER, expires_at=None, to_name="", message="", files=()))

    assert "prazo" not in mail.text
    assert "Olá." in mail.text
    assert "Mensagem" not in mail.html
    assert "Documentos" not in mail.html


def test_strangers_words_are_never_markup() -> None:
    evil = '<img src=x onerror=alert(1)>"{sender}'
    mail = STATIONERY.write(
        replace(LETTER, title=evil, sender=evil, message=evil, to_name=evil, files=(LetterFile(evil),))
    )

    assert "<img" not in mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in mail.html
    assert evil in mail.text


def test_a_title_of_several_lines_gives_a_subject_of_one() -> None:
    assert "\n" not in STATIONERY.write(replace(LETTER, title="a\r\nBcc: x@y.test")).subject


def test_the_code_stands_in_the_subject_and_is_never_linked() -> None:
    mail = STATIONERY.write(replace(LETTER, kind=LetterKind.CODE, link=""))

    assert mail.subject == "482913 é o seu código para assinar"
    assert "10 minutos" in mail.text
    assert "href" not in mail.html.partition("contrato.pdf")[2]


def test_completion_links_each_file() -> None:
    files = (LetterFile("contrato.pdf", f"{LINK}/1"), LetterFile("registro.pdf", f"{LINK}/2"))
    mail = STATIONERY.write(replace(LETTER, kind=LetterKind.COMPLETED, files=files))

    assert f'href="{LINK}/1"' in mail.html
    assert f"{LINK}/2" in mail.text


def test_branding_gives_name_logo_and_colour() -> None:
    branding = Branding(name="Horizonte", logo_url="https://cdn.example.test/logo.png", color="#0B5D4E")
    mail = STATIONERY.write(replace(LETTER, branding=branding))

    assert mail.sender_name == "Horizonte"
    assert 'src="https://cdn.example.test/logo.png"' in mail.html
    assert "background-color:#0b5d4e" in mail.html
    assert "Enviado por Horizonte com Lacre." in mail.text


@pytest.mark.parametrize("color", ["", "red", "#fff", "#12345g", '#000000;background:url("x")', "#a3261f\n"])
def test_a_colour_that_is_none_becomes_the_seals(color: str) -> None:
    assert "#a3261f" in STATIONERY.write(replace(LETTER, branding=Branding(color=color))).html


@pytest.mark.parametrize(
    "logo", ["http://x.test/l.png", "javascript:alert(1)", "data:image/png;base64,AA", "//x.test"]
)
def test_a_logo_comes_over_https_or_not_at_all(logo: str) -> None:
    assert "<img" not in STATIONERY.write(replace(LETTER, branding=Branding(logo_url=logo))).html


def test_the_button_stays_readable_on_a_pale_colour() -> None:
    pale = STATIONERY.write(replace(LETTER, branding=Branding(color="#ffd400"))).html
    dark = STATIONERY.write(replace(LETTER, branding=Branding(color="#0b5d4e"))).html

    assert "font-weight:600;color:#221d18" in pale
    assert "font-weight:600;color:#ffffff" in dark
