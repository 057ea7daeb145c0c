"""The demo's own little system: an HTTP server that hears webhooks, and once says no."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class DemoReceiver:
    """Answers 200; but 503 to the next request of an event after `fail_once`."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.refused = 0
        self._fail = ""
        self._news = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/webhooks"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def fail_once(self, event: str) -> None:
        self._fail = event

    def wait_for(self, event: str, *, times: int = 1, seconds: float = 60) -> dict[str, Any] | None:
        """The last of that many events of a type; `None` when they did not come in time."""
        with self._news:
            self._news.wait_for(lambda: len(self.of(event)) >= times, seconds)
            found = self.of(event)
        return found[-1] if len(found) >= times else None

    def of(self, event: str) -> list[dict[str, Any]]:
        return [one for one in self.heard if event in _types(one)]

    def _take(self, body: bytes) -> int:
        with self._news:
            self._news.notify_all()
            said = json.loads(body)
            if self._fail and self._fail in _types(said):
                self._fail = ""
                self.refused += 1
                return 503
            self.heard.append(said)
            return 200

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        take = self._take

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status = take(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Silent: the timeline tells what matters."""

        return Handler


def _types(said: dict[str, Any]) -> tuple[object, object]:
    """As the dialects call them."""
    return said.get("event_type"), said.get("type")
