"""Form fields as the objects that they mean, as Rails reads them: `address[zipcode]=1`, `items[][name]=2`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from lacre.dialects.fastnotas.errors import Declined, unprocessable

MOST_FIELDS = 2_000
DEEPEST = 8
_NAME = re.compile(r"[^\[\]]+")
_PART = re.compile(r"\[([^\[\]]*)\]")


def nested(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Values are texts, or uploads; raises `Declined` of names that contradict each other."""
    said: dict[str, Any] = {}
    for number, (name, value) in enumerate(fields):
        if number >= MOST_FIELDS:
            raise unprocessable({"base": [f"até {MOST_FIELDS} campos"]})
        _put(said, _path(name), value, name)
    return said


def _path(name: str) -> list[str]:
    head = _NAME.match(name)
    if head is None:
        return [name]
    parts = _PART.findall(name, head.end())
    whole = head[0] + "".join(f"[{part}]" for part in parts)
    return [head[0], *parts] if whole == name and len(parts) < DEEPEST else [name]


def _put(into: Any, path: list[str], value: Any, name: str) -> None:  # noqa: ANN401 - JSON in the making
    head, *rest = path
    if not rest:
        if isinstance(into.get(head), dict | list):
            raise _contradiction(name)
        into[head] = value
    elif rest[0] == "":
        _add(_opened(into, head, list, name), rest[1:], value, name)
    else:
        _put(_opened(into, head, dict, name), rest, value, name)


def _add(items: list[Any], rest: list[str], value: Any, name: str) -> None:  # noqa: ANN401 - JSON in the making
    """A key that the last item has already begins the next one."""
    if not rest:
        items.append(value)
        return
    if not items or not isinstance(items[-1], dict) or _has(items[-1], rest):
        items.append({})
    _put(items[-1], rest, value, name)


def _has(item: Any, path: list[str]) -> bool:  # noqa: ANN401 - JSON in the making
    for part in path:
        if not isinstance(item, dict) or part not in item:
            return False
        item = item[part]
    return True


def _opened(into: Any, head: str, kind: type, name: str) -> Any:  # noqa: ANN401 - JSON in the making
    held = into.setdefault(head, kind())
    if not isinstance(held, kind):
        raise _contradiction(name)
    return held


def _contradiction(name: str) -> Declined:
    return unprocessable({name[:80]: ["contradiz outro campo"]})
