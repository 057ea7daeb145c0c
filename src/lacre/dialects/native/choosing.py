"""What an endpoint's owner chooses in a form: what is told, and how it is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

from lacre.dialects.native.wire.endpoints import PLACES, Content, Files, Method, Options
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.errors import ContentNotPossible
from lacre.webhooks.scheme import Scheme
from lacre.webhooks.template import check_places
from lacre.webhooks.unsigned import UNREADABLE
from lacre.webhooks.wording import Choice

FILLED = "filled"
PLACE_NAMES = tuple(place[1:] for place in PLACES)
METHODS: tuple[str, ...] = get_args(Method)
NOT_IN_CHUNKS = (
    "files inside cannot be signed with ed25519, which needs the whole body at once; "
    "choose links, or other signatures"
)

CHOICES = (
    Choice(name="include", offered=tuple(Content), several=True),
    Choice(name="files", offered=tuple(Files), several=False),
    Choice(name="method", offered=METHODS, several=False, of_request=True),
    Choice(name="fill_url", offered=(FILLED,), several=True, of_request=True),
    Choice(name="signatures", offered=tuple(Scheme), several=True, of_request=True),
)


def chosen(endpoint: Endpoint) -> dict[str, tuple[str, ...]]:
    options = Options.model_validate(endpoint.options)
    return {
        "include": options.include,
        "files": (options.files,),
        "method": (options.method,),
        "fill_url": (FILLED,) if options.fill_url else (),
        "signatures": options.signatures,
    }


def choose(endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
    """What is not said stays; raises `ContentNotPossible` and `PlaceUnknown`."""
    options = Options.model_validate(endpoint.options)
    # always in one order, so that the same choice is the same bytes; one that was not ticked stays
    known = {
        one.name: tuple(value for value in one.offered if value in said[one.name])
        for one in CHOICES
        if one.name in said
    }
    changed = {name: value for name, value in known.items() if name in ("include", "signatures")}
    single = {name: known[name][0] for name in ("files", "method") if known.get(name)}
    filled = {"fill_url": bool(known["fill_url"])} if "fill_url" in known else {}
    options = Options.model_validate(options.model_dump() | changed | single | filled)
    check(endpoint, options)
    endpoint.options = options.model_dump(mode="json")


def check(endpoint: Endpoint, options: Options) -> None:
    if options.fill_url:
        check_places(endpoint.url, PLACE_NAMES)
    if options.files is Files.BASE64 and UNREADABLE & {*options.signatures}:
        raise ContentNotPossible(NOT_IN_CHUNKS)
