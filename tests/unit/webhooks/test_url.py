"""Which URLs may be saved."""

from __future__ import annotations

import pytest

from lacre.webhooks.errors import UrlNotAllowed
from lacre.webhooks.url import check_url


@pytest.mark.parametrize(
    "url",
    [
        "https://client.example/hook?token=1",
        "http://client.example:8080",
        "http://10.1.2.3/hook",
        "https://[2001:db8::1]/",
        "https://ação.example/é",
    ],
)
def test_any_http_url_may_be_saved(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "not a URL"),
        ("client.example/hook", "not a URL"),
        ("ftp://client.example/", "must begin with"),
        ("file:///etc/passwd", "must begin with"),
        ("https://user:word@client.example/", "user name"),
        ("https://client.example:0/", "port 0"),
        ("https://client.example/a b", "spaces"),
        ("https://client.example/\r\nX: y", "spaces"),
        ("http://good.example\\@127.0.0.1/", "backslashes"),
        ("https://client.example/" + "a" * 2048, "longer"),
    ],
)
def test_what_can_never_be_sent_to_is_refused(url: str, reason: str) -> None:
    with pytest.raises(UrlNotAllowed, match=reason):
        check_url(url)
