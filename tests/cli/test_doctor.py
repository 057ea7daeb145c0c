"""`lacre doctor` as an operator runs it: what it says, how it exits, and what it never says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.bucket import Bucket
from tests.support.database import PostgresServer, migrated_file, postgres_server
from tests.support.pki import P12_PASSWORD, TestAuthority, TimestampServer
from tests.support.server import Premises
from tests.support.smtp import mail_server

__all__ = ["migrated_file", "postgres_server"]

KEY = "uma-chave-bem-comprida-de-teste-0123456789"
SECRETS = (KEY, "segredo", P12_PASSWORD, "chave-da-aws", "senha-do-banco")


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    return Premises(tmp_path)


@pytest.fixture
def everything(tmp_path: Path, postgres_server: PostgresServer) -> Iterator[Premises]:
    """PostgreSQL, a bucket, a mail server, a timestamp server and a certificate, all of them real."""
    with ExitStack() as running:
        bucket, box = running.enter_context(Bucket()), running.enter_context(mail_server())
        stamps = running.enter_context(TimestampServer())
        database = postgres_server.emptied().replace("postgres@", "postgres:senha-do-banco@")
        premises = Premises(
            tmp_path,
            database_url=database,
            files_url="s3://contratos/lacre",
            secret_key=KEY,
            smtp_url=f"smtp://ana:segredo@127.0.0.1:{box.port}",
            mail_from="Empresa <contratos@example.com>",
            seal_p12=str(TestAuthority().p12(tmp_path)),
            seal_p12_password=P12_PASSWORD,
            tsa_url=stamps.url,
            public_url="https://assina.example.com",
            trusted_proxies="127.0.0.1/32",
        )
        premises.environment |= bucket.environment | {"AWS_SECRET_ACCESS_KEY": "chave-da-aws"}
        yield premises


def test_a_fresh_machine_has_no_problem_and_nothing_is_made(premises: Premises) -> None:
    done = premises.attempt("doctor", "--json")

    assert done.returncode == 0, done.stdout
    assert not premises.data.exists()


def test_everything_at_once_is_fine(everything: Premises) -> None:
    done = everything.attempt("doctor", "--json")

    assert done.returncode == 0, done.stdout
    assert {name: one["detail"] for name, one in checks(done).items() if is_wrong(name, one)} == {}


def test_secrets_are_never_shown(everything: Premises) -> None:
    done = [everything.attempt("doctor"), everything.attempt("doctor", "--json")]
    everything.environment["LACRE_SMTP_URL"] = "smtp://ana:segredo@127.0.0.1:1"
    everything.environment["LACRE_DATABASE_URL"] = "postgresql://lacre:senha-do-banco@127.0.0.1:1/lacre"
    everything.environment["LACRE_TSA_URL"] = "http://ana:segredo@127.0.0.1:1/"
    everything.environment["LACRE_SECRET_KEY"] = f"outra,{KEY}"
    done += [everything.attempt("doctor"), everything.attempt("doctor", "--json")]

    said = "".join(one.stdout + one.stderr for one in done)
    assert [secret for secret in SECRETS if secret in said] == []
    assert [one.returncode for one in done] == [0, 0, 1, 1]


def test_what_is_broken_is_told_with_a_remedy_and_the_rest_is_looked_at(premises: Premises) -> None:
    premises.environment["LACRE_DATABASE_URL"] = "postgresql://lacre@127.0.0.1:1/lacre"
    premises.environment["LACRE_SMTP_URL"] = "smtp://127.0.0.1:1"

    found = checks(premises.attempt("doctor", "--json"))

    assert [name for name, one in found.items() if not one["ok"]] == ["database", "mail"]
    assert all(one["remedy"] for one in found.values() if not one["ok"])
    assert found["keys"]["level"] == "skipped"


def test_settings_are_named_with_their_sources(premises: Premises) -> None:
    (premises.folder / ".env").write_text("LACRE_LANG=en\n")

    settings = json.loads(premises.attempt("doctor", "--json").stdout)["settings"]

    sources = {one["name"]: (one["value"], one["source"]) for one in settings}
    assert sources["LACRE_LANG"] == ("en", ".env")
    assert sources["LACRE_EGRESS_ALLOW"] == ("127.0.0.0/8", "environment")
    assert sources["LACRE_TIME_SCALE"] == ("1.0", "default")


def test_a_misspelt_setting_is_told(premises: Premises) -> None:
    premises.environment["LACRE_SMPT_URL"] = "smtp://mail.example.com"

    done = premises.attempt("doctor")

    assert "no such setting: LACRE_SMPT_URL" in done.stdout
    assert done.returncode == 0


def test_a_setting_that_makes_no_sense_is_told_in_a_line(premises: Premises) -> None:
    premises.environment["LACRE_TIME_SCALE"] = "-1"

    done = premises.attempt("doctor")

    assert done.returncode == 2
    assert done.stderr == "LACRE_TIME_SCALE: Input should be greater than 0\n"


def checks(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    return {one["name"]: one for one in json.loads(done.stdout)["checks"]}


def is_wrong(name: str, check: dict[str, Any]) -> bool:
    """Of machines that tests run on, nobody knows whether they have the right time or much room; and no
    webhook shows a certificate.
    """
    return check["level"] != "ok" and name not in ("clock", "disk space", "client certificates")
