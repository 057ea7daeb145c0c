"""What a webhook hears, and the headers that it is sent with: chosen in a form, and changed in another.

A header's value is secret: it is typed and never shown again, and headers that are left empty stay as they
are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from lacre.kit.ids import as_uuid
from lacre.kit.refusal import Refusal
from lacre.web.console import access, notes, words
from lacre.web.console.door import Visit
from lacre.webhooks.endpoint import Endpoint

FIELDS = ("template", "headers")


class TemplateUnknown(Refusal):
    __doc__ = notes.TEMPLATE_UNKNOWN


def typed(visit: Visit) -> dict[str, str]:
    return {name: visit.typed(name) for name in FIELDS}


def types(visit: Visit, dialect: str) -> tuple[str, ...]:
    """Those that were ticked, of what the dialect knows."""
    offered = visit.services.wordings[dialect].types
    return tuple(str(one) for one in visit.form.getlist(f"types-{dialect}") if one in offered)


def template(visit: Visit, dialect: str, token: str) -> str:
    """Whatever has that form: it is only compared."""
    if dialect not in by_template(visit):
        return ""
    if token and as_uuid(token) is None:
        raise TemplateUnknown
    return as_uuid(token) or ""


def choose(visit: Visit, endpoint: Endpoint, said: Mapping[str, str]) -> None:
    endpoint.types = types(visit, endpoint.dialect)
    endpoint.template_id = template(visit, endpoint.dialect, said["template"])
    if said["headers"] or visit.typed("headers_gone"):
        endpoint.secrets = replace(endpoint.secrets, headers=access.header_lines(said["headers"]))


def by_template(visit: Visit) -> list[str]:
    """The dialects that know templates."""
    return [name for name, wording in visit.services.wordings.items() if wording.by_template]


def in_words(visit: Visit, dialect: str) -> dict[str, str]:
    """What each type of a dialect means; nothing of those that are never sent here."""
    wording = visit.services.wordings[dialect]
    return {one: words.EVENTS.get(wording.samples.get(one, ""), "") for one in wording.types}
