"""Removes what is older than its rule keeps it: a page of an index at a time, and notes where it stands.

Nothing is locked while it looks, and each step is a transaction of its own, so that deliveries and people
come in between. Where it stands is in a table: a step that was cut off, or a process killed, goes on there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Executable, delete, literal, select, tuple_

from lacre.kit.retention import Step, Sweep
from lacre.settings import Settings
from lacre.store.account_tables import account
from lacre.store.instants import instant_if, micros
from lacre.store.rules import RULES, Rule
from lacre.store.tables import sweep
from lacre.store.transaction import Transaction, put

MOST_ACCOUNTS = 200
"""Passed by in one step when they have nothing to remove."""
_MICROSECONDS = 1_000_000

Place: TypeAlias = list[Any] | None
"""The account, if the rule goes by accounts, and the last row that was looked at."""


@dataclass(frozen=True, kw_only=True)
class Page:
    rows: Sequence[Any]
    place: Place
    """Where the next begins; `None`: this was the last."""


class SqlRetention:
    def __init__(self, transaction: Transaction, settings: Settings, rules: Sequence[Rule] = RULES) -> None:
        self._transaction, self._settings, self._rules = transaction, settings, rules

    def step(self, *, now: datetime, limit: int) -> Step | None:
        known = self._known()
        for rule in self._rules:
            keep = rule.keep(self._settings)
            if keep is not None and _is_due(rule, known.get(rule.name), now):
                return self._go_on(rule, known.get(rule.name), keep, now=now, limit=limit)
        return None

    def sweeps(self) -> list[Sweep]:
        known = self._known()
        return [_sweep(rule, rule.keep(self._settings), known.get(rule.name)) for rule in self._rules]

    def _known(self) -> dict[str, Any]:
        return {row.rule: row for row in self._transaction.read(select(sweep))}

    def _go_on(self, rule: Rule, known: Any, keep: timedelta, *, now: datetime, limit: int) -> Step:  # noqa: ANN401 - a row
        under_way = known is not None and known.place is not None
        begun_at = known.begun_at if under_way else micros(now)
        before = begun_at - micros_of(keep)
        page = self._page(rule, known.place if under_way else None, before, limit)
        removed = self._remove(rule, [row for row in page.rows if row.goes], before)
        self._note(rule, known, begun_at, page.place, removed)
        return Step(rule=rule.name, looked_at=len(page.rows), removed=removed, over=page.place is None)

    # ── looking ──────────────────────────────────────────────────────────────

    def _page(self, rule: Rule, place: Place, before: int, limit: int) -> Page:
        if rule.by_account:
            return self._over_accounts(rule, place, before, limit)
        rows = self._rows(rule, [], place, before, limit)
        return Page(rows=rows, place=_after(rule, rows) if len(rows) == limit else None)

    def _over_accounts(self, rule: Rule, place: Place, before: int, limit: int) -> Page:
        """An account at a time; those with nothing are passed by."""
        owner, after = (place[0], place[1:]) if place else (self._account_after(""), None)
        for _ in range(MOST_ACCOUNTS):
            if owner is None:
                return Page(rows=[], place=None)
            rows = self._rows(rule, [rule.table.c.account_id == owner], after, before, limit)
            if len(rows) == limit:
                return Page(rows=rows, place=[owner, *_after(rule, rows)])
            owner, after = self._account_after(owner), None
            if rows:
                return Page(rows=rows, place=[owner] if owner else None)
        return Page(rows=[], place=[owner] if owner else None)

    def _account_after(self, owner: str) -> str | None:
        later = select(account.c.id).where(account.c.id > owner).order_by(account.c.id).limit(1)
        found: str | None = self._transaction.read(later).scalar()
        return found

    def _rows(
        self, rule: Rule, within: list[ColumnElement[bool]], after: Place, before: int, limit: int
    ) -> Sequence[Any]:
        if not rule.ageless:
            within = [*within, rule.order[0] < before]
        if after:
            within = [*within, tuple_(*rule.order) > tuple_(*after)]
        goes = (rule.goes(before) if rule.goes else literal(value=True)).label("goes")
        page = select(*rule.table.primary_key, *_apart(rule), goes).where(*within)
        return self._transaction.read(page.order_by(*rule.order).limit(limit)).all()

    # ── removing ─────────────────────────────────────────────────────────────

    def _remove(self, rule: Rule, rows: Sequence[Any], before: int) -> int:
        if not rows:
            return 0
        names = [column.name for column in rule.table.primary_key]
        ids = [tuple(getattr(row, name) for name in names) for row in rows]
        if rule.leaves:
            self._transaction.write(rule.leaves([one for (one,) in ids]))
        counts = [self._count(_referring(column, ids)) for column in rule.first]
        return self._count(_removal(rule, ids, before)) if rule.itself else sum(counts)

    def _count(self, statement: Executable) -> int:
        return self._transaction.write(statement).rowcount

    def _note(self, rule: Rule, known: Any, begun_at: int, place: Place, removed: int) -> None:  # noqa: ANN401 - a row
        row = {
            "rule": rule.name,
            "begun_at": begun_at,
            "place": place,
            "complete_at": begun_at if place is None else (known.complete_at if known else None),
            "removed": removed + (known.removed if known else 0),
        }
        put(self._transaction, sweep, [row], ["rule"])


def micros_of(span: timedelta) -> int:
    return int(span.total_seconds() * _MICROSECONDS)


def _is_due(rule: Rule, known: Any, now: datetime) -> bool:  # noqa: ANN401 - a row
    if known is None or known.place is not None:
        return True
    due: bool = known.begun_at + micros_of(rule.every) <= micros(now)
    return due


def _sweep(rule: Rule, keep: timedelta | None, known: Any) -> Sweep:  # noqa: ANN401 - a row
    return Sweep(
        rule=rule.name,
        keeps_days=None if keep is None else keep / timedelta(days=1),
        complete_at=instant_if(known.complete_at) if known else None,
        removed=known.removed if known else 0,
    )


def _after(rule: Rule, rows: Sequence[Any]) -> list[Any]:
    return [getattr(rows[-1], column.name) for column in rule.order]


def _apart(rule: Rule) -> list[ColumnElement[Any]]:
    """What it is ordered by, besides the key that is selected anyway."""
    return [column for column in rule.order if not column.primary_key]


def _referring(column: Any, ids: Sequence[tuple[Any, ...]]) -> Executable:  # noqa: ANN401 - a column
    return delete(column.table).where(column.in_([one for (one,) in ids]))


def _removal(rule: Rule, ids: Sequence[tuple[Any, ...]], before: int) -> Executable:
    """Asked once more: what was found without a lock may have changed."""
    key = list(rule.table.primary_key)
    chosen = key[0].in_([one for (one,) in ids]) if len(key) == 1 else tuple_(*key).in_(ids)
    return delete(rule.table).where(chosen, *([rule.goes(before)] if rule.goes else []))
