"""`lacre sefin`: a tax office on this machine, to rehearse with."""

from __future__ import annotations

from pathlib import Path

import click

from lacre.kit.tax_ids import clean_tax_id, is_cnpj, is_cpf

_FOLDER = click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("sefin-data"),
    show_default=True,
    help="What it has issued, and its authority.",
)


@click.group(short_help="Be the national tax office (Sefin) on this machine.")
def sefin() -> None:
    """Be the national tax office (Sefin) on this machine; what it issues is worth nothing."""


@sefin.command(short_help="Serve until Ctrl+C.")
@_FOLDER
@click.option("--port", default=8443, show_default=True, help="Port for notes, over mutual TLS.")
@click.option("--control-port", default=8444, show_default=True, help="Port that says what it holds.")
def run(folder: Path, port: int, control_port: int) -> None:
    """Serve until Ctrl+C; print the settings that make Lacre speak to it."""
    from lacre.engines.sefin import LocalSefin  # noqa: PLC0415 - a second of imports

    office = LocalSefin.started(folder, port=port, control_port=control_port)
    authority = folder.absolute() / "ca.pem"
    authority.write_bytes(office.authority.pem)
    click.echo(f"LACRE_NFSE_SANDBOX_URL={office.url}")
    click.echo(f"LACRE_NFSE_SANDBOX_CA={authority}")
    click.echo(f"# what it holds: {office.control_url}/notes")
    try:
        office.wait()
    except KeyboardInterrupt:
        office.stop()


@sefin.command(short_help="Make an A1 certificate that this Sefin takes.")
@click.argument("tax_id")
@click.argument("name")
@_FOLDER
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="PKCS #12 file.")
@click.option("--password", default="", help="Of the file; none by default.")
def certificate(tax_id: str, name: str, folder: Path, out: Path, password: str) -> None:
    """Make a company's A1 certificate that this Sefin takes, and nobody else does."""
    from lacre.engines.sefin import SandboxAuthority  # noqa: PLC0415

    number = clean_tax_id(tax_id)
    if not is_cnpj(number) and not is_cpf(number):
        raise click.BadParameter("neither a CNPJ nor a CPF", param_hint="TAX_ID")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    out.write_bytes(SandboxAuthority.kept_in(folder).company(name, number, password=password))
    click.echo(out)
