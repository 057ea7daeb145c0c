"""A code stands between reading and signing, where the sender asks for it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from lacre.signing import events
from lacre.signing.audit import AuditEntry
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Identification
from lacre.signing.repositories import KeptMail
from lacre.signing.signer import Signer
from tests.support.house import House, person
from tests.support.receiver import Receiver, status
from tests.support.signing_form import signing_form

Browser = httpx2.Client


def test_the_right_code_opens_the_form_and_stands_in_the_evidence(house: House, client: Browser) -> None:
    contract = house.send([davi := person("Davi Nunes", email_code=True)])
    room = ask_for_code(house, client, davi)

    page = client.post(f"{room}/code/confirm", data={"code": code_of(house, contract)}, follow_redirects=True)
    client.post(f"{room}/sign", data=signing_form(contract))

    assert "Preencha e assine" in page.text
    identified = house.envelope(contract).acts[0].evidence.identified_by
    assert identified == (Identification.LINK, Identification.TOLD_CODE)


@pytest.mark.parametrize("asked", ["email_code", "sms_code", "whatsapp_code"])
def test_a_code_that_nothing_sends_is_kept_and_the_page_says_who_tells_it(
    house: House, client: Browser, asked: str
) -> None:
    davi = person_with_phone("Davi Nunes", asked)
    contract = house.send([davi])
    room = house.link(davi)

    before = client.post(f"{room}/read", follow_redirects=True)
    page = client.post(f"{room}/code", follow_redirects=True)
    client.post(f"{room}/code/confirm", data={"code": code_of(house, contract)})

    kept = mails_of(house, contract)[-1]
    assert kept.outcome == "kept"
    assert "que informa a você diretamente" in before.text
    assert "Quem enviou este documento o vê: peça-o a essa pessoa." in page.text
    assert "Enviamos" not in before.text + page.text
    assert house.envelope(contract).signer(davi.id).identified_at is not None


def test_a_code_that_the_gateway_did_not_take_is_told_by_the_sender(tmp_path: Path) -> None:
    davi = person_with_phone("Davi Nunes", "sms_code")
    with Receiver() as gateway, house_with(gateway, tmp_path) as house, stranger(house) as client:
        gateway.answers(status(500))
        contract = house.send([davi])
        room = ask_for_code(house, client, davi)
        page = client.get(room)
        client.post(f"{room}/code/confirm", data={"code": code_of(house, contract)})
        client.post(f"{room}/sign", data=signing_form(contract))

        assert "Não foi possível enviar o código para +55 •••• 7777." in page.text
        assert Identification.TOLD_CODE in house.envelope(contract).acts[0].evidence.identified_by
        assert about_messages(house, contract) == [events.SIGNER_DELIVERY_FAILED]


def test_a_code_is_logged_by_whoever_asked_for_it_once_it_is_sent(tmp_path: Path) -> None:
    davi = person_with_phone("Davi Nunes", "sms_code")
    with Receiver() as gateway, house_with(gateway, tmp_path) as house, stranger(house) as client:
        contract = house.send([davi])
        ask_for_code(house, client, davi)

        assert about_messages(house, contract) == [events.SIGNER_NOTIFIED]
        assert log_of(house, contract)[-1].actor == f"signer:{davi.id}"


def test_the_code_that_was_sent_says_where_to(tmp_path: Path) -> None:
    davi = person_with_phone("Davi Nunes", "sms_code")
    with Receiver() as gateway, house_with(gateway, tmp_path) as house, stranger(house) as client:
        house.send([davi])
        page = client.get(ask_for_code(house, client, davi))

        assert "por SMS para +55 •••• 7777" in page.text


def test_who_comes_back_by_the_link_types_the_code_that_was_sent(house: House, client: Browser) -> None:
    house.send([davi := person("Davi Nunes", email_code=True)])
    room = house.link(davi)
    client.post(f"{room}/read")
    before = client.get(room).text
    client.post(f"{room}/code")

    after = client.get(room).text

    assert "Gerar o código" in before
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


def person_with_phone(name: str, asked: str) -> Signer:
    one = person(name)
    one.phone, one.options = "11 98888-7777", replace(one.options, **{asked: True})  # type: ignore[arg-type]
    return one


def house_with(gateway: Receiver, folder: Path) -> House:
    described = json.dumps({"url": gateway.url, "json": {"text": "{text}"}})
    return House(folder, sms_gateway=described, egress_allow="127.0.0.0/8")


def stranger(house: House) -> Browser:
    return Browser(base_url=house.url, timeout=120, trust_env=False)


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


def log_of(house: House, envelope: Envelope) -> list[AuditEntry]:
    with house.services.open_work() as work:
        return [entry for entry, _ in work.audit.entries(envelope.id)]


def about_messages(house: House, envelope: Envelope) -> list[str]:
    wanted = (events.SIGNER_NOTIFIED, events.SIGNER_DELIVERY_FAILED)
    return [one.what for one in log_of(house, envelope) if one.what in wanted]


def mails_of(house: House, envelope: Envelope) -> list[KeptMail]:
    with house.services.open_work() as work:
        return [
            mail for mail in work.mails.of_envelope(envelope.account_id, envelope.id) if mail.kind == "code"
        ]
