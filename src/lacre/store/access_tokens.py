"""Tokens fetched for endpoints, encrypted, and which worker asks for a new one."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from lacre.kit.ids import EndpointId
from lacre.kit.times import parse_rfc3339, rfc3339
from lacre.store.columns import to_json
from lacre.store.instants import micros
from lacre.store.keys import Keys
from lacre.store.tables import token, worker
from lacre.store.transaction import Transaction, put_if_new
from lacre.webhooks.token import AccessToken

LONGEST_ASKING = timedelta(seconds=60)
"""Well above the deadline of a fetch: the net below a worker that lives and has forgotten that it asked."""


class SqlAccessTokens:
    def __init__(self, transaction: Transaction, keys: Keys) -> None:
        self._transaction = transaction
        self._keys = keys

    def get(self, endpoint_id: EndpointId, fetched_by: str) -> AccessToken | None:
        sealed = self._transaction.read(select(token.c.sealed).where(token.c.endpoint_id == endpoint_id))
        found = sealed.scalar()
        if found is None:
            return None
        said = json.loads(self._keys.open(found, "token", endpoint_id, "sealed"))
        return _token(said) if said["fetched_by"] == fetched_by else None

    def reserve(self, endpoint_id: EndpointId, worker_id: str, *, now: datetime) -> bool:
        put_if_new(self._transaction, token, {"endpoint_id": endpoint_id})
        # a worker that died is no longer listed, at most a second later
        free = or_(
            token.c.holder.is_(None),
            token.c.holder == worker_id,
            token.c.holder.not_in(select(worker.c.id)),
            token.c.asked_at < micros(now - LONGEST_ASKING),
            # by a clock that was set back since
            token.c.asked_at > micros(now + LONGEST_ASKING),
        )
        taken = update(token).where(token.c.endpoint_id == endpoint_id, free)
        return self._transaction.write(taken.values(holder=worker_id, asked_at=micros(now))).rowcount == 1

    def keep(self, endpoint_id: EndpointId, worker_id: str, *, fetched_by: str, token: AccessToken) -> None:
        said = {"fetched_by": fetched_by, **_said(token)}
        self._release(endpoint_id, worker_id, self._sealed(endpoint_id, to_json(said)))

    def free(self, endpoint_id: EndpointId, worker_id: str) -> None:
        self._release(endpoint_id, worker_id, None)

    def _sealed(self, endpoint_id: EndpointId, text: str) -> bytes:
        return self._keys.seal(text.encode(), "token", endpoint_id, "sealed")

    def _release(self, endpoint_id: EndpointId, worker_id: str, sealed: bytes | None) -> None:
        values: dict[str, object] = {"holder": None, "asked_at": None}
        if sealed is not None:
            values["sealed"] = sealed
        mine = (token.c.endpoint_id == endpoint_id) & (token.c.holder == worker_id)
        self._transaction.write(update(token).where(mine).values(values))


def _said(token: AccessToken) -> dict[str, str]:
    return {
        "value": token.value,
        "fetched_at": rfc3339(token.fetched_at),
        "usable_until": rfc3339(token.usable_until),
    }


def _token(said: dict[str, str]) -> AccessToken:
    return AccessToken(
        value=said["value"],
        fetched_at=parse_rfc3339(said["fetched_at"]),
        usable_until=parse_rfc3339(said["usable_until"]),
    )
