"""Notices fetched from a real mailbox: each once it is taken, and what cannot be had is a value."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lacre.engines.mail.mailbox import ImapReturns, ImapServer, NotAnImapUrl
from lacre.signing.ports import MailboxFailed, Returned
from tests.support.imap import Mailbox, mailbox_server
from tests.support.notices import POSTFIX, VACATION, notice
from tests.support.smtp import trusting_tls

TAG = "abcdefghijklmnopqrstuvwxyz234567abcdefghij"
NOTICE = notice(POSTFIX, f"retornos+{TAG}@casa.test")


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mailbox_server() as box:
        yield box


def taken(mailbox: Mailbox) -> list[str]:
    found: list[Returned] = []
    assert ImapReturns(mailbox.url).collect(found.append) is None
    return [one.tag for one in found]


def test_new_notices_are_taken_once_and_everything_is_marked(mailbox: Mailbox) -> None:
    mailbox.mails += [NOTICE, notice(VACATION, "retornos@casa.test")]

    assert (taken(mailbox), taken(mailbox)) == ([TAG], [])
    assert mailbox.read == {1, 2}


def test_a_notice_that_could_not_be_taken_comes_again(mailbox: Mailbox) -> None:
    mailbox.mails.append(NOTICE)

    def broken(_: Returned) -> None:
        raise RuntimeError("the database is away")

    with pytest.raises(RuntimeError):
        ImapReturns(mailbox.url).collect(broken)

    assert taken(mailbox) == [TAG]


def test_a_huge_mail_is_fetched_in_part(mailbox: Mailbox) -> None:
    mailbox.mails.append(NOTICE + b"x" * 3_000_000)

    assert taken(mailbox) == [TAG]


def test_it_is_reached_through_tls_and_only_of_whom_we_trust() -> None:
    with mailbox_server(implicit_tls=True) as box:
        box.mails.append(NOTICE)
        found: list[Returned] = []

        trusted = ImapReturns(box.url, tls=trusting_tls()).collect(found.append)
        stranger = ImapReturns(box.url).collect(found.append)

    assert (trusted, len(found)) == (None, 1)
    assert isinstance(stranger, MailboxFailed)


def test_what_cannot_be_had_is_a_value(mailbox: Mailbox) -> None:
    wrong = mailbox.url.replace("segredo", "errada")
    elsewhere = mailbox.url.replace("INBOX", "Lixo")

    for url in (wrong, elsewhere, "imap://ana:x@127.0.0.1:1"):
        assert isinstance(ImapReturns(url, seconds=2).collect(lambda _: None), MailboxFailed)
        assert isinstance(ImapReturns(url, seconds=2).introduce(), MailboxFailed)
    assert ImapReturns(mailbox.url).introduce() is None


@pytest.mark.parametrize("url", ["imaps://host", "pop3://a:b@host", "host"])
def test_what_is_no_mailbox_is_refused(url: str) -> None:
    with pytest.raises(NotAnImapUrl):
        ImapServer.parse(url)
