"""A house that issues invoices to a tax office in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from lacre.bootstrap import Installation
from tests.support.house import House
from tests.support.tax_office import MemoryOffice, memory_fiscal


@contextmanager
def firm_before(office: MemoryOffice, folder: Path) -> Iterator[House]:
    ports = memory_fiscal(office)

    def furnish(opened: Installation) -> Installation:
        return replace(opened, services=replace(opened.services, fiscal=ports))

    with House(folder, working=True, furnish=furnish) as opened:
        yield opened


@pytest.fixture(scope="module")
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, office: MemoryOffice) -> Iterator[House]:
    with firm_before(office, tmp_path_factory.mktemp("firm")) as opened:
        yield opened
