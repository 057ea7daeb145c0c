"""What an account chooses for all of its endpoints, as it is said and shown."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from lacre.dialects.native.wire.endpoints import LONGEST_WAIT_SECONDS, Deadline, Success
from lacre.dialects.native.wire.values import Said
from lacre.webhooks.promise import MOST_ATTEMPTS_OF_ACCOUNTS


class WebhookSettings(Said):
    """`attempts` and `pause_minutes` go together."""

    attempts: int | None = Field(
        default=None, ge=2, le=MOST_ATTEMPTS_OF_ACCOUNTS, description="The first included."
    )
    pause_minutes: int | None = Field(
        default=None, ge=1, le=LONGEST_WAIT_SECONDS // 60, description="The same before each further attempt."
    )
    deadline_seconds: Deadline | None = None
    success: Success | None = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.attempts is None) != (self.pause_minutes is None):
            raise ValueError("attempts and pause_minutes go together")
        return self
