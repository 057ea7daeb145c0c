"""A link was sent; the signer stands under created_signer, as theirs does."""

from __future__ import annotations

import json

from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.signing import events
from lacre.signing.signer import Channel
from tests.dialects.zapsign import stories
from tests.support.contracts import BRUNO, NOON, sent_contract
from tests.support.zapsign import golden, happened, heard, listener


def test_signature_notification_sent_is_told_as_in_its_file() -> None:
    assert heard(stories.signature_notification_sent()) == golden("signature_notification_sent")


def test_messages_without_a_link_are_told_to_nobody() -> None:
    code = happened(events.SIGNER_NOTIFIED, sent_contract(), who=BRUNO, channel="email", kind="code")
    everything = listener(types=("signature_notification_sent",))

    assert not ZapsignWording().listens(everything, code)


def test_a_link_that_was_only_kept_is_told_to_nobody() -> None:
    facts = {"channel": "email", "kind": "invitation"}
    kept = happened(events.SIGNER_NOTIFIED, sent_contract(), who=BRUNO, kept=True, **facts)
    left = happened(events.SIGNER_NOTIFIED, sent_contract(), who=BRUNO, kept=False, **facts)

    listens = ZapsignWording().listens

    assert [listens(listener(types=("signature_notification_sent",)), one) for one in (kept, left)] == [
        False,
        True,
    ]


def test_messages_that_were_only_kept_are_not_counted_and_were_never_sent() -> None:
    contract = sent_contract()
    who = contract.signer(BRUNO)
    who.notified, who.unsent = {Channel.EMAIL: 2}, {Channel.EMAIL: 2}
    who.last_notified_at = NOON

    told = json.loads(heard(happened(events.SIGNER_VIEWED, contract, who=BRUNO)))["signer_who_viewed"]

    assert told["resend_attempts"] == {"whatsapp": 0, "email": 0, "sms": 0}
    assert told["sent_at"] is None


def test_a_message_by_whatsapp_names_its_channel_and_is_counted() -> None:
    contract = sent_contract()
    contract.signer(BRUNO).notified = {Channel.WHATSAPP: 2}
    facts = {"channel": "whatsapp", "kind": "invitation"}

    told = json.loads(heard(happened(events.SIGNER_NOTIFIED, contract, who=BRUNO, **facts)))["created_signer"]

    assert told["notification_channel"] == "whatsapp"
    assert told["resend_attempts"] == {"whatsapp": 2, "email": 0, "sms": 0}


def test_a_message_that_no_phone_took_is_no_bounced_mail() -> None:
    failed = happened(
        events.SIGNER_DELIVERY_FAILED,
        sent_contract(),
        who=BRUNO,
        channel="sms",
        reason="the gateway answered 400",
    )

    assert not ZapsignWording().listens(listener(types=("email_bounce",)), failed)


def test_a_code_that_no_mail_server_took_is_no_bounced_link() -> None:
    failed = happened(
        events.SIGNER_DELIVERY_FAILED, sent_contract(), who=BRUNO, channel="email", kind="code", reason="550"
    )

    assert not ZapsignWording().listens(listener(types=("email_bounce",)), failed)
