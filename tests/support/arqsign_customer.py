"""A customer's web application, written for ArqSIGN's ideal flow: its own database, and nothing else of ours.

    python -m tests.support.arqsign_customer FOLDER PORT

`FOLDER/settings.json` says where ArqSIGN is, with which keys, and the secret of each webhook. What it is told
is committed before it answers 200; what is to be done then waits in a table, and is done by one thread.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import sqlite3
import sys
import threading
import time
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.customer import ask

TABLES = """
CREATE TABLE IF NOT EXISTS told (key TEXT PRIMARY KEY, event TEXT, process TEXT, said TEXT);
CREATE TABLE IF NOT EXISTS process (id TEXT PRIMARY KEY, name TEXT, status TEXT, event TEXT, reason TEXT);
CREATE TABLE IF NOT EXISTS document (id TEXT PRIMARY KEY, process TEXT, sha256 TEXT, record_sha256 TEXT);
CREATE TABLE IF NOT EXISTS todo
    (number INTEGER PRIMARY KEY, key TEXT UNIQUE, said TEXT, done INTEGER DEFAULT 0);
"""
# one that had to be tried again may come after the end of what it tells of
NOTED = """
INSERT INTO process VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
    name = excluded.name, status = excluded.status, event = excluded.event, reason = excluded.reason
WHERE process.status NOT IN ('Concluído', 'Cancelado')
"""
UNDONE = "SELECT number, said FROM todo WHERE done = 0 ORDER BY number"
PAUSE_SECONDS = 0.05


class Application:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = json.loads((folder / "settings.json").read_text())
        with self.opened() as database:
            database.executescript(TABLES)

    def opened(self) -> closing[sqlite3.Connection]:
        return closing(sqlite3.connect(self.folder / "customer.db", timeout=30, isolation_level=None))

    # ── what it is told ──────────────────────────────────────────────────────

    def hear(self, body: bytes, mac: str) -> int:
        said = json.loads(body)
        secret = self.settings["secrets"][said["IdWebhook"]]
        mine = base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()
        if not hmac.compare_digest(mine, mac):
            return 401
        who = ",".join(one["Id"] for one in said.get("Signatarios", []))
        key = f"{said['IdWebhook']} {said['IdProcesso']} {said['Evento']} {said['DataHoraAtual']} {who}"
        with self.opened() as database:
            database.execute("BEGIN IMMEDIATE")
            new = database.execute(
                "INSERT OR IGNORE INTO told VALUES (?, ?, ?, ?)",
                (key, said["Evento"], said["IdProcesso"], body.decode()),
            ).rowcount
            if new:
                self._note(database, key, said)
            database.execute("COMMIT")
        return 200

    def _note(self, database: sqlite3.Connection, key: str, said: dict[str, Any]) -> None:
        reasons = [one["MotivoRecusa"] for one in said.get("Signatarios", []) if one["MotivoRecusa"]]
        row = (
            said["IdProcesso"],
            said["NomeProcesso"],
            said["Status"],
            said["Evento"],
            reasons[0] if reasons else None,
        )
        database.execute(NOTED, row)
        database.execute("INSERT OR IGNORE INTO todo (key, said) VALUES (?, ?)", (key, json.dumps(said)))

    # ── what it does then ────────────────────────────────────────────────────

    def work(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            with self.opened() as database:
                found = database.execute(UNDONE).fetchall()
                for number, said in found:
                    self.act(database, json.loads(said))
                    database.execute("UPDATE todo SET done = 1 WHERE number = ?", (number,))

    def act(self, database: sqlite3.Connection, said: dict[str, Any]) -> None:
        match said["Evento"]:
            case "ProcessoComFalhaDeEnvio":
                self._correct(said)
            case "ProcessoExpirado":
                self._call("PATCH", f"v2/processo/{said['IdProcesso']}/reenviar-processo", [])
            case "ProcessoRecusado" | "ProcessoCancelado":
                self._send_anew(said)
            case "ProcessoConcluido":
                self._keep(database, said)

    def _correct(self, said: dict[str, Any]) -> None:
        """Whoever could not be reached gets the address that their card has."""
        (who,) = said["Signatarios"]
        changed = {"idProcessoDestinatario": who["Id"], "email": self.settings["cards"][who["Nome"]]}
        self._call("PATCH", f"v2/processo/{said['IdProcesso']}/reenviar-processo", [changed])

    def _send_anew(self, said: dict[str, Any]) -> None:
        again = self.settings["again"].get(said["NomeProcesso"])
        if again:
            self._call("POST", "v2/processo/enviar-documento-para-assinar", again)

    def _keep(self, database: sqlite3.Connection, said: dict[str, Any]) -> None:
        """Downloaded by their links, or taken out of the webhook itself."""
        for one in said["Documentos"]:
            record = one["RegistroAssinaturas"][0]
            file = self._content(one, "LinkParaBaixarDocumento", "Base64Documento")
            sheet = self._content(record, "LinkParaBaixarRegistro", "Base64Registro")
            if file is None or sheet is None:
                file, sheet = self._read(said["IdProcesso"], one["Id"])
            row = (one["Id"], said["IdProcesso"], _sha256(file), _sha256(sheet))
            database.execute("INSERT OR REPLACE INTO document VALUES (?, ?, ?, ?)", row)

    def _content(self, said: dict[str, Any], link: str, inside: str) -> bytes | None:
        """None once the link has ended: it works for an hour, which is a second in this story."""
        if inside in said:
            return base64.b64decode(said[inside])
        answer = ask("GET", said[link])
        return bytes(answer.content) if answer.status_code == 200 else None

    def _read(self, process: str, document: str) -> tuple[bytes, bytes]:
        """The file and its record out of the process itself."""
        read = self._call("GET", f"v2/processo/{process}", None).json()
        one = next(one for one in read["documentos"] if one["id"] == document)
        texts = (one["base64Documento"], one["registroAssinaturas"]["base64"])
        return base64.b64decode(texts[0]), base64.b64decode(texts[1])

    def _call(self, method: str, path: str, said: object) -> Any:  # noqa: ANN401 - an answer
        headers = {"AppKey": self.settings["app_key"], "SubscriptionKey": self.settings["subscription_key"]}
        for _ in range(600):
            try:
                answer = ask(method, f"{self.settings['url']}/api/{path}", json=said, headers=headers)
            except Exception:  # noqa: BLE001 - their server is down: later
                time.sleep(0.2)
                continue
            if answer.status_code not in (429, 503):
                return answer
            time.sleep(0.3)
        raise TimeoutError(path)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(folder: Path, port: int) -> None:
    application = Application(folder)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(application.hear(body, self.headers.get("HMAC", "")))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing is said."""

    threading.Thread(target=application.work, daemon=True).start()
    server = ThreadingHTTPServer(("127.0.0.1", port), Door)
    sys.stdout.write("customer listening\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
