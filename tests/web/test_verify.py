"""Anyone drops a PDF and sees what is signed, and whether it changed."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from lacre.signing.envelope import Envelope
from tests.support.house import House, person
from tests.support.pdfs import contract_pdf
from tests.support.sealed import sealed_contract, stamped

Browser = httpx2.Client


def test_a_sealed_file_holds(house: House, client: Browser) -> None:
    _, sealed = sealed_contract(house)

    page = drop(client, "/verify", sealed)

    assert "As assinaturas são válidas" in page
    assert "Bruno Dias" in page
    assert "não pela ICP-Brasil" in page


def test_a_file_changed_afterwards_is_not_trusted(house: House, client: Browser) -> None:
    _, sealed = sealed_contract(house)
    place = sealed.index(b"stream") + 40
    changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]

    assert "Não confie neste arquivo" in drop(client, "/verify", changed)


def test_an_unsigned_file_is_called_unsigned(client: Browser) -> None:
    assert "Não há assinatura neste arquivo" in drop(client, "/verify", contract_pdf(1))


def test_a_timestamp_is_listed_with_its_time_and_authority(client: Browser, tmp_path: Path) -> None:
    page = drop(client, "/verify", stamped(contract_pdf(1), tmp_path))

    assert "Não há assinatura neste arquivo, mas há um carimbo do tempo" in page
    assert "1 carimbo do tempo do documento inteiro" in page
    assert "Carimbo de teste" in page
    assert "<time datetime=" in page
    assert "Íntegro" in page


def test_timestamps_stand_below_signatures(house: House, client: Browser, tmp_path: Path) -> None:
    _, sealed = sealed_contract(house)

    page = drop(client, "/verify", stamped(sealed, tmp_path))

    assert "As assinaturas são válidas" in page
    assert page.index("Bruno Dias") < page.index("1 carimbo do tempo do documento inteiro")


def test_what_was_changed_after_its_timestamp_is_not_trusted(client: Browser, tmp_path: Path) -> None:
    content = stamped(contract_pdf(1), tmp_path)

    page = drop(client, "/verify", content.replace(b"MediaBox [", b"MediaBox[ ", 1))

    assert "Não confie neste arquivo" in page


@pytest.mark.parametrize(("language", "said"), [("en", "1 timestamp of"), ("es", "1 sello de tiempo del")])
def test_timestamps_are_told_in_other_languages(
    client: Browser, tmp_path: Path, language: str, said: str
) -> None:
    assert said in drop(client, f"/verify?lang={language}", stamped(contract_pdf(1), tmp_path))


def test_what_is_no_pdf_is_never_called_valid(client: Browser) -> None:
    page = drop(client, "/verify", b"not a pdf")

    assert "Não dá para avaliar este arquivo" in page
    assert "O motivo: o arquivo não é um PDF." in page


def test_what_a_damaged_pdf_lacks_is_said(client: Browser) -> None:
    page = drop(client, "/verify", b"%PDF-1.7\nstartxref\n0\n%%EOF\n")

    assert "O motivo: o PDF está danificado e não pode ser lido (" in page


def test_no_file_at_all_is_said_at_the_field(client: Browser) -> None:
    assert "Escolha antes um arquivo PDF." in client.post("/verify", data={"x": "y"}).text


def test_the_page_of_a_document_tells_its_files_apart(house: House, client: Browser) -> None:
    contract, sealed = sealed_contract(house)
    page = path(house, contract)

    assert "É o arquivo assinado que o Lacre guarda" in drop(client, page, sealed)
    assert "É o original deste documento" in drop(client, page, contract_pdf())
    assert "Não é nenhum dos arquivos" in drop(client, page, contract_pdf(1))


def test_the_page_of_a_document_says_little_to_strangers(house: House, client: Browser) -> None:
    contract = house.send([person("Bruno Dias Ferreira")], title="Contrato sigiloso de compra")

    page = client.get(path(house, contract)).text

    assert "Bruno D. F." in page
    assert "Contrato s…" in page
    assert "sigiloso" not in page
    assert "bruno@" not in page


def test_no_document_has_an_unknown_number(client: Browser) -> None:
    assert client.get("/verify/00000000-0000-4000-8000-000000000000").status_code == 404
    assert client.get("/verify/nothing").status_code == 404


def drop(client: Browser, path: str, content: bytes) -> str:
    return client.post(path, files={"file": ("contrato.pdf", content, "application/pdf")}).text


def path(house: House, contract: Envelope) -> str:
    return house.services.links.verify_url(contract.id).removeprefix(house.url)
