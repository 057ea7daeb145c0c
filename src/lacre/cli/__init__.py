"""The command line: every command reads what it was given, calls the parts, and says what came of it."""

from __future__ import annotations

import os

import click

from lacre.cli.account import account
from lacre.cli.demo import demo
from lacre.cli.doctor import doctor
from lacre.cli.key import key
from lacre.cli.listen import listen
from lacre.cli.migrate import migrate
from lacre.cli.replay import replay
from lacre.cli.sefin import sefin
from lacre.cli.serve import serve, worker
from lacre.cli.user import user
from lacre.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="lacre", prog_name="lacre")
def main() -> None:
    """Lacre sends documents out, has them signed, and tells your systems, without fail."""
    # contracts, names and keys: whatever we write is for nobody else of this machine to read
    os.umask(0o077)


for command in (demo, serve, worker, migrate, account, key, user, verify, listen, replay, sefin, doctor):
    main.add_command(command)
