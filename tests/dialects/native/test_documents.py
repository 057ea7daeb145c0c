"""Documents of an envelope, their links and the audit log."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from lacre.documents.links import Variant
from lacre.kit.json import canonical
from tests.support.native_desk import PDF, PDF_TEXT, Desk
from tests.support.pdfs import contract_pdf


def test_a_document_says_its_digest_and_links_to_its_file(desk: Desk) -> None:
    made = desk.create()
    (document,) = desk.call("GET", f"envelopes/{made['id']}/documents")["data"]

    read = desk.call("GET", f"envelopes/{made['id']}/documents/{document['id']}")

    assert document["id"].startswith("doc_")
    assert document["sha256"] == hashlib.sha256(PDF).hexdigest()
    assert read["original_url"].startswith("https://lacre.test/files/")
    assert (read["sealed_url"], read["record_url"]) == (None, None)


def test_links_open_what_they_name_for_an_hour(desk: Desk) -> None:
    made = desk.create()
    desk.sign(made["id"], 0)
    document = desk.call("GET", f"envelopes/{made['id']}/documents/{made['documents'][0]['id']}")
    parts = urlsplit(document["sealed_url"])
    paper, links, clock = parts.path.rpartition("/")[2], desk.services.links, desk.installation.clock

    opened = links.open_file(paper, parts.query, now=clock())
    clock.push(minutes=61)

    assert opened is not None
    assert opened.variant is Variant.SEALED
    assert links.open_file(paper, parts.query, now=clock()) is None


def test_the_sealed_file_is_hidden_until_completion_when_asked(desk: Desk) -> None:
    made = desk.create(sealed_only_when_complete=True)
    desk.sign(made["id"], 0)

    (document,) = desk.call("GET", f"envelopes/{made['id']}/documents")["data"]

    assert document["sealed_url"] is None


def test_a_document_is_added_until_somebody_signs(desk: Desk) -> None:
    path = f"envelopes/{desk.create()['id']}"

    added = desk.call("POST", f"{path}/documents", {"base64": PDF_TEXT, "name": "Anexo"})
    desk.sign(path.rpartition("/")[2], 0)

    assert added["name"] == "Anexo"
    assert desk.refused("POST", f"{path}/documents", {"base64": PDF_TEXT}) == (409, "documents_fixed")


def test_a_document_is_added_by_a_form(desk: Desk) -> None:
    path = f"envelopes/{desk.create()['id']}/documents"

    added = desk.call(
        "POST", path, data={"json": '{"upload": "f"}'}, files={"f": ("anexo.pdf", contract_pdf(pages=1))}
    )

    assert (added["name"], added["pages"]) == ("anexo.pdf", 1)


def test_a_document_says_one_source(desk: Desk) -> None:
    path = f"envelopes/{desk.create()['id']}/documents"

    assert desk.refused("POST", path, {"base64": PDF_TEXT, "url": "https://a.test/"})[0] == 422
    assert desk.refused("POST", path, {}) == (422, "validation_failed")


def test_anyone_can_compute_the_chain_of_the_audit_log(desk: Desk) -> None:
    made = desk.create()

    log = desk.call("GET", f"envelopes/{made['id']}/audit")

    assert (log["intact"], log["first_break"]) == (True, None)
    assert [one["what"] for one in log["data"]] == ["signing.envelope_created", "signing.envelope_sent"]
    for entry in log["data"]:
        hashed = {name: entry[name] for name in ("position", "at", "actor", "what", "detail")}
        whole = entry["previous"].encode() + canonical(hashed)
        assert entry["hash"] == hashlib.sha256(whole).hexdigest()
