"""Turns among accounts: one that sends hundreds of slow files keeps only itself waiting."""

from __future__ import annotations

import asyncio

from lacre.kit.ids import AccountId

AT_ONCE = 8
"""Of one account's requests; together they have the server's forty threads."""


class Turns:
    def __init__(self) -> None:
        self._of: dict[AccountId, asyncio.Semaphore] = {}

    def turn(self, account_id: AccountId) -> asyncio.Semaphore:
        """To be held while a request is worked on."""
        return self._of.setdefault(account_id, asyncio.Semaphore(AT_ONCE))
