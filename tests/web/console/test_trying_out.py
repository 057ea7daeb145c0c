"""What a type's rules take to be tried, they take from nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from lacre.kit.ids import AccountId
from lacre.processing.asking import Heard
from lacre.processing.extraction import Value
from lacre.processing.ports import NotExtracted
from lacre.web.console.session import Sessions
from tests.support.extractions import a_page, an_extraction
from tests.support.house import House
from tests.support.visitor import SAME_ORIGIN, Visitor, new_account

RECEIPT = 12
FIELD = {"f0-here": "1", "f0-title": "Valor", "f0-kind": "money", "f0-r0-here": "1", "f0-r0-anchor": "Total"}


@dataclass
class SlowRules:
    """Take too long, while somebody else opens an account."""

    houses: list[House] = field(default_factory=list)
    asked: int = 0

    def extract(self, *_: object, **__: object) -> Sequence[Value] | NotExtracted:
        self.asked += 1
        with ThreadPoolExecutor(1) as other:
            other.submit(new_account, self.houses[0]).result(timeout=60)
        return NotExtracted(reason="it took too long")

    def hear(self, *_: object) -> Heard | NotExtracted:
        raise AssertionError


@pytest.fixture
def rules() -> SlowRules:
    return SlowRules()


@pytest.fixture
def slow_house(tmp_path: Path, rules: SlowRules) -> Iterator[House]:
    with House(
        tmp_path, furnish=lambda opened: replace(opened, services=replace(opened.services, extractor=rules))
    ) as opened:
        rules.houses.append(opened)
        yield opened


def test_slow_rules_keep_nobody_from_writing_and_are_given_up(slow_house: House, rules: SlowRules) -> None:
    account = new_account(slow_house)
    _keep_samples(slow_house, account, 4)
    with Visitor(slow_house, account) as ana:
        _not_seen_for_a_while(slow_house, ana)

        token = Sessions(slow_house.services).form_token(ana.client.cookies["lacre"])
        form = {"form_token": token, "name": "Recibo", **FIELD}
        shown = ana.client.post(f"/app/types/{RECEIPT}/try", data=form, headers=SAME_ORIGIN)

    assert shown.status_code == 200
    assert shown.text.count("As regras demoraram demais") == 4
    assert rules.asked == 2


def _keep_samples(house: House, account: AccountId, count: int) -> None:
    for number in range(count):
        one = an_extraction(account, type=RECEIPT, name=f"{number}.pdf", sample=True, pages=1)
        with house.services.open_work() as work:
            work.extractions.add(one)
            work.extractions.keep_pages(one, [a_page(1, ["Total R$ 10,00"])])


def _not_seen_for_a_while(house: House, visitor: Visitor) -> None:
    """The form is then what notes that they are there, in its own transaction."""
    with house.services.open_work() as work:
        ago = house.now() - timedelta(minutes=5)
        secret = Sessions(house.services).start(work, visitor.user, ago)
    visitor.client.cookies.set("lacre", secret)
