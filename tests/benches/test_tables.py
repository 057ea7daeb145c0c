"""Benches print what they measure; the measuring itself is not for tests."""

from __future__ import annotations

import pytest

from bench import tables
from bench.__main__ import BENCHES, main
from bench.machine import machine


def test_every_bench_has_its_table() -> None:
    assert set(tables.HEADINGS) == set(tables.TITLES) == set(BENCHES)


def test_a_table_is_aligned_and_leaves_out_what_is_not_known() -> None:
    rows = {"bare": {"per_s": 15_355.0}, "sqlite": {"per_s": 1_436.0, "ratio": 0.117}}

    _, _, *lines = tables.table("deliveries", rows).splitlines()

    assert [line.split() for line in lines[1:]] == [["bare", "15,355"], ["sqlite", "1,436", "0.117"]]
    assert len({len(line) for line in lines}) == 1


def test_a_bench_that_there_is_not_is_refused() -> None:
    with pytest.raises(SystemExit, match="There is no bench called seals"):
        main(["seals"])


def test_the_machine_is_named() -> None:
    found = machine()

    assert found["cpu"]
    assert int(found["cores"]) >= 1
