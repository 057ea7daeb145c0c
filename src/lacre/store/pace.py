"""The rates of endpoints that have one: what their attempts fill is kept beside them.

A row says nothing once the endpoint has another rate.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from lacre.store.instants import instant, micros
from lacre.store.room import Room
from lacre.store.tables import pace
from lacre.store.transaction import Transaction, put
from lacre.webhooks.rate import Rate, allowed, believed, booked, free_at


class Paces:
    """Of the endpoints in one claim, which nobody else claims meanwhile."""

    def __init__(self, transaction: Transaction, rates: Mapping[str, Rate], now: datetime) -> None:
        self._transaction = transaction
        self._rates = rates
        self._now = now
        kept = self._read() if rates else {}
        self._booked = {one: believed(rates[one], until, now) for one, until in kept.items()}
        self._disbelieved = {one for one, until in kept.items() if self._booked[one] != until}

    def narrow(self, room: Room) -> None:
        for endpoint_id, rate in self._rates.items():
            room.narrow(endpoint_id, allowed(rate, self._until(endpoint_id), self._now))

    def book(self, taken: Mapping[str, int]) -> None:
        changed = [one for one in self._rates if taken.get(one) or one in self._disbelieved]
        rows = [self._row(one, taken.get(one, 0)) for one in changed]
        put(self._transaction, pace, rows, ["endpoint_id"])

    def _read(self) -> dict[str, datetime]:
        rows = self._transaction.read(select(pace).where(pace.c.endpoint_id.in_(list(self._rates))))
        return {row.endpoint_id: instant(row.booked_until) for row in rows if self._is_todays(row)}

    def _is_todays(self, row: Any) -> bool:  # noqa: ANN401 - a row
        return bool(row.rate == str(self._rates[row.endpoint_id]))

    def _until(self, endpoint_id: str) -> datetime:
        return self._booked.get(endpoint_id, self._now)

    def _row(self, endpoint_id: str, taken: int) -> dict[str, Any]:
        rate = self._rates[endpoint_id]
        until = booked(rate, self._until(endpoint_id), self._now, taken=taken)
        return {
            "endpoint_id": endpoint_id,
            "rate": str(rate),
            "booked_until": micros(until),
            "free_at": micros(free_at(rate, until)),
        }
