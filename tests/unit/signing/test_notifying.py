"""What became of messages: sent, kept where nothing sends them, or refused; and what is told of each."""

from __future__ import annotations

from lacre.kit.events import Event
from lacre.kit.json import Json
from lacre.signing import actions, events, notifying, returning
from lacre.signing.audit import AuditEntry
from lacre.signing.ports import MailFailed
from lacre.signing.signer import Channel, Signer
from tests.support.fake_work import World
from tests.support.people import ANA, BRUNO, NOW, contract

REFUSED = MailFailed(reason="550 5.1.1 no such mailbox", retry=False, code=550)
INVITATION: dict[str, Json] = {"channel": "email", "kind": "invitation", "address": "bruno@example.test"}


def test_a_message_that_was_only_kept_is_no_sent_one() -> None:
    world = posted()

    tell(world, INVITATION, kept=True)

    assert the_signer(world).notified == {Channel.EMAIL: 1}
    assert the_signer(world).sent == {}
    assert told(world)["kept"] is True
    assert the_log(world)[-1].message_kept


def test_a_message_that_left_says_so() -> None:
    world = posted()

    tell(world, INVITATION, kept=True)
    tell(world, INVITATION)

    assert the_signer(world).sent == {Channel.EMAIL: 1}
    assert told(world)["kept"] is False
    assert not the_log(world)[-1].message_kept


def test_a_code_is_told_and_asks_nobody_to_sign() -> None:
    world = posted()

    tell(world, notifying.code_detail(Channel.SMS, "+5511988887777", None))

    assert the_signer(world).notified == {}
    assert the_signer(world).last_notified_at is None
    assert happened(world).type == events.SIGNER_NOTIFIED


def test_a_code_that_could_not_be_sent_is_told_as_such() -> None:
    world = posted()

    tell(world, notifying.code_detail(Channel.EMAIL, "bruno@example.test", REFUSED))

    assert the_log(world)[-1].what == events.SIGNER_DELIVERY_FAILED
    assert told(world)["reason"] == REFUSED.reason
    assert the_signer(world).unreached == REFUSED.reason


def test_a_mail_that_comes_back_is_news_whatever_became_of_a_code() -> None:
    world = posted()
    tell(world, INVITATION)
    tell(world, notifying.code_detail(Channel.EMAIL, "bruno@example.test", REFUSED))

    assert came_back(world)
    assert not came_back(world)


def posted() -> World:
    world, envelope = World(), contract()
    with world.open_work() as work:
        actions.create(work, envelope, by=ANA, now=NOW)
        actions.send(work, envelope, by=ANA, now=NOW)
    return world


def tell(world: World, detail: dict[str, Json], *, kept: bool = False) -> None:
    with world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        notifying.notified(work, envelope, BRUNO, detail=detail, kept=kept, now=NOW)


def came_back(world: World) -> bool:
    with world.open_work() as work:
        envelope = work.envelopes.for_job(contract().id)
        return returning.came_back(work, envelope, BRUNO, reason="550", code=550, now=NOW)


def happened(world: World) -> Event:
    return list(world.rows.events.values())[-1]


def told(world: World) -> dict[str, Json]:
    return dict(happened(world).facts)


def the_log(world: World) -> list[AuditEntry]:
    with world.open_work() as work:
        return [entry for entry, _ in work.audit.entries(contract().id)]


def the_signer(world: World) -> Signer:
    with world.open_work() as work:
        return work.envelopes.for_job(contract().id).signer(BRUNO)
