"""What attempts mean for their endpoints: counted, judged and told, in the transaction that settles them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from zlib import crc32

from sqlalchemy import bindparam, select, update

from lacre.kit.events import Event
from lacre.kit.ids import EndpointId
from lacre.kit.jobs import Jobs
from lacre.store.endpoints import SqlEndpoints
from lacre.store.health import SqlHealthRecords
from lacre.store.hours import SqlHours
from lacre.store.lanes import SqlLanes
from lacre.store.stopped_types import StoppedTypes
from lacre.store.tables import delivery, endpoint, event
from lacre.store.transaction import Transaction
from lacre.webhooks import events
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.health import WELL, Heard, Judgment, News, judge, sign_of
from lacre.webhooks.repositories import Settled
from lacre.webhooks.telling import event_of, warning_of


class Judge:
    """Of endpoints that are well and stay so, nothing is written but the count."""

    def __init__(
        self,
        transaction: Transaction,
        endpoints: SqlEndpoints,
        lanes: SqlLanes,
        *,
        announce: Callable[[Event], object],
        jobs: Jobs,
        clock: Callable[[], datetime],
        scale: float,
    ) -> None:
        self._transaction, self._endpoints = transaction, endpoints
        self._announce, self._jobs = announce, jobs
        self._clock, self._scale = clock, scale
        self._records, self._hours = SqlHealthRecords(transaction), SqlHours(transaction)
        self._stopped = StoppedTypes(transaction, lanes)

    def hear(self, worker_id: str, settled: Sequence[Settled]) -> None:
        """In the order in which they ended; the deliveries are this transaction's alone."""
        now = self._clock()
        self._hours.count(worker_id, settled, now=now)
        ill = self._records.ill({one.endpoint_id for one in settled})
        ill |= {one.endpoint_id for one in settled if not one.attempt.ok}
        if ill:
            self._judge([one for one in settled if one.endpoint_id in ill], now)

    def _judge(self, settled: Sequence[Settled], now: datetime) -> None:
        endpoints = self._endpoints.locked({one.endpoint_id for one in settled})
        heard = self._heard(settled)
        judged = {
            one: self._judged(endpoints[one], heard[one], now)
            for one in sorted(heard)
            # of one that takes nothing now, nothing is concluded from what was under way
            if endpoints[one].status is EndpointStatus.ACTIVE and endpoints[one].deleted_at is None
        }
        changed = {one: told.health for one, told in judged.items() if told.health != endpoints[one].health}
        self._records.keep(changed)
        self._disable([one for one, told in judged.items() if News.PAUSED in told.news])
        self._stop(settled, now)
        for one, told in judged.items():
            self._tell(endpoints[one], told, now)

    def _judged(self, endpoint: Endpoint, heard: Sequence[Heard], now: datetime) -> Judgment:
        roll = crc32(f"{endpoint.id} {now.timestamp()}".encode()) / 2**32
        return judge(endpoint.health, heard, now=now, scale=self._scale, roll=roll)

    def _heard(self, settled: Sequence[Settled]) -> Mapping[EndpointId, list[Heard]]:
        failed = [one.delivery_id for one in settled if not one.attempt.ok]
        kinds = {row.id: row.type for row in self._transaction.read(_KINDS, {"ids": failed})}
        heard: dict[EndpointId, list[Heard]] = {}
        for one in settled:
            kind = kinds.get(one.delivery_id, "")
            found = None if one.sample else _sign(one, of_news=kind in events.ALL)
            if found is not None:
                heard.setdefault(one.endpoint_id, []).append(found)
        return heard

    def _disable(self, ids: Sequence[EndpointId]) -> None:
        if ids:
            off = update(endpoint).where(endpoint.c.id.in_(ids))
            self._transaction.write(off.values(status=EndpointStatus.DISABLED.value))

    def _stop(self, settled: Sequence[Settled], now: datetime) -> None:
        stopped: dict[EndpointId, set[str]] = {}
        for one in settled:
            if one.stop_type:
                stopped.setdefault(one.endpoint_id, set()).add(one.stop_type)
        for endpoint_id, types in stopped.items():
            self._endpoints.stop(endpoint_id, types)
            self._stopped.give_up(endpoint_id, types, now=now)

    def _tell(self, endpoint: Endpoint, judgment: Judgment, now: datetime) -> None:
        # of a recovery there is nothing left to say but what was before it
        worst = endpoint.health if judgment.health == WELL else judgment.health
        for news in judgment.news:
            event = event_of(news, endpoint, worst, now=now)
            if event is not None:
                self._announce(event)
            warning = warning_of(news, endpoint, worst, now=now)
            if warning is not None:
                self._jobs.add(warning)


_KINDS = (
    select(delivery.c.id, event.c.type)
    .select_from(delivery.join(event))
    .where(delivery.c.id.in_(bindparam("ids", expanding=True)))
)


def _sign(settled: Settled, *, of_news: bool) -> Heard | None:
    attempt = settled.attempt
    sign = sign_of(
        ok=attempt.ok,
        status_code=attempt.status_code,
        reason=attempt.reason,
        gone=settled.disable_endpoint,
    )
    if sign is None:
        return None
    return Heard(
        sign=sign,
        at=attempt.at,
        status_code=attempt.status_code,
        reason=attempt.reason,
        by_type=settled.by_type,
        of_news=of_news,
    )
