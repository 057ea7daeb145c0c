"""`python -m bench.report [--write]`: the figures of `bench/results.json` as Markdown, or into the page.

The page keeps each table between `<!-- NAME -->` and `<!-- end of NAME -->`; what was not measured stays.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.plots import Plot, Point, svg
from bench.tables import HEADINGS, number

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "README.md"
RESULTS = Path(__file__).parent / "results.json"

Results = Mapping[str, Any]


def main(arguments: Sequence[str]) -> None:
    results = json.loads(RESULTS.read_text())
    if "--write" in arguments:
        write(results, PAGE)
    else:
        print("\n\n".join(f"## {name}\n{shown}" for name, shown in sections(results).items()))


def write(results: Results, page: Path) -> None:
    """Renews what was measured, and the figures beside the page."""
    text = page.read_text()
    for name, shown in sections(results).items():
        block = f"<!-- {name} -->\n{shown}\n<!-- end of {name} -->"
        text = re.sub(f"<!-- {name} -->.*?<!-- end of {name} -->", lambda _: block, text, flags=re.DOTALL)  # noqa: B023
    page.write_text(text)
    for name, plot in plots(results).items():
        (page.parent / f"{name}.svg").write_text(svg(plot))


def sections(results: Results) -> dict[str, str]:
    """What stands in the page, by the name of its place."""
    found = {"machine": _machine(results)}
    drawn = plots(results)
    for name, headings in HEADINGS.items():
        if results.get(name):
            figure = f"\n\n![{drawn[name].title}]({name}.svg)" if name in drawn else ""
            found[name] = _table(headings, results[name]) + figure
    return found


def plots(results: Results) -> dict[str, Plot]:
    made: dict[str, Plot] = {}
    if results.get("growth"):
        made["growth"] = _growth(results["growth"])
    if results.get("memory"):
        made["memory"] = _memory(results["memory"])
    return made


def _machine(results: Results) -> str:
    found = results["machine"]
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found.items() if value != "")
    return f"{told}, load after {results.get('load_after', '?')}."


def _table(headings: Mapping[str, str], rows: Mapping[str, Mapping[str, Any]]) -> str:
    known = [key for key in headings if any(key in row for row in rows.values())]
    lines = [["", *(headings[key] for key in known)], ["---", *("--:" for _ in known)]]
    lines += [[title, *(number(row.get(key)) for key in known)] for title, row in rows.items()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _growth(rows: Mapping[str, Mapping[str, float]]) -> Plot:
    lines: dict[str, list[Point]] = {}
    for title, row in rows.items():
        kind, what, _ = title.split(", ", 2)
        lines.setdefault(f"{kind}, {what}", []).append((row["waiting"], row["cpu_us"] + row["server_us"]))
    return Plot(
        title="What one delivery costs while others wait",
        x_label="deliveries waiting",
        y_label="CPU µs each, worker and database",
        lines=lines,
        logarithmic_x=True,
    )


def _memory(rows: Mapping[str, Mapping[str, Any]]) -> Plot:
    return Plot(
        title="A worker's memory at 200 events a second",
        x_label="seconds",
        y_label="resident MB",
        lines={kind: list(_points(row["series"])) for kind, row in rows.items()},
    )


def _points(series: Sequence[Sequence[float]]) -> Iterator[Point]:
    return ((at, size) for at, size in series)


if __name__ == "__main__":
    main(sys.argv[1:])
