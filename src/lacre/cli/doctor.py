"""`lacre doctor`: the settings in force, and whether what they name can be reached."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict

import click
from pydantic import SecretStr

from lacre.bootstrap import Finding, check_health
from lacre.cli.installation import read_settings
from lacre.settings import Settings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def doctor(as_json: bool) -> None:
    """Effective settings with their sources; exit 1 when something does not work."""
    settings = read_settings()
    findings = check_health(settings)
    if as_json:
        report = {"settings": _shown(settings), "checks": [asdict(one) for one in findings]}
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _tell(settings, findings)
    sys.exit(0 if all(one.ok for one in findings) else 1)


def _shown(settings: Settings) -> list[dict[str, str]]:
    return [
        {
            "name": f"LACRE_{name.upper()}",
            "value": _value(getattr(settings, name)),
            "source": _source(settings, name),
        }
        for name in type(settings).model_fields
    ]


def _value(value: object) -> str:
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else ""
    return "" if value is None else str(value)


def _source(settings: Settings, name: str) -> str:
    if f"LACRE_{name.upper()}" in os.environ:
        return "environment"
    return ".env" if name in settings.model_fields_set else "default"


def _tell(settings: Settings, findings: Sequence[Finding]) -> None:
    for setting in _shown(settings):
        click.echo(f"{setting['name']:28} {setting['value']:40} {setting['source']}")
    click.echo()
    for one in findings:
        click.echo(f"{'ok     ' if one.ok else 'PROBLEM'} {one.name}: {one.detail}")
