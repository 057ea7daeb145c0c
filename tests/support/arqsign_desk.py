"""A client of ArqSIGN's API before a real store and a real front door for PDFs; what comes later is acted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from starlette.applications import Starlette
from starlette.testclient import TestClient

from lacre.accounts.account import ApiKey
from lacre.accounts.group import Group
from lacre.dialects.arqsign.auth import DIALECT, SUBSCRIPTION
from lacre.dialects.arqsign.paths import Tidied
from lacre.dialects.arqsign.routes import routes
from lacre.kit.ids import AccountId, GroupId, UserId, new_uuid
from lacre.signing.folder import place_id
from tests.support.zapsign_desk import PDF_TEXT, Desk, Installation

PROCESSES = "api/v2/processo"


@dataclass
class ArqDesk(Desk):
    """`token` is the AppKey; `second` either of the subscription keys."""

    second: str = ""
    sender: str = ""

    def __post_init__(self) -> None:
        app = Tidied(Starlette(routes=[*routes(self.services)]))
        headers = {"AppKey": self.token, "SubscriptionKey": self.second}
        self.client = TestClient(app, headers=headers, follow_redirects=False)

    @property
    def root(self) -> str:
        return place_id(self.account_id, "/")

    def call(self, method: str, path: str, said: object = None, **more: Any) -> Any:  # noqa: ANN401
        answer = self.ask(method, path, said, **more)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def refused(self, method: str, path: str, said: object = None, **more: Any) -> tuple[int, str]:  # noqa: ANN401
        answer = self.ask(method, path, said, **more)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["mensagem"]

    def ask(self, method: str, path: str, said: object = None, **more: Any) -> Any:  # noqa: ANN401
        self.installation.clock.push(seconds=1)  # four a second are let through
        return self.client.request(method, f"/{path}", json=said, **more)

    def process(self, **said: object) -> dict[str, Any]:
        """What is sent: two people, one file, and whatever else is said."""
        usual = {
            "idResponsavel": self.sender,
            "nomeProcesso": "Locação",
            "idPasta": self.root,
            "usarOrdemAssinatura": False,
            "usarPosicaoAssinaturaAutomatica": True,
            "destinatarios": [recipient("Bruno"), recipient("Carla")],
            "documentos": [file("contrato.pdf")],
        }
        return {name: value for name, value in (usual | said).items() if value is not None}

    def send(self, **said: object) -> dict[str, Any]:
        made = self.call("POST", f"{PROCESSES}/enviar-documento-para-assinar", self.process(**said))
        return cast("dict[str, Any]", made)

    def not_sent(self, **said: object) -> tuple[int, str]:
        return self.refused("POST", f"{PROCESSES}/enviar-documento-para-assinar", self.process(**said))

    def read(self, process_id: str) -> dict[str, Any]:
        return cast("dict[str, Any]", self.call("GET", f"{PROCESSES}/{process_id}"))

    def status(self, process_id: str) -> str:
        answer = self.ask("GET", f"api/v1/processo/{process_id}/status-do-processo")
        assert answer.status_code == 201
        return str(answer.json()["Status"])

    def group(self, name: str, members: list[str]) -> str:
        """Its id."""
        made = Group(
            id=GroupId(new_uuid()),
            account_id=self.account_id,
            name=name,
            members=tuple(UserId(one) for one in members),
            created_at=self.installation.clock(),
        )
        with self.services.open_work() as work:
            work.groups.keep(made)
        return made.id

    def expire(self, process_id: str) -> None:
        self.installation.clock.push(days=40)
        now = self.installation.clock()
        self.change(process_id, lambda one: one.expire(now=now))


def recipient(name: str, **said: object) -> dict[str, Any]:
    """Somebody who signs online, reached by mail."""
    online = {"assinarComo": 1, "papelPessoaFisica": ["Parte"], "idTipoAssinatura": 1}
    given = {"idTipoAcao": 1, "nome": name, "email": f"{name.lower()}@x.test", "assinarOnline": online}
    return {name: value for name, value in (given | said).items() if value is not None}


def online(**said: object) -> dict[str, Any]:
    return {"assinarComo": 1, "idTipoAssinatura": 1, **said}


def file(name: str, **said: object) -> dict[str, Any]:
    return {"nomeComExtensao": name, "arquivo": PDF_TEXT, **said}


def arq_desk(installation: Installation) -> ArqDesk:
    """A new account with one person in it, and its client."""
    plain = installation.desk()
    keys = {DIALECT: new_uuid(), SUBSCRIPTION: new_uuid().replace("-", "")}
    services = installation.services
    with services.open_work() as work:
        for dialect, key in keys.items():
            work.accounts.add_key(_key(plain.account_id, dialect, services.tokens.digest(key), installation))
    sender = plain.user(f"{new_uuid()[:8]}@x.test", name="Dona")
    return ArqDesk(
        installation=installation,
        account_id=plain.account_id,
        token=keys[DIALECT],
        second=keys[SUBSCRIPTION],
        sender=sender.id,
    )


def _key(account_id: AccountId, dialect: str, digest: str, installation: Installation) -> ApiKey:
    return ApiKey(
        id=new_uuid(),
        account_id=account_id,
        dialect=dialect,
        digest=digest,
        hint="1234",
        name="",
        created_at=installation.clock(),
    )
