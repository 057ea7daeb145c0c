"""Documents go in by a form, and come out as they stand, in the words of either generation."""

from __future__ import annotations

import re

import pytest

from lacre.kit.ids import new_uuid
from lacre.processing.ports import Failure, Unreadable
from tests.support.fake_reader import FakeReader
from tests.support.idexa_desk import PDF, Desk

INSTANT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
EDGE = "fim"
COMMON = ["data", "processTime", "status", "statusDesc", "createdAt", "updatedAt"]
FIRST = ["id", "apiKeyId", "type", "fileType", *COMMON]
SECOND = ["id", "externalId", "type", *COMMON]


@pytest.mark.parametrize("path", ["/documents/upload", "/documents", "/api_document/documents/upload/"])
def test_an_upload_answers_the_document_as_received(desk: Desk, path: str) -> None:
    said = desk.upload(path=path, externalId="pedido-7")

    assert (said["type"], said["data"], said["status"], said["statusDesc"]) == (1, None, 0, "RECEIVED")
    assert "processTime" not in said
    assert INSTANT.fullmatch(said["createdAt"])


def test_several_files_answer_as_many_documents_in_their_order(desk: Desk) -> None:
    said = desk.upload(count=3)

    assert len({one["id"] for one in said}) == 3


def test_a_finished_document_has_its_data_and_its_time(desk: Desk) -> None:
    document = desk.upload()["id"]
    desk.process(document)

    said = desk.call("GET", f"/documents/{document}")

    assert list(said) == SECOND
    assert (said["status"], said["statusDesc"], said["data"]) == (1, "FINISHED", {})
    assert said["processTime"] > 0


def test_the_first_generation_names_the_key_and_the_kind_of_file(desk: Desk) -> None:
    document = desk.upload()["id"]
    desk.process(document)

    said = desk.call("GET", f"/api_document/documents/{document}")

    assert list(said) == FIRST
    assert (said["apiKeyId"], said["fileType"]) == (desk.key_id, "pdf")


def test_an_empty_key_beside_the_right_one_says_nothing(desk: Desk) -> None:
    assert desk.call("GET", "/documents", headers={"X-API-KEY": ""}) == []


@pytest.mark.parametrize("header", ["X-API-KEY", "IDEXA-API-KEY", "x-api-key"])
@pytest.mark.parametrize("path", ["/documents", "/api_document/documents"])
def test_either_header_opens_either_generation(desk: Desk, header: str, path: str) -> None:
    del desk.client.headers["IDEXA-API-KEY"]

    assert desk.client.get(path, headers={header: desk.key}).status_code == 200


@pytest.mark.parametrize("key", ["", "wrong"])
def test_nobody_comes_in_without_a_key(desk: Desk, key: str) -> None:
    answer = desk.client.get("/documents", headers={"IDEXA-API-KEY": key})

    assert answer.json() == {
        "statusCode": 401,
        "message": "Chave de API ausente ou inválida.",
        "error": "Unauthorized",
    }


def test_an_external_id_is_not_repeated(desk: Desk, stranger: Desk) -> None:
    desk.upload(externalId="pedido-7")
    stranger.upload(externalId="pedido-7")

    answer = desk.client.post(
        "/documents/upload", data={"type": "1", "externalId": "pedido-7"}, files={"files": PDF}
    )

    assert (answer.status_code, answer.json()["message"]) == (409, "O externalId 'pedido-7' já foi usado.")
    assert [one["externalId"] for one in desk.call("GET", "/documents?externalId=pedido-7")] == ["pedido-7"]


@pytest.mark.parametrize(
    ("fields", "files", "message"),
    [
        ({}, 1, "type: campo obrigatório."),
        ({"type": "x"}, 1, "type: valor inválido."),
        ({"type": "4321"}, 1, "O tipo de documento 4321 não existe."),
        ({"type": "1", "pages": "3-1"}, 1, 'pages: escreva como "1,2,5-10", em ordem crescente.'),
        (
            {"type": "1", "externalId": "a"},
            2,
            "O externalId não se repete: com ele, envie um arquivo por vez.",
        ),
    ],
)
def test_what_cannot_be_taken_is_said(desk: Desk, fields: dict[str, str], files: int, message: str) -> None:
    parts = [("files", (f"{number}.pdf", PDF)) for number in range(files)]

    answer = desk.client.post("/documents/upload", data=fields, files=parts)

    assert (answer.status_code, answer.json()["message"]) == (400, message)


@pytest.mark.parametrize("headers", [{"Content-Type": f"multipart/form-data; boundary={EDGE}"}, {}])
def test_a_form_without_files_or_no_form_at_all_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    form = f'--{EDGE}\r\nContent-Disposition: form-data; name="type"\r\n\r\n1\r\n--{EDGE}--\r\n'

    answer = desk.client.post("/documents/upload", content=form, headers=headers)

    assert answer.status_code == 400
    assert answer.json()["message"] in (
        "Envie ao menos um arquivo no campo 'files'.",
        "type: campo obrigatório.",
    )


@pytest.mark.parametrize("reason", list(Unreadable))
def test_a_file_that_cannot_be_read_says_why(desk: Desk, reader: FakeReader, reason: Unreadable) -> None:
    reader.opens = Failure(reason)
    document = desk.upload()["id"]
    desk.process(document)

    said = desk.call("GET", f"/documents/{document}")

    assert (said["status"], said["statusDesc"], said["data"]) == (2, "ERROR", None)
    assert said["error"]["code"] == reason
    assert said["error"]["message"].endswith(".")


def test_a_document_in_progress_is_the_fourth_status(desk: Desk, reader: FakeReader) -> None:
    document = desk.upload()["id"]
    reader.crashes_at = 1
    with pytest.raises(RuntimeError):
        desk.process(document)

    said = desk.call("GET", f"/documents/{document}")

    assert (said["status"], said["statusDesc"]) == (3, "IN_PROGRESS")


def test_no_account_sees_another_s_documents(desk: Desk, stranger: Desk) -> None:
    document = desk.upload()["id"]

    assert stranger.refused("GET", f"/documents/{document}") == (404, "Não encontrado.")
    assert stranger.refused("GET", f"/documents/{new_uuid()}") == (404, "Não encontrado.")
    assert stranger.call("GET", "/documents") == []
