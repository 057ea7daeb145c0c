"""What pages tell browsers to refuse."""

from __future__ import annotations

import httpx2
import pytest

from tests.support.house import House, person


def test_only_the_signing_room_may_stand_in_a_foreign_frame(house: House, client: httpx2.Client) -> None:
    house.send([bruno := person("Bruno Dias")])

    room = client.get(house.link(bruno)).headers["content-security-policy"]
    check = client.get("/verify").headers["content-security-policy"]

    assert "frame-ancestors *" in room
    assert "frame-ancestors 'none'" in check


def test_only_the_signing_room_may_ask_for_a_camera(house: House, client: httpx2.Client) -> None:
    house.send([bruno := person("Bruno Dias")])

    policies = [client.get(path).headers["permissions-policy"] for path in (house.link(bruno), "/verify")]

    assert ["camera=(self)" in policy for policy in policies] == [True, False]


@pytest.mark.parametrize("path", ["/verify", "/nowhere", "/verificar/unknown"])
def test_pages_run_only_our_own_code_and_tell_nobody_where_they_are(client: httpx2.Client, path: str) -> None:
    headers = client.get(path).headers

    assert "default-src 'none'; script-src 'self'; style-src 'self';" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"


def test_no_page_holds_a_style_or_a_script_of_its_own(house: House, client: httpx2.Client) -> None:
    house.send([bruno := person("Bruno Dias")])

    page = client.get(house.link(bruno)).text

    assert " style=" not in page
    assert "<style" not in page
    assert all("src=" in tag for tag in page.split("<script")[1:])
    assert "http://" not in page.replace(house.url, "")
    assert "https://" not in page


def test_built_files_are_kept_for_ever_and_come_compressed(client: httpx2.Client) -> None:
    page = client.get("/verify").text
    script = page.split('src="/static/frame')[1].split('"')[0]

    answer = client.get(f"/static/frame{script}", headers={"accept-encoding": "br"})

    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["content-type"].startswith("text/javascript")
