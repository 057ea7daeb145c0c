"""POST docs/{token}/resend-notifications-bulk/: all who still have to sign, at once."""

from __future__ import annotations

from tests.support.zapsign_desk import Desk, queued

PEOPLE = [
    {"name": "Bruno", "email": "b@x.test"},
    {"name": "Carla", "phone_number": "11999990000"},
    {"name": "Davi"},
]


def path_of(token: str) -> str:
    return f"docs/{token}/resend-notifications-bulk/"


def test_everybody_is_reached_by_whatever_way_leads_to_them(desk: Desk) -> None:
    made = desk.create(signers=PEOPLE)

    assert desk.call("POST", path_of(made["token"])) == {
        "success": True,
        "total_signers": 3,
        "sent_count": 2,
        "failed_count": 1,
        "failed_signers": [{"name": "Davi", "reason": "Sem email ou telefone"}],
        "has_order_active": False,
        "has_signature_groups": False,
    }
    assert sorted((one["channel"], one["kind"]) for one in queued(desk, made["token"])) == [
        ("email", "reminder"),
        ("whatsapp", "reminder"),
    ]


def test_only_those_whose_turn_it_is_are_reached(desk: Desk) -> None:
    people = [one | {"order_group": group} for one, group in zip(PEOPLE, (0, 0, 1), strict=True)]
    made = desk.create(signers=people, signature_order_active=True)

    said = desk.call("POST", path_of(made["token"]))

    assert (said["total_signers"], said["has_order_active"], said["has_signature_groups"]) == (2, True, True)


def test_nobody_is_reached_twice_within_half_an_hour(desk: Desk) -> None:
    made = desk.create(signers=PEOPLE)
    desk.call("POST", path_of(made["token"]))
    desk.installation.clock.push(minutes=12)

    status, why = desk.refused("POST", path_of(made["token"]))
    desk.installation.clock.push(minutes=19)

    assert (status, why["error_code"], "18 minutos" in why["message"]) == (429, "cooldown_period", True)
    desk.call("POST", path_of(made["token"]))


def test_when_nobody_can_be_reached_it_says_so_and_may_be_tried_again(desk: Desk) -> None:
    made = desk.create(signers=PEOPLE[:1], disable_signer_emails=True)

    for _ in range(2):
        said = desk.call("POST", path_of(made["token"]))
        assert (said["success"], said["failed_count"]) == (False, 1)


def test_what_is_not_under_way_or_not_theirs_is_refused_by_code(desk: Desk, stranger: Desk) -> None:
    done = desk.create(signers=PEOPLE[:1])
    desk.sign(done["token"], 0)

    status, why = desk.refused("POST", path_of(done["token"]))
    assert (status, why["error_code"]) == (400, "document_not_in_progress")
    status, why = stranger.refused("POST", path_of(done["token"]))
    assert (status, why["error_code"]) == (403, "permission_denied")
