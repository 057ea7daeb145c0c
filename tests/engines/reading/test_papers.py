"""Papers as a library that others print with draws them, and not as our samples do."""

from __future__ import annotations

from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from brazilfiscalreport.danfe import Danfe
from lxml import etree

from lacre.engines.reading.children import page_told, read_pages
from lacre.processing.extracting import extract
from lacre.processing.page import Page
from lacre.processing.shipped import SHIPPED

DANFE = 2
N = "{http://www.portalfiscal.inf.br/nfe}"
SAMPLES = files("nfelib").joinpath("nfe", "samples", "v4_0", "leiauteNFe")


@pytest.mark.parametrize(
    "name",
    [
        "26180875335849000115550010000016871192213331-nfe.xml",
        "35180834128745000152550010000474281920007498-nfe.xml",
        "35180834128745000152550010000476491552806942-nfe.xml",
    ],
)
def test_a_danfe_says_who_receives_what_for_how_much(name: str, tmp_path: Path) -> None:
    xml = SAMPLES.joinpath(name).read_text(encoding="utf-8")

    found = read(drawn(xml, tmp_path))

    told = etree.fromstring(xml.encode())
    assert found["destinatario_nome"] == text(told, "dest", "xNome").rstrip(".")
    assert digits(found["destinatario_documento"]) == text(told, "dest", "CNPJ", "CPF")
    assert found["valor_produtos"] == text(told, "ICMSTot", "vProd")
    assert found["valor_frete"] == text(told, "ICMSTot", "vFrete")
    assert found["valor_total"] == text(told, "ICMSTot", "vNF")
    items = [(text(one, "prod", "cProd"), text(one, "prod", "qCom")) for one in told.iter(f"{N}det")]
    assert [(one["codigo"], one["quantidade"]) for one in found["itens"]] == items


def drawn(xml: str, folder: Path) -> Path:
    paper = folder / "danfe.pdf"
    Danfe(xml=xml).output(str(paper))
    return paper


def read(paper: Path) -> dict[str, Any]:
    (page,) = (page_told(one) for one in read_pages(paper, [1], "", ("pt",)))
    assert isinstance(page, Page)
    return {one.field: one.value for one in extract(SHIPPED[DANFE], [page], on=date(2026, 11, 30))}


def text(inside: Any, group: str, *names: str) -> str:  # noqa: ANN401 - lxml's
    (holder,) = inside.iter(f"{N}{group}")
    return next(str(found) for name in names if (found := holder.findtext(f"{N}{name}")) is not None)


def digits(shown: str) -> str:
    return "".join(sign for sign in shown if sign.isdigit())
