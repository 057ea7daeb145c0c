"""GET info-plan/: there is always a plan, and nothing runs out."""

from __future__ import annotations

import json

from tests.support.zapsign import golden
from tests.support.zapsign_desk import Desk


def test_the_plan_is_answered_as_in_its_file(desk: Desk) -> None:
    assert desk.call("GET", "info-plan/") == json.loads(golden("info_plan"))


def test_the_plan_of_a_suspended_account_is_unpaid(desk: Desk) -> None:
    suspended = desk.installation.desk(suspended=True)

    assert suspended.call("GET", "info-plan/")["status"] == "unpaid"
