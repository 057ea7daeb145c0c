"""What the rules ask of who issues, and of the ISS."""

from __future__ import annotations

from lacre.fiscal.note import IssKind, Note, Withheld
from lacre.fiscal.persons import SimplesNacional


def is_mei(note: Note) -> bool:
    return note.provider.simples is SimplesNacional.MEI


def is_special(note: Note) -> bool:
    return note.provider.special_regime != "0"


def is_taxable(note: Note) -> bool:
    return note.iss.kind is IssKind.TAXABLE


def withholds(note: Note) -> bool:
    return note.iss.withheld is not Withheld.NO
