"""A real mail server on 127.0.0.1: takes mails, or refuses, drips or falls silent as told."""

from __future__ import annotations

import asyncio
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from threading import Thread

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

PASSWORDS = ("segredo", "senha-do-correio")
"""What it lets in; the second is no word of any page."""


@dataclass
class Postbox:
    """What has arrived; `answers` are said instead of taking a mail, one each, as long as they last."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    """Of the envelopes: where what is not delivered comes back to."""

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("nobody@"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        content = envelope.original_content or b""
        self.senders.append(envelope.mail_from or "")
        self.mails.append(message_from_bytes(content, _class=EmailMessage, policy=policy.default))
        transport = server.transport
        self.encrypted.append(
            session.ssl is not None or bool(transport and transport.get_extra_info("ssl_object"))
        )
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, credentials: LoginPassword
    ) -> AuthResult:
        del server, session, envelope, mechanism
        login = (credentials.login.decode(), credentials.password.decode())
        self.logins.append(login)
        return AuthResult(success=login[1] in PASSWORDS, handled=False)


def plain_text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


@contextmanager
def mail_server(*, starttls: bool = False, implicit_tls: bool = False) -> Iterator[Postbox]:
    box = Postbox()
    context = server_tls() if starttls or implicit_tls else None

    def protocol() -> SMTP:
        return SMTP(
            box,
            hostname="mail.test",
            tls_context=context if starttls else None,
            authenticator=box.authenticate,
            auth_require_tls=False,
            enable_SMTPUTF8=True,
        )

    with _serving(protocol, context if implicit_tls else None) as port:
        box.port = port
        yield box


@contextmanager
def dripping_server() -> Iterator[int]:
    """Sends one letter of its greeting every tenth of a second, for ever."""

    class Drip(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self._transport = transport
            self._drip()

        def _drip(self) -> None:
            if not self._transport.is_closing() and isinstance(self._transport, asyncio.WriteTransport):
                self._transport.write(b"2")
                asyncio.get_running_loop().call_later(0.1, self._drip)

    with _serving(Drip, None) as port:
        yield port


@contextmanager
def _serving(protocol: type[asyncio.Protocol] | object, tls: ssl.SSLContext | None) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=tls))  # type: ignore[arg-type]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_stop(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


async def _stop(server: asyncio.Server) -> None:
    server.close()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    # connections that were closed just now are let go of in the loop's next rounds
    await asyncio.sleep(0.02)


@cache
def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate_file())
    return context


@cache
def trusting_tls() -> ssl.SSLContext:
    """A client that trusts this server."""
    return ssl.create_default_context(cafile=_certificate_file())


@cache
def _certificate_file() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=25_000))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    file = Path(tempfile.mkdtemp(prefix="lacre-smtp-")) / "server.pem"
    file.write_bytes(pem)
    return str(file)
