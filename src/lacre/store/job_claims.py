"""Which jobs a worker takes: the longest due, and while others wait, of one account after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from lacre.kit.jobs import Share
from lacre.store.statements import Statement, hidden
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns

MOST_ACCOUNTS = 64
"""Of a kind that one look goes past: most may have something for later only."""


class JobClaim:
    def __init__(self, transaction: Transaction, turns: Turns, kinds: Sequence[str], *, now: int) -> None:
        """No kinds: any kind."""
        self._transaction, self._turns = transaction, turns
        self._kinds, self._now = list(kinds), now
        self._lane = " ".join(kinds)

    def first(self, limit: int) -> list[Any]:
        """The longest due; never two of one kind and key."""
        return self._found(_OF_KINDS if self._kinds else _OF_ANY, limit)

    def shared(self, share: Share, worker_id: str, limit: int) -> list[Any]:
        """If more may wait than there are hands, accounts take turns before the longest due come."""
        rows = self.first(limit)
        if not rows:
            return []
        deal = _Deal(share, limit, self._in_hand(worker_id))
        if len(rows) == limit:
            self._in_turn(deal, [row for row in rows if row.account_id is None])
        for row in rows:
            deal.take(row)
        return deal.taken if share.always else [*deal.taken, *deal.left(rows)][:limit]

    def _in_turn(self, deal: _Deal, nobodys: Sequence[Any]) -> None:
        """One of each, then the next of each; what is nobody's comes round as one account would."""
        lines: dict[str, Sequence[Any]] = {"": nobodys}
        for account_id in self._accounts_due(deal):
            lines[account_id] = self._found(_OF_ACCOUNT, deal.share.most, account=account_id)
        waiting = [lines[one] for one in sorted(lines, key=self._turn_of) if lines[one]]
        dealt = (row for one_of_each in zip_longest(*waiting) for row in one_of_each if row is not None)
        for place, row in enumerate(dealt):
            if deal.take(row) and place < len(waiting):
                self._turns.jobs[self._lane] = row.account_id or ""

    def _turn_of(self, account_id: str) -> tuple[bool, str]:
        return account_id <= self._turns.jobs.get(self._lane, ""), account_id

    def _accounts_due(self, deal: _Deal) -> list[str]:
        """As many as there are hands, from the one that was served last; those that may have more."""
        last = self._turns.jobs.get(self._lane, "")
        seen = self._accounts(last)
        due = self._due(seen, deal)
        if len(seen) < MOST_ACCOUNTS and len(due) < deal.limit and last:
            due += [one for one in self._due(self._accounts(""), deal) if one <= last]
        elif seen and not due:
            self._turns.jobs[self._lane] = seen[-1].account_id
        return due[: deal.limit]

    def _due(self, accounts: Sequence[Any], deal: _Deal) -> list[str]:
        due = [row.account_id for row in accounts if row.due_at <= self._now and deal.room(row.account_id)]
        return list(dict.fromkeys(due))

    def _accounts(self, after: str) -> Sequence[Any]:
        values = {"kinds": self._kinds, "after": after, "most": MOST_ACCOUNTS}
        return self._transaction.look_up(_ACCOUNTS[self._transaction.postgresql], values)

    def _in_hand(self, worker_id: str) -> Counter[str | None]:
        held = self._transaction.look_up(_IN_HAND, {"worker": worker_id, "kinds": self._kinds})
        return Counter({row.account_id: row.number for row in held})

    def _found(self, which: dict[bool, Statement], most: int, *, account: str = "") -> list[Any]:
        values = {"kinds": self._kinds, "now": self._now, "most": most, "account": account}
        rows = self._transaction.look_up(which[self._transaction.postgresql], values)
        if not rows or not self._transaction.postgresql:
            # without locking: whether they still wait is asked again when they are taken
            return list(rows)
        # whoever claims another job of the same kind and key at this moment has the key's lock
        keys = [f"{row.kind} {row.key}" for row in rows]
        free = {row.key for row in self._transaction.look_up(_LOCK_KEYS, {"keys": keys})}
        return [row for row in rows if f"{row.kind} {row.key}" in free]


class _Deal:
    """What one claim takes, and what each account has in this worker's hands with that."""

    def __init__(self, share: Share, limit: int, in_hand: Counter[str | None]) -> None:
        self.share, self.limit = share, limit
        self.taken: list[Any] = []
        self._in_hand = in_hand

    def room(self, account_id: str | None) -> int:
        return max(0, min(self.limit - len(self.taken), self.share.most - self._in_hand[account_id]))

    def take(self, row: Any) -> bool:  # noqa: ANN401 - a row
        """Not what is taken already, nor more than its account's share."""
        fits = self.room(row.account_id) > 0 and bool(self.left([row]))
        if fits:
            self.taken.append(row)
            self._in_hand[row.account_id] += 1
        return fits

    def left(self, rows: Sequence[Any]) -> list[Any]:
        known = {one.id for one in self.taken}
        return [row for row in rows if row.id not in known]


