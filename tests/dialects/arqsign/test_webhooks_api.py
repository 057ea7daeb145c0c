"""confwebhook: created, listed, turned off and on."""

from __future__ import annotations

from typing import Any

import pytest

from lacre.signing import events
from tests.support.arqsign_desk import ArqDesk

URL = "https://example.com/arqsign"


def webhook(**said: object) -> dict[str, Any]:
    usual: dict[str, object] = {
        "nome": "Acompanhamento",
        "status": 1,
        "urlPublicar": URL,
        "gatilhos": [2, 3, 4, 5, 6],
        "dadosRetorno": {"processo": True, "signatarios": True},
    }
    return usual | said


def create(desk: ArqDesk, **said: object) -> Any:  # noqa: ANN401
    return desk.call("POST", "api/v1/confwebhook", webhook(**said))


def listed(desk: ArqDesk) -> Any:  # noqa: ANN401
    return desk.call("GET", "api/v1/confwebhook")


def test_what_is_created_is_listed_under_the_names_that_the_list_has(desk: ArqDesk) -> None:
    made = create(desk, urlPublicar=f" {URL} ")

    (shown,) = listed(desk)
    assert (shown["id"], shown["hmac"], shown["urlPublicar"]) == (made["id"], made["chaveHMAC"], URL)
    assert (shown["status"], shown["aguardaRetorno"]) == (1, False)
    assert [one["id"] for one in shown["gatilhos"]] == [2, 3, 4, 5, 6]
    assert shown["dadosRetorno"]["linkDocumentoCompartilhado"] is False


def test_the_list_is_in_the_order_of_names(desk: ArqDesk) -> None:
    create(desk, nome="b")
    create(desk, nome="A")

    assert [one["nome"] for one in listed(desk)] == ["A", "b"]


def test_turned_off_and_on_again(desk: ArqDesk) -> None:
    made = create(desk)["id"]
    states = []

    for status in (2, 1):
        desk.ask("PATCH", f"api/v1/confwebhook/{made}/alterar-status", {"status": status})
        states.append(listed(desk)[0]["status"])

    assert states == [2, 1]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"dadosRetorno": {"documentos": True}},
            "O(s) item(ns) listado(s) é(são) obrigatório(s): “documentosTipo”.",
        ),
        ({"gatilhos": [9]}, "O(s) item(ns) listado(s) está(ão) com o formato incorreto: “gatilhos”."),
        (
            {"urlPublicar": "ftp://x"},
            "O(s) item(ns) listado(s) está(ão) com o formato incorreto: “urlPublicar”.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_their_sentence(
    desk: ArqDesk, said: dict[str, object], sentence: str
) -> None:
    assert desk.refused("POST", "api/v1/confwebhook", webhook(**said)) == (400, sentence)


def test_names_are_unique_and_there_are_twenty_five_at_most(desk: ArqDesk) -> None:
    for number in range(25):
        create(desk, nome=f"w{number}")

    assert desk.refused("POST", "api/v1/confwebhook", webhook(nome="W3"))[0] == 422
    assert desk.refused("POST", "api/v1/confwebhook", webhook(nome="w25")) == (
        422,
        "A conta atingiu o limite máximo de 25 configurações de webhook.",
    )


def test_a_webhook_hears_only_its_triggers(desk: ArqDesk) -> None:
    create(desk, gatilhos=[1])
    create(desk, nome="fim", gatilhos=[8])

    made = desk.send()["idProcesso"]

    assert desk.deliveries(made) == [events.ENVELOPE_SENT]


def test_a_webhook_narrowed_to_another_sender_or_folder_hears_nothing(desk: ArqDesk) -> None:
    other = desk.user("outra@y.test", name="Outra")
    create(desk, nome="outra", gatilhos=[1], usuarios=[other.id])
    create(desk, nome="dona", gatilhos=[1], usuarios=[desk.sender])
    create(desk, nome="pasta", gatilhos=[1], pastas=[desk.root])

    made = desk.send()["idProcesso"]

    assert desk.deliveries(made) == [events.ENVELOPE_SENT] * 2


def test_a_webhook_narrowed_to_a_group_hears_what_its_members_send(desk: ArqDesk) -> None:
    sales, others = (desk.group(name, members) for name, members in (("Vendas", [desk.sender]), ("RH", [])))
    create(desk, nome="vendas", gatilhos=[1], grupos=[sales])
    create(desk, nome="rh", gatilhos=[1], grupos=[others])
    create(desk, nome="rh e dona", gatilhos=[1], grupos=[others], usuarios=[desk.sender])

    made = desk.send()["idProcesso"]

    assert desk.deliveries(made) == [events.ENVELOPE_SENT] * 2
    assert [one["grupos"] for one in listed(desk)] == [[others], [others], [sales]]


def test_a_group_of_another_account_does_not_exist(desk: ArqDesk, stranger: ArqDesk) -> None:
    theirs = stranger.group("Vendas", [])

    assert desk.refused("POST", "api/v1/confwebhook", webhook(grupos=[theirs])) == (
        400,
        "Grupo(s) não encontrado(s).",
    )


def test_nobody_turns_another_accounts_webhook(desk: ArqDesk, stranger: ArqDesk) -> None:
    made = create(desk)["id"]

    assert stranger.refused("PATCH", f"api/v1/confwebhook/{made}/alterar-status", {"status": 2})[0] == 400
    assert listed(stranger) == []
