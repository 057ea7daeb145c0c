"""Where a signer stands: the one thing that the room asks of them now."""

from __future__ import annotations

from enum import StrEnum

from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.signer import Role, Signer, SignerStatus


class Step(StrEnum):
    READ = "read"
    IDENTIFY = "identify"
    SIGN = "sign"
    DONE = "done"
    """They signed."""
    WAIT = "wait"
    """Others sign first."""
    WATCH = "watch"
    """An observer: nothing is asked of them."""
    CLOSED = "closed"
    """Refused, canceled, expired, deleted, not sent yet, or signed by enough others."""


class Proof(StrEnum):
    """How they show who they are, before they sign."""

    TAX_ID = "tax_id"
    CODE = "code"
    PASSCODE = "passcode"
    PHOTO = "photo"
    FILE = "file"


def step_of(envelope: Envelope, signer: Signer) -> Step:
    if envelope.deleted_at is not None:
        return Step.CLOSED
    if signer.released_at is not None:
        return Step.CLOSED
    if signer.status is SignerStatus.SIGNED:
        return Step.CLOSED if envelope.status is EnvelopeStatus.CANCELED else Step.DONE
    if envelope.status is EnvelopeStatus.COMPLETED or (envelope.open and signer.role is Role.OBSERVER):
        return Step.WATCH
    if not envelope.open:
        return Step.CLOSED
    return _asked_of(envelope, signer)


def _asked_of(envelope: Envelope, signer: Signer) -> Step:
    if not envelope.their_turn(signer):
        return Step.WAIT
    if signer.read_at is None and not signer.options.one_click:
        return Step.READ
    if signer.locked_out or proof_asked_of(signer) is not None:
        return Step.IDENTIFY
    return Step.SIGN


def proof_asked_of(signer: Signer) -> Proof | None:
    """What is to be shown next of who they are; `None` once everything was."""
    options = signer.options
    if options.prove_tax_id and signer.tax_id_proved_at is None:
        return Proof.TAX_ID
    if options.code_channel is not None and signer.identified_at is None:
        return Proof.CODE
    if options.passcode is not None and signer.passcode_proved_at is None:
        return Proof.PASSCODE
    if signer.missing_photos:
        return Proof.PHOTO
    return Proof.FILE if signer.missing_attachments else None


def why_closed(envelope: Envelope, signer: Signer) -> str:
    """deleted · released · draft · refused · canceled · expired"""
    if envelope.deleted_at is not None:
        return "deleted"
    return "released" if signer.released_at is not None else str(envelope.status)


def file_ready(envelope: Envelope, signer: Signer) -> bool:
    """Whether every sealed file holds their act; or all acts, if only finished files are given out."""
    if envelope.options.sealed_only_when_complete and envelope.status is not EnvelopeStatus.COMPLETED:
        return False
    place = next((n for n, act in enumerate(envelope.acts) if act.signer_id == signer.id), len(envelope.acts))
    return all(
        document.sealed is not None
        and document.sealed_acts > place - (signer.role is Role.OBSERVER)
        and document.sealed_structure == envelope.structure
        for document in envelope.documents
    )
