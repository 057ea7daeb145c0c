"""How often and how long is tried, chosen once for all webhooks of the account that choose nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.routing import BaseRoute

from lacre.kit.refusal import Refusal
from lacre.web.console import notes, terms
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.said import Said
from lacre.webhooks import actions
from lacre.webhooks.promise import MOST_ATTEMPTS_OF_ACCOUNTS, Terms

PAGE = "/app/endpoints/retries"
FIELDS = ("attempts", "pause", "success")


def routes(door: Door) -> list[BaseRoute]:
    return [door.page(PAGE, show), door.act(PAGE, change)]


def show(visit: Visit) -> Answer:
    return _form(_as_typed(visit.work.endpoints.agreed(visit.account_id)), {})


def change(visit: Visit) -> Answer:
    typed = {name: visit.typed(name) for name in FIELDS}
    try:
        actions.agree(visit.work, visit.account_id, _read(typed))
    except Refusal as refusal:
        return _form(typed, {"retry": (refusal.template, *refusal.args)})
    return Goto("/app/endpoints", Said(words=notes.RETRIES_CHANGED))


def _read(typed: Mapping[str, str]) -> Terms | None:
    """Both numbers or none: a pause alone says nothing."""
    paused = bool(typed["attempts"] or typed["pause"])
    retry = {"retry": terms.PAUSE if paused else ""}
    return terms.read({**dict.fromkeys(terms.FIELDS, ""), **typed, **retry})


def _as_typed(chosen: Terms | None) -> dict[str, str]:
    waits = chosen.retry if chosen and isinstance(chosen.retry, tuple) else ()
    return {
        "attempts": str(len(waits) + 1) if waits else "",
        "pause": str(waits[0] // 60) if waits else "",
        "success": terms.as_typed(chosen)["success"],
    }


def _form(typed: Mapping[str, str], errors: Mapping[str, object]) -> Page:
    values = {"typed": typed, "errors": errors, "most": MOST_ATTEMPTS_OF_ACCOUNTS}
    return Page("console/account_retries.html", values, status=422 if errors else 200)
