"""Signers prove who they are, each way in a real browser: codes, camera, certificate, CPF, one click."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from lacre.kit.ids import AccountId, new_uuid
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.evidence import Identification
from lacre.signing.signer import Channel, Photo
from tests.support.browser import Desk
from tests.support.house import House, person
from tests.support.icp_brasil import PASSWORD, IcpBrasil
from tests.support.receiver import Receiver, status
from tests.support.visitor import Visitor, new_account

CPF = "52998224725"
ICP = IcpBrasil()
GATEWAY = {"to": "{digits}", "text": "{text}"}


@pytest.fixture(scope="module")
def gateway() -> Iterator[Receiver]:
    with Receiver() as listening:
        listening.answers(status(200, b'{"id": "m-1"}'))
        yield listening


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, gateway: Receiver) -> Iterator[House]:
    """With gateways for phones, and roots for certificates."""
    folder = tmp_path_factory.mktemp("proving")
    described = json.dumps({"url": gateway.url, "json": GATEWAY, "success": {"id_path": "id"}})
    with House(
        folder, working=True, sms_gateway=described, whatsapp_gateway=described,
        trusted_roots=ICP.roots_in(folder / "roots"), egress_allow="127.0.0.0/8",
    ) as opened:  # fmt: skip
        yield opened


@pytest.fixture
def account(house: House) -> AccountId:
    return new_account(house, new_uuid())


def test_a_code_by_sms_and_photos_by_the_camera(
    house: House, gateway: Receiver, account: AccountId, desk: Desk
) -> None:
    bruno = replace(
        person("Bruno Dias", sms_code=True, selfie=True, document_photo=True, message="Obrigado, Bruno."),
        phone="11 98888-7777", qualification="testemunha",
    )  # fmt: skip
    bruno.options = replace(bruno.options, redirect_url="https://ped.test/fim", notify_by=(Channel.WHATSAPP,))
    bruno.options = replace(bruno.options, copy_by=(Channel.WHATSAPP,))
    contract = house.send([bruno], account=account)
    page = desk.page
    page.goto(link_in(gateway))
    desk.look("sms-1-read")
    press(page, "Continuar")
    expect(page.get_by_role("button", name="Enviar o código")).to_be_visible()
    desk.look("sms-2-send")
    press(page, "Enviar o código")
    expect(page.get_by_text("por SMS para +55 •••• 7777")).to_be_visible()
    desk.look("sms-3-code")
    page.get_by_label("Código", exact=True).fill(code_in(gateway))
    press(page, "Confirmar")

    take_photo(page, "Seu documento, frente", desk, start=True)
    take_photo(page, "Seu documento, verso", desk)
    take_photo(page, "Seu rosto", desk)
    expect(page.get_by_role("heading", name="Preencha e assine")).to_be_visible()
    desk.draw()
    desk.look("sms-7-sign")
    sign(page)
    expect(page.get_by_role("link", name="Baixar assinado")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="Continuar")).to_have_attribute("href", "https://ped.test/fim")
    desk.look("sms-8-done")

    act = house.envelope(contract).acts[0]
    assert set(act.evidence.photos) == set(Photo)
    assert Identification.SMS_CODE in act.evidence.identified_by
    assert house.envelope(contract).signer(bruno.id).notified == {Channel.WHATSAPP: 1}
    assert "/files/" in gateway.wait_for(3, seconds=60)[2].json["text"]
    the_sender_sees(house, account, contract, desk)


def test_a_certificate_on_a_phone(house: House, phone: Desk) -> None:
    bruno = replace(person("Bruno Dias", certificate=True, draw=False, lock_name=True), tax_id=CPF)
    papers = [house.document(name="Contrato"), house.document(name="Anexo")]
    contract = house.send([bruno], documents=papers)
    page = phone.page
    page.goto(house.link(bruno))
    press(page, "Continuar")
    page.get_by_text("Próximo").locator("visible=true").first.click()
    forward = page.locator("[data-step=next]")
    forward.click()
    choose(page, "errada")
    phone.look("certificate-1-file")
    forward.click()
    press_sign(page, "Assinar 2 documentos")
    # a child is started to open it, which takes a while on a busy machine
    expect(page.get_by_text("A senha não abre este certificado.").first).to_be_visible(timeout=30_000)
    phone.look("certificate-2-wrong")
    choose(page, PASSWORD)
    forward.click()
    press_sign(page, "Assinar 2 documentos")
    expect(page.get_by_role("heading", name="Você assinou")).to_be_visible(timeout=30_000)
    expect(page.get_by_role("link", name="Baixar assinado").first).to_be_visible(timeout=30_000)
    phone.look("certificate-3-done")

    evidence = house.envelope(contract).acts[0].evidence
    assert evidence.certificate is not None
    assert evidence.certificate.tax_id == CPF


def test_a_cpf_that_fails_three_times_waits_for_the_sender(
    house: House, account: AccountId, phone: Desk
) -> None:
    bruno = replace(person("Bruno Dias", prove_tax_id=True), tax_id=CPF)
    contract = house.send([bruno], account=account)
    page = phone.page
    page.goto(house.link(bruno))
    press(page, "Continuar")
    for wrong in ("111.444.777-35", "1", "2"):
        page.get_by_label("CPF ou CNPJ").fill(wrong)
        press(page, "Confirmar")
        expect(page.locator("main [aria-busy]")).to_have_count(0)
    expect(page.get_by_text("Muitas tentativas falharam").first).to_be_visible()
    phone.look("cpf-1-locked")

    with Visitor(house, account) as ana:
        assert "Liberar novas tentativas" in ana.open(f"/app/envelopes/{contract.id}").text
        ana.send(f"/app/envelopes/{contract.id}/unlock", signer=bruno.id)

    page.get_by_label("CPF ou CNPJ").fill("529.982.247-25", timeout=30_000)
    phone.look("cpf-2-again")
    press(page, "Confirmar")
    expect(page.get_by_role("heading", name="Preencha e assine")).to_be_visible()


def test_one_click(house: House, phone: Desk) -> None:
    bruno = person("Bruno Dias", one_click=True, draw=False, message="São os termos de uso.")
    contract = house.send([bruno])
    page = phone.page
    token = house.services.links.signer_token(bruno.id, 0)
    page.goto(house.services.links.signing_url(token, one_click=True))
    page.get_by_text("Assinar", exact=True).locator("visible=true").first.click()
    page.get_by_label("Concordo").check()
    phone.look("oneclick-1")
    press_sign(page, "Assinar")
    expect(page.get_by_role("heading", name="Você assinou")).to_be_visible(timeout=30_000)

    assert len(house.envelope(contract).acts) == 1


def test_a_page_without_a_camera_takes_a_file(house: House, desk: Desk) -> None:
    house.send([bruno := person("Bruno Dias", selfie=True)])
    page = desk.page
    page.add_init_script("navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('none'))")
    page.goto(house.link(bruno))
    press(page, "Continuar")
    press(page, "Usar a câmera")
    expect(page.get_by_text("A câmera não pode ser usada aqui.")).to_be_visible()
    desk.look("camera-none")

    page.get_by_label("Ou escolha uma foto").set_input_files(
        {"name": "eu.jpg", "mimeType": "image/jpeg", "buffer": page.screenshot(type="jpeg")}
    )
    press(page, "Enviar esta foto")

    expect(page.get_by_role("heading", name="Preencha e assine")).to_be_visible()


def take_photo(page: Page, heading: str, desk: Desk, *, start: bool = False) -> None:
    """The camera stays on from one photo to the next."""
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    if start:
        desk.look("photo-0-before")
        press(page, "Usar a câmera")
    expect(page.locator("video")).to_be_visible()
    expect(page.locator("video")).to_have_js_property("readyState", 4)
    if start:
        desk.look("photo-1-looking")
    press(page, "Tirar a foto")
    expect(page.get_by_role("img", name="A foto que você tirou")).to_be_visible()
    if start:
        desk.look("photo-2-taken")
    press(page, "Enviar esta foto")


def the_sender_sees(house: House, account: AccountId, contract: Envelope, desk: Desk) -> None:
    house.work_until(lambda: house.envelope(contract).status is EnvelopeStatus.COMPLETED)
    with Visitor(house, account) as ana:
        secret = ana.client.cookies["lacre"]
        page = desk.page
        page.context.add_cookies([{"name": "lacre", "value": secret, "url": house.url}])
        page.goto(f"{house.url}/app/envelopes/{contract.id}")
        expect(page.get_by_role("img", name="Selfie, Bruno Dias")).to_have_js_property("complete", value=True)
        desk.look("console-1-photos")
        page.locator("#mails li", has_text="SMS").get_by_role("link").click()
        expect(page.locator(".phone-message")).to_be_visible()
        desk.look("console-2-message")


def link_in(gateway: Receiver) -> str:
    """In the message that came last."""
    gateway.wait_for(1, seconds=60)
    found = re.search(r"http\S+", gateway.heard[-1].json["text"])
    assert found is not None
    return found.group()


def code_in(gateway: Receiver) -> str:
    said = gateway.heard[-1].json
    found = re.search(r"\b\d{6}\b", said["text"])
    assert found is not None, said
    assert said["to"] == "5511988887777"
    return found.group()


def choose(page: Page, password: str) -> None:
    p12 = ICP.person("BRUNO DIAS", cpf=CPF).p12
    page.get_by_label("Arquivo do certificado").set_input_files(
        {"name": "bruno.pfx", "mimeType": "application/x-pkcs12", "buffer": p12}
    )
    page.get_by_label("Senha do certificado").fill(password)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).locator("visible=true").first.click()


def press_sign(page: Page, name: str) -> None:
    page.get_by_label("Concordo").check()
    press(page, name)


def sign(page: Page) -> None:
    press_sign(page, "Assinar")
