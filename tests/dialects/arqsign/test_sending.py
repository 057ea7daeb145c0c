"""Processes sent: what may be said, what comes of it, and what is refused with which sentence."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from lacre.dialects.arqsign.errors import TWICE_IN_ORDER
from lacre.dialects.arqsign.process import people
from lacre.signing.envelope import EnvelopeStatus
from lacre.signing.signer import Channel
from tests.support.arqsign_desk import PROCESSES, ArqDesk, file, online, recipient
from tests.support.pdfs import contract_pdf

CODE = {"codigoSeguranca": "4711", "idMeioEnvio": 4, "reenviarCodigo": True}
BOX = {"pagina": 1, "altura": 20, "largura": 60, "posicaoX": 30, "posicaoY": 250}


def test_a_process_is_sent_at_once_and_names_its_files_and_people(desk: ArqDesk) -> None:
    made = desk.send()

    envelope = desk.envelope(made["idProcesso"])
    assert envelope.status is EnvelopeStatus.PENDING
    assert made["IdProcesso"] == envelope.id
    assert [(one["id"], one["ordem"], one["nome"]) for one in made["documentos"]] == [
        (envelope.documents[0].id, 1, "contrato.pdf")
    ]
    assert [(one["nomeSignatario"], one["formaEnvio"]) for one in made["destinatarios"]] == [
        ("Bruno", "E-mail"),
        ("Carla", "E-mail"),
    ]


def test_it_waits_until_somebody_signs_is_under_way_then_and_done_at_the_end(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]
    states = [desk.status(made)]

    for position in (0, 1):
        desk.sign(made, position)
        states.append(desk.status(made))

    assert states == ["Aguardando", "Em processo", "Concluído"]


def test_the_order_of_signing_groups_people(desk: ArqDesk) -> None:
    whom = [recipient("Bruno", ordemAssinatura=2), recipient("Carla", ordemAssinatura=1)]

    made = desk.send(usarOrdemAssinatura=True, destinatarios=whom)["idProcesso"]

    envelope = desk.envelope(made)
    assert [one.group for one in envelope.signers] == [1, 0]
    assert envelope.options.sequential


def test_people_may_be_reached_by_whatsapp_and_get_copies(desk: ArqDesk) -> None:
    whom = [
        recipient("Bruno", email=None, telefone="(11) 99999-8888"),
        recipient("Davi", idTipoAcao=2, assinarOnline=None),
    ]

    made = desk.send(destinatarios=whom)["idProcesso"]

    bruno, davi = desk.envelope(made).signers
    assert (bruno.whole_phone, bruno.options.notify_by) == ("+5511999998888", (Channel.WHATSAPP,))
    assert (davi.signs, davi.options.copy_by) == (False, (Channel.EMAIL,))


def test_people_await_a_message_until_one_leaves_and_a_copy_until_the_end(desk: ArqDesk) -> None:
    copy = recipient("Davi", idTipoAcao=2, assinarOnline=None)
    made = desk.send(destinatarios=[recipient("Bruno"), copy])["idProcesso"]

    seen = [awaiting(desk, made)]
    desk.notified(made, kept=True)
    seen.append(awaiting(desk, made))
    desk.notified(made)
    seen.append(awaiting(desk, made))
    desk.sign(made, 0)
    seen.append(awaiting(desk, made))

    assert seen == [["true", "true"], ["true", "true"], ["false", "true"], ["false", "false"]]


def awaiting(desk: ArqDesk, process: str) -> list[str]:
    return [one["aguardandoEnvio"] for one in people(desk.envelope(process))]


def test_places_are_millimetres_from_the_top_left(desk: ArqDesk) -> None:
    manual = online(definirPosicaoAssinaturaManual=[{"documentoDeOrdem": 1, "pessoaFisica": BOX}])

    made = desk.send(
        usarPosicaoAssinaturaAutomatica=False, destinatarios=[recipient("Bruno", assinarOnline=manual)]
    )

    envelope = desk.envelope(made["idProcesso"])
    (field,) = envelope.fields
    page = envelope.documents[0].pages[0]
    assert field.place.left == pytest.approx(30 * 72 / 25.4 / page.width * 100)
    assert field.place.bottom == pytest.approx(100 - (250 + 20) * 72 / 25.4 / page.height * 100)


def test_only_the_places_of_what_somebody_signs_as_are_taken(desk: ArqDesk) -> None:
    """Their only file needs no number; of who signs as a person, a company's box says nothing."""
    low = {**BOX, "posicaoY": 30}
    place = {"documentoDeOrdem": 5, "pessoaFisica": BOX, "pessoaJuridica": low}
    whom = [
        recipient("Bruno", assinarOnline=online(definirPosicaoAssinaturaManual=[place], assinarComo=kind))
        for kind in (1, 2, 3)
    ]
    whom = [{**one, "email": f"{place}@x.test"} for place, one in enumerate(whom)]

    made = desk.send(usarPosicaoAssinaturaAutomatica=False, destinatarios=whom)["idProcesso"]

    envelope = desk.envelope(made)
    boxes = [len([one for one in envelope.fields if one.signer_id == who.id]) for who in envelope.signers]
    assert boxes == [1, 1, 2]


