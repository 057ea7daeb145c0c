"""`Returns` by IMAP: what is new in a mailbox of our own, each notice marked as read once it was taken."""

from __future__ import annotations

import contextlib
import imaplib
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import unquote, urlsplit

from lacre.engines.mail.notice import read_notice
from lacre.signing.ports import MailboxFailed, Returned

_PORTS = {"imap": 143, "imaps": 993}
MOST_AT_ONCE = 200
LARGEST = 256 * 1024
"""Of a notice: what it says comes first, and the mail that came back is of no interest."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class NotAnImapUrl(ValueError):
    """A mailbox is written imaps://user:password@host:993/INBOX or imap://user:password@host:143/INBOX."""


@dataclass(frozen=True, kw_only=True)
class ImapServer:
    host: str
    port: int
    implicit_tls: bool
    user: str
    password: str
    folder: str

    @classmethod
    def parse(cls, url: str) -> Self:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
            raise NotAnImapUrl(NotAnImapUrl.__doc__)
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            implicit_tls=parts.scheme == "imaps",
            user=unquote(parts.username),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )


class ImapReturns:
    def __init__(self, url: str, *, seconds: float = 30.0, tls: ssl.SSLContext | None = None) -> None:
        self._server = ImapServer.parse(url)
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()

    def collect(self, take: Callable[[Returned], None]) -> MailboxFailed | None:
        try:
            with self._mailbox() as mailbox:
                for number in _unread(mailbox):
                    for returned in read_notice(_content(mailbox, number)):
                        take(returned)
                    _expect(mailbox.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))
        except (imaplib.IMAP4.error, OSError) as trouble:
            return MailboxFailed(reason=_said(trouble))
        return None

    def introduce(self) -> MailboxFailed | None:
        """As far as the mailbox; nothing in it is read."""
        try:
            with self._mailbox():
                return None
        except (imaplib.IMAP4.error, OSError) as trouble:
            return MailboxFailed(reason=_said(trouble))

    @contextlib.contextmanager
    def _mailbox(self) -> Iterator[imaplib.IMAP4]:
        connection = self._connected()
        try:
            connection.login(self._server.user, self._server.password)
            _expect(connection.select(_quoted(self._server.folder)))
            yield connection
        finally:
            with contextlib.suppress(imaplib.IMAP4.error, OSError):
                connection.logout()

    def _connected(self) -> imaplib.IMAP4:
        server, timeout = self._server, self._seconds
        if server.implicit_tls:
            return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=self._tls, timeout=timeout)
        connection = imaplib.IMAP4(server.host, server.port, timeout=timeout)
        if "STARTTLS" in connection.capabilities:
            connection.starttls(self._tls)
        elif server.host not in _LOOPBACK:
            connection.shutdown()
            raise imaplib.IMAP4.error("the server offers no TLS: the password is not sent in the clear")
        return connection


def _unread(mailbox: imaplib.IMAP4) -> list[str]:
    (found,) = _expect(mailbox.uid("SEARCH", "UNSEEN"))
    return found.decode("ascii", "ignore").split()[:MOST_AT_ONCE] if isinstance(found, bytes) else []


def _content(mailbox: imaplib.IMAP4, number: str) -> bytes:
    parts = _expect(mailbox.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)"))
    return next((part[1] for part in parts if isinstance(part, tuple)), b"")


def _expect(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    kind, parts = answer
    if kind != "OK":
        raise imaplib.IMAP4.error(f"{kind} {parts}")
    return parts


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _said(trouble: Exception) -> str:
    return " ".join(str(trouble).split())[:500] or type(trouble).__name__
