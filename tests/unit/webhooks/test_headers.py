"""What a customer's header may not do: frame the message, split it, name the host, pose as ours."""

from __future__ import annotations

import pytest

from lacre.webhooks.errors import HeaderNotAllowed
from lacre.webhooks.headers import MAX_HEADERS, check_headers, sendable

HARMLESS = [
    ("Authorization", "Bearer abc.def"),
    ("X-Api-Key", "k"),
    ("x_y", ""),
    ("X-Signs", "!#$%&'()*+,-./:;<=>?@[]^_`{|}~\""),
    ("User-Agent", "mine"),
    ("Content-Type", "application/json; charset=utf-8"),
]
HARMFUL = [
    ("Host", "internal"),
    ("host", "internal"),
    ("Content-Length", "3"),
    ("CONTENT-LENGTH", "0"),
    ("Transfer-Encoding", "chunked"),
    ("TE", "trailers"),
    ("Trailer", "X"),
    ("Connection", "close"),
    ("Keep-Alive", "timeout=5"),
    ("Upgrade", "websocket"),
    ("Expect", "100-continue"),
    ("Proxy-Authorization", "Basic eA=="),
    ("Proxy-Connection", "keep-alive"),
    ("webhook-signature", "v1,forged"),
    ("Webhook-Id", "msg_1"),
    ("", "no name"),
    ("X A", "space"),
    ("X-A:", "colon"),
    (" X-A", "leading space"),
    ("X-Á", "not ASCII"),
    ("X-A\r\nX-B", "split name"),
    ("X-A\x00", "NUL"),
    ("X" * 65, "long name"),
    ("X-A", "one\r\nX-B: two"),
    ("X-A", "one\nX-B: two"),
    ("X-A", "one\r"),
    ("X-A", "nul\x00"),
    ("X-A", "tab\there"),
    ("X-A", "não"),
    ("X-A", "v" * 4097),
]


@pytest.mark.parametrize("header", HARMLESS)
def test_a_harmless_header_is_saved_and_sent(header: tuple[str, str]) -> None:
    check_headers([header])

    assert sendable((header,)) == (header,)


@pytest.mark.parametrize("header", HARMFUL)
def test_a_harmful_header_is_refused_at_save(header: tuple[str, str]) -> None:
    with pytest.raises(HeaderNotAllowed) as refused:
        check_headers([("X-Fine", "1"), header])

    assert refused.value.args[0] == header[0][:64]


@pytest.mark.parametrize("header", HARMFUL)
def test_a_harmful_header_that_was_saved_all_the_same_is_not_sent(header: tuple[str, str]) -> None:
    assert sendable((header, ("X-Fine", "1"))) == (("X-Fine", "1"),)


def test_there_may_be_thirty_two_headers_and_no_more() -> None:
    headers = [(f"X-{number}", "v") for number in range(MAX_HEADERS + 1)]

    check_headers(headers[:-1])
    with pytest.raises(HeaderNotAllowed, match="at most 32"):
        check_headers(headers)
    assert len(sendable(tuple(headers))) == MAX_HEADERS


def test_a_value_is_trimmed_before_it_is_sent() -> None:
    assert sendable((("X-A", "  padded "),)) == (("X-A", "padded"),)