def test_what_is_known_of_a_person_goes_up_to_250_signs(desk: ArqDesk) -> None:
    known = online(
        assinaturaEletronica={"obrigarSignatarioInformarNome": True},
        dadosAssinatura={"signatario": {"nome": "x" * 250, "validarDocumento": 1}},
    )

    made = desk.send(destinatarios=[recipient("Bruno", assinarOnline=known)])["idProcesso"]

    (question,) = desk.envelope(made).signers[0].options.questions
    assert question.known == "x" * 250


def test_who_signs_with_a_certificate_is_asked_nothing_more(desk: ArqDesk) -> None:
    known = online(
        idTipoAssinatura=3,
        papelPessoaJuridica=["Contratante"],
        dadosAssinatura={"signatario": {"numeroDocumento": "529.982.247-25", "validarDocumento": 1}},
    )

    made = desk.send(destinatarios=[recipient("Bruno", assinarOnline=known)])["idProcesso"]

    (bruno,) = desk.envelope(made).signers
    assert (bruno.options.questions, bruno.qualification) == ((), "")


def test_a_file_may_lie_elsewhere_and_a_link_be_given_to_who_is_told_nothing(desk: ArqDesk) -> None:
    """Their version 3."""
    desk.installation.shelf.files["https://files.test/a.pdf"] = contract_pdf(pages=1)
    whom = [recipient("Bruno", alterarNotificacoes=1, retornarLinkProcesso=1), recipient("Carla")]
    there = [{"nomeComExtensao": "a.pdf", "linkDoArquivo": "https://files.test/a.pdf"}]

    said = desk.process(destinatarios=whom, documentos=there)
    made = desk.call("POST", "api/v3/processo/enviar-documento-para-assinar", said)

    bruno, carla = desk.envelope(made["idProcesso"]).signers
    assert (bruno.options.notify_by, carla.options.notify_by) == ((), (Channel.EMAIL,))
    token = desk.services.links.signer_token(bruno.id, 0)
    links = [one["linkProcesso"] for one in made["destinatarios"]]
    assert links == [f"https://lacre.test/verificar/{token}", None]
    assert made["destinatarios"][0]["formaEnvio"] == "E-mail"
    assert awaiting(desk, made["idProcesso"]) == ["false", "true"]


def test_files_are_kept_in_the_order_that_is_named(desk: ArqDesk) -> None:
    files = [file("b.pdf", ordemDocumento=2), file("a.pdf", ordemDocumento=1)]

    made = desk.send(documentos=files)

    assert [one["nome"] for one in made["documentos"]] == ["a.pdf", "b.pdf"]


