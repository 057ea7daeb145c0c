"""The commands that do one thing and end, as subprocesses: what they print and how they exit."""

from __future__ import annotations

import json
import re
import socket
from contextlib import closing
from pathlib import Path

import httpx2
import pytest
from click import Group
from click.testing import CliRunner
from sqlalchemy import text

from lacre.accounts.account import ApiKey
from lacre.bootstrap import open_installation
from lacre.cli import main
from lacre.kit.ids import as_uuid
from lacre.store.migrations.steps import migrate
from lacre.store.sqlite import open_engine
from tests.support.pdfs import contract_pdf, written
from tests.support.sealed import stamped
from tests.support.server import Premises


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    return Premises(tmp_path)


# ── key and user ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("dialect", "name", "more"), [("zapsign", "api_token", {"organization_id"}), ("native", "api_key", set())]
)
def test_a_key_is_printed_as_json_alone(premises: Premises, dialect: str, name: str, more: set[str]) -> None:
    said = json.loads(premises.run("key", "create", "--dialect", dialect, "--account", "Acme", "--json"))

    assert set(said) == {"account", name} | more
    assert said["account"] == "Acme"
    assert len(said[name]) > 30


def test_a_key_is_printed_for_people_with_a_warning(premises: Premises) -> None:
    account, key, warning = premises.run("key", "create", "--dialect", "native").splitlines()

    assert account == "account: default"
    assert key.startswith("api_key: lacre_")
    assert "not shown again" in warning


def test_two_keys_of_an_account_differ(premises: Premises) -> None:
    keys = {premises.new_token() for _ in range(2)}

    assert len(keys) == 2


def test_a_renewed_key_is_one_of_the_same_kind_and_the_old_one_is_over(premises: Premises) -> None:
    old = json.loads(premises.run("key", "create", "--dialect", "arqsign", "--json"))["SubscriptionKey 2"]

    said = json.loads(premises.run("key", "renew", old[-4:], "--json"))

    was, now = _known(premises, "arqsign-subscription", old, said["SubscriptionKey"])
    assert was is None
    assert now is not None
    assert now.name == "SubscriptionKey"


def test_a_key_that_is_not_there_is_not_renewed(premises: Premises) -> None:
    premises.new_token()

    done = premises.attempt("key", "renew", "----")

    assert done.returncode == 1
    assert done.stderr == "Error: No valid key of this account ends in ----, or has that id.\n"


def _known(premises: Premises, dialect: str, *keys: str) -> list[ApiKey | None]:
    with (
        closing(open_installation(premises.settings)) as installation,
        installation.services.open_work() as work,
    ):
        digest = installation.services.tokens.digest
        return [work.accounts.key_by_digest(digest(key), dialect) for key in keys]


def test_an_account_is_let_open_others_and_no_longer(premises: Premises) -> None:
    premises.run("key", "create", "--dialect", "zapsign", "--account", "Acme")

    said = [premises.run("account", "partner", "Acme", *more).strip() for more in ([], ["--off"])]

    assert said == ["Acme may open accounts.", "Acme may no longer open accounts."]


def test_a_dialect_that_we_do_not_speak_is_refused() -> None:
    done = CliRunner().invoke(main, ["key", "create", "--dialect", "clicksign"])

    assert done.exit_code == 2
    assert "'clicksign' is not one of" in done.output


def test_a_user_gets_a_link_that_lets_them_in(premises: Premises) -> None:
    link = premises.run("user", "create", "--email", "ana@example.com").strip()

    with premises.server(), httpx2.Client(trust_env=False, timeout=120, follow_redirects=True) as browser:
        page = browser.get(link)

    assert link.startswith(f"{premises.url}/app/enter?link=")
    assert page.status_code == 200


def test_a_link_that_guesses_where_the_server_is_says_so(tmp_path: Path) -> None:
    done = Premises(tmp_path, public_url="").attempt("user", "create", "--email", "ana@example.com")

    assert done.stdout.startswith("http://127.0.0.1:8000/app/enter?link=")
    assert "LACRE_PUBLIC_URL is not set" in done.stderr


def test_a_users_link_comes_as_json_too(premises: Premises) -> None:
    said = json.loads(premises.run("user", "create", "--email", "ana@example.com", "--json"))

    assert set(said) == {"email", "account", "link"}


# ── migrate ──────────────────────────────────────────────────────────────────


def test_migrating_twice_is_as_good_as_once(premises: Premises) -> None:
    said = [premises.run("migrate"), premises.run("migrate")]

    assert said == ["The database is at this version.\n"] * 2


@pytest.mark.parametrize("command", [("migrate",), ("key", "create", "--dialect", "native"), ("serve",)])
def test_a_newer_database_is_refused_in_one_line(premises: Premises, command: tuple[str, ...]) -> None:
    migrate(premises.settings.database)
    rewrite_version(premises.data / "lacre.db", "9999_from_the_future")

    done = premises.attempt(*command)

    assert done.returncode == 1
    assert re.fullmatch(r"Error: This database is of a newer version of Lacre: .+\n", done.stderr)


