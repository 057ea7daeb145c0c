"""A signer's address put right: whoever has the link that went to the wrong one must not sign with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lacre.signing import actions
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.signing.layout import Field
from lacre.signing.repositories import SigningWork
from lacre.signing.signer import Signer


def readdress(
    work: SigningWork,
    envelope: Envelope,
    changed: Signer,
    fields: Sequence[Field] | None = None,
    *,
    by: Actor,
    now: datetime,
) -> bool:
    """As `change_signer`; where a message had gone to an address that is theirs no more, the link in it is
    dead from now on. Whether a new one was sent, to the address that is."""
    before = envelope.signer(changed.id)
    left = [one for one in before.sent if changed.address_at(one) != before.address_at(one)]
    if left:
        changed = replace(changed, link_generation=before.link_generation + 1)
    actions.change_signer(work, envelope, changed, fields, by=by, now=now)
    asked = envelope.asked if envelope.open else ()
    for signer in asked:
        if signer.id == changed.id and any(signer.address_at(one) for one in left):
            actions.notify(work, envelope, signer, now=now, kind="invitation")
            return True
    return False
