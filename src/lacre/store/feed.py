"""Events in the order in which they can be read on and on: oldest first, from where a reader stands."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ColumnElement, func, select, tuple_

from lacre.kit.ids import AccountId
from lacre.kit.refusal import NotFound
from lacre.store.endpoints import kept_event
from lacre.store.instants import micros
from lacre.store.places import BEGINNING, Place, settled
from lacre.store.tables import event
from lacre.store.transaction import Transaction
from lacre.webhooks.repositories import FROM_NOW, FROM_START, Feed, FeedPage

_NEARLY_AT_ONCE = 1_000
"""Events that were committed in another order than that of their instants lie closer together than this."""


class SqlFeed:
    def __init__(self, transaction: Transaction, base: int) -> None:
        self._transaction = transaction
        self._base = base

    def read(self, account_id: AccountId, which: Feed, *, limit: int) -> FeedPage:
        # asked first: what the page is then read from can only have more
        until = settled(self._transaction, self._base)
        after = self._stand(account_id, which, until)
        wanted = [*_wanted(account_id, which), _after(after), event.c.place <= until.place]
        page = select(event).where(*wanted).order_by(event.c.place, event.c.position).limit(limit)
        rows = self._transaction.read(page).all()
        if len(rows) == limit:
            reached = Place(place=rows[-1].place, position=rows[-1].position)
        else:
            # past all that is not of these types, too; never back, whatever another server's clock said
            reached = max(after, until, key=lambda one: (one.place, one.position))
        return FeedPage(events=tuple(kept_event(row) for row in rows), cursor=str(reached))

    def _stand(self, account_id: AccountId, which: Feed, until: Place) -> Place:
        if which.after == FROM_NOW:
            return until
        if which.after == FROM_START:
            return self._before(account_id, which)
        known = Place.read(which.after)
        if known is None:
            raise NotFound("cursor")
        return known

    def _before(self, account_id: AccountId, which: Feed) -> Place:
        """Just before the first event since then, so that what came earlier is not read."""
        if which.since is None:
            return BEGINNING
        since = (event.c.account_id == account_id) & (event.c.at >= micros(which.since))
        first = select(event.c.place).where(since).order_by(event.c.at).limit(_NEARLY_AT_ONCE).subquery()
        place: int | None = self._transaction.read(select(func.min(first.c.place))).scalar_one()
        return BEGINNING if place is None else Place(place=place - 1)


def _after(stand: Place) -> ColumnElement[bool]:
    return tuple_(event.c.place, event.c.position) > tuple_(stand.place, stand.position)


def _wanted(account_id: AccountId, which: Feed) -> Iterator[ColumnElement[bool]]:
    yield event.c.account_id == account_id
    if which.types:
        yield event.c.type.in_(which.types)
    if which.subject_id is not None:
        yield event.c.subject_id == which.subject_id
    if which.since is not None:
        yield event.c.at >= micros(which.since)
