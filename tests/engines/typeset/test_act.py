from __future__ import annotations

import pikepdf
import pytest

from lacre.engines.typeset.typesetter import TypstTypesetter
from lacre.signing.appearance import Block, Box, Fill, Initials, Stamp, Tick, Words
from lacre.signing.layout import PageSize, Place
from lacre.signing.record import Handwriting, Ink, Picture
from tests.support.reading import page_sizes, page_texts, picture_of, text_of
from tests.support.records import SIGNED_AT, drawn_signature, photographed_signature, signer

NAMES = [
    "Conceição Müller",
    "Карла Иванова",
    "محمد عبد الله",
    "דוד כהן",
    "张伟",
    "山田太郎",
    "김철수",
    "อนันต์",
    "Zoë 🎉",
]


def test_each_page_is_exactly_as_large_as_its_box(typesetter: TypstTypesetter) -> None:
    boxes = [Box(field="a", width=60, height=20), Box(field="b", width=123.45, height=67.89)]

    pdf = typesetter.act([Words(box=box, text="x") for box in boxes], language="pt-br").pdf

    assert page_sizes(pdf) == [(60, 20), (123.45, 67.89)]


def test_pages_are_named_by_field(typesetter: TypstTypesetter) -> None:
    fills = [Words(box=Box(field=name, width=50, height=12), text=name) for name in ("x", "y", "z")]

    appearances = typesetter.act(fills, language="pt-br")

    assert [page_texts(appearances.pdf)[appearances.pages[name]] for name in "zyx"] == ["z", "y", "x"]


@pytest.mark.parametrize("size", [(60, 20), (120, 40), (180, 50), (200, 80), (300, 120), (90, 120)])
def test_a_stamp_of_any_size_says_who_and_when(typesetter: TypstTypesetter, size: tuple[int, int]) -> None:
    pdf = typesetter.act([stamp(*size)], language="pt-br").pdf

    said = text_of(pdf)
    assert "Ana Conceição" in said
    assert "23/11/2026 14:32:07" in said


def test_a_stamp_of_usual_size_says_everything(typesetter: TypstTypesetter) -> None:
    pdf = typesetter.act([stamp(220, 90, qualification="testemunha")], language="pt-br").pdf

    assert text_of(pdf) == (
        "Assinado eletronicamente por Ana Conceição Assinou como testemunha "
        "23/11/2026 14:32:07 (UTC−03:00) ID 0d3f5a3e"
    )


def test_a_stamp_speaks_the_language_of_the_envelope(typesetter: TypstTypesetter) -> None:
    assert "Signed electronically by" in text_of(typesetter.act([stamp(220, 90)], language="en").pdf)
    assert "Firmado electrónicamente por" in text_of(typesetter.act([stamp(220, 90)], language="es").pdf)


@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_scripts_can_be_read_out_again(typesetter: TypstTypesetter, name: str) -> None:
    pdf = typesetter.act([stamp(220, 90, name=name), Words(box=BOX, text=name)], language="pt-br").pdf

    # right-to-left runs are read out in visual order by some readers: the letters count, not their order
    assert all(set(name) - {" "} <= set(said) for said in page_texts(pdf))


@pytest.mark.parametrize(
    "ink", [Picture(drawn_signature()), Picture(photographed_signature()), Handwriting("Ana")]
)
def test_the_ground_of_a_mark_stays_transparent(typesetter: TypstTypesetter, ink: Ink) -> None:
    pdf = typesetter.act([Initials(box=BOX, ink=ink)], language="pt-br").pdf

    alpha = picture_of(pdf).getchannel("A")
    assert alpha.getpixel((0, 0)) == 0
    assert 0.005 < _share_of_ink(alpha.tobytes()) < 0.5


def test_a_mark_is_embedded_once_however_many_pages_it_stands_on(typesetter: TypstTypesetter) -> None:
    ink = Picture(drawn_signature())

    one = typesetter.act(initials(1, ink), language="pt-br").pdf
    hundred = typesetter.act(initials(100, ink), language="pt-br").pdf

    assert len(hundred) < len(one) + 100 * 600


