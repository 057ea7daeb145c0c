"""`lacre key create` and `renew`: credentials of a client system, shown once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import click

from lacre.accounts.account import ApiKey, NewKey
from lacre.accounts.actions import find_or_open, give_key, renew_key
from lacre.bootstrap import DIALECTS, Installation
from lacre.cli.installation import installation
from lacre.services import Work


@click.group()
def key() -> None:
    """API keys."""


@key.command()
@click.option("--dialect", type=click.Choice(DIALECTS), required=True, help="Whose API the client speaks.")
@click.option("--account", default="default", show_default=True, help="Made if it is new.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def create(dialect: str, account: str, as_json: bool) -> None:
    """Create a key and print it: only its digest is kept."""
    with installation() as opened:
        said = {"account": account, **create_key(opened, dialect, account)}
    _show(said, as_json=as_json)


@key.command(
    short_help="Put a new key in the place of OLD.",
    context_settings={"ignore_unknown_options": True},  # a key may end in -a3b
)
@click.argument("old")
@click.option("--account", default="default", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def renew(old: str, account: str, as_json: bool) -> None:
    """Put a new key of the same kind in the place of OLD, which stops working at once.

    OLD: the last four signs of the key, as the console shows them, or its id.
    """
    with installation() as opened:
        said = {"account": account, **_renew(opened, old, account)}
    _show(said, as_json=as_json)


def _show(said: Mapping[str, str], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(said))
        return
    for name, value in said.items():
        click.echo(f"{name}: {value}")
    click.echo("Keep it safe: it is not shown again.")


def create_key(opened: Installation, dialect: str, account_name: str) -> Mapping[str, str]:
    """The credential under the name that the dialect's clients know it by."""
    services = opened.services
    keys = opened.new_keys(dialect)
    with services.open_work() as work:
        now = services.clock()
        account = find_or_open(work, account_name, new_id=services.tokens.uuid(), now=now)
        for one in keys:
            give_key(
                work,
                account,
                dialect=one.dialect,
                key_id=services.tokens.uuid(),
                key=one.secret,
                digest=services.tokens.digest(one.secret),
                now=now,
                name=one.label if len(keys) > 1 else "",
            )
    said = _labelled(keys)
    return {**said, "organization_id": account.id} if dialect == "zapsign" else said


def _labelled(keys: Sequence[NewKey]) -> dict[str, str]:
    """A label that comes twice is numbered: `SubscriptionKey`, `SubscriptionKey 2`."""
    said: dict[str, str] = {}
    for one in keys:
        number = sum(label.startswith(one.label) for label in said) + 1
        said[one.label if number == 1 else f"{one.label} {number}"] = one.secret
    return said


def _renew(opened: Installation, old: str, account_name: str) -> Mapping[str, str]:
    tokens = opened.services.tokens
    with opened.services.open_work() as work:
        found = _valid_key(work, old, account_name)
        new = opened.services.new_key(found.dialect)
        renew_key(
            work,
            found,
            key_id=tokens.uuid(),
            key=new.secret,
            digest=tokens.digest(new.secret),
            now=opened.services.clock(),
        )
    return {new.label: new.secret}


def _valid_key(work: Work, named: str, account_name: str) -> ApiKey:
    account = work.accounts.by_name(account_name)
    if account is None:
        raise click.ClickException(f"There is no account called {account_name}.")
    valid = [one for one in work.accounts.keys(account.id) if one.revoked_at is None]
    found = [one for one in valid if named in (one.id, one.hint)]
    if not found:
        raise click.ClickException(f"No valid key of this account ends in {named}, or has that id.")
    if len(found) > 1:
        ids = ", ".join(one.id for one in found)
        raise click.ClickException(f"{len(found)} keys end in {named}. Name one by its id: {ids}")
    return found[0]
