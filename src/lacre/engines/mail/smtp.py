"""`Mailer` by SMTP: one connection a mail, a deadline on the whole of it, every failure a value."""

from __future__ import annotations

import contextlib
import hashlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from threading import Timer
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from lacre.engines.mail.tunnel import tunnel
from lacre.signing.ports import Mail, MailFailed, Sent

_PORTS = {"smtp": 587, "smtps": 465}


class NotASmtpUrl(ValueError):
    """A mail server is written smtp://user:password@host:587 or smtps://user:password@host:465."""


@dataclass(frozen=True, kw_only=True)
class SmtpServer:
    host: str
    port: int
    implicit_tls: bool
    user: str = ""
    password: str = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise NotASmtpUrl(NotASmtpUrl.__doc__)
        return cls(
            host=parts.hostname,
            port=parts.port or _PORTS[parts.scheme],
            implicit_tls=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )


class SmtpMailer:
    """`sender` is what mails come from: `Lacre <lacre@example.com>`.

    `returns_to` is where those come back to that nobody takes: `returns@example.com`, with what tells them
    apart behind a plus sign; or `@returns.example.com`, with that before it.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        *,
        returns_to: str = "",
        seconds: float = 30.0,
        tls: ssl.SSLContext | None = None,
        proxy: str = "",
    ) -> None:
        """`proxy`: `http://[user:password@]host:port`, which is asked to connect."""
        self._proxy = proxy
        self._returns_to = returns_to
        self._server = SmtpServer.parse(url)
        self._sender_name, self._sender = parseaddr(sender)
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()

    def send(self, mail: Mail) -> Sent | MailFailed:
        try:
            message = self._message(mail)
        except (MessageError, ValueError, IndexError) as cause:
            # the header registry raises IndexError on some addresses
            return MailFailed(reason=f"{mail.to!r} is not an e-mail address: {cause}", retry=False)
        try:
            with self._connection() as connection:
                connection.send_message(message, self._return_path(mail), [mail.to])
        except (smtplib.SMTPException, OSError) as cause:
            return _failure(cause)
        return Sent(message_id=message["Message-ID"])

    def introduce(self) -> MailFailed | None:
        """Goes as far as a mail would before it is handed over: greeting, TLS, login."""
        try:
            with self._connection():
                return None
        except (smtplib.SMTPException, OSError) as cause:
            return _failure(cause)

    def _message(self, mail: Mail) -> EmailMessage:
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(_line(mail.sender_name) or self._sender_name, addr_spec=self._sender)
        message["To"] = Address(_line(mail.to_name), addr_spec=mail.to)
        message["Subject"] = _line(mail.subject)
        message["Date"] = formatdate()
        message["Message-ID"] = self._message_id(mail.key)
        # keeps vacation notices from answering
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if mail.reply_to:
            message["Reply-To"] = Address(addr_spec=mail.reply_to)
        message.set_content(mail.text)
        message.add_alternative(mail.html, subtype="html")
        return message

    def _message_id(self, key: str) -> str:
        """The same for every attempt, so that mailboxes drop or thread a second copy."""
        return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{self._domain}>"

    def _return_path(self, mail: Mail) -> str:
        """The envelope's sender, which no reader sees."""
        local, _, domain = self._returns_to.rpartition("@")
        if not domain or not mail.returns:
            return self._returns_to if local else self._sender
        return f"{local}+{mail.returns}@{domain}" if local else f"{mail.returns}@{domain}"

    @property
    def _domain(self) -> str:
        return self._sender.rpartition("@")[2] or "localhost"

    @contextlib.contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        connection = self._opened()
        try:
            self._introduce(connection)
            yield connection
            # the mail is taken by now: a farewell that fails must not send it again
            with contextlib.suppress(smtplib.SMTPException, OSError):
                connection.quit()
        finally:
            connection.close()

    def _opened(self) -> smtplib.SMTP:
        server, name, seconds = self._server, self._domain, self._seconds
        if server.implicit_tls:
            return _TlsInTime(
                server.host,
                server.port,
                local_hostname=name,
                timeout=seconds,
                context=self._tls,
                proxy=self._proxy,
            )
        return _InTime(server.host, server.port, local_hostname=name, timeout=seconds, proxy=self._proxy)

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo()
        if not self._server.implicit_tls and connection.has_extn("starttls"):
            connection.starttls(context=self._tls)
            connection.ehlo()
        if self._server.user:
            self._log_in(connection)

    def _log_in(self, connection: smtplib.SMTP) -> None:
        # of a proxy it is not known where it leads
        near = not self._proxy and _is_loopback(connection)
        if not isinstance(connection.sock, ssl.SSLSocket) and not near:
            raise smtplib.SMTPException("the server offers no TLS: the password is not sent in the clear")
        connection.login(self._server.user, self._server.password)


def _line(text: str) -> str:
    """A header is one line, whatever the title of a document holds."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


class _Through(smtplib.SMTP):
    """By way of a proxy, if there is one: it looks the name up, and connects."""

    _proxy = ""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        if not self._proxy:
            return super()._get_socket(host, port, timeout)  # type: ignore[misc,no-any-return]
        return tunnel(self._proxy, host, port, seconds=timeout)


class _InTime(_Through):
    """smtplib's timeout is per read: a server that drips would hold us for hours."""

    def __init__(self, *place: Any, proxy: str, **options: Any) -> None:  # noqa: ANN401 - handed on
        self._proxy = proxy  # before it connects, as it does at once
        super().__init__(*place, **options)

    def connect(self, *place: Any, **options: Any) -> tuple[int, bytes]:  # noqa: ANN401 - handed on
        self._deadline = Timer(self.timeout, self._cut)
        self._deadline.daemon = True
        self._deadline.start()
        return super().connect(*place, **options)

    def close(self) -> None:
        self._deadline.cancel()
        super().close()

    def _cut(self) -> None:
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


class _TlsInTime(_InTime, smtplib.SMTP_SSL, _Through):
    """TLS within whatever `_Through` opened."""


def _is_loopback(connection: smtplib.SMTP) -> bool:
    if connection.sock is None:
        return False
    address = str(connection.sock.getpeername()[0])
    return address.startswith("127.") or address == "::1"


def _failure(cause: smtplib.SMTPException | OSError) -> MailFailed:
    match cause:
        case smtplib.SMTPRecipientsRefused(recipients=refused):
            code, text = next(iter(refused.values()))
            return MailFailed(reason=_said(code, text), retry=code < 500, code=code)
        case smtplib.SMTPAuthenticationError(smtp_code=code, smtp_error=text):
            # the operator will mend it; the mail itself is fine
            return MailFailed(reason=_said(code, text), retry=True)
        case smtplib.SMTPResponseException(smtp_code=code, smtp_error=text):
            return MailFailed(reason=_said(code, text), retry=code < 500, code=code)
        case smtplib.SMTPNotSupportedError():
            return MailFailed(reason=str(cause), retry=False)
        case _:
            return MailFailed(reason=str(cause) or type(cause).__name__, retry=True)


def _said(code: int, text: bytes | str) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {_line(said)}"[:500]