def test_long_text_shrinks_until_it_stays_in_its_box(typesetter: TypstTypesetter) -> None:
    text = "Rua das Acácias, 1234, apartamento 56, bloco B, Jardim das Flores, São Paulo"
    pdf = typesetter.act([Words(box=Box(field="w", width=140, height=16), text=text)], language="pt-br").pdf

    assert text_of(pdf) == text
    picture = picture_of(pdf, scale=4)
    inked = picture.getchannel("A").getbbox()
    assert inked is not None
    assert inked[2] < picture.width
    assert inked[3] < picture.height


def test_a_tick_shows_only_in_a_ticked_box(typesetter: TypstTypesetter) -> None:
    boxes: list[Fill] = [
        Tick(box=Box(field=str(ticked), width=12, height=12), ticked=ticked) for ticked in (True, False)
    ]
    pdf = typesetter.act(boxes, language="pt-br").pdf

    full, empty = (_share_of_ink(picture_of(pdf, page).getchannel("A").tobytes()) for page in (0, 1))
    assert full > empty > 0


def test_a_block_holds_the_evidence(typesetter: TypstTypesetter) -> None:
    pdf = typesetter.act(
        [Block(box=Box(field="b", width=500, height=136), signer=signer(1))], language="pt-br"
    ).pdf

    said = text_of(pdf)
    for fact in (
        "1. Bruno Müller",
        "pessoa1@example.test",
        "123.456.789-09",
        "23/11/2026 14:32:07 (UTC−03:00)",
        "23/11/2026 17:32:07 UTC · relógio do servidor",
        "200.10.20.30:51422",
        "link pessoal, código por e-mail",
        "Android 14",
        "-23.559298, -46.658600",
        "texto 2026-11",
        "3f" * 32,
    ):
        assert fact in said


def test_a_block_leaves_room_where_the_signature_field_lies(typesetter: TypstTypesetter) -> None:
    block = Block(box=Box(field="b", width=500, height=136), signer=signer(1), inked=False)

    picture = picture_of(typesetter.act([block], language="pt-br").pdf, scale=1)

    seal = picture.crop((333, 9, 491, 71)).getchannel("A")
    assert _share_of_ink(seal.tobytes()) == 0


def test_pages_carry_no_annotation_and_no_tag(typesetter: TypstTypesetter) -> None:
    import io

    pdf = typesetter.act([stamp(220, 90)], language="pt-br").pdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert "/Annots" not in opened.pages[0]
        assert "/StructTreeRoot" not in opened.Root


def test_the_same_act_gives_the_same_bytes(typesetter: TypstTypesetter) -> None:
    first = typesetter.act([stamp(220, 90)], language="pt-br").pdf
    typesetter.act([stamp(100, 40)], language="en")

    assert TypstTypesetter().act([stamp(220, 90)], language="pt-br").pdf == first


def test_markup_in_a_name_is_only_text(typesetter: TypstTypesetter) -> None:
    name = '#panic("x") $a$ *b* ] \\u{41} <script>'

    assert (
        text_of(
            typesetter.act([Words(box=Box(field="n", width=300, height=20), text=name)], language="en").pdf
        )
        == name
    )


def test_signs_that_reorder_or_break_text_are_left_out(typesetter: TypstTypesetter) -> None:
    name = "Ana\u202etxt.exe\x00\ud800 Souza\u2066"

    assert text_of(typesetter.act([Words(box=BOX, text=name)], language="pt-br").pdf) == "Anatxt.exe Souza"


def test_a_box_is_measured_from_its_place() -> None:
    place = Place(page=0, left=10, bottom=10, width=50, height=5)

    assert Box.of("f", place, PageSize(600, 800)) == Box(field="f", width=300, height=40)


BOX = Box(field="box", width=160, height=30)


def stamp(width: float, height: float, *, name: str = "Ana Conceição", qualification: str = "") -> Stamp:
    return Stamp(
        box=Box(field="s", width=width, height=height),
        ink=Picture(drawn_signature()),
        signer=name,
        signed_at=SIGNED_AT,
        short_id="0d3f5a3e",
        qualification=qualification,
    )


def initials(pages: int, ink: Ink) -> list[Fill]:
    return [Initials(box=Box(field=f"i{page}", width=40, height=20), ink=ink) for page in range(pages)]


def _share_of_ink(alpha: bytes) -> float:
    return sum(opacity > 40 for opacity in alpha) / len(alpha)
