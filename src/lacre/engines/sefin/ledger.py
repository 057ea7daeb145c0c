"""What the local Sefin has issued and registered: one SQLite file, or memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any

_TABLES = """
CREATE TABLE IF NOT EXISTS notes (
    place INTEGER PRIMARY KEY,
    dps_id TEXT NOT NULL UNIQUE,
    key TEXT NOT NULL UNIQUE,
    issuer TEXT NOT NULL,
    city TEXT NOT NULL,
    number INTEGER NOT NULL,
    amount TEXT NOT NULL,
    customer TEXT NOT NULL,
    xml BLOB NOT NULL,
    cancelled TEXT NOT NULL DEFAULT '',
    UNIQUE (city, issuer, number)
);
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY,
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    xml BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS calls (
    place INTEGER PRIMARY KEY,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    about TEXT NOT NULL,
    said TEXT NOT NULL
);
"""
_NOTE = "dps_id, key, issuer, city, number, amount, customer, cancelled, xml"


@dataclass(frozen=True, kw_only=True)
class IssuedNote:
    dps_id: str
    key: str
    issuer: str
    city: str
    number: int
    amount: str
    customer: str
    """Whose CNPJ or CPF may ask for it besides the issuer; empty: nobody's."""
    cancelled: str
    """The kind of the event that did; empty: it stands."""
    xml: bytes


@dataclass(frozen=True, kw_only=True)
class Call:
    """`about` is the id that it named, `said` the status or what was done instead of answering."""

    method: str
    path: str
    about: str
    said: str


class Ledger:
    def __init__(self, file: Path | None = None) -> None:
        self._lock = RLock()
        self._database = sqlite3.connect(str(file or ":memory:"), check_same_thread=False)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.executescript(_TABLES)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One judgement at a time, so that no number is drawn twice; all of it, or nothing."""
        with self._lock, self._database:
            yield

    def close(self) -> None:
        self._database.close()

    # ── notes ────────────────────────────────────────────────────────────────

    def next_number(self, city: str, issuer: str) -> int:
        found = self._one("SELECT max(number) FROM notes WHERE city = ? AND issuer = ?", city, issuer)
        return int(found[0] or 0) + 1 if found else 1

    def next_place(self) -> int:
        found = self._one("SELECT (SELECT count(*) FROM notes) + (SELECT count(*) FROM events)")
        return int(found[0]) + 1 if found else 1

    def add(self, note: IssuedNote) -> None:
        self._do(
            f"INSERT INTO notes ({_NOTE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own words
            note.dps_id,
            note.key,
            note.issuer,
            note.city,
            note.number,
            note.amount,
            note.customer,
            note.cancelled,
            note.xml,
        )

    def by_dps(self, dps_id: str) -> IssuedNote | None:
        return _note(self._one(f"SELECT {_NOTE} FROM notes WHERE dps_id = ?", dps_id))  # noqa: S608

    def by_key(self, key: str) -> IssuedNote | None:
        return _note(self._one(f"SELECT {_NOTE} FROM notes WHERE key = ?", key))  # noqa: S608

    def notes(self) -> Sequence[IssuedNote]:
        """All, in the order in which they were issued."""
        rows = self._all(f"SELECT {_NOTE} FROM notes ORDER BY place")  # noqa: S608
        return [found for row in rows if (found := _note(row))]

    # ── events ───────────────────────────────────────────────────────────────

    def register(self, event_id: str, key: str, kind: str, xml: bytes) -> None:
        self._do("INSERT INTO events (id, key, kind, xml) VALUES (?, ?, ?, ?)", event_id, key, kind, xml)
        self._do("UPDATE notes SET cancelled = ? WHERE key = ?", kind, key)

    def event(self, key: str, kind: str) -> bytes | None:
        found = self._one("SELECT xml FROM events WHERE key = ? AND kind = ?", key, kind)
        return bytes(found[0]) if found else None

    def events(self, key: str) -> Sequence[bytes]:
        return [bytes(row[0]) for row in self._all("SELECT xml FROM events WHERE key = ? ORDER BY id", key)]

    # ── calls ────────────────────────────────────────────────────────────────

    def heard(self, call: Call) -> None:
        with self._lock, self._database:
            self._do(
                "INSERT INTO calls (method, path, about, said) VALUES (?, ?, ?, ?)",
                call.method,
                call.path,
                call.about,
                call.said,
            )

    def calls(self) -> Sequence[Call]:
        rows = self._all("SELECT method, path, about, said FROM calls ORDER BY place")
        return [
            Call(method=str(method), path=str(path), about=str(about), said=str(said))
            for method, path, about, said in rows
        ]

    # ── SQL ──────────────────────────────────────────────────────────────────

    def _do(self, statement: str, *values: object) -> None:
        with self._lock:
            self._database.execute(statement, values)

    def _one(self, statement: str, *values: object) -> tuple[Any, ...] | None:
        return next(iter(self._all(statement, *values)), None)

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._database.execute(statement, values).fetchall()


def _note(row: tuple[Any, ...] | None) -> IssuedNote | None:
    if row is None:
        return None
    dps_id, key, issuer, city, number, amount, customer, cancelled, xml = row
    return IssuedNote(
        dps_id=str(dps_id),
        key=str(key),
        issuer=str(issuer),
        city=str(city),
        number=int(str(number)),
        amount=str(amount),
        customer=str(customer),
        cancelled=str(cancelled),
        xml=bytes(xml) if isinstance(xml, bytes) else b"",
    )
