"""What holds for every endpoint of the account that chooses nothing else."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native.call import Call, Caller, answer
from lacre.dialects.native.wire.webhook_settings import WebhookSettings
from lacre.services import Work
from lacre.webhooks import actions
from lacre.webhooks.promise import Terms

router = APIRouter(tags=["endpoints"])


@router.get("/webhook-settings", response_model=WebhookSettings)
def read_webhook_settings(call: Caller) -> Response:
    """How often and how long is tried, and what counts as success."""
    with call.services.open_work() as work:
        return answer(_shown(work, call))


@router.put("/webhook-settings", response_model=WebhookSettings)
def change_webhook_settings(call: Caller, said: WebhookSettings) -> Response:
    """Holds from the next attempt on. What is `null` is as each endpoint's own promise has it."""
    with call.services.open_work() as work:
        actions.agree(work, call.account_id, _terms(said))
        return answer(_shown(work, call))


def _terms(said: WebhookSettings) -> Terms | None:
    waits = (said.pause_minutes * 60,) * (said.attempts - 1) if said.attempts and said.pause_minutes else None
    only_200 = None if said.success is None else said.success == "200"
    terms = Terms(retry=waits, deadline_seconds=said.deadline_seconds, only_200=only_200)
    return None if terms == Terms() else terms


def _shown(work: Work, call: Call) -> WebhookSettings:
    terms = work.endpoints.agreed(call.account_id) or Terms()
    waits = terms.retry if isinstance(terms.retry, tuple) else ()
    return WebhookSettings(
        attempts=len(waits) + 1 if waits else None,
        pause_minutes=waits[0] // 60 if waits else None,
        deadline_seconds=terms.deadline_seconds,
        success=None if terms.only_200 is None else "200" if terms.only_200 else "2xx",
    )
