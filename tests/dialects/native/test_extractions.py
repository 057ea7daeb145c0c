"""Documents are processed over our own API: brought in four ways, looked at, corrected, and deleted."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from lacre.dialects.native.routes.extractions import PAGES
from lacre.kit.ids import ExtractionId, JobId, new_uuid, without_prefix
from lacre.kit.jobs import HeldJob
from lacre.processing.actions import READ
from lacre.services import Services
from lacre.store.inputs import FolderInputs
from lacre.worker import reading
from tests.support.fake_reader import DirectExtractor, FakeReader
from tests.support.native_desk import PDF, PDF_TEXT, Desk, Installation

LINES = ("Recibo nº 77/2026", "Valor total: R$ 1.234,56", "Data: 23/11/2026")
RECEIPT = 12


class Office:
    """A client of the API, and a worker that reads when it is told to."""

    def __init__(self, desk: Desk, reader: FakeReader) -> None:
        self.desk, self.reader = desk, reader
        self.services: Services = desk.services

    def ask(self, method: str, path: str, said: object = None, *, status: int = 200, **more: Any) -> Any:  # noqa: ANN401
        answer = self.desk.client.request(method, f"/api/lacre/v1/{path}", json=said, **more)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content and "json" in answer.headers["content-type"] else answer

    def bring(self, **said: object) -> Any:  # noqa: ANN401
        return self.ask("POST", "extractions", {"type": RECEIPT, "base64": PDF_TEXT, **said}, status=202)

    def read(self, shown: str, generation: int = 1) -> Any:  # noqa: ANN401
        key, payload = without_prefix("ext", shown) or "", {"generation": generation}
        job = HeldJob(id=JobId(new_uuid()), kind=READ, key=key, payload=payload, attempts=1)
        reading.read(self.services, job, self.services.clock())
        return self.ask("GET", f"extractions/{shown}")


@pytest.fixture
def office(installation: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    before, reader = installation.services, FakeReader(pages=1, lines=LINES)
    inputs = FolderInputs(tmp_path_factory.mktemp("inputs"))
    installation.services = replace(before, inputs=inputs, reader=reader, extractor=DirectExtractor())
    yield Office(installation.desk(), reader)
    installation.services = before


def test_a_document_comes_out_with_its_values_and_their_places(office: Office) -> None:
    brought = office.bring(external_id="pedido-7", name="recibo.pdf")
    assert (brought["status"], brought["data"], brought["name"]) == ("received", {}, "recibo.pdf")

    done = office.read(brought["id"])

    assert (done["status"], done["pages_read"], done["type_version"]) == ("finished", 1, 1)
    assert done["data"]["valor"] == "1234.56"
    assert done["data"]["data"] == "2026-11-23"
    (value,) = [one for one in done["values"] if one["field"] == "valor"]
    assert (value["text"], value["page"], value["found_by"]) == ("1.234,56", 1, "rule")
    assert value["box"]["width"] > 0


def test_a_file_of_a_form_is_taken_too(office: Office) -> None:
    answer = office.desk.client.post(
        "/api/lacre/v1/extractions",
        data={"json": '{"type": 12}'},
        files={"file": ("nota fiscal.pdf", PDF, "application/pdf")},
    )

    assert (answer.status_code, answer.json()["name"]) == (202, "nota fiscal.pdf")


def test_a_url_is_fetched(office: Office) -> None:
    office.desk.installation.shelf.files["https://files.test/a.pdf"] = PDF

    assert office.bring(base64=None, url="https://files.test/a.pdf")["size"] == len(PDF)


def test_a_document_of_an_envelope_is_its_original(office: Office) -> None:
    envelope = office.desk.create()
    document = envelope["documents"][0]["id"]

    brought = office.bring(base64=None, document_id=document, envelope_id=envelope["id"])

    assert (brought["document_id"], brought["size"]) == (document, len(PDF))


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"type": 4321}, 422, "type_unknown"),
        ({"pages": "3-1"}, 422, "pages_not_usable"),
        ({"base64": None}, 422, "upload_missing"),
        ({"url": "https://files.test/nothing"}, 422, "validation_failed"),
        ({"base64": None, "document_id": "doc_" + "0" * 32}, 422, "validation_failed"),
    ],
)
def test_what_cannot_be_taken_is_said(
    office: Office, said: dict[str, object], status: int, code: str
) -> None:
    whole = {"type": RECEIPT, "base64": base64.b64encode(PDF).decode(), **said}

    assert office.ask("POST", "extractions", whole, status=status)["code"] == code


def test_an_external_id_is_taken_once(office: Office) -> None:
    first = office.bring(external_id="a")

    said = {"type": 1, "base64": PDF_TEXT, "external_id": "a"}
    assert office.ask("POST", "extractions", said, status=409)["code"] == "external_id_taken"
    (found,) = office.ask("GET", "extractions?external_id=a")["data"]
    assert found["id"] == first["id"]


def test_pages_have_words_a_few_at_a_time(office: Office) -> None:
    office.reader.pages = PAGES + 1
    shown = office.bring()["id"]
    office.read(shown)

    first = office.ask("GET", f"extractions/{shown}/pages")
    rest = office.ask("GET", f"extractions/{shown}/pages?first={first['next']}")

    assert [len(first["data"]), len(rest["data"]), rest["next"]] == [PAGES, 1, None]
    assert rest["data"][0]["text"] == "\n".join(LINES)
    assert rest["data"][0]["words"][0]["text"] == "Recibo"


def test_a_searchable_file_is_made_of_what_is_finished(office: Office) -> None:
    shown = office.bring()["id"]
    assert office.ask("GET", f"extractions/{shown}/searchable", status=409)["code"] == "nothing_extracted"

    office.read(shown)

    answer = office.ask("GET", f"extractions/{shown}/searchable")
    assert (answer.headers["content-type"], answer.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_value_is_corrected_by_its_rules_and_told_again(office: Office) -> None:
    shown = office.bring()["id"]
    office.read(shown)

    said = office.ask("PUT", f"extractions/{shown}/values/valor", {"value": "R$ 999,9"})
    assert said["data"]["valor"] == "999.90"
    (value,) = [one for one in said["values"] if one["field"] == "valor"]
    assert (value["found_by"], value["confidence"]) == ("person", 1.0)

    bad = office.ask("PUT", f"extractions/{shown}/values/data", {"value": "31/02/2026"}, status=422)
    assert bad["code"] == "value_not_usable"
    assert (
        office.ask("PUT", f"extractions/{shown}/values/x", {"value": "1"}, status=404)["code"]
        == "field_unknown"
    )
    with office.services.open_work() as work:
        told = work.events.of_subject(office.desk.account_id, without_prefix("ext", shown) or "")
    assert [one.event.type.rpartition("_")[2] for one in told] == ["received", "processed", "processed"]
    assert told[-1].event.facts["corrected"] == "valor"


def test_what_waits_is_cancelled_and_done_anew(office: Office) -> None:
    shown = office.bring()["id"]

    cancelled = office.ask("POST", f"extractions/{shown}/cancel")
    assert (cancelled["status"], cancelled["problem"]["code"]) == ("error", "canceled")
    assert cancelled["problem"]["detail"] == "Somebody cancelled it."
    assert office.ask("POST", f"extractions/{shown}/cancel", status=409)["code"] == "extraction_over"

    assert office.ask("POST", f"extractions/{shown}/retry", status=202)["status"] == "received"
    assert office.read(shown, generation=2)["status"] == "finished"


def test_what_is_deleted_is_gone_with_its_file(office: Office) -> None:
    shown = office.bring()["id"]
    with office.services.open_work() as work:
        kept = work.extractions.get(office.desk.account_id, ExtractionId(without_prefix("ext", shown) or ""))

    office.ask("DELETE", f"extractions/{shown}", status=204)

    office.ask("GET", f"extractions/{shown}", status=404)
    with pytest.raises(LookupError), office.services.inputs.local(kept.input):
        pass


def test_no_account_sees_another_s(office: Office) -> None:
    shown = office.bring()["id"]
    stranger = Office(office.desk.installation.desk(), office.reader)

    for method, path in (
        ("GET", ""), ("GET", "/pages"), ("GET", "/searchable"),
        ("POST", "/cancel"), ("POST", "/retry"), ("DELETE", ""),
    ):  # fmt: skip
        stranger.ask(method, f"extractions/{shown}{path}", status=404)
    stranger.ask("PUT", f"extractions/{shown}/values/valor", {"value": "1,00"}, status=404)
    assert stranger.ask("GET", "extractions")["data"] == []


def test_a_type_is_made_changed_and_retired_by_its_account_alone(office: Office) -> None:
    fields = [
        {"name": "pedido", "title": "Pedido", "rules": [{"anchor": ["Recibo nº"], "pattern": r"\d+/\d+"}]}
    ]
    made = office.ask("POST", "document-types", {"name": "Meu recibo", "fields": fields}, status=201)
    assert (made["number"], made["version"]) == (1001, 1)
    assert made["json_schema"]["properties"]["pedido"]["type"] == ["string", "null"]

    shown = office.bring(type=1001)["id"]
    assert office.read(shown)["data"] == {"pedido": "77/2026"}

    changed = office.ask("PUT", "document-types/1001", {"name": "Outro", "fields": []})
    assert changed["version"] == 2
    office.ask("DELETE", "document-types/1001", status=204)
    office.ask("GET", "document-types/1001", status=404)
    stranger = Office(office.desk.installation.desk(), office.reader)
    stranger.ask("PUT", "document-types/1001", {"name": "x", "fields": []}, status=404)


@pytest.mark.parametrize(
    "field",
    [
        {"name": "Não"},
        {"name": "a", "rules": [{"pattern": "("}]},
        {"name": "a", "kind": "table"},
        {"name": "a", "rules": [{"of": "b", "part": "key_uf"}]},
    ],
)
def test_a_type_that_could_never_work_is_refused(office: Office, field: dict[str, object]) -> None:
    said = {"name": "x", "fields": [field]}

    assert office.ask("POST", "document-types", said, status=422)["code"] == "type_not_usable"


def test_a_shipped_type_is_changed_for_one_account(office: Office) -> None:
    office.ask("PUT", f"document-types/{RECEIPT}", {"name": "Só o meu", "fields": []})
    stranger = Office(office.desk.installation.desk(), office.reader)

    assert office.ask("GET", f"document-types/{RECEIPT}")["version"] == 2
    assert stranger.ask("GET", f"document-types/{RECEIPT}")["version"] == 1
