"""One walk over all objects of a PDF: what in it acts by itself, and which signatures it carries.

Names may be written in hex codes and hidden in compressed streams, so raw bytes tell nothing. qpdf decodes
every object; a pattern over its normalised text picks the few worth a look, which are judged by structure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pikepdf

_ACTIONS = {
    "/JavaScript": "JavaScript",
    "/Launch": "an action that starts a program",
    "/SubmitForm": "an action that sends form data away",
    "/ImportData": "an action that loads data into its form",
    "/GoToR": "an action that opens another file",
    "/GoToE": "an action that opens an embedded file",
    "/RichMediaExecute": "an action that runs rich media",
}
_MEDIA_ACTIONS = {
    "/Rendition": "an action that plays media",
    "/Movie": "an action that plays a film",
    "/Sound": "an action that plays a sound",
}
_ANNOTATIONS = {
    "/RichMedia": "rich media",
    "/Movie": "a film",
    "/Sound": "a sound",
    "/3D": "a 3D scene",
}
_WORTH_A_LOOK = re.compile(
    rb"/(?:JavaScript|JS|Launch|SubmitForm|ImportData|GoToR|GoToE|RichMedia\w*|Rendition|Movie|Sound|3D|URI|Ref"
    rb"|ByteRange|Sig)\b"
)
_REFERENCE = re.compile(rb"(\d{1,9}) \d{1,5} R\b")
_DYNAMIC_XFA = re.compile(rb"<(?:\w+:)?dynamicRender>\s*required")


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What is in a PDF besides pages."""

    pages: int
    active: str | None
    """Names the first thing found that acts by itself."""
    dynamic: bool
    """An XFA form that draws its own pages; one that decorates a plain form is only an extra."""
    signatures: int
    final: bool
    """A signature forbids every further change."""
    encrypted: bool
    damaged: bool
    """qpdf had to guess what something means, or it refers to objects that are missing and whose numbers our
    own would take."""
    extras: bool
    """XFA beside a plain form or an old reader's usage rights: both spoil signatures."""
    undrawn: bool
    """Each reader draws the form's fields in its own way, and changes the file when it does."""


def survey(pdf: pikepdf.Pdf) -> Survey:
    found = _Found(rights=_usage_rights(pdf))
    for thing, text in _containers(pdf):
        found.furthest = max(found.furthest, _furthest(text))
        if _WORTH_A_LOOK.search(text):
            for dictionary in _dictionaries(thing):
                found.note(dictionary)
    # before looking at pages, which qpdf warns of for mere omissions
    damaged = bool(pdf.get_warnings()) or found.furthest >= int(pdf.trailer.get("/Size", 0))
    return Survey(
        pages=len(pdf.pages),
        active=found.active,
        dynamic=_is_dynamic(pdf),
        signatures=max(len(found.signatures), found.signed_fields),
        final=any(_forbids_changes(signature) for signature in found.signatures),
        encrypted=pdf.is_encrypted,
        damaged=damaged,
        extras=found.rights is not None or "/XFA" in _form(pdf),
        undrawn=bool(_form(pdf).get("/NeedAppearances", False)),
    )


@dataclass
class _Found:
    rights: pikepdf.Object | None
    active: str | None = None
    signatures: list[pikepdf.Object] = field(default_factory=list)
    signed_fields: int = 0
    furthest: int = 0
    """The highest object number that anything refers to."""

    def note(self, dictionary: pikepdf.Object) -> None:
        self.active = self.active or _activity(dictionary)
        self.signed_fields += _is_signed_field(dictionary)
        if _is_signature(dictionary) and not (self.rights and dictionary.is_same_object_as(self.rights)):
            self.signatures.append(dictionary)


def _containers(pdf: pikepdf.Pdf) -> Iterator[tuple[pikepdf.Object, bytes]]:
    """Everything that can hold something else, with its normalised text."""
    for thing in (pdf.trailer, *pdf.objects):
        if isinstance(thing, pikepdf.Stream):
            yield thing, thing.stream_dict.unparse() + (b" /Ref" if "/F" in thing else b"")
        elif _is_container(thing):
            yield thing, thing.unparse(resolved=True)


def _furthest(text: bytes) -> int:
    return max(map(int, _REFERENCE.findall(text)), default=0)


