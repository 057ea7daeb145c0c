"""URLs with places to fill: `https://erp.example/documents/:external_id?event=:type`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from urllib.parse import quote

from lacre.webhooks.errors import PlaceUnknown

NOTHING = "none"
"""Where an event has no such thing: an empty place would make another, perhaps a much larger, resource."""

# a whole segment, or the whole value of a parameter: `/items:batch` and `:8080` are no places
_PLACE = re.compile(r"(?<=[/=]):([a-z][a-z_]*)(?=$|[/?#&])")
_AUTHORITY = re.compile(r"[^:/?#]+://[^/?#]*")
_DOTS = frozenset({".", ".."})


def fill(url: str, fields: Mapping[str, str]) -> str:
    """Each value stays within its place, whatever it holds; the host is never filled."""
    host, rest = _parted(url)
    return host + _PLACE.sub(lambda place: _safe(fields.get(place[1], "")), rest)


def check_places(url: str, known: Collection[str]) -> None:
    """At save: a misspelt name would go out as it is."""
    unknown = [name for name in _PLACE.findall(_parted(url)[1]) if name not in known]
    if unknown:
        raise PlaceUnknown(unknown[0], ", ".join(f":{one}" for one in sorted(known)))


def _parted(url: str) -> tuple[str, str]:
    found = _AUTHORITY.match(url)
    cut = found.end() if found else 0
    return url[:cut], url[cut:]


def _safe(value: str) -> str:
    # dots move up a level even when they are percent-encoded
    return NOTHING if not value or value in _DOTS else quote(value, safe="")
