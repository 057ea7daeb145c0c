"""A link was sent; the signer stands under created_signer, as theirs does."""

from __future__ import annotations

from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.signing import events
from tests.dialects.zapsign import stories
from tests.support.contracts import BRUNO, sent_contract
from tests.support.zapsign import golden, happened, heard, listener


def test_signature_notification_sent_is_told_as_in_its_file() -> None:
    assert heard(stories.signature_notification_sent()) == golden("signature_notification_sent")


def test_messages_without_a_link_are_told_to_nobody() -> None:
    code = happened(events.SIGNER_NOTIFIED, sent_contract(), who=BRUNO, channel="email", kind="code")
    everything = listener(types=("signature_notification_sent",))

    assert not ZapsignWording().listens(everything, code)
