from __future__ import annotations

import pytest

from lacre.engines.typeset.wording import LANGUAGES, words_in
from lacre.signing import events
from lacre.signing.evidence import Identification


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    assert words_in(language).keys() == words_in("pt-br").keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_event_has_a_word(language: str) -> None:
    assert words_in(language)["events"].keys() == events.ALL


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_of_identifying_has_a_word(language: str) -> None:
    assert words_in(language)["identification"].keys() == {str(how) for how in Identification}


def test_a_language_that_we_do_not_write_is_portuguese() -> None:
    assert words_in("fr")["code"] == "pt-br"
