"""Temporary links, sessions and forms: good for what they were given for, for as long, and from where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from lacre.documents.links import Variant
from lacre.signing.document import Document
from lacre.web.app import build
from tests.security.tenants import Tenant, everything_kept, page_addresses
from tests.support.house import House, person
from tests.support.kept import SettableClock
from tests.support.signing_form import signing_form
from tests.support.visitor import PASSWORD, new_user

HOUR = timedelta(hours=1)
BEFORE = ("/app/login", "/app/enter")


# ── files ────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def document(house: House) -> Document:
    return house.send([person("Bruno Dias")]).documents[0]


@pytest.fixture(scope="module")
def link(house: House, document: Document) -> str:
    url = house.services.links.file_url(document.id, Variant.ORIGINAL, now=house.now())
    return url.removeprefix(house.url)


@pytest.mark.parametrize(
    ("age", "status"),
    [
        (timedelta(0), 200),
        (HOUR - timedelta(seconds=1), 200),
        (HOUR - timedelta(milliseconds=1), 200),
        (HOUR, 404),
        (HOUR + timedelta(seconds=1), 404),
        (timedelta(days=400), 404),
    ],
)
def test_a_file_s_link_works_for_an_hour(
    house: House, document: Document, age: timedelta, status: int
) -> None:
    given_at = house.now()
    url = house.services.links.file_url(document.id, Variant.ORIGINAL, now=given_at)
    later = TestClient(build(replace(house.services, clock=SettableClock(given_at + age)), {}))

    assert later.get(url.removeprefix(house.url)).status_code == status


def test_a_link_changed_anywhere_is_none(browser: TestClient, link: str) -> None:
    begin = len("/files/")
    changed = [
        link[:place] + other + link[place + 1 :]
        for place in range(begin, len(link))
        for other in ("0" if link[place] != "0" else "1", "A" if link[place] != "A" else "B")
    ]

    assert browser.get(link).status_code == 200
    assert {browser.get(one).status_code for one in changed} == {404}


def test_a_link_opens_nothing_but_what_it_names(house: House, browser: TestClient, link: str) -> None:
    other = house.send([person("Eva Reis")]).documents[0]
    parts = urlsplit(link)
    tricks = [
        f"/files/{other.id}?{parts.query}",
        link.replace("variant=original", "variant=sealed"),
        link.replace("variant=original", "variant=record"),
        f"{link}&variant=record",
        f"{parts.path}?variant=record&{parts.query}",
        f"{parts.path.upper()}?{parts.query}",
        f"{parts.path.replace('-', '')}?{parts.query}",
        link.partition("&signature")[0],
        f"{link}%00",
        link.replace("expires=", "expires=9"),
        link.replace("key=1", "key=2"),
    ]

    assert {browser.get(one).status_code for one in tricks} == {404}


def test_a_file_is_given_to_be_looked_at_and_not_to_be_kept(browser: TestClient, link: str) -> None:
    headers = browser.get(link).headers

    assert headers["cache-control"] == "private, no-store"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-type"] == "application/pdf"


# ── pages ────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def ana(house: House, app: ASGIApp) -> Tenant:
    tenant = Tenant(house, app)
    tenant.settle()
    return tenant


def pages() -> list[str]:
    return [path for method, path in page_addresses() if method == "GET" and not path.startswith("/files")]


@pytest.mark.parametrize("path", pages())
def test_every_page_says_what_browsers_must_refuse(house: House, ana: Tenant, path: str) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    token = house.link(bruno).rpartition("/")[2]
    given = {"{token}": token, "{envelope_id}": contract.id, "{rest:path}": "nowhere", "{number:int}": "1"}
    given |= {"{document:int}": "1", "{page:int}": "1", "{id}": contract.id}
    for name, value in given.items():
        path = path.replace(name, value)

    headers = ana.ask("GET", path).headers

    framable = path.startswith(("/verificar/", "/sign/"))
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert framable or "frame-ancestors 'none'" in policy or path.endswith("/body")
    assert headers["referrer-policy"] in ("no-referrer", "same-origin")
    assert headers["x-content-type-options"] == "nosniff"
    if path.startswith("/app") or (framable and "/pages/" not in path and "places.css" not in path):
        assert "no-store" in headers.get("cache-control", "no-store")


def test_who_comes_by_https_is_to_come_no_other_way(house: House) -> None:
    secure = replace(house.services, public_url="https://lacre.test")

    said = TestClient(build(secure, {})).get("/verify").headers

    assert said["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["read", "code", "sign", "refuse"])
def test_no_other_page_makes_a_signer_s_browser_act(
    house: House, browser: TestClient, path: str, site: str
) -> None:
    """The evidence would name the signer's own address."""
    contract = house.send([bruno := person("Bruno Dias")])
    before = house.envelope(contract)

    form = signing_form(contract) | {"reason": "x"}
    answer = browser.post(f"{house.link(bruno)}/{path}", data=form, headers={"sec-fetch-site": site})

    assert answer.status_code == 403
    assert house.envelope(contract) == before


