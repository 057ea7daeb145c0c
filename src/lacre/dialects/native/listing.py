"""Lists that are turned by the page: of what an account has few of."""

from __future__ import annotations

from typing import Annotated, TypeAlias, TypeVar

from fastapi import Query

from lacre.fiscal.repositories import Listed

Kept = TypeVar("Kept")

PageSize: TypeAlias = Annotated[int, Query(ge=1, le=100)]
Page: TypeAlias = Annotated[
    int, Query(ge=1, le=100_000, alias="cursor", description="`next` of the page before.")
]
Text: TypeAlias = Annotated[str, Query(max_length=200)]


def next_page(found: Listed[Kept], page: int, limit: int) -> str | None:
    return str(page + 1) if page * limit < found.total else None
