"""Every sentence about a note has its Portuguese, and is told with what fills it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from lacre.engines import nfse
from lacre.engines.nfse.contradictions import RULES, documents
from lacre.engines.nfse.findings import REMEDIES
from lacre.engines.nfse.wording import PORTUGUESE, problem

SENTENCE_ENDS = (".",)


def test_every_rule_has_its_portuguese() -> None:
    of_documents = [(one.published, one.text) for one in documents.RULES]
    rules = [(one.published, one.text) for one in RULES]

    missing = [
        text for code, text in (*rules, *of_documents) if code not in REMEDIES and text not in PORTUGUESE
    ]

    assert missing == []


def test_every_check_has_its_portuguese() -> None:
    said = {one for one in _texts("checks.py") if " " in one and one.endswith(SENTENCE_ENDS)}

    assert len(said) > 25
    assert said - PORTUGUESE.keys() - _docstrings("checks.py") == set()


def test_no_portuguese_is_left_over() -> None:
    files = ["checks.py", "schema.py", "drafting.py", "office.py"]
    said = {one for file in files for one in _texts(file)}
    said |= {one.text for one in RULES} | {one.text for one in documents.RULES}

    assert PORTUGUESE.keys() - said == set()


@pytest.mark.parametrize(
    ("told", "words"), [("told", "Choose one of 1, 2."), ("advice", "Escolha entre 1, 2.")]
)
def test_what_fills_a_sentence_stands_in_it(told: str, words: str) -> None:
    assert getattr(problem("iss.suspension.kind", "Choose one of {0}.", fill="1, 2"), told) == words


def test_what_fills_may_hold_braces() -> None:
    said = problem("xNome", "This does not follow the national layout ({0}).", fill="Element '{http://x}a'")

    assert "Element '{http://x}a'" in said.advice


def _texts(file: str) -> set[str]:
    return {
        one.value
        for one in ast.walk(_tree(file))
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }


def _docstrings(file: str) -> set[str]:
    return {
        one.value.value
        for one in ast.walk(_tree(file))
        if isinstance(one, ast.Expr)
        and isinstance(one.value, ast.Constant)
        and isinstance(one.value.value, str)
    }


def _tree(file: str) -> ast.Module:
    return ast.parse((Path(nfse.__file__).parent / file).read_text(encoding="utf-8"))
