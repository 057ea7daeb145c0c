"""A language model behind a real server on loopback, asked by the product's own way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from lacre.engines.language_model import ChatModel, open_way_out
from lacre.processing.asking import Question
from lacre.processing.extraction import Reply
from lacre.processing.ports import NotSaid
from tests.support.chat import JSON, says, says_json
from tests.support.receiver import Answer, Receiver, endless_body, hang, reset, status
from tests.support.settings import settings_in

ASKED = Question(instructions="Copy.", text="Total: R$ 10,00", schema={"type": "object"})


@pytest.fixture
def server() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


@pytest.fixture
def model(server: Receiver, tmp_path: Path) -> Iterator[ChatModel]:
    settings = settings_in(
        tmp_path, llm_url=f"{server.url}v1/", llm_key="sk-segredo", llm_model="pequeno", llm_seconds=2
    )
    way_out = open_way_out(settings)
    yield ChatModel.of(settings, way_out)
    way_out.close()


def test_it_is_asked_as_chat_completions_are(server: Receiver, model: ChatModel) -> None:
    """On this very machine, with no network named in LACRE_EGRESS_ALLOW: the operator named it."""
    server.answers(says_json(total="R$ 10,00"))

    said = model.answer(ASKED)

    heard = server.heard[0]
    assert said == {"total": "R$ 10,00"}
    assert (heard.method, heard.target) == ("POST", "/v1/chat/completions")
    assert heard.header("authorization") == "Bearer sk-segredo"
    assert (heard.json["model"], heard.json["temperature"]) == ("pequeno", 0)
    assert heard.json["response_format"]["json_schema"]["schema"] == {"type": "object"}
    assert heard.json["messages"][1] == {"role": "user", "content": "Total: R$ 10,00"}


@pytest.mark.parametrize("picky", [400, 422])
def test_a_server_that_knows_no_schema_is_asked_once_more_without(
    server: Receiver, model: ChatModel, picky: int
) -> None:
    server.answers(status(picky, b'{"error": "response_format"}'), says_json(total=None))

    assert model.answer(ASKED) == {"total": None}
    assert set(server.heard[1].json) == {"model", "messages", "stream"}


@pytest.mark.parametrize("said", ['```json\n{"a": "b"}\n```', 'Here it is: {"a": "b"}. Anything else?'])
def test_what_stands_around_the_object_is_no_matter(server: Receiver, model: ChatModel, said: str) -> None:
    server.answers(says(said))

    assert model.answer(ASKED) == {"a": "b"}


@pytest.mark.parametrize(
    ("answer", "reply"),
    [
        (status(500), Reply.REFUSED),
        (status(401), Reply.REFUSED),
        (status(302, headers={"Location": "http://127.0.0.1:1/"}), Reply.REFUSED),
        (hang(), Reply.TOO_SLOW),
        (reset(), Reply.UNREACHABLE),
        (says("I cannot read this."), Reply.NOT_JSON),
        (says("[1, 2]"), Reply.NOT_JSON),
        (says("{" * 50_000), Reply.NOT_JSON),
        (status(200, b"<html>", JSON), Reply.NOT_JSON),
        (status(200, b'{"choices": []}', JSON), Reply.NOT_JSON),
        (endless_body(), Reply.NOT_JSON),
    ],
)
def test_no_answer_is_a_value(server: Receiver, model: ChatModel, answer: Answer, reply: Reply) -> None:
    server.answers(answer)

    said = model.answer(ASKED)

    assert isinstance(said, NotSaid)
    assert said.code == reply
    assert "segredo" not in said.detail


def test_nobody_who_listens_is_a_value_too(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, llm_url="http://127.0.0.1:1/v1", llm_model="m")
    way_out = open_way_out(settings)

    said = ChatModel.of(settings, way_out).answer(ASKED)

    way_out.close()
    assert said == NotSaid(Reply.UNREACHABLE, "connect_failed")


def test_the_machines_own_credentials_are_never_asked_for(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, llm_url="http://169.254.169.254/v1", llm_model="m")
    way_out = open_way_out(settings)

    said = ChatModel.of(settings, way_out).answer(ASKED)

    way_out.close()
    assert said == NotSaid(Reply.UNREACHABLE, "address_forbidden")


@pytest.mark.parametrize(
    "given", [{"llm_url": "http://127.0.0.1:1/v1"}, {"llm_url": "ollama:11434", "llm_model": "m"}]
)
def test_half_a_setting_is_refused(tmp_path: Path, given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings_in(tmp_path, **given)
