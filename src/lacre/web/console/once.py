"""A form that goes out twice does its work once: a browser without scripts sends one for each press.

Each page has a mark of its own. Scripts take it away, since they see to this by themselves and may well send
a form again on purpose without leaving its page.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lacre.accounts.answers import GivenAnswer
from lacre.services import Tokens
from lacre.web.console.said import Said, thaw
from lacre.web.layout.rendering import PRIVATE

FIELD = "once"
GOES_ON, STAYS = 303, 200


def key_of(request: Request, form: FormData, tokens: Tokens) -> str:
    """Of this form with what is in it; empty of one without a mark."""
    if not form.get(FIELD):
        return ""
    said = [
        (name, value if isinstance(value, str) else f"{value.filename} {value.size}")
        for name, value in form.multi_items()
    ]
    return f"form {tokens.digest(json.dumps([request.url.path, said]))}"


def going_on(path: str, said: Said | None) -> GivenAnswer:
    told = asdict(said) if said else None
    return GivenAnswer(request_digest="", status=GOES_ON, body=json.dumps({"path": path, "said": told}))


def staying(page: Response) -> GivenAnswer:
    return GivenAnswer(request_digest="", status=STAYS, body=bytes(page.body).decode())


def gone_on(given: GivenAnswer) -> tuple[str, Said | None] | None:
    """Where it led, and what was said there; `None` of a page."""
    if given.status != GOES_ON:
        return None
    kept = json.loads(given.body)
    return str(kept["path"]), thaw(kept["said"]) if kept["said"] else None


def stayed(given: GivenAnswer) -> Response:
    return HTMLResponse(given.body, headers=PRIVATE)
