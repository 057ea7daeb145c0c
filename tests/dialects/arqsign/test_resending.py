"""PATCH reenviar-processo and cancelar-processo: who is reached anew, and when nobody can be."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from lacre.signing.envelope import EnvelopeStatus
from lacre.signing.signer import Channel
from tests.support.arqsign_desk import PROCESSES, ArqDesk, online, recipient
from tests.support.zapsign_desk import queued

CODE = {
    "codigoSeguranca": "4711",
    "idMeioEnvio": 3,
    "codigoSegurancaEmail": "b@x.test",
    "reenviarCodigo": True,
}


def resend(desk: ArqDesk, process_id: str, said: list[dict[str, Any]]) -> Any:  # noqa: ANN401
    return desk.call("PATCH", f"{PROCESSES}/{process_id}/reenviar-processo", said)


def not_resent(desk: ArqDesk, process_id: str, said: list[dict[str, Any]]) -> tuple[int, str]:
    return desk.refused("PATCH", f"{PROCESSES}/{process_id}/reenviar-processo", said)


def test_a_plain_resend_reaches_all_who_still_have_to_sign(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]
    desk.sign(made, 0)

    answered = resend(desk, made, [])

    assert [one["nome"] for one in answered] == ["Carla"]


def test_who_is_named_is_reached_and_nobody_else(desk: ArqDesk) -> None:
    made = desk.send()
    carla = made["destinatarios"][1]["idProcessoDestinatario"]
    queued(desk, made["idProcesso"])

    answered = resend(desk, made["idProcesso"], [{"idProcessoDestinatario": carla}])

    after = desk.envelope(made["idProcesso"])
    assert [job["signer_id"] for job in queued(desk, made["idProcesso"])] == [carla]
    assert [one.link_generation for one in after.signers] == [0, 1]
    assert [one["nome"] for one in answered] == ["Bruno", "Carla"]


def test_links_and_expiry_are_new_for_those_who_wait(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]
    before = desk.envelope(made)
    desk.installation.clock.push(days=2)

    resend(desk, made, [])

    after = desk.envelope(made)
    assert [one.link_generation for one in after.signers] == [1, 1]
    assert before.expires_at
    assert after.expires_at
    assert after.expires_at - before.expires_at > timedelta(days=1)
    assert desk.read(made)["dataReenvio"] is not None


def test_an_expired_process_is_opened_again(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]
    desk.expire(made)
    assert (desk.envelope(made).status, desk.status(made)) == (EnvelopeStatus.EXPIRED, "Aguardando")

    resend(desk, made, [])

    assert desk.envelope(made).open


def test_a_contact_is_changed_before_the_message_goes_out(desk: ArqDesk) -> None:
    made = desk.send(destinatarios=[recipient("Bruno", assinarOnline=online(seguranca=CODE))])
    who = made["destinatarios"][0]["idProcessoDestinatario"]

    answered = resend(
        desk,
        made["idProcesso"],
        [
            {
                "idProcessoDestinatario": who,
                "idFormaEnvioProcesso": 2,
                "telefone": "+55 11 98888-7777",
                "idMeioEnvioCodigoSeguranca": 1,
                "telefoneSeguranca": "+55 11 98888-7777",
            }
        ],
    )

    (bruno,) = desk.envelope(made["idProcesso"]).signers
    assert answered[0]["formaEnvioProcesso"] == "WhatsApp"
    assert (bruno.options.notify_by, bruno.whole_phone) == ((Channel.WHATSAPP,), "+5511988887777")
    assert bruno.options.passcode is not None
    assert (bruno.options.passcode.channel, bruno.options.passcode.address) == (Channel.SMS, "+5511988887777")


KNOWN = {"signatario": {"nome": "Bruno", "numeroDocumento": "529.982.247-25", "validarDocumento": 1}}
NAMED = {"obrigarSignatarioInformarNome": True}


@pytest.mark.parametrize(
    ("said", "after"),
    [
        ({"nome": "Bruno Sá"}, [("Bruno Sá", False), ("529.982.247-25", True)]),
        ({"numeroDocumento": "111.444.777-35"}, [("Bruno", False), ("111.444.777-35", False)]),
        ({"nome": "Bruno Sá", "DescartarDadosAnteriores": 1}, [("Bruno Sá", False), ("", False)]),
    ],
)
def test_a_number_goes_on_being_compared_until_it_is_said_anew(
    desk: ArqDesk, said: dict[str, object], after: list[tuple[str, bool]]
) -> None:
    asked = online(assinaturaEletronica=NAMED, dadosAssinatura=KNOWN)
    made = desk.send(destinatarios=[recipient("Bruno", assinarOnline=asked)])
    who = made["destinatarios"][0]["idProcessoDestinatario"]

    resend(
        desk, made["idProcesso"], [{"idProcessoDestinatario": who, "dadosAssinatura": {"signatario": said}}]
    )

    (bruno,) = desk.envelope(made["idProcesso"]).signers
    assert [(one.known, one.check) for one in bruno.options.questions] == after


def test_who_signs_with_a_certificate_is_not_reached_by_whatsapp(desk: ArqDesk) -> None:
    made = desk.send(destinatarios=[recipient("Bruno", assinarOnline=online(idTipoAssinatura=3))])
    who = made["destinatarios"][0]["idProcessoDestinatario"]
    said = {"idProcessoDestinatario": who, "idFormaEnvioProcesso": 2, "telefone": "+5511988887777"}

    status, why = not_resent(desk, made["idProcesso"], [said])

    assert (status, why[:54]) == (422, "Somente é possível enviar processos por WhatsApp para ")


def test_only_people_of_the_process_who_wait_can_be_changed(desk: ArqDesk) -> None:
    made = desk.send()
    process_id = made["idProcesso"]
    bruno = made["destinatarios"][0]["idProcessoDestinatario"]
    desk.sign(process_id, 0)
    nobody = "0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30"

    assert not_resent(desk, process_id, [{"idProcessoDestinatario": bruno}]) == (
        422,
        "O destinatário não está pendente de assinatura.",
    )
    assert not_resent(desk, process_id, [{"idProcessoDestinatario": nobody}])[0] == 400


def test_without_the_new_address_nobody_can_be_reached_another_way(desk: ArqDesk) -> None:
    made = desk.send()
    who = made["destinatarios"][0]["idProcessoDestinatario"]

    status, why = not_resent(
        desk, made["idProcesso"], [{"idProcessoDestinatario": who, "idFormaEnvioProcesso": 2}]
    )

    assert (status, why) == (400, "O(s) item(ns) listado(s) é(são) obrigatório(s): “telefone”.")


# ── canceling ────────────────────────────────────────────────────────────────


def cancel(desk: ArqDesk, process_id: str) -> tuple[int, str]:
    answer = desk.ask("PATCH", f"api/v1/processo/{process_id}/cancelar-processo")
    return answer.status_code, answer.text


def test_what_is_canceled_says_so_from_then_on(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]

    assert cancel(desk, made) == (200, "Documento cancelado com sucesso")

    assert (desk.status(made), desk.read(made)["usuarioCancelamento"]) == ("Cancelado", "API")


@pytest.mark.parametrize(
    ("end", "sentence"),
    [("complete", "Documento concluído."), ("cancel", "Documento cancelado.")],
)
def test_what_has_ended_is_neither_canceled_nor_sent_again(desk: ArqDesk, end: str, sentence: str) -> None:
    made = desk.send()["idProcesso"]
    if end == "complete":
        desk.sign(made, 0)
        desk.sign(made, 1)
    else:
        cancel(desk, made)

    refused = desk.refused("PATCH", f"api/v1/processo/{made}/cancelar-processo")

    assert refused == not_resent(desk, made, []) == (422, sentence)


def test_a_deleted_process_says_so(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]
    desk.change(made, lambda one: one.delete(now=desk.installation.clock()))

    assert desk.refused("GET", f"{PROCESSES}/{made}") == (400, "Documento excluído.")


def test_nobody_sees_or_changes_another_accounts_process(desk: ArqDesk, stranger: ArqDesk) -> None:
    made = desk.send()["idProcesso"]

    for method, path, said in (
        ("GET", f"{PROCESSES}/{made}", None),
        ("PATCH", f"{PROCESSES}/{made}/reenviar-processo", []),
        ("PATCH", f"api/v1/processo/{made}/cancelar-processo", None),
        ("GET", f"api/v1/processo/{made}/dados-signatarios", None),
        ("POST", f"api/v1/processo/{made}/buscar-anexos-signatarios", {"arquivoTipo": 1}),
    ):
        assert stranger.refused(method, path, said) == (
            400,
            f"O(s) id(s) listado(s) não existe(m): “{made}”.",
        )


def test_what_is_no_list_has_no_item_to_name(desk: ArqDesk) -> None:
    made = desk.send()["idProcesso"]

    refused = desk.refused("PATCH", f"{PROCESSES}/{made}/reenviar-processo", {})

    assert refused == (400, "Algum parâmetro está incorreto ou é inexistente.")
