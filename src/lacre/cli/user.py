"""`lacre user create`: a person of the console."""

from __future__ import annotations

import json

import click

from lacre.accounts.actions import LOGIN_LINK_LIFE, find_or_add_user, find_or_open
from lacre.accounts.deputy import deputy_token
from lacre.bootstrap import Installation
from lacre.cli.installation import installation

_GUESSED = "LACRE_PUBLIC_URL is not set: if `lacre serve` listens elsewhere than at {0}, write that instead."


def _an_address(_: click.Context, __: click.Parameter, said: str) -> str:
    """The page that asks for it takes nothing else."""
    name, _at, host = said.partition("@")
    if not name or not host:
        raise click.BadParameter(f"“{said}” is no e-mail address.")
    return said


@click.group()
def user() -> None:
    """People who use the console."""


@user.command(short_help="Print a one-time link to set a password with.")
@click.option("--email", required=True, callback=_an_address)
@click.option("--account", default="default", show_default=True, help="Made if it is new.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def create(email: str, account: str, as_json: bool) -> None:
    """Print a one-time link by which they sign in and set their password; it works for 24 hours."""
    with installation() as opened:
        link = login_link(opened, email, account)
        guessed = not opened.settings.public_url
    if guessed:
        click.echo(_GUESSED.format(opened.services.public_url), err=True)
    click.echo(json.dumps({"email": email, "account": account, "link": link}) if as_json else link)


@user.command(short_help="Print the secret by which a system acts for them.")
@click.option("--email", required=True)
def token(email: str) -> None:
    """Print the secret by which a system signs and refuses for this person over an API."""
    with installation() as opened, opened.services.open_work() as work:
        person = work.accounts.user_by_email(email)
        if person is None:
            raise click.ClickException(f"There is no user {email}.")
        click.echo(deputy_token(person, opened.services.tokens.digest))


def login_link(opened: Installation, email: str, account_name: str) -> str:
    services = opened.services
    secret = services.tokens.secret()
    with services.open_work() as work:
        now = services.clock()
        account = find_or_open(work, account_name, new_id=services.tokens.uuid(), now=now)
        person = find_or_add_user(work, account, email, new_id=services.tokens.uuid(), now=now)
        digest = services.tokens.digest(secret)
        work.accounts.add_login_link(digest, person.id, now + LOGIN_LINK_LIFE)
    return f"{services.public_url}/app/enter?link={secret}"
