"""`lacre migrate`: bring the database to this version."""

from __future__ import annotations

import click

from lacre.bootstrap import open_installation
from lacre.cli.installation import read_settings, told_in_a_line


@click.command(short_help="Bring the database to this version.")
def migrate() -> None:
    """Bring the database to this version; refuses one that a newer version made."""
    with told_in_a_line():
        open_installation(read_settings(), migrating=True).close()
    click.echo("The database is at this version.")
