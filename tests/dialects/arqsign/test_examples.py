"""What docs/integrate/arqsign.md tells a customer's system, as it stands there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lacre.bootstrap import open_installation
from lacre.cli.key import create_key
from lacre.dialects.arqsign.hmac import HEADER, Key
from tests.support.server import Premises
from tests.support.worked import Reader, block, blocks

PAGE = "docs/integrate/arqsign.md"
BODY = '{"Evento":"ProcessoConcluido","título":"Locação"}'.encode()


def test_a_receiver_believes_what_was_signed_and_nothing_else() -> None:
    defined: dict[str, Callable[[bytes, str, str], bool]] = {}
    exec(dict(blocks(PAGE))["python"], defined)  # noqa: S102 - of our own page
    said = dict(Key(secret="chave").headers(BODY))[HEADER]

    assert defined["is_genuine"](BODY, said, "chave")
    assert not defined["is_genuine"](BODY + b" ", said, "chave")
    assert not defined["is_genuine"](BODY, said, "outra")


@pytest.mark.slow
def test_the_keys_open_what_the_page_begins_with(tmp_path: Path) -> None:
    premises = Premises(tmp_path)
    opened = open_installation(premises.settings)
    keys = create_key(opened, "arqsign", "minha-empresa")
    opened.close()
    told = {"LACRE": premises.url, "APP_KEY": keys["AppKey"], "SUBSCRIPTION_KEY": keys["SubscriptionKey"]}

    with premises.server(working=False):
        roles = json.loads(Reader(tmp_path, told).run("sh", block(PAGE, "papeis-signatarios")))

    assert {"Parte", "Testemunha"} & {text for one in roles for text in one.values()}
