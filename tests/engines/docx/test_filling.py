"""Variables are found however the word processor cut them up, and filled with text that stays text."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import docx
import pytest

from lacre.engines.docx.filling import fill, survey
from tests.support.docx import altered, docx_of, texts_of, with_body, written

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def test_variables_are_told_in_the_order_of_reading_each_once(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        docx_of("Eu, {{NOME COMPLETO}}, de {{ cidade }}", "{{NOME COMPLETO}}", header="{{Seção}}"),
    )

    assert survey(file) == ("NOME COMPLETO", "cidade", "Seção")


@pytest.mark.parametrize(
    "runs",
    [
        ["{{nome}}"],
        ["{", "{no", "me}}"],
        ["{{", "nome", "}", "}"],
        ["{{  no", "me ", " }}"],
    ],
)
def test_a_variable_may_be_split_over_runs(tmp_path: Path, runs: list[str]) -> None:
    filled = _filled(tmp_path, docx_of(["Eu, ", *runs, ", assino."]), {"nome": "Ana"})

    assert texts_of(filled)[0] == "Eu, Ana, assino."


def test_the_runs_around_keep_their_looks(tmp_path: Path) -> None:
    filled = _filled(tmp_path, docx_of(["{{a", "}} depois"]), {"a": "Ana"})

    runs = docx.Document(str(filled)).paragraphs[0].runs
    assert [(run.text, run.bold) for run in runs] == [("Ana", False), (" depois", True)]


def test_tables_headers_and_footers_are_filled(tmp_path: Path) -> None:
    content = docx_of("{{a}}", table=[["{{a}}", "{{b}}"]], header="{{b}} no topo", footer="{{c}}")

    filled = _filled(tmp_path, content, {"a": "1", "b": "2", "c": "3"})

    assert texts_of(filled) == ["1", "1", "2", "2 no topo", "3"]


def test_text_boxes_are_filled_and_not_mixed_with_the_paragraph_they_hang_in(tmp_path: Path) -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>{{b}}</w:t></w:r></w:p></w:txbxContent>"
    content = with_body(
        docx_of("x"),
        f"<w:p><w:r><w:t>{{{{a</w:t></w:r><w:r><w:pict>{box}</w:pict></w:r><w:r><w:t>}}}}</w:t></w:r></w:p>",
    )

    filled = _filled(tmp_path, content, {"a": "fora", "b": "dentro"})

    assert survey(written(tmp_path, content)) == ("a", "b")
    xml = _body(filled)
    assert ">fora<" in xml
    assert ">dentro<" in xml


@pytest.mark.parametrize(
    ("written_as", "answers", "expected"),
    [
        ("{{Endereço da Mãe}}", {"Endereço da Mãe": "Rua É"}, "Rua É"),
        ("{{Endereço}}", {"Endereço": "composto"}, "composto"),
        ("{{NOME}}", {"nome": "só outra caixa"}, "só outra caixa"),
        ("{{Nome}} {{NOME}}", {"Nome": "Ana", "NOME": "ANA"}, "Ana ANA"),
        ("{{nome\u00a0completo}}", {"nome completo": "Ana"}, "Ana"),
        ("{{sem resposta}}.", {}, "."),
        ("{nome} {{}} {{ }}", {"nome": "x"}, "{nome} {{}} {{ }}"),
    ],
)
def test_names_meet_their_answers(
    tmp_path: Path, written_as: str, answers: Mapping[str, str], expected: str
) -> None:
    assert texts_of(_filled(tmp_path, docx_of(written_as), answers))[0] == expected


@pytest.mark.parametrize(
    "hostile",
    [
        "{{ 7 * 7 }}",
        "{{b}}",
        "{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}",
        "</w:t></w:r><w:r><w:t>&amp;<!--",
        "${7*7} #{7*7} <%= 7 %>",
    ],
)
def test_an_answer_is_text_and_never_read_again(tmp_path: Path, hostile: str) -> None:
    filled = _filled(tmp_path, docx_of("{{a}} e {{b}}"), {"a": hostile, "b": "segundo"})

    assert texts_of(filled)[0] == f"{hostile} e segundo"


def test_lines_of_an_answer_become_lines_of_the_document(tmp_path: Path) -> None:
    assert (
        texts_of(_filled(tmp_path, docx_of("A: {{a}}!"), {"a": "um\ndois\ntrês"}))[0] == "A: um\ndois\ntrês!"
    )


def test_signs_that_xml_cannot_hold_are_left_out(tmp_path: Path) -> None:
    assert texts_of(_filled(tmp_path, docx_of("{{a}}"), {"a": "a\x00b\x0bc\ud800"}))[0] == "abc"


def test_without_answers_braces_stay_as_they_are(tmp_path: Path) -> None:
    file = written(tmp_path, docx_of("{{a}}"))

    assert fill(file, None, tmp_path / "out.docx") is None

    assert texts_of(tmp_path / "out.docx")[0] == "{{a}}"


def test_deleted_text_is_no_variable(tmp_path: Path) -> None:
    deleted = "<w:p><w:del w:id='1' w:author='a'><w:r><w:delText>{{velho}}</w:delText></w:r></w:del></w:p>"

    assert survey(written(tmp_path, with_body(docx_of("{{novo}}"), deleted))) == ("novo",)


def test_drawn_shapes_are_filled_too(tmp_path: Path) -> None:
    drawn = (
        b'<a:p xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
        b"<a:r><a:t>{{a</a:t></a:r><a:r><a:t>}}</a:t></a:r></a:p>"
    )
    content = altered(docx_of("x"), {"word/diagrams/data1.xml": drawn})

    filled = _filled(tmp_path, content, {"a": "na forma"})

    assert "na forma" in _part(filled, "word/diagrams/data1.xml")


def _filled(folder: Path, content: bytes, answers: Mapping[str, str]) -> Path:
    out = folder / "filled.docx"
    assert fill(written(folder, content), answers, out) is None
    return out


def _body(file: Path) -> str:
    return _part(file, "word/document.xml")


def _part(file: Path, name: str) -> str:
    import zipfile

    with zipfile.ZipFile(file) as archive:
        return archive.read(name).decode()
