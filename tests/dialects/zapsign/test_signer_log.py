"""A document's history, as JSON and as a PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pypdfium2

from lacre.dialects.zapsign import history
from lacre.signing import actions, events
from lacre.signing.evidence import Origin
from tests.support.zapsign_desk import Desk

GOLDEN = Path(__file__).with_name("signer_log.json")


def lived(desk: Desk) -> str:
    """A document that two people opened, of whom one signed."""
    email = f"dona-{desk.account_id}@ped.test"
    desk.user(email)
    signers = [{"name": "Bruno", "email": "b@x.test"}, {"name": "Carla", "auth_mode": "tokenSms"}]
    made = desk.create(signers=signers)
    with desk.services.open_work() as work:
        for one in made["signers"]:
            now = desk.services.clock()
            actions.view(work, one["token"], origin=Origin(ip="192.0.2.1"), now=now)
            actions.confirm_reading(work, one["token"], origin=Origin(), now=now)
    desk.sign(made["token"], 0)
    desk.call("POST", "refuse/", {"doc_token": made["token"], "rejected_reason": "Desfeito"})
    token: str = made["token"]
    return token


def told(desk: Desk, token: str) -> list[dict[str, Any]]:
    said: list[dict[str, Any]] = desk.call("GET", f"docs/signer-log/{token}")
    return said


def test_every_event_has_a_line_or_a_reason_for_none() -> None:
    assert events.ALL == history.SPOKEN_OF


def test_the_history_is_told_line_by_line(desk: Desk) -> None:
    lines = told(desk, lived(desk))

    for line in lines:
        assert len(line["time"]) == len("2024-11-27 17:44:32.117577+00:00")
        line["time"] = ""
        for name in ("user", "description"):
            line[name] = line[name].replace(desk.account_id, "ID")
    assert lines == json.loads(GOLDEN.read_text())


def test_a_user_who_asked_over_the_api_is_named(desk: Desk) -> None:
    token = lived(desk)

    creation = told(desk, token)[0]

    assert creation["user"] == f"dona-{desk.account_id}@ped.test"


def test_the_history_can_be_kept_as_a_pdf(desk: Desk) -> None:
    token = lived(desk)

    answer = desk.client.get(f"/api/v1/docs/signer-log/{token}", params={"download_pdf": "true"})

    assert answer.headers["content-type"] == "application/pdf"
    page = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    for said in ("Histórico de atividades", "Datas e horários em UTC-0300", token, "Confirmação de leitura"):
        assert said in page


def test_another_accounts_history_is_not_there(desk: Desk, stranger: Desk) -> None:
    assert stranger.refused("GET", f"docs/signer-log/{lived(desk)}")[0] == 404


def test_what_was_only_kept_is_not_called_sent(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno", "email": "b@x.test"}])
    for kind in ("invitation", "code"):
        desk.notified(made["token"], kind=kind, kept=True)

    lines = told(desk, made["token"])[-2:]

    assert [(line["event"], line["description"]) for line in lines] == [
        ("Mensagem guardada", "A mensagem para b@x.test via email foi guardada, não enviada"),
        ("Código de validação guardado", "O código para b@x.test via email foi guardado, não enviado"),
    ]
