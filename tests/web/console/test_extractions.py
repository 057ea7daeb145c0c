"""Documents are brought into the console, shown with their values, corrected, and used as samples."""

from __future__ import annotations

import re

import pytest

from lacre.kit.ids import AccountId, ExtractionId, JobId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.processing.actions import READ
from lacre.processing.extraction import Extraction
from lacre.processing.repositories import ExtractionFilter
from lacre.worker import reading
from tests.support.house import House
from tests.support.pdfs import text_pdf
from tests.support.visitor import SAME_ORIGIN, Visitor

RECEIPT = 12
LINES = ["Recibo 77/2026", "Valor total: R$ 1.234,56", "Data: 23/11/2026", "Referente a: pintura"]


@pytest.fixture
def receipt(house: House, ana: Visitor, account: AccountId) -> Extraction:
    """Read to its end."""
    said = {"form_token": ana.form_token, "type": str(RECEIPT)}
    file = {"files": ("recibo.pdf", text_pdf(LINES), "application/pdf")}
    ana.client.post("/app/extractions", data=said, files=file, headers=dict(SAME_ORIGIN))
    with house.services.open_work() as work:
        (brought,) = work.extractions.find(account, ExtractionFilter(), limit=9)
    job = HeldJob(id=JobId(new_uuid()), kind=READ, key=brought.id, payload={"generation": 1}, attempts=1)
    reading.read(house.services, job, house.now())
    return brought


def test_a_document_is_shown_with_its_values_and_their_places(ana: Visitor, receipt: Extraction) -> None:
    page = ana.open(f"/app/extractions/{receipt.id}").text

    assert 'name="value" value="1234.56"' in page
    assert 'id="mark-valor"' in page
    assert f'src="/app/extractions/{receipt.id}/pages/1"' in page


def test_the_picture_of_a_page_is_for_its_account_alone(
    ana: Visitor, davi: Visitor, receipt: Extraction
) -> None:
    path = f"/app/extractions/{receipt.id}/pages/1"

    assert ana.client.get(path).content[:4] == b"\x89PNG"
    assert davi.client.get(path).status_code == 404


def test_a_value_is_corrected_and_kept_in_its_normal_form(
    house: House, ana: Visitor, receipt: Extraction
) -> None:
    page = f"/app/extractions/{receipt.id}"

    ana.send(f"{page}/correct", field="valor", value="R$ 999,90", page="1")
    ana.send(f"{page}/correct", field="data", value="31/02/2026", page="1")

    kept = look(house, receipt)
    assert (kept.data["valor"], kept.data["data"]) == ("999.90", "2026-11-23")
    assert [one.before for one in kept.corrections] == ["1234.56"]


def test_a_type_is_tried_on_its_samples_before_it_is_saved(
    house: House, ana: Visitor, receipt: Extraction
) -> None:
    ana.send(f"/app/extractions/{receipt.id}/sample")
    worse = (
        '{"name": "Recibo", "fields": [{"name": "valor", "title": "Valor", "kind": "cpf", "rules": [{}]}]}'
    )

    tried = ana.send(f"/app/types/{RECEIPT}/try", type=worse).text
    ana.send(f"/app/types/{RECEIPT}/save", type=worse)

    assert re.search(r"0 (of|de) 1", tried)
    with house.services.open_work() as work:
        kept = work.document_types.newest(look(house, receipt).account_id, RECEIPT)
    assert kept is not None
    assert (kept.version, kept.name) == (2, "Recibo")


@pytest.mark.parametrize("typed", ["{", '{"name": "x", "fields": 7}', '{"name": "", "fields": []}', "[]"])
def test_what_is_no_type_is_said_and_kept_in_the_form(ana: Visitor, typed: str) -> None:
    page = ana.send("/app/types/0/save", type=typed).text

    assert 'id="rules-error"' in page


def test_no_account_sees_another_s_types(ana: Visitor, davi: Visitor) -> None:
    ana.send("/app/types/0/save", type='{"name": "Segredo", "fields": []}')

    assert "Segredo" in ana.open("/app/types").text
    assert "Segredo" not in davi.open("/app/types").text
    assert davi.client.get("/app/types/1001").status_code == 404


def look(house: House, extraction: Extraction) -> Extraction:
    with house.services.open_work() as work:
        return work.extractions.get(extraction.account_id, ExtractionId(extraction.id))
