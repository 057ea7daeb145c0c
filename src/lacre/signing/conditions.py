"""What must hold before an act is kept: all that its sender asked for is there, or nothing is signed."""

from __future__ import annotations

from lacre.signing import errors
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Act, Identification
from lacre.signing.signer import Signer
from lacre.signing.values import check_values


def check_act(envelope: Envelope, signer: Signer, act: Act) -> None:
    """Raises the refusal of the first thing that is missing."""
    if not act.evidence.terms_version:
        raise errors.TermsNotAccepted
    _check_identified(signer, act)
    for question in signer.options.questions:
        question.read(signer.answers.get(question.key, ""))
    for wanted in signer.missing_attachments:
        raise errors.AttachmentMissing(wanted.name)
    if act.mark.image is None and not act.mark.text.strip():
        raise errors.MarkMissing
    shown = tuple(document.original for document in envelope.documents)
    if act.evidence.seen != shown:
        raise errors.EnvelopeClosed("changed since it was opened")
    check_values(envelope.fields_of(signer.id), act.values)


def check_known(signer: Signer) -> None:
    """Who acts knows what only the signer knows: nobody else adds a photo, or signs."""
    options = signer.options
    if signer.locked_out:
        raise errors.CodeLocked
    if options.code_channel is not None and signer.identified_at is None:
        raise errors.IdentificationMissing
    if options.prove_tax_id and signer.tax_id_proved_at is None:
        raise errors.IdentificationMissing
    if options.passcode is not None and signer.passcode_proved_at is None:
        raise errors.IdentificationMissing


def _check_identified(signer: Signer, act: Act) -> None:
    check_known(signer)
    missing = [photo for photo in signer.options.photos if photo not in act.evidence.photos]
    if missing:
        raise errors.PhotoMissing(missing[0])
    if act.evidence.photos != {kind: taken.digest for kind, taken in signer.photos.items()}:
        # one was taken again meanwhile, and the one before is gone
        raise errors.EnvelopeClosed("changed since it was opened")
    if signer.options.certificate and Identification.CERTIFICATE not in act.evidence.identified_by:
        raise errors.CertificateMissing
