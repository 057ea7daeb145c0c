"""What is no honest DOCX is refused with a reason, before any word processor sees it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from lacre.engines.docx.filling import fill, survey
from lacre.signing.ports import Unusable
from tests.support.docx import BODY, RELATIONS, TYPES, altered, docx_of, with_body, with_relation, written

GOOD = docx_of("Contrato de {{nome}}")


SIMPLE = '<w:p><w:fldSimple w:instr="includepicture x"/></w:p>'


def _of_a_spreadsheet(old: bytes) -> bytes:
    return old.replace(b"wordprocessingml", b"spreadsheetml")


def _with_macros(old: bytes) -> bytes:
    plain = b"openxmlformats-officedocument.wordprocessingml.document.main"
    assert plain in old
    return old.replace(plain, b"ms-word.document.macroEnabled.main")


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(9):
            archive.writestr(f"word/media/{number}.bin", bytes(32 << 20))
    return out.getvalue()


def _laughing(old: bytes) -> bytes:
    doctype = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    return old.replace(b"<w:document", doctype + b"<w:document", 1).replace(b"Contrato", b"&b;")


def _reading(old: bytes) -> bytes:
    doctype = b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    return old.replace(b"<w:document", doctype + b"<w:document", 1)


def _field(*instruction: str) -> bytes:
    runs = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instruction)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "end"))
    return with_body(GOOD, f"<w:p>{begin}{runs}{end}</w:p>")


HOSTILE: dict[str, tuple[str, bytes]] = {
    "a text": ("not_a_docx", b"Prezados,"),
    "a PDF": ("not_a_docx", b"%PDF-1.7"),
    "a ZIP of other things": ("not_a_docx", altered(GOOD, {TYPES: None})),
    "a spreadsheet": ("not_a_docx", altered(GOOD, {TYPES: _of_a_spreadsheet})),
    "no body": ("not_a_docx", altered(GOOD, {BODY: None})),
    "cut off": ("docx_broken", GOOD[: len(GOOD) // 2]),
    "old or with a password": ("docx_password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    "broken XML": ("docx_broken", altered(GOOD, {BODY: lambda old: old[:-20]})),
    "entities": ("docx_broken", altered(GOOD, {BODY: _laughing})),
    "a foreign DTD": ("docx_broken", altered(GOOD, {BODY: _reading})),
    "a depth that none has": ("docx_broken", with_body(GOOD, "<w:p>" * 5000 + "</w:p>" * 5000)),
    "a bomb": ("too_large", _bomb()),
    "macros": ("macros", altered(GOOD, {TYPES: _with_macros})),
    "a macro's part": ("macros", with_relation(GOOD, "vbaProject", "vbaProject.bin", mode="Internal")),
    "ActiveX": ("macros", with_relation(GOOD, "control", "activeX1.xml", mode="Internal")),
    "a linked picture": ("external_link", with_relation(GOOD, "image", "http://127.0.0.1/x.png")),
    "a linked file": ("external_link", with_relation(GOOD, "oleObject", "file:///etc/passwd")),
    "another document within": ("external_link", with_relation(GOOD, "aFChunk", "x.html", mode="Internal")),
    "DDE": ("external_link", _field("DDEAUTO c:\\\\x")),
    "DDE in pieces": ("external_link", _field(" DD", "EAU", "TO cmd")),
    "another file's text": ("external_link", _field('INCLUDETEXT "/etc/passwd"')),
    "a simple field": ("external_link", with_body(GOOD, SIMPLE)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    code, content = HOSTILE[name]
    file = written(tmp_path, content)

    found, filled = survey(file), fill(file, {}, tmp_path / "out.docx")

    assert isinstance(found, Unusable)
    assert (found.code, filled) == (code, found)
    assert found.reason.endswith((".", ")"))
    assert not (tmp_path / "out.docx").exists()


def test_a_document_that_is_encrypted_as_a_zip_is_refused(tmp_path: Path) -> None:
    flagged = bytearray(GOOD)
    central = flagged.find(b"PK\x01\x02")
    flagged[central + 8] |= 1

    found = survey(written(tmp_path, bytes(flagged)))

    assert isinstance(found, Unusable)
    assert found.code == "docx_password"


@pytest.mark.parametrize(
    "content",
    [
        with_relation(GOOD, "hyperlink", "https://example.test/"),
        _field('HYPERLINK "https://example.test/DDE"'),
        _field(" PAGE "),
    ],
)
def test_links_that_a_reader_may_follow_are_no_harm(tmp_path: Path, content: bytes) -> None:
    assert survey(written(tmp_path, content)) == ("nome",)


def test_the_template_on_somebodys_disk_is_forgotten(tmp_path: Path) -> None:
    content = with_relation(GOOD, "attachedTemplate", "file://server/share/Normal.dotm")

    assert fill(written(tmp_path, content), {}, tmp_path / "out.docx") is None

    with zipfile.ZipFile(tmp_path / "out.docx") as archive:
        assert b"server" not in archive.read(RELATIONS)
