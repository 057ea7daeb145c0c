"""One signer's act: their fields filled and their signature field signed, in one appended revision."""

from __future__ import annotations

from pathlib import Path

from lacre.engines.pades.appearance import Importer
from lacre.engines.pades.certificate import Identity
from lacre.engines.pades.cms import pen
from lacre.engines.pades.cos import NULL, Dictionary, Name, Ref, integer, text
from lacre.engines.pades.form import Found, Unfit, blank_form, find_fields, is_tick_box
from lacre.engines.pades.geometry import Box, box_of
from lacre.engines.pades.laying import Laid, lay_hole, lay_signature, signature_entries
from lacre.engines.pades.revision import Revision
from lacre.engines.pades.source import OpenSource, Source
from lacre.signing.ports import ActToSeal

TICKED = b"Yes"


def lay_act(identity: Identity, spare: int, file: Path, act: ActToSeal) -> Laid:
    """Appends the act to the file in place; `spare` bytes are kept free for a timestamp."""
    with OpenSource(file) as source:
        revision = _revision(source, act, pen(identity).room + spare)
        return lay_signature(file, revision, act.seal_name, identity)


def lay_open_act(room: int, file: Path, act: ActToSeal) -> Laid:
    """The same for a key that is not here: the signature is still to be filled in, over `imprint`."""
    with OpenSource(file) as source:
        return lay_hole(file, _revision(source, act, room), act.seal_name)


def _revision(source: Source, act: ActToSeal, room: int) -> Revision:
    fields = _fields(source, act)
    revision = Revision(source, max(integer(source.trailer.get(b"Size")), source.newest.end))
    _fill(revision, fields, act)
    entries = signature_entries(name=act.signer_name, reason=act.reason, location=act.location)
    signature = revision.add_signature(entries, room)
    _change(revision, fields[act.seal_name], {b"V": signature})
    return revision


def _fields(source: Source, act: ActToSeal) -> dict[str, Found]:
    """The act's fields, the signature field among them and not yet signed."""
    names = frozenset([act.seal_name, *act.appearances.pages, *act.values])
    found = find_fields(source, names)
    missing = sorted(names - found.keys())
    if missing:
        raise Unfit(f"the file has no form field called {', '.join(missing)}")
    seal = found[act.seal_name].entries
    if seal.get(b"FT") != Name(b"Sig"):
        raise Unfit(f"{act.seal_name} is not a signature field")
    if source.get(seal.get(b"V")) != NULL:
        raise Unfit(f"{act.seal_name} is signed already")
    return found


def _fill(revision: Revision, fields: dict[str, Found], act: ActToSeal) -> None:
    for name, value in act.values.items():
        _change(revision, fields[name], _value(fields[name].entries, value))
    if act.appearances.pages:
        importer = Importer(revision, Source(act.appearances.pdf))
        for name, page in act.appearances.pages.items():
            entries = fields[name].entries
            rectangle, rotation = _box(revision.source, entries)
            if rectangle[0] < rectangle[2] and rectangle[1] < rectangle[3]:
                form = importer.form(page, rectangle, rotation)
                _change(revision, fields[name], _appearance(revision, entries, form))


def _value(entries: Dictionary, value: str) -> Dictionary:
    if entries.get(b"FT") == Name(b"Sig"):
        raise Unfit("a signature field takes no text")
    if not is_tick_box(entries):
        return {b"V": text(value)}
    state = Name(TICKED if value == TICKED.decode() else b"Off")
    return {b"V": state, b"AS": state}


def _appearance(revision: Revision, entries: Dictionary, form: Ref) -> Dictionary:
    if not is_tick_box(entries):
        return {b"AP": {b"N": form}}
    return {b"AP": {b"N": {TICKED: form, b"Off": blank_form(revision)}}}


def _box(source: Source, entries: Dictionary) -> tuple[Box, int]:
    """Where the field stands, and how its page is turned; an invisible one has no area."""
    look = source.get(entries.get(b"MK"))
    turned = integer(look.get(b"R"), 0) % 360 if isinstance(look, dict) else 0
    return box_of(source, entries.get(b"Rect")), turned


def _change(revision: Revision, field: Found, changes: Dictionary) -> None:
    """The field as it stands in the file, with these entries new; nothing else of it moves."""
    changed = revision.objects.get(field.ref)
    entries = changed if isinstance(changed, dict) else revision.source.dictionary(field.ref)
    revision.set(field.ref, {**entries, **changes})
