"""kill -9 of workers in mid-delivery to an ordered endpoint: the next never goes before the one before it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.lane import Ordering
from tests.support.nursery import Begin
from tests.support.receiver import Receiver, after, status
from tests.support.working import Site, eventually

KILLS, SUBJECTS, EACH = 2, "abc", 9

pytestmark = pytest.mark.slow


def test_killed_again_and_again_it_still_tells_in_order(site: Site, receiver: Receiver, begin: Begin) -> None:
    account = site.account()
    receiver.answers(after(0.05, status(200)))
    site.subscribe(account, receiver.url, ordering=Ordering.SUBJECT)
    told = {subject: site.announce(account, EACH, subject_id=subject) for subject in SUBJECTS}

    for number in range(1, KILLS + 1):
        worker = begin(site.settings.database, site.settings.data_dir)
        receiver.wait_for(number * len(SUBJECTS) * EACH // (KILLS + 1))
        worker.kill()
    begin(site.settings.database, site.settings.data_dir)
    eventually(lambda: site.statuses(account) == {DeliveryStatus.DELIVERED}, seconds=60)

    heard = [one.json["id"] for one in receiver.heard]
    for events in told.values():
        assert_in_order([one for one in heard if one in events], list(events))


def assert_in_order(heard: list[str], told: list[str]) -> None:
    """What was in flight may be heard again, before anything later is."""
    assert list(dict.fromkeys(heard)) == told
    assert all(told.index(after) - told.index(before) in (0, 1) for before, after in pairwise(heard))
