"""Results as tables that a person reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Row = Mapping[str, float]

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "seal": {
        "floor_ms": "floor ms",
        "lacre_ms": "Lacre ms",
        "sandboxed_ms": "in its child ms",
        "stock_ms": "pyHanko ms",
        "ratio": "Lacre / floor",
        "stock_ratio": "pyHanko / floor",
        "memory_mb": "memory +MB",
    },
    "api": {
        "per_s": "envelopes /s",
        "cpu_ms": "CPU ms each",
        "admit_cpu_ms": "admission ms",
        "healthz_cpu_ms": "/healthz ms",
        "floor_cpu_ms": "floor ms",
        "ratio": "Lacre / floor",
        "healthz_per_s": "/healthz /s",
    },
    "deliveries": {"per_s": "per second", "cpu_us": "CPU us each", "ratio": "of the bare rate"},
    "ingest": {"per_s": "Lacre /s", "bare_per_s": "bare /s", "ratio": "of the bare rate"},
}
TITLES: Mapping[str, str] = {
    "seal": "One signature: CPU ms, beside SHA-256 of the file and one RSA-2048 signature (floor)",
    "api": "Creating envelopes of 100 kB with two signers over HTTP, SQLite",
    "deliveries": "Deliveries of 1 kB to one receiver, every attempt committed, beside a bare libcurl loop",
    "ingest": "Events kept, each in a transaction of its own, beside bare inserts",
}


def table(name: str, rows: Mapping[str, Row]) -> str:
    headings = HEADINGS[name]
    lines = [["", *headings.values()]]
    lines += [[title, *(_number(row.get(key)) for key in headings)] for title, row in rows.items()]
    return f"{TITLES[name]}\n\n{_aligned(lines)}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        f"{first:<{widths[0]}}  "
        + "  ".join(f"{cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=True))
        for first, *cells in lines
    )
