"""A client written for ZapSign: posts a contract, is told as it is signed, and has it made and told again."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lacre.accounts.account import Account, ApiKey
from lacre.bootstrap import Installation, open_installation
from lacre.kit.ids import AccountId, ActId, new_uuid
from lacre.settings import Settings
from lacre.signing import actions
from lacre.signing.evidence import TERMS_VERSION, Act, Evidence, Identification, Mark, MarkKind, Origin
from tests.support.pdfs import contract_pdf
from tests.support.receiver import Receiver, status
from tests.support.working import eventually

PDF_TEXT = base64.b64encode(contract_pdf(anchor="<<bruno>>")).decode()


class Client:
    """The customer's system."""

    def __init__(self, installation: Installation) -> None:
        self.installation, self.services = installation, installation.services
        headers = {"Authorization": f"Bearer {_new_token(installation)}"}
        self.http = TestClient(installation.app, base_url=self.services.public_url, headers=headers)

    def call(self, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401
        answer = self.http.request(method, f"/api/v1/{path}", json=said)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def download(self, url: str) -> bytes:
        answer = self.http.get(url.removeprefix(self.services.public_url))
        assert answer.status_code == 200, answer.text
        return answer.content

    def sign(self, token: str) -> None:
        """As the signing room does once the signer has pressed the button."""
        now = self.services.clock()
        with self.services.open_work() as work:
            envelope, signer_id = work.envelopes.by_link(token)
            evidence = Evidence(
                at=now,
                time_source="system",
                origin=Origin(ip="127.0.0.1", port=50123, user_agent="Firefox"),
                identified_by=(Identification.LINK,),
                seen=tuple(one.original for one in envelope.documents),
                terms_version=TERMS_VERSION,
            )
            mark = Mark(kind=MarkKind.TYPED, text=envelope.signer(signer_id).name)
            act = Act(id=ActId(new_uuid()), signer_id=signer_id, evidence=evidence, mark=mark)
            actions.sign(work, token, act, particulars=actions.Particulars(), now=now)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    settings = Settings(data_dir=tmp_path, egress_allow="127.0.0.0/8", time_scale=600)
    opened = open_installation(settings, public_url="http://lacre.test")
    with closing(opened) as installation, _at_work(installation):
        yield Client(installation)


def test_a_contract_is_sent_signed_told_and_made_again(client: Client, tmp_path: Path) -> None:
    with Receiver() as receiver:
        receiver.answers(status(500), status(200))
        made = _sent(client, receiver)
        for signer in made["signers"]:
            client.sign(signer["token"])
        told = _heard(receiver, 4)
        sealed = client.download(_last_signed(told)["signed_file"])

        _spoil(tmp_path / "files", sealed)
        both = {"resign_doc": True, "send_webhook": True}
        client.call("POST", f"docs/{made['token']}/reprocess-doc/", both)
        retold = _heard(receiver, 5)
        resealed = client.download(_last_signed(retold[4:])["signed_file"])

        _lose(tmp_path / "files", resealed)
        client.call("POST", f"docs/{made['token']}/reprocess-doc/", {"resign_doc": True})
        quietly = _once_there(client, made["token"])
        heard = receiver.wait_for(5)

    assert len(heard) == 5
    # the first attempt was answered with 500, and repeated when it was due
    assert sorted(one["event_type"] for one in told) == ["doc_created"] * 2 + ["doc_signed"] * 2
    for file in (sealed, resealed, quietly):
        assert _signers_of(client, tmp_path, file) == ["Bruno", "Carla"]


def _sent(client: Client, receiver: Receiver) -> dict[str, Any]:
    hook = {"url": receiver.url, "type": "", "headers": [{"name": "X-Secret", "value": "s3"}]}
    client.call("POST", "user/company/webhook/", hook)
    signers = [{"name": "Bruno", "signature_placement": "<<bruno>>"}, {"name": "Carla"}]
    said = {"name": "Contrato", "base64_pdf": PDF_TEXT, "signers": signers}
    made: dict[str, Any] = client.call("POST", "docs/", said)
    return made


def _heard(receiver: Receiver, count: int) -> list[Any]:
    heard = receiver.wait_for(count, seconds=60)
    assert {one.header("x-secret") for one in heard} == {"s3"}
    return [one.json for one in heard]


def _last_signed(told: list[Any]) -> Any:  # noqa: ANN401 - JSON
    """Webhooks keep no order; the last signature is the one that says so."""
    return next(one for one in told if one["event_type"] == "doc_signed" and one["status"] == "signed")


def _spoil(files: Path, content: bytes) -> None:
    """The storage spoils the file, which is what this call is for."""
    kept = next(files.rglob(hashlib.sha256(content).hexdigest()))
    kept.chmod(0o600)
    kept.write_bytes(b"lost")


def _lose(files: Path, content: bytes) -> None:
    """Or it loses it."""
    next(files.rglob(hashlib.sha256(content).hexdigest())).unlink()


def _once_there(client: Client, token: str) -> bytes:
    """No webhook says when: the client asks until the file can be had."""
    found: list[bytes] = []

    def is_there() -> bool:
        url = client.call("GET", f"docs/{token}/")["signed_file"]
        answer = client.http.get(url.removeprefix(client.services.public_url))
        found.extend([answer.content] if answer.status_code == 200 else [])
        return bool(found)

    eventually(is_there)
    return found[0]


def _signers_of(client: Client, folder: Path, content: bytes) -> list[str]:
    file = folder / "judged.pdf"
    file.write_bytes(content)
    judged = client.services.verifier.verify(file)
    assert judged.all_valid, judged
    return [one.stated_name for one in judged.signatures if not one.certifies]


@contextmanager
def _at_work(installation: Installation) -> Iterator[None]:
    stop = threading.Event()
    hand = threading.Thread(target=installation.worker().run, args=(stop,))
    hand.start()
    try:
        yield
    finally:
        stop.set()
        hand.join(30)


def _new_token(installation: Installation) -> str:
    services, token = installation.services, installation.new_key("zapsign")
    account = Account(id=AccountId(new_uuid()), name="Pedro", created_at=services.clock())
    key = ApiKey(
        id=new_uuid(),
        account_id=account.id,
        dialect="zapsign",
        digest=services.tokens.digest(token),
        hint=token[-4:],
        name="",
        created_at=services.clock(),
    )
    with services.open_work() as work:
        work.accounts.add(account)
        work.accounts.add_key(key)
    return token
