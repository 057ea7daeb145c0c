"""Languages, names and files as people meet them."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from lacre.kit.ids import Digest
from lacre.web.layout.formats import masked_email, masked_name, masked_title, moment, size
from lacre.web.layout.translations import accepted, spoken
from lacre.web.signer.view import initials_of
from lacre.web.streaming import SIGNED, Given, disposition


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("pt_BR", "pt-br"),
        ("pt", "pt-br"),
        ("pt-PT", "pt-br"),
        ("EN-us", "en"),
        ("es-MX", "es"),
        ("xx", "pt-br"),
    ],
)
def test_any_spelling_of_a_language_finds_it(asked: str, language: str) -> None:
    assert spoken(asked) == language


def test_the_first_language_that_we_speak_is_taken() -> None:
    assert spoken(None, "", "de", "es", "en") == "es"


def test_a_browsers_languages_are_asked_in_their_order() -> None:
    assert accepted("de, en;q=0.5, es;q=0.8, x;q=junk") == ["de", "es", "en", "x"]


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Maria da Silva Souza", "MSS"), ("bruno", "B"), ("Ana", "A"), ("", ""), ("de la cruz", "DLC")],
)
def test_initials_leave_particles_out(name: str, initials: str) -> None:
    assert initials_of(name) == initials


def test_what_strangers_see_is_masked() -> None:
    assert masked_email("ana.souza@example.test") == "a•••@example.test"
    assert masked_name("Ana Maria Souza") == "Ana M. S."
    assert masked_title("Contrato de compra da fazenda") == "Contrato de c… da f…"
    assert (masked_name(""), masked_title("")) == ("", "")


def test_instants_are_said_in_brasilia_and_kept_exact() -> None:
    shown = moment(datetime(2026, 11, 23, 2, 5, 7, tzinfo=UTC), "pt-br")

    assert "22 de novembro de 2026 às 23:05" in shown
    assert 'datetime="2026-11-23T02:05:07.000000Z"' in shown


@pytest.mark.parametrize(("count", "shown"), [(12, "12 B"), (1_234_000, "1,2 MB"), (999_000, "999 kB")])
def test_sizes_are_said_as_people_say_them(count: int, shown: str) -> None:
    assert size(count, "pt-br") == shown


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Contrato.pdf", "Contrato (assinado).pdf"),
        ("../../etc/passwd", "_.._etc_passwd (assinado).pdf"),
        ('a"b\r\nSet-Cookie: x', "a_bSet-Cookie_ x (assinado).pdf"),
        ("", "document (assinado).pdf"),
        ("契約書", "契約書 (assinado).pdf"),
    ],
)
def test_a_file_is_saved_under_a_name_that_harms_nobody(name: str, saved: str) -> None:
    header = disposition(Given(digest=Digest("0" * 64), name=name, suffix=SIGNED))

    assert unquote(header.rpartition("''")[2]) == saved
    assert header.isascii()
    assert "\n" not in header
