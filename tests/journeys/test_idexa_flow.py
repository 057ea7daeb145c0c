"""A client written for IDEXA: it asks for a webhook with a login, and is called back with its document."""

from __future__ import annotations

import json
from pathlib import Path

import httpx2
import pytest

from lacre.cli.key import create_key
from tests.support.house import House
from tests.support.pdfs import contract_pdf
from tests.support.receiver import Receiver, in_turn, status

TOKEN = "eyJ0eXAiOiJKV1QiLCJhbGciOiJI"

pytestmark = pytest.mark.slow


def test_what_is_called_back_is_what_a_get_answers(tmp_path: Path) -> None:
    login = status(200, json.dumps({"data": {"access_token": TOKEN}}).encode())
    with (
        Receiver() as receiver,
        House(tmp_path, working=True, egress_allow="127.0.0.0/8") as house,
        httpx2.Client(base_url=f"{house.url}/api_document", timeout=120) as client,
    ):
        receiver.answers(in_turn(login, status(200)))
        client.headers["X-API-KEY"] = create_key(house.installation, "idexa", "ERP")["api_key"]
        asked = {
            "name": "Webhook 1", "type": 0, "method": "PUT", "headers": {"X-Sistema": "erp"},
            "headerAuth": "Bearer", "url": f"{receiver.url}ocr_feedback/:id",
            "authorizationUrl": f"{receiver.url}login", "authorizationMethod": "POST",
            "authorizationHeaders": {"Content-Type": "application/x-www-form-urlencoded"},
            "authorizationBody": {"username": "root", "password": "root"},
            "authorizationResponseTokenAttr": "data.access_token",
        }  # fmt: skip
        assert client.post("/document_webhooks", json=asked).status_code == 200

        form = {"type": "1", "pages": "2", "externalId": "pedido-7"}
        document = client.post("/documents", data=form, files={"files": ("nota.pdf", contract_pdf())}).json()
        asking, called = receiver.wait_for(2, seconds=60)
        found = client.get(f"/documents/{document['id']}").json()

    assert (asking.method, asking.target, asking.body) == ("POST", "/login", b"username=root&password=root")
    assert (called.method, called.target) == ("PUT", f"/ocr_feedback/{document['id']}")
    assert called.header("Authorization") == f"Bearer {TOKEN}"
    assert called.header("X-Sistema") == "erp"
    assert called.json == found
    assert (found["status"], found["statusDesc"], found["fileType"]) == (1, "FINISHED", "pdf")
