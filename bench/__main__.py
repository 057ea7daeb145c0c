"""`python -m bench [NAME] [--rounds N] [--long]`: measures, prints tables, writes `bench/results.json`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from bench import (
    api,
    deliveries,
    docx,
    fiscal,
    growth,
    ingest,
    latency,
    memory,
    ordered,
    profile,
    read,
    scans,
    seal,
)
from bench.fields import measuring as fields
from bench.machine import machine
from bench.tables import Row, table


@dataclass(frozen=True)
class Asked:
    only: str = ""
    rounds: int | None = None
    """Otherwise as many as each bench thinks right."""
    long: bool = False
    """Memory over an hour."""


Measure = Callable[..., dict[str, object]]


def _in_rounds(measure: Measure, asked: Asked) -> dict[str, object]:
    return measure() if asked.rounds is None else measure(asked.rounds)


def _once(measure: Measure, asked: Asked) -> dict[str, object]:
    del asked
    return measure()


def _memory(asked: Asked) -> dict[str, object]:
    return memory.measure(seconds=memory.LONG_SECONDS if asked.long else memory.SECONDS)


BENCHES: Mapping[str, Callable[[Asked], dict[str, object]]] = {
    "seal": partial(_in_rounds, seal.measure),
    "api": partial(_in_rounds, api.measure),
    "ingest": partial(_in_rounds, ingest.measure),
    "docx": partial(_in_rounds, docx.measure),
    "fiscal": partial(_in_rounds, fiscal.measure),
    "fields": partial(_in_rounds, fields.measure),
    "read": partial(_in_rounds, read.measure),
    "rates": partial(_in_rounds, read.measure_rates),
    "scans": partial(_once, scans.measure),
    "deliveries": partial(_in_rounds, deliveries.measure),
    "ordered": partial(_in_rounds, ordered.measure),
    "latency": partial(_in_rounds, latency.measure),
    "growth": partial(_once, growth.measure),
    "profile": partial(_once, profile.measure),
    "memory": _memory,
}
TOGETHER: Mapping[str, Sequence[str]] = {"": tuple(BENCHES), "read": ("read", "rates", "scans")}
"""By what is asked for, where that is more than itself."""
RESULTS = Path(__file__).parent / "results.json"


def main(arguments: Sequence[str]) -> None:
    asked = _asked(arguments)
    if asked.only and asked.only not in BENCHES:
        sys.exit(f"There is no bench called {asked.only}: {', '.join(BENCHES)}")
    found = machine()
    results: dict[str, object] = {"machine": found}
    print(f"{_told(found)}\n", flush=True)
    for name in TOGETHER.get(asked.only, (asked.only,)):
        began = time.monotonic()
        rows = results[name] = BENCHES[name](asked)
        shown = table(name, cast("dict[str, Row]", rows))
        print(f"{shown}\n({time.monotonic() - began:.0f} s)\n", flush=True)
    results["load_after"] = round(os.getloadavg()[0], 1)
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    _judge(cast("dict[str, Row]", results.get("seal", {})))
    print(
        f"Written to {RESULTS}. Ratios are medians of ratios within a round: a busy machine slows both sides."
    )


def _asked(arguments: Sequence[str]) -> Asked:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("only", nargs="?", default="", help=", ".join(BENCHES))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--long", action="store_true", help="memory over an hour")
    return Asked(**vars(parser.parse_args(arguments)))


def _told(found: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {value}" for name, value in found.items())


def _judge(rows: Mapping[str, Row]) -> None:
    """Says which targets are missed, or that none is."""
    missed = [
        f"{name}: {row['ratio']} floors, {seal.TARGETS[name]} is the target"
        for name, row in rows.items()
        if row.get("ratio", 0) > seal.TARGETS.get(name, float("inf"))
    ]
    missed += [
        f"{name}: memory grows by {row['memory_mb']} MB"
        for name, row in rows.items()
        if row.get("memory_mb", 0) > seal.MEMORY_TARGET_MB
    ]
    if rows:
        print("\n".join(missed) or "Sealing: every target is met.")


if __name__ == "__main__":
    main(sys.argv[1:])
