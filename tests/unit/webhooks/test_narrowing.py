"""Whom and what a narrowed endpoint is told of."""

from __future__ import annotations

import pytest

from lacre.kit.ids import FolderId, GroupId, UserId
from lacre.webhooks.narrowing import EVERYTHING, Narrowing, Sender

ANA = Sender(id=UserId("1"), email="ana@example.test")
SALES, CONTRACTS = GroupId("vendas"), FolderId("contratos")


@pytest.mark.parametrize(
    ("narrowing", "included"),
    [
        (EVERYTHING, True),
        (Narrowing(senders=(ANA,)), True),
        (Narrowing(senders=(Sender(id=UserId("2"), email="bruno@example.test"),)), False),
        (Narrowing(groups=(SALES,)), True),
        (Narrowing(groups=(GroupId("rh"),)), False),
        (Narrowing(senders=(ANA,), groups=(GroupId("rh"),)), True),
        (Narrowing(folders=(CONTRACTS,)), True),
        (Narrowing(folders=(FolderId("outra"),)), False),
        (Narrowing(senders=(ANA,), folders=(FolderId("outra"),)), False),
    ],
)
def test_people_or_groups_and_folders(narrowing: Narrowing, included: bool) -> None:
    assert narrowing.includes(sent_by=ANA.email, groups=[SALES], folder=CONTRACTS) is included
