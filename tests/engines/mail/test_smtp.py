from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from lacre.engines.mail.smtp import NotASmtpUrl, SmtpMailer, SmtpServer
from lacre.signing.ports import Mail, MailFailed, Sent
from tests.support.proxy import Proxy
from tests.support.smtp import Postbox, dripping_server, mail_server, trusting_tls

MAIL = Mail(
    key="invitation/1",
    to="bruno@example.test",
    to_name="Bruno Müller",
    subject="Ana pede a sua assinatura: locação",
    html="<p>Olá, Bruno</p>",
    text="Olá, Bruno\n",
    reply_to="ana@example.test",
    sender_name="Imobiliária Horizonte",
)


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as box:
        yield box


def test_a_mail_arrives_as_text_and_html(postbox: Postbox) -> None:
    outcome = mailer(postbox).send(MAIL)

    (mail,) = postbox.mails
    assert isinstance(outcome, Sent)
    assert mail["From"] == "Imobiliária Horizonte <lacre@casa.test>"
    assert mail["To"] == "Bruno Müller <bruno@example.test>"
    assert mail["Subject"] == MAIL.subject
    assert mail["Reply-To"] == "ana@example.test"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert "Olá, Bruno" in mail.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_a_mail_comes_from_the_house_unless_branded(postbox: Postbox) -> None:
    mailer(postbox).send(replace(MAIL, sender_name=""))

    assert postbox.mails[0]["From"] == "Lacre <lacre@casa.test>"


def test_every_attempt_carries_the_same_message_id(postbox: Postbox) -> None:
    postbox.answers = ["451 4.3.0 later"]

    outcomes = [mailer(postbox).send(MAIL) for _ in range(3)]
    mailer(postbox).send(replace(MAIL, key="invitation/2"))

    first, second, other = (mail["Message-ID"] for mail in postbox.mails)
    assert outcomes == [
        MailFailed(reason="451 4.3.0 later", retry=True, code=451),
        Sent(message_id=first),
        Sent(message_id=first),
    ]
    assert first == second != other
    assert first.endswith("@casa.test>")


def test_line_ends_in_titles_and_names_make_no_headers(postbox: Postbox) -> None:
    crooked = replace(
        MAIL,
        subject="Contrato\r\nBcc: all@example.test\n\n<p>",
        to_name='Bruno\nBcc: x@example.test "',
        sender_name="Ana\r\nX: y",
    )

    mailer(postbox).send(crooked)

    (mail,) = postbox.mails
    assert mail["Bcc"] is None
    assert mail["X"] is None
    assert mail["Subject"] == "Contrato Bcc: all@example.test <p>"


@pytest.mark.parametrize(
    "address",
    ["", "bruno", "bruno@", "@x", "a b@x.test", "a@x.test\nBcc: b@x.test", "a@x.test, b@x.test", "<a@x>"],
)
def test_what_is_no_address_is_never_tried(postbox: Postbox, address: str) -> None:
    outcome = mailer(postbox).send(replace(MAIL, to=address))

    assert isinstance(outcome, MailFailed)
    assert not outcome.retry
    assert postbox.mails == []


def test_an_unknown_mailbox_is_not_tried_again(postbox: Postbox) -> None:
    outcome = mailer(postbox).send(replace(MAIL, to="nobody@example.test"))

    assert outcome == MailFailed(reason="550 5.1.1 no such mailbox", retry=False, code=550)


def test_a_mail_refused_for_good_is_not_tried_again(postbox: Postbox) -> None:
    postbox.answers = ["554 5.7.1 spam"]

    assert mailer(postbox).send(MAIL) == MailFailed(reason="554 5.7.1 spam", retry=False, code=554)


def test_a_server_that_is_away_is_tried_again() -> None:
    with mail_server() as box:
        away = mailer(box)

    outcome = away.send(MAIL)

    assert isinstance(outcome, MailFailed)
    assert outcome.retry


def test_a_server_that_drips_is_cut_off() -> None:
    with dripping_server() as port:
        started = time.monotonic()
        outcome = SmtpMailer(f"smtp://127.0.0.1:{port}", "lacre@casa.test", seconds=0.5).send(MAIL)

    assert isinstance(outcome, MailFailed)
    assert outcome.retry
    assert time.monotonic() - started < 20


