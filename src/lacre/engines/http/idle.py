"""Handles between two exchanges: whoever goes the same way again gets the handle that knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from lacre.engines.http.transfer import Transfer

SPARE = 64
"""Fewer than these are left where they are: to turn a handle elsewhere costs more than to have another."""
Place: TypeAlias = tuple[str, str]
"""Where a handle was last sent, and with whose connections: a URL and a pool's key."""


class Idle:
    def __init__(self, most: int) -> None:
        self._most, self._count = most, 0
        self._by_place: dict[Place, list[Transfer]] = {}

    def __iter__(self) -> Iterator[Transfer]:
        return (transfer for transfers in self._by_place.values() for transfer in transfers)

    def take(self, place: Place) -> Transfer | None:
        """One that knows the way; else, if there are enough, one of the place not asked for longest."""
        transfers, known = self._by_place.get(place), place
        if transfers is None:
            if self._count < SPARE:
                return None
            known, transfers = next(iter(self._by_place.items()))
        self._count -= 1
        transfer = transfers.pop()
        if not transfers:
            del self._by_place[known]
        return transfer

    def put(self, place: Place, transfer: Transfer) -> bool:
        """False when there are enough of them."""
        if self._count >= self._most:
            return False
        self._count += 1
        transfers = self._by_place.get(place)
        if transfers is None:
            self._by_place[place] = [transfer]
        else:
            transfers.append(transfer)
        return True

    def clear(self) -> None:
        for transfer in self:
            transfer.close()
        self._by_place.clear()
        self._count = 0
