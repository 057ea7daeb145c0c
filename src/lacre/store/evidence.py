"""What stands beside envelopes: their audit log, codes that wait to be typed, mails as they were written."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, func, insert, select

from lacre.kit.ids import AccountId, EndpointId, EnvelopeId, SignerId, new_uuid
from lacre.kit.json import JsonObject
from lacre.signing import events
from lacre.signing.audit import AuditEntry, after
from lacre.signing.code import LIFE, MAX_PER_DAY, PendingCode
from lacre.signing.evidence import Identification
from lacre.signing.repositories import KeptMail
from lacre.store import tables
from lacre.store.columns import plain, to_json
from lacre.store.instants import instant, micros
from lacre.store.keys import Keys
from lacre.store.tables import audit, event, mail
from lacre.store.transaction import Transaction, put

_CODE: TypeAdapter[PendingCode] = TypeAdapter(PendingCode)


class SqlAuditLog:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._last: dict[EnvelopeId, AuditEntry] = {}

    def append(
        self, envelope_id: EnvelopeId, *, at: datetime, actor: str, what: str, detail: JsonObject
    ) -> None:
        last = self._last.get(envelope_id) or self._read_last(envelope_id)
        entry = after(last, at=at, actor=plain(actor), what=what, detail=detail)
        self._transaction.write(_ADD_ENTRY, _audit_row(envelope_id, entry))
        self._last[envelope_id] = entry

    def entries(self, envelope_id: EnvelopeId) -> Sequence[tuple[AuditEntry, str]]:
        mine = select(audit).where(audit.c.envelope_id == envelope_id).order_by(audit.c.position)
        return [(_audit_entry(row), row.hash) for row in self._transaction.read(mine)]

    def signed_by(
        self, account_id: AccountId, means: Identification, since: datetime, until: datetime
    ) -> int:
        """The events name the entries of the time asked for: the log itself is in the order of envelopes."""
        told = (event.c.account_id == account_id) & (event.c.type == events.SIGNER_SIGNED)
        then = told & (event.c.at >= micros(since)) & (event.c.at < micros(until))
        same = (
            (audit.c.envelope_id == event.c.subject_id)
            & (audit.c.at == event.c.at)
            & (audit.c.what == event.c.type)
        )
        found = select(audit.c.detail).select_from(event.join(audit, same)).where(then)
        details = self._transaction.read(found).scalars()
        return sum(means in detail.get("identified_by", ()) for detail in details)

    def _read_last(self, envelope_id: EnvelopeId) -> AuditEntry | None:
        row = self._transaction.locked(_LAST_ENTRY, {"envelope_id": envelope_id}).first()
        return None if row is None else _audit_entry(row)


_ADD_ENTRY = insert(audit)
_LAST_ENTRY = (
    select(audit)
    .where(audit.c.envelope_id == bindparam("envelope_id"))
    .order_by(audit.c.position.desc())
    .limit(1)
)


def _audit_row(envelope_id: EnvelopeId, entry: AuditEntry) -> dict[str, Any]:
    return {
        "envelope_id": envelope_id,
        "position": entry.position,
        "at": micros(entry.at),
        "actor": entry.actor,
        "what": entry.what,
        "detail": entry.detail,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def _audit_entry(row: Any) -> AuditEntry:  # noqa: ANN401 - a row
    return AuditEntry(
        position=row.position,
        at=instant(row.at),
        actor=row.actor,
        what=row.what,
        detail=row.detail,
        previous=row.previous,
    )


class SqlCodes:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, signer_id: SignerId, code: PendingCode) -> None:
        last, sent = self._kept(signer_id)
        if last is None or last.digest != code.digest or last.salt != code.salt:
            sent = [*sent, micros(code.expires_at - LIFE)][-2 * MAX_PER_DAY :]
        row = {"signer_id": signer_id, "state": _CODE.dump_python(code, mode="json"), "sent": sent}
        put(self._transaction, tables.code, [row], ["signer_id"])

    def get(self, signer_id: SignerId) -> PendingCode | None:
        return self._kept(signer_id)[0]

    def sent_since(self, signer_id: SignerId, since: datetime) -> int:
        return sum(at >= micros(since) for at in self._kept(signer_id)[1])

    def _kept(self, signer_id: SignerId) -> tuple[PendingCode | None, list[int]]:
        mine = select(tables.code).where(tables.code.c.signer_id == signer_id)
        row = self._transaction.locked(mine).first()
        if row is None:
            return None, []
        return _CODE.validate_python(row.state), row.sent


class SqlMails:
    """Bodies hold signing links, which are secrets: encrypted."""

    def __init__(self, transaction: Transaction, keys: Keys) -> None:
        self._transaction = transaction
        self._keys = keys

    def keep(self, mail: KeptMail) -> None:
        row_id = new_uuid()
        body = to_json({"html": mail.html, "text": mail.text, "facts": dict(mail.facts)}).encode()
        sealed = self._keys.seal(body, "mail", row_id, "sealed_body")
        self._transaction.write(insert(tables.mail), _mail_row(row_id, mail, sealed))

    def of_envelope(self, account_id: AccountId, envelope_id: EnvelopeId) -> Sequence[KeptMail]:
        mine = (mail.c.account_id == account_id) & (mail.c.envelope_id == envelope_id)
        rows = self._transaction.read(select(mail).where(mine).order_by(mail.c.at, mail.c.id))
        return [self._mail(row) for row in rows]

    def of_endpoint(self, account_id: AccountId, endpoint_id: EndpointId) -> Sequence[KeptMail]:
        mine = (mail.c.account_id == account_id) & (mail.c.endpoint_id == endpoint_id)
        rows = self._transaction.read(select(mail).where(mine).order_by(mail.c.at, mail.c.id))
        return [self._mail(row) for row in rows]

    def sent_between(self, account_id: AccountId, since: datetime, until: datetime) -> Mapping[str, int]:
        mine = (mail.c.account_id == account_id) & (mail.c.outcome == "sent")
        sent = select(mail).where(mine, mail.c.at >= micros(since), mail.c.at < micros(until))
        by_mail = select(func.count()).select_from(sent.where(mail.c.recipient.not_like("+%")).subquery())
        # which network a message went by is encrypted with it
        by_phone = self._transaction.read(sent.where(mail.c.recipient.like("+%")))
        counts = Counter(self._mail(row).channel for row in by_phone)
        return counts | {"email": self._transaction.read(by_mail).scalar_one()}

    def _mail(self, row: Any) -> KeptMail:  # noqa: ANN401 - a row
        body = json.loads(self._keys.open(row.sealed_body, "mail", row.id, "sealed_body"))
        return KeptMail(
            account_id=row.account_id,
            envelope_id=row.envelope_id,
            signer_id=row.signer_id,
            endpoint_id=row.endpoint_id,
            to=row.recipient,
            subject=row.subject,
            html=body["html"],
            text=body["text"],
            kind=row.kind,
            at=instant(row.at),
            outcome=row.outcome,
            detail=row.detail,
            facts=body["facts"],
        )


def _mail_row(row_id: str, mail: KeptMail, sealed: bytes) -> dict[str, Any]:
    return {
        "id": row_id,
        "account_id": mail.account_id,
        "envelope_id": mail.envelope_id,
        "signer_id": mail.signer_id,
        "endpoint_id": mail.endpoint_id,
        "recipient": plain(mail.to),
        "subject": plain(mail.subject),
        "sealed_body": sealed,
        "kind": mail.kind,
        "at": micros(mail.at),
        "outcome": mail.outcome,
        "detail": plain(mail.detail),
    }
