"""The paper that we print is read by the type that we ship for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lacre.engines.nfse import DanfsePrinter
from lacre.engines.reading.children import page_told, read_pages
from lacre.fiscal.persons import Person
from lacre.processing.extracting import extract
from lacre.processing.page import Page
from lacre.processing.shipped import SHIPPED
from tests.support.sefin import SefinDesk, an_address

NFSE = 4


def test_what_a_danfse_says_is_read_from_it(desk: SefinDesk, tmp_path: Path) -> None:
    customer = Person(tax_id="11444777000161", name="Construções Araújo & Irmãos S/A", address=an_address())
    note = desk.issued(customer=customer)
    paper = tmp_path / "danfse.pdf"
    paper.write_bytes(DanfsePrinter().print(note.xml))

    (page,) = (page_told(one) for one in read_pages(paper, [1], "", ("pt",)))

    assert isinstance(page, Page)
    found = {one.field: one.value for one in extract(SHIPPED[NFSE], [page], on=date(2026, 11, 30))}
    assert {name: found[name] for name in EXPECTED} == EXPECTED
    assert (found["chave_acesso"], found["numero"]) == (note.key, note.number)


EXPECTED = {
    "prestador_documento": "11.222.333/0001-81",
    "prestador_nome": "PAPELARIA SOUZA LTDA",
    "tomador_documento": "11.444.777/0001-61",
    "tomador_nome": "Construções Araújo & Irmãos S/A",
    "codigo_servico": "01.07.01",
    "valor_servico": "1250.40",
    "valor_liquido": "1250.40",
    "valor_iss": "25.01",
}
