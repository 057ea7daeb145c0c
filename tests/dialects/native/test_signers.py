"""Signers through our API, and the fields they are given."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.kit.ids import Digest, PhotoId, new_uuid
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.signer import Photo, TakenPhoto
from tests.support.native_desk import PDF_TEXT, Desk, a_contract

SIGNATURE = {"percent": {"page": 1, "x": 10, "y": 10, "width": 20, "height": 8}}


def test_a_signer_is_added_read_changed_and_removed(desk: Desk) -> None:
    path = f"envelopes/{desk.create()['id']}/signers"

    added = desk.call("POST", path, {"name": "Davi", "qualification": "testemunha"})
    changed = desk.call("PATCH", f"{path}/{added['id']}", {"tax_id": "529.982.247-25"})
    read = desk.call("GET", f"{path}/{added['id']}")
    desk.call("DELETE", f"{path}/{added['id']}")

    assert added["id"].startswith("sig_")
    assert (read["name"], read["qualification"], read["tax_id"]) == ("Davi", "testemunha", "52998224725")
    assert read == changed
    assert [one["name"] for one in desk.call("GET", path)["data"]] == ["Bruno Dias", "Carla Luz"]
    assert desk.refused("GET", f"{path}/{added['id']}") == (404, "not_found")


def test_whoever_has_an_address_is_invited_by_mail_unless_told_otherwise(desk: Desk) -> None:
    made = desk.create(
        signers=[
            {"name": "Bruno", "email": "bruno@example.test"},
            {"name": "Carla", "email": "carla@example.test", "options": {"notify_by": []}},
            {"name": "Davi"},
        ]
    )

    assert [one["options"]["notify_by"] for one in made["signers"]] == [["email"], [], []]


def test_an_option_that_is_not_said_keeps_its_value(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno", "email": "b@example.test", "options": {"lock_name": True}}])
    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}"

    changed = desk.call("PATCH", path, {"options": {"email_code": True}})

    assert changed["options"]["lock_name"] is True
    assert changed["options"]["email_code"] is True
    assert changed["email"] == "b@example.test"


def test_a_code_by_mail_needs_an_address(desk: Desk) -> None:
    said = a_contract(signers=[{"name": "Bruno", "options": {"email_code": True}}])

    assert desk.refused("POST", "envelopes", said) == (422, "email_missing")
    assert desk.pointers("POST", "envelopes", said) == ["#/signers/0/email"]


def test_in_a_sequential_envelope_a_new_signer_comes_last(desk: Desk) -> None:
    made = desk.create(sequential=True)

    added = desk.call("POST", f"envelopes/{made['id']}/signers", {"name": "Davi"})

    assert added["group"] == 3


def test_who_has_signed_is_neither_changed_nor_removed(desk: Desk) -> None:
    made = desk.create()
    desk.sign(made["id"], 0)
    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}"

    assert desk.refused("PATCH", path, {"name": "Outro"}) == (409, "signer_has_signed")
    assert desk.refused("DELETE", path) == (409, "signer_has_signed")


def test_the_last_signer_stays(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno"}])

    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}"

    assert desk.refused("DELETE", path) == (409, "last_signer")


def test_a_signer_cannot_lose_their_name(desk: Desk) -> None:
    made = desk.create()

    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}"

    assert desk.refused("PATCH", path, {"name": ""})[0] == 422


def test_a_reminder_goes_out_once_in_half_an_hour(desk: Desk) -> None:
    made = desk.create()
    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}/remind"

    desk.call("POST", path)
    desk.change(made["id"], _notified)

    assert desk.refused("POST", path) == (429, "not_notified_yet")


def test_who_is_locked_out_may_be_let_in_again(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno", "options": {"prove_tax_id": True}}])
    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}"
    assert desk.refused("POST", f"{path}/unlock") == (409, "attempts_left")
    desk.change(made["id"], _locked_out)

    assert desk.call("GET", path)["failed_attempts"] == 3
    assert desk.call("POST", f"{path}/unlock")["failed_attempts"] == 0


def test_photos_are_listed_with_links_and_digests(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno", "options": {"selfie": True}}])
    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}/photos"
    assert desk.call("GET", path) == {"data": []}
    desk.change(made["id"], _photographed)

    (photo,) = desk.call("GET", path)["data"]

    assert (photo["photo"], photo["sha256"], "variant=photo" in photo["url"]) == ("selfie", "a" * 64, True)


@pytest.mark.parametrize("corner", ["top_left", "top_right", "bottom_left", "bottom_right"])
def test_percent_counts_from_any_corner(desk: Desk, corner: str) -> None:
    place = {"page": 2, "corner": corner, "x": 10, "y": 5, "width": 20, "height": 8}

    field = _field_of(desk, {"percent": place})

    assert field["page"] == 2
    assert field["left"] == pytest.approx(10 if "left" in corner else 70)
    assert field["bottom"] == pytest.approx(5 if "bottom" in corner else 87)


def test_millimetres_count_from_the_top_left_corner(desk: Desk) -> None:
    field = _field_of(
        desk, {"millimetres": {"page": 1, "left": 21, "top": 29.7, "width": 42, "height": 29.7}}
    )

    assert field["left"] == pytest.approx(10, abs=0.01)
    assert field["bottom"] == pytest.approx(80, abs=0.01)
    assert (field["width"], field["height"]) == (pytest.approx(20, abs=0.01), pytest.approx(10, abs=0.01))


def test_an_anchor_places_a_field_wherever_its_text_stands(desk: Desk) -> None:
    field = _field_of(desk, {"anchor": {"text": "Assinatura:"}})

    assert field["page"] == 2
    assert field["width"] == pytest.approx(19.55)


def test_an_anchor_is_looked_for_in_every_document(desk: Desk) -> None:
    signer = {"name": "Bruno", "fields": [{"anchor": {"text": "Assinatura:"}}]}

    made = desk.create(documents=[{"base64": PDF_TEXT}] * 2, signers=[signer])

    documents = [one["document_id"] for one in made["signers"][0]["fields"]]
    assert documents == [one["id"] for one in made["documents"]]


def test_an_anchor_that_stands_nowhere_is_refused(desk: Desk) -> None:
    said = a_contract(signers=[{"name": "Bruno", "fields": [SIGNATURE, {"anchor": {"text": "Nowhere"}}]}])

    assert desk.refused("POST", "envelopes", said) == (422, "anchor_not_found")
    assert desk.pointers("POST", "envelopes", said) == ["#/signers/0/fields/1/anchor/text"]


@pytest.mark.parametrize("kind", ["signature", "initials", "text", "date", "checkbox", "name", "tax_id"])
def test_every_kind_has_a_size_of_its_own(desk: Desk, kind: str) -> None:
    field = _field_of(desk, {"kind": kind, "percent": {"page": 1, "x": 5, "y": 5}})

    assert field["kind"] == kind
    assert 0 < field["width"] < 40


@pytest.mark.parametrize(
    "place",
    [
        {"percent": {"page": 3, "x": 1, "y": 1}},
        {"percent": {"page": 1, "x": 90, "y": 1, "width": 20}},
        {"millimetres": {"page": 1, "left": 200, "top": 10, "width": 30}},
    ],
)
def test_a_field_that_is_not_on_its_page_is_refused(desk: Desk, place: dict[str, object]) -> None:
    said = a_contract(signers=[{"name": "Bruno", "fields": [place]}])

    assert desk.refused("POST", "envelopes", said) == (422, "field_off_page")


def test_a_field_says_one_place(desk: Desk) -> None:
    both = SIGNATURE | {"anchor": {"text": "Assinatura:"}}

    for said in (both, {}):
        envelope = a_contract(signers=[{"name": "Bruno", "fields": [said]}])
        assert desk.pointers("POST", "envelopes", envelope) == ["#/signers/0/fields/0"]


def test_new_fields_replace_the_old_ones(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno", "fields": [SIGNATURE, SIGNATURE]}])
    path = f"envelopes/{made['id']}/signers/{made['signers'][0]['id']}"

    untouched = desk.call("PATCH", path, {"qualification": "testemunha"})
    replaced = desk.call("PATCH", path, {"fields": [{"kind": "initials"} | SIGNATURE]})

    assert len(untouched["fields"]) == 2
    assert [one["kind"] for one in replaced["fields"]] == ["initials"]


def test_a_field_names_its_document_by_position_or_id(desk: Desk) -> None:
    made = desk.create(documents=[{"base64": PDF_TEXT}] * 2)
    path, second = f"envelopes/{made['id']}/signers", made["documents"][1]["id"]

    for named in (2, second):
        added = desk.call("POST", path, {"name": "Davi", "fields": [{"document": named} | SIGNATURE]})
        assert added["fields"][0]["document_id"] == second
    unknown = {"name": "Davi", "fields": [{"document": 3} | SIGNATURE]}
    assert desk.refused("POST", path, unknown) == (422, "document_unknown")


def _notified(envelope: Envelope) -> list[Happened]:
    envelope.signers[0].last_notified_at = envelope.updated_at
    return []


def _locked_out(envelope: Envelope) -> list[Happened]:
    envelope.signers[0].failed_attempts = 3
    return []


def _photographed(envelope: Envelope) -> list[Happened]:
    taken = TakenPhoto(id=PhotoId(new_uuid()), digest=Digest("a" * 64))
    envelope.signers[0].photos = {Photo.SELFIE: taken}
    return []


def _field_of(desk: Desk, said: dict[str, object]) -> dict[str, Any]:
    made = desk.create(signers=[{"name": "Bruno", "fields": [said]}])
    field: dict[str, Any] = made["signers"][0]["fields"][0]
    return field
