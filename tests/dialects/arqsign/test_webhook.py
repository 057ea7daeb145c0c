"""What each trigger tells: the file named after it says so, key for key."""

from __future__ import annotations

import base64
import hmac
import json
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from lacre.dialects.arqsign.promise import PROMISE
from lacre.dialects.arqsign.webhook import ArqsignWording
from lacre.dialects.arqsign.words import EVENT_TYPES, TRIGGERS
from lacre.store.files import FolderFiles
from tests.support.arqsign import EVENTS, IN_BASE64, SECRET, golden, request, told, webhook
from tests.support.zapsign import listener


@pytest.mark.parametrize("name", EVENTS)
def test_each_trigger_is_told_as_in_its_file(name: str) -> None:
    said = told(EVENTS[name]())

    assert json.dumps(said, ensure_ascii=False) == json.dumps(golden(name), ensure_ascii=False)


def test_every_trigger_tells_of_one_event() -> None:
    assert sorted(EVENT_TYPES.values()) == sorted(TRIGGERS)


@pytest.mark.parametrize("name", ["ProcessoComFalhaDeEnvio", "ProcessoAssinado"])
def test_of_a_failure_and_a_signature_only_whom_it_is_about_is_told(name: str) -> None:
    assert len(told(EVENTS[name]())["Signatarios"]) == 1


def test_a_webhook_that_asked_for_nothing_hears_what_is_always_told() -> None:
    said = told(EVENTS["ProcessoConcluido"](), webhook(returned={}))

    assert [*said] == ["Evento", "IdEvento", "IdProcesso", "IdConta", "IdWebhook", "DataHoraAtual"]


def test_names_may_begin_with_a_small_letter() -> None:
    said = told(EVENTS["ProcessoAssinado"](), webhook(case="camel"))

    assert (said["evento"], "dadosPessoaFisica" in said["signatarios"][0]["dadosAssinatura"]) == (
        "ProcessoAssinado",
        True,
    )


def test_an_event_may_have_the_name_that_a_client_knows() -> None:
    said = told(EVENTS["ProcessoEnviado"](), webhook(names={1: "Enviado"}))

    assert (said["Evento"], said["IdEvento"]) == ("Enviado", 1)


def test_links_may_have_the_names_that_a_client_knows_as_they_are_written() -> None:
    own = {"linkParaBaixarDocumento": "urlArquivo", "linkParaBaixarRegistro": "urlRegistro"}

    (document,) = told(EVENTS["ProcessoConcluido"](), webhook(fields=own))["Documentos"]

    assert "LinkParaBaixarDocumento" not in document
    assert document["urlArquivo"].startswith("https://")
    assert [*document["RegistroAssinaturas"][0]] == ["NomeRegistro", "urlRegistro"]


def test_the_body_is_signed_with_the_webhooks_own_secret() -> None:
    made = request(EVENTS["ProcessoEnviado"](), webhook())

    mac = hmac.digest(SECRET.encode(), made.body, "sha256")
    assert dict(made.headers)["HMAC"] == base64.b64encode(mac).decode()


def test_files_in_base64_are_poured_into_the_body_and_signed_with_it(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    sealed, record = files.keep_bytes(b"sealed"), files.keep_bytes(b"record")
    event = EVENTS["ProcessoConcluido"]()
    text = json.dumps(event.facts).replace("5" * 64, sealed).replace("9" * 64, record)
    event = type(event)(
        type=event.type,
        account_id=event.account_id,
        subject_id=event.subject_id,
        at=event.at,
        facts=json.loads(text),
    )

    parts = request(event, webhook(returned=IN_BASE64)).parts

    assert parts is not None
    known, headers = parts.read(files)
    body = b"".join(known.chunks())
    (document,) = json.loads(body)["Documentos"]
    assert base64.b64decode(document["Base64Documento"]) == b"sealed"
    assert base64.b64decode(document["RegistroAssinaturas"][0]["Base64Registro"]) == b"record"
    assert headers == (("HMAC", base64.b64encode(hmac.digest(SECRET.encode(), body, "sha256")).decode()),)


# ── the promise ──────────────────────────────────────────────────────────────


def test_fourteen_attempts_are_made_at_the_times_that_they_publish() -> None:
    minute, hour, day = (partial(timedelta, **{unit: 1})() for unit in ("minutes", "hours", "days"))
    offsets = [timedelta(0)]
    for wait in PROMISE.waits:
        offsets.append(offsets[-1] + wait)

    published = [0 * minute, 5 * minute, 15 * minute, 30 * minute]
    published += [hours * hour for hours in (1, 2, 4, 8, 16)] + [days * day for days in (1, 2, 3, 4, 5)]
    assert offsets == published


def test_only_where_an_answer_is_waited_for_silence_is_a_failure() -> None:
    wording = ArqsignWording()

    believed = [wording.promise(webhook(waits=waits)).silence_is_success for waits in (True, False)]

    assert believed == [False, True]


def test_of_a_type_that_failed_to_the_end_nothing_more_is_told() -> None:
    assert PROMISE.stops_type_at_end
    assert (PROMISE.only_200, PROMISE.deadline_seconds) == (True, 100.0)
    assert {401, 403, 404} == PROMISE.stops_at


def test_what_is_no_process_is_told_to_nobody() -> None:
    tested = EVENTS["ProcessoEnviado"]()

    assert not ArqsignWording().listens(listener(types=("ProcessoAssinado",)), tested)
