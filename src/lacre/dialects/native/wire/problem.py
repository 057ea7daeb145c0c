"""Every error (RFC 9457)."""

from __future__ import annotations

from pydantic import Field

from lacre.dialects.native.wire.values import Shown


class Invalid(Shown):
    """One value that cannot be taken."""

    pointer: str = Field(
        description="JSON pointer into the body, or the parameter's name after `?`.",
        examples=["#/signers/0/name"],
    )
    detail: str


class Problem(Shown):
    """`application/problem+json`."""

    type: str
    title: str
    status: int
    code: str = Field(description="Stable; decide by this.", examples=["envelope_closed"])
    detail: str
    errors: list[Invalid] = Field(default_factory=list, description="Of a validation.")
