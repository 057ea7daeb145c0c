"""Lacre as a newcomer would start it: a process of its own, on the embedded default, in a folder."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from lacre.cli.demo.client import StepFailed

START_SECONDS = 60


class DemoServer:
    """Server and worker, stopped when the context ends; what they log is in `server.log`."""

    def __init__(self, folder: Path, *, time_scale: float, settings: Mapping[str, str] | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._log = folder / "server.log"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("LACRE_")},
            "LACRE_DATA_DIR": str(folder / "data"),
            "LACRE_PUBLIC_URL": self.url,
            "LACRE_EGRESS_ALLOW": "127.0.0.0/8",
            "LACRE_TIME_SCALE": str(time_scale),
            **(settings or {}),
        }
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        with self._log.open("a") as log:
            self._process = subprocess.Popen(
                [*_LACRE, "serve", "--port", str(self.port)],
                env=self._environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self._await_readiness(self._process)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(timeout=START_SECONDS)

    def command(self, *words: str) -> str:
        """What another `lacre` command prints, beside the running server."""
        ran = subprocess.run(
            [*_LACRE, *words], env=self._environment, capture_output=True, text=True, check=False
        )
        if ran.returncode != 0:
            raise StepFailed(f"lacre {' '.join(words)}: {ran.stderr or ran.stdout}")
        return ran.stdout

    def new_key(self, dialect: str) -> str:
        """Of the demo's account."""
        given = json.loads(self.command("key", "create", "--dialect", dialect, "--account", "demo", "--json"))
        return str(given["api_token" if dialect == "zapsign" else "api_key"])

    def wait(self) -> None:
        if self._process is not None:
            try:
                self._process.wait()
            except KeyboardInterrupt:
                self._process.wait(timeout=START_SECONDS)

    def _await_readiness(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None  # noqa: S101 - it was asked for
        for line in process.stdout:
            if line.startswith("Lacre listening"):
                return
        raise StepFailed(f"the server did not start; see {self._log}")


_LACRE = (sys.executable, "-m", "lacre")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
