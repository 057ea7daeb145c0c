"""`lacre verify`: what the signatures of a PDF say."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from lacre.cli.installation import installation
from lacre.signing.ports import SignatureFound, Verification


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def verify(file: Path, as_json: bool) -> None:
    """Every signature of FILE: who, when, what it covers, intact, trusted. Exit 0 only if all hold."""
    with installation() as opened:
        verification = opened.services.verifier.verify(file.absolute())
    if as_json:
        click.echo(json.dumps({**asdict(verification), "valid": verification.all_valid}, default=str))
    else:
        _tell(verification)
    sys.exit(0 if verification.all_valid else 1)


def _tell(verification: Verification) -> None:
    if verification.problem:
        click.echo(f"Cannot be verified: {verification.problem}")
    elif not verification.signatures:
        click.echo("This file carries no signature.")
    for number, found in enumerate(verification.signatures, 1):
        click.echo("\n".join(_lines(number, found)))


def _lines(number: int, found: SignatureFound) -> list[str]:
    when = found.signed_at.isoformat() if found.signed_at else "no time in the signature"
    named = f" for {found.stated_name}" if found.stated_name and found.ours else ""
    return [
        f"{number}. {found.signer}{named} ({found.level}, {when})",
        f"   {'valid' if found.valid else 'NOT VALID'}: "
        f"{'intact' if found.intact else 'bytes changed'}, changes after it: {found.changes_after}",
        f"   {'trusted' if found.trusted else 'not trusted'}. {found.trust_note}",
    ]