def test_the_security_code_is_kept_hidden_and_said_back_to_its_sender(desk: ArqDesk) -> None:
    made = desk.send(destinatarios=[recipient("Bruno", assinarOnline=online(seguranca=CODE))])["idProcesso"]

    passcode = desk.envelope(made).signers[0].options.passcode
    assert passcode is not None
    assert "4711" not in passcode.hidden
    assert desk.read(made)["signatarios"][0]["seguranca"]["codigoSeguranca"] == "4711"


def test_what_is_asked_of_a_signer_becomes_questions(desk: ArqDesk) -> None:
    asked = online(
        assinarComo=3,
        assinaturaEletronica={
            "obrigarSignatarioInformarNome": True,
            "obrigarSignatarioInformarNumeroDocumento": True,
            "tipoDocumentoAInformar": 1,
            "obrigarSignatarioInformarNumeroDocumentoEmpresa": True,
            "tipoDocumentoEmpresaAInformar": 5,
        },
        dadosAssinatura={"signatario": {"nome": "Bruno Sá", "numeroDocumento": "529.982.247-25"}},
        anexos=[
            {"anexoDocumentoNome": "RG", "anexoObrigatorio": True, "anexoExibirTodosDestinatarios": False}
        ],
    )

    made = desk.send(destinatarios=[recipient("Bruno", assinarOnline=asked)])

    options = desk.envelope(made["idProcesso"]).signers[0].options
    assert [(one.label, one.known, one.check) for one in options.questions] == [
        ("Nome completo", "Bruno Sá", False),
        ("CPF", "529.982.247-25", False),
        ("CNPJ", "", False),
    ]
    assert [one["nome"] for one in made["destinatarios"][0]["configuracoesAnexos"]] == ["RG"]


def test_the_whole_process_is_read_with_its_files(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]

    read = desk.read(made)

    (document,) = read["documentos"]
    assert base64.b64decode(document["base64Documento"]) == contract_pdf(pages=1)
    assert base64.b64decode(document["registroAssinaturas"]["base64"]).startswith(b"%PDF")
    assert document["registroAssinaturas"]["nome"] == "contrato_Registro de assinaturas.pdf"


def test_a_process_is_read_with_links_and_without_records_where_that_is_asked(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]

    query = "arquivoTipo=2&retornarRegistroAssinatura=false"
    read = desk.call("GET", f"{PROCESSES}/{made}?{query}")

    (document,) = read["documentos"]
    assert document["linkParaBaixarDocumento"].startswith("https://lacre.test/files/")
    assert (document["base64Documento"], document["registroAssinaturas"]) == (None, None)
    assert (read["status"], read["idStatus"], read["signatarios"][0]["idTipoAcao"]) == ("Aguardando", 2, 1)


def test_who_only_gets_a_copy_is_none_of_the_signers(desk: ArqDesk) -> None:
    whom = [recipient("Bruno"), recipient("Davi", idTipoAcao=2, assinarOnline=None)]
    made = desk.send(destinatarios=whom)["idProcesso"]

    desk.sign(made, 0)

    said = desk.call("GET", f"api/v1/processo/{made}/dados-signatarios")

    (bruno,) = said["signatarios"]
    assert (bruno["nome"], bruno["assinado"], bruno["idTipoAcao"]) == ("Bruno", "true", 1)
    assert (said["idStatus"], said["dataConclusao"] is None, bruno["dataAssinatura"] is None) == (
        4,
        False,
        False,
    )


def test_names_come_in_any_case_and_paths_with_slashes_to_spare(desk: ArqDesk) -> None:
    said = {name.upper(): value for name, value in desk.process().items()}

    made = desk.call("POST", "v2//api/v2/Processo/Enviar-Documento-Para-Assinar", said)

    assert desk.envelope(made["idProcesso"]).title == "Locação"


# ── refused ──────────────────────────────────────────────────────────────────

