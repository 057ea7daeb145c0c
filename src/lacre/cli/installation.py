"""The installation that the settings describe, opened for as long as a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from pydantic import ValidationError

from lacre.bootstrap import Installation, open_installation
from lacre.cli.logs import set_up_logs
from lacre.settings import Settings


def read_settings() -> Settings:
    """Ends the program with one line a setting when some make no sense."""
    try:
        return Settings()
    except ValidationError as wrong:
        for error in wrong.errors():
            name = "_".join(str(part) for part in error["loc"]).upper()
            click.echo(f"LACRE_{name}: {error['msg']}", err=True)
        sys.exit(2)


@contextmanager
def installation(public_url: str = "") -> Iterator[Installation]:
    """Migrates an embedded database by itself; leaves one of many nodes to `lacre migrate`."""
    settings = read_settings()
    set_up_logs(settings.log_format)
    opened = open_installation(settings, public_url=public_url)
    try:
        yield opened
    finally:
        opened.close()
