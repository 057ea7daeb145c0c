"""`lacre doctor`: the settings in force, and whether what they name works."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

import click

from lacre.cli.doctor.examination import examine
from lacre.cli.doctor.finding import Finding, Level
from lacre.cli.doctor.shown import shown, without_secrets
from lacre.cli.installation import read_settings
from lacre.cli.logs import set_up_logs

LABELS = {Level.OK: "ok", Level.SKIPPED: "-", Level.WARNING: "warning", Level.PROBLEM: "PROBLEM"}


@click.command(short_help="What is set, and whether it works; exit 1 when it does not.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON alone.")
def doctor(as_json: bool) -> None:
    """Effective settings with their sources; exit 1 when something does not work."""
    settings = read_settings()
    set_up_logs(settings.log_format)
    findings = examine(settings)
    said = _as_json(shown(settings), findings) if as_json else _as_text(shown(settings), findings)
    click.echo(without_secrets(settings, said))
    sys.exit(1 if any(one.level == Level.PROBLEM for one in findings.values()) else 0)


def _as_json(settings: Sequence[Mapping[str, str]], findings: Mapping[str, Finding]) -> str:
    checks = [
        {
            "name": name,
            "ok": one.level != Level.PROBLEM,
            "level": one.level,
            "detail": one.detail,
            "remedy": one.remedy,
        }
        for name, one in findings.items()
    ]
    return json.dumps({"settings": settings, "checks": checks}, ensure_ascii=False)


def _as_text(settings: Sequence[Mapping[str, str]], findings: Mapping[str, Finding]) -> str:
    wide = max(len(one["name"]) for one in settings)
    lines = [f"{one['name']:{wide}} {one['value'] or '(empty)':40} {one['source']}" for one in settings]
    lines.append("")
    for name, one in findings.items():
        lines.append(f"{LABELS[one.level]:8} {name}: {one.detail}")
        if one.remedy:
            lines.append(f"{'':8}   → {one.remedy}")
    return "\n".join(lines)
