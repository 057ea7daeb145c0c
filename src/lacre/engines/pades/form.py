"""The form inside a PDF: its fields found by name, new ones put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lacre.engines.pades.cos import (
    NULL,
    Dictionary,
    Malformed,
    Name,
    Ref,
    Stream,
    Value,
    integer,
    literal,
    number,
    numbers,
    string_text,
    text,
)
from lacre.engines.pades.geometry import sheet_of
from lacre.engines.pades.pages import PageTree
from lacre.engines.pades.revision import Revision
from lacre.engines.pades.source import Source
from lacre.signing.layout import FieldKind, FormField, Place

_READ_ONLY, _PUSH_BUTTON = 1, 1 << 16
_PRINTED_AND_LOCKED = 4 | 128
_SIGNATURES_EXIST, _APPEND_ONLY = 1, 2
_MOST_FIELDS = 100_000
_DRAWN = (FieldKind.SIGNATURE, FieldKind.INITIALS)


class Unfit(Exception):
    """A sound file that cannot take what it is asked to; the message says why."""


@dataclass(frozen=True)
class Found:
    name: str
    ref: Ref
    entries: Dictionary


def form_of(source: Source) -> Dictionary:
    """The interactive form; empty when there is none."""
    form = source.get(source.dictionary(source.root).get(b"AcroForm"))
    return form if isinstance(form, dict) else {}


def all_fields(source: Source, only: frozenset[str] | None = None) -> Iterator[Found]:
    """Every field that ends a branch, newest first; of `only` these names when given."""
    waiting: list[tuple[Value, str, Dictionary, int]] = [
        (ref, "", {}, 0) for ref in source.array(form_of(source).get(b"Fields"))
    ]
    seen = set[Ref]()
    while waiting:
        ref, above, inherited, depth = waiting.pop()
        if not isinstance(ref, Ref) or ref in seen or depth > 30 or len(seen) > _MOST_FIELDS:
            raise Malformed("the form's fields cannot be followed")
        seen.add(ref)
        entries = source.dictionary(ref)
        if b"T" not in entries:
            continue
        partial = string_text(source.get(entries[b"T"]))
        name = f"{above}.{partial}" if above else partial
        if only is not None and not any(wanted == name or wanted.startswith(name + ".") for wanted in only):
            continue
        entries = {**inherited, **entries}
        passed_on: Dictionary = {key: entries[key] for key in (b"FT", b"Ff", b"V") if key in entries}
        kids = [(kid, name, passed_on, depth + 1) for kid in source.array(entries.get(b"Kids"))]
        waiting.extend(kids)
        if not kids or not _has_named_kid(source, kids[0][0]):
            yield Found(name, ref, entries)


def _has_named_kid(source: Source, kid: Value) -> bool:
    return b"T" in source.dictionary(kid)


def find_fields(source: Source, names: frozenset[str]) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for candidate in all_fields(source, names):
        if candidate.name in names:
            found[candidate.name] = candidate
        if len(found) == len(names):
            break
    return found


def signatures(source: Source) -> list[Found]:
    """The signature fields that are signed."""
    return [
        found
        for found in all_fields(source)
        if found.entries.get(b"FT") == Name(b"Sig") and source.get(found.entries.get(b"V")) != NULL
    ]


@dataclass
class FormBuilder:
    """Adds fields to the form of a revision's file; of a page, only its list of widgets changes."""

    revision: Revision
    pages: PageTree
    new_pages: list[Ref] = field(default_factory=list)
    """Pages that this revision appends."""
    _top: list[Value] = field(default_factory=list)
    _branches: dict[str, list[Value]] = field(default_factory=dict)
    _branch_refs: dict[str, Ref] = field(default_factory=dict)
    _widgets: dict[Ref, list[Value]] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    @property
    def source(self) -> Source:
        return self.revision.source

    def __post_init__(self) -> None:
        for found in all_fields(self.source):
            parts = found.name.split(".")
            self._taken.update(".".join(parts[: n + 1]) for n in range(len(parts)))

    def unused(self, name: str) -> str:
        """The name, or one like it that no field has."""
        wanted, count = name, 1
        while wanted in self._taken:
            count += 1
            wanted = f"{name}{count}"
        return wanted

    def add_box(self, box: FormField, *, page_offset: int = 0) -> None:
        """One field with one widget, merged: filling a field of many widgets is not judged form filling."""
        self._add(box.name, _kind_entries(box.kind), box.place, page_offset)

    def add_signature(self, name: str, place: Place | None) -> Ref:
        return self._add(name, {b"FT": Name(b"Sig")}, place, 0)

    def _add(self, name: str, kind: Dictionary, place: Place | None, page_offset: int) -> Ref:
        if name in self._taken:
            raise Unfit(f"the file already has a form field called {name}")
        self._taken.add(name)
        ref = self.revision.allot()
        page = self._page((place.page if place else 0) + page_offset)
        above, _, partial = name.rpartition(".")
        entries: Dictionary = {
            b"Type": Name(b"Annot"),
            b"Subtype": Name(b"Widget"),
            b"T": text(partial),
            **kind,
            b"F": number(_PRINTED_AND_LOCKED),
            b"P": page,
            **self._where(place, page),
        }
        self._hang(above, ref, entries)
        self.revision.set(ref, entries)
        self._widgets.setdefault(page, []).append(ref)
        return ref

    def _page(self, page: int) -> Ref:
        count = self.pages.count
        if page >= count and page - count < len(self.new_pages):
            return self.new_pages[page - count]
        return self.pages.ref(page)

    def _where(self, place: Place | None, page: Ref) -> Dictionary:
        if place is None:
            return {b"Rect": numbers(0, 0, 0, 0)}
        sheet = sheet_of(self.source, self._page_entries(page))
        turned: Dictionary = {b"MK": {b"R": number(sheet.rotation)}} if sheet.rotation else {}
        return {b"Rect": numbers(*sheet.rectangle(place)), **turned}

    def _page_entries(self, page: Ref) -> Dictionary:
        changed = self.revision.objects.get(page)
        return changed if isinstance(changed, dict) else self.source.dictionary(page)

    def _hang(self, above: str, ref: Ref, entries: Dictionary) -> None:
        """Puts a field under its parents, which are made as they are first needed."""
        if not above:
            self._top.append(ref)
            return
        if above not in self._branches:
            self._grow(above)
        self._branches[above].append(ref)
        entries[b"Parent"] = self._branch_refs[above]

    def _grow(self, name: str) -> None:
        if name in self._taken:
            raise Unfit(f"the file already has a form field called {name}")
        self._taken.add(name)
        above, _, partial = name.rpartition(".")
        self._branches[name] = []
        entries: Dictionary = {b"T": text(partial), b"Kids": self._branches[name]}
        self._branch_refs[name] = self.revision.add(entries)
        self._hang(above, self._branch_refs[name], entries)

    def finish(self, *, certified: bool) -> None:
        """Writes the pages' widget lists and the form itself."""
        for page, widgets in self._widgets.items():
            entries = self._page_entries(page)
            annotations = [*self.source.array(entries.get(b"Annots")), *widgets]
            self.revision.set(page, {**entries, b"Annots": annotations})
        form = dict(form_of(self.source))
        form[b"Fields"] = [*self.source.array(form.get(b"Fields")), *self._top]
        if certified:
            self._dress(form)
        self._put_form(form, anew=certified)

    def _dress(self, form: Dictionary) -> None:
        """What signed and text fields need; and no XFA, which would be shown instead of it."""
        flags = integer(self.source.get(form.get(b"SigFlags")), 0)
        form[b"SigFlags"] = number(flags | _SIGNATURES_EXIST | _APPEND_ONLY)
        form.pop(b"XFA", None)
        form.pop(b"NeedAppearances", None)
        resources = dict(self._dictionary(form.get(b"DR")))
        fonts = dict(self._dictionary(resources.get(b"Font")))
        if b"Helv" not in fonts:
            fonts[b"Helv"] = self.revision.add(_HELVETICA)
        form[b"DR"] = {**resources, b"Font": fonts}
        form.setdefault(b"DA", _DEFAULT_LOOK)

    def _dictionary(self, value: Value | None) -> Dictionary:
        found = self.source.get(value)
        return found if isinstance(found, dict) else {}

    def _put_form(self, form: Dictionary, *, anew: bool) -> None:
        """`anew` breaks with whatever else a strange file uses its form's object for."""
        catalog = self.catalog
        held = catalog.get(b"AcroForm")
        if isinstance(held, Ref) and not anew:
            self.revision.set(held, form)
        else:
            self.revision.set(self.source.root, {**catalog, b"AcroForm": self.revision.add(form)})

    @property
    def catalog(self) -> Dictionary:
        changed = self.revision.objects.get(self.source.root)
        return changed if isinstance(changed, dict) else self.source.dictionary(self.source.root)


