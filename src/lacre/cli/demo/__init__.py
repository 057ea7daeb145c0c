"""`lacre demo`: the main job, told as it happens."""

from __future__ import annotations

import signal
import sys
import tempfile
from pathlib import Path

import click

from lacre.cli.demo import invoices
from lacre.cli.demo.client import StepFailed
from lacre.cli.demo.server import DemoServer
from lacre.cli.demo.story import tell
from lacre.cli.demo.timeline import Timeline

__all__ = ["demo"]


@click.command(short_help="Send, sign and seal a contract, and tell a webhook.")
@click.option("--serve", "stay", is_flag=True, help="Leave it running afterwards, with a sign-in link.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Folder to work in.")
@click.option("--fiscal", is_flag=True, help="Service invoices instead, with a tax office of its own.")
def demo(stay: bool, out: Path | None, fiscal: bool) -> None:
    """Send a contract, sign it as two people, seal it, and tell a webhook; exit 0 only if every step held."""
    # ended by another program: its server ends with it
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    folder = (out or Path(tempfile.mkdtemp(prefix="lacre-demo-"))).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    timeline = Timeline()
    try:
        (invoices.tell if fiscal else tell)(folder, timeline)
    except StepFailed as failure:
        timeline.failed(str(failure))
        sys.exit(1)
    timeline.done("every step held")
    if stay:
        _stay(folder)


def _stay(folder: Path) -> None:
    """The same data, served at its normal pace until somebody stops it."""
    with DemoServer(folder, time_scale=1) as server:
        link = server.command("user", "create", "--email", "ana@example.com", "--account", "demo")
        click.echo(f"\nLacre is running at {server.url}. Ctrl+C stops it.")
        click.echo(f"Console:  {link.strip()}")
        click.echo(f"Verify:   {server.url}/verify")
        server.wait()
