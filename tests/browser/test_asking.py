"""A signer on a phone types the code that was agreed on, brings a file, fills in what is asked, and signs."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import expect

from lacre.kit.ids import AttachmentId, new_uuid
from lacre.signing.asking import AnswerKind, Question, Wanted
from lacre.signing.signer import Passcode
from tests.support.browser import Desk
from tests.support.house import House, person
from tests.support.pdfs import contract_pdf
from tests.support.visitor import Visitor, new_account


def test_what_a_sender_asks_is_given_on_a_phone(house: House, phone: Desk, tmp_path: Path) -> None:
    davi = person("Davi Nunes", lock_name=True)
    wanted = Wanted(id=AttachmentId(new_uuid()), name="Comprovante de residência")
    davi.options = replace(
        davi.options,
        passcode=Passcode(hidden=house.services.tokens.hide("4711"), channel=None),
        attachments=(wanted,),
        questions=(
            Question(key="cpf", label="CPF", kind=AnswerKind.CPF, known="52998224725", check=True),
            Question(key="empresa", label="Nome da empresa", known="Padaria Sol"),
        ),
    )
    contract = house.send([davi])
    (tmp_path / "conta.pdf").write_bytes(contract_pdf(pages=1))
    page = phone.page

    page.goto(house.link(davi))
    page.get_by_role("button", name="Continuar").click()
    page.get_by_label("Código").fill("4711")
    findings = phone.findings_in_both_themes()
    page.get_by_role("button", name="Confirmar").click()
    page.get_by_label("Comprovante de residência").set_input_files(tmp_path / "conta.pdf")
    findings += phone.findings_in_both_themes()
    page.get_by_role("button", name="Anexar").click()
    expect(page.get_by_role("link", name="conta.pdf")).to_be_attached()
    page.get_by_label("CPF").fill("529.982.247-25")
    findings += phone.findings_in_both_themes()

    assert findings == []
    assert house.envelope(contract).signer(davi.id).attached.keys() == {wanted.id}


def test_a_code_that_nothing_sends_is_told_by_the_sender(house: House, phone: Desk, desk: Desk) -> None:
    account = new_account(house)
    bruno = replace(person("Bruno Dias", sms_code=True), phone="11 98888-7777")
    contract = house.send([bruno], account=account)
    signing, console = phone.page, desk.page
    signing.goto(house.link(bruno))
    signing.get_by_role("button", name="Continuar").click()
    expect(signing.get_by_role("button", name="Gerar o código")).to_be_visible()
    phone.look("told-1-ask")
    signing.get_by_role("button", name="Gerar o código").click()
    expect(signing.get_by_text("Quem enviou este documento o vê")).to_be_visible()
    phone.look("told-2-type")

    with Visitor(house, account) as ana:
        secret = ana.client.cookies["lacre"]
    console.context.add_cookies([{"name": "lacre", "value": secret, "url": house.url}])
    console.goto(f"{house.url}/app/envelopes/{contract.id}")
    expect(console.get_by_text("Bruno Dias pediu um código que não saiu deste servidor.")).to_be_visible()
    desk.look("told-3-console")
    console.get_by_role("link", name="Ver o código").click()
    code = re.search(r"\b\d{6}\b", console.locator(".phone-message").inner_text())
    desk.look("told-4-message")

    assert code
    signing.get_by_label("Código", exact=True).fill(code[0])
    signing.get_by_role("button", name="Confirmar").click()
    expect(signing.get_by_role("heading", name="Preencha e assine")).to_be_visible()
    console.goto(f"{house.url}/app/envelopes/{contract.id}")
    expect(console.get_by_role("link", name="Ver o código")).to_have_count(0)
