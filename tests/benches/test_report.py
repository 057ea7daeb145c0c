"""The page of figures is made from what was measured, and only where it was."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from bench import report
from bench.plots import Plot, svg
from bench.tables import HEADINGS

GROWTH = {
    "sqlite, due, 1,000": {"waiting": 1_000, "cpu_us": 60.0, "server_us": 0.0},
    "sqlite, due, 1,000,000": {"waiting": 1_000_000, "cpu_us": 66.0, "server_us": 0.0},
}
RESULTS = {"machine": {"cpu": "a fast one"}, "load_after": 0.1, "growth": GROWTH}


def test_the_page_has_a_place_for_every_table() -> None:
    page = report.PAGE.read_text()

    assert [name for name in ("machine", *HEADINGS) if page.count(f"<!-- {name} -->") != 1] == []
    assert [name for name in ("machine", *HEADINGS) if page.count(f"<!-- end of {name} -->") != 1] == []


def test_what_was_measured_is_renewed_and_the_rest_stays(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(
        "<!-- growth -->\nold\n<!-- end of growth -->\n<!-- seal -->\nold\n<!-- end of seal -->\n"
    )

    report.write(RESULTS, page)

    growth, _, seal = page.read_text().partition("<!-- end of growth -->")
    assert "| sqlite, due, 1,000,000 | 66 | 0 |" in growth
    assert "](growth.svg)" in growth
    assert seal == "\n<!-- seal -->\nold\n<!-- end of seal -->\n"
    assert (tmp_path / "growth.svg").exists()


def test_a_plot_is_drawn_to_its_scale() -> None:
    lines = {"a < b": [(1_000.0, 60.0), (1_000_000.0, 0.0)]}

    drawn = svg(Plot(title="T", x_label="x", y_label="y", lines=lines, logarithmic_x=True))

    line = fromstring(drawn).find("{http://www.w3.org/2000/svg}polyline")  # noqa: S314 - our own
    assert line is not None
    assert line.get("points") == "64.0,40.0 530.0,312.0"


@pytest.mark.parametrize("values", [[0.0, 0.0], [116.2, 116.3], [3.0]])
def test_flat_lines_can_be_drawn(values: list[float]) -> None:
    lines = {"flat": [(float(place), value) for place, value in enumerate(values)]}

    drawn = svg(Plot(title="T", x_label="x", y_label="y", lines=lines))

    assert fromstring(drawn).tag.endswith("svg")  # noqa: S314 - our own
