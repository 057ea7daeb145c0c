"""What an account chose for all of its endpoints, and what each of them chose itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lacre.dialects.zapsign.promise import PROMISE
from lacre.webhooks.errors import RetryNotUsable
from lacre.webhooks.promise import Terms, check_account_terms
from tests.support.zapsign import listener

FIVE_TIMES = Terms(retry=(120,) * 4, only_200=True)


def test_an_endpoint_that_chose_nothing_keeps_the_account_s() -> None:
    promise = listener(account_terms=FIVE_TIMES).promised(PROMISE)

    assert (promise.waits, promise.only_200) == ((timedelta(minutes=2),) * 4, True)


def test_what_an_endpoint_chose_comes_first_and_the_rest_is_the_account_s() -> None:
    promise = listener(account_terms=FIVE_TIMES, terms=Terms(only_200=False)).promised(PROMISE)

    assert (len(promise.waits), promise.only_200) == (4, False)


def test_an_account_may_not_choose_more_than_thirty_attempts() -> None:
    check_account_terms(Terms(retry=(60,) * 29))
    with pytest.raises(RetryNotUsable):
        check_account_terms(Terms(retry=(60,) * 30))