WRONG: list[tuple[dict[str, Any], int, str]] = [
    ({"nomeDoProcesso": "x"}, 400, "Algum parâmetro está incorreto ou é inexistente."),
    ({"idPasta": None}, 400, "O(s) item(ns) listado(s) é(são) obrigatório(s): “idPasta”."),
    (
        {"idPasta": None, "usarOrdemAssinatura": None},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “idPasta, usarOrdemAssinatura”.",
    ),
    ({"idPasta": "x"}, 400, "O(s) item(ns) listado(s) está(ão) com o formato incorreto: “idPasta”."),
    (
        {"idPasta": "0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30"},
        400,
        "O(s) id(s) listado(s) não existe(m): “0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30”.",
    ),
    (
        {"usarOrdemAssinatura": True},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “ordemAssinatura”.",
    ),
    (
        {"documentos": [file("a.pdf"), file("b.pdf")]},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “ordemDocumento”.",
    ),
    (
        {"documentos": [{"nomeComExtensao": "a.pdf", "arquivo": "!"}]},
        400,
        "O(s) item(ns) listado(s) está(ão) com o formato incorreto: “arquivo”.",
    ),
    (
        {"documentos": [{"nomeComExtensao": "a.pdf", "arquivo": "bm8="}]},
        422,
        "O arquivo a.pdf é inválido. Somente é permitido arquivo do tipo PDF.",
    ),
    (
        {"documentos": [file("contrato")]},
        422,
        "O arquivo contrato é inválido. Somente é permitido arquivo do tipo PDF.",
    ),
    (
        {"documentos": [file("contrato.docx")]},
        422,
        "O arquivo contrato.docx é inválido. Somente é permitido arquivo do tipo PDF.",
    ),
    (
        {"documentos": [file(".pdf")]},
        422,
        "O arquivo .pdf é inválido. Somente é permitido arquivo do tipo PDF.",
    ),
    (
        {"documentos": [{"nomeComExtensao": "a.pdf"}]},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “arquivo”.",
    ),
    (
        {"documentos": [file("a.pdf", linkDoArquivo="https://files.test/a.pdf")]},
        422,
        "Somente é permitido informar linkDoArquivo ou arquivo.",
    ),
    (
        {"documentos": [{"nomeComExtensao": "a.pdf", "linkDoArquivo": "https://files.test/none.pdf"}]},
        422,
        "O link do arquivo a.pdf está inválido ou o arquivo não foi encontrado.",
    ),
    ({"nomeProcesso": None}, 400, "O(s) item(ns) listado(s) é(são) obrigatório(s): “nomeProcesso”."),
    ({"nomeProcesso": ""}, 400, "O(s) item(ns) listado(s) é(são) obrigatório(s): “nomeProcesso”."),
    (
        {"destinatarios": [recipient("B", alterarNotificacoes=1)]},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “retornarLinkProcesso”.",
    ),
    (
        {
            "destinatarios": [
                recipient("B", assinarOnline=online(assinaturaEletronica={"tipoDocumentoAInformar": 4}))
            ]
        },
        422,
        "O parâmetro configuracaoDocumentoOutro é obrigatório quando tipoDocumentoAInformar for igual a 4.",
    ),
    (
        {"destinatarios": [recipient("B", email=None)]},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “email”.",
    ),
    (
        {"destinatarios": [recipient("B", telefone="+5511999998888")]},
        422,
        "Somente é possível enviar o processo para um e-mail ou telefone. Escolha uma forma de envio.",
    ),
    (
        {"destinatarios": [recipient("B", idTipoAcao=2, assinarOnline=None)]},
        422,
        "Informe pelo menos um destinatário que assine o documento.",
    ),
    (
        {"destinatarios": [recipient("B"), recipient("Outro", email="B@x.test")]},
        422,
        TWICE_IN_ORDER,
    ),
    (
        {"usarPosicaoAssinaturaAutomatica": False},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “definirPosicaoAssinaturaManual”.",
    ),
    (
        {"destinatarios": []},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “destinatarios”.",
    ),
    (
        {"destinatarios": [recipient("B", nome="")]},
        400,
        "O(s) item(ns) listado(s) é(são) obrigatório(s): “nome”.",
    ),
]


