"""Places in a URL are filled, and nothing that fills them leaves its place."""

from __future__ import annotations

import pytest
from pydantic_core import Url

from lacre.webhooks.errors import UrlNotAllowed
from lacre.webhooks.template import check_places, fill


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.test/x/:id", "https://a.test/x/7"),
        ("https://a.test/:id/y?t=:type&u=1#:id", "https://a.test/7/y?t=a%2Fb&u=1#:id"),
        ("https://a.test?t=:id", "https://a.test?t=7"),
        ("https://a.test/x/:other", "https://a.test/x/none"),
        ("https://a.test:8443/items:id/v:id", "https://a.test:8443/items:id/v:id"),
        ("https://a.test/:ID/:id:id/:id.json", "https://a.test/:ID/:id:id/:id.json"),
        ("http://[::1]/:id", "http://[::1]/7"),
    ],
)
def test_whole_segments_and_values_are_filled(url: str, expected: str) -> None:
    assert fill(url, {"id": "7", "type": "a/b"}) == expected


@pytest.mark.parametrize(
    "value",
    ["", ".", "..", "../..", "a/b", "?x=1", "#f", "@evil.test/", "a b", "\r\n", "%2e%2e", "é", ":id", "\\"],
)
def test_no_value_leaves_its_place(value: str) -> None:
    filled = Url(fill("https://a.test/things/:id/end", {"id": value}))

    segments = (filled.path or "").split("/")
    assert (filled.host, filled.query, filled.fragment) == ("a.test", None, None)
    assert (segments[1], len(segments), segments[3]) == ("things", 4, "end")
    assert segments[2]


def test_a_misspelt_place_is_refused() -> None:
    check_places("https://a.test/:id", ["id"])
    with pytest.raises(UrlNotAllowed):
        check_places("https://a.test/:idd", ["id"])
