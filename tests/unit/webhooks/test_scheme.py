"""Forms of signature, each verified as a receiver's own few lines do it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from lacre.webhooks import signature
from lacre.webhooks.errors import SecretNotUsable
from lacre.webhooks.scheme import Scheme, Signed, as_private_key, public_key, signature_headers

AT = datetime.fromtimestamp(1614265330, UTC)
BODY = b'{"test": 2432232314}'
NEW, OLD = (signature.as_secret(letter * 32) for letter in (b"n", b"o"))
KEYS = tuple(as_private_key(letter * 32) for letter in (b"n", b"o"))
SIGNED = Signed(message_id="evt_1", at=AT, body=BODY, secrets=(NEW, OLD), private_keys=KEYS)


def headers(*schemes: Scheme) -> dict[str, str]:
    return dict(signature_headers(schemes, SIGNED))


def test_standard_alone_is_what_it_always_was() -> None:
    before = signature.headers((NEW, OLD), message_id="evt_1", at=AT, body=BODY)

    assert signature_headers([Scheme.STANDARD], SIGNED) == before


def test_every_valid_private_key_signs_for_its_public_key() -> None:
    *_, said = headers(Scheme.ED25519).values()

    for key, one in zip(KEYS, said.split(" "), strict=True):
        version, _, text = one.partition(",")
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key(key).removeprefix("whpk_")))
        public.verify(base64.b64decode(text), b"evt_1.1614265330." + BODY)
        assert version == "v1a"
        with pytest.raises(InvalidSignature):
            public.verify(base64.b64decode(text), b"evt_1.1614265330." + BODY + b" ")


def test_both_standard_forms_share_a_header() -> None:
    said = headers(Scheme.STANDARD, Scheme.ED25519)["webhook-signature"].split(" ")

    assert [one.partition(",")[0] for one in said] == ["v1", "v1", "v1a", "v1a"]


def test_forms_of_one_value_are_signed_with_the_newest_secret() -> None:
    said = headers(Scheme.CONTENT_HMAC, Scheme.HMAC)

    mac = hmac.new(NEW.encode(), BODY, hashlib.sha256)
    assert said["Content-Hmac"] == f"sha256={mac.hexdigest()}"
    assert said["HMAC"] == base64.b64encode(mac.digest()).decode()


def test_the_timestamped_form_is_signed_with_every_valid_secret() -> None:
    said = headers(Scheme.TIMESTAMPED)["Lacre-Signature"]

    content = b"1614265330." + BODY
    macs = [hmac.new(one.encode(), content, hashlib.sha256).hexdigest() for one in (NEW, OLD)]
    assert said == f"t=1614265330,v1={macs[0]},v1={macs[1]}"


def test_without_any_form_it_is_still_said_which_message_it_is() -> None:
    assert headers() == {"webhook-id": "evt_1", "webhook-timestamp": "1614265330"}


@pytest.mark.parametrize("key", ["", "whsk_", "whsk_c2hvcnQ=", "whsk_***", "whsk_é"])
def test_what_is_no_private_key_is_refused(key: str) -> None:
    with pytest.raises(SecretNotUsable):
        public_key(key)


def test_no_key_is_in_what_a_log_would_print() -> None:
    assert not [one for one in (NEW, OLD, *KEYS) if one in str(SIGNED)]
