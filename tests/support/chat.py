"""A language model on loopback that says what a test tells it, as chat completions do."""

from __future__ import annotations

import json
from typing import Any

from tests.support.receiver import Answer, status

JSON = {"Content-Type": "application/json"}


def says(content: str) -> Answer:
    """In its own words."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
    return status(200, json.dumps({"id": "c1", "choices": [choice]}).encode(), JSON)


def says_json(**values: Any) -> Answer:  # noqa: ANN401 - any answer
    return says(json.dumps(values, ensure_ascii=False))
