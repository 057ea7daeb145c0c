"""A dress rehearsal: before anyone is asked to sign, a trial act is sealed on a copy and judged."""

from __future__ import annotations

import shutil
from pathlib import Path

from lacre.engines.pades.act import lay_act
from lacre.engines.pades.certificate import Identity
from lacre.engines.pades.cos import integer
from lacre.engines.pades.laying import Unsound
from lacre.engines.pades.source import OpenSource
from lacre.engines.pades.trust import Trust
from lacre.engines.pades.verify import judge
from lacre.signing.layout import Structure
from lacre.signing.ports import ActToSeal, Appearances
from lacre.signing.verification import Verification

# a rehearsal reads every object; beyond this it would take seconds
_MOST_OBJECTS = 5_000


def rehearse(identity: Identity, prepared: Path, structure: Structure, *, came_signed: Path | None) -> None:
    """Raises `Unsound` if the first act would spoil a signature, or not be valid itself."""
    if came_signed is None and _objects(prepared) > _MOST_OBJECTS:
        return
    trust = Trust(identity.chain, identity.own)
    before = _invalid(judge(trust, came_signed)) if came_signed else set[str]()
    copy = prepared.with_name(prepared.name + ".trial")
    try:
        shutil.copyfile(prepared, copy)
        for form in structure.forms[:1]:
            lay_act(identity, 0, copy, _trial_act(form.seal_name))
        _check(judge(trust, copy), before)
    finally:
        copy.unlink(missing_ok=True)


def _check(after: Verification, before: set[str]) -> None:
    """What came invalid may stay so; nothing else may be."""
    spoiled = sorted(_invalid(after) - before)
    if after.problem or spoiled:
        raise Unsound(f"a signature would not be valid: {after.problem or ', '.join(spoiled)}")
    if not after.signatures:
        raise Unsound("readers would not find the signatures")


def _invalid(judged: Verification) -> set[str]:
    return {found.field for found in judged.signatures if not found.valid}


def _objects(file: Path) -> int:
    with OpenSource(file) as source:
        return integer(source.trailer.get(b"Size"))


def _trial_act(seal_name: str) -> ActToSeal:
    return ActToSeal(
        seal_name=seal_name,
        appearances=Appearances(pdf=b"", pages={}),
        values={},
        signer_name="Lacre",
        reason="",
    )
