"""Keys: the data key that everything is encrypted and digested with, wrapped by the operator's key.

Changing the operator's key wraps 32 bytes anew; what was encrypted and every link given out stay as they are.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import select, update

from lacre.store.account_tables import data_key
from lacre.store.transaction import Transaction, put_if_new

KEY_FILE = "secret.key"
_NONCE = 12
_NUMBER = 2


class KeyUnusable(Exception):
    """The secrets in this database cannot be read with the key that is given."""


class Keys:
    """Data keys by number: the highest encrypts, all of them decrypt."""

    def __init__(self, data_keys: Mapping[int, bytes]) -> None:
        self._data_keys = dict(data_keys)
        self._ciphers = {number: AESGCM(key) for number, key in data_keys.items()}
        self._current = max(data_keys)
        self._stamp = self._current.to_bytes(_NUMBER, "big")
        self._cipher = self._ciphers[self._current]
        self._nonces = _Nonces()
        self.derive = cache(self._derive)

    @property
    def current(self) -> int:
        return self._current

    @property
    def numbers(self) -> Sequence[int]:
        return sorted(self._data_keys)

    def seal(self, plain: bytes, table: str, row: str, column: str) -> bytes:
        """Encrypted for one place: moved to another row or column it cannot be opened."""
        nonce = self._nonces.next()
        return self._stamp + nonce + self._cipher.encrypt(nonce, plain, _place(table, row, column))

    def open(self, sealed: bytes, table: str, row: str, column: str) -> bytes:
        number, nonce, rest = _cut(sealed)
        return self._ciphers[number].decrypt(nonce, rest, _place(table, row, column))

    def digest(self, purpose: str, secret: str) -> str:
        """What a secret is found by without being kept: keyed SHA-256, 64 hex digits."""
        return hmac.digest(self.derive(purpose, 1), secret.encode(), hashlib.sha256).hex()

    def _derive(self, purpose: str, number: int) -> bytes:
        """A key of its own for each purpose; raises `KeyError` for a number that there is not."""
        return _hkdf(self._data_keys[number], f"lacre {purpose}")


class _Nonces:
    """96 random bits each, from the operating system, many at a time."""

    _AT_ONCE = 256

    def __init__(self) -> None:
        self._ready: list[bytes] = []
        os.register_at_fork(after_in_child=self._ready.clear)

    def next(self) -> bytes:
        try:
            return self._ready.pop()  # atomic: no two threads get the same
        except IndexError:
            drawn = secrets.token_bytes(_NONCE * self._AT_ONCE)
            self._ready += [drawn[at : at + _NONCE] for at in range(_NONCE, len(drawn), _NONCE)]
            return drawn[:_NONCE]


def master_keys(secret_key: str, data_dir: Path, *, create: bool) -> list[bytes]:
    """The operator's keys, newest first: `LACRE_SECRET_KEY` (`new,old`), or the file in the data folder."""
    given = [part.strip() for part in secret_key.split(",") if part.strip()]
    if not given:
        given = [_from_file(data_dir / KEY_FILE, create=create)]
    return [_hkdf(key.encode(), "lacre master key") for key in given]


def load_keys(transaction: Transaction, masters: Sequence[bytes], *, now: int) -> Keys:
    """Unwraps the data keys; makes the first; wraps them by the first master key if they are not."""
    kept = _kept(transaction)
    if not kept:
        wrapped = wrap(secrets.token_bytes(32), masters[0], number=1)
        put_if_new(transaction, data_key, {"number": 1, "wrapped": wrapped, "created_at": now})
        kept = _kept(transaction)
    opened = {number: _unwrap(wrapped, masters, number=number) for number, wrapped in kept.items()}
    for number, (key, by) in opened.items():
        if by != 0:
            _rewrap(transaction, number, wrap(key, masters[0], number=number))
    return Keys({number: key for number, (key, _) in opened.items()})


def open_keys(transaction: Transaction, masters: Sequence[bytes]) -> Keys:
    """Raises `KeyUnusable` unless each data key opens; changes nothing."""
    kept = _kept(transaction)
    return Keys({number: _unwrap(wrapped, masters, number=number)[0] for number, wrapped in kept.items()})


def has_keys(transaction: Transaction) -> bool:
    return bool(_kept(transaction))


def wrap(key: bytes, master: bytes, *, number: int) -> bytes:
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(master).encrypt(nonce, key, _place("data_key", str(number), "wrapped"))


def _unwrap(wrapped: bytes, masters: Sequence[bytes], *, number: int) -> tuple[bytes, int]:
    """The data key, and which of the master keys opened it."""
    place = _place("data_key", str(number), "wrapped")
    for position, master in enumerate(masters):
        with contextlib.suppress(InvalidTag):
            return AESGCM(master).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], place), position
    raise KeyUnusable(
        "The secrets in this database were encrypted with another key. Set LACRE_SECRET_KEY to the key that"
        " this installation was started with: the same on every node, or the content of secret.key in the"
        " data folder of the first."
    )


def _kept(transaction: Transaction) -> dict[int, bytes]:
    rows = transaction.read(select(data_key.c.number, data_key.c.wrapped))
    return {row.number: row.wrapped for row in rows}


def _rewrap(transaction: Transaction, number: int, wrapped: bytes) -> None:
    transaction.write(update(data_key).where(data_key.c.number == number).values(wrapped=wrapped))


def _from_file(path: Path, *, create: bool) -> str:
    with contextlib.suppress(FileNotFoundError):
        return path.read_text().strip()
    if not create:
        raise KeyUnusable(
            f"This database holds encrypted secrets, but LACRE_SECRET_KEY is not set and {path} is missing."
        )
    _make(path)
    return path.read_text().strip()


def _make(path: Path) -> None:
    """Of two that start at once one wins, and both read the winner's key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(32)) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


def _hkdf(key: bytes, info: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(key)


def _place(table: str, row: str, column: str) -> bytes:
    return f"{table}|{row}|{column}".encode()


def _cut(sealed: bytes) -> tuple[int, bytes, bytes]:
    end = _NUMBER + _NONCE
    return int.from_bytes(sealed[:_NUMBER], "big"), sealed[_NUMBER:end], sealed[end:]
