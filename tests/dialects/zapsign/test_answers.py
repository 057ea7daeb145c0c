"""Answers of the calls about webhooks, people, partners and checks, each as in the file of its name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.zapsign_desk import Desk, Installation

FOLDER = Path(__file__).parent
HOOK = {"url": "https://client.test/hook"}
COMPANY = {"company_name": "Cliente", "country": "br", "lang": "pt-br"}
HEADERS = [{"name": "X-A", "value": "b"}]


@pytest.fixture
def partner(installation: Installation) -> Desk:
    return installation.desk(opens_accounts=True)


def answered(desk: Desk, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401
    answer = desk.client.request(method, f"/api/v1/{path}", json=said)
    plain = answer.headers["content-type"].startswith("text/plain")
    return answer.text if plain else answer.json()


def wanted(name: str) -> Any:  # noqa: ANN401
    plain = FOLDER / f"{name}.txt"
    if plain.exists():
        return plain.read_text(encoding="utf-8").rstrip("\n")
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_webhooks_are_answered_as_in_their_files(desk: Desk) -> None:
    made = answered(desk, "POST", "user/company/webhook/", HOOK)
    named = {"id": made["id"]}

    assert list(made) == list(wanted("create_webhook"))
    for name, method, path in (
        ("add_webhook_headers", "POST", "header/"),
        ("delete_webhook_headers", "DELETE", "header/delete/"),
        ("delete_webhook", "DELETE", "delete/"),
    ):
        said = answered(desk, method, f"user/company/webhook/{path}", named | {"headers": HEADERS})
        assert said == wanted(name)


def test_reprocess_doc_is_answered_as_in_its_file(desk: Desk) -> None:
    token = desk.create()["token"]

    assert answered(desk, "POST", f"docs/{token}/reprocess-doc/", {}) == wanted("reprocess_doc")


def test_people_are_answered_as_in_their_files(desk: Desk) -> None:
    email = f"lorem@{desk.account_id}"

    assert answered(desk, "POST", "users/create-user", {"email": email}) == wanted("create_user")
    assert answered(desk, "DELETE", f"users/{email}/") == wanted("remove_user")


def test_a_payment_status_is_answered_as_in_its_file(partner: Desk) -> None:
    token = answered(partner, "POST", "partner/company/", COMPANY)["api_token"]
    said = {"client_api_token": token, "payment_status": "adimplente"}

    assert answered(partner, "POST", "partner/update-payment-status/", said) == wanted(
        "update_payment_status"
    )


def test_checks_are_answered_as_in_their_files(desk: Desk) -> None:
    assert answered(desk, "POST", "checks/", {}) == wanted("create_check")
    assert answered(desk, "GET", "checks/CHK1/") == wanted("read_check")
