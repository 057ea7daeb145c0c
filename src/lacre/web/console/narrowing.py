"""To whose documents and to which folders a webhook is narrowed: ticked in its form, said on its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from lacre.kit.ids import FolderId, GroupId, UserId
from lacre.signing.folder import ROOT, place_id
from lacre.web.console import advanced
from lacre.web.console.door import Visit
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.narrowing import EVERYTHING, Narrowing, Sender

FIELD = "narrowed"
"""Hidden field that says that a form asked for it: one without any tick says so too."""
SENDERS, GROUPS, FOLDERS = "senders", "groups", "folders"
Id = TypeVar("Id", bound=str)


@dataclass(frozen=True, kw_only=True)
class Part:
    """One kind of what can be ticked, by the id of each."""

    name: str
    offered: Mapping[str, str]
    """What it is called; nothing, where it is no longer there."""
    ticked: frozenset[str]

    @property
    def chosen(self) -> list[str]:
        return [called for one, called in self.offered.items() if one in self.ticked]


def offered(visit: Visit) -> dict[str, list[Part]]:
    """For one that is yet to be made, by the dialects that can narrow it."""
    return {
        name: _parts(visit, _ticked(visit, name, EVERYTHING) or EVERYTHING)
        for name, wording in visit.services.wordings.items()
        if wording.narrowing(advanced.blank(visit, name)) is not None
    }


def of_endpoint(visit: Visit, endpoint: Endpoint) -> dict[str, list[Part]]:
    """The same of one that is there; empty if its dialect cannot."""
    narrowing = visit.services.wordings[endpoint.dialect].narrowing(endpoint)
    return {} if narrowing is None else {endpoint.dialect: _parts(visit, narrowing)}


def narrow(visit: Visit, endpoint: Endpoint) -> None:
    """As was ticked; as it was, if the form did not ask."""
    wording = visit.services.wordings[endpoint.dialect]
    before = wording.narrowing(endpoint)
    to = None if before is None else _ticked(visit, endpoint.dialect, before)
    if to is not None:
        wording.narrow(endpoint, to)


def _ticked(visit: Visit, dialect: str, before: Narrowing) -> Narrowing | None:
    """Of what the account has, and what it was narrowed to before; `None` if the form did not ask."""
    if not visit.typed(f"{FIELD}-{dialect}"):
        return None
    ticks = {part.name: _ticks(visit, dialect, part) for part in _parts(visit, before)}
    people = visit.work.accounts.users(visit.account_id)
    emails = {one.id: one.email for one in before.senders} | {one.id: one.email for one in people}
    return Narrowing(
        senders=tuple(Sender(id=UserId(one), email=emails[UserId(one)]) for one in ticks[SENDERS]),
        groups=tuple(GroupId(one) for one in ticks[GROUPS]),
        folders=tuple(FolderId(one) for one in ticks[FOLDERS]),
    )


def _ticks(visit: Visit, dialect: str, part: Part) -> list[str]:
    said = visit.form.getlist(f"{part.name}-{dialect}")
    return [one for one in part.offered if one in said]


def _parts(visit: Visit, narrowing: Narrowing) -> list[Part]:
    """What is ticked comes first."""
    work, account_id = visit.work, visit.account_id
    people = {one.id: one.name or one.email for one in work.accounts.users(account_id)}
    groups = {one.id: one.name for one in work.groups.of_account(account_id)}
    folders = {place_id(account_id, path): path for path in (ROOT, *work.folders.paths(account_id))}
    return [
        _part(SENDERS, {one.id: one.email for one in narrowing.senders}, people),
        _part(GROUPS, dict.fromkeys(narrowing.groups, ""), groups),
        _part(FOLDERS, dict.fromkeys(narrowing.folders, ""), folders),
    ]


def _part(name: str, before: Mapping[Id, str], there: Mapping[Id, str]) -> Part:
    called: dict[str, str] = dict([*before.items(), *there.items()])
    return Part(name=name, offered=called, ticked=frozenset(before))
