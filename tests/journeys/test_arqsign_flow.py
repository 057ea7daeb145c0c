"""The ideal flow of ArqSIGN, its six steps: a customer's application and Lacre, each killed on the way."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from lacre.bootstrap import open_installation
from lacre.cli.key import create_key
from lacre.cli.user import login_link
from tests.support.customer import Visitor, ask
from tests.support.pdfs import contract_pdf
from tests.support.ports import free_port
from tests.support.server import ROOT, Premises
from tests.support.smtp import Postbox, mail_server, plain_text
from tests.support.working import eventually

pytestmark = pytest.mark.slow
PDF_TEXT = base64.b64encode(contract_pdf(pages=1)).decode()
FOLLOWS, CONCLUDES = [2, 3, 4, 5, 6], [8]
PARTICULARS = {"processo": True, "signatarios": True}
BY_LINK = {"documentos": True, "documentosTipo": 2, "registrosAssinatura": True, "registrosAssinaturaTipo": 2}
IN_BASE64 = {
    "documentos": True,
    "documentosTipo": 1,
    "registrosAssinatura": True,
    "registrosAssinaturaTipo": 1,
}
PATIENCE = 60.0


@dataclass
class Story:
    """The customer's side: who sends, what the application knows, and the people at their mailboxes."""

    premises: Premises
    box: Postbox
    folder: Path
    keys: dict[str, str]
    sender: str = ""
    root: str = ""
    port: int = field(default_factory=free_port)
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def call(self, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401 - JSON
        headers = {"AppKey": self.keys["AppKey"], "SubscriptionKey": self.keys["SubscriptionKey"]}
        answers: list[Any] = []

        def taken() -> bool:
            answers.append(ask(method, f"{self.premises.url}/api/{path}", json=said, headers=headers))
            return int(answers[-1].status_code) != 429  # four a second

        eventually(taken, seconds=PATIENCE)
        assert answers[-1].status_code in (200, 201), answers[-1].text
        return (
            answers[-1].json() if answers[-1].headers["content-type"].startswith("application/json") else None
        )

    def subscribe(self) -> None:
        """Two webhooks, as the flow wants them, and one that carries Base64 for those in another folder."""
        (root,) = self.call("POST", "v1/diretorio/buscar-pastas", {"buscarPor": 3})
        (dona,) = self.call("POST", "v1/usuarios/buscar-usuarios", {"ativos": True})
        self.root, self.sender = root["id"], dona["id"]
        secrets = {}
        for name, triggers, more in (
            ("Acompanhamento", FOLLOWS, {}),
            ("Conclusão", CONCLUDES, BY_LINK),
            ("Conclusão em Base64", CONCLUDES, IN_BASE64),
        ):
            said = {
                "nome": name,
                "status": 1,
                "urlPublicar": f"http://127.0.0.1:{self.port}/",
                "gatilhos": triggers,
                "dadosRetorno": {**PARTICULARS, **more},
            }
            made = self.call("POST", "v1/confwebhook", said)
            secrets[made["id"]] = made["chaveHMAC"]
        settings = {
            "url": self.premises.url,
            "app_key": self.keys["AppKey"],
            "subscription_key": self.keys["SubscriptionKey"],
            "secrets": secrets,
            "cards": {"Carla": "carla@example.test"},
            "again": {"Recusado": self.process("Recusado, de novo")},
        }
        (self.folder / "settings.json").write_text(json.dumps(settings))

    def process(self, name: str, *, carla: str = "carla@example.test", days: int = 30) -> dict[str, Any]:
        online = {"assinarComo": 1, "idTipoAssinatura": 1}
        people = {"Bruno": "bruno@example.test", "Carla": carla}
        return {
            "idResponsavel": self.sender,
            "nomeProcesso": name,
            "idPasta": self.root,
            "usarOrdemAssinatura": False,
            "usarPosicaoAssinaturaAutomatica": True,
            "configuracoesAvancadas": {"tempoExpiracaoDocumentoDias": days},
            "destinatarios": [
                {"idTipoAcao": 1, "nome": who, "email": address, "assinarOnline": online}
                for who, address in people.items()
            ],
            "documentos": [{"nomeComExtensao": "contrato.pdf", "arquivo": PDF_TEXT}],
        }

    def send(self, name: str, **said: Any) -> str:  # noqa: ANN401 - of a process
        made = self.call("POST", "v2/processo/enviar-documento-para-assinar", self.process(name, **said))
        return str(made["idProcesso"])

    # ── the application ──────────────────────────────────────────────────────

    def start(self) -> None:
        command = [sys.executable, "-m", "tests.support.arqsign_customer", str(self.folder), str(self.port)]
        opened = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
        assert opened.stdout
        assert b"listening" in opened.stdout.readline()
        self.running.append(opened)

    def kill(self) -> None:
        opened = self.running.pop()
        opened.kill()
        opened.wait()
        if opened.stdout:
            opened.stdout.close()

    def rows(self, query: str, *values: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.folder / "customer.db", timeout=30)) as database:
            return database.execute(query, values).fetchall()

    def until(self, query: str, *values: str, gives: object) -> None:
        eventually(lambda: self.rows(query, *values) == [(gives,)], seconds=PATIENCE)

    # ── the people ───────────────────────────────────────────────────────────

    def link_of(self, who: str, title: str) -> str:
        """The newest that came to them about this process."""
        found: list[str] = []

        def came() -> bool:
            mails = [one for one in self.box.mails if one["to"] and who in str(one["to"])]
            texts = [
                plain_text(one) for one in mails if f"“{title}”" in plain_text(one) or title in one["subject"]
            ]
            found[:] = [link for text in texts for link in re.findall(r"http\S+/verificar/[0-9a-f-]+", text)]
            return bool(found)

        eventually(came, seconds=PATIENCE)
        return found[-1]

    def signs(self, who: str, title: str) -> None:
        Visitor(self.good_link_of(who.lower(), title)).signs_all(who)

    def good_link_of(self, who: str, title: str) -> str:
        """One that works: after a resend the mail with the new link may still be on its way."""
        links: list[str] = []

        def opens() -> bool:
            links.append(self.link_of(who, title))
            return int(ask("GET", links[-1]).status_code) == 200

        eventually(opens, seconds=PATIENCE)
        return links[-1]


