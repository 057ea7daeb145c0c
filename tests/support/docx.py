"""Small makers of real DOCX files, by python-docx and, where it makes only good ones, by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import docx

TYPES = "[Content_Types].xml"
BODY = "word/document.xml"
RELATIONS = "word/_rels/document.xml.rels"
Change = bytes | Callable[[bytes], bytes] | None


def docx_of(
    *paragraphs: str | Iterable[str], table: Iterable[Iterable[str]] = (), header: str = "", footer: str = ""
) -> bytes:
    """A paragraph is a text, or the runs that it is cut into; each run after the first is bold."""
    made = docx.Document()
    for one in paragraphs:
        _add(made, [one] if isinstance(one, str) else list(one))
    rows = [list(row) for row in table]
    if rows:
        _add_table(made, rows)
    made.sections[0].header.paragraphs[0].text = header
    made.sections[0].footer.paragraphs[0].text = footer
    return _bytes_of(made)


def altered(content: bytes, changes: Mapping[str, Change]) -> bytes:
    """Parts replaced, changed by a function, added, or left out (`None`)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts: dict[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
    for name, change in changes.items():
        if change is None:
            del parts[name]
        else:
            parts[name] = change if isinstance(change, bytes) else change(parts[name])
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def with_relation(content: bytes, kind: str, target: str, *, mode: str = "External") -> bytes:
    """The body says that it needs `target`."""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    said = f'<Relationship Id="rX" Type="{base}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return altered(content, {RELATIONS: lambda old: old.replace(b"</Rel", said.encode() + b"</Rel")})


def with_body(content: bytes, xml: str) -> bytes:
    """With this put before everything else in the body."""
    return altered(content, {BODY: lambda old: old.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)})


def written(folder: Path, content: bytes, name: str = "document.docx") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def texts_of(file: Path) -> list[str]:
    """Every paragraph as python-docx reads it, tables, header and footer after the body."""
    made = docx.Document(str(file))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    edges = [made.sections[0].header.paragraphs[0].text, made.sections[0].footer.paragraphs[0].text]
    return [paragraph.text for paragraph in made.paragraphs] + cells + edges


def _add(made: docx.document.Document, runs: list[str]) -> None:
    paragraph = made.add_paragraph()
    for number, text in enumerate(runs):
        paragraph.add_run(text).bold = bool(number)


def _add_table(made: docx.document.Document, rows: list[list[str]]) -> None:
    table = made.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text


def _bytes_of(made: docx.document.Document) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()
