"""Every state of ours has a word there, or a reason why not."""

from __future__ import annotations

from lacre.dialects.zapsign import words
from lacre.dialects.zapsign.errors import REFUSALS
from lacre.kit.refusal import Refusal
from lacre.signing import errors
from lacre.signing.envelope import EnvelopeStatus
from lacre.signing.signer import SignerOptions, SignerStatus
from lacre.webhooks import errors as webhook_errors
from tests.support.contracts import BRUNO, CARLA, seal, sent_contract, sign


def test_every_status_of_a_document_has_a_word() -> None:
    assert set(words.DOCUMENT_STATUSES) == set(EnvelopeStatus)


def test_every_status_of_a_signer_has_a_word_in_both_sets() -> None:
    assert set(words.SIGNER_STATUSES) == set(words.LISTED_SIGNER_STATUSES) == set(SignerStatus)


def test_every_word_for_a_status_leads_back_to_it() -> None:
    for word in set(words.DOCUMENT_STATUSES.values()):
        assert {words.DOCUMENT_STATUSES[status] for status in words.statuses_called(word)} == {word}


def test_every_way_of_identifying_says_its_own_name() -> None:
    for mode in words.AUTH_MODES.values():
        assert words.auth_mode(mode.asked(SignerOptions())) == mode.name


def test_a_signer_of_another_door_is_shown_by_what_identifies_them() -> None:
    native = SignerOptions(draw=False, certificate=True, email_code=True)

    assert words.auth_mode(native) == "certificadoDigital"
    assert words.auth_mode(SignerOptions(check_tax_id=True, sms_code=True)) == "assinaturaTela-tokenSms"


def test_every_refusal_of_signing_and_webhooks_is_worded_in_portuguese() -> None:
    ours = {
        kind
        for module in (errors, webhook_errors)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Refusal) and kind is not Refusal
    }

    assert ours <= set(REFUSALS)


def test_a_document_is_signed_only_once_its_file_holds_everybody() -> None:
    envelope = sent_contract()
    sign(envelope, BRUNO)
    sign(envelope, CARLA)

    before = words.document_status(envelope)
    seal(envelope)

    assert (before, words.document_status(envelope)) == ("pending", "signed")