_DEFAULT_LOOK = literal(b"/Helv 0 Tf 0 g")
_HELVETICA: Dictionary = {
    b"Type": Name(b"Font"),
    b"Subtype": Name(b"Type1"),
    b"BaseFont": Name(b"Helvetica"),
    b"Encoding": Name(b"WinAnsiEncoding"),
}


def _kind_entries(kind: FieldKind) -> Dictionary:
    if kind in _DRAWN:
        return {b"FT": Name(b"Btn"), b"Ff": number(_PUSH_BUTTON | _READ_ONLY)}
    if kind is FieldKind.CHECKBOX:
        off = Name(b"Off")
        return {b"FT": Name(b"Btn"), b"Ff": number(_READ_ONLY), b"V": off, b"AS": off}
    return {b"FT": Name(b"Tx"), b"Ff": number(_READ_ONLY), b"DA": _DEFAULT_LOOK}


def is_tick_box(entries: Dictionary) -> bool:
    flags = integer(entries.get(b"Ff"), 0)
    return entries.get(b"FT") == Name(b"Btn") and not flags & _PUSH_BUTTON


def blank_form(revision: Revision) -> Ref:
    """An appearance that shows nothing."""
    entries: Dictionary = {
        b"Type": Name(b"XObject"),
        b"Subtype": Name(b"Form"),
        b"BBox": numbers(0, 0, 1, 1),
        b"Resources": {},
    }
    return revision.add(Stream(entries, b""))
