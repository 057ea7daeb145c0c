"""Everything bad at once, beside what is good: answered with its reason, told once, a harm to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from lacre.cli.key import create_key
from tests.support.hostile_pdfs import circular_pdf, deflate_bomb_pdf, laughing_pdf
from tests.support.house import House
from tests.support.receiver import Receiver
from tests.support.scans import locked, pages_of, pdf_with, saved, slip
from tests.support.unreadable import pdf_flood, png_flood, wall, zip_bomb

GB = 1 << 30
FINISHED, FAILED = 1, 2
PATIENCE_SECONDS = 300.0

pytestmark = pytest.mark.slow


def bad_files() -> Mapping[str, tuple[bytes, str]]:
    """With the reason that each is answered with."""
    return {
        "senha.pdf": (locked(pdf_with("segredo")), "password"),
        "quebrado.pdf": (b"%PDF-1.7\nnothing of one", "broken"),
        "vazio.pdf": (b"", "empty"),
        "circular.pdf": (circular_pdf(), "broken"),
        "dez-mil-paginas.pdf": (pages_of(10_000), "too_many_pages"),
        "enchente.png": (png_flood(), "too_large"),
        "bomba.docx": (zip_bomb(), "too_large"),
        "bomba.pdf": (deflate_bomb_pdf(3 * GB), "broken"),
        "enchente.pdf": (pdf_flood(), "too_large"),
        "sem-fim.pdf": (laughing_pdf(), "broken"),
    }


@contextmanager
def customer(folder: Path, hears: str) -> Iterator[httpx2.Client]:
    with (
        House(folder, working=True, egress_allow="127.0.0.0/8") as house,
        httpx2.Client(base_url=house.url, timeout=120) as client,
    ):
        client.headers["IDEXA-API-KEY"] = create_key(house.installation, "idexa", "ERP")["api_key"]
        webhook = {"name": "W", "type": 0, "method": "post", "url": f"{hears}:id"}
        assert client.post("/document_webhooks", json=webhook).status_code == 200
        yield client


def test_each_bad_file_is_told_of_once_with_its_reason_and_good_ones_are_read(tmp_path: Path) -> None:
    bad = bad_files()
    good = {"parede.jpg": saved(wall(), "JPEG"), "bom.png": saved(slip(), "PNG")}
    contents = {name: content for name, (content, _) in bad.items()} | good

    with Receiver() as receiver, customer(tmp_path, receiver.url) as client:
        parts = [("files", (name, content)) for name, content in contents.items()]
        sent = client.post("/documents/upload", data={"type": "12"}, files=parts).json()
        told = receiver.wait_for(len(contents), seconds=PATIENCE_SECONDS)
        found = [client.get(f"/documents/{one['id']}").json() for one in sent]

    by_name = dict(zip(contents, found, strict=True))
    wanted = {name: (FAILED, reason) for name, (_, reason) in bad.items()}
    assert {name: ended(one) for name, one in by_name.items()} == {
        **wanted, **dict.fromkeys(good, (FINISHED, None))
    }  # fmt: skip
    assert all(by_name[name]["error"]["message"].endswith(".") for name in bad)
    assert sorted((one.json for one in told), key=identity) == sorted(found, key=identity)
    assert len(receiver.heard) == len(contents)


def ended(document: Mapping[str, Any]) -> tuple[int, str | None]:
    error = document.get("error")
    return document["status"], error and error["code"]


def identity(document: Mapping[str, Any]) -> str:
    return str(document["id"])
