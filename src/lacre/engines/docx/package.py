"""A DOCX as what it is, a ZIP of XML: read with bounds, and refused when it names what must not be opened."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from lacre.engines.docx import words

MOST_PARTS = 5_000
MOST_BYTES = 256 << 20
"""Unpacked. Python's reader gives no part more than it announced."""
MOST_XML_BYTES = 32 << 20
"""Of one part."""
_TYPES = "[Content_Types].xml"
_MAIN = "officeDocument"
_HARMLESS = ("/hyperlink",)
_DROPPED = ("/attachedTemplate", "/mailMergeSource", "/mailMergeHeaderSource")
"""Told to the outside world, and of no use for how it looks."""
_FOREIGN = ("/aFChunk", "/subDocument")
_ACTIVE = ("/vbaProject", "/control", "/activeXControlBinary", "/wordVbaData")


class Refused(Exception):
    """A code and one English sentence: as in `lacre.signing.ports.Unusable`."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


@dataclass
class Package:
    """`parts` hold bytes; those that are XML and were asked for are parsed once and written back."""

    parts: dict[str, bytes]
    _trees: dict[str, etree._Element] = field(default_factory=dict)

    def tree(self, name: str) -> etree._Element:
        """To be read and changed in place."""
        if name not in self._trees:
            self._trees[name] = _parsed(self.parts[name], name)
        return self._trees[name]

    def texts(self) -> Iterator[etree._Element]:
        """Every part that holds words of the document: the body first, then headers and the rest."""
        inside = [name for name in self.parts if name.startswith("word/") and name.endswith(".xml")]
        for name in sorted(inside, key=lambda name: (name != self.main, name)):
            yield self.tree(name)

    @property
    def main(self) -> str:
        for one in _relationships(self, "_rels/.rels"):
            if (one.get("Type") or "").endswith(f"/{_MAIN}"):
                return (one.get("Target") or "").lstrip("/")
        raise Refused("not_a_docx", words.NOT_A_DOCX)

    def write(self, target: Path) -> None:
        for name, tree in self._trees.items():
            self.parts[name] = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)


def open_package(file: Path) -> Package:
    """Raises `Refused`. What names the outside world is taken out, where it is of no use to a reader."""
    try:
        with zipfile.ZipFile(file) as archive:
            package = Package(_read(archive))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as broken:
        raise Refused(*_unzippable(file)) from broken
    _check(package)
    return package


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [one for one in archive.infolist() if not one.is_dir()]
    names = [one.filename for one in entries]
    if len(names) > MOST_PARTS or sum(one.file_size for one in entries) > MOST_BYTES:
        raise Refused("too_large", words.BOMB)
    if len(set(names)) < len(names):
        raise Refused("docx_broken", words.BROKEN)
    if any(one.flag_bits & 1 for one in entries):
        raise Refused("docx_password", words.PASSWORD)
    return {one.filename: archive.read(one) for one in entries}


def _unzippable(file: Path) -> tuple[str, str]:
    """Word keeps documents with a password, and those of before 2007, in Microsoft's older container."""
    with file.open("rb") as opened:
        start = opened.read(4)
    if start == b"\xd0\xcf\x11\xe0":
        return "docx_password", words.PASSWORD
    return ("docx_broken", words.BROKEN) if start[:2] == b"PK" else ("not_a_docx", words.NOT_A_DOCX)


def _check(package: Package) -> None:
    if _TYPES not in package.parts or "_rels/.rels" not in package.parts:
        raise Refused("not_a_docx", words.NOT_A_DOCX)
    _check_types(package)
    if package.main not in package.parts:
        raise Refused("not_a_docx", words.NOT_A_DOCX)
    for name in package.parts:
        if name.endswith(".rels"):
            _check_relationships(package, name)
        elif name.endswith(".xml"):
            # one that cannot be read is refused here, and not by a reader that guesses
            _check_fields(package.tree(name))


def _check_types(package: Package) -> None:
    kinds = [(one.get("ContentType") or "").lower() for one in package.tree(_TYPES)]
    if any("macroenabled" in kind or "vbaproject" in kind for kind in kinds):
        raise Refused("macros", words.ACTIVE)
    if not any("wordprocessingml" in kind and kind.endswith("main+xml") for kind in kinds):
        raise Refused("not_a_docx", words.NOT_A_DOCX)


def _check_relationships(package: Package, name: str) -> None:
    for one in _relationships(package, name):
        kind = one.get("Type") or ""
        if kind.endswith(_ACTIVE):
            raise Refused("macros", words.ACTIVE)
        if kind.endswith(_FOREIGN):
            raise Refused("external_link", words.FOREIGN)
        if (one.get("TargetMode") or "").lower() == "external" and not kind.endswith(_HARMLESS):
            _drop(one, kind)


def _drop(one: etree._Element, kind: str) -> None:
    above = one.getparent()
    if not kind.endswith(_DROPPED) or above is None:
        raise Refused("external_link", words.LINKED)
    # the part that names it would be broken without: it then points to nothing that is there
    one.set("Target", "file:///dev/null")


def _relationships(package: Package, name: str) -> list[etree._Element]:
    return [one for one in package.tree(name) if isinstance(one.tag, str)]


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FETCHING = frozenset(
    {"DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "INCLUDE", "IMPORT", "LINK", "DATABASE", "RD"}
)


def _check_fields(tree: etree._Element) -> None:
    """Fields that bring in other files, or talk to other programs, however they are cut into runs."""
    for instruction in _instructions(tree):
        first = instruction.split(None, 1)[:1]
        if first and first[0].upper() in _FETCHING:
            raise Refused("external_link", words.LINKED)


def _instructions(tree: etree._Element) -> Iterator[str]:
    begun: list[str] = []
    for one in tree.iter(f"{_W}fldChar", f"{_W}instrText", f"{_W}fldSimple"):
        if one.tag == f"{_W}fldSimple":
            yield one.get(f"{_W}instr") or ""
        elif one.tag == f"{_W}instrText":
            begun = [*begun[:-1], (begun[-1] if begun else "") + (one.text or "")]
        elif one.get(f"{_W}fldCharType") == "begin":
            begun.append("")
        elif begun and one.get(f"{_W}fldCharType") == "separate":
            yield begun[-1]
        elif begun:
            yield begun.pop()


def _parsed(content: bytes, name: str) -> etree._Element:
    """No entities, no network, and nothing larger or deeper than any honest document."""
    if len(content) > MOST_XML_BYTES:
        raise Refused("too_large", words.BOMB)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as problem:
        raise Refused("docx_broken", f"{words.BROKEN} ({name})") from problem
    if tree.getroottree().docinfo.internalDTD is not None:
        raise Refused("docx_broken", f"{words.BROKEN} ({name})")
    return tree