def _dictionaries(thing: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """The thing and what is written inside it; indirect objects have their own turn."""
    waiting = [thing]
    while waiting:
        current = waiting.pop()
        if isinstance(current, pikepdf.Array):
            inside = list(current)
        else:
            yield current
            inside = [value for _, value in current.items()]
        waiting += [value for value in inside if _is_container(value) and not value.is_indirect]


def _is_container(value: object) -> bool:
    return isinstance(value, pikepdf.Dictionary | pikepdf.Array | pikepdf.Stream)


def _activity(dictionary: pikepdf.Object) -> str | None:
    if isinstance(dictionary, pikepdf.Stream) and "/F" in dictionary:
        return "a reference to content in another file"
    if _name(dictionary, "/S") in _ACTIONS:
        return _ACTIONS[_name(dictionary, "/S")]
    if isinstance(dictionary.get("/JS"), pikepdf.String):
        return "JavaScript"
    if _runs_a_script(dictionary):
        return "a link that runs JavaScript"
    if _name(dictionary, "/Subtype") == "/Form" and _refers_outside(dictionary):
        return "a reference to content in another file"
    return _media(dictionary)


def _media(dictionary: pikepdf.Object) -> str | None:
    # structure elements name their kind in /S too, and a tag called Sound plays nothing
    if _name(dictionary, "/S") in _MEDIA_ACTIONS and "/K" not in dictionary:
        return _MEDIA_ACTIONS[_name(dictionary, "/S")]
    if "/Rect" in dictionary:
        return _ANNOTATIONS.get(_name(dictionary, "/Subtype"))
    return None


def _name(dictionary: pikepdf.Object, key: str) -> str:
    value = dictionary.get(key)
    return str(value) if isinstance(value, pikepdf.Name) else ""


def _runs_a_script(dictionary: pikepdf.Object) -> bool:
    link = dictionary.get("/URI")
    return isinstance(link, pikepdf.String) and str(link).strip().lower().startswith("javascript:")


def _refers_outside(form: pikepdf.Object) -> bool:
    reference = form.get("/Ref")
    return isinstance(reference, pikepdf.Dictionary) and "/F" in reference


def _form(pdf: pikepdf.Pdf) -> pikepdf.Object:
    form = pdf.Root.get("/AcroForm")
    return form if isinstance(form, pikepdf.Dictionary) else pikepdf.Dictionary()


def _is_dynamic(pdf: pikepdf.Pdf) -> bool:
    return bool(pdf.Root.get("/NeedsRendering", False)) or any(
        _DYNAMIC_XFA.search(packet) for packet in _xfa_packets(pdf)
    )


def _xfa_packets(pdf: pikepdf.Pdf) -> Iterator[bytes]:
    xfa = _form(pdf).get("/XFA")
    for packet in list(xfa) if isinstance(xfa, pikepdf.Array) else [xfa]:
        if isinstance(packet, pikepdf.Stream):
            yield packet.read_bytes()


def _usage_rights(pdf: pikepdf.Pdf) -> pikepdf.Object | None:
    permissions = pdf.Root.get("/Perms")
    if not isinstance(permissions, pikepdf.Dictionary):
        return None
    rights = permissions.get("/UR3") or permissions.get("/UR")
    return rights if isinstance(rights, pikepdf.Dictionary) else None


def _is_signature(dictionary: pikepdf.Object) -> bool:
    return "/ByteRange" in dictionary and "/Contents" in dictionary


def _is_signed_field(dictionary: pikepdf.Object) -> bool:
    """Signed by whatever: a value that is no sound signature is still not ours to lose."""
    return _name(dictionary, "/FT") == "/Sig" and dictionary.get("/V") is not None


def _forbids_changes(signature: pikepdf.Object) -> bool:
    references = signature.get("/Reference")
    return isinstance(references, pikepdf.Array) and any(
        _is_final(reference) for reference in references if isinstance(reference, pikepdf.Dictionary)
    )


def _is_final(reference: pikepdf.Object) -> bool:
    """Certified as such (DocMDP), or with all fields locked, ours among them (FieldMDP)."""
    rules = reference.get("/TransformParams", pikepdf.Dictionary())
    if _name(reference, "/TransformMethod") == "/DocMDP":
        return bool(rules.get("/P", 2) == 1)
    if _name(reference, "/TransformMethod") == "/FieldMDP":
        return _name(rules, "/Action") in {"/All", "/Exclude"} or rules.get("/P", 2) == 1
    return False
