"""The product as an operator runs it: `python -m lacre …` in processes of their own, to be stopped or killed.

They are forked off one that has imported everything (`tests.support.hatchery`), unless `anew` is asked for.

premises = Premises(tmp_path, time_scale="600")
token = premises.new_token()
with premises.server() as server:
    …talk to premises.url…
    server.kill()
with premises.server():
    …it goes on at the same address, with the same data…
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, nullcontext
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from lacre.bootstrap import open_installation
from lacre.cli.key import create_key
from lacre.settings import Settings
from tests.support.hatchery import Hatched, hatch
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
START_SECONDS = 60.0  # on a machine that has much else to do

# a shell that starts the tests in the background has Ctrl-C ignored, and so would all that they start
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Premises:
    """One installation's folder, address and settings; its processes come and go."""

    def __init__(self, folder: Path, *, anew: bool = False, **settings: str) -> None:
        """`settings` by their names without `LACRE_`, in small letters.

        `anew`: each process begins with the interpreter, as an operator's does.
        """
        self.folder, self._anew = folder, anew
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        given = {
            "data_dir": str(folder / "data"),
            "public_url": self.url,
            "egress_allow": "127.0.0.0/8",
            **settings,
        }
        self.environment = {f"LACRE_{name.upper()}": value for name, value in given.items() if value}
        self._started = 0
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def settings(self) -> Settings:
        """What its processes are told, for a look at its data from here."""
        told = {name.removeprefix("LACRE_").lower(): value for name, value in self.environment.items()}
        return Settings(_env_file=None, **told)  # type: ignore[call-arg,arg-type]

    def run(self, *command: str) -> str:
        """A `lacre` command that ends well; what it printed."""
        done = self.attempt(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def attempt(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A `lacre` command that ends, well or not."""
        self._started += 1
        log = self.folder / f"process-{self._started}.log"
        running = self._begin(("lacre", *command), log)
        with running.stdout or nullcontext() as said:
            printed = said.read() if said else b""
        return subprocess.CompletedProcess(command, running.wait(), printed.decode(), log.read_text())

    def new_token(self, dialect: str = "zapsign", name: str = "api_token") -> str:
        """Of a client written for a dialect, as `lacre key create` makes it, but without a process for it."""
        with closing(open_installation(self.settings)) as opened:
            return create_key(opened, dialect, "default")[name]

    def server(self, *, working: bool = True, program: Sequence[str] = ("lacre",)) -> Process:
        """Answers once its context is entered."""
        alone = () if working else ("--no-worker",)
        return self._process((*program, "serve", "--port", str(self.port), *alone), "Lacre listening on")

    def listening(self, *options: str) -> Process:
        """`lacre listen`, at this installation's address."""
        return self._process(("lacre", "listen", "--url", self.url, *options), "Listening to")

    def worker(self, *, program: Sequence[str] = ("lacre",)) -> Process:
        return self._process((*program, "worker"), "Lacre worker running")

    def logged(self) -> str:
        """What all its processes have said so far."""
        return "".join(file.read_text() for file in sorted(self.folder.glob("process-*.log")))

    def _process(self, command: Sequence[str], ready: str) -> Process:
        self._started += 1
        log = self.folder / f"process-{self._started}.log"
        return Process(partial(self._begin, command, log), ready, log=log)

    def _begin(self, command: Sequence[str], log: Path) -> Hatched | subprocess.Popen[bytes]:
        module, *arguments = command
        environment = self._whole_environment()
        if not self._anew:
            return hatch(module, arguments, folder=self.folder, environment=environment, log=log)
        with log.open("wb") as errors:
            return subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=errors,
            )  # fmt: skip

    def _whole_environment(self) -> dict[str, str]:
        """Nothing of ours but where programs and packages are."""
        path = os.pathsep.join(map(str, (ROOT / "src", ROOT)))
        ours = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PYTHONPATH": path}
        return ours | self.environment


class NotStarted(AssertionError):
    """The process ended before it was ready."""


class Process:
    """Runs from `with` to its end, when it is told to stop unless it is gone already."""

    def __init__(
        self, begin: Callable[[], Hatched | subprocess.Popen[bytes]], ready: str, *, log: Path
    ) -> None:
        self._begin, self._ready, self._log = begin, ready, log

    def __enter__(self) -> Self:
        self._popen = self._begin()
        self._await_ready()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.alive:
            self.stop()
        if self._popen.stdout:
            self._popen.stdout.close()

    @property
    def alive(self) -> bool:
        return self._popen.poll() is None

    @property
    def pid(self) -> int:
        return self._popen.pid

    def interrupt(self, seconds: float = 40.0) -> int:
        """As Ctrl-C does; its exit code."""
        self._popen.send_signal(signal.SIGINT)
        return self.wait(seconds)

    def said(self) -> str:
        """The rest of what it printed, once it has ended."""
        assert self._popen.stdout
        return self._popen.stdout.read().decode()

    def kill(self) -> None:
        """As a power cut does, for this process: no farewell."""
        self._popen.kill()
        self._popen.wait()

    def stop(self, seconds: float = 40.0) -> int:
        """As an operator does; its exit code."""
        self._popen.send_signal(signal.SIGTERM)
        return self.wait(seconds)

    def wait(self, seconds: float) -> int:
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running after {seconds} s:\n{self._log.read_text()}") from None

    def _await_ready(self) -> None:
        assert self._popen.stdout
        # ends the wait below: nothing more is read from a process that is gone
        hurry = threading.Timer(START_SECONDS, self._popen.kill)
        hurry.start()
        said = self._popen.stdout.readline().decode()
        hurry.cancel()
        if not said.startswith(self._ready):
            self.kill()
            self._popen.stdout.close()
            raise NotStarted(f"it said {said!r}\n{self._log.read_text()}")
