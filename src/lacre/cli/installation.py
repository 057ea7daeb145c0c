"""The installation that the settings describe, opened for as long as a command needs it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DBAPIError

from lacre.bootstrap import Installation, TracesMissing, open_installation
from lacre.cli.logs import set_up_logs
from lacre.engines.gateway import GatewayUnusable
from lacre.engines.mail.mailbox import NotAnImapUrl
from lacre.engines.mail.smtp import NotASmtpUrl
from lacre.engines.pades import SealUnusable
from lacre.engines.typeset.fonts import FontsMissing
from lacre.settings import Settings
from lacre.store.bucket import NoPlaceForFiles
from lacre.store.keys import KeyUnusable
from lacre.store.migrations.steps import OtherVersion
from lacre.store.postgres import NotADatabaseUrl
from lacre.web.layout.built import FrontEndMissing

FOR_OPERATORS = (
    TracesMissing,
    OtherVersion,
    KeyUnusable,
    SealUnusable,
    NotASmtpUrl,
    NotAnImapUrl,
    GatewayUnusable,
    NotADatabaseUrl,
    NoPlaceForFiles,
    FontsMissing,
    FrontEndMissing,
)


def read_settings() -> Settings:
    """Ends the program with one line a setting when some make no sense."""
    try:
        return Settings()
    except ValidationError as wrong:
        for error in wrong.errors():
            click.echo(_complaint(error), err=True)
        sys.exit(2)


def _complaint(error: ErrorDetails) -> str:
    """What is wrong with several together names them itself."""
    said = error["msg"].removeprefix("Value error, ")
    name = "_".join(str(part) for part in error["loc"]).upper()
    return f"LACRE_{name}: {said}" if name else said


@contextmanager
def installation(public_url: str = "") -> Iterator[Installation]:
    """Migrates an embedded database by itself; leaves one of many nodes to `lacre migrate`."""
    settings = read_settings()
    set_up_logs(settings.log_format)
    with told_in_a_line():
        opened = open_installation(settings, public_url=public_url)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def told_in_a_line() -> Iterator[None]:
    """What an operator has to mend is no crash: the message is enough."""
    try:
        yield
    except FOR_OPERATORS as known:
        raise click.ClickException(str(known)) from known
    except DBAPIError as trouble:
        said = str(trouble.orig).strip().splitlines() or [type(trouble.orig).__name__]
        raise click.ClickException(f"The database does not answer: {said[0]}") from trouble
    except (FileExistsError, NotADirectoryError) as trouble:
        raise click.ClickException(f"{trouble.filename} is in the way of a folder.") from trouble
    except OSError as trouble:
        # a right that is missing, a disk that is full or read-only; without a name it is a bug of ours
        if trouble.filename is None:
            raise
        raise click.ClickException(f"{trouble.filename}: {trouble.strerror}.") from trouble
