"""An account's many requests leave hands for others."""

from __future__ import annotations

import asyncio

from lacre.dialects.turns import AT_ONCE, Turns
from lacre.kit.ids import AccountId

ANA, BRUNO = AccountId("ana"), AccountId("bruno")


def test_one_account_has_so_many_hands_and_another_has_its_own() -> None:
    at_work = asyncio.run(_crowd(AT_ONCE + 5))

    assert at_work == {ANA: AT_ONCE, BRUNO: 1}


async def _crowd(count: int) -> dict[AccountId, int]:
    """How many of each are at work once all have come."""
    turns, at_work, over = Turns(), {ANA: 0, BRUNO: 0}, asyncio.Event()

    async def request(account_id: AccountId) -> None:
        async with turns.turn(account_id):
            at_work[account_id] += 1
            await over.wait()

    everyone = [asyncio.create_task(request(one)) for one in [ANA] * count + [BRUNO]]
    await asyncio.sleep(0.01)
    seen = dict(at_work)
    over.set()
    await asyncio.gather(*everyone)
    return seen
