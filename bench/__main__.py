"""`python -m bench [seal|api|ingest|deliveries]`: measures, prints tables, writes `bench/results.json`."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import cast

from bench import api, deliveries, ingest, seal
from bench.machine import machine
from bench.tables import Row, table

BENCHES: Mapping[str, Callable[[], dict[str, object]]] = {
    "seal": seal.measure,
    "api": api.measure,
    "ingest": ingest.measure,
    "deliveries": deliveries.measure,
}
RESULTS = Path(__file__).parent / "results.json"


def main(only: str = "") -> None:
    if only and only not in BENCHES:
        sys.exit(f"There is no bench called {only}: {', '.join(BENCHES)}")
    found = machine()
    results: dict[str, object] = {"machine": found}
    print(f"{_told(found)}\n", flush=True)
    for name in [only] if only else BENCHES:
        began = time.monotonic()
        rows = results[name] = BENCHES[name]()
        print(
            f"{table(name, cast('dict[str, Row]', rows))}\n({time.monotonic() - began:.0f} s)\n", flush=True
        )
    results["load_after"] = round(os.getloadavg()[0], 1)
    RESULTS.write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n")
    _judge(cast("dict[str, Row]", results.get("seal", {})))
    print(
        f"Written to {RESULTS}. Ratios are medians of ratios within a round: a busy machine slows both sides."
    )


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
    main(*sys.argv[1:2])
