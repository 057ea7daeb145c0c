"""Background checks are not part of this product, and say so as an account without them is told."""

from __future__ import annotations

import pytest

from tests.support.zapsign_desk import Desk, text_of


def test_a_check_is_not_created(desk: Desk) -> None:
    said = {"country": "BR", "type": "company", "tax_id": "11111111000191", "user_authorized": True}

    assert desk.refused("POST", "checks/", said) == (402, {"error": "Payment Required"})


@pytest.mark.parametrize("path", ["checks/CHK682a755/", "checks/CHK682a755/details/?lang=en"])
def test_no_check_is_found(desk: Desk, path: str) -> None:
    assert text_of(desk, "GET", path) == (404, "Background check not found.")
