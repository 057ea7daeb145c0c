"""Promises by name, and what an endpoint's owner may choose of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from typing import Any

import pytest

from lacre.webhooks.errors import RetryNotUsable
from lacre.webhooks.promise import PRESETS, Preset, Promise, Terms, check_terms, evenly, on_terms, waits_of
from lacre.webhooks.sample import promised
from tests.support.webhooks import PROMISE, an_endpoint

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("preset", "attempts", "shortest", "longest"),
    [
        (Preset.STANDARD, 10, 75 * HOUR, 84 * HOUR),
        (Preset.TWO_DAYS, 16, 46 * HOUR, 51 * HOUR),
        (Preset.HALF_DAY, 15, 12 * HOUR, 15 * HOUR),
        (Preset.STRICT, 14, 5 * DAY, 5 * DAY),
        (Preset.EVERY_FIVE_MINUTES, 30, 145 * MINUTE, 160 * MINUTE),
    ],
)
def test_each_preset_tries_so_often_in_so_long(
    preset: Preset, attempts: int, shortest: timedelta, longest: timedelta
) -> None:
    promise = PRESETS[preset]

    together = sum(promise.waits, timedelta())
    assert len(promise.waits) + 1 == attempts
    assert shortest <= together <= together * (1 + promise.jitter) <= longest


def test_every_preset_has_a_promise() -> None:
    assert set(PRESETS) == set(Preset)


def test_the_strict_one_keeps_to_its_offsets_and_gives_up_on_who_forbids() -> None:
    strict = PRESETS[Preset.STRICT]

    offsets = list(accumulate(strict.waits))
    minutes, hours, days = (5, 15, 30), (1, 2, 4, 8, 16), (1, 2, 3, 4, 5)
    assert offsets == [*(n * MINUTE for n in minutes), *(n * HOUR for n in hours), *(n * DAY for n in days)]
    assert (strict.jitter, strict.only_200, strict.deadline_seconds) == (0, True, 100)
    assert {401, 403, 404} <= strict.stops_at


def test_waits_are_written_short() -> None:
    assert waits_of("5s 2m 3h 1d") == (timedelta(seconds=5), 2 * MINUTE, 3 * HOUR, DAY)
    assert evenly(MINUTE, 3) == (MINUTE, MINUTE)


def test_an_endpoint_that_chose_nothing_is_promised_what_its_dialect_promises() -> None:
    assert an_endpoint().promised(PROMISE) is PROMISE
    assert on_terms(PROMISE, Terms()) == PROMISE


def test_a_preset_replaces_the_promise_but_not_who_speaks() -> None:
    ours = replace(PROMISE, user_agent="Ours", stops_at=frozenset())

    assert on_terms(ours, Terms(retry=Preset.STRICT)) == replace(PRESETS[Preset.STRICT], user_agent="Ours")


def test_own_waits_keep_the_other_rules_of_the_dialect() -> None:
    ours = replace(PROMISE, stops_at=frozenset({418}), only_200=True)

    chosen = an_endpoint(terms=Terms(retry=(60, 120))).promised(ours)

    assert chosen == replace(ours, waits=(MINUTE, 2 * MINUTE))


def test_deadline_and_success_are_chosen_beside_any_retries() -> None:
    chosen = on_terms(PROMISE, Terms(retry=Preset.STRICT, deadline_seconds=7, only_200=False))

    assert (chosen.deadline_seconds, chosen.only_200) == (7.0, False)
    assert chosen.waits == PRESETS[Preset.STRICT].waits


@pytest.mark.parametrize(
    "terms",
    [
        {"retry": (1,)},
        {"retry": (7 * 86_400,) * 4},
        {"retry": (51_840,) * 50},
        {"deadline_seconds": 1},
        {"deadline_seconds": 100},
        {"retry": Preset.STRICT, "only_200": False},
    ],
)
def test_what_can_be_promised_is_taken(terms: dict[str, Any]) -> None:
    check_terms(Terms(**terms))


@pytest.mark.parametrize(
    "terms",
    [
        {"retry": ()},
        {"retry": (1,) * 51},
        {"retry": (0,)},
        {"retry": (-1, 60)},
        {"retry": (7 * 86_400 + 1,)},
        {"retry": (7 * 86_400,) * 4 + (2 * 86_400 + 1,)},
        {"deadline_seconds": 0},
        {"deadline_seconds": 101},
    ],
)
def test_what_nobody_could_keep_is_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(RetryNotUsable):
        check_terms(Terms(**terms))


def test_a_promise_says_that_it_gives_up_on_who_is_gone() -> None:
    assert Promise(waits=()).stops_at == frozenset({410})


def test_a_sample_is_tried_once_and_stops_nothing() -> None:
    strict = Promise(waits=waits_of("5s 5m"), stops_at=frozenset({401}), stops_type_at_end=True)

    of_sample = promised(strict, "sample.signing.signer_signed")

    assert (of_sample.waits, of_sample.stops_at, of_sample.stops_type_at_end) == ((), frozenset(), False)
    assert promised(strict, "signing.signer_signed") is strict
