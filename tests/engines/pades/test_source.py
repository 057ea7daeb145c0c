"""The reader behind the seal sees what the great libraries see, and nothing where a file is unsound."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lacre.engines.pades.cos import Malformed, Name, Raw, Ref, Value, parse, string_text, text, written
from lacre.engines.pades.pages import PageTree
from lacre.engines.pades.source import Source
from tests.support import pdfs
from tests.support.examples import PATIENT


@pytest.mark.parametrize(
    "make",
    [
        pdfs.contract_pdf,
        pdfs.rotated_pdf,
        pdfs.form_pdf,
        pdfs.hybrid_pdf,
        lambda: pdfs.crowded_pdf(300),
        lambda: pdfs.crowded_pdf(300, object_streams=True),
    ],
)
def test_every_object_reads_as_qpdf_reads_it(make: Callable[[], bytes]) -> None:
    content = make()
    source = Source(content)

    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert PageTree(source).count == len(pdf.pages)
        for other in pdf.objects:
            if isinstance(other, pikepdf.Dictionary) and other.is_indirect:
                ours = source.dictionary(Ref(*other.objgen))
                assert {key.decode() for key in ours} == {key.removeprefix("/") for key in other.keys()}  # noqa: SIM118


def test_an_object_is_only_read_where_its_number_stands() -> None:
    content = bytearray(pdfs.contract_pdf(1))
    at = content.index(b"1 0 obj")
    content[at : at + 1] = b"9"

    with pytest.raises(Malformed):
        Source(bytes(content)).dictionary(Ref(1, 0))


@pytest.mark.parametrize(
    "broken",
    [b"<<", b"[1 2", b"<</A>>", b"<</A 1/A 2>>", b"(never", b">>", b"]", b"[>>", b"[" * 500, b"<</A [1>>]"],
)
def test_what_breaks_the_grammar_is_refused(broken: bytes) -> None:
    with pytest.raises(Malformed):
        parse(broken)


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        (b"12 0 R", Ref(12, 0)),
        (b"[12 0 R]", [Ref(12, 0)]),
        (b"[12 0 0]", [Raw(b"12"), Raw(b"0"), Raw(b"0")]),
        (b"/A#20B", Name(b"A B")),
        (b"<</A/B/C(x(y)z)>>", {b"A": Name(b"B"), b"C": Raw(b"(x(y)z)")}),
        (b"% a comment\n<< /A % another\n true >>", {b"A": Raw(b"true")}),
        (rb"(a\)b\\)", Raw(rb"(a\)b\\)")),
        (b"<48 65>", Raw(b"<48 65>")),
        (b"-.5", Raw(b"-.5")),
    ],
)
def test_the_grammar(source: bytes, meant: Value) -> None:
    assert parse(source)[0] == meant


@PATIENT
@given(st.text())
def test_any_text_survives_being_written(content: str) -> None:
    assert string_text(parse(written(text(content)))[0]) == content


_SCALARS = st.one_of(
    st.builds(Ref, st.integers(0, 99_999), st.integers(0, 9)),
    st.binary(min_size=1).map(Name),
    st.integers().map(lambda value: Raw(str(value).encode())),
    st.binary().map(lambda value: Raw(b"<" + value.hex().encode() + b">")),
)


@PATIENT
@given(
    st.recursive(
        _SCALARS,
        lambda inner: st.lists(inner) | st.dictionaries(st.binary(min_size=1), inner),
        max_leaves=30,
    )
)
def test_any_object_survives_being_written(value: Value) -> None:
    assert parse(written(value))[0] == value


@PATIENT
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader_in_any_other_way(noise: bytes) -> None:
    content = b"%PDF-1.7\n" + noise + b"\nstartxref\n9\n%%EOF\n"
    with contextlib.suppress(Malformed):
        assert PageTree(Source(content)).count >= 0


def test_a_loop_of_sections_ends() -> None:
    content = pdfs.contract_pdf(1)
    start = content.rindex(b"startxref")
    at = int(content[start:].split()[1])
    looped = content.replace(b"trailer <<", b"trailer << /Prev %d" % at)

    with pytest.raises(Malformed):
        Source(looped).dictionary(Ref(4_000, 0))
