"""The endpoint of the language model is asked what it has, and told nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from lacre.cli.doctor.finding import Level
from lacre.cli.doctor.model import language_model
from tests.support.receiver import Answer, Receiver, reset, status
from tests.support.settings import settings_in

MODELS = b'{"object": "list", "data": [{"id": "qwen:latest"}, {"id": "gemma"}]}'


@pytest.mark.parametrize(
    ("model", "answer", "level"),
    [
        ("gemma", status(200, MODELS), Level.OK),
        ("qwen", status(200, MODELS), Level.OK),
        ("gpt", status(200, MODELS), Level.WARNING),
        ("gpt", status(200, b"welcome"), Level.OK),
        ("gpt", status(404), Level.WARNING),
        ("gpt", status(401), Level.PROBLEM),
        ("gpt", reset(), Level.PROBLEM),
    ],
)
def test_what_it_says_of_its_models_is_what_is_found(
    tmp_path: Path, model: str, answer: Answer, level: Level
) -> None:
    with Receiver() as server:
        server.answers(answer)

        found = language_model(settings_in(tmp_path, llm_url=f"{server.url}v1", llm_model=model))

    assert found.level == level
    assert (server.heard[0].method, server.heard[0].target) == ("GET", "/v1/models")


def test_an_installation_without_one_is_fine(tmp_path: Path) -> None:
    assert language_model(settings_in(tmp_path)).level == Level.OK
