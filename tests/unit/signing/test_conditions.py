"""What a sender asked for is there before an act is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from lacre.kit.ids import Digest, PhotoId
from lacre.kit.refusal import Refusal
from lacre.signing import errors
from lacre.signing.conditions import check_act
from lacre.signing.evidence import Identification
from lacre.signing.signer import Photo, SignerOptions, TakenPhoto
from tests.support.people import BRUNO, act_of, sent


def attempt(
    options: SignerOptions,
    *,
    photos: Mapping[Photo, Digest] | None = None,
    kept: Mapping[Photo, Digest] | None = None,
    by: tuple[Identification, ...] = (Identification.LINK,),
) -> None:
    envelope, act = sent(), act_of(BRUNO)
    taken = {kind: TakenPhoto(id=PhotoId(kind), digest=one) for kind, one in (kept or photos or {}).items()}
    signer = replace(envelope.signer(BRUNO), options=options, photos=taken)
    evidence = replace(act.evidence, photos=photos or {}, identified_by=by)
    check_act(envelope, signer, replace(act, evidence=evidence))


@pytest.mark.parametrize(
    ("options", "refusal"),
    [
        (SignerOptions(sms_code=True), errors.IdentificationMissing),
        (SignerOptions(whatsapp_code=True), errors.IdentificationMissing),
        (SignerOptions(selfie=True), errors.PhotoMissing),
        (SignerOptions(document_photo=True), errors.PhotoMissing),
        (SignerOptions(certificate=True), errors.CertificateMissing),
    ],
)
def test_nothing_is_signed_without_what_was_asked_for(options: SignerOptions, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        attempt(options)


def test_photos_and_a_certificate_that_are_there_are_enough() -> None:
    attempt(SignerOptions(selfie=True), photos={Photo.SELFIE: Digest("5" * 64)})
    attempt(SignerOptions(certificate=True), by=(Identification.LINK, Identification.CERTIFICATE))


def test_a_photo_that_was_taken_again_meanwhile_is_no_evidence() -> None:
    before, after = {Photo.SELFIE: Digest("5" * 64)}, {Photo.SELFIE: Digest("6" * 64)}

    with pytest.raises(errors.EnvelopeClosed):
        attempt(SignerOptions(selfie=True), photos=before, kept=after)
