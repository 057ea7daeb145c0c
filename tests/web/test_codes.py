"""A code by e-mail stands between reading and signing, where the sender asks for it."""

from __future__ import annotations

import re
from dataclasses import replace

import httpx2
import pytest

from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Identification
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Signer
from tests.support.house import House, person
from tests.support.signing_form import signing_form

Browser = httpx2.Client


def test_the_right_code_opens_the_form_and_stands_in_the_evidence(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    room = ask_for_code(house, client, davi)

    page = client.post(f"{room}/code/confirm", data={"code": code_of(house, contract)}, follow_redirects=True)
    client.post(f"{room}/sign", data=signing_form(contract))

    assert "Preencha e assine" in page.text
    identified = house.envelope(contract).acts[0].evidence.identified_by
    assert identified == (Identification.LINK, Identification.EMAIL_CODE)


@pytest.mark.parametrize(("asked", "word"), [("sms_code", "SMS"), ("whatsapp_code", "WhatsApp")])
def test_a_code_to_a_phone_is_kept_where_there_is_no_gateway(
    house: House, client: Browser, asked: str, word: str
) -> None:
    davi = person("Davi Nunes")
    davi.phone, davi.options = "11 98888-7777", replace(davi.options, **{asked: True})  # type: ignore[arg-type]
    contract = house.send([davi])

    room = ask_for_code(house, client, davi)
    page = client.get(room)
    client.post(f"{room}/code/confirm", data={"code": code_of(house, contract)})

    kept = mails_of(house, contract)[-1]
    assert (kept.to, kept.html, kept.outcome) == ("+5511988887777", "", "kept")
    assert f"por {word} para +55 •••• 7777" in page.text
    assert house.envelope(contract).signer(davi.id).identified_at is not None


def test_who_comes_back_by_the_link_types_the_code_that_was_sent(house: House, client: Browser) -> None:
    house.send([davi := person("Davi Nunes", email_code=True)])
    room = house.link(davi)
    client.post(f"{room}/read")
    before = client.get(room).text
    client.post(f"{room}/code")

    after = client.get(room).text

    assert "Enviar o código" in before
    assert 'name="code"' in after


def test_who_has_no_phone_yet_gives_one_first(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", sms_code=True)])
    client.post(f"{house.link(davi)}/read")

    refused = client.post(f"{house.link(davi)}/code", data={"phone": "ligue-me"})
    client.post(f"{house.link(davi)}/code", data={"phone": "(11) 98888-7777"})

    assert "com o DDD" in refused.text
    assert mails_of(house, contract)[-1].to == "+5511988887777"


def test_three_failures_close_the_page_until_the_sender_opens_it(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", prove_tax_id=True, lock_name=True)])
    client.post(f"{house.link(davi)}/read")

    pages = [client.post(f"{house.link(davi)}/tax-id", data={"tax_id": "1"}).text for _ in range(3)]

    assert "Este não é o CPF ou CNPJ" in pages[0]
    assert "Muitas tentativas falharam" in pages[2]
    assert house.envelope(contract).signer(davi.id).locked_out


def test_a_wrong_code_says_so_and_lets_another_be_typed(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    room = ask_for_code(house, client, davi)
    right = code_of(house, contract)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"

    page = client.post(f"{room}/code/confirm", data={"code": wrong})

    assert page.status_code == 422
    assert "Este código está errado ou venceu." in page.text


def test_the_address_is_shown_only_in_part(house: House, client: Browser) -> None:
    house.send([davi := person("Davi Nunes", email_code=True)])

    page = client.post(f"{house.link(davi)}/read", follow_redirects=True)

    assert "d•••@example.test" in page.text
    assert "davi@example.test" not in page.text


def test_who_has_no_address_yet_gives_one_first(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", "-", email_code=True)])
    with house.services.open_work() as work:
        envelope = work.envelopes.for_job(contract.id)
        envelope.signer(davi.id).email = ""
        work.envelopes.save(envelope)

    client.post(f"{house.link(davi)}/code", data={"email": "davi@novo.test"})

    assert mails_of(house, contract)[-1].to == "davi@novo.test"


def test_nobody_signs_before_the_code_was_confirmed(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    client.post(f"{house.link(davi)}/read")

    client.post(f"{house.link(davi)}/sign", data=signing_form(contract))

    assert house.envelope(contract).acts == []


def test_a_confirmed_address_can_no_longer_be_changed(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    room = ask_for_code(house, client, davi)
    client.post(f"{room}/code/confirm", data={"code": code_of(house, contract)})

    client.post(f"{room}/sign", data=signing_form(contract, email="outro@example.test"))

    assert house.envelope(contract).signer(davi.id).email == "davi@example.test"


def ask_for_code(house: House, client: Browser, signer: Signer) -> str:
    room = house.link(signer)
    client.post(f"{room}/read")
    client.post(f"{room}/code")
    return room


def code_of(house: House, envelope: Envelope) -> str:
    """Without a mail server the letter is kept as it would have gone out."""
    found = re.search(r"\b\d{6}\b", mails_of(house, envelope)[-1].text)
    assert found is not None
    return found.group()


def mails_of(house: House, envelope: Envelope) -> list[KeptMail]:
    with house.services.open_work() as work:
        return [
            mail for mail in work.mails.of_envelope(envelope.account_id, envelope.id) if mail.kind == "code"
        ]
