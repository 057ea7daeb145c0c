from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pytest

from lacre.engines.typeset.typesetter import TypstTypesetter
from lacre.engines.typeset.wording import words_in
from lacre.signing import events
from lacre.signing.layout import Place
from lacre.signing.record import Picture, RecordEvent
from tests.support.reading import page_sizes, page_texts, picture_of, text_of
from tests.support.records import FINAL, ORIGINAL, SIGNED_AT, contents, drawn_signature, signer


def test_blank_pages_have_one_frame_per_signer(typesetter: TypstTypesetter) -> None:
    people = [signer(number, status="pending") for number in range(1, 21)]

    blank = typesetter.record_pages(contents(*people))

    assert [field.name for field in blank.fields] == [f"record.signer{number}" for number in range(1, 21)]
    assert set(blank.seal_places) == {f"signer{number}" for number in range(1, 21)}
    assert len(page_sizes(blank.pdf)) <= 5


def test_frames_lie_on_their_pages_and_apart(typesetter: TypstTypesetter) -> None:
    blank = typesetter.record_pages(contents(*[signer(number) for number in range(1, 12)]))

    places = [field.place for field in blank.fields]
    assert all(place.on_the_page for place in places)
    assert max(place.page for place in places) == len(page_sizes(blank.pdf)) - 1
    assert not any(_overlap(one, other) for one in places for other in places if one is not other)


def test_the_place_to_sign_lies_inside_the_frame(typesetter: TypstTypesetter) -> None:
    blank = typesetter.record_pages(contents())

    for field in blank.fields:
        seal = blank.seal_places[field.name.removeprefix("record.")]
        assert _holds(field.place, seal)


def test_frames_are_blank_before_anyone_signs(typesetter: TypstTypesetter) -> None:
    blank = typesetter.record_pages(contents(signer(1, name="Bruno Müller")))

    place = blank.fields[0].place
    picture = picture_of(blank.pdf, place.page, scale=1)
    seal = _pixels(blank.seal_places["signer1"], picture.size)
    assert picture.crop(seal).getchannel("A").getbbox() is None
    assert "Bruno" not in text_of(blank.pdf)


def test_blank_pages_say_which_document_they_belong_to(typesetter: TypstTypesetter) -> None:
    said = text_of(typesetter.record_pages(contents()).pdf)

    for fact in (
        "Registro de assinaturas",
        "Contrato de locação",
        "env_0d3f5a3e",
        ORIGINAL,
        "/verify/0d3f5a3e5c0b",
    ):
        assert fact in said


def test_blank_pages_hold_nothing_that_changes_while_people_sign(typesetter: TypstTypesetter) -> None:
    said = text_of(typesetter.record_pages(contents()).pdf)

    for later in ("Concluído", "Encerrado", "5e5e5e", FINAL):
        assert later not in said


def test_the_record_holds_documents_people_and_timeline(typesetter: TypstTypesetter) -> None:
    said = text_of(typesetter.record(contents(happenings=30)))

    for fact in (
        ORIGINAL,
        FINAL,
        "Concluído",
        "1. Bruno Müller",
        "2. Carla Conceição de Sá",
        "Assinou como testemunha",
        "Leitura confirmada",
        "nº 29",
        "Como conferir",
        "5e" * 32,
    ):
        assert fact in said


@pytest.mark.parametrize(
    ("language", "words"),
    [("pt-br", "Mensagem guardada, não enviada"), ("en", "Message kept, not sent"),
     ("es", "Mensaje guardado, no enviado")],
)  # fmt: skip
def test_the_record_calls_no_message_sent_that_stayed(
    typesetter: TypstTypesetter, language: str, words: str
) -> None:
    kept = RecordEvent(at=SIGNED_AT, who="Bruno Müller", what=events.SIGNER_NOTIFIED, kept=True)

    said = text_of(typesetter.record(replace(contents(language=language), events=(kept,))))

    assert words in said
    assert words_in(language)["events"][events.SIGNER_NOTIFIED] not in said


def test_the_record_is_honest_about_the_seal(typesetter: TypstTypesetter) -> None:
    own = text_of(typesetter.record(contents()))
    icp = text_of(typesetter.record(contents(icp_brasil=True)))

    assert "Não é um certificado ICP-Brasil" in own
    assert "com certificado ICP-Brasil" in icp


@pytest.mark.parametrize(("language", "title"), [("en", "Signature record"), ("es", "Registro de firmas")])
def test_the_record_speaks_three_languages(typesetter: TypstTypesetter, language: str, title: str) -> None:
    said = text_of(typesetter.record(contents(language=language)))

    assert title in said
    assert "Assinou" not in said


def test_the_record_is_an_archivable_tagged_pdf(typesetter: TypstTypesetter) -> None:
    names = "Conceição Иванова محمد דוד 张伟 山田太郎 김철수 อนันต์ कमल 🎉 ✓"
    record = typesetter.record(contents(signer(1, name=names, ink=Picture(drawn_signature()))))

    with pikepdf.open(io.BytesIO(record)) as opened:
        metadata = opened.open_metadata()
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "A"
        assert metadata["pdfuaid:part"] == "1"
        assert str(opened.Root.Lang) == "pt-BR"


def test_a_sign_that_no_font_has_does_not_cost_the_record(typesetter: TypstTypesetter) -> None:
    record = typesetter.record(contents(signer(1, name="Ana \U00012000 Souza")))

    assert "Souza" in text_of(record)


def test_a_large_record_is_numbered_and_breaks_no_block(typesetter: TypstTypesetter) -> None:
    people = [signer(number) for number in range(1, 21)]

    pages = page_texts(typesetter.record(contents(*people, happenings=150)))

    assert 6 <= len(pages) <= 12
    assert all(f"Página {number} de {len(pages)}" in said for number, said in enumerate(pages, 1))
    assert sum("nº 149" in said for said in pages) == 1


def test_hostile_lengths_are_survived(typesetter: TypstTypesetter) -> None:
    endless = contents(signer(1, name="N" * 3000), signer(2, name="nome " * 800), title="T" * 5000)

    assert len(page_sizes(typesetter.record(endless))) < 12
    assert len(typesetter.record_pages(endless).fields) == 2


def _holds(frame: Place, seal: Place) -> bool:
    return (
        frame.page == seal.page
        and frame.left < seal.left
        and frame.bottom < seal.bottom
        and frame.left + frame.width > seal.left + seal.width
        and frame.bottom + frame.height > seal.bottom + seal.height
    )


def _overlap(one: Place, other: Place) -> bool:
    if one.page != other.page:
        return False
    return one.bottom < other.bottom + other.height and other.bottom < one.bottom + one.height


def _pixels(place: Place, size: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = size
    top = height * (100 - place.bottom - place.height) / 100
    left = width * place.left / 100
    return (
        round(left),
        round(top),
        round(left + width * place.width / 100),
        round(top + height * place.height / 100),
    )
