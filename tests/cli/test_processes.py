"""The commands that stay, and those that work on what they left: serve, worker, replay, verify, a backup."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import httpx2
import pytest
from click.testing import CliRunner

from lacre.cli import main
from tests.support.customer import Customer, Visitor
from tests.support.receiver import Receiver
from tests.support.server import Premises

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 60.0


@pytest.fixture
def premises(tmp_path: Path) -> Premises:
    return Premises(tmp_path / "here")


def test_a_server_stops_when_it_is_told_to_and_starts_again(tmp_path: Path) -> None:
    premises, codes = Premises(tmp_path / "here", anew=True), []
    for _ in range(2):
        with premises.server() as server:
            assert httpx2.get(f"{premises.url}/healthz", trust_env=False, timeout=120).text == "ok"
            codes.append(server.stop())

    assert codes == [0, 0]


def test_a_server_without_a_worker_is_not_ready_until_one_comes(premises: Premises) -> None:
    with premises.server(working=False):
        alone = httpx2.get(f"{premises.url}/readyz", trust_env=False, timeout=120)
        with premises.worker() as worker:
            together = httpx2.get(f"{premises.url}/readyz", trust_env=False, timeout=120)
            assert worker.stop() == 0

    assert (alone.status_code, alone.json()["workers"]) == (503, 0)
    assert (together.status_code, together.json()["workers"]) == (200, 1)


def test_more_processes_deliver_and_end_with_the_server(tmp_path: Path) -> None:
    premises = Premises(tmp_path / "here", anew=True, delivery_processes="2")
    with Receiver() as receiver, premises.server() as server:
        eventually(lambda: workers(premises) == 2)
        customer = Customer(premises.url, premises.new_token())
        customer.subscribe(receiver)
        for _ in range(10):
            customer.send([{"name": "Bruno"}])
        told = len(receiver.wait_for(10, seconds=PATIENCE_SECONDS))
        # whichever of them delivered
        eventually(lambda: counted(premises, 'lacre_attempts_total{reason="",result="delivered"}') == told)
        [hand] = children(server.pid, "--only-deliver")
        server.kill()
        eventually(lambda: not Path(f"/proc/{hand}/cmdline").exists())

    assert hand != server.pid


def test_a_process_that_died_is_replaced(tmp_path: Path) -> None:
    premises = Premises(tmp_path / "here", delivery_processes="2")
    with premises.server() as server:
        eventually(lambda: workers(premises) == 2)
        [first] = children(server.pid, "--only-deliver")
        os.kill(first, signal.SIGKILL)
        eventually(lambda: children(server.pid, "--only-deliver") not in ([], [first]))

        assert server.stop() == 0
        assert children(server.pid, "--only-deliver") == []


def test_what_happened_is_told_again_when_it_is_asked_for(premises: Premises) -> None:
    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()  # noqa: TID251 - of the server's clock
    with Receiver() as receiver, premises.server():
        customer = Customer(premises.url, premises.new_token())
        customer.subscribe(receiver)
        customer.send([{"name": "Bruno"}])
        receiver.wait_for(1)

        counted = premises.run("replay", "--since", since, "--type", "envelope.created", "--dry-run")
        said = premises.run("replay", "--since", since, "--follow")
        first, again = receiver.wait_for(2, seconds=PATIENCE_SECONDS)

    assert counted == "Would be made: 1 deliveries, of 1 events.\n"
    assert "is queued" in said
    assert "is done: 1 deliveries made." in said
    assert first.json["token"] == again.json["token"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "Missing option '--since'"),
        (("--since", "ontem"), "is not an instant"),
        (("--since", "2026-11-20T12:00:00"), "is not an instant with a zone"),
        (("--since", "2026-11-20T12:00:00Z", "--endpoint", "env_1"), "is no endpoint's id"),
        (("--since", "2026-11-20T12:00:00Z", "--envelope", "ep_1"), "is no envelope's id"),
        (("--since", "2026-11-20T12:00:00Z", "--invoice", "env_1"), "is no invoice's id"),
        (("--since", "2026-11-20T12:00:00Z", "--extraction", "env_1"), "is no extraction's id"),
        (("--since", "2026-11-20T12:00:00Z", "--type", "lunch"), "there is no event type lunch"),
        (("--since", "2026-11-20T12:00:00Z", "--missing", "--only-failed"), "exclude each other"),
    ],
)
def test_a_replay_of_nonsense_is_refused(options: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(main, ["replay", *options])

    assert done.exit_code == 2
    assert said in done.output


def test_a_sealed_file_verifies_and_a_changed_one_does_not(premises: Premises) -> None:
    file = premises.folder / "sealed.pdf"
    with premises.server():
        file.write_bytes(sealed(Customer(premises.url, premises.new_token())))
    good = premises.attempt("verify", str(file))
    as_json = json.loads(premises.run("verify", str(file), "--json"))
    file.write_bytes(file.read_bytes().replace(b"MediaBox [", b"MediaBox[ ", 1))
    changed = premises.attempt("verify", str(file))

    assert good.returncode == 0, good.stdout
    assert "for Bruno" in good.stdout
    assert as_json["valid"] is True
    assert [one["intact"] for one in as_json["signatures"]] == [True, True]
    assert changed.returncode == 1
    assert "bytes changed" in changed.stdout


def test_a_backup_made_while_lacre_runs_is_a_whole_installation(premises: Premises, tmp_path: Path) -> None:
    """As `docs/operate` says: the database first, then files, key and seal."""
    with premises.server():
        token = premises.new_token()
        customer = Customer(premises.url, token)
        content = sealed(customer)
        envelope = customer.call("GET", "docs/")["results"][0]["token"]
        restored = Premises(tmp_path / "there")
        back_up(premises.data, restored.data)
        customer.send([{"name": "Depois do backup"}])

    with restored.server():
        customer = Customer(restored.url, token)
        found = customer.document(envelope)
        assert customer.download(found["signed_file"]) == content
        assert [one["token"] for one in customer.call("GET", "docs/")["results"]] == [envelope]


def sealed(customer: Customer) -> bytes:
    """What Bruno, its only signer, has signed."""
    made = customer.send([{"name": "Bruno"}])
    Visitor(made["signers"][0]["sign_url"]).signs_all("Bruno")
    until = monotonic() + PATIENCE_SECONDS
    while not (link := customer.document(made["token"])["signed_file"]):
        assert monotonic() < until, "not sealed in time"
        sleep(0.2)
    return customer.download(link)


def back_up(data: Path, to: Path) -> None:
    to.mkdir(mode=0o700)
    with (
        closing(sqlite3.connect(data / "lacre.db")) as living,
        closing(sqlite3.connect(to / "lacre.db")) as copy,
    ):
        living.backup(copy)
    shutil.copytree(data / "files", to / "files", ignore=shutil.ignore_patterns("scratch"))
    shutil.copytree(data / "seal", to / "seal")
    shutil.copy(data / "secret.key", to)


def workers(premises: Premises) -> int:
    return int(httpx2.get(f"{premises.url}/readyz", trust_env=False, timeout=120).json()["workers"])


def counted(premises: Premises, name: str) -> float:
    shown = httpx2.get(f"{premises.url}/metrics", trust_env=False, timeout=120).text
    return sum(float(line.rpartition(" ")[2]) for line in shown.splitlines() if line.startswith(name))


def children(pid: int, option: str) -> list[int]:
    """Of that process, those that were started with the option."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(") ")[2].split()[1])
            if parent == pid and option.encode() in command:
                found.append(int(folder.name))
    return found


def eventually(true: Callable[[], bool]) -> None:
    until = monotonic() + PATIENCE_SECONDS
    while not true():
        assert monotonic() < until
        sleep(0.1)