# ── the console ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("path", "trick"),
    [
        (path, trick)
        for verb, path in page_addresses()
        for trick in ("no token", "another's token", "cross-site", "foreign origin")
        # who is not signed in yet has nothing that could be used
        if verb == "POST" and "/app/" in path and not (path in BEFORE and "token" in trick)
    ],
)
def test_no_form_of_another_site_is_taken(
    house: House, app: ASGIApp, ana: Tenant, path: str, trick: str
) -> None:
    address = path.replace("{id}", ana.things["envelope"]).replace("{number:int}", "1")
    token = {"no token": "", "another's token": Tenant(house, app).form_token}.get(trick, ana.form_token)
    headers = {
        "cross-site": {"sec-fetch-site": "cross-site"},
        "foreign origin": {"origin": "https://evil.test"},
    }
    form = {"form_token": token, "reason": "x", "email": "a@x.test", "password": PASSWORD, "link": "x"}
    before = everything_kept(house)

    answer = ana.client.post(
        address, data=form, headers={"cookie": f"lacre={ana.secret}", **headers.get(trick, {})}
    )

    assert answer.status_code in (303, 403, 404, 409)
    assert everything_kept(house) == before
    assert ana.ask("GET", "/app/keys").status_code == 200


def test_signing_in_gives_a_new_secret(house: House, ana: Tenant) -> None:
    """Whatever secret somebody planted in the browser before opens nothing."""
    user = new_user(house, ana.account.id)
    planted = {"cookie": "lacre=planted", "sec-fetch-site": "same-origin"}

    form = {"email": user.email, "password": PASSWORD}
    answer = ana.client.post("/app/login", data=form, headers=planted)
    as_planted = ana.client.get("/app/keys", headers={"cookie": "lacre=planted"})

    assert answer.headers["location"] == "/app/"
    assert "planted" not in answer.headers["set-cookie"]
    assert as_planted.status_code == 303


def test_a_session_is_over_once_its_person_signed_out(house: House, ana: Tenant) -> None:
    user = new_user(house, ana.account.id)
    form = {"email": user.email, "password": PASSWORD}
    said = ana.client.post("/app/login", data=form, headers={"sec-fetch-site": "same-origin"})
    cookie = said.headers["set-cookie"].partition(";")[0]
    page = ana.client.get("/app/keys", headers={"cookie": cookie})
    token = page.text.partition('name="form_token" value="')[2].partition('"')[0]

    ana.client.post("/app/logout", data={"form_token": token}, headers={"cookie": cookie})

    assert page.status_code == 200
    assert ana.client.get("/app/keys", headers={"cookie": cookie}).status_code == 303


def test_the_cookie_is_for_us_alone(house: House, ana: Tenant) -> None:
    user = new_user(house, ana.account.id)
    services = replace(house.services, public_url="https://lacre.test")
    client = TestClient(build(services, {}), base_url="https://lacre.test", follow_redirects=False)

    form = {"email": user.email, "password": PASSWORD}
    said = client.post("/app/login", data=form, headers={"sec-fetch-site": "same-origin"})

    cookie = said.headers["set-cookie"].lower()
    assert cookie.startswith("__host-lacre=")
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= {part.strip() for part in cookie.split(";")}
    assert "domain=" not in cookie


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/",
        "//evil.test/",
        "/\\evil.test",
        "/app/\\evil.test",
        "/app/\t//evil",
        "javascript:alert(1)",
        "/app//evil.test",
    ],
)
def test_signing_in_leads_into_the_console_and_nowhere_else(house: House, ana: Tenant, wanted: str) -> None:
    user = new_user(house, ana.account.id)
    form = {"email": user.email, "password": PASSWORD, "next": wanted}

    said = ana.client.post("/app/login", data=form, headers={"sec-fetch-site": "same-origin"})

    assert said.headers["location"].startswith("/app/")
    assert not said.headers["location"].startswith("/app/\\")


def test_a_one_time_link_works_once(house: House, ana: Tenant) -> None:
    services, user = house.services, new_user(house, ana.account.id, password=False)
    secret = services.tokens.secret()
    with services.open_work() as work:
        ends = services.clock() + HOUR
        work.accounts.add_login_link(services.tokens.digest(secret), user.id, ends)
    form = {"link": secret, "password": PASSWORD, "again": PASSWORD}
    ours = {"sec-fetch-site": "same-origin"}

    first, second = (ana.client.post("/app/enter", data=form, headers=ours) for _ in range(2))
    opened = ana.client.get(f"/app/enter?link={secret}")

    assert (first.status_code, second.status_code) == (303, 422)
    assert not second.headers.get("set-cookie", "").startswith("lacre=")
    assert opened.status_code == 404
