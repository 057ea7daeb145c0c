"""One whole job with canaries in every place where a secret can be; then they are looked for everywhere."""

from __future__ import annotations

import json
import re
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from lacre.store.keys import KEY_FILE
from tests.support.customer import Customer, Visitor, ask
from tests.support.pki import P12_PASSWORD, TestAuthority
from tests.support.receiver import Answer, Heard, Receiver, status
from tests.support.server import Premises
from tests.support.smtp import Postbox, mail_server, plain_text

NATIVE = "/api/lacre/v1"
MAIL_PASSWORD = "senha-do-correio"
MASTER_KEY = "canary-master-key-6f1d2b"
HEADER, BEARER = "canary-header-9a7e51", "canary-bearer-4c2f80"
PASSWORD = "canary horse battery 77"


@dataclass
class Job:
    """What was done, and every secret that had a part in it."""

    premises: Premises
    secrets: dict[str, str] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    """What people and systems were shown who have no business with the secrets."""


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Job]:
    folder = tmp_path_factory.mktemp("canaries")
    with mail_server() as postbox, Receiver() as receiver:
        receiver.chooses(_echo)
        p12 = TestAuthority().p12(folder)
        premises = Premises(
            folder,
            secret_key=MASTER_KEY,
            smtp_url=f"smtp://lacre:{MAIL_PASSWORD}@127.0.0.1:{postbox.port}",
            seal_p12=str(p12),
            seal_p12_password=P12_PASSWORD,
        )
        job = Job(premises, {"master key": MASTER_KEY, "seal": P12_PASSWORD, "mail": MAIL_PASSWORD})
        with premises.server():
            _do(job, receiver, postbox)
        job.answers["doctor"] = premises.run("doctor")
        yield job


def test_nothing_secret_is_in_the_log(job: Job) -> None:
    lines = [json.loads(line) for line in job.premises.logged().splitlines()]
    said = "\n".join(str({**line, "timestamp": ""}) for line in lines)

    assert len(lines) > 20
    assert _found(job, said) == []


def test_nothing_secret_is_in_the_database(job: Job) -> None:
    """Neither in its rows nor in what its file still holds of older ones."""
    whole = b"".join(file.read_bytes() for file in sorted(job.premises.data.glob("lacre.db*")))
    rows = _texts(job.premises.data / "lacre.db")

    assert b"bruno@example.test" in whole
    assert _found(job, rows) == []
    found = [name for name, secret in job.secrets.items() if name != "code" and secret.encode() in whole]
    assert found == []


def test_nothing_secret_lies_in_the_other_files(job: Job) -> None:
    """But in those that are there for it, which nobody else can read."""
    files = [file for file in job.premises.data.rglob("*") if file.is_file() and "lacre.db" not in file.name]

    holders = {
        name: file.name
        for file in files
        for name, secret in job.secrets.items()
        if name != "code" and secret.encode() in file.read_bytes()
    }

    assert holders == {}
    assert KEY_FILE not in {file.name for file in files}


@pytest.mark.parametrize(
    "place", ["doctor", "attempts", "delivery page", "endpoint", "endpoint page", "keys page"]
)
def test_nothing_secret_is_shown_again(job: Job, place: str) -> None:
    shown = {**job.secrets}
    # what was sent to the receiver is shown as it was sent, links and all
    if place in ("attempts", "delivery page"):
        shown = {name: secret for name, secret in shown.items() if not name.startswith("link of")}

    assert [name for name, secret in shown.items() if secret in job.answers[place]] == []


def test_an_echoing_receiver_s_answer_is_kept_without_what_it_was_told(job: Job) -> None:
    assert "echoed" in job.answers["attempts"]
    assert "***" in job.answers["attempts"]


@pytest.mark.parametrize("place", ["wrong link", "wrong key", "wrong file", "wrong login"])
def test_what_is_refused_is_not_repeated(job: Job, place: str) -> None:
    assert "canary" not in job.answers[place]


def _do(job: Job, receiver: Receiver, postbox: Postbox) -> None:
    premises = job.premises
    customer = Customer(premises.url, premises.new_token())
    key = json.loads(premises.run("key", "create", "--dialect", "native", "--json"))["api_key"]
    job.secrets |= {"zapsign key": customer.token, "native key": key}
    said = [{"name": "X-Api-Key", "value": HEADER}, {"name": "Authorization", "value": f"Bearer {BEARER}"}]
    customer.subscribe(receiver, "doc_signed", "doc_viewed", headers=said)
    endpoint = _native(job, "POST", "/endpoints", {"url": receiver.url, "headers": said})
    job.secrets |= {"signing secret": endpoint["secret"], "header": HEADER, "bearer": BEARER}
    bruno = {"name": "Bruno", "email": "bruno@example.test", "send_automatic_email": True}
    made = customer.send([{**bruno, "auth_mode": "tokenEmail"}, {"name": "Carla"}])
    for signer in made["signers"]:
        job.secrets[f"link of {signer['name']}"] = signer["token"]
        job.secrets[f"link of {signer['name']}, bare"] = signer["token"].replace("-", "")
    _sign(job, made, receiver, postbox)
    _enter(job)
    _look(job, endpoint["id"])
    _be_refused(job)


