"""Signing in: the one-time link, e-mail and password, and what keeps strangers out."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx2
import pytest

from lacre.accounts.account import User
from tests.support.house import House
from tests.support.visitor import PASSWORD, SAME_ORIGIN, Visitor, new_account, new_user, text_of


@pytest.fixture
def user(house: House) -> User:
    return new_user(house, new_account(house), password=False)


@pytest.fixture
def link(house: House, user: User) -> str:
    return login_link(house, user)


def test_the_one_time_link_asks_for_a_password_and_lets_in(client: httpx2.Client, link: str) -> None:
    assert "Escolha uma senha" in client.get(f"/app/enter?link={link}").text

    answer = enter(client, link, "vela de sebo no sotão")

    assert answer.headers["location"] == "/app/"
    assert "Nenhum documento ainda" in client.get("/app/").text


def test_the_page_tells_password_managers_whose_password_it_is(
    client: httpx2.Client, user: User, link: str
) -> None:
    fresh = inputs_of(client.get(f"/app/enter?link={link}"))
    refused = inputs_of(enter(client, link, "curta"))
    enter(client, link, "vela de sebo no sotão")
    used = inputs_of(client.get(f"/app/enter?link={link}"))

    assert fresh == refused == {"username": [user.email], "new-password": ["", ""]}
    assert used == {}


def test_a_link_that_is_over_says_so_before_anybody_thinks_of_a_password(client: httpx2.Client) -> None:
    answer = client.get("/app/enter?link=x")

    assert answer.status_code == 404
    assert "Este link já foi usado ou acabou." in text_of(answer)
    assert 'href="/app/login"' in answer.text


def test_the_servers_own_address_leads_to_the_console(client: httpx2.Client) -> None:
    assert client.get("/").headers["location"] == "/app/"


def test_looking_at_the_link_does_not_use_it_up(client: httpx2.Client, link: str) -> None:
    for _ in range(3):
        client.get(f"/app/enter?link={link}")

    assert enter(client, link, "vela de sebo no sotão").status_code == 303


def test_the_link_works_once(client: httpx2.Client, link: str) -> None:
    enter(client, link, "vela de sebo no sotão")

    again = enter(client, link, "outra senha bem longa")

    assert again.status_code == 422
    assert "já foi usado" in again.text


@pytest.mark.parametrize(
    "password",
    [
        "curta",
        "Senha@123456",
        "123456789012",
        "qwertyuiop12",
        "aaaaaaaaaaaaaaaa",
        "P4ssw0rdP4ssw0rd",
        "x" * 129,
    ],
)
def test_weak_passwords_are_refused_and_the_link_still_works(
    client: httpx2.Client, link: str, password: str
) -> None:
    refused = enter(client, link, password)

    assert refused.status_code == 422
    assert enter(client, link, "vela de sebo no sotão").status_code == 303


def test_a_password_that_is_the_persons_own_address_is_refused(
    client: httpx2.Client, user: User, link: str
) -> None:
    assert enter(client, link, user.email).status_code == 422
    assert enter(client, link, "vela de sebo no sotão").status_code == 303


def test_a_new_password_ends_older_sessions(house: House, ana: Visitor, client: httpx2.Client) -> None:
    enter(client, login_link(house, ana.user), "vela de sebo no sotão")

    assert ana.open("/app/").headers["location"] == "/app/login"


def test_a_new_password_ends_other_one_time_links(house: House, user: User, client: httpx2.Client) -> None:
    """Whoever found an older mail with one cannot set theirs in its place."""
    older, newer = login_link(house, user), login_link(house, user)
    enter(client, newer, "vela de sebo no sotão")

    assert enter(client, older, "outra senha bem longa").status_code == 422


def test_a_wrong_password_and_an_unknown_person_hear_the_same(ana: Visitor, client: httpx2.Client) -> None:
    wrong = log_in(client, ana.user.email, "não é esta senha")
    unknown = log_in(client, "ninguem@example.test", "não é esta senha")

    assert (wrong.status_code, unknown.status_code) == (422, 422)
    assert text_of(wrong).strip() == text_of(unknown).strip()


def test_too_many_tries_are_stopped_even_with_the_right_password(ana: Visitor, client: httpx2.Client) -> None:
    tries = [log_in(client, ana.user.email, f"tentativa número {n}").status_code for n in range(9)]

    assert tries == [422] * 8 + [429]
    assert log_in(client, ana.user.email, PASSWORD).status_code == 429


def test_who_has_no_password_yet_cannot_sign_in_without_the_link(client: httpx2.Client, user: User) -> None:
    assert log_in(client, user.email, "").status_code == 422


def test_the_cookie_is_kept_from_scripts_and_other_sites(ana: Visitor, client: httpx2.Client) -> None:
    cookie = log_in(client, ana.user.email, PASSWORD).headers["set-cookie"].lower()

    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_signing_in_leads_to_the_page_that_was_wanted(ana: Visitor, client: httpx2.Client) -> None:
    wanted = client.get("/app/deliveries?status=discarded").headers["location"]

    answer = log_in(client, ana.user.email, PASSWORD, next="/app/deliveries?status=discarded")

    assert wanted == "/app/login?next=/app/deliveries%3Fstatus%3Ddiscarded"
    assert answer.headers["location"] == "/app/deliveries?status=discarded"


@pytest.mark.parametrize("elsewhere", ["https://evil.test/", "//evil.test", "/app/\\evil.test", "/verify"])
def test_signing_in_leads_nowhere_else(ana: Visitor, client: httpx2.Client, elsewhere: str) -> None:
    assert log_in(client, ana.user.email, PASSWORD, next=elsewhere).headers["location"] == "/app/"


def test_signing_out_ends_the_session_itself(ana: Visitor) -> None:
    session = dict(ana.client.cookies)

    ana.send("/app/logout")

    ana.client.cookies.update(session)
    assert ana.open("/app/").status_code == 303


def test_forms_from_elsewhere_change_nothing(ana: Visitor) -> None:
    from_elsewhere = ana.send_as({"sec-fetch-site": "cross-site"}, "/app/keys", dialect="zapsign")
    without_token = ana.client.post("/app/keys", data={"dialect": "zapsign"}, headers=SAME_ORIGIN)
    older_browser = ana.send_as({"origin": "https://evil.test"}, "/app/keys", dialect="zapsign")

    assert [one.status_code for one in (from_elsewhere, without_token, older_browser)] == [303, 303, 303]
    assert "Nenhuma chave ainda" in ana.open("/app/keys").text


def test_a_login_from_another_site_is_refused(ana: Visitor, client: httpx2.Client) -> None:
    said = {"email": ana.user.email, "password": PASSWORD}

    answer = client.post("/app/login", data=said, headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 409
    assert "set-cookie" not in answer.headers


def login_link(house: House, user: User) -> str:
    secret = house.services.tokens.secret()
    with house.services.open_work() as work:
        digest = house.services.tokens.digest(secret)
        work.accounts.add_login_link(digest, user.id, house.now() + timedelta(hours=24))
    return secret


def enter(client: httpx2.Client, link: str, password: str) -> httpx2.Response:
    said = {"link": link, "password": password, "again": password}
    return client.post("/app/enter", data=said, headers=SAME_ORIGIN)


def inputs_of(page: httpx2.Response) -> dict[str, list[str]]:
    """What stands in the inputs that password managers fill in and keep, by what they are."""
    found: dict[str, list[str]] = {}
    for one in re.findall(r"<input [^>]*autocomplete=[^>]*>", page.text):
        value = re.search(r' value="([^"]*)"', one)
        kind = re.search(r' autocomplete="([^"]*)"', one)
        assert kind is not None
        found.setdefault(kind[1], []).append(value[1] if value else "")
    return found


def log_in(client: httpx2.Client, email: str, password: str, **more: str) -> httpx2.Response:
    said = {"email": email, "password": password, **more}
    return client.post("/app/login", data=said, headers=SAME_ORIGIN)
