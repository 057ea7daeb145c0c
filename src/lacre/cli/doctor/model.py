"""The check of the language model that some types ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from lacre.cli.doctor.finding import Finding, fine, problem, warning
from lacre.engines.language_model import ChatModel, open_way_out
from lacre.settings import Settings
from lacre.webhooks.request import Answer, NoAnswer

SECONDS = 10.0


def language_model(settings: Settings) -> Finding:
    """Its endpoint is asked which models it has; nothing is said to any of them."""
    if not settings.llm_url:
        return fine("none: types that ask one are read by their rules alone")
    host = urlsplit(settings.llm_url).hostname
    way_out = open_way_out(settings)
    try:
        outcome = ChatModel.of(settings.model_copy(update={"llm_seconds": SECONDS}), way_out).known()
    finally:
        way_out.close()
    match outcome:
        case NoAnswer(reason=reason, detail=detail):
            return problem(f"{host} gives no answer: {reason}, {detail}", "Check LACRE_LLM_URL.")
        case Answer(status=401 | 403):
            return problem(f"{host} does not let us in", "Check LACRE_LLM_KEY.")
        case Answer(status=200, body=body):
            return _listed(settings.llm_model, host, _names(body))
        case Answer(status=status):
            return warning(f"{host} lists no models: it answered {status}", _UNLISTED)


_UNLISTED = "Look at LACRE_LLM_URL (mostly it ends with /v1), unless documents show values that it found."


def _listed(model: str, host: str | None, names: Sequence[str]) -> Finding:
    if not names or model in names or f"{model}:latest" in names:
        return fine(f"{host} answers; it is asked for {model}")
    return warning(f"{host} names no model {model}, but {', '.join(names[:5])}", "Check LACRE_LLM_MODEL.")


def _names(body: bytes) -> Sequence[str]:
    """None where it does not say; a long list may be cut off."""
    try:
        return [str(one["id"]) for one in json.loads(body)["data"]]
    except (ValueError, LookupError, TypeError, RecursionError):
        return ()
