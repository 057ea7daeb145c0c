"""A mail that came back is told as email_bounce, and a notice that somebody made up is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from lacre.engines.mail.mailbox import ImapReturns
from lacre.engines.mail.smtp import SmtpMailer
from lacre.engines.mail.stationery import JinjaStationery
from lacre.kit.ids import JobId
from lacre.kit.jobs import HeldJob
from lacre.services import Services
from lacre.signing import events
from lacre.signing.schedule import NOTIFY, RETURNS
from lacre.worker import bounces, post
from tests.support.imap import Mailbox, mailbox_server
from tests.support.notices import POSTFIX, notice
from tests.support.smtp import Postbox, mail_server
from tests.support.zapsign_desk import Desk

BRUNO = {"name": "Bruno", "email": "bruno@example.test", "send_automatic_email": True}


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with mailbox_server() as box:
        yield box


@pytest.fixture
def services(desk: Desk, postbox: Postbox, mailbox: Mailbox) -> Services:
    mailer = SmtpMailer(postbox.url, "Lacre <lacre@casa.test>", returns_to="retornos@casa.test")
    return replace(
        desk.services,
        mailer=mailer,
        messengers={},
        stationery=JinjaStationery(),
        returns=ImapReturns(mailbox.url),
    )


@pytest.fixture
def sent(desk: Desk, services: Services, postbox: Postbox) -> tuple[str, str]:
    """A document whose first signer was mailed the link, and where that mail comes back to."""
    desk.call("POST", "user/company/webhook/", {"url": "https://client.test/hook", "type": "email_bounce"})
    token = str(desk.create(signers=[BRUNO, {"name": "Carla"}])["token"])
    _mail(services, token)
    return token, postbox.senders[-1]


def _mail(services: Services, token: str) -> None:
    now = services.clock()
    with services.open_work() as work:
        jobs = work.queue.claim("worker", now=now, limit=99, kinds=[NOTIFY])
    for job in jobs:
        if job.key == token:
            post.notify(services, job, now)
        with services.open_work() as work:
            work.queue.finish("worker", job.id, now=now)


def _collect(services: Services) -> None:
    job = HeldJob(id=JobId("1"), kind=RETURNS, key=RETURNS, payload={}, attempts=1)
    assert bounces.collect(services, job, services.clock()) is None


def test_a_mail_that_comes_back_is_told_once(
    desk: Desk, services: Services, mailbox: Mailbox, sent: tuple[str, str]
) -> None:
    token, returns = sent
    mailbox.mails += [notice(POSTFIX, returns)] * 2

    _collect(services)

    (told,) = [one.event for one in desk.events(token) if one.event.type == events.SIGNER_DELIVERY_FAILED]
    assert (told.facts["address"], told.facts["status_code"]) == ("bruno@example.test", 550)
    assert desk.deliveries(token) == [events.SIGNER_DELIVERY_FAILED]


def test_a_notice_that_somebody_made_up_does_nothing(
    desk: Desk, services: Services, mailbox: Mailbox, sent: tuple[str, str]
) -> None:
    token, returns = sent
    tag = returns.partition("+")[2].partition("@")[0]
    another = "a" if tag[-1] != "a" else "b"
    forged = [tag[:-1] + another, tag[::-1], "a" * 42]
    mailbox.mails += [notice(POSTFIX, f"retornos+{one}@casa.test") for one in forged]

    _collect(services)

    assert desk.deliveries(token) == []
    assert mailbox.read == {1, 2, 3}


def test_of_an_address_that_was_corrected_meanwhile_nothing_is_told(
    desk: Desk, services: Services, mailbox: Mailbox, sent: tuple[str, str]
) -> None:
    token, returns = sent
    signer = desk.call("GET", f"docs/{token}/")["signers"][0]["token"]
    desk.call("POST", f"signers/{signer}/", {"email": "bruno.dias@example.test"})
    mailbox.mails.append(notice(POSTFIX, returns))

    _collect(services)

    assert desk.deliveries(token) == []


def test_once_corrected_the_link_goes_out_again_and_may_come_back_again(
    desk: Desk, services: Services, mailbox: Mailbox, postbox: Postbox, sent: tuple[str, str]
) -> None:
    token, returns = sent
    mailbox.mails.append(notice(POSTFIX, returns))
    _collect(services)
    signer = desk.call("GET", f"docs/{token}/")["signers"][0]["token"]

    corrected = {"email": "bruno.dias@example.test", "send_automatic_email": True}
    desk.call("POST", f"signers/{signer}/", corrected)
    _mail(services, token)
    mailbox.mails.append(notice(POSTFIX, postbox.senders[-1]))
    _collect(services)

    assert postbox.senders[-1] != returns
    assert desk.deliveries(token) == [events.SIGNER_DELIVERY_FAILED] * 2


def test_a_mail_that_is_refused_at_once_is_told_with_the_code(
    desk: Desk, services: Services, postbox: Postbox
) -> None:
    token = str(desk.create(signers=[BRUNO | {"email": "nobody@example.test"}])["token"])

    _mail(services, token)

    (told,) = [one.event for one in desk.events(token) if one.event.type == events.SIGNER_DELIVERY_FAILED]
    assert (told.facts["reason"], told.facts["status_code"]) == ("550 5.1.1 no such mailbox", 550)
    assert postbox.mails == []
