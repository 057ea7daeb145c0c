"""Documents are brought into the console, shown with their values, corrected, and used as samples."""

from __future__ import annotations

import re
from html import unescape

import pytest

from lacre.kit.ids import AccountId, ExtractionId, JobId, new_uuid
from lacre.kit.jobs import HeldJob
from lacre.processing.actions import READ
from lacre.processing.extraction import Extraction, Remark, Reply, Status, Value
from lacre.processing.repositories import ExtractionFilter
from lacre.worker import reading
from tests.support.extractions import an_extraction
from tests.support.house import House
from tests.support.pdfs import text_pdf
from tests.support.visitor import SAME_ORIGIN, Visitor

DANFE, RECEIPT = 2, 12
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

    assert 'name="value" value="1.234,56"' in page
    assert 'name="value" value="23/11/2026"' in page
    assert 'id="mark-valor"' in page
    assert f'src="/app/extractions/{receipt.id}/pages/1"' in page


def test_nothing_is_missed_of_what_is_still_being_read(
    house: House, ana: Visitor, account: AccountId
) -> None:
    with house.services.open_work() as work:
        waiting = an_extraction(account, type=RECEIPT)
        work.extractions.add(waiting)

    page = ana.open(f"/app/extractions/{waiting.id}").text

    assert "não foi encontrado" not in page
    assert "não foram encontrados" not in page
    assert "0 de 0" not in page


def test_rows_of_a_table_are_shown_under_the_names_of_its_columns(
    house: House, ana: Visitor, account: AccountId
) -> None:
    row = {"codigo": "7", "descricao": "Café", "quantidade": "3.00", "valor_total": None}
    value = Value(field="itens", value=[row])
    with house.services.open_work() as work:
        read = an_extraction(account, type=DANFE, status=Status.FINISHED, values=(value,))
        work.extractions.add(read)

    page = ana.open(f"/app/extractions/{read.id}").text

    assert "DESCRIÇÃO" in page
    assert re.findall(r"<td[^>]*>([^<]*)</td>", page) == ["7", "Café", "3,00", "–", "–"]


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
    refused = ana.send(f"{page}/correct", field="data", value="31/02/2026", page="1")

    at_its_field = unescape(refused.text).partition('id="value-data"')[2].partition("</form>")[0]
    assert refused.status_code == 422
    assert 'value="31/02/2026"' in at_its_field
    assert '"31/02/2026" não é um valor do campo "Data".' in at_its_field
    kept = look(house, receipt)
    assert (kept.data["valor"], kept.data["data"]) == ("999.90", "2026-11-23")
    assert [one.before for one in kept.corrections] == ["1234.56"]


def test_what_a_language_model_made_up_is_said_at_its_field(
    house: House, ana: Visitor, receipt: Extraction
) -> None:
    with house.services.open_work() as work:
        kept = work.extractions.get(receipt.account_id, receipt.id)
        kept.remarks = (
            Remark(code=Reply.NOT_ON_PAGE, field="vencimento", detail="{0} <b>1/1/2030</b>"),
            Remark(code=Reply.TOO_SLOW),
        )
        work.extractions.save(kept)

    page = ana.open(f"/app/extractions/{receipt.id}").text

    assert "“{0} &lt;b&gt;1/1/2030&lt;/b&gt;”" in page
    assert "O modelo de linguagem demorou demais" in page


def look(house: House, extraction: Extraction) -> Extraction:
    with house.services.open_work() as work:
        return work.extractions.get(extraction.account_id, ExtractionId(extraction.id))
