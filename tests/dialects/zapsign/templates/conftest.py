"""A template of a lease, as a client makes it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialects.zapsign.templates.lease import LEASE, in_base64
from tests.support.zapsign_desk import Desk

SIGNER = {"auth_mode": "assinaturaTela-tokenEmail", "qualification": "locatário", "blank_phone": True}


@pytest.fixture
def template(desk: Desk) -> dict[str, Any]:
    said = {
        "name": "Locação",
        "base64_docx": in_base64(LEASE),
        "lang": "pt-br",
        "observers": ["arquivo@example.test"],
        "folder_path": "/Modelos",
        "redirect_link": "https://example.test/fim",
        "first_signer": SIGNER,
    }
    made: dict[str, Any] = desk.call("POST", "templates/create/", said)
    return made