def _sign(job: Job, made: dict[str, Any], receiver: Receiver, postbox: Postbox) -> None:
    bruno, carla = (one["sign_url"] for one in made["signers"])
    # asked for without its hyphens, as some mail programs leave links
    ask("GET", f"{job.premises.url}/verificar/{made['signers'][0]['token'].replace('-', '')}")
    ask("POST", f"{bruno}/read")
    ask("POST", f"{bruno}/code")
    job.secrets["code"] = _code(postbox.mails)
    ask("POST", f"{bruno}/code/confirm", data={"code": "nothing"})
    ask("POST", f"{bruno}/code/confirm", data={"code": job.secrets["code"]})
    assert "Você assinou" in Visitor(bruno).sign("Bruno")
    Visitor(carla).signs_all("Carla Luz")
    end = time.monotonic() + 90
    while "envelope.completed" not in [one.json.get("type") for one in receiver.heard]:
        assert time.monotonic() < end, "it was not finished in time"
        time.sleep(0.1)


def _enter(job: Job) -> None:
    said = json.loads(job.premises.run("user", "create", "--email", "ana@example.test", "--json"))
    link = said["link"].rpartition("=")[2]
    form = {"link": link, "password": PASSWORD, "again": PASSWORD}
    answer = httpx2.post(f"{job.premises.url}/app/enter", data=form, timeout=120, trust_env=False)
    session = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    job.secrets |= {"one-time link": link, "password": PASSWORD, "session": session}


def _look(job: Job, endpoint_id: str) -> None:
    made = _native(job, "GET", f"/deliveries?endpoint_id={endpoint_id}")["data"]
    delivered = [one for one in made if one["attempts"]]
    attempts = [_native(job, "GET", f"/deliveries/{one['id']}/attempts") for one in delivered]
    job.answers |= {
        "attempts": json.dumps(attempts, ensure_ascii=False),
        "delivery page": _page(job, f"/app/deliveries/{_uuid(delivered[0]['id'])}"),
        "endpoint": json.dumps(_native(job, "GET", f"/endpoints/{endpoint_id}")),
        "endpoint page": _page(job, f"/app/endpoints/{_uuid(endpoint_id)}"),
        "keys page": _page(job, "/app/keys"),
    }


def _be_refused(job: Job) -> None:
    url, canary = job.premises.url, "canary-refused"
    login = {"email": "ana@example.test", "password": canary}
    job.answers |= {
        "wrong link": ask("GET", f"{url}/verificar/{canary}").text,
        "wrong key": ask("GET", f"{url}/api/v1/docs/", headers={"authorization": canary}).text,
        "wrong file": ask("GET", f"{url}/files/{canary}?signature={canary}").text,
        "wrong login": ask("POST", f"{url}/app/login", data=login).text,
    }


def _native(job: Job, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401 - JSON
    headers = {"authorization": f"Bearer {job.secrets['native key']}"}
    answer = ask(method, f"{job.premises.url}{NATIVE}{path}", json=said, headers=headers)
    assert answer.status_code < 300, answer.text
    return answer.json()


def _page(job: Job, path: str) -> str:
    answer = ask("GET", job.premises.url + path, headers={"cookie": f"lacre={job.secrets['session']}"})
    assert answer.status_code == 200, answer.text
    return answer.text


def _echo(heard: Heard) -> Answer:
    told = "\n".join(f"echoed {name}: {value}" for name, value in heard.headers)
    return status(200, told.encode(), dict(heard.headers[:0]) | {"X-Echo": heard.header("X-Api-Key") or ""})


def _code(mails: list[Any]) -> str:
    found = [re.findall(r"\b\d{6}\b", plain_text(mail)) for mail in mails]
    (code,) = [codes[0] for codes in found if codes]
    return str(code)


def _uuid(shown: str) -> str:
    bare = shown.partition("_")[2]
    return "-".join((bare[:8], bare[8:12], bare[12:16], bare[16:20], bare[20:]))


def _found(job: Job, text: str) -> list[str]:
    """A code of six digits is one only where it stands alone."""
    found = [name for name, secret in job.secrets.items() if name != "code" and secret in text]
    code = re.search(rf"(?<![\d.:a-f-]){job.secrets['code']}(?![\d.a-f-])", text)
    return [*found, "code"] if code else found


def _texts(file: Path) -> str:
    with sqlite3.connect(file) as database:
        names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in names for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608
    database.close()
    return "\n".join(str(value) for row in rows for value in row if isinstance(value, str))


def test_nobody_else_of_the_machine_reads_what_is_written(job: Job) -> None:
    """Whatever the folder itself allows, which an operator may have made."""
    files = [file for file in job.premises.data.rglob("*") if file.is_file()]

    assert len(files) > 5
    assert [file.name for file in files if file.stat().st_mode & 0o077 & ~0o040] == []
