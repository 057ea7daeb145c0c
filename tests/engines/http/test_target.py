"""URL tricks: every spelling of a forbidden host is seen through, every ambiguous one refused."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from lacre.engines.http.target import Target, read_target

REFUSED = [
    "", "x", "//host/", "/path", "http://", "http:///", "https://:80/", "file:///etc/passwd", "gopher://h:70/_x",
    "ftp://h/", "dict://h:11211/stat", "javascript:alert(1)", "data:text/html,x", "ldap://h/", "ws://h/",
    "http://user@h/", "http://user:pw@h/", "http://:pw@h/", "http://a@b@h/", "http://127.0.0.1@h/",
    "http://example.com\\@127.0.0.1/", "http:\\\\127.0.0.1\\", "http://h\\.evil/", "http://h/\\..\\x",
    "http://exa\tmple.com/", "http://exa\nmple.com/", "http://h/\r\nX-A: b", "http://h/ x", " http://h/", "http://h/\x00",
    "http://h:0/", "http://h:65536/", "http://h:x/", "http://[::1/", "http://[fe80::1%25eth0]/", "http://[v1.a]/",
    "http://exa%2fmple.com/", "http://xn--a/", "http://256.1.1.1/", "http://a%00b/", "http://h/" + "x" * 9000,
]  # fmt: skip
LOOPBACK_SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
    "127.0.0.1.", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127。0。0。1", "%31%32%37.0.0.1", "0x7f.0x0.0x0.0x1",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED)
def test_an_ambiguous_or_foreign_url_is_refused(url: str) -> None:
    assert isinstance(read_target(url), str)


@pytest.mark.parametrize("host", LOOPBACK_SPELLINGS)
def test_every_spelling_of_loopback_is_seen_through(host: str) -> None:
    assert target(f"http://{host}/").literal == ip_address("127.0.0.1")


@pytest.mark.parametrize("host", ["[::1]", "[0:0:0:0:0:0:0:1]", "[::0.0.0.1]", "[0000::1]"])
def test_ipv6_literals_are_seen_through(host: str) -> None:
    assert target(f"http://{host}/").literal == ip_address("::1")


def test_what_is_passed_on_is_normalised() -> None:
    seen = target("HTTPS://FAß.example:443/a/../é?q=ü#secret")

    assert seen.url == "https://xn--fa-hia.example/%C3%A9?q=%C3%BC"
    assert (seen.host, seen.port, seen.literal) == ("xn--fa-hia.example", 443, None)


@pytest.mark.parametrize(
    ("url", "usual"),
    [("http://h/", True), ("https://h/", True), ("http://h:8080/", True), ("http://h:25/", False)]
    + [(f"http://h:{port}/", False) for port in (1, 22, 110, 389, 445, 1023)],
)
def test_low_ports_are_unusual_but_for_the_webs(url: str, usual: bool) -> None:
    assert target(url).port_is_usual is usual


def target(url: str) -> Target:
    seen = read_target(url)
    assert isinstance(seen, Target), seen
    return seen
