"""POST partner/company/: an account opened by a partner, with a token of its own."""

from __future__ import annotations

import json
import re

import pytest

from lacre.accounts.account import Role
from tests.support.zapsign import golden
from tests.support.zapsign_desk import Desk, Installation

COMPANY = {"company_name": "Nome do cliente", "country": "br", "lang": "pt-br"}


@pytest.fixture
def partner(installation: Installation) -> Desk:
    return installation.desk(opens_accounts=True)


def test_a_company_is_answered_as_in_its_file(partner: Desk) -> None:
    made = partner.call("POST", "partner/company/", COMPANY)

    wanted = json.loads(golden("partner_company"))
    assert list(made) == list(wanted)
    assert made == wanted | {name: made[name] for name in ("id", "api_token", "created_at")}
    assert isinstance(made["id"], int)
    assert re.fullmatch(r"[0-9a-f-]{72}", made["api_token"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", made["created_at"])


def test_its_token_sees_its_own_documents_and_nobody_elses(partner: Desk) -> None:
    partner.create()
    customer = _customer(partner)

    customer.create()

    assert customer.call("GET", "docs/")["count"] == partner.call("GET", "docs/")["count"] == 1
    assert customer.account_id != partner.account_id


def test_two_companies_may_be_called_the_same(partner: Desk) -> None:
    one, two = (partner.call("POST", "partner/company/", COMPANY) for _ in range(2))

    assert (one["name"], one["id"]) != (two["name"], two["id"])
    assert one["name"] == two["name"]


def test_whoever_is_named_becomes_a_member(partner: Desk) -> None:
    email = f"novo@{partner.account_id}"
    made = partner.call("POST", "partner/company/", COMPANY | {"email": email, "phone_number": "1199"})

    with partner.services.open_work() as work:
        user = work.accounts.user_by_email(email)
    assert user is not None
    assert (user.role, user.phone) == (Role.MEMBER, "1199")
    assert user.account_id == partner.installation.desk_of(made["api_token"]).account_id


def test_an_account_that_is_no_partner_may_not(desk: Desk) -> None:
    wanted = {"detail": "Plan necesario para crear empresa parceira."}

    assert desk.refused("POST", "partner/company/", COMPANY) == (403, wanted)


def test_a_company_opens_no_companies(partner: Desk) -> None:
    wanted = {"detail": "Ação não permitida para empresa parceira."}

    assert _customer(partner).refused("POST", "partner/company/", COMPANY) == (403, wanted)


def test_what_is_missing_is_named(partner: Desk) -> None:
    required = ["Este campo é obrigatório."]
    wanted = {"country": required, "lang": required, "company_name": required}

    assert partner.refused("POST", "partner/company/", {}) == (
        400,
        {"message": "Invalid Input", "data": wanted},
    )


def _customer(partner: Desk) -> Desk:
    made = partner.call("POST", "partner/company/", COMPANY)
    return partner.installation.desk_of(made["api_token"])
