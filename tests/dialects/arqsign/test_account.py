"""Keys and pace, folders, people, roles, and what was used."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lacre.signing.folder import place_id
from tests.support.arqsign_desk import ArqDesk, arq_desk

ROLES = "api/v1/conta/papeis-signatarios"
UNAUTHORIZED = (401, "Acesso não autorizado.")


def test_both_keys_are_wanted_and_of_one_account(desk: ArqDesk, stranger: ArqDesk) -> None:
    for headers in (
        {"AppKey": "", "SubscriptionKey": desk.second},
        {"AppKey": desk.token, "SubscriptionKey": ""},
        {"AppKey": desk.token, "SubscriptionKey": stranger.second},
        {"AppKey": desk.second, "SubscriptionKey": desk.token},
    ):
        assert desk.refused("GET", ROLES, headers=headers) == UNAUTHORIZED


@pytest.mark.parametrize("label", ["AppKey ", ""])
def test_the_first_key_may_be_labelled_as_they_once_did(desk: ArqDesk, label: str) -> None:
    headers = {"AppKey": "", "Authorization": f"{label}{desk.token}"}

    assert desk.call("GET", ROLES, headers=headers)


def test_four_a_second_are_let_through(desk: ArqDesk) -> None:
    desk.installation.clock.push(seconds=2)

    codes = [desk.client.get(f"/{ROLES}").status_code for _ in range(6)]

    assert codes == [200] * 4 + [429] * 2


def test_what_there_is_no_method_for_is_not_found(desk: ArqDesk) -> None:
    assert desk.refused("DELETE", ROLES) == (404, "Método não encontrado.")


def test_refusals_have_the_names_that_the_installation_says(desk: ArqDesk) -> None:
    services = desk.services
    own = replace(services, settings=services.settings.model_copy(update={"error_names": "code,message"}))
    client = arq_desk(replace(desk.installation, services=own))

    said = client.ask("DELETE", ROLES).json()

    assert said == {"code": 404, "message": "Método não encontrado."}


def test_folders_are_found_from_the_root_down(desk: ArqDesk) -> None:
    with desk.services.open_work() as work:
        work.folders.keep(desk.account_id, "/Contratos/2026")
    find = "api/v1/diretorio/buscar-pastas"

    (root,) = desk.call("POST", find, {"buscarPor": 3, "ativas": True})
    (by_path,) = desk.call("POST", find, {"buscarPor": 1, "ativas": True, "pastas": ["Contratos|2026"]})

    assert [(one["nome"], one["possuiFilhos"]) for one in root["filhos"]] == [("Contratos", True)]
    assert by_path == {
        "id": place_id(desk.account_id, "/Contratos/2026"),
        "nome": "2026",
        "caminhoCompleto": "Contratos|2026",
        "status": "Ativa",
        "filhos": None,
    }
    assert desk.refused("POST", find, {"buscarPor": 1, "pastas": ["Nada"]})[0] == 400


def test_people_of_the_account_can_be_senders(desk: ArqDesk) -> None:
    (dona,) = desk.call("POST", "api/v1/usuarios/buscar-usuarios", {"ativos": True, "usuarios": []})

    assert (dona["id"], dona["nome"], dona["status"]) == (desk.sender, "Dona", "Ativo")


def test_what_was_sent_is_counted(desk: ArqDesk) -> None:
    desk.send()
    day = desk.installation.clock().date().isoformat()

    used = desk.call(
        "POST",
        "api/v1/conta/buscar-consumo-itens-assinatura",
        {"dataInicial": day, "dataFinal": day, "item": 0},
    )

    assert [(one["nome"], one["quantidade"]) for one in used["itens"]] == [
        ("Envio", 1),
        ("WhatsApp", 0),
        ("SMS", 0),
    ]


def test_a_year_at_most_is_counted(desk: ArqDesk) -> None:
    said = {"dataInicial": "2024-01-01", "dataFinal": "2026-01-01", "item": 0}

    assert desk.refused("POST", "api/v1/conta/buscar-consumo-itens-assinatura", said) == (
        400,
        "O(s) item(ns) listado(s) está(ão) com o formato incorreto: “dataInicial, dataFinal”.",
    )


def test_the_subscription_is_active_and_never_ends(desk: ArqDesk) -> None:
    said = desk.call("GET", "api/v1/conta/dados-assinatura")

    assert (said["Conta"]["status"], said["assinatura"]["fimVigencia"]) == ("Ativo", None)
    # clients look whether there is something left
    assert [one["saldo"] > 0 for one in said["assinatura"]["itens"]] == [True, True, True]
