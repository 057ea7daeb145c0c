"""The local Sefin as a server: mutual TLS on loopback, and beside it a plain port that says what it holds.

sefin = LocalSefin.started()
sefin.url, sefin.authority.pem · sefin.faults.plan(Fault(...)) · sefin.ledger.notes() · sefin.stop()
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from lacre.engines.sefin.answering import Desk
from lacre.engines.sefin.authority import SandboxAuthority
from lacre.engines.sefin.cities import Cities
from lacre.engines.sefin.control import ControlServer
from lacre.engines.sefin.faults import Faults
from lacre.engines.sefin.issuing import Stamp
from lacre.engines.sefin.judging import Judge
from lacre.engines.sefin.ledger import Ledger
from lacre.engines.sefin.serving import TlsServer

LOOPBACK = "127.0.0.1"


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a government has a clock of its own


class LocalSefin:
    """Two servers in threads of this process, until they are stopped."""

    def __init__(
        self,
        authority: SandboxAuthority,
        ledger: Ledger,
        *,
        port: int = 0,
        control_port: int = 0,
        clock: Callable[[], datetime] = _now,
        cities: Cities | None = None,
    ) -> None:
        self.authority, self.ledger, self.faults = authority, ledger, Faults()
        key, certificate = authority.sefin()
        judge = Judge(
            ledger=ledger,
            stamp=Stamp(key=key, certificate=certificate),
            authority=authority.certificate,
            clock=clock,
            cities=cities or Cities(),
        )
        desk = Desk(judge=judge)
        self._server = TlsServer((LOOPBACK, port), _tls(authority), desk, ledger, self.faults)
        self._control = ControlServer((LOOPBACK, control_port), ledger, self.faults)
        self._threads = [
            Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            for one in (self._server, self._control)
        ]

    @classmethod
    def started(cls, folder: Path | None = None, *, port: int = 0, control_port: int = 0) -> LocalSefin:
        """With what the folder holds; without one, all of it is gone with the process."""
        if folder is None:
            made = cls(SandboxAuthority.made(), Ledger(), port=port, control_port=control_port)
        else:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            authority, ledger = SandboxAuthority.kept_in(folder), Ledger(folder / "ledger.db")
            made = cls(authority, ledger, port=port, control_port=control_port)
        made.start()
        return made

    @property
    def url(self) -> str:
        return f"https://{LOOPBACK}:{self._server.server_address[1]}"

    @property
    def control_url(self) -> str:
        return f"http://{LOOPBACK}:{self._control.server_address[1]}"

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for server in (self._server, self._control):
            server.shutdown()
            server.server_close()
        for thread in self._threads:
            thread.join()
        self.ledger.close()

    def wait(self) -> None:
        for thread in self._threads:
            thread.join()


def _tls(authority: SandboxAuthority) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        # the standard library reads keys from files alone
        file.write(authority.server(LOOPBACK))
        file.flush()
        context.load_cert_chain(file.name)
    context.load_verify_locations(cadata=authority.pem.decode())
    context.verify_mode = ssl.CERT_REQUIRED
    return context
