"""Standard Webhooks v1, against the example that the specification's libraries test with."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lacre.webhooks.errors import SecretNotUsable
from lacre.webhooks.signature import as_secret, headers, key_of

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_known_example_is_signed_as_known() -> None:
    signed = headers([SECRET], message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=AT, body=BODY)

    assert signed == (
        ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
        ("webhook-timestamp", "1614265330"),
        ("webhook-signature", SIGNED),
    )


def test_every_valid_secret_signs() -> None:
    other = as_secret(b"k" * 32)

    signed = dict(headers([other, SECRET], message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=AT, body=BODY))

    first, second = signed["webhook-signature"].split(" ")
    assert (first != SIGNED, second) == (True, SIGNED)


def test_one_changed_byte_changes_the_signature() -> None:
    changed = dict(headers([SECRET], message_id="m", at=AT, body=BODY + b" "))

    assert changed != dict(headers([SECRET], message_id="m", at=AT, body=BODY))


def test_a_secret_shows_its_key_in_base64() -> None:
    assert key_of(as_secret(b"k" * 24)) == b"k" * 24


@pytest.mark.parametrize(
    "secret", ["", "whsec_", "whsec_c2hvcnQ=", "whsec_***", "whsec_é", "whsec_" + "QUFB" * 30]
)
def test_what_is_no_secret_is_refused(secret: str) -> None:
    with pytest.raises(SecretNotUsable):
        key_of(secret)
