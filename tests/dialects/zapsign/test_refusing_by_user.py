"""POST refuse/by-user/: a user of the account refuses what they were to sign."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.accounts.account import User
from lacre.accounts.deputy import deputy_token
from lacre.kit.ids import new_uuid
from tests.support.zapsign_desk import Desk


@pytest.fixture
def user(desk: Desk) -> User:
    return desk.user(f"{new_uuid()}@ped.test")


def said(desk: Desk, made: dict[str, Any], user: User, **more: str) -> dict[str, str]:
    tokens = {"doc_token": made["token"], "signer_token": made["signers"][0]["token"]}
    return {**tokens, "user_token": deputy_token(user, desk.services.tokens.digest), **more}


def test_the_document_is_refused_with_the_reason(desk: Desk, user: User) -> None:
    made = desk.create(allow_refuse_signature=True, signers=[{"name": "U", "email": user.email.upper()}])

    answer = desk.call("POST", "refuse/by-user/", said(desk, made, user, rejected_reason="Valor errado"))

    assert answer["message"].startswith(
        "Documento recusado com sucesso. Lembrete: este endpoint é assíncrono"
    )
    read = desk.call("GET", f"docs/{made['token']}/")
    assert (read["status"], read["rejected_reason"]) == ("refused", "Valor errado")
    assert read["signers"][0]["status"] == "refused"


def test_the_reason_may_be_left_out(desk: Desk, user: User) -> None:
    made = desk.create(allow_refuse_signature=True, signers=[{"name": "U", "email": user.email}])

    desk.call("POST", "refuse/by-user", said(desk, made, user, rejected_reason=""))


def test_what_may_not_be_refused_is_not(desk: Desk, user: User) -> None:
    made = desk.create(signers=[{"name": "U", "email": user.email}])

    assert desk.refused("POST", "refuse/by-user/", said(desk, made, user)) == (
        403,
        {"error": "A reprovação deste documento não é permitida."},
    )


def test_nobody_refuses_for_somebody_else(desk: Desk, user: User) -> None:
    made = desk.create(allow_refuse_signature=True, signers=[{"name": "B", "email": "b@x.test"}])

    assert desk.refused("POST", "refuse/by-user/", said(desk, made, user)) == (
        400,
        {"error": "O e-mail do signatário e do usuário são diferentes"},
    )


@pytest.mark.parametrize("name", ["doc_token", "signer_token", "user_token"])
def test_tokens_that_do_not_belong_together_are_not_found(desk: Desk, user: User, name: str) -> None:
    made = desk.create(allow_refuse_signature=True, signers=[{"name": "U", "email": user.email}])
    other = {
        "doc_token": desk.create()["token"],
        "signer_token": desk.create()["signers"][0]["token"],
        "user_token": new_uuid(),
    }

    wrong = said(desk, made, user, **{name: other[name]})

    assert desk.refused("POST", "refuse/by-user/", wrong) == (404, {"detail": "Não encontrado."})
