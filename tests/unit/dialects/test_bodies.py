"""A body in pieces says what it says in one, with its long texts on disk."""

from __future__ import annotations

import base64
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacre.dialects.bodies import LONG, Spool, unescaped
from tests.support.examples import PATIENT

TEXT = "AbC+/=" * LONG
VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def _no_folder() -> Path:
    pytest.fail("nothing is long here")


def spooled(folder: Path, body: bytes, *, every: int = 1 << 16) -> tuple[object, dict[str, Path]]:
    spool = Spool(lambda: folder, keys=(b"file",), tag="tag")
    for at in range(0, len(body), every):
        spool.feed(body[at : at + every])
    spool.close()
    return json.loads(spool.finish()), spool.texts


@PATIENT
@given(value=VALUES, cuts=st.lists(st.integers(0, 400)))
def test_what_is_short_passes_as_it_is_however_it_is_cut(value: object, cuts: list[int]) -> None:
    body = json.dumps(value).encode()
    spool = Spool(_no_folder, keys=(b"file",), tag="tag")

    for start, end in pairwise([0, *sorted(cuts), len(body) + 400]):
        spool.feed(body[start:end])

    assert spool.finish() == body


@pytest.mark.parametrize("every", [1000, 1 << 16, 10**9])
def test_a_long_text_goes_to_disk(tmp_path: Path, every: int) -> None:
    said, texts = spooled(tmp_path, json.dumps({"a": 1, "file": TEXT, "b": "é"}).encode(), every=every)

    assert said == {"a": 1, "file": "tag:0", "b": "é"}
    assert texts["tag:0"].read_text() == TEXT


def test_a_long_text_under_another_name_stays(tmp_path: Path) -> None:
    said, texts = spooled(tmp_path, json.dumps({"file": "x", "name": TEXT}).encode())

    assert (said, texts) == ({"file": "x", "name": TEXT}, {})


def test_a_body_that_breaks_off_is_malformed(tmp_path: Path) -> None:
    body = json.dumps({"file": TEXT}).encode()

    with pytest.raises(ValueError, match="Unterminated"):
        spooled(tmp_path, body[:-9])


@pytest.mark.parametrize("chunk", [7, 1000, 1 << 20])
@pytest.mark.parametrize("written", ["php", "dotnet", "python", "odd"])
def test_escapes_mean_what_they_mean(tmp_path: Path, chunk: int, written: str) -> None:
    text = base64.encodebytes(bytes(range(256)) * 400).decode() + ("\\\\/\\" if written == "odd" else "")
    escaped = json.dumps(text)[1:-1]
    ways = {"php": escaped.replace("/", "\\/"), "dotnet": escaped.replace("+", "\\u002B")}
    file = tmp_path / "text"
    file.write_text(ways.get(written, escaped))

    assert b"".join(unescaped(file, chunk)).decode() == text
