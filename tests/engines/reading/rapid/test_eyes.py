"""Lines are cut into words where there are blanks, and around long dashes that stand free."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lacre.engines.reading.rapid.eyes import RapidEyes, words_of
from lacre.engines.reading.rapid.finding import Strip
from lacre.engines.reading.rapid.recognising import Sign
from tests.support.scans import slip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("à vista,  em dia", ["à", "vista,", "em", "dia"]),
        ("1ª– As partes", ["1ª", "–", "As", "partes"]),
        ("NOTA –NFS-e", ["NOTA", "–", "NFS-e"]),
        ("de 2019–2021 e", ["de", "2019–2021", "e"]),
        ("–", ["–"]),
    ],
)
def test_a_line_is_cut_into_words(line: str, words: list[str]) -> None:
    signs = [Sign(sign, 0.9, 10.0 * at + 5) for at, sign in enumerate(line)]

    found = list(words_of(Strip(0, 0, 10.0 * len(line), 20), signs))

    assert [word.text for word in found] == words
    assert all(before.right <= after.left for before, after in pairwise(found))


def test_spanish_is_not_given_accents_of_portuguese() -> None:
    lines = ("El servicio de la compañía es un beneficio", "para la familia y el oficio de la policía")

    seen = RapidEyes().see(np.asarray(slip(lines), np.uint8), ("pt", "en", "es"))

    assert {"servicio", "familia", "oficio"} <= {word.text for word in seen}
