"""Envelopes through our API: made in every way that a file may come, and led through their life."""

from __future__ import annotations

import json

import pytest

from lacre.signing.envelope import MAX_DOCUMENTS
from tests.support.native_desk import PDF, PDF_TEXT, Desk, a_contract
from tests.support.pdfs import active_pdf, broken_pdf, contract_pdf, locked_pdf


def test_an_envelope_is_made_and_sent_at_once(desk: Desk) -> None:
    made = desk.create()

    assert made["status"] == "pending"
    assert made["id"].startswith("env_")
    assert [one["group"] for one in made["signers"]] == [1, 1]
    assert desk.event_types(made["id"]) == ["envelope.created", "envelope.sent"]


def test_it_is_read_as_it_was_answered(desk: Desk) -> None:
    made = desk.create(metadata={"order": "77"}, external_id="ped-77", expires_at="2027-01-31")

    read = desk.call("GET", f"envelopes/{made['id']}")

    assert _without_links(read) == _without_links(made)
    assert read["metadata"] == {"order": "77"}
    assert read["expires_at"] == "2027-02-01T02:59:59.999999Z"


def test_a_draft_waits_until_it_is_sent(desk: Desk) -> None:
    made = desk.create(send=False)

    sent = desk.call("POST", f"envelopes/{made['id']}/send")

    assert (made["status"], sent["status"]) == ("draft", "pending")
    assert desk.refused("POST", f"envelopes/{made['id']}/send") == (409, "envelope_not_draft")


def test_a_draft_is_completed_piece_by_piece(desk: Desk) -> None:
    made = desk.create(documents=[], signers=[], send=False)
    path = f"envelopes/{made['id']}"

    assert desk.refused("POST", f"{path}/send") == (422, "no_documents")
    desk.call("POST", f"{path}/documents", {"base64": PDF_TEXT})
    assert desk.refused("POST", f"{path}/send") == (422, "no_signers")
    desk.call("POST", f"{path}/signers", {"name": "Bruno"})

    assert desk.call("POST", f"{path}/send")["status"] == "pending"


def test_a_file_comes_from_a_url(desk: Desk) -> None:
    desk.installation.shelf.files["https://files.test/a/contrato%20final.pdf"] = PDF

    made = desk.create(documents=[{"url": "https://files.test/a/contrato%20final.pdf"}])

    assert made["documents"][0]["name"] == "contrato final.pdf"
    assert made["documents"][0]["pages"] == 2


def test_files_come_as_parts_of_a_form(desk: Desk) -> None:
    said = json.dumps({"title": "Locação", "signers": [{"name": "Bruno"}]})
    files = {"a": ("um.pdf", PDF, "application/pdf"), "b": ("dois.pdf", contract_pdf(pages=1))}

    made = desk.call("POST", "envelopes", data={"json": said}, files=files)

    assert [one["name"] for one in made["documents"]] == ["um.pdf", "dois.pdf"]
    assert [one["pages"] for one in made["documents"]] == [2, 1]


def test_an_envelope_takes_all_its_documents_at_once(desk: Desk) -> None:
    said = json.dumps({"title": "Locação", "signers": [{"name": "Bruno"}]})
    files = {f"part{number}": (f"{number}.pdf", PDF) for number in range(MAX_DOCUMENTS)}

    made = desk.call("POST", "envelopes", data={"json": said}, files=files)

    assert len(made["documents"]) == MAX_DOCUMENTS


def test_a_document_names_its_part_of_the_form(desk: Desk) -> None:
    wanted = [{"upload": "b", "name": "Anexo"}, {"base64": PDF_TEXT}]

    made = desk.call(
        "POST",
        "envelopes",
        data={"json": json.dumps(a_contract(documents=wanted))},
        files={"b": contract_pdf(pages=1)},
    )

    assert [(one["name"], one["pages"]) for one in made["documents"]] == [("Anexo", 1), ("Locação", 2)]


