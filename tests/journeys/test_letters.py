"""Letters through a real mail server: invitation, code and finished file, each used as people use it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support import sealing
from tests.support.customer import Customer, Visitor, ask
from tests.support.pdfs import written
from tests.support.receiver import Receiver
from tests.support.server import Premises
from tests.support.smtp import Postbox, mail_server, plain_text
from tests.support.working import eventually

BRUNO = {
    "name": "Bruno Dias",
    "email": "bruno@example.test",
    "send_automatic_email": True,
    "auth_mode": "assinaturaTela-tokenEmail",
    "custom_message": "Bruno, segue o contrato que combinamos.",
}
CARLA = {"name": "Carla Luz", "email": "carla@example.test", "send_automatic_email": True}
DAVI = {"name": "Davi Reis", "email": "davi@example.test", "send_automatic_email": True}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def box() -> Iterator[Postbox]:
    with mail_server() as opened:
        yield opened


@pytest.fixture(scope="module")
def premises(box: Postbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    opened = Premises(
        tmp_path_factory.mktemp("letters"),
        smtp_url=box.url,
        mail_from="Lacre <lacre@papelaria.test>",
        time_scale="60",
    )
    with opened.server():
        yield opened


@pytest.fixture(scope="module")
def customer(premises: Premises) -> Customer:
    return Customer(premises.url, premises.new_token())


def test_people_are_invited_identified_and_given_the_file_by_mail(
    customer: Customer, box: Postbox, tmp_path: Path
) -> None:
    made = customer.send([BRUNO, CARLA], signature_order_active=True, brand_name="Papelaria Souza")
    brunos, carlas = (signer["sign_url"] for signer in made["signers"])

    invitation = letter(box, "bruno@example.test")
    assert "Bruno, segue o contrato que combinamos." in plain_text(invitation)
    assert "Papelaria Souza" in invitation["from"]
    assert link_in(invitation) == brunos
    identify_by_mail(Visitor(brunos), box)
    assert "Você assinou" in Visitor(brunos).sign("Bruno Dias")

    assert link_in(letter(box, "carla@example.test")) == carlas
    Visitor(carlas).signs_all("Carla Luz")
    for number, address in ((3, "bruno@example.test"), (2, "carla@example.test")):
        sealed = customer.download(link_in(letter(box, address, number=number)))
        assert sealing.valid_by_poppler(written(tmp_path, sealed)) == 3


def test_a_mail_server_that_fails_delays_letters_and_nothing_else(
    customer: Customer, box: Postbox, tmp_path: Path
) -> None:
    box.answers = ["451 4.3.0 come back later"] * 8
    with Receiver() as receiver:
        customer.subscribe(receiver, "doc_signed")
        made = customer.send([DAVI])
        Visitor(made["signers"][0]["sign_url"]).signs_all("Davi Reis")
        told = [one.json for one in receiver.wait_for(1, seconds=60)]

    assert [one["status"] for one in told] == ["signed"]
    finished = letter(box, "davi@example.test")
    assert finished["subject"].startswith("Todos assinaram")
    assert sealing.valid_by_poppler(written(tmp_path, customer.download(link_in(finished)))) == 2


def test_the_sender_is_told_of_an_address_that_does_not_exist(customer: Customer) -> None:
    with Receiver() as receiver:
        customer.subscribe(receiver, "email_bounce")
        customer.send([{**CARLA, "email": "nobody@example.test"}])
        bounced = receiver.wait_for(1, seconds=60)[0].json

    assert (bounced["event_type"], bounced["email"]) == ("email_bounce", "nobody@example.test")


def identify_by_mail(visitor: Visitor, box: Postbox) -> None:
    """Asks for a code, and types the one that came."""
    visitor.open()
    assert "Confirme que é você" in visitor.confirm_reading()
    answer = ask("POST", f"{visitor.link}/code")
    assert "Enviamos um código" in answer.text
    code = re.search(r"\b\d{6}\b", plain_text(letter(box, "bruno@example.test", number=2)))
    assert code
    answer = ask("POST", f"{visitor.link}/code/confirm", data={"code": code[0]})
    assert "Preencha e assine" in answer.text


def letter(box: Postbox, address: str, *, number: int = 1) -> EmailMessage:
    """The `number`-th that comes to that address."""
    eventually(lambda: len(sent_to(box, address)) >= number, seconds=60)
    return sent_to(box, address)[number - 1]


def sent_to(box: Postbox, address: str) -> list[EmailMessage]:
    return [mail for mail in box.mails if address in mail["to"]]


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+/(?:verificar|files)/\S+", plain_text(mail))
    assert found, plain_text(mail)
    return found[0]
