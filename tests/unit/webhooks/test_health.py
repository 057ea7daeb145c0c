"""An endpoint rests when nobody is there, is told of once, paused after days, well at the first success."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lacre.webhooks.endpoint import EndpointStatus, Standing
from lacre.webhooks.health import (
    LONGEST_REST,
    REST_JITTER,
    STRIKES,
    WELL,
    Health,
    Heard,
    Judgment,
    News,
    Sign,
    Told,
    judge,
    rest,
    sign_of,
)
from tests.support.webhooks import NOON, an_endpoint

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TRIES = settings(max_examples=100, deadline=None)


def attempt(
    health: Health, sign: Sign, *, at: datetime = NOON, of_news: bool = False, by_type: bool = False
) -> Judgment:
    """One that takes no time."""
    heard = Heard(sign=sign, at=at, status_code=503, of_news=of_news, by_type=by_type)
    return judge(health, [heard], now=at, scale=1, roll=0)


def after(
    signs: Iterable[Sign], *, every: timedelta = SECOND, health: Health = WELL, by_type: bool = False
) -> Judgment:
    """One attempt after another; all that was told meanwhile."""
    news: list[News] = []
    for number, sign in enumerate(signs):
        judged = attempt(health, sign, at=NOON + number * every, by_type=by_type)
        health = judged.health
        news += judged.news
    return Judgment(health=health, news=tuple(news))


def resting() -> Health:
    return after([Sign.DOWN] * STRIKES, every=timedelta(0)).health


# ── what an attempt says ─────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "reason", "sign"),
    [
        (500, "", Sign.DOWN),
        (503, "", Sign.DOWN),
        (408, "", Sign.DOWN),
        (425, "", Sign.DOWN),
        (429, "", Sign.DOWN),
        (None, "connect_failed", Sign.DOWN),
        (None, "deadline", Sign.DOWN),
        (None, "authorization_failed", Sign.DOWN),
        (401, "authorization_failed", Sign.DOWN),
        (202, "", Sign.REFUSED),
        (301, "", Sign.REFUSED),
        (400, "", Sign.REFUSED),
        (404, "", Sign.REFUSED),
        (422, "", Sign.REFUSED),
        (None, "wording_failed", None),
        (None, "file_unreadable", None),
    ],
)
def test_a_failure_shows_whether_anybody_is_there(status: int | None, reason: str, sign: Sign | None) -> None:
    assert sign_of(ok=False, status_code=status, reason=reason, gone=False) is sign


def test_what_the_promise_says_counts_more_than_the_status() -> None:
    assert sign_of(ok=True, status_code=500, reason="", gone=False) is Sign.GOOD
    assert sign_of(ok=False, status_code=404, reason="", gone=True) is Sign.GONE


# ── resting ──────────────────────────────────────────────────────────────────


def test_nobody_rests_before_the_fifth_strike() -> None:
    assert after([Sign.DOWN] * (STRIKES - 1)).health.rest_until is None
    assert resting().rest_until == NOON + 5 * SECOND


def test_a_success_between_them_starts_the_count_anew() -> None:
    assert after([Sign.DOWN] * 4 + [Sign.GOOD] + [Sign.DOWN] * 4).health.rest_until is None


def test_whoever_answers_does_not_rest_however_often_it_refuses() -> None:
    refusing = after([Sign.DOWN] * 4 + [Sign.REFUSED] * 90).health

    assert (refusing.rest_until, refusing.failures) == (None, 94)


def test_an_answer_ends_the_rest_even_if_it_is_a_refusal() -> None:
    back = attempt(resting(), Sign.REFUSED, at=NOON + 5 * SECOND).health

    assert (back.rest_until, back.rests, back.strikes) == (None, 0, 0)


def test_whoever_left_before_the_rest_does_not_make_it_longer() -> None:
    began = resting()

    late = attempt(began, Sign.DOWN, at=NOON + 4 * SECOND).health

    assert (late.rest_until, late.rests) == (began.rest_until, 1)


def test_a_rest_that_a_clock_set_back_made_long_is_over() -> None:
    earlier = NOON - 3 * HOUR

    health = attempt(resting(), Sign.DOWN, at=earlier).health

    assert (health.rest_until, health.rests) == (earlier + 10 * SECOND, 2)


def test_each_probe_that_finds_nobody_doubles_the_rest_up_to_five_minutes() -> None:
    health, lengths = resting(), []
    for _ in range(9):
        assert health.rest_until is not None
        at = health.rest_until
        health = attempt(health, Sign.DOWN, at=at).health
        lengths.append(((health.rest_until or at) - at).total_seconds())

    assert lengths == [10, 20, 40, 80, 160, 300, 300, 300, 300]


@TRIES
@given(rests=st.integers(min_value=1, max_value=10**6), roll=st.floats(0, 1, exclude_max=True))
def test_no_rest_is_ever_longer_than_five_minutes_and_its_jitter(rests: int, roll: float) -> None:
    assert timedelta(seconds=5) <= rest(rests, roll) <= LONGEST_REST * (1 + REST_JITTER)


def test_a_sandbox_rests_shorter() -> None:
    strikes = [Heard(sign=Sign.DOWN, at=NOON)] * STRIKES

    judged = judge(WELL, strikes, now=NOON, scale=10, roll=0)

    assert judged.health.rest_until == NOON + timedelta(seconds=0.5)


# ── telling ──────────────────────────────────────────────────────────────────


def test_failing_is_told_after_four_attempts_and_a_minute() -> None:
    assert after([Sign.DOWN] * 9, every=timedelta(seconds=7)).news == ()
    assert after([Sign.DOWN] * 3, every=MINUTE).news == ()
    assert after([Sign.DOWN] * 4, every=20 * SECOND).news == (News.FAILING,)


def test_an_hour_without_success_is_told_by_mail() -> None:
    assert after([Sign.REFUSED] * 20, every=10 * MINUTE).news == (News.FAILING, News.STILL_FAILING)


def test_everything_is_told_once_an_episode() -> None:
    episode = [*[Sign.DOWN] * 130, Sign.GOOD]

    once = (News.FAILING, News.STILL_FAILING, News.PAUSED)

    assert after(episode * 2, every=HOUR).news == once
    assert after([*[Sign.DOWN] * 20, Sign.GOOD] * 2, every=HOUR).news == (
        *(News.FAILING, News.STILL_FAILING, News.RECOVERED),
        *(News.FAILING, News.STILL_FAILING, News.RECOVERED),
    )


def test_a_hiccup_is_told_to_nobody() -> None:
    assert after([Sign.DOWN, Sign.DOWN, Sign.GOOD], every=HOUR) == Judgment(health=WELL)


def test_five_days_without_a_success_pause_it() -> None:
    paused = after([Sign.REFUSED] * 11, every=DAY / 2)

    assert paused.news[-1] is News.PAUSED
    assert paused.health.paused_at == NOON + 5 * DAY


def test_fewer_than_ten_attempts_never_pause_it() -> None:
    assert News.PAUSED not in after([Sign.DOWN] * 9, every=DAY).news


def test_what_is_given_up_type_by_type_is_not_paused_for_its_time() -> None:
    judged = after([Sign.DOWN] * 20, every=DAY, by_type=True)

    assert (News.PAUSED in judged.news, judged.health.paused_at) == (False, None)
    assert attempt(WELL, Sign.GONE, by_type=True).news == (News.PAUSED,)


def test_whoever_says_that_it_is_gone_is_paused_at_once() -> None:
    gone = attempt(WELL, Sign.GONE)

    assert (gone.news, gone.health.paused_at) == ((News.PAUSED,), NOON)


def test_of_a_paused_one_nothing_more_is_concluded() -> None:
    paused = attempt(WELL, Sign.GONE).health

    assert attempt(paused, Sign.GOOD) == Judgment(health=paused)
    assert attempt(paused, Sign.DOWN) == Judgment(health=paused)


def test_news_of_others_that_fail_to_arrive_are_no_news() -> None:
    health = after([Sign.DOWN] * 3, every=MINUTE).health

    of_news = attempt(health, Sign.DOWN, at=NOON + HOUR, of_news=True)
    of_business = attempt(of_news.health, Sign.DOWN, at=NOON + HOUR)

    assert of_news.news == ()
    assert of_business.news == (News.FAILING, News.STILL_FAILING)


# ── resuming ─────────────────────────────────────────────────────────────────


def test_whoever_resumes_it_hears_when_it_works() -> None:
    resumed = attempt(WELL, Sign.GONE).health.after_resuming()

    assert resumed == Health(resumed=True)
    assert attempt(resumed, Sign.GOOD) == Judgment(health=WELL, news=(News.RECOVERED,))


def test_resuming_one_that_was_well_is_no_news() -> None:
    assert WELL.after_resuming() == WELL


# ── whatever happens ─────────────────────────────────────────────────────────

SIGNS = st.lists(st.sampled_from([one for one in Sign if one is not Sign.GONE]), max_size=60)


@TRIES
@given(signs=SIGNS, every=st.timedeltas(timedelta(0), DAY))
def test_it_is_well_exactly_when_the_last_attempt_succeeded_and_it_was_not_paused(
    signs: list[Sign], every: timedelta
) -> None:
    judged = after(signs, every=every)

    paused = News.PAUSED in judged.news
    assert judged.health.well == (not paused and (not signs or signs[-1] is Sign.GOOD))
    assert (judged.health.paused_at is not None) == paused


@TRIES
@given(signs=SIGNS, every=st.timedeltas(timedelta(0), DAY))
def test_news_come_in_their_order_and_each_recovery_ends_an_episode(
    signs: list[Sign], every: timedelta
) -> None:
    news = after(signs, every=every).news

    may_follow = {
        None: {News.FAILING},
        News.FAILING: {News.STILL_FAILING, News.PAUSED, News.RECOVERED},
        News.STILL_FAILING: {News.PAUSED, News.RECOVERED},
        News.RECOVERED: {News.FAILING},
    }
    for before, one in zip([None, *news], news, strict=False):
        assert one in may_follow[before]


@TRIES
@given(signs=SIGNS, cut=st.integers(min_value=0, max_value=60))
def test_how_attempts_are_put_into_batches_changes_nothing(signs: list[Sign], cut: int) -> None:
    heard = [Heard(sign=one, at=NOON + number * SECOND) for number, one in enumerate(signs)]
    now = NOON + MINUTE

    whole = judge(WELL, heard, now=now, scale=1, roll=0.5)
    first = judge(WELL, heard[:cut], now=now, scale=1, roll=0.5)
    second = judge(first.health, heard[cut:], now=now, scale=1, roll=0.5)

    assert (second.health, first.news + second.news) == (whole.health, whole.news)


# ── in a word ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "health", "standing"),
    [
        (EndpointStatus.ACTIVE, WELL, Standing.WELL),
        (EndpointStatus.ACTIVE, Health(failures=1, since=NOON), Standing.WELL),
        (EndpointStatus.ACTIVE, Health(failures=4, since=NOON), Standing.FAILING),
        (EndpointStatus.ACTIVE, Health(failures=5, since=NOON, rest_until=NOON), Standing.RESTING),
        (EndpointStatus.PAUSED, Health(failures=5, since=NOON, rest_until=NOON), Standing.PAUSED),
        (EndpointStatus.DISABLED, Health(failures=5, told=Told.FAILING), Standing.DISABLED),
    ],
)
def test_how_it_stands_is_one_word(status: EndpointStatus, health: Health, standing: Standing) -> None:
    assert replace(an_endpoint(), status=status, health=health).standing is standing
