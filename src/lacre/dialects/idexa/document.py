"""A document as a GET shows it, in either generation, and as the callback brings it."""

from __future__ import annotations

from datetime import datetime

from lacre.dialects.idexa import words
from lacre.kit.json import Json
from lacre.kit.times import BRASILIA
from lacre.processing.extraction import Extraction, Problem, Status

OURS = "idexa"
"""Where in `dialect_data` we keep what only we understand."""
KEY = "api_key_id"


def shown(one: Extraction, generation: int) -> dict[str, Json]:
    number, name = words.STATUSES[one.status]
    head = _first(one) if generation == 1 else _second(one)
    return {
        **head,
        "data": dict(one.data) if one.status is Status.FINISHED else None,
        "processTime": one.process_seconds,
        "status": number,
        "statusDesc": name,
        "createdAt": instant(one.created_at),
        "updatedAt": instant(one.updated_at),
        **({"error": _problem(one.problem)} if one.problem else {}),
    }


def received(one: Extraction, generation: int) -> dict[str, Json]:
    """The answer to an upload: as it stands, without what there cannot be yet."""
    said = shown(one, generation)
    del said["processTime"]
    return said


def instant(at: datetime) -> str:
    """`2022-10-14 14:38:50.045316`, in Brasília, as everything there."""
    return at.astimezone(BRASILIA).strftime("%Y-%m-%d %H:%M:%S.%f")


def _first(one: Extraction) -> dict[str, Json]:
    mine = one.dialect_data.get(OURS)
    key = mine.get(KEY) if isinstance(mine, dict) else None
    return {"id": one.id, "apiKeyId": key, "type": one.type, "fileType": one.kind or None}


def _second(one: Extraction) -> dict[str, Json]:
    return {"id": one.id, "externalId": one.external_id or None, "type": one.type}


def _problem(problem: Problem) -> dict[str, Json]:
    """Theirs has no such property; a status alone says nothing that can be mended."""
    return {"code": problem.code, "message": words.PROBLEMS[problem.code].format(page=problem.page)}
