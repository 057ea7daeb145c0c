"""Photos of a signer: asked for one by one, kept apart and encrypted, seen by the sender alone."""

from __future__ import annotations

import hashlib
import io

import httpx2
import pytest
from PIL import Image
from PIL.ExifTags import Base

from lacre.documents.links import Variant
from lacre.kit.ids import DocumentId
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Identification
from lacre.signing.signer import Photo, Signer
from tests.support.house import House, person
from tests.support.signing_form import signing_form

Browser = httpx2.Client


def test_every_photo_is_asked_for_before_signing_and_stands_in_the_evidence(
    house: House, client: Browser
) -> None:
    contract, bruno = asked(house)
    pages = [send(client, house, bruno, kind).text for kind in bruno.options.photos]

    client.post(f"{house.link(bruno)}/sign", data=signing_form(contract))

    assert ["Foto 2 de 3" in pages[0], "Foto 3 de 3" in pages[1], "Preencha e assine" in pages[2]] == [
        True
    ] * 3
    evidence = house.envelope(contract).acts[0].evidence
    assert set(evidence.photos) == set(Photo)
    assert evidence.identified_by == (
        Identification.LINK,
        Identification.SELFIE,
        Identification.DOCUMENT_PHOTO,
    )


def test_without_them_nobody_signs(house: House, client: Browser) -> None:
    contract, bruno = asked(house)
    send(client, house, bruno, Photo.DOCUMENT)

    client.post(f"{house.link(bruno)}/sign", data=signing_form(contract))

    assert house.envelope(contract).acts == []


def test_the_sender_sees_it_by_a_link_and_nobody_else(house: House, client: Browser) -> None:
    contract, bruno = asked(house)
    send(client, house, bruno, Photo.DOCUMENT)
    taken = house.envelope(contract).signer(bruno.id).photos[Photo.DOCUMENT]
    url = house.services.links.file_url(DocumentId(taken.id), Variant.PHOTO, now=house.now())

    answer = client.get(url)
    as_another = client.get(url.replace("variant=photo", "variant=original"))

    assert answer.headers["content-type"] == "image/jpeg"
    assert hashlib.sha256(answer.content).hexdigest() == taken.digest
    assert as_another.status_code == 404


def test_what_the_camera_wrote_into_it_is_gone(house: House, client: Browser) -> None:
    contract, bruno = asked(house)
    send(client, house, bruno, Photo.DOCUMENT, a_photo(artist="Bruno em casa"))

    taken = house.envelope(contract).signer(bruno.id).photos[Photo.DOCUMENT]
    kept = client.get(house.services.links.file_url(DocumentId(taken.id), Variant.PHOTO, now=house.now()))

    assert b"Bruno em casa" not in kept.content
    assert max(Image.open(io.BytesIO(kept.content)).size) <= 1600


def test_they_are_encrypted_where_they_lie_and_in_no_document(house: House, client: Browser) -> None:
    contract, bruno = asked(house)
    send(client, house, bruno, Photo.DOCUMENT)
    taken = house.envelope(contract).signer(bruno.id).photos[Photo.DOCUMENT]
    url = house.services.links.file_url(DocumentId(taken.id), Variant.PHOTO, now=house.now())
    middle = client.get(url).content[400:464]

    files = [file for file in house.settings.data_dir.rglob("*") if file.is_file()]

    assert [file.name for file in files if middle in file.read_bytes()] == []


def test_one_that_is_taken_again_replaces_the_one_before(house: House, client: Browser) -> None:
    contract, bruno = asked(house)
    send(client, house, bruno, Photo.DOCUMENT)
    first = house.envelope(contract).signer(bruno.id).photos[Photo.DOCUMENT]
    send(client, house, bruno, Photo.DOCUMENT, a_photo((900, 700)))

    url = house.services.links.file_url(DocumentId(first.id), Variant.PHOTO, now=house.now())

    assert client.get(url).status_code == 404
    assert house.envelope(contract).signer(bruno.id).photos[Photo.DOCUMENT].id != first.id


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"GIF89a"], ids=["none", "a pdf", "a gif"])
def test_what_is_no_photo_is_said(house: House, client: Browser, content: bytes) -> None:
    contract, bruno = asked(house)

    page = send(client, house, bruno, Photo.DOCUMENT, content)

    assert (page.status_code, "Envie uma foto JPEG" in page.text) == (422, True)
    assert house.envelope(contract).signer(bruno.id).photos == {}


@pytest.mark.parametrize("content", [None, b"no picture"], ids=["a photo", "none"])
def test_what_was_not_asked_for_is_not_even_looked_at(
    house: House, client: Browser, content: bytes | None
) -> None:
    contract = house.send([bruno := person("Bruno Dias", selfie=True)])

    answer = send(client, house, bruno, Photo.DOCUMENT_BACK, content)

    assert answer.status_code == 404
    assert house.envelope(contract).signer(bruno.id).photos == {}


def test_whoever_does_not_know_the_code_adds_no_photo(house: House, client: Browser) -> None:
    contract = house.send([bruno := person("Bruno Dias", selfie=True, email_code=True)])

    page = send(client, house, bruno, Photo.SELFIE)

    assert "Confirme que é você" in page.text
    assert house.envelope(contract).signer(bruno.id).photos == {}


def asked(house: House) -> tuple[Envelope, Signer]:
    bruno = person("Bruno Dias", selfie=True, document_photo=True)
    return house.send([bruno]), bruno


def send(
    client: Browser, house: House, signer: Signer, kind: Photo, content: bytes | None = None
) -> httpx2.Response:
    client.post(f"{house.link(signer)}/read")
    photo = a_photo() if content is None else content
    sent = {"photo": ("foto.jpg", photo, "image/jpeg")}
    return client.post(f"{house.link(signer)}/photo", data={"kind": kind}, files=sent, follow_redirects=True)


def a_photo(size: tuple[int, int] = (2000, 1500), *, artist: str = "") -> bytes:
    picture = Image.effect_noise(size, 80).convert("RGB")
    exif = Image.Exif()
    if artist:
        exif[Base.Artist] = artist
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=60, exif=exif)
    return out.getvalue()
