"""Endpoints and the events that they may hear of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, insert, select, update

from lacre.kit.events import Event
from lacre.kit.ids import AccountId, EndpointId, EventId, timed_uuid
from lacre.kit.json import parsed
from lacre.kit.refusal import NotFound
from lacre.store import tables
from lacre.store.account_tables import account
from lacre.store.columns import plain, to_json
from lacre.store.counters import count_up
from lacre.store.endpoint_secrets import read_secrets, written_secrets
from lacre.store.health import SqlHealthRecords
from lacre.store.instants import instant, instant_if, micros, micros_if
from lacre.store.keys import Keys
from lacre.store.places import adding
from lacre.store.statements import Statement
from lacre.store.tables import endpoint, event
from lacre.store.transaction import Transaction, listed_after
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint, EndpointStatus, Secrets
from lacre.webhooks.filters import EventFilter
from lacre.webhooks.health import WELL
from lacre.webhooks.lane import Ordering
from lacre.webhooks.promise import Preset, Terms
from lacre.webhooks.rate import Rate

FEW_TYPES = 8

Listens = Callable[[Endpoint, Event], bool]


class SqlEndpoints:
    """Their headers and signing secrets are encrypted."""

    def __init__(self, transaction: Transaction, keys: Keys, read: Read) -> None:
        self._transaction = transaction
        self._keys = keys
        self._read = read
        self._known: dict[AccountId, list[Endpoint]] = {}

    def add(self, endpoint: Endpoint) -> None:
        self._known.clear()
        endpoint.number = count_up(self._transaction, "endpoint")
        self._transaction.write(insert(tables.endpoint), self._row(endpoint))

    def save(self, endpoint: Endpoint) -> None:
        self._known.clear()
        row = self._row(endpoint)
        table = tables.endpoint
        mine = (table.c.id == row.pop("id")) & (table.c.account_id == row.pop("account_id"))
        if self._transaction.write(update(table).where(mine).values(row)).rowcount != 1:
            raise NotFound("endpoint")

    def get(self, account_id: AccountId, endpoint_id: EndpointId) -> Endpoint:
        return self._one(account_id, endpoint.c.id == endpoint_id)

    def by_number(self, account_id: AccountId, number: int) -> Endpoint:
        return self._one(account_id, endpoint.c.number == number)

    def of_account(self, account_id: AccountId) -> Sequence[Endpoint]:
        rows = self._transaction.read(_OF_ACCOUNT, {"owner": account_id}).all()
        return self._with_health([self.from_row(row) for row in rows])

    def listening(self, happened: Event, listens: Listens) -> Sequence[Endpoint]:
        """Who is told of it; paused and disabled ones too: their deliveries wait."""
        known = self._known.get(happened.account_id)
        if known is None:
            rows = self._transaction.look_up(_LISTENING, {"owner": happened.account_id})
            known = [self._read.endpoint(row, self._opened) for row in rows]
            self._known[happened.account_id] = known
        return [one for one in known if happened.type not in one.stopped_types and listens(one, happened)]

    def named(self, ids: Iterable[str]) -> dict[str, Endpoint]:
        """For the worker, which serves every account; their health is not asked for."""
        wanted = list(ids)
        rows = self._transaction.look_up(_AS_IT_IS, {"ids": wanted}) if wanted else ()
        return {row.id: self._read.endpoint(row, self._opened) for row in rows}

    def _opened(self, endpoint_id: str, sealed: bytes) -> Secrets:
        return read_secrets(self._keys.open(sealed, "endpoint", endpoint_id, "sealed_secrets"))

    def stop(self, endpoint_id: EndpointId, types: Collection[str]) -> None:
        """It is told of no more events of these types."""
        self._known.clear()
        mine = endpoint.c.id == endpoint_id
        state = self._transaction.locked(select(endpoint.c.state).where(mine)).scalar_one()
        stopped = sorted({*state.get("stopped_types", ()), *types})
        changed = update(endpoint).where(mine).values(state={**state, "stopped_types": stopped})
        self._transaction.write(changed)

    def locked(self, ids: Iterable[EndpointId]) -> Mapping[EndpointId, Endpoint]:
        """To judge them: without their secrets. Everybody locks them in one order."""
        wanted = _WHOLE.where(endpoint.c.id.in_(list(ids))).order_by(endpoint.c.id)
        rows = self._transaction.locked(wanted).all()
        return {
            one.id: one for one in self._with_health([_endpoint(row, row.state, Secrets()) for row in rows])
        }

    def from_row(self, row: Any) -> Endpoint:  # noqa: ANN401 - a row
        return _endpoint(row, row.state, self._opened(row.id, row.sealed_secrets))

    def agreed(self, account_id: AccountId) -> Terms | None:
        mine = select(account.c.webhook_terms).where(account.c.id == account_id)
        said = self._transaction.read(mine).scalar()
        return _terms(said) if said else None

    def agree(self, account_id: AccountId, terms: Terms | None) -> None:
        self._known.clear()
        kept = asdict(terms) if terms else None
        mine = update(account).where(account.c.id == account_id)
        self._transaction.write(mine.values(webhook_terms=kept))

    def _one(self, account_id: AccountId, which: ColumnElement[bool]) -> Endpoint:
        mine = (endpoint.c.account_id == account_id) & endpoint.c.deleted_at.is_(None)
        row = self._transaction.locked(_WHOLE.where(mine & which)).first()
        if row is None:
            raise NotFound("endpoint")
        (found,) = self._with_health([self.from_row(row)])
        return found

    def _with_health(self, endpoints: Sequence[Endpoint]) -> Sequence[Endpoint]:
        """Read once the rows are locked: what others wrote until then is in it."""
        ill = SqlHealthRecords(self._transaction).of([one.id for one in endpoints])
        for one in endpoints:
            one.health = ill.get(one.id, WELL)
        return endpoints

    def _row(self, endpoint: Endpoint) -> dict[str, Any]:
        written = written_secrets(endpoint.secrets)
        sealed = self._keys.seal(written, "endpoint", endpoint.id, "sealed_secrets")
        return {**_row(endpoint), "sealed_secrets": sealed}


class Read:
    """What was read of endpoints before, over transactions: as long as the row says the same, so do they.

    A worker reads them at each claim, and everybody with each event; nobody changes what comes out of here.
    """

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._kept: dict[str, tuple[Any, Endpoint]] = {}

    def endpoint(self, row: Any, opened: Callable[[str, bytes], Secrets]) -> Endpoint:  # noqa: ANN401 - a row
        kept = self._kept.get(row.id)
        if kept is not None and kept[0] == row:
            return kept[1]
        if len(self._kept) >= self._most:
            self._kept.clear()
        said = row._replace(account_terms=parsed(row.account_terms) if row.account_terms else None)
        found = _endpoint(said, parsed(row.state), opened(row.id, row.sealed_secrets))
        self._kept[row.id] = (row, found)
        return found


_AGREED = (
    select(account.c.webhook_terms).where(account.c.id == endpoint.c.account_id).scalar_subquery()
).label("account_terms")
_WHOLE = select(endpoint, _AGREED)

_OWNED = (endpoint.c.account_id == bindparam("owner")) & endpoint.c.deleted_at.is_(None)
_OF_ACCOUNT = _WHOLE.where(_OWNED).order_by(endpoint.c.number)


def _compared(which: str) -> Statement:
    """With JSON as text: to compare it costs less than to read it."""
    names = [one.name for one in endpoint.c]
    whole = ", ".join("CAST(state AS text)" if name == "state" else name for name in names)
    terms = "(SELECT CAST(webhook_terms AS text) FROM account WHERE account.id = endpoint.account_id)"
    return Statement(f"SELECT {whole}, {terms} FROM endpoint WHERE {which}", (*names, "account_terms"))  # noqa: S608


_AS_IT_IS = _compared("id IN :ids")
_LISTENING = _compared("account_id = :owner AND deleted_at IS NULL ORDER BY number")


def _row(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "account_id": endpoint.account_id,
        "number": endpoint.number,
        "dialect": endpoint.dialect,
        "url": plain(endpoint.url),
        "status": endpoint.status.value,
        "subject_id": endpoint.subject_id,
        "rate": str(endpoint.rate) if endpoint.rate else None,
        "created_at": micros(endpoint.created_at),
        "deleted_at": micros_if(endpoint.deleted_at),
        "state": {
            "types": endpoint.types,
            "description": endpoint.description,
            "options": endpoint.options,
            "stopped_types": endpoint.stopped_types,
            "ordering": endpoint.ordering.value,
            "template_id": endpoint.template_id,
            "terms": asdict(endpoint.terms) if endpoint.terms else None,
        },
    }


def _endpoint(row: Any, state: Mapping[str, Any], secrets: Secrets) -> Endpoint:  # noqa: ANN401 - a row
    return Endpoint(
        id=row.id,
        account_id=row.account_id,
        number=row.number,
        dialect=row.dialect,
        url=row.url,
        types=tuple(state["types"]),
        subject_id=row.subject_id,
        status=EndpointStatus(row.status),
        secrets=secrets,
        description=state["description"],
        ordering=Ordering(state["ordering"]),
        template_id=state.get("template_id", ""),
        rate=Rate.read(row.rate) if row.rate else None,
        options=state["options"],
        stopped_types=tuple(state.get("stopped_types", ())),
        terms=_terms(state["terms"]) if state["terms"] else None,
        account_terms=_terms(row.account_terms) if row.account_terms else None,
        created_at=instant(row.created_at),
        deleted_at=instant_if(row.deleted_at),
    )


def _terms(said: Mapping[str, Any]) -> Terms:
    retry = said["retry"]
    return Terms(**{**said, "retry": tuple(retry) if isinstance(retry, list) else retry and Preset(retry)})


class SqlEvents:
    def __init__(self, transaction: Transaction, place_base: int) -> None:
        self._transaction = transaction
        self._place_base = place_base
        self._added = 0

    def add(self, event: Event) -> tuple[EventId, int]:
        """Its id, and its place among the events of this transaction."""
        event_id, position = EventId(timed_uuid(micros(event.at))), self._added
        self._added += 1
        at, postgresql = micros(event.at), self._transaction.postgresql
        row = (event_id, event.account_id, event.type, event.subject_id, at, position, to_json(event.facts))
        base = self._place_base if postgresql else at
        self._transaction.run(adding(postgresql=postgresql), (*row, base))
        return event_id, position

    def get(self, account_id: AccountId, event_id: EventId) -> KeptEvent:
        mine = (event.c.account_id == account_id) & (event.c.id == event_id)
        row = self._transaction.read(select(event).where(mine)).first()
        if row is None:
            raise NotFound("event")
        return kept_event(row)

    def of_subject(self, account_id: AccountId, subject_id: str) -> Sequence[KeptEvent]:
        mine = (event.c.account_id == account_id) & (event.c.subject_id == subject_id)
        rows = self._transaction.read(select(event).where(mine).order_by(event.c.at, event.c.position))
        return [kept_event(row) for row in rows]

    def find(
        self, account_id: AccountId, *, offset: int, limit: int, since: datetime | None = None
    ) -> Sequence[KeptEvent]:
        mine = event.c.account_id == account_id
        if since is not None:
            mine &= event.c.at >= micros(since)
        newest = select(event).where(mine).order_by(event.c.at.desc(), event.c.position.desc())
        return [kept_event(row) for row in self._transaction.read(newest.offset(offset).limit(limit))]

    def search(self, account_id: AccountId, which: EventFilter, *, limit: int) -> Sequence[KeptEvent]:
        after = []
        if which.after is not None:
            mine = (event.c.account_id == account_id) & (event.c.id == which.after)
            after.append(listed_after(self._transaction, _PLACE, mine, "event"))
        found = [
            row
            for part in _parts(which)
            for row in self._transaction.read(self._newest(account_id, part).where(*after).limit(limit))
        ]
        found.sort(key=lambda row: (row.at, row.position, row.id), reverse=True)
        return [kept_event(row) for row in found[:limit]]

    def _newest(self, account_id: AccountId, which: EventFilter) -> Select[Any]:
        wanted = _wanted(which)
        account: ColumnElement[str] = event.c.account_id
        if _subjects(which) and not self._transaction.postgresql:
            # SQLite would rather read all of the account's in their order
            account = account + ""
        newest = [column.desc() for column in _PLACE]
        return select(event).where(account == account_id, *wanted).order_by(*newest)


_PLACE = (event.c.at, event.c.position, event.c.id)


def _parts(which: EventFilter) -> Sequence[EventFilter]:
    """A few types are each looked up; of many, some are soon met among the newest."""
    if not _subjects(which) and 1 < len(which.types) <= FEW_TYPES:
        return [replace(which, types=(one,)) for one in which.types]
    return [which]


def _subjects(which: EventFilter) -> Sequence[str]:
    return which.among if which.subject_id is None else (which.subject_id,)


def _wanted(which: EventFilter) -> Iterator[ColumnElement[bool]]:
    if len(which.types) == 1:
        yield event.c.type == which.types[0]
    elif which.types:
        yield event.c.type.in_(which.types)
    if _subjects(which):
        yield event.c.subject_id.in_(_subjects(which))
    if which.since is not None:
        yield event.c.at >= micros(which.since)
    if which.until is not None:
        yield event.c.at < micros(which.until)


def kept_event(row: Any) -> KeptEvent:  # noqa: ANN401 - a row
    told = Event(
        type=row.type,
        account_id=row.account_id,
        subject_id=row.subject_id,
        at=instant(row.at),
        facts=row.facts,
    )
    return KeptEvent(id=row.id, event=told)
