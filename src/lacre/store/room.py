"""How many more deliveries endpoints and their accounts may have in hand; decides, and asks no database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True)
class Caps:
    """On attempts in flight."""

    per_endpoint: int
    """Over all workers: so much does a receiver get at once."""
    per_account: int
    """Of each worker: so much of it is one account's."""


class Room:
    def __init__(
        self,
        accounts: Mapping[str, str],
        held: Mapping[str, int],
        mine: Mapping[str, int],
        caps: Caps,
        *,
        shared: Set[str] = frozenset(),
    ) -> None:
        """`accounts` by endpoint, in the order in which they are served; `held` by endpoint, at all workers;
        `mine` by account, at the one that asks; of `shared` endpoints others have some."""
        self._accounts, self._caps, self._shared = accounts, caps, shared
        self._of_endpoint = {one: caps.per_endpoint - held.get(one, 0) for one in accounts}
        self._of_account = {
            account: caps.per_account - mine.get(account, 0) for account in {*accounts.values(), *mine}
        }

    @property
    def full(self) -> set[str]:
        """Accounts that may have no more."""
        return {account for account, free in self._of_account.items() if free <= 0}

    @property
    def stuck(self) -> Set[str]:
        """Endpoints that may have no more until the one that asks is done with some."""
        return {one for one, free in self._of_endpoint.items() if free <= 0} - self._shared

    def probe(self, endpoint_id: str) -> None:
        """One attempt at a time, those in hand counted."""
        self._of_endpoint[endpoint_id] -= self._caps.per_endpoint - 1

    def narrow(self, endpoint_id: str, most: int) -> None:
        self._of_endpoint[endpoint_id] = min(self._of_endpoint[endpoint_id], most)

    def take(self, given: Mapping[str, int]) -> None:
        for one, count in given.items():
            self._of_endpoint[one] -= count
            self._of_account[self._accounts[one]] -= count

    def shares(self, asking: Iterable[str], limit: int) -> dict[str, int]:
        """The same for everybody, as far as each may; not more than `limit` together."""
        free = [
            one for one in asking if self._of_endpoint[one] > 0 and self._of_account[self._accounts[one]] > 0
        ]
        if not free:
            return {}
        share = max(1, limit // len(free))
        neighbours = Counter(self._accounts[one] for one in free)
        left = {account: self._of_account[account] for account in neighbours}
        shares: dict[str, int] = {}
        for one in free[:limit]:
            account = self._accounts[one]
            most = min(share, max(1, self._of_account[account] // neighbours[account]), left[account])
            if most:
                shares[one] = min(most, self._of_endpoint[one])
                left[account] -= shares[one]
        return shares
