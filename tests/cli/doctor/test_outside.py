"""The servers that we call, for real: mail as far as the login, and a timestamp."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from lacre.cli.doctor.finding import Finding, Level
from lacre.cli.doctor.outside import egress_proxy, mail, returned_mail, sms, timestamp_server, whatsapp
from tests.support.imap import mailbox_server
from tests.support.pki import TimestampServer
from tests.support.proxy import Proxy
from tests.support.receiver import Receiver
from tests.support.settings import settings_in
from tests.support.smtp import Postbox, mail_server

LOOPBACK = "127.0.0.0/8"
SENDER = "Lacre <lacre@casa.test>"


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def stamps() -> Iterator[TimestampServer]:
    with TimestampServer() as server:
        yield server


def test_a_mail_server_that_lets_us_in_is_fine_and_gets_no_mail(tmp_path: Path, postbox: Postbox) -> None:
    url = f"smtp://ana:segredo@127.0.0.1:{postbox.port}"

    found = mail(settings_in(tmp_path, smtp_url=url, mail_from=SENDER))

    assert found.level == Level.OK
    assert postbox.logins == [("ana", "segredo")]
    assert postbox.mails == []


def test_a_refused_password_is_a_problem(tmp_path: Path, postbox: Postbox) -> None:
    url = f"smtp://ana:errada@127.0.0.1:{postbox.port}"

    found = mail(settings_in(tmp_path, smtp_url=url, mail_from=SENDER))

    assert found.level == Level.PROBLEM
    assert "535" in found.detail


@pytest.mark.parametrize("url", ["smtp://127.0.0.1:1", "mail.example.com", "smtp://host:port"])
def test_a_mail_server_that_is_not_there_is_a_problem(tmp_path: Path, url: str) -> None:
    assert mail(settings_in(tmp_path, smtp_url=url, mail_from=SENDER)).level == Level.PROBLEM


def test_a_mailbox_for_returned_mail_is_entered_and_not_read(tmp_path: Path) -> None:
    with mailbox_server() as box:
        box.mails.append(b"x")
        asked = {"bounces_imap_url": box.url, "bounces_to": "retornos@casa.test"}
        wrong = box.url.replace("segredo", "x")
        fine = returned_mail(settings_in(tmp_path, **asked))
        nowhere = returned_mail(settings_in(tmp_path, bounces_imap_url=box.url))
        shut = returned_mail(settings_in(tmp_path, **asked | {"bounces_imap_url": wrong}))

    assert (fine.level, nowhere.level, shut.level) == (Level.OK, Level.PROBLEM, Level.PROBLEM)
    assert box.read == set()


def test_a_sender_without_a_domain_is_told(tmp_path: Path, postbox: Postbox) -> None:
    assert mail(settings_in(tmp_path, smtp_url=postbox.url)).level == Level.WARNING


def test_no_mail_server_is_told(tmp_path: Path) -> None:
    assert mail(settings_in(tmp_path)).level == Level.WARNING


def test_a_timestamp_server_that_stamps_is_fine(tmp_path: Path, stamps: TimestampServer) -> None:
    found = stamped(tmp_path, stamps)

    assert found.level == Level.OK
    assert stamps.asked == 1


@pytest.mark.parametrize(
    ("mode", "said"),
    [("down", "answered 503"), ("nonsense", "sound"), ("stale", "sound")],
)
def test_a_timestamp_that_does_not_come_is_a_problem(
    tmp_path: Path, stamps: TimestampServer, mode: str, said: str
) -> None:
    stamps.mode = mode

    found = stamped(tmp_path, stamps)

    assert found.level == Level.PROBLEM
    assert said in found.detail


def test_a_timestamp_server_behind_the_fence_is_told_with_its_remedy(
    tmp_path: Path, stamps: TimestampServer
) -> None:
    found = timestamp_server(settings_in(tmp_path, tsa_url=stamps.url))

    assert "address_forbidden" in found.detail
    assert "LACRE_EGRESS_ALLOW" in found.remedy


def test_no_timestamp_server_is_fine(tmp_path: Path) -> None:
    assert timestamp_server(settings_in(tmp_path)).level == Level.OK


def stamped(folder: Path, stamps: TimestampServer) -> Finding:
    return timestamp_server(settings_in(folder, tsa_url=stamps.url, egress_allow=LOOPBACK))


def test_a_proxy_that_listens_is_fine_and_its_password_is_not_said(tmp_path: Path) -> None:
    with Proxy({}) as proxy:
        found = egress_proxy(settings_in(tmp_path, egress_proxy=proxy.url.replace("//", "//ana:segredo@")))

    assert (found.level, proxy.asked) == (Level.OK, [])
    assert "segredo" not in found.detail


def test_a_proxy_that_does_not_listen_is_a_problem(tmp_path: Path) -> None:
    with Proxy({}) as gone:
        pass

    assert egress_proxy(settings_in(tmp_path, egress_proxy=gone.url)).level == Level.PROBLEM


def test_without_a_proxy_nothing_is_looked_for(tmp_path: Path) -> None:
    assert egress_proxy(settings_in(tmp_path)).level == Level.OK


def test_mail_goes_through_it_where_it_is_meant_for_mail(tmp_path: Path) -> None:
    with mail_server() as box, Proxy({"127.0.0.1": box.port}) as proxy:
        settings = settings_in(
            tmp_path,
            smtp_url=box.url,
            egress_proxy=proxy.url,
            egress_proxy_for="mail, s3",
            mail_from="a@b.test",
        )
        found = mail(settings)

    assert (found.level, proxy.asked) == (Level.OK, [f"CONNECT 127.0.0.1:{box.port}"])


@pytest.mark.parametrize(("what", "url"), [("smtp", "http://p:1"), ("mail", "https://p:1"), ("mail", "")])
def test_what_cannot_go_through_it_is_refused_at_the_start(tmp_path: Path, what: str, url: str) -> None:
    with pytest.raises(ValueError, match="LACRE_EGRESS_PROXY_FOR"):
        settings_in(tmp_path, egress_proxy=url, egress_proxy_for=what)


@pytest.mark.parametrize("url", ["proxy:3128", "socks5://proxy:1080", "http://proxy", "http://:3128"])
def test_what_is_no_proxy_is_refused_at_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(ValueError, match="http://host:port"):
        settings_in(tmp_path, egress_proxy=url)


def test_a_gateway_that_is_reached_is_fine_and_sends_nothing(tmp_path: Path) -> None:
    with Receiver() as receiver:
        setting = json.dumps({"url": f"{receiver.url}/send", "json": {"text": "{text}"}})
        found = sms(settings_in(tmp_path, sms_gateway=setting, egress_allow=LOOPBACK))

        assert found.level == Level.OK
        assert [one.method for one in receiver.heard] == ["HEAD"]


@pytest.mark.parametrize(
    ("setting", "level"),
    [
        ("", Level.OK),
        ('{"url": "http://127.0.0.1:1/", "json": {"text": "{text}"}}', Level.PROBLEM),
        ('{"url": "http://127.0.0.1:1/", "json": {}}', Level.WARNING),
        ('{"uri": "segredo"}', Level.PROBLEM),
    ],
)
def test_a_gateway_that_cannot_work_is_told(tmp_path: Path, setting: str, level: Level) -> None:
    found = whatsapp(settings_in(tmp_path, whatsapp_gateway=setting, egress_allow=LOOPBACK))

    assert found.level == level
    assert "segredo" not in found.detail
