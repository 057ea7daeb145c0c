"""Checks of the servers that we call: the one for timestamps and the one for mail."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import parseaddr
from urllib.parse import urlsplit

from lacre.cli.doctor.finding import Finding, fine, problem, warning
from lacre.engines import clock
from lacre.engines.gateway import Gateway, GatewayUnusable
from lacre.engines.http import HttpEngine
from lacre.engines.mail.mailbox import ImapReturns, NotAnImapUrl
from lacre.engines.mail.smtp import NotASmtpUrl, SmtpMailer
from lacre.engines.pades.timestamp import stated_time, timestamp
from lacre.settings import Settings
from lacre.webhooks.request import Answer, NoAnswer, Request

SECONDS = 10.0
APART_SECONDS = 60.0


def timestamp_server(settings: Settings) -> Finding:
    if not settings.tsa_url:
        return fine("none: signatures state this machine's time (PAdES B-B)")
    with _transport(settings) as transport:
        began = clock.now()
        token = timestamp(transport, settings.tsa_url, b"lacre doctor")
    if token is None:
        return problem(
            f"no timestamp came: {transport.said}",
            "Check LACRE_TSA_URL (and LACRE_EGRESS_ALLOW for a server in a private network)."
            " Meanwhile envelopes complete at B-B, and are upgraded later.",
        )
    apart = (stated_time(token) - began).total_seconds()
    if abs(apart) > APART_SECONDS:
        return warning(f"its time and ours are {apart:+.0f} s apart", "Synchronise this machine's clock.")
    return fine(f"gives timestamps; its time and ours are {apart:+.0f} s apart")


def egress_proxy(settings: Settings) -> Finding:
    """Whether anybody listens there; nothing is asked of it."""
    url = urlsplit(settings.egress_proxy.get_secret_value())
    if not url.hostname:
        return fine("none: webhooks and fetches go out by themselves")
    try:
        socket.create_connection((url.hostname, url.port or 0), SECONDS).close()
    except OSError as trouble:
        return problem(
            f"{url.hostname}:{url.port} does not listen: {trouble}",
            "Check LACRE_EGRESS_PROXY and the way there: nothing goes out without it.",
        )
    return fine(f"{url.hostname}:{url.port} listens; it looks names up, and judges where they lead")


def mail(settings: Settings) -> Finding:
    """Everything but a mail is sent."""
    url = settings.smtp_url.get_secret_value()
    if not url:
        return warning("no mail server: mails are kept and shown in the console", "Set LACRE_SMTP_URL.")
    try:
        failed = SmtpMailer(
            url, settings.mail_from, seconds=SECONDS, proxy=settings.proxy_for("mail")
        ).introduce()
    except (NotASmtpUrl, ValueError) as unusable:
        return problem(f"LACRE_SMTP_URL cannot be read: {unusable}", str(NotASmtpUrl.__doc__))
    if failed is not None:
        return problem(f"the mail server does not let us in: {failed.reason}", _MAIL_REMEDY)
    if parseaddr(settings.mail_from)[1].endswith("@localhost"):
        return warning(f"mails come from {settings.mail_from}", "Set LACRE_MAIL_FROM to an address of yours.")
    return fine(f"lets us in; mails come from {settings.mail_from}")


def returned_mail(settings: Settings) -> Finding:
    """As far as the mailbox; nothing in it is read."""
    url = settings.bounces_imap_url.get_secret_value()
    if not url:
        return fine("no mailbox: a mail that comes back later is not told, one that is refused at once is")
    if not settings.bounces_to.rpartition("@")[2]:
        return problem("mails do not come back to the mailbox", "Set LACRE_BOUNCES_TO to its address.")
    try:
        failed = ImapReturns(url, seconds=SECONDS).introduce()
    except (NotAnImapUrl, ValueError) as unusable:
        return problem(f"LACRE_BOUNCES_IMAP_URL cannot be read: {unusable}", str(NotAnImapUrl.__doc__))
    if failed is not None:
        return problem(f"the mailbox does not let us in: {failed.reason}", _MAILBOX_REMEDY)
    return fine(f"lets us in; mails come back to {settings.bounces_to}")


def sms(settings: Settings) -> Finding:
    return _gateway(settings, settings.sms_gateway.get_secret_value(), "SMS")


def whatsapp(settings: Settings) -> Finding:
    return _gateway(settings, settings.whatsapp_gateway.get_secret_value(), "WHATSAPP")


def _gateway(settings: Settings, setting: str, name: str) -> Finding:
    """Its setting is read, and its address looked at; no message is sent, since that costs money."""
    if not setting:
        return fine("none: messages are kept and shown in the console")
    try:
        gateway = Gateway.parse(setting)
    except GatewayUnusable as unusable:
        return problem(f"LACRE_{name}_GATEWAY cannot be used: {unusable}", _GATEWAY_REMEDY)
    host = urlsplit(gateway.url).hostname or ""
    if not _stands_in(gateway, "text", "code"):
        return warning(f"what goes to {host} holds neither {{text}} nor {{code}}", _GATEWAY_REMEDY)
    with _transport(settings) as transport:
        reached = transport.reaches(gateway.url)
    if reached:
        return problem(f"{host} cannot be reached: {reached}", "Check the url (and LACRE_EGRESS_ALLOW).")
    return fine(f"messages go to {host}; none was sent now")


def _stands_in(gateway: Gateway, *places: str) -> bool:
    said = gateway.model_dump_json()
    return any(f"{{{place}}}" in said for place in places)


_GATEWAY_REMEDY = "See docs/operate, “Messages to phones”, for how a gateway is described."
_MAILBOX_REMEDY = "Check host, port, user, password and folder in LACRE_BOUNCES_IMAP_URL (imaps:// for 993)."
_MAIL_REMEDY = "Check host, port, user and password in LACRE_SMTP_URL (smtp:// for 587, smtps:// for 465)."


class _Transport:
    """Remembers what became of the last request, which a timestamp's absence does not tell."""

    def __init__(self, http: HttpEngine[None]) -> None:
        self._http = http
        self.said = "nothing was asked"

    def post(self, url: str, body: bytes, content_type: str) -> bytes | None:
        headers = (("Content-Type", content_type),)
        match self._http.send(
            Request(method="POST", url=url, headers=headers, body=body, deadline_seconds=SECONDS)
        ):
            case NoAnswer(reason=reason, detail=detail):
                self.said = f"{reason}, {detail}" if detail else reason
                return None
            case Answer(status=200, body=answer):
                self.said = "it answered, but not with a sound timestamp"
                return answer
            case Answer(status=status):
                self.said = f"it answered {status}"
                return None

    def reaches(self, url: str) -> str:
        """Why not; empty when something answers there, whatever it says."""
        match self._http.send(
            Request(method="HEAD", url=_host_of(url), headers=(), deadline_seconds=SECONDS)
        ):
            case NoAnswer(reason=reason, detail=detail):
                return f"{reason}, {detail}" if detail else reason
            case Answer():
                return ""


def _host_of(url: str) -> str:
    """Without its path: some gateways send at every request that they get there."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/"


@contextmanager
def _transport(settings: Settings) -> Iterator[_Transport]:
    http: HttpEngine[None] = HttpEngine(
        settings.egress_networks, proxy=settings.egress_proxy.get_secret_value()
    )
    try:
        yield _Transport(http)
    finally:
        http.close()
