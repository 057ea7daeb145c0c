"""Codes that did not leave: the sender reads them on the document's page, and tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lacre.kit.ids import SignerId
from lacre.signing.code import KEY, LIFE
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Signer


@dataclass(frozen=True, kw_only=True)
class CodeToTell:
    number: int
    """Of the message that holds it, from 1, as its page is addressed."""
    until: datetime


def codes_to_tell(mails: Sequence[KeptMail], now: datetime) -> Mapping[SignerId, CodeToTell]:
    """By signer, the last one of each alone: an earlier one works no more."""
    last = {one.signer_id: (number, one) for number, one in enumerate(mails, start=1) if _code(one)}
    return {
        signer_id: CodeToTell(number=number, until=mail.at + LIFE)
        for signer_id, (number, mail) in last.items()
        if signer_id is not None and mail.outcome != "sent" and now < mail.at + LIFE
    }


def code_of(codes: Mapping[SignerId, CodeToTell], signer: Signer) -> CodeToTell | None:
    """Nothing once they typed it."""
    return codes.get(signer.id) if signer.identified_at is None else None


def _code(mail: KeptMail) -> bool:
    return str(mail.facts.get("key")).startswith(KEY)
