"""A group of which not everybody has to sign: the others are let off once enough have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lacre.signing.signer import Signer, SignerStatus

Quorums = Mapping[int, int]
"""By group: how many of it have to sign; everybody, of a group that is not in it."""


def let_off(signers: Sequence[Signer], quorums: Quorums, group: int, *, now: datetime) -> list[Signer]:
    """Who is left of the group, when enough of it have signed; they sign no more."""
    members = [one for one in signers if one.group == group]
    signed = sum(one.status is SignerStatus.SIGNED for one in members)
    if signed < quorums.get(group, len(members)):
        return []
    left = [one for one in members if one.waits]
    for one in left:
        one.released_at = now
    return left
