"""Each test has an account of its own, and Ana signed in to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lacre.kit.ids import AccountId
from tests.support.house import House
from tests.support.visitor import Visitor, new_account


@pytest.fixture
def account(house: House) -> AccountId:
    return new_account(house)


@pytest.fixture
def ana(house: House, account: AccountId) -> Iterator[Visitor]:
    with Visitor(house, account) as visitor:
        yield visitor


@pytest.fixture
def davi(house: House) -> Iterator[Visitor]:
    """Has an account of his own, and must see nothing of Ana's."""
    with Visitor(house, new_account(house)) as visitor:
        yield visitor
