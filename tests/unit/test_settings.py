"""What an operator may choose; what makes no sense is refused at the start, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from lacre.settings import LANGUAGES
from lacre.web.layout import translations
from tests.support.settings import settings_in


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("lang", "fr", "pt-br, en, es"),
        ("lang", "", "pt-br, en, es"),
        ("public_url", "assina.example.com", "https://assina.example.com"),
        ("public_url", "ftp://assina.example.com", "https://assina.example.com"),
        ("public_url", "https://example.com/assina", "host and port alone"),
        ("public_url", "https://ana:segredo@example.com", "host and port alone"),
        ("public_url", "https://example.com:99999", "Port out of range"),
        ("public_url", "https://", "https://assina.example.com"),
        ("log_format", "xml", "'json' or 'text'"),
        ("mail_from", "Lacre", "user@domain"),
        ("bounces_to", "returns.example.com", "@domain"),
        ("tsa_url", "tsa.example.com", "https://"),
        ("nfse_sandbox_url", "http://127.0.0.1:8443", "https://host:port"),
        ("error_names", "codigo", "codigo,mensagem"),
        ("trusted_roots", "nowhere", "no folder"),
    ],
)
def test_nonsense_is_refused_with_what_to_write_instead(
    tmp_path: Path, name: str, value: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        settings_in(tmp_path, **{name: value})

    assert name in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("public_url", "http://localhost:8000"),
        ("public_url", "https://assina.example.com/"),
        ("public_url", "https://[2001:db8::1]:8443"),
        ("mail_from", "Ana <ana@example.com>"),
        ("bounces_to", "@returns.example.com"),
        ("bounces_to", "returns@example.com"),
        ("log_format", "text"),
    ],
)
def test_what_makes_sense_is_taken_as_it_is(tmp_path: Path, name: str, value: str) -> None:
    assert getattr(settings_in(tmp_path, **{name: value}), name) == value


@pytest.mark.parametrize(
    ("said", "meant"), [("PT_br", "pt-br"), ("pt", "pt-br"), ("en-US", "en"), ("es", "es")]
)
def test_a_language_may_be_written_as_elsewhere(tmp_path: Path, said: str, meant: str) -> None:
    assert settings_in(tmp_path, lang=said).lang == meant


def test_the_languages_to_choose_from_are_those_of_the_pages() -> None:
    assert tuple(translations.LANGUAGES) == LANGUAGES
