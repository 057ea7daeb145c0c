"""HTTP over mutual TLS: reads a request, lets befall it what is planned, and answers."""

from __future__ import annotations

import contextlib
import socket
import ssl
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from typing import Any

from cryptography import x509

from lacre.engines.sefin.answering import Asked, Desk, Route, Said
from lacre.engines.sefin.faults import Fault, Faults, Kind
from lacre.engines.sefin.judging import Complaint, Turned
from lacre.engines.sefin.ledger import Call, Ledger

LARGEST = 8 << 20
IDLE_SECONDS = 30.0


class TlsServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], tls: ssl.SSLContext, desk: Desk, ledger: Ledger, faults: Faults
    ) -> None:
        super().__init__(address, Handler)
        self._tls = tls
        self.desk, self.ledger, self.faults = desk, ledger, faults
        self.stopping = Event()

    def finish_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as the library has it
        """The handshake belongs to the connection's own thread: a slow one holds nobody else."""
        request.settimeout(IDLE_SECONDS)
        secured = self._tls.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
        try:
            secured.do_handshake()
        except OSError:
            _turn_down(secured)
            return
        try:
            super().finish_request(secured, client_address)
        except OSError:
            pass  # whoever asked is gone
        finally:
            _hang_up(secured)

    def server_close(self) -> None:
        self.stopping.set()
        super().server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002
        """A flaw of ours: the request gets no answer, and the log says why."""
        traceback.print_exc()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: TlsServer
    # an answer is two writes, and nobody waits for the second
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Calls are in the ledger."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST:
            self._answer(Said(status=413))
            return
        asked = Asked(
            method=self.command, path=self.path, body=self.rfile.read(length), holder=self._holder()
        )
        found = self.server.desk.route(asked.method, asked.path)
        if found is None:
            self._record(asked, Said(status=404))
            self._answer(Said(status=404))
            return
        route, match = found
        self._carry_out(asked, route, lambda: route.answer(self.server.desk, asked, match))

    def _carry_out(self, asked: Asked, route: Route, do: Any) -> None:  # noqa: ANN401
        about, text = _told_in(self.server.desk, asked, route)
        fault = self.server.faults.met(route.doing, about=about, text=text)
        if fault is None:
            self._finish(asked, do())
        else:
            self._befall(fault, asked, do, about)

    def _befall(self, fault: Fault, asked: Asked, do: Any, about: str) -> None:  # noqa: ANN401
        match fault.kind:
            case Kind.SLOW:
                self._wait(fault.value)
                self._finish(asked, do())
            case Kind.SILENT_BEFORE:
                self._record(asked, Said(status=0, about=about))
                self._say_nothing(fault.value)
            case Kind.SILENT_AFTER:
                self._record(asked, do())
                self._say_nothing(fault.value)
            case Kind.STATUS:
                self._finish(asked, Said(status=int(fault.value or 503), about=about))
            case Kind.STATUS_AFTER:
                done = do()
                self._record(asked, done)
                self._answer(Said(status=int(fault.value or 500)))
            case Kind.GARBAGE:
                self._record(asked, do())
                self._write(201, b"<html>Bad gateway</html>", {})
            case Kind.REJECT:
                turned = Turned(complaints=[Complaint(code=fault.code)], about=about)
                self._finish(asked, self.server.desk.turned(turned, many=asked.path.endswith("/nfse")))

    def _finish(self, asked: Asked, said: Said) -> None:
        self._record(asked, said)
        self._answer(said)

    def _record(self, asked: Asked, said: Said) -> None:
        call = Call(method=asked.method, path=asked.path, about=said.about, said=str(said.status))
        self.server.ledger.heard(call)

    def _answer(self, said: Said) -> None:
        self._write(said.status, said.body, dict(said.headers))

    def _write(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json; charset=utf-8", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _say_nothing(self, seconds: float) -> None:
        self._wait(seconds)
        self.close_connection = True

    def _wait(self, seconds: float) -> None:
        self.server.stopping.wait(seconds)

    def _holder(self) -> x509.Certificate:
        der = self.connection.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(der)


def _told_in(desk: Desk, asked: Asked, route: Route) -> tuple[str, str]:
    """An identity of the document that came, and all that is written in it."""
    if route.doing not in ("issue", "cancel"):
        return "", ""
    xml = desk.document_in(asked) or b""
    return str(hash(xml)), xml.decode("utf-8", "replace")


def _turn_down(connection: ssl.SSLSocket) -> None:
    """Lets the alert arrive: a socket that is closed with something unread resets the connection instead."""
    with contextlib.suppress(OSError):
        socket.socket.shutdown(connection, socket.SHUT_WR)
        connection.settimeout(1.0)
        while socket.socket.recv(connection, 65_536):
            pass
    connection.close()


def _hang_up(connection: ssl.SSLSocket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
