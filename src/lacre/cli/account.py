"""`lacre account`: what an account may do, as the operator has it."""

from __future__ import annotations

import click

from lacre.accounts.actions import allow_partner
from lacre.cli.installation import installation


@click.group()
def account() -> None:
    """Accounts of this installation."""


@account.command(short_help="Let it open accounts of its own customers, by API.")
@click.argument("name")
@click.option("--off", is_flag=True, help="No longer; those that it opened stay.")
def partner(name: str, off: bool) -> None:
    """Let the account NAME open accounts of its own customers, by API, and suspend those who do not pay."""
    with installation() as opened, opened.services.open_work() as work:
        found = work.accounts.by_name(name)
        if found is None:
            raise click.ClickException(f"There is no account called {name}.")
        allow_partner(work, found, allowed=not off)
    click.echo(f"{name} may {'no longer ' if off else ''}open accounts.")
