"""What notices of undeliverable mail say, whoever wrote them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lacre.engines.mail.notice import read_notice
from lacre.signing.ports import Returned
from tests.support.notices import EXCHANGE, GAVE_UP, LATE, POSTFIX, VACATION, notice

TAG = "abcdefghijklmnopqrstuvwxyz234567abcdefghij"


@pytest.mark.parametrize(
    "returns", [f"retornos+{TAG}@casa.test", f"{TAG.upper()}@casa.test", f"<{TAG}@casa.test>"]
)
def test_a_failure_is_read_with_its_tag_its_reason_and_its_code(returns: str) -> None:
    reason = "550 5.1.1 <bruno@example.test>: Recipient address rejected: User unknown"

    assert read_notice(notice(POSTFIX, returns)) == [Returned(tag=TAG, reason=reason, code=550)]


def test_another_server_s_is_read_too() -> None:
    (found,) = read_notice(notice(EXCHANGE, f"retornos+{TAG}@casa.test"))

    assert (found.tag, found.code) == (TAG, 550)
    assert found.reason.startswith("550 5.7.1 TRANSPORT.RULES")


def test_one_without_a_diagnosis_says_its_status() -> None:
    assert read_notice(notice(GAVE_UP, f"retornos+{TAG}@casa.test")) == [
        Returned(tag=TAG, reason="4.4.1", code=None)
    ]


@pytest.mark.parametrize("text", [LATE, VACATION])
def test_what_is_late_or_no_notice_says_nothing(text: str) -> None:
    assert read_notice(notice(text, f"retornos+{TAG}@casa.test")) == []


def test_one_to_an_address_without_a_tag_says_nothing() -> None:
    assert read_notice(notice(POSTFIX, "retornos@casa.test")) == []


@settings(max_examples=150, deadline=None)
@given(cut=st.integers(0, 2_500), more=st.binary(max_size=80))
def test_whatever_is_cut_off_or_put_in_breaks_nothing(cut: int, more: bytes) -> None:
    content = notice(POSTFIX, f"retornos+{TAG}@casa.test")

    for found in read_notice(content[:cut] + more + content[cut + len(more) :]):
        assert len(found.tag) == 42
