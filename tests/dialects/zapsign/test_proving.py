"""Attempts reset, verifications read, groups dissolved."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.signing import identifying
from lacre.signing.code import CodeResult
from lacre.signing.evidence import Origin
from tests.support.zapsign_desk import Desk

RIGHT, WRONG = "52998224725", "11144477735"


@pytest.fixture
def signer(desk: Desk) -> dict[str, Any]:
    made = desk.create(signers=[{"name": "B", "auth_mode": "CPF", "cpf": RIGHT}])
    found: dict[str, Any] = made["signers"][0]
    return found


def attempt(desk: Desk, signer: dict[str, Any], typed: str) -> CodeResult:
    with desk.services.open_work() as work:
        now = desk.services.clock()
        return identifying.confirm_tax_id(work, signer["token"], typed, origin=Origin(), now=now)


def test_who_is_locked_out_may_try_again_once_that_is_asked_for(desk: Desk, signer: dict[str, Any]) -> None:
    for _ in range(3):
        attempt(desk, signer, WRONG)
    locked = attempt(desk, signer, RIGHT)

    answer = desk.call("PUT", f"reset-auth-attempts/{signer['token']}")

    assert answer == {"success": "As tentativas do signatário foram resetadas com sucesso."}
    assert (locked, attempt(desk, signer, RIGHT)) == (CodeResult.LOCKED, CodeResult.RIGHT)


def test_who_has_attempts_left_has_nothing_to_reset(desk: Desk, signer: dict[str, Any]) -> None:
    assert desk.refused("PUT", f"reset-auth-attempts/{signer['token']}/") == (
        400,
        {"error": "Signatário tem tentativas"},
    )


def test_verifications_are_told_with_their_outcome(desk: Desk, signer: dict[str, Any]) -> None:
    for typed in (WRONG, WRONG, WRONG):
        attempt(desk, signer, typed)
    desk.call("PUT", f"reset-auth-attempts/{signer['token']}/")
    attempt(desk, signer, RIGHT)

    said = desk.call("GET", f"signer-verification-details/{signer['token']}/")

    assert (said["token"], said["selfie_validation_type"]) == (signer["token"], "none")
    assert [(one["type"], one["status"], one["reason"]) for one in said["validations"]] == [
        ("Document number", "failed", "wrong_tax_id"),
        ("Document number", "success", ""),
    ]


def test_nobody_elses_signer_is_reset_or_read(stranger: Desk, signer: dict[str, Any]) -> None:
    assert stranger.refused("PUT", f"reset-auth-attempts/{signer['token']}/")[0] == 404
    assert stranger.refused("GET", f"signer-verification-details/{signer['token']}/")[0] == 404


def test_dissolved_groups_leave_a_turn_for_each(desk: Desk) -> None:
    people = [{"name": name, "order_group": group} for name, group in (("A", 1), ("B", 1), ("C", 2))]
    made = desk.create(signers=people, signature_order_active=True)

    assert desk.call("DELETE", f"signature-group/{made['token']}/") == {"message": "OK"}

    assert [one.group for one in desk.envelope(made["token"]).signers] == [0, 1, 2]
