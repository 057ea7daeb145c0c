"""The demo's own words on the terminal: one line a step, with the time it took."""

from __future__ import annotations

from time import monotonic

import click


class Timeline:
    def __init__(self) -> None:
        self._began = monotonic()

    def step(self, what: str) -> None:
        self._say(click.style("✓", fg="green"), what)

    def note(self, what: str) -> None:
        self._say(" ", what)

    def failed(self, why: str) -> None:
        self._say(click.style("✗", fg="red"), why)

    def done(self, what: str) -> None:
        self._say(click.style("✓", fg="green", bold=True), click.style(what, bold=True))

    def _say(self, sign: str, what: str) -> None:
        click.echo(f"{monotonic() - self._began:6.1f} s  {sign} {what}")
