"""SIGTERM: what is in hand is finished, and nothing else begun."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from lacre.signing import events
from lacre.webhooks.delivery import DeliveryStatus
from tests.faults.sites import Shop, on_both, shop, until
from tests.support.aftermath import Aftermath
from tests.support.pdfs import contract_pdf
from tests.support.receiver import Receiver, after, status

__all__ = ["shop"]

pytestmark = pytest.mark.slow


def test_a_delivery_under_way_is_waited_for(shop: Shop) -> None:
    shop.receiver.answers(after(1.5, status(200)))
    with shop.premises.server() as server:
        shop.customer.subscribe(shop.receiver)
        token = shop.customer.send([{"name": "Bruno"}])["token"]
        shop.receiver.wait_for(1)
        assert server.stop() == 0

    with Aftermath.of(shop.premises) as left:
        (only,) = left.deliveries(token)
    assert (only.delivery.status, only.delivery.attempts) == (DeliveryStatus.DELIVERED, 1)
    assert len(shop.receiver.heard) == 1


@on_both
def test_a_seal_under_way_is_finished(shop: Shop) -> None:
    with shop.premises.server(program=shop.crashing("0")) as server:
        token = shop.signed_by_bruno()
        until(lambda: shop.passed(" seal: before"))
        assert server.stop() == 0
    assert shop.passed(" seal: after")

    with shop.premises.server():
        until(lambda: shop.completed(token))
    with Aftermath.of(shop.premises) as left:
        assert left.count(token, events.ACT_SEALED) == left.count(token, events.ENVELOPE_COMPLETED) == 1


def test_a_request_under_way_is_answered(shop: Shop) -> None:
    with Receiver() as slow, shop.premises.server() as server, ThreadPoolExecutor() as pool:
        slow.answers(after(1.5, status(200, contract_pdf(1))))
        said = {"name": "Contrato", "url_pdf": f"{slow.url}contrato.pdf", "signers": [{"name": "Bruno"}]}
        answer = pool.submit(shop.customer.call, "POST", "docs/", said)
        slow.wait_for(1)
        assert server.stop() == 0
        token = answer.result()["token"]

    with Aftermath.of(shop.premises) as left:
        assert left.envelope(token).title == "Contrato"
