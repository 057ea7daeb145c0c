"""API keys: listed by their last signs, created and shown once, renewed, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from lacre.accounts.account import ApiKey, NewKey
from lacre.accounts.actions import KeyRevoked, give_key, renew_key
from lacre.kit.refusal import NotFound
from lacre.web.console import notes
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.said import Said
from lacre.web.console.turning import PER_PAGE, Turning

PATH = "/app/keys"
MOST_REVOKED = 100


@dataclass(frozen=True)
class Keys:
    door: Door

    def routes(self) -> list[BaseRoute]:
        return [
            self.door.page(PATH, index),
            self.door.act(PATH, create),
            self.door.act(f"{PATH}/{{id}}/renew", renew),
            self.door.act(f"{PATH}/{{id}}/revoke", revoke),
        ]


def index(visit: Visit) -> Answer:
    return _page(visit)


def create(visit: Visit) -> Answer:
    dialect = visit.typed("dialect")
    if dialect not in visit.services.wordings:
        raise NotFound("dialect")
    keys = visit.services.new_keys(dialect)
    for one in keys:
        _give(visit, one, visit.typed("name", 80))
    return _page(visit, keys)


def renew(visit: Visit) -> Answer:
    old, tokens = _mine(visit), visit.services.tokens
    new = visit.services.new_key(old.dialect)
    digest = tokens.digest(new.secret)
    try:
        renew_key(visit.work, old, key_id=tokens.uuid(), key=new.secret, digest=digest, now=visit.now)
    except KeyRevoked:
        return Goto(PATH, Said(words=notes.KEY_OVER, tone="bad"))
    return _page(visit, [new], old)


def revoke(visit: Visit) -> Answer:
    visit.work.accounts.revoke_key(visit.account_id, _mine(visit).id, now=visit.now)
    return Goto(PATH, Said(words=notes.KEY_REVOKED))


def _mine(visit: Visit) -> ApiKey:
    for one in visit.work.accounts.keys(visit.account_id):
        if one.id == visit.named():
            return one
    raise NotFound("key")


def _give(visit: Visit, one: NewKey, name: str) -> None:
    tokens = visit.services.tokens
    give_key(
        visit.work,
        visit.visitor.account,
        dialect=one.dialect,
        key_id=tokens.uuid(),
        key=one.secret,
        digest=tokens.digest(one.secret),
        now=visit.now,
        name=name,
    )


def _turned_to(keys: Sequence[ApiKey], after: str) -> tuple[Sequence[ApiKey], Turning]:
    """A page of them: each is drawn with what can be done to it."""
    first = next((place + 1 for place, one in enumerate(keys) if one.id == after), 0)
    shown = keys[first : first + PER_PAGE]
    last = shown[-1].id if len(keys) > first + PER_PAGE else ""
    return shown, Turning(path=PATH, asked={}, after=after if first else "", next=last)


def _page(visit: Visit, given: Sequence[NewKey] = (), replaced: ApiKey | None = None) -> Page:
    keys = sorted(visit.work.accounts.keys(visit.account_id), key=lambda one: one.created_at, reverse=True)
    revoked = [one for one in keys if one.revoked_at is not None]
    valid, listing = _turned_to([one for one in keys if one.revoked_at is None], visit.asked("after"))
    shown = {
        "valid": valid,
        "listing": listing,
        "revoked": revoked[:MOST_REVOKED],
        "all_revoked": len(revoked),
        "dialects": list(visit.services.wordings),
        "given": given,
        "replaced": replaced,
    }
    return Page("console/keys.html", shown)
