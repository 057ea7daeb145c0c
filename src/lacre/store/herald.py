"""On PostgreSQL, other processes hear at once that there is work; the poll is the net below.

Said after the commit and on a connection of its own: a `NOTIFY` inside the transaction would make commits
wait for each other. Many commits within a breath are said once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import sleep
from typing import Any

import psycopg
import structlog
from sqlalchemy import Engine

log = structlog.get_logger("lacre.herald")

CHANNEL = "lacre_work"
BREATH_SECONDS = 0.005
LISTEN_SECONDS = 1.0
"""How long a listener that is told to end may take to notice."""
PAUSE_SECONDS = 1.0
"""Before the server is called again that was away."""


class Herald:
    """`call` from any thread; what was given to `listen` is called when another process did."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._news, self._over = threading.Event(), threading.Event()
        self._starting = threading.Lock()
        self._caller: threading.Thread | None = None
        self._listener: threading.Thread | None = None
        self._wakes: list[Callable[[], None]] = []
        self._own = 0
        """The session that we call from: who listens here knows of it already."""

    def call(self) -> None:
        if self._caller is None:
            self._caller = self._start(self._call_on)
        self._news.set()

    def listen(self, wake: Callable[[], None]) -> None:
        self._wakes.append(wake)
        if self._listener is None:
            self._listener = self._start(self._listen_on)

    def close(self) -> None:
        self._over.set()
        self._news.set()
        for thread in (self._caller, self._listener):
            if thread is not None:
                thread.join()

    # ── two threads ──────────────────────────────────────────────────────────

    def _start(self, work: Callable[[psycopg.Connection[Any]], None]) -> threading.Thread:
        thread = threading.Thread(target=self._stay, args=(work,), name=f"lacre-herald{work.__name__}")
        with self._starting:
            thread.start()
        return thread

    def _stay(self, work: Callable[[psycopg.Connection[Any]], None]) -> None:
        while not self._over.is_set():
            try:
                with self._connected() as connection:
                    work(connection)
            except psycopg.Error as away:
                log.warning("herald_away", problem=str(away).strip()[:200])
                self._over.wait(PAUSE_SECONDS)

    def _connected(self) -> psycopg.Connection[Any]:
        url = self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, connect_timeout=10)

    def _call_on(self, connection: psycopg.Connection[Any]) -> None:
        self._own = connection.info.backend_pid
        while not self._over.is_set():
            self._news.wait()
            self._news.clear()
            connection.execute(f"NOTIFY {CHANNEL}")
            sleep(BREATH_SECONDS)

    def _listen_on(self, connection: psycopg.Connection[Any]) -> None:
        connection.execute(f"LISTEN {CHANNEL}")
        while not self._over.is_set():
            for heard in connection.notifies(timeout=LISTEN_SECONDS):
                if heard.pid != self._own:
                    self._wake_all()

    def _wake_all(self) -> None:
        for wake in self._wakes:
            wake()


class NoHerald:
    """SQLite: the processes of one machine look for themselves, a few times a second."""

    def call(self) -> None:
        """Nobody listens."""

    def listen(self, wake: Callable[[], None]) -> None:
        """Nobody calls."""

    def close(self) -> None:
        """Nothing was begun."""
