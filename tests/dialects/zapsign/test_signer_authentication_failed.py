"""A signer used up the tries to identify themself."""

from __future__ import annotations

import json

import pytest

from lacre.kit.json import Json
from lacre.signing import events
from tests.dialects.zapsign import stories
from tests.support.contracts import BRUNO, sent_contract
from tests.support.zapsign import golden, happened, heard


def test_signer_authentication_failed_is_told_as_in_its_file() -> None:
    assert heard(stories.signer_authentication_failed()) == golden("signer_authentication_failed")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("wrong_tax_id", "O CPF informado não confere."),
        ("certificate_of_another", "O certificado digital não pertence ao signatário."),
        ("of_another_day", "O código informado não confere."),
    ],
)
def test_it_says_what_failed(reason: str, said: str) -> None:
    facts: dict[str, Json] = {"attempts_used": 3, "max_attempts": 3, "reason": reason}
    event = happened(events.SIGNER_AUTHENTICATION_FAILED, sent_contract(), who=BRUNO, **facts)

    assert json.loads(heard(event))["unauthenticated_signer"]["authentication_failure_reason"] == said
