"""API keys are shown once, told apart by their last signs, and revoked."""

from __future__ import annotations

import re

from tests.support.house import House
from tests.support.visitor import Visitor, text_of


def test_a_key_is_shown_once_and_works(ana: Visitor, house: House) -> None:
    answer = ana.send("/app/keys", dialect="zapsign", name="ERP da matriz")

    secret = shown_key(answer.text)
    with house.services.open_work() as work:
        kept = work.accounts.key_by_digest(house.services.tokens.digest(secret), "zapsign")
    again = ana.open("/app/keys").text
    assert kept is not None
    assert kept.name == "ERP da matriz"
    assert secret not in again
    assert f"ERP da matriz…{secret[-4:]}" in again.replace('</span><span class="quiet mono">', "")


def test_a_revoked_key_works_no_longer(ana: Visitor, house: House) -> None:
    secret = shown_key(ana.send("/app/keys", dialect="zapsign").text)
    address = re.search(r'action="(/app/keys/[^"]+/revoke)"', ana.open("/app/keys").text)
    assert address is not None

    page = ana.send_and_look(address[1])

    with house.services.open_work() as work:
        assert work.accounts.key_by_digest(house.services.tokens.digest(secret), "zapsign") is None
    assert "A chave foi revogada." in text_of(page)
    assert "1 chave revogada" in text_of(page)


def shown_key(page: str) -> str:
    found = re.search(r'id="secret" class="mono" readonly value="([^"]+)"', page)
    assert found is not None
    return found[1]