def test_a_part_that_is_not_there_is_pointed_at(desk: Desk) -> None:
    said = a_contract(documents=[{"upload": "contract"}])

    assert desk.refused("POST", "envelopes", said) == (422, "upload_missing")
    assert desk.pointers("POST", "envelopes", said) == ["#/documents/0/upload"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"no pdf at all", "document_not_a_pdf"),
        (locked_pdf(), "document_password"),
        (active_pdf(), "document_active_content"),
    ],
    ids=["no pdf", "password", "active"],
)
def test_a_file_that_cannot_be_signed_is_refused_with_its_reason(
    desk: Desk, content: bytes, code: str
) -> None:
    answer = desk.ask(
        "POST",
        "envelopes",
        data={"json": json.dumps({"title": "x", "signers": [{"name": "Bruno"}]})},
        files={"f": content},
    )

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert answer.json()["errors"][0]["pointer"] == "#/documents/0"


def test_a_broken_file_is_repaired(desk: Desk) -> None:
    desk.installation.shelf.files["https://files.test/broken.pdf"] = broken_pdf()

    assert desk.create(documents=[{"url": "https://files.test/broken.pdf"}])["status"] == "pending"


def test_a_url_that_does_not_answer_is_a_refusal(desk: Desk) -> None:
    said = a_contract(documents=[{"url": "https://files.test/nothing.pdf"}])

    assert desk.refused("POST", "envelopes", said) == (422, "document_not_fetched")


