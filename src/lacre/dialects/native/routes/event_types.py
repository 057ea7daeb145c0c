"""The catalogue of what there is to hear: each type with what it means, its schema and an example."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre import sampling
from lacre.dialects.native import catalogue, others, words
from lacre.dialects.native.call import Call, Caller, answer
from lacre.dialects.native.door import DIALECT
from lacre.dialects.native.problems import Declined
from lacre.dialects.native.routes.endpoints import Spoken
from lacre.dialects.native.wire.endpoints import EventTypeList, ShownEventType
from lacre.dialects.native.words import EventType
from lacre.webhooks.wording import Wording

router = APIRouter(tags=["event-types"])
Schemas = Annotated[bool, Query(description="With the schema and an example of each.")]


@router.get("/event-types", response_model=EventTypeList)
def list_event_types(call: Caller, dialect: Spoken = DIALECT, schemas: Schemas = True) -> Response:
    """What an endpoint may hear, in the words of its dialect, by name."""
    spoken = others.wording(call, dialect)
    return answer(EventTypeList(data=[_shown(call, spoken, name, whole=schemas) for name in spoken.types]))


@router.get("/event-types/{name}", response_model=ShownEventType)
def read_event_type(call: Caller, name: str, dialect: Spoken = DIALECT) -> Response:
    """One of them, or what is sent for a test alone."""
    spoken = others.wording(call, dialect)
    known = dict.fromkeys([*spoken.types, *spoken.samples])
    if name not in known:
        raise Declined("not_found", words.unknown(name, known), status=404)
    return answer(_shown(call, spoken, name, whole=True))


def _shown(call: Call, spoken: Wording, name: str, *, whole: bool) -> ShownEventType:
    kind = _kind(spoken, name)
    ours = spoken.name == DIALECT
    example = (
        sampling.example(spoken, name, call.account_id, links=call.links, now=call.now) if whole else None
    )
    return ShownEventType(
        name=name,
        group=kind.group if kind else "",
        description=kind.means if kind else "",
        json_schema=catalogue.schema(kind) if whole and ours and kind else None,
        example=example,
    )


def _kind(spoken: Wording, name: str) -> EventType | None:
    """What it means in our words."""
    return words.of_event(spoken.samples.get(name, ""))
