"""Turns among links: none takes those of the others."""

from __future__ import annotations

import asyncio

import pytest
from starlette.exceptions import HTTPException

from lacre.web.layout.endpoints import Turns


def test_of_one_link_only_so_many_are_worked_on_at_once() -> None:
    turns, at_once = Turns(of_one=2, of_all=10, waiting=10), list[int]()
    busy = 0

    async def work() -> None:
        nonlocal busy
        async with turns.turn("greedy"):
            busy += 1
            at_once.append(busy)
            await asyncio.sleep(0)
            busy -= 1

    async def crowd() -> None:
        await asyncio.gather(*(work() for _ in range(8)))

    asyncio.run(crowd())

    assert max(at_once) == 2
    assert turns._lines == {}


def test_another_link_does_not_stand_behind_those_who_wait() -> None:
    turns, done = Turns(of_one=1, of_all=2, waiting=10), list[str]()

    async def work(link: str) -> None:
        async with turns.turn(link):
            await asyncio.sleep(0)
            done.append(link)

    async def crowd() -> None:
        await asyncio.gather(*(work("greedy") for _ in range(5)), work("modest"))

    asyncio.run(crowd())

    assert "modest" in done[:2]


def test_who_comes_when_too_many_wait_is_asked_to_come_back() -> None:
    turns = Turns(of_one=1, of_all=1, waiting=1)

    async def crowd() -> None:
        async with turns.turn("greedy"):
            waiting = asyncio.create_task(_once(turns))
            await asyncio.sleep(0)
            with pytest.raises(HTTPException) as refused:
                await _once(turns)
            assert refused.value.status_code == 503
        await waiting

    asyncio.run(crowd())


async def _once(turns: Turns) -> None:
    async with turns.turn("greedy"):
        pass