def test_groups_make_the_envelope_sequential(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno", "group": 2}, {"name": "Carla", "group": 1}])

    assert made["sequential"] is True
    assert [one["their_turn"] for one in made["signers"]] == [False, True]


def test_the_order_of_the_list_is_the_order_of_signing_when_no_group_is_given(desk: Desk) -> None:
    assert [one["group"] for one in desk.create(sequential=True)["signers"]] == [1, 2]


def test_groups_with_a_gap_are_refused(desk: Desk) -> None:
    said = a_contract(signers=[{"name": "Bruno", "group": 1}, {"name": "Carla", "group": 3}])

    assert desk.refused("POST", "envelopes", said) == (422, "groups_not_contiguous")


def test_an_observer_signs_nothing_and_has_no_link(desk: Desk) -> None:
    made = desk.create(
        signers=[{"name": "Bruno"}, {"name": "Ana", "role": "observer", "email": "ana@example.test"}]
    )

    assert [bool(one["signing_url"]) for one in made["signers"]] == [True, False]


def test_canceling_needs_an_open_envelope_and_keeps_the_reason(desk: Desk) -> None:
    made = desk.create()

    canceled = desk.call("POST", f"envelopes/{made['id']}/cancel", {"reason": "Valor errado"})

    assert (canceled["status"], canceled["reason"]) == ("canceled", "Valor errado")
    assert desk.refused("POST", f"envelopes/{made['id']}/cancel") == (409, "envelope_closed")


def test_resending_renews_links_and_limit(desk: Desk) -> None:
    made = desk.create()

    resent = desk.call(
        "POST", f"envelopes/{made['id']}/resend", {"renew_links": True, "expires_at": "2027-03-01T12:00:00Z"}
    )

    assert resent["expires_at"] == "2027-03-01T12:00:00.000000Z"
    assert resent["signers"][0]["signing_url"] != made["signers"][0]["signing_url"]


def test_a_deleted_envelope_is_read_but_neither_listed_nor_changed(desk: Desk) -> None:
    made = desk.create()

    desk.call("DELETE", f"envelopes/{made['id']}")
    desk.call("DELETE", f"envelopes/{made['id']}")

    assert desk.call("GET", f"envelopes/{made['id']}")["deleted_at"]
    assert desk.call("GET", "envelopes")["data"] == []
    assert len(desk.call("GET", "envelopes", params={"deleted": True})["data"]) == 1
    assert desk.refused("POST", f"envelopes/{made['id']}/cancel") == (409, "envelope_deleted")


def test_title_limit_and_names_of_documents_are_changed(desk: Desk) -> None:
    made = desk.create(expires_at="2027-01-31")
    names = {made["documents"][0]["id"]: "Contrato"}

    changed = desk.call(
        "PATCH",
        f"envelopes/{made['id']}",
        {"title": "Venda", "expires_at": None, "document_names": names},
    )

    assert (changed["title"], changed["expires_at"]) == ("Venda", None)
    assert changed["documents"][0]["name"] == "Contrato"
    assert changed["folder"] == "/"


def test_a_change_that_says_nothing_changes_nothing(desk: Desk) -> None:
    made = desk.create()

    desk.call("PATCH", f"envelopes/{made['id']}", {})

    assert desk.event_types(made["id"]) == ["envelope.created", "envelope.sent"]


def test_reprocessing_tells_what_happened_again_in_its_order(desk: Desk) -> None:
    desk.subscribe()
    made = desk.create()
    desk.attempt()

    again = desk.call("POST", f"envelopes/{made['id']}/reprocess", {"resend_webhooks": True})

    assert again == {"deliveries": 2, "rebuilding": False}
    told = desk.call("GET", "deliveries")["data"]
    assert [one["event_type"] for one in told] == ["envelope.sent", "envelope.created"] * 2
    assert [bool(one["replay_of"]) for one in told] == [True, True, False, False]


def test_reprocessing_some_types_or_the_last_tells_only_those(desk: Desk) -> None:
    desk.subscribe()
    made = desk.create()
    desk.attempt()
    path = f"envelopes/{made['id']}/reprocess"

    one_type = desk.call("POST", path, {"resend_webhooks": True, "types": ["envelope.created"]})
    last = desk.call("POST", path, {"resend_webhooks": True, "last_only": True})

    assert (one_type["deliveries"], last["deliveries"]) == (1, 1)


def test_files_are_rebuilt_once_somebody_has_signed(desk: Desk) -> None:
    made = desk.create()
    path = f"envelopes/{made['id']}/reprocess"

    assert desk.refused("POST", path, {"rebuild_files": True}) == (409, "nothing_to_rebuild")
    desk.sign(made["id"], 0)

    assert desk.call("POST", path, {"rebuild_files": True}) == {"deliveries": 0, "rebuilding": True}


def test_reprocessing_nothing_is_refused(desk: Desk) -> None:
    made = desk.create()

    assert desk.refused("POST", f"envelopes/{made['id']}/reprocess", {}) == (422, "validation_failed")


def test_lists_are_narrowed_and_go_on_where_they_ended(desk: Desk) -> None:
    ids = [desk.create(title=f"Contrato {number}", external_id=str(number))["id"] for number in range(5)]

    first = desk.call("GET", "envelopes", params={"limit": 2})
    desk.create(title="Outro")
    second = desk.call("GET", "envelopes", params={"limit": 9, "cursor": first["next"]})

    assert [one["id"] for one in (*first["data"], *second["data"])] == ids[::-1]
    assert second["next"] is None
    assert _titles(desk, q="outro") == ["Outro"]
    assert _titles(desk, external_id="3") == ["Contrato 3"]
    assert _titles(desk, status="completed") == []
    assert len(_titles(desk, signer_email="bruno@example.test")) == 6


@pytest.mark.parametrize("cursor", ["x", "env_1", "ep_" + "0" * 32, "env_" + "0" * 32])
def test_a_cursor_that_no_list_gave_is_refused(desk: Desk, cursor: str) -> None:
    assert desk.refused("GET", "envelopes", params={"cursor": cursor}) == (422, "cursor_unknown")


def _titles(desk: Desk, **query: str) -> list[str]:
    return [one["title"] for one in desk.call("GET", "envelopes", params=query)["data"]]


def _without_links(envelope: dict[str, object]) -> dict[str, object]:
    """Temporary links differ with each reading."""
    return {name: value for name, value in envelope.items() if name != "documents"}
