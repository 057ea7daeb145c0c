"""Which parameters there are, and that no note reads one that the list lacks."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from inspect import getsource

from lacre.fiscal import noting
from lacre.fiscal.parameters import PARAMETERS, nearest

LEVELS = ("federal", "state", "municipal")


def test_what_notes_read_is_what_there_is() -> None:
    assert set(_read()) == PARAMETERS


def test_a_misspelt_one_is_recognised() -> None:
    assert nearest("discont") == "discount"
    assert nearest("color") == ""


def _read() -> Iterator[str]:
    """What `said` is asked for, by name."""
    for call in ast.walk(ast.parse(getsource(noting))):
        if isinstance(call, ast.Call) and _asks(call.func):
            for argument in call.args:
                yield from _names(argument)


def _asks(what: ast.expr) -> bool:
    owner = what.value if isinstance(what, ast.Attribute) else what
    return isinstance(owner, ast.Name) and owner.id == "said"


def _names(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(name)):
            yield name
        case ast.JoinedStr(values=[ast.Constant(value=str(begin)), _]):
            yield from (f"{begin}{level}" for level in LEVELS)
