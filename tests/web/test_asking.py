"""What a sender asks of a signer besides: the code that the two agreed on, lines to fill, files to bring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx2
import pytest

from lacre.documents.links import Variant
from lacre.kit.ids import AttachmentId, DocumentId, new_uuid
from lacre.signing import events
from lacre.signing.asking import AnswerKind, Question, Wanted
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Identification
from lacre.signing.signer import Channel, Passcode, Signer
from tests.support.house import House, person
from tests.support.pdfs import contract_pdf, locked_pdf
from tests.support.signing_form import signing_form

Browser = httpx2.Client
CPF = Question(key="numeroDocumento", label="CPF", kind=AnswerKind.CPF, known="529.982.247-25", check=True)
COMPANY = Question(key="nomeEmpresa", label="Nome da empresa", known="Padaria Sol")


@pytest.fixture
def davi() -> Signer:
    return person("Davi Nunes", lock_name=True)


def asked(signer: Signer, **options: Any) -> Signer:  # noqa: ANN401 - of a signer
    signer.options = replace(signer.options, **options)
    return signer


def passcode(house: House, **said: Any) -> Passcode:  # noqa: ANN401 - of a passcode
    return Passcode(**{"hidden": house.services.tokens.hide("4711"), "channel": None, **said})


def test_only_the_code_that_the_sender_chose_lets_them_on(
    house: House, client: Browser, davi: Signer
) -> None:
    contract = house.send([asked(davi, passcode=passcode(house))])
    room = house.link(davi)
    client.post(f"{room}/read")

    wrong = client.post(f"{room}/passcode", data={"passcode": "0000"})
    right = client.post(f"{room}/passcode", data={"passcode": " 4711 "}, follow_redirects=True)
    client.post(f"{room}/sign", data=signing_form(contract))

    assert (wrong.status_code, "lhe deu um código" in wrong.text) == (422, True)
    assert "Preencha e assine" in right.text
    (act,) = house.envelope(contract).acts
    assert act.evidence.identified_by == (Identification.LINK, Identification.PASSCODE)


def test_it_goes_out_once_more_when_its_sender_lets_it(house: House, client: Browser, davi: Signer) -> None:
    code = passcode(house, channel=Channel.EMAIL, address="outra@example.test")
    contract = house.send([asked(davi, passcode=code)])
    room = house.link(davi)
    client.post(f"{room}/read")

    client.post(f"{room}/passcode/again", follow_redirects=True)
    at_once = client.post(f"{room}/passcode/again")

    with house.services.open_work() as work:
        mails = work.mails.of_envelope(contract.account_id, contract.id)
        log = [entry for entry, _ in work.audit.entries(contract.id)]
    assert [(one.to, "4711" in one.text) for one in mails] == [("outra@example.test", True)]
    assert [one.message_kept for one in log if one.what == events.SIGNER_NOTIFIED] == [True]
    assert "Um código acabou de ser pedido" in at_once.text


def test_what_is_asked_is_filled_before_signing_and_kept(house: House, client: Browser, davi: Signer) -> None:
    contract = house.send([asked(davi, questions=(CPF, COMPANY))])
    room = house.link(davi)
    page = client.post(f"{room}/read", follow_redirects=True)
    filled = signing_form(contract) | {"q-nomeEmpresa": "Padaria Lua"}

    refused = client.post(f"{room}/sign", data=filled | {"q-numeroDocumento": "111.444.777-35"})
    client.post(f"{room}/sign", data=filled | {"q-numeroDocumento": "529.982.247-25"})

    assert "Padaria Sol" in page.text
    assert "529.982" not in page.text
    assert "O valor de “CPF” não confere" in refused.text
    answers = house.envelope(contract).signer(davi.id).answers
    assert answers == {"numeroDocumento": "52998224725", "nomeEmpresa": "Padaria Lua"}


def test_a_file_is_brought_before_signing_and_seen_by_whom_it_is_for(
    house: House, client: Browser, davi: Signer
) -> None:
    own = Wanted(id=AttachmentId(new_uuid()), name="Comprovante")
    open_to_all = Wanted(id=AttachmentId(new_uuid()), name="Procuração", shown_to_all=True)
    eva = person("Eva Luz")
    contract = house.send([asked(davi, attachments=(own, open_to_all)), eva])
    room = house.link(davi)
    client.post(f"{room}/read")

    def bring(wanted: Wanted, content: bytes, name: str = "c.pdf") -> httpx2.Response:
        sent = {"file": (name, content, "application/pdf")}
        return client.post(f"{room}/attachment", data={"attachment": wanted.id}, files=sent)

    refused = [bring(own, content).status_code for content in (b"no file", locked_pdf())]
    unsigned = client.post(f"{room}/sign", data=signing_form(contract))
    bring(own, contract_pdf(pages=1))
    bring(open_to_all, contract_pdf(pages=2), "procuração.pdf")
    client.post(f"{room}/sign", data=signing_form(contract))

    assert refused == [422, 422]
    assert client.get(shown_link(house, contract, davi)).headers["content-type"] == "application/pdf"
    assert "pede estes arquivos antes da assinatura" in unsigned.text
    assert house.envelope(contract).signer(davi.id).attached.keys() == {own.id, open_to_all.id}
    seen = [client.get(f"{house.link(eva)}/attachments/{one.id}").status_code for one in (own, open_to_all)]
    assert seen == [404, 200]


def shown_link(house: House, contract: Envelope, owner: Signer) -> str:
    """As the sender gets it, in the console and by API."""
    brought = next(iter(house.envelope(contract).signer(owner.id).attached.values()))
    return house.services.links.file_url(DocumentId(brought.file), Variant.LOOSE, now=house.now())


def test_nothing_that_nobody_asked_for_is_kept(house: House, client: Browser, davi: Signer) -> None:
    contract = house.send([davi])

    sent = {"file": ("c.pdf", contract_pdf(pages=1), "application/pdf")}
    answer = client.post(f"{house.link(davi)}/attachment", data={"attachment": new_uuid()}, files=sent)

    assert answer.status_code == 404
    assert house.envelope(contract).signer(davi.id).attached == {}
