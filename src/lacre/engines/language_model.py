"""`LanguageModel` over any endpoint that speaks OpenAI's chat completions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Self

from lacre.engines.http import HttpEngine
from lacre.engines.http.address import ANYWHERE
from lacre.kit.json import Json, compact
from lacre.processing.asking import Question
from lacre.processing.extraction import Reply
from lacre.processing.ports import NotSaid
from lacre.settings import Settings
from lacre.webhooks.ports import Sender
from lacre.webhooks.request import Answer, NoAnswer, Outcome, Request

_PICKY = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})


class ChatModel:
    """Its way out is the product's own: one deadline, no redirects, and of an answer 64 KiB at most."""

    def __init__(self, sender: Sender, *, url: str, key: str, model: str, seconds: float) -> None:
        """`url`: what `/chat/completions` is put after."""
        self._sender, self._url, self._key = sender, url.rstrip("/"), key
        self._model, self._seconds = model, seconds

    @classmethod
    def of(cls, settings: Settings, sender: Sender) -> Self:
        return cls(
            sender,
            url=settings.llm_url,
            key=settings.llm_key.get_secret_value(),
            model=settings.llm_model,
            seconds=settings.llm_seconds,
        )

    def answer(self, asked: Question) -> Mapping[str, Json] | NotSaid:
        """Some servers know no JSON schema, some models no temperature: they are asked once more without."""
        outcome = self._send({**self._plain(asked), **_strict(asked)})
        if isinstance(outcome, Answer) and outcome.status in _PICKY:
            outcome = self._send(self._plain(asked))
        return _said(outcome)

    def known(self) -> Outcome:
        """What the endpoint says of its models; costs nothing."""
        return self._exchange("GET", "/models", b"")

    def _plain(self, asked: Question) -> dict[str, Json]:
        shape = f"{asked.instructions} It has this JSON schema: {compact(asked.schema).decode()}"
        messages = [{"role": "system", "content": shape}, {"role": "user", "content": asked.text}]
        return {"model": self._model, "messages": messages, "stream": False}

    def _send(self, body: Mapping[str, Json]) -> Outcome:
        return self._exchange("POST", "/chat/completions", compact(body))

    def _exchange(self, method: str, path: str, body: bytes) -> Outcome:
        key = (("Authorization", f"Bearer {self._key}"),) if self._key else ()
        kind = (("Content-Type", "application/json"),) if body else ()
        return self._sender.send(
            Request(
                method=method,
                url=self._url + path,
                headers=(("Accept", "application/json"), *kind, *key),
                body=body,
                deadline_seconds=self._seconds,
                pool_key="language model",
            )
        )


def open_way_out(settings: Settings) -> HttpEngine[None]:
    """To wherever the operator said, also on this machine: nobody else can choose where this engine goes."""
    return HttpEngine(ANYWHERE, proxy=settings.proxy_for("llm"))


def _strict(asked: Question) -> dict[str, Json]:
    shape: dict[str, Json] = {"name": "values", "strict": True, "schema": asked.schema}
    return {"temperature": 0, "response_format": {"type": "json_schema", "json_schema": shape}}


def _said(outcome: Outcome) -> Mapping[str, Json] | NotSaid:
    match outcome:
        case NoAnswer(reason="deadline"):
            return NotSaid(Reply.TOO_SLOW)
        case NoAnswer(reason=reason):
            return NotSaid(Reply.UNREACHABLE, reason)
        case Answer(status=200, truncated=False, body=body):
            found = _object_in(_content(body))
            return NotSaid(Reply.NOT_JSON) if found is None else found
        case Answer(status=200):
            return NotSaid(Reply.NOT_JSON, "its answer is cut off")
        case Answer(status=status):
            return NotSaid(Reply.REFUSED, f"HTTP {status}")


def _content(body: bytes) -> str:
    """Of the first choice; empty where there is none."""
    try:
        said = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return said if isinstance(said, str) else ""


def _object_in(text: str) -> Mapping[str, Json] | None:
    """Models like to put a fence or a sentence around it."""
    try:
        found = json.loads(text[text.index("{") : text.rindex("}") + 1])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
