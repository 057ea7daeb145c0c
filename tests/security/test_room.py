"""Whoever holds a signing link, or guesses at one, gets no further than it leads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx2
import pytest
from starlette.testclient import TestClient

from lacre.signing import actions
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope
from lacre.signing.signer import MAX_TRIES, Signer
from tests.support.house import SENDER, House, person
from tests.support.signing_form import signing_form

WRONG_CODE = "000000"


# ── links ────────────────────────────────────────────────────────────────────


def test_a_link_is_dead_once_it_was_renewed(house: House, browser: TestClient) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    old = house.link(bruno)

    with house.services.open_work() as work:
        envelope = work.envelopes.for_job(contract.id)
        actions.resend(work, envelope, expires_at=None, renew_links=True, by=SENDER, now=house.now())

    renewed = house.envelope(contract).signer(bruno.id)
    assert browser.get(house.link(renewed)).status_code == 200
    assert _every_door(browser, old, contract) == {404}


def test_a_link_is_dead_once_its_signer_was_removed(house: House, browser: TestClient) -> None:
    contract = house.send([bruno := person("Bruno Dias"), person("Carla Luz")])

    with house.services.open_work() as work:
        envelope = work.envelopes.for_job(contract.id)
        actions.remove_signer(work, envelope, bruno.id, by=SENDER, now=house.now())

    assert _every_door(browser, house.link(bruno), contract) == {404}


@pytest.mark.parametrize("place", [*range(8), *range(9, 13), 35])
def test_a_link_with_one_sign_changed_leads_nowhere(house: House, browser: TestClient, place: int) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    head, _, token = house.link(bruno).rpartition("/")
    other = "0" if token[place] != "0" else "1"

    assert _every_door(browser, f"{head}/{token[:place]}{other}{token[place + 1 :]}", contract) == {404}


def test_a_deleted_document_is_shown_and_changed_no_more(house: House, browser: TestClient) -> None:
    contract = house.send([bruno := person("Bruno Dias")])
    with house.services.open_work() as work:
        actions.delete(work, work.envelopes.for_job(contract.id), by=SENDER, now=house.now())

    page = browser.get(house.link(bruno))
    files = [browser.get(f"{house.link(bruno)}/{path}").status_code for path in FILES]
    browser.post(f"{house.link(bruno)}/sign", data=signing_form(contract))

    assert "<img" not in page.text
    assert set(files) == {404}
    assert house.envelope(contract).acts == []


# ── codes ────────────────────────────────────────────────────────────────────


def test_nobody_proves_an_address_that_was_not_asked_for(house: House, browser: TestClient) -> None:
    """It could be exchanged for another before signing, and the record would call that one proved."""
    contract = house.send([bruno := person("Bruno Dias")])

    answer = browser.post(f"{house.link(bruno)}/code", data={"email": "mallory@example.test"})

    assert answer.status_code == 404
    assert house.envelope(contract).signer(bruno.id).email == bruno.email


def test_an_address_that_is_changed_must_be_proved_anew(house: House, browser: TestClient) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    code = _asked(house, browser, contract, davi)
    browser.post(f"{house.link(davi)}/code/confirm", data={"code": code})

    _move(house, contract, davi, "other@example.test")
    browser.post(f"{house.link(davi)}/sign", data=signing_form(contract))

    assert house.envelope(contract).acts == []


def test_a_code_proves_only_the_address_it_went_to(house: House, browser: TestClient) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    code = _asked(house, browser, contract, davi)

    _move(house, contract, davi, "other@example.test")
    answer = browser.post(f"{house.link(davi)}/code/confirm", data={"code": code})

    assert answer.status_code == 422
    assert house.envelope(contract).signer(davi.id).identified_at is None


def test_a_code_takes_three_tries_and_then_not_even_the_right_one(house: House, browser: TestClient) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    code = _asked(house, browser, contract, davi)

    for _ in range(MAX_TRIES):
        browser.post(f"{house.link(davi)}/code/confirm", data={"code": WRONG_CODE})
    browser.post(f"{house.link(davi)}/code/confirm", data={"code": code})

    assert house.envelope(contract).signer(davi.id).identified_at is None


def test_tries_that_come_together_are_counted_one_by_one(house: House, browser: TestClient) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    _asked(house, browser, contract, davi)

    def guess(number: int) -> None:
        httpx2.post(
            f"{house.link(davi)}/code/confirm", data={"code": f"{number:06d}"}, trust_env=False, timeout=120
        )

    with ThreadPoolExecutor(12) as crowd:
        list(crowd.map(guess, range(24)))

    with house.services.open_work() as work:
        waiting = work.codes.get(davi.id)
    assert waiting is not None
    assert waiting.tries == MAX_TRIES


def test_a_signature_that_comes_many_times_at_once_is_kept_once(house: House) -> None:
    contract = house.send([bruno := person("Bruno Dias")])

    def sign(_: int) -> int:
        form = signing_form(contract)
        return httpx2.post(f"{house.link(bruno)}/sign", data=form, trust_env=False, timeout=120).status_code

    with ThreadPoolExecutor(8) as crowd:
        answers = set(crowd.map(sign, range(8)))

    assert answers == {303}
    assert len(house.envelope(contract).acts) == 1


def test_however_often_it_is_asked_for_one_code_goes_out(house: House, browser: TestClient) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])

    answers = [browser.post(f"{house.link(davi)}/code").status_code for _ in range(5)]

    assert answers == [303] + [422] * 4
    assert len(_codes(house, contract)) == 1


def test_a_code_of_one_signer_does_not_open_for_another(house: House, browser: TestClient) -> None:
    davi, eva = person("Davi Nunes", email_code=True), person("Eva Reis", email_code=True)
    contract = house.send([davi, eva])
    code = _asked(house, browser, contract, davi)
    browser.post(f"{house.link(eva)}/code")

    answer = browser.post(f"{house.link(eva)}/code/confirm", data={"code": code})

    assert answer.status_code == 422


# ── forms ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("seen", ["é", "0" * 64, "", "0" * 100_000])
def test_who_saw_another_document_does_not_sign_this_one(
    house: House, browser: TestClient, seen: str
) -> None:
    contract = house.send([bruno := person("Bruno Dias")])

    answer = browser.post(f"{house.link(bruno)}/sign", data={**signing_form(contract), "seen": seen})

    assert answer.status_code == 422
    assert house.envelope(contract).acts == []


@pytest.mark.parametrize("charset", ["utf-7", "unicode_escape", "undefined", "utf-16", "UTF-7", '"utf-7"'])
@pytest.mark.parametrize("path", ["sign", "refuse", "code", "code/confirm", "read"])
def test_forms_come_as_utf_8(house: House, browser: TestClient, path: str, charset: str) -> None:
    """Other codecs can say signs that no database takes and no page shows."""
    house.send([bruno := person("Bruno Dias", email_code=True)])
    form = _multipart({"name": b"+2AA-", "reason": b"\\ud800", "email": b"+2AA-@x.test", "code": b"+2AA-"})
    headers = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}

    answer = browser.post(f"{house.link(bruno)}/{path}", content=form, headers=headers)

    assert answer.status_code == 415


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"--x",
        b"--x\r\n\r\n\r\n--x--\r\n",
        b"--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="mark_kind"; filename="a"\r\n\r\n\xff\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n\xff\xfe\x00\r\n--x--\r\n',
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--\r\n",
    ],
)
def test_any_form_is_read_or_refused(house: House, browser: TestClient, said: bytes) -> None:
    house.send([bruno := person("Bruno Dias")])

    answer = browser.post(
        f"{house.link(bruno)}/sign",
        content=said,
        headers={"content-type": "multipart/form-data; boundary=x"},
    )

    assert answer.status_code in (400, 422)


def test_a_range_with_thousands_of_digits_is_the_whole_file(house: House, browser: TestClient) -> None:
    house.send([bruno := person("Bruno Dias")])

    answer = browser.get(
        f"{house.link(bruno)}/documents/1/original", headers={"range": "bytes=0-" + "9" * 5_000}
    )

    assert answer.status_code == 200


FILES = ("documents/1/original", "documents/1/signed", "documents/1/pages/1", "record")
POSTS = ("read", "code", "code/confirm", "sign", "refuse")


def _every_door(browser: TestClient, link: str, contract: Envelope) -> set[int]:
    read = [
        browser.get(f"{link}{path}") for path in ("", "/state", "/places.css", *(f"/{one}" for one in FILES))
    ]
    done = [browser.post(f"{link}/{path}", data=signing_form(contract)) for path in POSTS]
    return {answer.status_code for answer in (*read, *done)}


def _asked(house: House, browser: TestClient, contract: Envelope, signer: Signer) -> str:
    browser.post(f"{house.link(signer)}/read")
    browser.post(f"{house.link(signer)}/code")
    return _codes(house, contract)[-1]


def _codes(house: House, contract: Envelope) -> list[str]:
    """Without a mail server they are kept where they can be read."""
    with house.services.open_work() as work:
        mails = work.mails.of_envelope(contract.account_id, contract.id)
    return re.findall(r"\b\d{6}\b", "\n".join(mail.text for mail in mails if mail.kind == "code"))


def _move(house: House, contract: Envelope, signer: Signer, email: str) -> None:
    with house.services.open_work() as work:
        envelope = work.envelopes.for_job(contract.id)
        moved = replace(envelope.signer(signer.id), email=email)
        actions.change_signer(work, envelope, moved, by=Actor(name="key:x"), now=house.now())


def _multipart(fields: Mapping[str, bytes]) -> bytes:
    parts = [
        b'--x\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), value)
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--x--\r\n"
