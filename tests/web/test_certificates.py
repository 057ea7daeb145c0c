"""Signing in the page with a certificate of one's own: what is refused, what is kept and what never is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest

from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.evidence import Identification
from lacre.signing.signer import Signer
from lacre.signing.verification import Verification
from tests.support.house import House, person
from tests.support.icp_brasil import PASSWORD, IcpBrasil
from tests.support.signing_form import signing_form

CPF = "52998224725"
ICP = IcpBrasil()
Browser = httpx2.Client


@pytest.fixture(scope="module")
def certified_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("certified")
    with House(folder, trusted_roots=ICP.roots_in(folder / "roots")) as opened:
        yield opened


def test_the_signers_own_signature_is_in_the_sealed_file(
    certified_house: House, client: Browser, tmp_path: Path
) -> None:
    house = certified_house
    contract, bruno = asked(house)

    answer = sign(client, house, contract, bruno, ICP.person("BRUNO DIAS", cpf=CPF).p12)
    house.work_until(lambda: house.envelope(contract).status is EnvelopeStatus.COMPLETED)

    assert answer.status_code == 303
    act = house.envelope(contract).acts[0]
    assert act.evidence.certificate is not None
    assert act.evidence.certificate.subject == f"BRUNO DIAS:{CPF}"
    assert act.evidence.identified_by == (Identification.LINK, Identification.CERTIFICATE)
    assert house.envelope(contract).signer(bruno.id).tax_id == CPF
    judged = verified(house, contract, tmp_path)
    assert judged.all_valid
    assert [one.ours for one in judged.signatures] == [True, False, True]
    assert all(one.trusted for one in judged.signatures)


@pytest.mark.parametrize(
    ("p12", "password", "said"),
    [
        (ICP.person("B", cpf=CPF).p12, "errada", "A senha não abre este certificado."),
        (b"%PDF-1.7", PASSWORD, "Escolha o arquivo PFX ou P12"),
        (ICP.person("B", cpf=CPF, ends=datetime(2026, 2, 1, tzinfo=UTC)).p12, PASSWORD, "venceu"),
        (ICP.person("B", cpf=CPF, begins=datetime(2080, 1, 1, tzinfo=UTC)).p12, PASSWORD, "ainda não"),
        (IcpBrasil().person("B", cpf=CPF).p12, PASSWORD, "não foi emitido na ICP-Brasil"),
        (ICP.person("B").p12, PASSWORD, "não informa CPF nem CNPJ"),
        (b"", "", "é assinado com o seu próprio certificado"),
    ],
    ids=["password", "no certificate", "expired", "not yet", "another root", "nameless", "none"],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_file_and_nothing_goes_back(
    certified_house: House, client: Browser, p12: bytes, password: str, said: str
) -> None:
    contract, bruno = asked(certified_house)

    page = sign(client, certified_house, contract, bruno, p12, password)

    assert page.status_code == 422
    assert said in page.text
    assert not password or password not in page.text
    assert certified_house.envelope(contract).acts == []


def test_anothers_certificate_counts_as_a_failed_attempt(certified_house: House, client: Browser) -> None:
    contract, bruno = asked(certified_house, tax_id="11144477735")
    theirs = ICP.person("BRUNO DIAS", cpf=CPF).p12

    pages = [sign(client, certified_house, contract, bruno, theirs).text for _ in range(3)]

    assert "é de outro CPF ou CNPJ" in pages[0]
    assert "Muitas tentativas falharam" in pages[2]
    assert certified_house.envelope(contract).signer(bruno.id).locked_out


def test_neither_key_nor_password_is_on_the_disk(
    certified_house: House, client: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    contract, bruno = asked(certified_house)
    issued = ICP.person("BRUNO DIAS", cpf=CPF, password="canario-da-senha")

    sign(client, certified_house, contract, bruno, issued.p12, "canario-da-senha")

    kept = [file for file in certified_house.settings.data_dir.rglob("*") if file.is_file()]
    held = [
        file.name for file in kept if b"canario-da-senha" in (read := file.read_bytes()) or issued.p12 in read
    ]
    assert len(certified_house.envelope(contract).acts) == 1
    assert held == []
    assert "canario" not in caplog.text


def asked(house: House, *, tax_id: str = "") -> tuple[Envelope, Signer]:
    bruno = replace(person("Bruno Dias", certificate=True, draw=False), tax_id=tax_id)
    return house.send([bruno]), bruno


def sign(
    client: Browser, house: House, contract: Envelope, signer: Signer, p12: bytes, password: str = PASSWORD
) -> httpx2.Response:
    client.post(f"{house.link(signer)}/read")
    form = signing_form(contract, certificate_password=password)
    return client.post(f"{house.link(signer)}/sign", data=form, files={"certificate": ("meu.pfx", p12)})


def verified(house: House, contract: Envelope, folder: Path) -> Verification:
    sealed = house.envelope(contract).documents[0].sealed
    assert sealed is not None
    file = folder / "sealed.pdf"
    house.services.files.copy(sealed, file)
    return house.services.verifier.verify(file)
