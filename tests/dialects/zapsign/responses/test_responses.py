"""Each answer, compared with its file whole: names, order, types and words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.dialects.zapsign.responses.settled import Names
from tests.dialects.zapsign.responses.stories import STORIES
from tests.support.zapsign_desk import Desk

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", STORIES)
def test_the_answer_is_the_one_in_the_file(desk: Desk, name: str) -> None:
    answer = Names().settle(STORIES[name](desk))

    expected = (FOLDER / f"{name}.json").read_text()
    assert json.dumps(answer, indent=2, ensure_ascii=False) + "\n" == expected


def test_every_file_has_its_story() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(STORIES)
