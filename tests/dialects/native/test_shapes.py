"""The shape of requests, said and shown through our API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.support.certificates import Authority
from tests.support.native_desk import Desk
from tests.support.zapsign_desk import Moving

AUTHORITY = Authority()
OURS, OTHER = AUTHORITY.issue("lacre.test"), AUTHORITY.issue("other.test")
BROKEN_KEY = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
ENDED = AUTHORITY.issue("lacre.test", ends_at=Moving().now - timedelta(days=1)).pem.decode()
CA, PEM = AUTHORITY.pem.decode(), OURS.pem.decode()


def test_what_is_not_said_is_as_it_always_was(desk: Desk) -> None:
    made = desk.subscribe()

    assert (made["method"], made["fill_url"], made["signatures"]) == ("POST", False, ["standard"])
    assert (made["public_keys"], made["client_certificate"], made["ca_certificates"]) == ([], None, [])
    assert made["authorization"] is None


def test_a_shape_is_kept_and_what_is_not_said_stays(desk: Desk) -> None:
    made = desk.subscribe(method="DELETE", signatures=["hmac", "hmac", "ed25519"], client_certificate=PEM)

    changed = desk.call("PATCH", f"endpoints/{made['id']}", {"ca_certificates": CA})

    assert (changed["method"], changed["signatures"]) == ("DELETE", ["hmac", "ed25519"])
    assert changed["public_keys"] == made["public_keys"] != []
    assert changed["client_certificate"]["subject"] == "CN=lacre.test"
    assert [one["subject"] for one in changed["ca_certificates"]] == ["CN=Test authority"]
    bare = desk.call("PATCH", f"endpoints/{made['id']}", {"client_certificate": "", "ca_certificates": ""})
    assert (bare["client_certificate"], bare["ca_certificates"]) == (None, [])


def test_rotating_keeps_the_shape_and_renews_the_private_key(desk: Desk) -> None:
    made = desk.subscribe(method="PUT", signatures=["ed25519"])

    desk.call("POST", f"endpoints/{made['id']}/rotate-secret")

    read = desk.call("GET", f"endpoints/{made['id']}")
    assert (read["method"], read["signatures"], read["secrets"]) == ("PUT", ["ed25519"], 2)
    assert (len(read["public_keys"]), read["public_keys"][1:]) == (2, made["public_keys"])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"method": "TRACE"}, "validation_failed"),
        ({"signatures": ["md5"]}, "validation_failed"),
        ({"url": "https://client.test/:idd", "fill_url": True}, "url_not_allowed"),
        ({"client_certificate": "x"}, "certificate_not_usable"),
        ({"client_certificate": OURS.certificate.decode()}, "certificate_not_usable"),
        ({"client_certificate": (OURS.certificate + OTHER.key).decode()}, "certificate_not_usable"),
        ({"client_certificate": PEM + "é" * 65_000}, "certificate_not_usable"),
        ({"client_certificate": OURS.certificate.decode() + BROKEN_KEY}, "certificate_not_usable"),
        ({"client_certificate": ENDED}, "certificate_not_usable"),
        ({"ca_certificates": "x"}, "certificate_not_usable"),
        ({"ca_certificates": PEM}, "certificate_not_usable"),
    ],
)
def test_what_can_never_work_is_refused_at_once(desk: Desk, said: dict[str, Any], code: str) -> None:
    whole = {"url": "https://client.test/"} | said

    assert desk.refused("POST", "endpoints", whole) == (422, code)
    made = desk.subscribe()
    assert desk.refused("PATCH", f"endpoints/{made['id']}", said) == (422, code)