def test_starttls_is_used_where_it_is_offered() -> None:
    with mail_server(starttls=True) as box:
        outcome = SmtpMailer(box.url, "lacre@casa.test", tls=trusting_tls()).send(MAIL)

    assert isinstance(outcome, Sent)
    assert box.encrypted == [True]


@pytest.mark.parametrize("tls", ["none", "starttls", "implicit"])
def test_it_is_reached_through_a_proxy_which_is_told_who_asks(tls: str) -> None:
    with (
        mail_server(starttls=tls == "starttls", implicit_tls=tls == "implicit") as box,
        Proxy({"127.0.0.1": box.port}) as proxy,
    ):
        through = proxy.url.replace("//", "//ana:s%20@")
        url = box.url.replace("smtp:", "smtps:") if tls == "implicit" else box.url
        outcome = SmtpMailer(url, "lacre@casa.test", tls=trusting_tls(), proxy=through).send(MAIL)

    assert isinstance(outcome, Sent)
    assert proxy.asked == [f"CONNECT 127.0.0.1:{box.port}"]
    assert "Proxy-Authorization: Basic YW5hOnMg" in proxy.heads[0]
    assert box.encrypted == [tls != "none"]


def test_a_proxy_that_refuses_is_told_and_tried_again() -> None:
    with mail_server() as box, Proxy({}, refuses="407 Who are you") as proxy:
        outcome = SmtpMailer(box.url, "lacre@casa.test", proxy=proxy.url).send(MAIL)

    said = "the proxy does not connect us: HTTP/1.1 407 Who are you"
    assert outcome == MailFailed(reason=said, retry=True)


def test_a_proxy_next_door_is_no_reason_to_say_a_password_in_the_clear() -> None:
    with mail_server() as box, Proxy({"127.0.0.1": box.port}) as proxy:
        url = box.url.replace("//", "//lacre:segredo@")
        outcome = SmtpMailer(url, "lacre@casa.test", proxy=proxy.url).send(MAIL)

    assert isinstance(outcome, MailFailed)
    assert "no TLS" in outcome.reason
    assert box.logins == []


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    with mail_server(starttls=True) as box:
        outcome = SmtpMailer(box.url, "lacre@casa.test").send(MAIL)

    assert isinstance(outcome, MailFailed)
    assert "certificate" in outcome.reason.lower()
    assert box.mails == []


def test_smtps_speaks_tls_from_the_first_byte() -> None:
    with mail_server(implicit_tls=True) as box:
        url = f"smtps://127.0.0.1:{box.port}"
        outcome = SmtpMailer(url, "lacre@casa.test", tls=trusting_tls()).send(MAIL)

    assert isinstance(outcome, Sent)
    assert box.encrypted == [True]


def test_user_and_password_are_given() -> None:
    with mail_server(starttls=True) as box:
        url = f"smtp://ana%40casa:segredo@127.0.0.1:{box.port}"
        outcome = SmtpMailer(url, "lacre@casa.test", tls=trusting_tls()).send(MAIL)

    assert isinstance(outcome, Sent)
    assert box.logins == [("ana@casa", "segredo")]


def test_a_wrong_password_is_tried_again_since_the_mail_is_fine(postbox: Postbox) -> None:
    url = f"smtp://ana:errada@127.0.0.1:{postbox.port}"

    outcome = SmtpMailer(url, "lacre@casa.test").send(MAIL)

    assert isinstance(outcome, MailFailed)
    assert outcome.retry
    assert "errada" not in outcome.reason


@pytest.mark.parametrize("url", ["", "localhost:25", "http://mail.test", "smtp://"])
def test_what_is_no_smtp_url_is_said_at_once(url: str) -> None:
    with pytest.raises(NotASmtpUrl, match="smtp://user"):
        SmtpMailer(url, "lacre@casa.test")


def test_ports_follow_the_scheme() -> None:
    assert SmtpServer.parse("smtp://mail.test").port == 587
    assert SmtpServer.parse("smtps://mail.test").port == 465


def mailer(box: Postbox) -> SmtpMailer:
    return SmtpMailer(box.url, "Lacre <lacre@casa.test>", seconds=30)
