"""POST sign/: a user of the account signs many documents at once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from lacre.accounts.account import User
from lacre.accounts.deputy import deputy_token
from lacre.kit.ids import new_uuid
from lacre.signing import events
from lacre.signing.evidence import Identification
from lacre.signing.schedule import SEAL
from lacre.signing.signer import Photo
from tests.support.zapsign_desk import Desk, Installation


@pytest.fixture
def user(desk: Desk) -> User:
    return desk.user(f"{new_uuid()}@ped.test", name="Dona Ana")


def sign(desk: Desk, user: User, *signers: dict[str, Any], **more: str) -> dict[str, object]:
    token = deputy_token(user, desk.services.tokens.digest)
    return {"user_token": token, "signer_tokens": [one["token"] for one in signers], **more}


def first(made: dict[str, Any]) -> dict[str, Any]:
    signer: dict[str, Any] = made["signers"][0]
    return signer


def test_a_user_signs_many_documents_at_once(desk: Desk, user: User) -> None:
    made = [desk.create(signers=[{"name": "Ana", "email": email}]) for email in (user.email, "")]

    answer = desk.call("POST", "sign", sign(desk, user, *[first(one) for one in made]))

    assert answer["message"].startswith("Documento(s) assinado(s) com sucesso. Lembrete:")
    for one in made:
        (act,) = desk.envelope(one["token"]).acts
        assert (act.mark.text, act.evidence.identified_by) == ("Dona Ana", (Identification.ACCOUNT,))
        assert events.SIGNER_SIGNED in desk.event_types(one["token"])
    worker, now = new_uuid(), desk.services.clock()
    with desk.services.presence(worker, "test"), desk.services.open_work() as work:
        sealing = {job.key for job in work.queue.claim(worker, now=now, limit=50, kinds=[SEAL])}
    assert {one["token"] for one in made} <= sealing


def test_who_did_it_is_in_the_history(desk: Desk, user: User) -> None:
    made = desk.create(signers=[{"name": "Ana"}])

    desk.call("POST", "sign/", sign(desk, user, first(made)))

    assert desk.call("GET", f"docs/signer-log/{made['token']}")[-1]["user"] == user.email


@pytest.mark.parametrize(
    "signer",
    [
        {"email": "outra@x.test"},
        {"auth_mode": "tokenEmail"},
        {"auth_mode": "CPF"},
        {"require_selfie_photo": True},
        {"require_cpf": True},
    ],
)
def test_all_or_none_are_signed(desk: Desk, user: User, signer: dict[str, object]) -> None:
    right, wrong = desk.create(signers=[{"name": "A"}]), desk.create(signers=[{"name": "A", **signer}])

    status, why = desk.refused("POST", "sign/", sign(desk, user, first(right), first(wrong)))

    assert (status, list(why)) == (400, ["error"])
    assert desk.envelope(right["token"]).acts == []


def test_a_cpf_that_is_asked_for_may_be_given(desk: Desk, user: User) -> None:
    made = desk.create(signers=[{"name": "A", "require_cpf": True}])

    assert desk.refused("POST", "sign/", sign(desk, user, first(made), cpf="123"))[0] == 400
    desk.call("POST", "sign/", sign(desk, user, first(made), cpf="529.982.247-25"))

    assert desk.envelope(made["token"]).signers[0].tax_id == "52998224725"


PHOTOS = {"selfie_photo": "selfie", "document_photo_url": "front", "document_verse_photo_url": "back"}


def test_photos_that_are_asked_for_may_be_given(desk: Desk, installation: Installation, user: User) -> None:
    installation.shelf.files |= {f"https://pictures.test/{one}.png": photo(one) for one in PHOTOS.values()}
    given = {name: f"https://pictures.test/{one}.png" for name, one in PHOTOS.items()}
    asked = {"name": "A", "require_selfie_photo": True, "require_document_photo": True}
    made = desk.create(signers=[asked]), desk.create(signers=[{"name": "A"}])

    desk.call("POST", "sign/", sign(desk, user, *[first(one) for one in made], **given))

    signed = desk.envelope(made[0]["token"])
    assert set(signed.acts[0].evidence.photos) == {Photo.SELFIE, Photo.DOCUMENT, Photo.DOCUMENT_BACK}
    assert Identification.SELFIE in signed.acts[0].evidence.identified_by
    shown = first(desk.call("GET", f"docs/{made[0]['token']}"))
    assert "/files/" in shown["selfie_photo_url"]
    assert not desk.envelope(made[1]["token"]).signers[0].photos


@pytest.mark.parametrize(
    ("url", "content"),
    [("https://pictures.test/none", None), ("https://pictures.test/text", b"no picture")],
)
def test_a_photo_that_is_none_signs_nothing(
    desk: Desk, installation: Installation, user: User, url: str, content: bytes | None
) -> None:
    if content:
        installation.shelf.files[url] = content
    made = desk.create(signers=[{"name": "A", "require_selfie_photo": True}])

    status, why = desk.refused("POST", "sign/", sign(desk, user, first(made), selfie_photo=url))

    assert (status, list(why)) == (400, ["error"])
    assert desk.envelope(made["token"]).acts == []


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    shade = {"selfie": "tan", "front": "teal", "back": "navy"}[colour]
    Image.new("RGB", (320, 240), shade).save(out, "PNG")
    return out.getvalue()


def test_tokens_that_are_not_known_are_not_found(desk: Desk, stranger: Desk, user: User) -> None:
    ours, theirs = desk.create(), stranger.create()

    for said in (
        sign(desk, user, first(theirs)),
        sign(desk, user, first(ours)) | {"user_token": user.id},
        sign(desk, user, first(ours)) | {"signer_tokens": ["x"]},
    ):
        assert desk.refused("POST", "sign/", said) == (404, {"detail": "Não encontrado."})


def test_signing_twice_is_refused(desk: Desk, user: User) -> None:
    made = desk.create(signers=[{"name": "A"}])
    desk.call("POST", "sign/", sign(desk, user, first(made)))

    assert desk.refused("POST", "sign/", sign(desk, user, first(made)))[0] == 400
