"""Event types: what a webhook may hear, in the words of each dialect, and of each what comes with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.routing import BaseRoute

from lacre import sampling
from lacre.kit.refusal import NotFound
from lacre.web.console import words
from lacre.web.console.door import Answer, Door, Page, Visit
from lacre.web.console.shapes import tables
from lacre.webhooks.wording import Wording

PATH = "/app/event-types"


@dataclass(frozen=True)
class Catalogue:
    door: Door

    def routes(self) -> list[BaseRoute]:
        return [self.door.page(PATH, index), self.door.page(f"{PATH}/{{name}}", show)]


def index(visit: Visit) -> Answer:
    wording = _spoken(visit)
    values = {"dialect": wording.name, "offered": list(visit.services.wordings), "groups": _groups(wording)}
    return Page("console/event_types.html", values)


def show(visit: Visit) -> Answer:
    wording, name = _spoken(visit), str(visit.request.path_params["name"])
    if name not in {*wording.types, *wording.samples}:
        raise NotFound("page")
    schema = wording.schema(name)
    links = visit.services.links
    example = sampling.example(wording, name, visit.account_id, links=links, now=visit.now)
    values = {
        "name": name,
        "dialect": wording.name,
        "meaning": words.EVENTS.get(wording.samples.get(name, ""), ""),
        "tables": tables(schema) if schema else [],
        "schema": _laid_out(schema),
        "example": _laid_out(example),
    }
    return Page("console/event_type.html", values)


def _laid_out(said: object) -> str:
    """For readers; empty where there is nothing to read."""
    return json.dumps(said, ensure_ascii=False, indent=2) if said else ""


def _spoken(visit: Visit) -> Wording:
    offered = visit.services.wordings
    found = offered.get(visit.asked("dialect") or next(iter(offered)))
    if found is None:
        raise NotFound("page")
    return found


def _groups(wording: Wording) -> Mapping[str, list[tuple[str, str]]]:
    """By what they happen to: each type with its meaning; in the end those that are never sent here."""
    found: dict[str, list[tuple[str, str]]] = {group: [] for group in (*words.GROUPS.values(), "")}
    for name in wording.types:
        event_type = wording.samples.get(name, "")
        found[_group(event_type)].append((name, words.EVENTS.get(event_type, "")))
    return {group: types for group, types in found.items() if types}


def _group(event_type: str) -> str:
    return words.GROUPS.get(event_type.partition("_")[0], "")
