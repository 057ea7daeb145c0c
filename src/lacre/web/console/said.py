"""What the next page says about what was just done: carried by a signed cookie that is read once."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from starlette.requests import Request
from starlette.responses import Response

from lacre.kit.refusal import Refusal
from lacre.services import Tokens

COOKIE = "lacre_said"
SECONDS = 60


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words in English, as the catalogues know them; `many` is used when `count` asks for it."""

    words: str
    many: str = ""
    count: int | None = None
    arguments: tuple[str | int, ...] = ()
    """Fills `{0}` and so on, as in refusals."""
    tone: Literal["good", "bad"] = "good"
    undo: str = ""
    """Address of the form that takes it back."""


def several(words: tuple[str, str], count: int) -> Said:
    return Said(words=words[0], many=words[1], count=count)


def refused(refusal: Refusal) -> Said:
    arguments = tuple(str(one) for one in refusal.args)
    return Said(words=refusal.template, arguments=arguments, tone="bad")


def thaw(kept: Mapping[str, Any]) -> Said:
    """Of what `asdict` made of it, through JSON."""
    return Said(**{**kept, "arguments": tuple(kept["arguments"])})


def put(response: Response, said: Said, tokens: Tokens) -> None:
    text = base64.urlsafe_b64encode(json.dumps(asdict(said)).encode()).decode()
    response.set_cookie(
        COOKIE, f"{text}.{_mark(text, tokens)}", max_age=SECONDS, path="/app", httponly=True, samesite="lax"
    )


def read(request: Request, tokens: Tokens) -> Said | None:
    """Nothing when it is missing or not ours."""
    text, _, mark = request.cookies.get(COOKIE, "").partition(".")
    if not text or not hmac.compare_digest(mark.encode(), _mark(text, tokens).encode()):
        return None
    return thaw(json.loads(base64.urlsafe_b64decode(text)))


def forget(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/app", httponly=True, samesite="lax")


def _mark(text: str, tokens: Tokens) -> str:
    return tokens.digest(f"said {text}")
