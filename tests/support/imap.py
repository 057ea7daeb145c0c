"""A real IMAP server on 127.0.0.1, as much of one as a client that reads new mail needs (RFC 3501)."""

from __future__ import annotations

import re
import socket
import socketserver
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from tests.support.smtp import PASSWORDS, server_tls


@dataclass
class Mailbox:
    """What lies in it; `read` are the numbers of those marked as seen."""

    port: int = 0
    scheme: str = "imap"
    mails: list[bytes] = field(default_factory=list)
    read: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://retornos:{PASSWORDS[0]}@127.0.0.1:{self.port}/INBOX"


@contextmanager
def mailbox_server(*, implicit_tls: bool = False) -> Iterator[Mailbox]:
    box = Mailbox(scheme="imaps" if implicit_tls else "imap")
    context = server_tls() if implicit_tls else None

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _Conversation(box, self.rfile.readline, self.wfile.write).hold()

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

        def get_request(self) -> tuple[socket.socket, object]:
            connection, address = super().get_request()
            return context.wrap_socket(connection, server_side=True) if context else connection, address

    with Server(("127.0.0.1", 0), Session) as server:
        box.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield box
        server.shutdown()
        thread.join()


@dataclass
class _Conversation:
    box: Mailbox
    read: Callable[[], bytes]
    write: Callable[[bytes], object]

    def hold(self) -> None:
        self.write(b"* OK ready\r\n")
        while line := self.read().decode().rstrip("\r\n"):
            tag, _, command = line.partition(" ")
            verb = command.split(" ")[0].upper()
            if verb == "UID":
                verb, command = command.split(" ")[1].upper(), command[4:]
            self.box.commands.append(verb)
            answer = getattr(self, f"_{verb.lower()}")(command)
            self.write(f"{tag} {answer}\r\n".encode())
            if verb == "LOGOUT":
                return

    def _capability(self, _: str) -> str:
        self.write(b"* CAPABILITY IMAP4rev1\r\n")
        return "OK done"

    def _login(self, command: str) -> str:
        password = command.rsplit(" ", 1)[1].strip('"')
        return "OK done" if password in PASSWORDS else "NO [AUTHENTICATIONFAILED] wrong password"

    def _select(self, command: str) -> str:
        if "INBOX" not in command:
            return "NO no such folder"
        self.write(f"* {len(self.box.mails)} EXISTS\r\n".encode())
        return "OK [READ-WRITE] done"

    def _search(self, _: str) -> str:
        new = [str(one + 1) for one in range(len(self.box.mails)) if one + 1 not in self.box.read]
        self.write(f"* SEARCH {' '.join(new)}\r\n".encode())
        return "OK done"

    def _fetch(self, command: str) -> str:
        number, most = (int(one) for one in re.findall(r"FETCH (\d+) .*<0\.(\d+)>", command)[0])
        content = self.box.mails[number - 1][:most]
        self.write(
            f"* {number} FETCH (UID {number} BODY[]<0> {{{len(content)}}}\r\n".encode() + content + b")\r\n"
        )
        return "OK done"

    def _store(self, command: str) -> str:
        self.box.read.add(int(command.split(" ")[1]))
        return "OK done"

    def _logout(self, _: str) -> str:
        self.write(b"* BYE\r\n")
        return "OK done"
