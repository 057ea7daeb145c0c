"""What an account has: folders, people, roles, and what it used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from starlette.responses import JSONResponse, Response

from lacre.dialects.arqsign import errors, kept, words
from lacre.dialects.arqsign.door import Call
from lacre.dialects.arqsign.wire import FOLDERS_ASKED, USAGE_ASKED, USERS_ASKED, FoldersAsked
from lacre.kit.ids import as_uuid, named_uuid
from lacre.kit.json import Json
from lacre.signing.folder import ROOT, place_id
from lacre.signing.signer import Channel

BY_PATH, CHILDREN, ROOTS = 1, 2, 3
BALANCE = 1_000_000
"""Nothing is charged for, and clients look whether there is something left."""
ITEMS = {1: "Envio", 2: "WhatsApp", 3: "SMS"}
_YEAR = timedelta(days=366)
_ACTIVE, _DELETED = "Ativa", "Excluída"


def folders(call: Call) -> Response:
    """By their paths, those within one, or the root: a folder comes to be when something is put there.

    None is ever deleted, so that those that are active and all are the same.
    """
    said = call.read(FOLDERS_ASKED)
    with call.services.open_work() as work:
        paths = {ROOT, *(part for path in work.folders.paths(call.account_id) for part in _up(path))}
    show = _shown_alone if said.buscar_por == BY_PATH else _folder
    return JSONResponse([show(call, path, paths) for path in _meant(call, said, paths)])


def users(call: Call) -> Response:
    """All, or those named that are the account's; everybody here is active."""
    said = call.read(USERS_ASKED)
    with call.services.open_work() as work:
        people = work.accounts.users(call.account_id)
    if said.ativos is None and not said.usuarios:
        raise errors.missing(["ativos"])
    shown = [one for one in people if not said.usuarios or one.id in said.usuarios]
    if not shown:
        raise errors.unknown(said.usuarios)
    shown.sort(key=lambda one: (one.name or one.email).casefold())
    return JSONResponse(
        [
            {
                "id": one.id,
                "nome": one.name or one.email,
                "status": "Ativo",
                "remetente": True,
            }
            for one in shown
        ]
    )


def roles(call: Call) -> Response:
    return JSONResponse(
        [
            {"id": named_uuid(call.account_id, f"papel {name}"), "nome": name, "padrao": True}
            for name in words.ROLES
        ]
    )


def usage(call: Call) -> Response:
    """Both days count; a year at most."""
    said = call.read(USAGE_ASKED)
    since, until = _day(said.data_inicial, "dataInicial"), _day(said.data_final, "dataFinal")
    if until < since or until - since > _YEAR:
        raise errors.misshapen(["dataInicial", "dataFinal"])
    end = until + timedelta(days=1)
    with call.services.open_work() as work:
        account = work.accounts.get(call.account_id)
        sent = work.mails.sent_between(call.account_id, since, end)
        envelopes, _ = work.accounts.created_between(call.account_id, since, end)
    counts = {1: envelopes, 2: sent.get(Channel.WHATSAPP, 0), 3: sent.get(Channel.SMS, 0)}
    return JSONResponse(
        {
            "idConta": account.id,
            "nomeConta": account.shown_name,
            "itens": [
                {"id": number, "nome": name, "quantidade": counts[number]}
                for number, name in ITEMS.items()
                if said.item in (0, number)
            ],
        }
    )


def subscription(call: Call) -> Response:
    """Nothing is rented here: no balance ends, and none is used up."""
    with call.services.open_work() as work:
        account = work.accounts.get(call.account_id)
    state = (3, "Bloqueado") if account.suspended else (1, "Ativo")
    return JSONResponse(
        {
            "Conta": {"id": account.id, "nome": account.shown_name, "idStatus": state[0], "status": state[1]},
            "plano": {
                "id": named_uuid(account.id, "plano"),
                "tipoPlano": "C",
                "nome": "Lacre",
                "periodo": "Mensal",
                "valor": 0,
            },
            "assinatura": {
                "id": named_uuid(account.id, "assinatura"),
                "inicioVigencia": kept.instant(account.created_at),
                "fimVigencia": None,
                "trial": False,
                "itens": [
                    {"id": number, "nome": name, "saldo": BALANCE, "permiteExcedente": True}
                    for number, name in ITEMS.items()
                ],
            },
        }
    )


def _meant(call: Call, said: FoldersAsked, paths: Iterable[str]) -> list[str]:
    if said.buscar_por == ROOTS:
        return [ROOT]
    if not said.pastas:
        raise errors.missing(["pastas"])
    if said.buscar_por == CHILDREN and len(said.pastas) > 1:
        raise errors.misshapen(["pastas"])
    by_name: dict[str, str] = {}
    for path in paths:
        by_name |= {kept.folder_path(path): path, place_id(call.account_id, path): path}
    asked = [as_uuid(one) or one.strip("|") for one in said.pastas]
    strangers = [one for one in asked if one not in by_name]
    if strangers:
        raise errors.unknown(strangers)
    return [by_name[one] for one in asked]


def _shown_alone(call: Call, path: str, _: Iterable[str]) -> Mapping[str, Json]:
    return {**_shown(call, path), "filhos": None}


def _folder(call: Call, path: str, paths: Iterable[str]) -> Mapping[str, Json]:
    children = sorted(one for one in paths if one != ROOT and _parent(one) == path)
    inside: list[Json] = [
        {**_shown(call, one), "possuiFilhos": any(_parent(other) == one for other in paths if other != ROOT)}
        for one in children
    ]
    return {**_shown(call, path), "filhos": inside or None}


def _shown(call: Call, path: str) -> dict[str, Json]:
    return {
        "id": place_id(call.account_id, path),
        "nome": path.rpartition("/")[2] or kept.folder_path(ROOT),
        "caminhoCompleto": kept.folder_path(path),
        "status": _ACTIVE,
    }


def _up(path: str) -> list[str]:
    """The folder, and those that it lies in."""
    names = path.strip("/").split("/")
    return ["/" + "/".join(names[:depth]) for depth in range(1, len(names) + 1)]


def _parent(path: str) -> str:
    return path.rpartition("/")[0] or ROOT


def _day(said: str, name: str) -> datetime:
    try:
        return datetime.fromisoformat(said[:10]).replace(tzinfo=UTC)
    except ValueError:
        raise errors.misshapen([name]) from None
