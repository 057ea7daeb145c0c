"""Every page and form of the console, on each database."""

from __future__ import annotations

import re
from pathlib import Path

from lacre.webhooks.delivery import Delivery, DeliveryStatus
from tests.support.database import database_url, migrated_file, postgres_server
from tests.support.deliveries import answered, attempt, deliveries_of, endpoint_of
from tests.support.house import House, person
from tests.support.visitor import Visitor, new_account

__all__ = ["database_url", "migrated_file", "postgres_server"]


def test_pages_and_forms_work_on_each_database(tmp_path: Path, database_url: str) -> None:
    with House(tmp_path, database_url=database_url) as house:
        account = new_account(house)
        endpoint = endpoint_of(house, account)
        envelope = house.send([person("Bruno Dias")], account=account, title="Locação")
        attempt(house, account, answered(500), DeliveryStatus.DISCARDED)
        delivery = deliveries_of(house, account)[0].delivery
        with Visitor(house, account) as ana:
            told = [ana.send(path, **said) for path, said in forms(envelope.id, endpoint.id, delivery)]
            seen = [ana.open(path) for path in pages(envelope.id, endpoint.id, delivery)]
            key = re.search(r"/app/keys/[^/]+/revoke", ana.open("/app/keys").text)
            revoked = ana.send(key[0]) if key else None

    assert [answer.status_code for answer in told] == [200] + [303] * 8
    assert [answer.status_code for answer in seen] == [200] * len(seen)
    assert revoked is not None
    assert revoked.status_code == 303


def forms(envelope: str, endpoint: str, delivery: Delivery) -> list[tuple[str, dict[str, str]]]:
    return [
        ("/app/keys", {"dialect": "zapsign"}),
        (f"/app/envelopes/{envelope}/reprocess", {"which": "all"}),
        (f"/app/envelopes/{envelope}/resend", {"renew": "on"}),
        (f"/app/deliveries/{delivery.id}/retry", {}),
        (f"/app/events/{delivery.event_id}/retry", {"delivery": delivery.id}),
        (f"/app/events/{delivery.event_id}/replay", {}),
        (f"/app/endpoints/{endpoint}/advanced", {"ordering": "subject", "rate_count": "5"}),
        (f"/app/endpoints/{endpoint}/pause", {}),
        (f"/app/envelopes/{envelope}/cancel", {"reason": "Trocado"}),
    ]


def pages(envelope: str, endpoint: str, delivery: Delivery) -> list[str]:
    return [
        "/app/",
        "/app/?q=loca%C3%A7ao&status=canceled&page=1",
        f"/app/envelopes/{envelope}",
        "/app/deliveries",
        f"/app/deliveries?status=discarded&endpoint={endpoint}&document={envelope}",
        "/app/deliveries?endpoint=nonsense&document=nonsense%00",
        f"/app/deliveries/{delivery.id}",
        "/app/events",
        f"/app/events?document={envelope}&type=signing.envelope_sent&since=2020-01-01",
        "/app/events?document=nonsense%00&since=nonsense",
        f"/app/events/{delivery.event_id}",
        f"/app/endpoints/{endpoint}/advanced",
        "/app/endpoints",
        f"/app/endpoints/{endpoint}?status=waiting",
        "/app/keys",
    ]
