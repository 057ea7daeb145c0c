"""Signers added, read, changed, removed."""

from __future__ import annotations

from lacre.signing import events
from tests.support.zapsign_desk import Desk, queued, text_of


def test_an_added_signer_comes_last_and_is_told_of(desk: Desk) -> None:
    made = desk.create(signature_order_active=True)

    added = desk.call("POST", f"docs/{made['token']}/add-signer/", {"name": "Davi", "email": "d@x.test"})

    assert (added["name"], added["status"], added["email"]) == ("Davi", "new", "d@x.test")
    kept = desk.envelope(made["token"])
    assert [one.group for one in kept.signers] == [0, 1, 2]
    assert desk.event_types(made["token"])[-1] == events.SIGNER_ADDED


def test_no_signer_is_added_to_what_is_signed_by_all(desk: Desk) -> None:
    made = desk.create()
    for position in (0, 1):
        desk.sign(made["token"], position)

    status, why = desk.refused("POST", f"docs/{made['token']}/add-signer/", {"name": "Davi"})

    assert (status, why) == (
        400,
        {"detail": "Este documento já foi encerrado e não pode mais ser alterado."},
    )


def test_reading_a_signer_shows_the_anchors_too(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "B", "signature_placement": "<<b>>"}])

    read = desk.call("GET", f"signers/{made['signers'][0]['token']}")

    assert read == {
        **made["signers"][0],
        "delegator": None,
        "signature_anchor_text": "<<b>>",
        "rubrica_anchor_text": "",
    }


def test_only_what_is_said_changes(desk: Desk) -> None:
    made = desk.create(
        signers=[{"name": "Bruno", "email": "b@x.test", "lock_email": True, "require_cpf": True}]
    )
    token = made["signers"][0]["token"]

    changed = desk.call("POST", f"signers/{token}/", {"name": "Bruno Dias", "email": "", "lock_email": None})

    assert (changed["name"], changed["email"], changed["lock_email"]) == ("Bruno Dias", "b@x.test", True)
    assert desk.envelope(made["token"]).signers[0].options.ask_tax_id is True


def test_a_new_anchor_moves_the_signature(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "B", "signature_placement": "Assinatura:"}])

    desk.call("POST", f"signers/{made['signers'][0]['token']}/", {"signature_placement": "folha 1"})

    fields = desk.envelope(made["token"]).fields
    assert len(fields) == 1
    assert fields[0].place.bottom > 50


def test_a_signer_who_signed_cannot_be_changed_or_removed(desk: Desk) -> None:
    made = desk.create()
    token = made["signers"][0]["token"]
    desk.sign(made["token"], 0)

    assert desk.refused("POST", f"signers/{token}/", {"name": "X"})[0] == 400
    assert desk.refused("DELETE", f"signer/{token}/remove/") == (
        400,
        {"detail": "Não é possível remover um signatário que já assinou o documento"},
    )


def test_the_link_is_sent_again_once_in_thirty_minutes(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "B", "email": "b@x.test"}])
    path, again = f"signers/{made['signers'][0]['token']}/", {"send_automatic_email": True}
    desk.call("POST", path, again)
    desk.notified(made["token"])

    status, why = desk.refused("POST", path, again)
    desk.installation.clock.push(minutes=31)

    assert (status, why) == (400, {"detail": "Aguarde 30 minutos entre um lembrete e outro."})
    desk.call("POST", path, again)


def test_two_requests_for_the_link_in_a_row_send_it_once(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "B", "email": "b@x.test"}])
    path = f"signers/{made['signers'][0]['token']}/"

    for said in ({"send_automatic_email": True}, {"send_automatic_email": True, "email": "novo@x.test"}):
        desk.call("POST", path, said)
        assert len(queued(desk, made["token"])) == 1
        assert desk.refused("POST", path, said)[0] == 400
        assert queued(desk, made["token"]) == []


def test_whose_turn_is_still_to_come_is_sent_the_link_then(desk: Desk) -> None:
    people = [{"name": "B"}, {"name": "C", "email": "c@x.test"}]
    made = desk.create(signers=people, signature_order_active=True)

    desk.call("POST", f"signers/{made['signers'][1]['token']}/", {"send_automatic_email": True})

    assert queued(desk, made["token"]) == []


def test_a_new_address_gets_its_link_at_once(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "B", "email": "b@x.test"}])
    path = f"signers/{made['signers'][0]['token']}/"
    desk.call("POST", path, {"send_automatic_email": True})
    desk.notified(made["token"])

    desk.call("POST", path, {"send_automatic_email": True, "email": "novo@x.test"})


def test_removing_a_signer_answers_a_plain_text(desk: Desk) -> None:
    made = desk.create()

    answer = desk.client.delete(f"/api/v1/signer/{made['signers'][0]['token']}/remove/")

    assert (answer.status_code, answer.text) == (200, "Signatário removido com sucesso.")
    assert [one["name"] for one in desk.call("GET", f"docs/{made['token']}/")["signers"]] == ["Carla"]
    assert desk.refused("GET", f"signers/{made['signers'][0]['token']}/")[0] == 404


def test_the_only_signer_cannot_be_removed(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno"}])

    status, said = text_of(desk, "DELETE", f"signer/{made['signers'][0]['token']}/remove/")

    assert status == 400
    assert "Não é possível remover o único signatário do documento." in said


def test_updating_with_null_breaks_as_theirs_does(desk: Desk) -> None:
    made = desk.create()

    answer = desk.client.post(f"/api/v1/signers/{made['signers'][0]['token']}/", content=b"null")

    assert answer.status_code == 500


def test_a_signer_of_a_oneclick_document_stays_one(desk: Desk) -> None:
    made = desk.create(one_click_active=True, signers=[{"name": "M", "email": "m@x.test"}])
    path = f"docs/{made['token']}/add-signer/"

    added = desk.call("POST", path, {"name": "N", "email": "n@x.test"})
    changed = desk.call("POST", f"signers/{added['token']}/", {"name": "Nina", "auth_mode": "assinaturaTela"})

    assert (changed["name"], "/verificar/oneclick/" in changed["sign_url"]) == ("Nina", True)
    assert desk.envelope(made["token"]).signers[1].options.draw is False
    assert desk.refused("POST", path, {"name": "O"})[0] == 400
    said = {"auth_mode": "tokenEmail"}
    assert desk.refused("POST", f"signers/{added['token']}/", said)[0] == 400


def test_a_document_may_be_sent_to_everybody_at_once(desk: Desk) -> None:
    signers = [{"name": "B", "email": "b@x.test"}, {"name": "C", "send_automatic_whatsapp": False}]

    made = desk.create(send_automatic=True, signers=signers)

    assert [one["send_via"] for one in made["signers"]] == ["email", ""]
