"""A worker killed in the middle of a seal: it goes on within seconds, by another one or after a restart."""

from __future__ import annotations

import pytest

from lacre.signing import events
from lacre.store.workers import SILENCE_SECONDS
from tests.faults.sites import Shop, died, on_both, shop, until
from tests.support.aftermath import Aftermath

__all__ = ["shop"]

RECOVERY_SECONDS = SILENCE_SECONDS - 10  # five, on a machine that does nothing else
SEALING = "seal: in the middle"

pytestmark = pytest.mark.slow


@on_both
def test_another_worker_takes_over_a_seal(shop: Shop) -> None:
    program = shop.crashing(SEALING)
    workers = shop.premises.worker(program=program), shop.premises.worker(program=program)
    with shop.premises.server(working=False), workers[0], workers[1]:
        token = shop.signed_by_bruno()
        until(lambda: died(*workers))
        waited = until(lambda: shop.completed(token))

    assert waited < RECOVERY_SECONDS
    completed_once(shop, token)


def test_a_restart_goes_on_with_the_seal(shop: Shop) -> None:
    with shop.premises.server(program=shop.crashing(SEALING)) as server:
        token = shop.signed_by_bruno()
        until(lambda: died(server))

    with shop.premises.server():
        waited = until(lambda: shop.completed(token))

    assert waited < RECOVERY_SECONDS
    completed_once(shop, token)


def completed_once(shop: Shop, token: str) -> None:
    with Aftermath.of(shop.premises) as left:
        left.check_whole()
        left.check_sealed(token, shop.premises.folder, signatures=1)
        assert left.count(token, events.ENVELOPE_COMPLETED) == 1