@pytest.fixture
def box() -> Iterator[Postbox]:
    with mail_server() as opened:
        yield opened


@pytest.fixture
def story(tmp_path: Path, box: Postbox) -> Iterator[Story]:
    premises = Premises(
        tmp_path / "lacre", smtp_url=box.url, mail_from="lacre@papelaria.test", time_scale="4320"
    )
    with closing(open_installation(premises.settings)) as opened:
        keys = dict(create_key(opened, "arqsign", "default"))
        login_link(opened, "dona@papelaria.test", "default")
    told = Story(premises, box, tmp_path / "customer", keys)
    told.folder.mkdir()
    yield told
    while told.running:
        told.kill()


def test_the_customer_ends_with_what_the_server_has(story: Story) -> None:
    with story.premises.server() as server:
        story.subscribe()
        story.start()
        # 1 and 2: sent; one address is wrong, and is corrected by what the application does
        first = story.send("Entregue depois", carla="nobody@example.test")
        story.until("SELECT count(*) FROM todo WHERE done = 1", gives=1)
        # 3: signed by one, then by all
        story.signs("Bruno", "Entregue depois")
        story.kill()
        story.signs("Carla", "Entregue depois")
        story.start()  # what was told meanwhile comes again
        story.until("SELECT count(*) FROM document WHERE process = ?", first, gives=1)
        # 4: refused, and sent anew; cancelled, and not
        refused = story.send("Recusado")
        Visitor(story.good_link_of("carla", "Recusado"))._page(
            "POST", "/refuse", data={"reason": "Valor errado"}
        )
        canceled = story.send("Cancelado")
        story.call("PATCH", f"v1/processo/{canceled}/cancelar-processo")
        story.until("SELECT reason FROM process WHERE id = ?", refused, gives="Valor errado")
        server.kill()
    with story.premises.server():
        for who in ("Bruno", "Carla"):
            story.signs(who, "Recusado, de novo")
        # 5: expired, and renewed by the application
        expired = story.send("Vencido", days=1)
        before = story.link_of("bruno", "Vencido")
        eventually(lambda: story.link_of("bruno", "Vencido") != before, seconds=PATIENCE)
        for who in ("Bruno", "Carla"):
            story.signs(who, "Vencido")
        # 6: concluded
        story.until("SELECT count(*) FROM process WHERE status = 'Concluído'", gives=3)
        story.until("SELECT count(DISTINCT process) FROM told WHERE event = 'ProcessoConcluido'", gives=3)
        story.until("SELECT count(*) FROM todo WHERE done = 0", gives=0)
        eventually(lambda: _is_the_same(story), seconds=PATIENCE)

    heard = {event for (event,) in story.rows("SELECT event FROM told")}
    assert heard == {
        "ProcessoComFalhaDeEnvio", "ProcessoAssinado", "ProcessoRecusado", "ProcessoCancelado",
        "ProcessoExpirado", "ProcessoConcluido",
    }  # fmt: skip
    assert {expired, first} <= {process for (process,) in story.rows("SELECT DISTINCT process FROM document")}


def _is_the_same(story: Story) -> bool:
    """States, and the bytes of every concluded document and its record."""
    for process, status in story.rows("SELECT id, status FROM process"):
        there = story.call("GET", f"v2/processo/{process}")
        if there["status"] != status:
            return False
        for one in there["documentos"] if status == "Concluído" else ():
            kept = story.rows("SELECT sha256, record_sha256 FROM document WHERE id = ?", one["id"])
            files = (one["base64Documento"], one["registroAssinaturas"]["base64"])
            if kept != [tuple(hashlib.sha256(base64.b64decode(text)).hexdigest() for text in files)]:
                return False
    return True
