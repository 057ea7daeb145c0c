"""A plain port on loopback for whoever runs the local Sefin: what it holds, and what is to go wrong.

`GET /notes` and `GET /calls` as JSON; `POST /faults` with `{"kind": "silent_after", "value": 5}`;
`DELETE /faults`.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from lacre.engines.sefin.faults import Fault, Faults, Kind
from lacre.engines.sefin.ledger import Ledger


class ControlServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], ledger: Ledger, faults: Faults) -> None:
        super().__init__(address, _Handler)
        self.ledger, self.faults = ledger, faults


class _Handler(BaseHTTPRequestHandler):
    server: ControlServer

    def do_GET(self) -> None:
        match self.path:
            case "/notes":
                self._answer([_without_xml(asdict(note)) for note in self.server.ledger.notes()])
            case "/calls":
                self._answer([asdict(call) for call in self.server.ledger.calls()])
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        try:
            told = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
            self.server.faults.plan(Fault(**{**told, "kind": Kind(told["kind"])}))
        except (ValueError, TypeError, KeyError) as problem:
            self.send_error(422, explain=str(problem))
            return
        self._answer({})

    def do_DELETE(self) -> None:
        self.server.faults.forget()
        self._answer({})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Nobody asked."""

    def _answer(self, content: object) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _without_xml(note: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in note.items() if name != "xml"}
