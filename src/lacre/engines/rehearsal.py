"""Whether a file takes a seal: asked at the door, before anybody is invited to sign it."""

from __future__ import annotations

from pathlib import Path

from lacre.engines.pades.certificate import Identity
from lacre.engines.pades.sealer import prepare_file
from lacre.kit.ids import SignerId
from lacre.signing.layout import FieldKind, FormField, Place, SignerForm, Structure
from lacre.signing.ports import SealFailed

_INITIALS = FormField(
    name="lacre-rehearsal-initials",
    kind=FieldKind.INITIALS,
    place=Place(page=0, left=1, bottom=1, width=5, height=5),
)


def rehearse_sealing(identity: Identity, file: Path, copy: Path, signed: bool) -> str:
    """Prepares the file in `copy` for one signer; empty when that went well. Only for child processes."""
    # one that came signed takes no fields but signatures
    structure = _structure() if signed else _structure(_INITIALS)
    outcome = prepare_file(identity, 0, file, copy, structure)
    return outcome.reason if isinstance(outcome, SealFailed) else ""


def _structure(*fields: FormField) -> Structure:
    form = SignerForm(
        signer_id=SignerId("rehearsal"), seal_name="lacre-rehearsal-seal", seal_place=None, fields=fields
    )
    return Structure(forms=(form,))
