"""Temporary links, fetched whole and in parts."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest

from lacre.documents.links import FILE_LINK_LIFE, Variant
from lacre.signing.document import Document
from tests.support.house import House, person
from tests.support.pdfs import contract_pdf


@pytest.fixture
def paper(house: House) -> Document:
    paper = house.document(contract_pdf(1), name='Contrato "final": preços/prazos')
    house.send([person("Bruno Dias")], documents=[paper])
    return paper


def test_a_link_gives_the_file_with_its_name_and_nothing_that_runs(
    house: House, client: httpx2.Client, paper: Document
) -> None:
    answer = client.get(link(house, paper))

    assert answer.content == contract_pdf(1)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    disposition = answer.headers["content-disposition"]
    assert "filename*=UTF-8''Contrato%20_final__%20pre%C3%A7os_prazos.pdf" in disposition


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-3", 206, 0, 4),
        ("bytes=10-", 206, 10, None),
        ("bytes=-5", 206, -5, None),
        ("bytes=0-99999999", 206, 0, None),
        ("bytes=0-1,3-4", 200, 0, None),
        ("lines=1-2", 200, 0, None),
    ],
)
def test_parts_of_a_file_can_be_asked_for(
    house: House,
    client: httpx2.Client,
    paper: Document,
    asked: str,
    status: int,
    first: int,
    last: int | None,
) -> None:
    answer = client.get(link(house, paper), headers={"range": asked})

    assert answer.status_code == status
    assert answer.content == contract_pdf(1)[first:last]


def test_a_part_past_the_end_is_refused_with_the_size(
    house: House, client: httpx2.Client, paper: Document
) -> None:
    answer = client.get(link(house, paper), headers={"range": "bytes=99999999-"})

    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{paper.size}"


def test_who_asks_for_the_head_gets_no_body(house: House, client: httpx2.Client, paper: Document) -> None:
    answer = client.head(link(house, paper))

    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(paper.size)


def test_a_link_ends(house: House, client: httpx2.Client, paper: Document) -> None:
    long_ago = house.now() - FILE_LINK_LIFE - timedelta(seconds=1)
    over = house.services.links.file_url(paper.id, Variant.ORIGINAL, now=long_ago)

    assert client.get(over).status_code == 404


def test_an_altered_link_opens_nothing(house: House, client: httpx2.Client, paper: Document) -> None:
    good = link(house, paper)

    assert client.get(good.replace("original", "sealed")).status_code == 404
    assert client.get(good[:-1] + ("0" if good[-1] != "0" else "1")).status_code == 404
    assert client.get(good.partition("?")[0]).status_code == 404


def test_a_file_that_is_not_made_yet_is_not_there(
    house: House, client: httpx2.Client, paper: Document
) -> None:
    early = house.services.links.file_url(paper.id, Variant.SEALED, now=house.now())

    assert client.get(early).status_code == 404


def link(house: House, paper: Document) -> str:
    return house.services.links.file_url(paper.id, Variant.ORIGINAL, now=house.now())
