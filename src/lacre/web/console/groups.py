"""Groups of people, by which webhooks can be narrowed: listed, made, changed, deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from starlette.routing import BaseRoute

from lacre.accounts import group as actions
from lacre.accounts.group import LONGEST_NAME, Group
from lacre.kit.ids import GroupId, UserId
from lacre.kit.refusal import NotFound, Refusal
from lacre.web.console import notes
from lacre.web.console.door import Answer, Door, Goto, Page, Visit
from lacre.web.console.said import Said

PATH = "/app/groups"


@dataclass(frozen=True)
class Groups:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = PATH + "/{id}"
        return [
            self.door.page(PATH, index),
            self.door.act(PATH, create),
            self.door.page(one, show),
            self.door.act(one, change),
            self.door.act(f"{one}/delete", delete),
        ]


def index(visit: Visit) -> Answer:
    return _listed(visit)


def create(visit: Visit) -> Answer:
    empty = Group(
        id=GroupId(visit.services.tokens.uuid()),
        account_id=visit.account_id,
        name="",
        members=(),
        created_at=visit.now,
    )
    return _keep(visit, empty, _listed)


def show(visit: Visit) -> Answer:
    return _form(visit, _mine(visit))


def change(visit: Visit) -> Answer:
    return _keep(visit, _mine(visit), _form)


def delete(visit: Visit) -> Answer:
    visit.work.groups.remove(_mine(visit))
    return Goto(PATH, Said(words=notes.GROUP_DELETED))


def _keep(visit: Visit, before: Group, again: Callable[[Visit, Group, Refusal], Page]) -> Answer:
    """As it was typed; `again` is the page that shows what was wrong with it."""
    name = visit.typed("name", LONGEST_NAME + 1)
    typed = replace(before, name=name, members=_members(visit))
    try:
        actions.keep(visit.work, typed)
    except Refusal as refusal:
        return again(visit, typed, refusal)
    return Goto(PATH, Said(words=notes.GROUP_KEPT))


def _members(visit: Visit) -> tuple[UserId, ...]:
    """Of those ticked, the account's own."""
    ticked = {str(one) for one in visit.form.getlist("members")}
    return tuple(one.id for one in visit.work.accounts.users(visit.account_id) if one.id in ticked)


def _mine(visit: Visit) -> Group:
    for one in visit.work.groups.of_account(visit.account_id):
        if one.id == visit.named():
            return one
    raise NotFound("group")


def _listed(visit: Visit, typed: Group | None = None, refusal: Refusal | None = None) -> Page:
    groups: Sequence[Group] = visit.work.groups.of_account(visit.account_id)
    return _page(visit, "console/groups.html", {"groups": groups, "typed": typed}, refusal)


def _form(visit: Visit, group: Group, refusal: Refusal | None = None) -> Page:
    return _page(visit, "console/group.html", {"group": group, "typed": group}, refusal)


def _page(visit: Visit, template: str, values: dict[str, object], refusal: Refusal | None) -> Page:
    people = {one.id: one.name or one.email for one in visit.work.accounts.users(visit.account_id)}
    wrong = refusal.template if refusal else ""
    return Page(template, {**values, "people": people, "wrong": wrong}, status=422 if refusal else 200)