def test_a_lost_key_is_told_in_one_line(premises: Premises) -> None:
    open_installation(premises.settings).close()
    (premises.data / "secret.key").unlink()

    done = premises.attempt("serve")

    assert done.returncode == 1
    assert re.fullmatch(r"Error: This database holds encrypted secrets, but .+ is missing\.\n", done.stderr)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LACRE_DATABASE_URL", "segredo"),
        ("LACRE_DATABASE_URL", "mysql://lacre:segredo@db.internal/lacre"),
        ("LACRE_FILES_URL", "/var/segredo"),
        ("LACRE_FILES_URL", "s3://"),
        ("LACRE_SMS_GATEWAY", '{"url": "segredo"}'),
        ("LACRE_KEEP_JOBS_DAYS", "99999999999"),
        ("LACRE_TIME_SCALE", "inf"),
        ("LACRE_LLM_MODEL", ""),
    ],
)
def test_a_setting_that_makes_no_sense_is_named_in_one_line(
    premises: Premises, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    environment = {**premises.environment, "LACRE_LLM_URL": "http://127.0.0.1:1/v1", "LACRE_LLM_MODEL": "m"}
    monkeypatch.chdir(premises.folder)

    done = CliRunner().invoke(
        main, ["key", "create", "--dialect", "native"], env={**environment, name: value}
    )

    assert done.exit_code in (1, 2)
    assert re.fullmatch(rf"(Error: )?{name}.+\n", done.stderr)
    assert "segredo" not in done.stderr


def test_a_mailbox_that_is_none_is_told_in_one_line(premises: Premises) -> None:
    premises.environment |= {"LACRE_BOUNCES_TO": "@example.com", "LACRE_BOUNCES_IMAP_URL": "imap.example.com"}

    done = premises.attempt("worker")

    assert done.returncode == 1
    assert re.fullmatch(r"Error: A mailbox is written imaps://.+\n", done.stderr)


def test_a_folder_that_cannot_be_made_is_told_in_one_line(premises: Premises) -> None:
    folder = f"/{'x' * 300}"
    premises.environment["LACRE_DATA_DIR"] = folder

    done = premises.attempt("key", "create", "--dialect", "native")

    assert (done.returncode, done.stderr) == (1, f"Error: {folder}: File name too long.\n")


def test_a_database_that_does_not_answer_is_told_in_one_line(premises: Premises) -> None:
    premises.environment["LACRE_DATABASE_URL"] = "postgresql://lacre:segredo@127.0.0.1:1/lacre"

    done = premises.attempt("worker")

    assert done.returncode == 1
    assert re.fullmatch(r"Error: The database does not answer: .+\n", done.stderr)
    assert "segredo" not in done.stderr


@pytest.mark.parametrize(
    "said", ["localhost:3000/hook", "http://localhost:abc/", "http://localhost:0/", "ftp://localhost/", "/h"]
)
@pytest.mark.parametrize("option", ["--url", "--forward-to"])
def test_listening_begins_with_no_address_that_nobody_can_be_at(option: str, said: str) -> None:
    done = CliRunner().invoke(main, ["listen", "--api-key", "lacre_x", option, said])

    assert done.exit_code == 2
    assert f"'{said}' is no address like http://localhost:3000/hook" in done.stderr


def test_a_port_that_somebody_listens_on_is_not_shared(premises: Premises) -> None:
    with socket.create_server(("127.0.0.1", premises.port)):
        done = premises.attempt("serve", "--port", str(premises.port))

    assert done.returncode == 1
    assert done.stderr == f"Error: Cannot listen on 127.0.0.1:{premises.port}: Address already in use.\n"


# ── verify ───────────────────────────────────────────────────────────────────


def test_a_file_without_signatures_does_not_verify(premises: Premises) -> None:
    done = premises.attempt("verify", str(written(premises.folder, contract_pdf(1))))

    assert done.returncode == 1
    assert done.stdout == "This file carries no signature.\n"


def test_a_timestamp_is_listed_with_its_time_and_authority(premises: Premises) -> None:
    file = written(premises.folder, stamped(contract_pdf(1), premises.folder))

    done = premises.attempt("verify", str(file))
    (found,) = json.loads(premises.attempt("verify", str(file), "--json").stdout)["timestamps"]

    assert "This file carries no signature.\nTimestamp by " + found["authority"] in done.stdout
    assert "valid: intact, changes after it: none" in done.stdout
    assert found["made_at"][:4].isdecimal()


def test_what_is_no_pdf_does_not_verify(premises: Premises) -> None:
    done = premises.attempt("verify", str(written(premises.folder, b"not a pdf")))

    assert done.returncode == 1
    assert done.stdout == "Cannot be verified: the file is no PDF\n"


def test_a_file_that_is_not_there_is_told(premises: Premises) -> None:
    assert premises.attempt("verify", "nowhere.pdf").returncode == 2


# ── the rest ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_explains_itself(name: str) -> None:
    told = CliRunner().invoke(main, [name, "--help"])

    assert told.output.startswith(f"Usage: main {name} ")
    assert len(told.output.splitlines()) > 4


@pytest.mark.parametrize(
    "words", [[], *([name] for name, one in main.commands.items() if isinstance(one, Group))]
)
def test_no_list_of_commands_breaks_off_in_the_middle(words: list[str]) -> None:
    told = CliRunner().invoke(main, [*words, "--help"], terminal_width=80)

    listed = told.output.partition("Commands:")[2].splitlines()
    assert [line for line in listed if line.endswith("...")] == []


def test_it_says_which_version_it_is(premises: Premises) -> None:
    assert re.fullmatch(r"lacre, version \d+\.\d+\.\d+\n", premises.run("--version"))


def rewrite_version(file: Path, version: str) -> None:
    engine = open_engine(file)
    with engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    engine.dispose()


def test_nobody_is_made_who_could_not_sign_in(premises: Premises) -> None:
    done = premises.attempt("user", "create", "--email", "ana")

    assert done.returncode == 2
    assert "“ana” is no e-mail address." in done.stderr


def test_a_persons_secret_is_printed_and_stays_the_same(premises: Premises) -> None:
    premises.run("user", "create", "--email", "ana@example.test")

    printed = {premises.run("user", "token", "--email", "ANA@example.test").strip() for _ in range(2)}

    (secret,) = printed
    assert as_uuid(secret) == secret
    assert premises.attempt("user", "token", "--email", "nobody@example.test").returncode == 1
