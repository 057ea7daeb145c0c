"""Background checks: bought of others there, and not part of this product."""

from __future__ import annotations

from starlette.responses import PlainTextResponse, Response

from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import payment_required

NOT_FOUND = "Background check not found."


def create(_: Call) -> Response:
    """As for an account whose plan has none of them."""
    raise payment_required()


def read(_: Call) -> Response:
    return PlainTextResponse(NOT_FOUND, 404)
