"""`lacre verify`: what the signatures of a PDF say."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click

from lacre.cli.installation import installation
from lacre.kit.ids import EnvelopeId, as_uuid, without_prefix
from lacre.signing.audit import first_break
from lacre.signing.verification import Found, SignatureFound, TimestampFound, Verification


@click.command(short_help="Check the signatures of a PDF, or an audit log.")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--audit", metavar="ENVELOPE", help="Check the audit log of an envelope (env_…) instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def verify(file: Path | None, audit: str | None, as_json: bool) -> None:
    """Every signature and timestamp of FILE: who, when, intact, trusted. Exit 0 only if all hold."""
    if audit is not None:
        _verify_audit(audit, as_json=as_json)
    elif file is not None:
        _verify_file(file, as_json=as_json)
    else:
        raise click.UsageError("Name a PDF file, or an envelope with --audit.")


def _verify_audit(envelope: str, *, as_json: bool) -> None:
    """The chain of hashes over everything that was done with an envelope."""
    envelope_id = without_prefix("env", envelope) or as_uuid(envelope)
    if envelope_id is None:
        raise click.BadParameter(f"{envelope} is no envelope's id (env_…)", param_hint="--audit")
    with installation() as opened, opened.services.open_work() as work:
        log = work.audit.entries(EnvelopeId(envelope_id))
    broken = first_break([entry for entry, _ in log], [kept for _, kept in log])
    head = log[-1][1] if log else ""
    if as_json:
        click.echo(json.dumps({"entries": len(log), "head": head, "first_break": broken}))
    elif not log:
        click.echo("There is no audit log of such an envelope.")
    elif broken is None:
        click.echo(f"{len(log)} entries, none changed, dropped or moved. The last hash is {head}.")
    else:
        click.echo(f"NOT INTACT: entry {broken} of {len(log)} was changed, dropped or moved.")
    sys.exit(0 if log and broken is None else 1)


def _verify_file(file: Path, *, as_json: bool) -> None:
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
    for stamp in verification.timestamps:
        click.echo("\n".join(_stamp_lines(stamp)))


def _lines(number: int, found: SignatureFound) -> list[str]:
    when = found.signed_at.isoformat() if found.signed_at else "no time in the signature"
    named = f" for {found.stated_name}" if found.stated_name and found.ours else ""
    return [
        f"{number}. {found.signer}{named} ({found.level}, {when})",
        _state(found),
        f"   {'trusted' if found.trusted else 'not trusted'}. {found.trust_note}",
    ]


def _stamp_lines(found: TimestampFound) -> list[str]:
    when = found.made_at.isoformat() if found.made_at else "no time that can be relied on"
    return [
        f"Timestamp by {found.authority or 'nobody that it names'} ({when})",
        _state(found),
        f"   {'trusted' if found.trusted else 'not trusted'}."
        f"{f' Certificate issued by {found.issuer}' if found.issuer else ''}",
    ]


def _state(found: Found) -> str:
    said = "intact" if found.intact else "bytes changed"
    return f"   {'valid' if found.valid else 'NOT VALID'}: {said}, changes after it: {found.changes_after}"
