"""What a process counts, as Prometheus reads it."""

from __future__ import annotations

from datetime import timedelta

from msgspec.structs import replace
from prometheus_client import CollectorRegistry

from lacre.engines.counts import MANY
from lacre.engines.measures import ProcessMeasures
from lacre.webhooks.delivery import DeliveryStatus
from lacre.webhooks.repositories import Settled
from tests.support.webhooks import NOON, a_delivery, an_attempt

DELIVERED, WAITING, DISCARDED = DeliveryStatus.DELIVERED, DeliveryStatus.WAITING, DeliveryStatus.DISCARDED


def test_attempts_are_counted_by_what_they_came_to() -> None:
    measures = ProcessMeasures()

    attempted(measures, settled(DELIVERED, ok=True, status_code=204))
    attempted(measures, settled(WAITING, status_code=503), settled(WAITING, status_code=500))
    attempted(measures, settled(WAITING, status_code=None, reason="deadline"))
    attempted(measures, settled(DISCARDED, status_code=404))

    read = reading(measures)
    assert read("lacre_attempts_total", result="delivered", reason="") == 1
    assert read("lacre_attempts_total", result="failed", reason="5xx") == 2
    assert read("lacre_attempts_total", result="failed", reason="deadline") == 1
    assert read("lacre_attempts_total", result="discarded", reason="4xx") == 1


def test_whatever_alerts_count_is_there_before_it_happens() -> None:
    measures = ProcessMeasures()

    measures.worked("signing.seal", "done", 1.5)

    read = reading(measures)
    assert read("lacre_attempts_total", result="delivered", reason="") == 0
    assert read("lacre_attempts_total", result="discarded", reason="5xx") == 0
    assert read("lacre_attempts_total", result="failed", reason="authorization_failed") == 0
    assert read("lacre_job_runs_total", kind="signing.seal", outcome="given_up") == 0
    assert read("lacre_holds_lost_total", of="deliveries") == 0
    assert read("lacre_requests_total", status="5xx") == 0


def test_samples_are_not_counted() -> None:
    measures = ProcessMeasures()

    attempted(measures, replace(settled(DISCARDED, status_code=404), sample=True))

    read = reading(measures)
    assert read("lacre_attempts_total", result="discarded", reason="4xx") == 0
    assert read("lacre_attempt_seconds_count") == read("lacre_first_attempt_seconds_count") == 0


def test_how_long_attempts_took_is_spread_over_buckets() -> None:
    measures = ProcessMeasures()

    attempted(measures, *[settled(DELIVERED, milliseconds=took) for took in (5, 6, 700, 4_000_000)])

    read = reading(measures)
    buckets = [
        read("lacre_attempt_seconds_bucket", le=le) for le in ("0.005", "0.01", "1.0", "3600.0", "+Inf")
    ]
    assert buckets == [1, 2, 3, 3, 4]
    assert read("lacre_attempt_seconds_count") == 4
    assert read("lacre_attempt_seconds_sum") == 4000.711


def test_only_the_first_attempt_tells_how_long_an_event_waited() -> None:
    measures = ProcessMeasures()

    attempted(measures, settled(DELIVERED, at=NOON + timedelta(milliseconds=40)))
    attempted(measures, settled(DELIVERED, number=2, at=NOON + timedelta(hours=1)))

    read = reading(measures)
    assert read("lacre_first_attempt_seconds_count") == 1
    assert read("lacre_first_attempt_seconds_sum") == 0.04


def test_nothing_is_lost_when_there_are_many_different_values() -> None:
    measures = ProcessMeasures()

    for took in range(MANY + 10):
        attempted(measures, settled(DELIVERED, milliseconds=took))

    assert reading(measures)("lacre_attempt_seconds_count") == MANY + 10


def test_jobs_events_requests_and_losses_are_counted() -> None:
    measures = ProcessMeasures()

    measures.worked("signing.seal", "done", 1.5)
    measures.worked("signing.seal", "failed", 0.5)
    measures.announced(["signing.signer_signed", "signing.signer_signed"])
    measures.answered("GET /nothing", 404, 0.02)
    measures.lost("deliveries", 3)
    measures.gone(1)

    read = reading(measures)
    assert read("lacre_job_runs_total", kind="signing.seal", outcome="done") == 1
    assert read("lacre_job_seconds_sum", kind="signing.seal") == 2.0
    assert read("lacre_job_seconds_count", kind="signing.seal") == 2
    assert read("lacre_events_total", type="signing.signer_signed") == 2
    assert read("lacre_requests_total", status="4xx") == 1
    assert read("lacre_holds_lost_total", of="deliveries") == 3
    assert read("lacre_workers_gone_total") == 1


def test_what_helpers_counted_is_counted_too_also_once_they_are_gone() -> None:
    measures, helper = ProcessMeasures(), ProcessMeasures()
    attempted(measures, settled(DELIVERED, status_code=204, milliseconds=5))
    attempted(helper, settled(WAITING, status_code=503, milliseconds=700))
    helper.worked("signing.seal", "done", 1.5)

    measures.hear("helper", helper.told())
    attempted(helper, settled(WAITING, status_code=500, milliseconds=700))
    measures.hear("helper", helper.told())
    measures.hear("helper", b"a line of something else\n")
    before = reading(measures)("lacre_attempts_total", result="failed", reason="5xx")
    measures.ended("helper")
    measures.hear("its successor", ProcessMeasures().told())

    read = reading(measures)
    assert before == read("lacre_attempts_total", result="failed", reason="5xx") == 2
    assert read("lacre_attempts_total", result="delivered", reason="") == 1
    assert read("lacre_attempt_seconds_count") == 3
    assert read("lacre_attempt_seconds_sum") == 1.405
    assert read("lacre_attempt_seconds_bucket", le="0.005") == 1
    assert read("lacre_job_runs_total", kind="signing.seal", outcome="done") == 1


# ── what is measured ─────────────────────────────────────────────────────────


def settled(status: DeliveryStatus, **attempt: object) -> Settled:
    delivery = a_delivery()
    made = an_attempt(delivery.id, **{"ok": status is DELIVERED, **attempt})
    return Settled(
        delivery_id=delivery.id, endpoint_id=delivery.endpoint_id, attempt=made, status=status, due_at=NOON
    )


def attempted(measures: ProcessMeasures, *made: Settled) -> None:
    measures.attempted(made, [a_delivery() for _ in made])


class reading:  # noqa: N801 - reads as a verb
    """A sample's value by its name and labels."""

    def __init__(self, measures: ProcessMeasures) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(measures)

    def __call__(self, name: str, **labels: str) -> float | None:
        return self._registry.get_sample_value(name, labels)
