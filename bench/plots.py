"""Lines over a grid, as SVG: enough for the benchmarks page, and readable in light and dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import cycle

Point = tuple[float, float]

_WIDTH, _HEIGHT = 720, 360
_LEFT, _RIGHT, _TOP, _BOTTOM = 64, 190, 40, 48
_COLOURS = ("#2f6fde", "#d9622b", "#1f9d6b", "#a548c9", "#8a7a1f", "#c2334d")
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600;fill:#1f2328}"
    ".grid{stroke:#8c959f;stroke-opacity:.25}.line{fill:none;stroke-width:2}"
    "@media(prefers-color-scheme:dark){text{fill:#9198a1}.title{fill:#f0f6fc}}"
)


@dataclass(frozen=True, kw_only=True)
class Plot:
    title: str
    x_label: str
    y_label: str
    lines: Mapping[str, Sequence[Point]]
    """Points from left to right, by name."""
    logarithmic_x: bool = False


def svg(plot: Plot) -> str:
    points = [point for line in plot.lines.values() for point in line]
    across = _Axis.over([x for x, _ in points], logarithmic=plot.logarithmic_x)
    up = _Axis.over([0.0, *(y for _, y in points)])
    x, y = _spread(across, _LEFT, _WIDTH - _RIGHT), _spread(up, _HEIGHT - _BOTTOM, _TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
        f"<title>{escape(plot.title)}</title><style>{_STYLE}</style>",
        _text(_LEFT, 20, plot.title, kind="title"),
        _text((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 10, plot.x_label, anchor="middle"),
        _text(_LEFT, _TOP - 6, plot.y_label),
        *(_rung(y(mark), mark) for mark in up.marks),
        *(_text(x(mark), _HEIGHT - _BOTTOM + 18, _short(mark), anchor="middle") for mark in across.marks),
        *_drawn(plot, x, y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    marks: Sequence[float]
    logarithmic: bool = False

    @classmethod
    def over(cls, values: Sequence[float], *, logarithmic: bool = False) -> _Axis:
        if logarithmic:
            low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
            return cls(low, max(high, low + 1), [10.0**power for power in range(low, high + 1)], True)
        step = _round_step(max(values) - min(values))
        low, high = math.floor(min(values) / step), math.ceil(max(values) / step)
        return cls(low * step, max(high, low + 1) * step, [place * step for place in range(low, high + 1)])

    def share(self, value: float) -> float:
        placed = math.log10(value) if self.logarithmic else value
        return (placed - self.low) / (self.high - self.low)


def _round_step(span: float) -> float:
    """Of 1, 2 or 5 times a power of ten, so that there are about five marks."""
    rough = max(span, 1e-9) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in (1, 2, 5, 10) if step * power >= rough)


def _spread(axis: _Axis, begin: float, end: float) -> Callable[[float], float]:
    return lambda value: begin + axis.share(value) * (end - begin)


def _drawn(plot: Plot, x: Callable[[float], float], y: Callable[[float], float]) -> list[str]:
    parts: list[str] = []
    for place, ((name, points), colour) in enumerate(zip(plot.lines.items(), cycle(_COLOURS), strict=False)):
        path = " ".join(f"{x(one):.1f},{y(other):.1f}" for one, other in points)
        parts.append(f'<polyline class="line" stroke="{colour}" points="{path}"/>')
        if len(points) < 20:
            dots = (f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{colour}"/>' for a, b in points)
            parts += dots
        down = _TOP + 8 + place * 22
        parts.append(
            f'<rect x="{_WIDTH - _RIGHT + 14}" y="{down - 5}" width="14" height="4" fill="{colour}"/>'
        )
        parts.append(_text(_WIDTH - _RIGHT + 34, down, name))
    return parts


def _rung(y: float, mark: float) -> str:
    line = f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
    return line + _text(_LEFT - 8, y + 4, _short(mark), anchor="end")


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == round(value) else f"{value:.3g}"


def _text(x: float, y: float, said: str, *, anchor: str = "start", kind: str = "") -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(said)}</text>'