def test_what_is_left_empty_is_as_if_not_said(desk: ArqDesk) -> None:
    blank = online(mensagemPersonalizada={"titulo": "", "texto": ""}, papelPessoaFisica=[])

    made = desk.send(destinatarios=[recipient("Bruno", telefone="", assinarOnline=blank)])["idProcesso"]

    (bruno,) = desk.envelope(made).signers
    assert (bruno.phone, bruno.options.message) == ("", "")


def test_a_body_that_is_no_object_has_no_item_to_name(desk: ArqDesk) -> None:
    sentence = "Algum parâmetro está incorreto ou é inexistente."

    for path, said in ((f"{PROCESSES}/enviar-documento-para-assinar", []), ("api/v1/confwebhook", "x")):
        assert desk.refused("POST", path, said) == (400, sentence)


@pytest.mark.parametrize(("said", "status", "sentence"), WRONG, ids=[one[2][:60] for one in WRONG])
def test_what_is_wrong_is_said_in_their_sentence(
    desk: ArqDesk, said: dict[str, Any], status: int, sentence: str
) -> None:
    assert desk.not_sent(**said) == (status, sentence)


PLACED: list[tuple[dict[str, Any], str]] = [
    (
        {"definirPosicaoAssinaturaManual": [{"pessoaJuridica": BOX}]},
        "É necessário enviar os parâmetros pessoaFisica em definirPosicaoAssinaturaManual para os signatários"
        " com o parâmetro assinarComo = 1 ou 3 em todos os arquivos do processo.",
    ),
    (
        {"assinarComo": 3, "definirPosicaoAssinaturaManual": [{"pessoaFisica": BOX}]},
        "É necessário enviar os parâmetros pessoaJuridica em definirPosicaoAssinaturaManual para os"
        " signatários com o parâmetro assinarComo = 2 ou 3 em todos os arquivos do processo.",
    ),
    (
        {"definirPosicaoAssinaturaManual": [{"pessoaFisica": BOX}, {"pessoaFisica": BOX}]},
        "Somente é permitido uma representação por tipo de assinatura.",
    ),
    (
        {"definirPosicaoAssinaturaManual": [{"pessoaFisica": {**BOX, "pagina": 7}}]},
        "A página “7” não existe no arquivo.",
    ),
]


@pytest.mark.parametrize(("said", "sentence"), PLACED)
def test_places_have_to_be_whole(desk: ArqDesk, said: dict[str, Any], sentence: str) -> None:
    whom = [recipient("Bruno", assinarOnline=online(**said))]

    assert desk.not_sent(usarPosicaoAssinaturaAutomatica=False, destinatarios=whom) == (422, sentence)


def test_a_file_that_is_not_there_has_no_places(desk: ArqDesk) -> None:
    places = [{"documentoDeOrdem": order, "pessoaFisica": BOX} for order in (1, 2, 3)]
    whom = [recipient("Bruno", assinarOnline=online(definirPosicaoAssinaturaManual=places))]
    files = [file("a.pdf", ordemDocumento=1), file("b.pdf", ordemDocumento=2)]

    assert desk.not_sent(usarPosicaoAssinaturaAutomatica=False, destinatarios=whom, documentos=files) == (
        422,
        "Não existe o documento na ordem 3 informada no parâmetro “documentoDeOrdem”.",
    )


def test_a_place_that_leaves_the_page_is_refused(desk: ArqDesk) -> None:
    beside = {**BOX, "posicaoX": 200}
    manual = online(definirPosicaoAssinaturaManual=[{"documentoDeOrdem": 1, "pessoaFisica": beside}])

    status, why = desk.not_sent(
        usarPosicaoAssinaturaAutomatica=False, destinatarios=[recipient("Bruno", assinarOnline=manual)]
    )

    assert (status, why) == (422, "Posicionamento definirPosicaoAssinaturaManual fora dos limites da página.")


def test_the_sender_is_one_of_the_accounts_people(desk: ArqDesk, stranger: ArqDesk) -> None:
    assert desk.not_sent(idResponsavel=stranger.sender) == (
        400,
        f"O(s) id(s) listado(s) não existe(m): “{stranger.sender}”.",
    )