# the kind as no column: the databases must look up the key, and not read all of a kind
_FREE = """
    NOT EXISTS (SELECT id FROM job AS busy
        WHERE busy.kind = one.kind || '' AND busy.key = one.key AND busy.status = 'held')
    AND NOT EXISTS (SELECT id FROM job AS other
        WHERE other.kind || '' = one.kind AND other.key = one.key AND other.status = 'waiting'
            AND (other.due_at < one.due_at OR (other.due_at = one.due_at AND other.id < one.id)))
"""
# of each kind, and of each account within it, the first by the index that has them in this order, however
# much waits: as rows that are compared, so that PostgreSQL takes that index also before it knows how much
_KIND = {
    False: "one.kind = wanted.value AND one.due_at <= :now",
    True: "one.kind >= wanted.value AND (one.kind, one.due_at) <= (wanted.value, :now)",
}
_ACCOUNT = {
    False: f"one.account_id = :account AND {_KIND[False]}",
    True: """one.account_id IS NOT NULL AND (one.kind, one.account_id) >= (wanted.value, :account)
        AND (one.kind, one.account_id, one.due_at) <= (wanted.value, :account, :now)""",
}
_BY_KIND, _BY_ACCOUNT = "one.kind, one.due_at, one.id", "one.kind, one.account_id, one.due_at, one.id"
_NAMES = ("id", "kind", "key", "account_id")
_MOST = {False: ":most", True: hidden(":most", "bigint")}
_WANTED = {
    False: "json_each(:kinds) AS wanted",
    True: f"unnest({hidden(':kinds', 'varchar[]')}) AS wanted(value)",
}
_BOTH = (False, True)


def _finding(which: str, order: str, *, postgresql: bool) -> Statement:
    """Of each kind that is wanted; `waiting` as it stands in the partial indexes."""
    most = _MOST[postgresql]
    first = (
        f"FROM job AS one WHERE one.status = 'waiting' AND {which} AND {_FREE} ORDER BY {order} LIMIT {most}"
    )
    if postgresql:
        found = f"CROSS JOIN LATERAL (SELECT one.* {first} FOR UPDATE SKIP LOCKED) AS job"
    else:
        found = f"JOIN job ON job.rowid IN (SELECT one.rowid {first})"
    chosen = f"SELECT job.id, job.kind, job.key, job.account_id FROM {_WANTED[postgresql]} {found}"  # noqa: S608
    return Statement(f"{chosen} ORDER BY job.due_at, job.id LIMIT {most}", _NAMES)


def _finding_any(*, postgresql: bool) -> Statement:
    which = f"one.status = 'waiting' AND one.due_at <= :now AND {_FREE}"
    first = f"SELECT one.id, one.kind, one.key, one.account_id FROM job AS one WHERE {which}"  # noqa: S608
    locked = "FOR UPDATE SKIP LOCKED" if postgresql else ""
    return Statement(f"{first} ORDER BY one.due_at, one.id LIMIT {_MOST[postgresql]} {locked}", _NAMES)


_OF_ANY = {one: _finding_any(postgresql=one) for one in _BOTH}
_OF_KINDS = {one: _finding(_KIND[one], _BY_KIND, postgresql=one) for one in _BOTH}
_OF_ACCOUNT = {one: _finding(_ACCOUNT[one], _BY_ACCOUNT, postgresql=one) for one in _BOTH}

# of each kind from one account's first to the next one's by the index, however many jobs each has
_WHOSE = "(SELECT one.account_id FROM job AS one WHERE one.id = first.id)"
_SINCE = "(SELECT one.due_at FROM job AS one WHERE one.id = first.id)"
_NEXT = """
    (SELECT job.id FROM job WHERE job.status = 'waiting' AND job.kind = {kind} AND job.account_id > {after}
        ORDER BY job.account_id, job.due_at, job.id LIMIT 1)
"""
_ACCOUNTS = {
    one: Statement(
        f"""
        WITH RECURSIVE first(kind, id, place) AS (
            SELECT wanted.value, {_NEXT.format(kind="wanted.value", after=":after")}, 1 FROM {_WANTED[one]}
            UNION ALL
            SELECT first.kind, {_NEXT.format(kind="first.kind", after=_WHOSE)}, first.place + 1
            FROM first WHERE first.id IS NOT NULL AND first.place < {_MOST[one]}
        )
        SELECT {_WHOSE} AS account_id, {_SINCE} AS due_at
        FROM first WHERE first.id IS NOT NULL ORDER BY account_id
        """,  # noqa: S608
        ("account_id", "due_at"),
    )
    for one in _BOTH
}
_IN_HAND = Statement(
    """
    SELECT account_id, count(*) FROM job
    WHERE status = 'held' AND holder = :worker AND kind IN :kinds GROUP BY account_id
    """,
    ("account_id", "number"),
)
_LOCK_KEYS = Statement(
    f"""
    SELECT key FROM unnest({hidden(":keys", "varchar[]")}) AS wanted(key)
    WHERE pg_try_advisory_xact_lock(hashtextextended(key, 1))
    """,  # noqa: S608
    ("key",),
)
