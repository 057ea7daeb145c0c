"""The audit log shows every change of it; codes are counted; mails are kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from lacre.kit.ids import PhotoId, SignerId, new_uuid
from lacre.kit.refusal import NotFound
from lacre.signing.audit import first_break
from lacre.signing.code import LIFE, pending
from lacre.signing.envelope import Envelope
from lacre.signing.repositories import KeptPhoto
from lacre.signing.signer import Photo
from lacre.store.migrations.steps import _connected
from lacre.store.opening import Store
from lacre.store.tables import audit
from tests.store.test_isolation import a_mail
from tests.support.kept import NOW, an_account, an_envelope


@pytest.fixture
def envelope(store: Store) -> Envelope:
    with store.open_work() as work:
        kept = an_envelope(an_account(work))
        work.envelopes.add(kept)
    return kept


def test_the_audit_log_is_a_chain_that_holds(store: Store, envelope: Envelope) -> None:
    append(store, envelope, 2)
    append(store, envelope, 3)

    with store.open_work() as work:
        entries, hashes = zip(*work.audit.entries(envelope.id), strict=True)
    assert [entry.position for entry in entries] == [0, 1, 2, 3, 4]
    assert entries[1].detail == {"nome": "Inácio", "número": 1.5, "list": [1, None, True]}
    assert first_break(entries, hashes) is None


def _change(connection: Connection) -> None:
    connection.execute(update(audit).where(audit.c.position == 2).values(actor="somebody else"))


def _change_detail(connection: Connection) -> None:
    connection.execute(update(audit).where(audit.c.position == 2).values(detail={"nome": "Outro"}))


def _drop(connection: Connection) -> None:
    connection.execute(delete(audit).where(audit.c.position == 2))


def _swap(connection: Connection) -> None:
    rows = [dict(row) for row in connection.execute(select(audit).order_by(audit.c.position)).mappings()]
    connection.execute(delete(audit).where(audit.c.position.in_([2, 3])))
    connection.execute(insert(audit), [{**rows[2], "position": 3}, {**rows[3], "position": 2}])


@pytest.mark.parametrize("tamper", [_change, _change_detail, _drop, _swap])
def test_a_tampered_entry_breaks_the_chain_where_it_is(
    store: Store, envelope: Envelope, database_url: str, tamper: Callable[[Connection], Any]
) -> None:
    append(store, envelope, 5)

    with _connected(database_url) as connection:
        tamper(connection)
        connection.commit()

    with store.open_work() as work:
        entries, hashes = zip(*work.audit.entries(envelope.id), strict=True)
    assert first_break(entries, hashes) == 2


def test_a_code_waits_as_it_was_put_and_every_new_one_is_counted(store: Store, envelope: Envelope) -> None:
    first, second = pending("123456", "a", now=NOW), pending("654321", "b", now=NOW + LIFE)
    signer_id = envelope.signers[0].id

    with store.open_work() as work:
        for code in (first, replace(first, tries=1), second):
            work.codes.put(signer_id, code)

    with store.open_work() as work:
        assert work.codes.get(signer_id) == second
        assert work.codes.sent_since(signer_id, NOW) == 2
        assert work.codes.sent_since(signer_id, NOW + timedelta(seconds=1)) == 1
        assert work.codes.get(SignerId(envelope.signers[1].id)) is None


def test_mails_are_kept_in_their_order(store: Store, envelope: Envelope) -> None:
    mail = replace(a_mail(envelope), facts={"kind": "olá"})
    later = replace(mail, at=NOW + timedelta(seconds=1), outcome="sent")

    with store.open_work() as work:
        work.mails.keep(later)
        work.mails.keep(mail)

    with store.open_work() as work:
        assert work.mails.of_envelope(envelope.account_id, envelope.id) == [mail, later]


def append(store: Store, envelope: Envelope, count: int) -> None:
    with store.open_work() as work:
        for _ in range(count):
            work.audit.append(
                envelope.id,
                at=NOW,
                actor="user:Ána",
                what="signing.test",
                detail={"nome": "Inácio", "número": 1.5, "list": [1, None, True]},
            )


def test_a_photo_is_encrypted_for_its_place_and_gone_when_it_is_forgotten(
    store: Store, envelope: Envelope
) -> None:
    photo = KeptPhoto(
        id=PhotoId(new_uuid()),
        account_id=envelope.account_id,
        envelope_id=envelope.id,
        signer_id=envelope.signers[0].id,
        kind=Photo.SELFIE,
        jpeg=b"\xff\xd8 a face",
        at=NOW,
    )
    with store.open_work() as work:
        work.photos.keep(photo)

    with store.open_work() as work:
        seen = work.photos.by_link(photo.id)
        work.photos.forget(photo.id)

    assert seen == photo.jpeg
    with pytest.raises(NotFound), store.open_work() as work:
        work.photos.by_link(photo.id)
