"""The shapes that keep the code readable, and the words that stay in their folders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "lacre"
MAX_FUNCTION_LINES = 40
MAX_FILE_LINES = 400
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "base", "manager"}
VENDOR_WORDS = re.compile(
    r"zapsign|arqsign|idexa|fast_?notas|\bdoc_(signed|created|viewed|deleted|refused)\b", re.IGNORECASE
)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_no_function_is_longer_than_forty_lines() -> None:
    too_long = [
        f"{path.relative_to(SOURCE)}:{function.lineno} {function.name}: {length(function)}"
        for path, function in functions()
        if length(function) > MAX_FUNCTION_LINES
    ]

    assert too_long == []


def test_nine_functions_in_ten_have_at_most_twenty_lines() -> None:
    lengths = sorted(length(function) for _, function in functions())

    assert lengths[int(len(lengths) * 0.9)] <= 20


def test_no_file_is_longer_than_four_hundred_lines() -> None:
    too_long = [
        str(path.relative_to(SOURCE))
        for path in files()
        if len(path.read_text().splitlines()) > MAX_FILE_LINES
    ]

    assert too_long == []


def test_what_reads_shapes_is_made_once() -> None:
    """To make one takes a millisecond or more; in a transaction's path everything would pay it."""
    made = [
        f"{path.relative_to(SOURCE)}:{function.lineno} {function.name}"
        for path, function in functions()
        if path.parent.name in ("store", "fiscal", "signing", "processing", "webhooks", "worker")
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "TypeAdapter"
    ]

    assert made == []


def test_no_name_says_nothing() -> None:
    empty = [str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*") if path.stem in EMPTY_NAMES]

    assert empty == []


def test_every_module_opens_with_a_line_that_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(SOURCE))
        for path in files()
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


def test_vendor_words_stay_in_their_dialects() -> None:
    allowed = {SOURCE / "bootstrap.py"}
    strayed = [
        f"{path.relative_to(SOURCE)}:{number} {line.strip()}"
        for path in files()
        if path not in allowed and "dialects" not in path.parts and "cli" not in path.parts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if VENDOR_WORDS.search(line)
    ]

    assert strayed == []


def test_every_dialect_has_the_same_files() -> None:
    wanted = {"routes", "wire", "words", "webhook", "promise"}
    dialects = [path for path in (SOURCE / "dialects").iterdir() if (path / "__init__.py").exists()]
    missing = {dialect.name: wanted - {path.stem for path in dialect.iterdir()} for dialect in dialects}

    assert dialects
    assert {name: lacks for name, lacks in missing.items() if lacks} == {}


def test_no_shape_is_built_anew_at_each_call() -> None:
    """It takes milliseconds: of the reference, whose shapes are many and which is made once, it is right."""
    building = [
        f"{path.relative_to(SOURCE)}:{call.lineno} {function.name}"
        for path, function in functions()
        if path != SOURCE / "dialects" / "reference.py"
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "TypeAdapter"
    ]

    assert building == []


def files() -> Iterator[Path]:
    return (path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts)


def functions() -> Iterator[tuple[Path, Function]]:
    for path in files():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, Function):
                yield path, node


def length(function: Function) -> int:
    """Lines of the body, the docstring not counted."""
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    end = function.end_lineno or function.lineno
    return end - body[0].lineno + 1
