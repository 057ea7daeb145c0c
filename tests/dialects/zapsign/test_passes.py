"""Users of an account call with passes (JWT) that they get for their password."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.kit.ids import new_uuid
from lacre.kit.throttle import MOST_FAILURES
from tests.support.zapsign_desk import Desk

PASSWORD = "uma frase longa"
WRONG = {"detail": "No active account found with the given credentials"}
OVER = (401, {"detail": "Token is invalid or expired", "code": "token_not_valid"})


@pytest.fixture
def email(desk: Desk) -> str:
    address = f"{new_uuid()}@ped.test"
    desk.user(address, password=PASSWORD)
    return address


def passes(desk: Desk, email: str) -> Any:  # noqa: ANN401 - JSON
    said = {"username": email, "password": PASSWORD}
    return desk.call("POST", f"auth/token/{desk.account_id}", said, headers={"Authorization": ""})


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_password_is_answered_with_two_passes(desk: Desk, email: str) -> None:
    given = passes(desk, email)

    assert given.keys() == {"refresh", "access"}
    assert desk.call("GET", "docs/", headers=bearer(given["access"]))["count"] == 0


def test_a_pass_opens_its_own_account_alone(desk: Desk, stranger: Desk, email: str) -> None:
    made = stranger.create()

    headers = bearer(passes(desk, email)["access"])

    assert desk.refused("GET", f"docs/{made['token']}/", headers=headers)[0] == 404


def test_another_accounts_address_is_no_way_in(desk: Desk, stranger: Desk, email: str) -> None:
    said = {"username": email, "password": PASSWORD}

    assert desk.refused("POST", f"auth/token/{stranger.account_id}/", said) == (401, WRONG)


def test_a_wrong_password_is_refused_and_then_all_for_a_while(desk: Desk, email: str) -> None:
    path, said = f"auth/token/{desk.account_id}", {"username": email, "password": "outra"}

    answers = [desk.refused("POST", path, said) for _ in range(MOST_FAILURES)]

    assert answers == [(401, WRONG)] * MOST_FAILURES
    right = {"username": email, "password": PASSWORD}
    assert desk.refused("POST", path, right) == (400, {"message": "Rate limit exceeded"})


def test_a_pass_is_over_after_an_hour_and_can_be_renewed(desk: Desk, email: str) -> None:
    given = passes(desk, email)

    desk.installation.clock.push(minutes=61)

    assert desk.refused("GET", "docs/", headers=bearer(given["access"])) == OVER
    renewed = desk.call("POST", "auth/token-refresh/", {"refresh": given["refresh"]})
    desk.call("GET", "docs/", headers=bearer(renewed["access"]))


@pytest.mark.parametrize("kind", ["access", "refresh"])
def test_each_pass_is_for_one_thing_only(desk: Desk, email: str, kind: str) -> None:
    given = passes(desk, email)

    if kind == "access":
        assert desk.refused("POST", "auth/token-refresh/", {"refresh": given["access"]}) == OVER
    else:
        assert desk.refused("GET", "docs/", headers=bearer(given["refresh"])) == OVER


def test_a_new_password_voids_every_pass(desk: Desk, email: str) -> None:
    given = passes(desk, email)
    with desk.services.open_work() as work:
        user = work.accounts.user_by_email(email)
        assert user is not None
        work.accounts.set_password(user.id, desk.services.passwords.hash("outra frase longa"))

    assert desk.refused("GET", "docs/", headers=bearer(given["access"])) == OVER
    assert desk.refused("POST", "auth/token-refresh/", {"refresh": given["refresh"]}) == OVER


@pytest.mark.parametrize("token", ["a.b.c", "..", "eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxfQ."])
def test_what_only_looks_like_a_pass_is_refused(desk: Desk, token: str) -> None:
    assert desk.refused("GET", "docs/", headers=bearer(token)) == OVER
    assert desk.refused("POST", "auth/token-refresh/", {"refresh": token}) == OVER


def test_what_is_missing_from_the_credentials_is_named(desk: Desk) -> None:
    status, why = desk.refused("POST", f"auth/token/{desk.account_id}/", {"username": "x"})

    assert (status, why["data"]) == (400, {"password": ["Este campo é obrigatório."]})
