"""Whatever a client sends is answered with success or one of their sentences, and never breaks the server."""

from __future__ import annotations

import copy
from collections.abc import Iterator, MutableMapping, MutableSequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dialects.arqsign.test_webhooks_api import webhook
from tests.support.arqsign_desk import PROCESSES, ArqDesk, file, online, recipient

ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.just(10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40),
    st.text(alphabet="é\u202e\U0001f600ß%_\\\\", max_size=300),
    st.sampled_from(
        ["", "true", "4711", "x@y.test", "+5511999998888", "0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30"]
    ),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.integers(), max_size=2),
)
TRIES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
RESENT = (
    "nome",
    "email",
    "telefone",
    "idFormaEnvioProcesso",
    "idMeioEnvioCodigoSeguranca",
    "dadosAssinatura",
)
BOX = {"pagina": 1, "altura": 20, "largura": 60, "posicaoX": 30, "posicaoY": 250}
RICH = {
    "configuracoesAvancadas": {
        "tempoExpiracaoDocumentoDias": 5,
        "gerarQrCode": 1,
        "frequenciaLembretesDias": 2,
    },
    "mensagemPadrao": {"titulo": "Olá", "texto": "Assine"},
    "usarPosicaoAssinaturaAutomatica": False,
    "destinatarios": [
        recipient(
            "Bruno",
            ordemAssinatura=1,
            representacaoVisualAssinatura=2,
            assinarOnline=online(
                assinarComo=3,
                papelPessoaJuridica=["Sócio"],
                seguranca={
                    "codigoSeguranca": "4711",
                    "idMeioEnvio": 1,
                    "codigoSegurancaTelefone": "11999998888",
                },
                anexos=[
                    {
                        "anexoDocumentoNome": "RG",
                        "anexoObrigatorio": True,
                        "anexoExibirTodosDestinatarios": True,
                    }
                ],
                definirPosicaoAssinaturaManual=[
                    {"documentoDeOrdem": 1, "pessoaFisica": BOX, "pessoaJuridica": BOX}
                ],
                assinaturaEletronica={
                    "obrigarSignatarioInformarNumeroDocumento": True,
                    "tipoDocumentoAInformar": 4,
                    "configuracaoDocumentoOutro": {"nomeDocumento": "Matrícula", "formatoDadosDocumento": 2},
                },
                dadosAssinatura={
                    "signatario": {"numeroDocumento": "1", "validarDocumento": 1},
                    "dadosComplementares": [{"label": "Setor", "valor": "A"}],
                },
            ),
        ),
    ],
    "documentos": [file("contrato.pdf", ordemDocumento=1)],
}


def places(said: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    """Where something stands in it, at every depth."""
    items = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for name, value in items:
        yield (*path, name)
        yield from places(value, (*path, name))


def changed(said: Any, path: tuple[Any, ...], value: object) -> Any:  # noqa: ANN401 - JSON
    new = copy.deepcopy(said)
    within: MutableMapping[Any, Any] | MutableSequence[Any] = new
    for part in path[:-1]:
        within = within[part]
    within[path[-1]] = value
    return new


def sane(desk: ArqDesk, method: str, path: str, said: object) -> int:
    answer = desk.ask(method, path, said)
    code = int(answer.status_code)
    assert code in (200, 201, 400, 422), (code, answer.text, said)
    if code >= 400:
        assert answer.json()["mensagem"]
    return code


def test_a_process_with_everything_is_sent(desk: ArqDesk) -> None:
    assert sane(desk, "POST", f"{PROCESSES}/enviar-documento-para-assinar", desk.process(**RICH)) == 200


@TRIES
@given(data=st.data())
def test_any_process(desk: ArqDesk, data: st.DataObject) -> None:
    whole = desk.process(**RICH)
    path = data.draw(st.sampled_from(sorted(places(whole), key=str)))

    sane(desk, "POST", f"{PROCESSES}/enviar-documento-para-assinar", changed(whole, path, data.draw(ODD)))


@TRIES
@given(data=st.data())
def test_any_resend(desk: ArqDesk, data: st.DataObject) -> None:
    made = desk.send()
    who = made["destinatarios"][0]["idProcessoDestinatario"]
    names = (
        "nome",
        "email",
        "telefone",
        "idFormaEnvioProcesso",
        "idMeioEnvioCodigoSeguranca",
        "dadosAssinatura",
    )
    said = {"idProcessoDestinatario": who, data.draw(st.sampled_from(names)): data.draw(ODD)}

    sane(desk, "PATCH", f"{PROCESSES}/{made['idProcesso']}/reenviar-processo", [said])


@TRIES
@given(data=st.data())
def test_any_webhook(desk: ArqDesk, data: st.DataObject) -> None:
    whole = webhook(usuarios=[desk.sender], pastas=[desk.root])
    path = data.draw(st.sampled_from(sorted(places(whole), key=str)))

    sane(desk, "POST", "api/v1/confwebhook", changed(whole, path, data.draw(ODD)))


@TRIES
@given(said=ODD, more=ODD)
def test_any_question_about_the_account(desk: ArqDesk, said: object, more: object) -> None:
    sane(desk, "POST", "api/v1/diretorio/buscar-pastas", {"buscarPor": said, "pastas": more})
    sane(desk, "POST", "api/v1/usuarios/buscar-usuarios", {"ativos": said, "usuarios": more})
    usage = {"dataInicial": said, "dataFinal": more, "item": 0}
    sane(desk, "POST", "api/v1/conta/buscar-consumo-itens-assinatura", usage)
    sane(desk, "POST", "api/v1/conta/buscar-consumo-itens-assinatura", said)
