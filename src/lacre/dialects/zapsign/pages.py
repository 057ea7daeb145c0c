"""`{count, next, previous, results}`: numbered pages, as every list there has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeVar
from urllib.parse import urlencode

from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.kit.json import Json

_DIGITS = re.compile("[0-9]{1,8}")
LAST_PAGE = 1_000_000
NO_SUCH_PAGE = "Página inválida."
Item = TypeVar("Item")


@dataclass(frozen=True, kw_only=True)
class Paged:
    call: Call
    number: int
    per_page: int

    @classmethod
    def of(cls, call: Call, *, per_page: int) -> Self:
        said = call.query.get("page", "")
        if said and not (
            said.isascii() and said.isdigit() and len(said) <= 8 and 1 <= int(said) <= LAST_PAGE
        ):
            raise Declined(404, NO_SUCH_PAGE)
        return cls(call=call, number=int(said or 1), per_page=per_page)

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.per_page

    def cut(self, everything: Sequence[Item]) -> Sequence[Item]:
        return everything[self.offset : self.offset + self.per_page]

    def answer(self, results: Sequence[Json], *, total: int) -> dict[str, Json]:
        if self.number > 1 and not results:
            raise Declined(404, NO_SUCH_PAGE)
        more = self.offset + self.per_page < total
        return {
            "count": total,
            "next": self._url(self.number + 1) if more else None,
            "previous": self._url(self.number - 1) if self.number > 1 else None,
            "results": list(results),
        }

    def _url(self, number: int) -> str:
        """With the caller's own query, so that a token in it goes on working."""
        others = [(name, value) for name, value in self.call.query.multi_items() if name != "page"]
        return f"{self.call.services.public_url}{self.call.url_path}?{urlencode([*others, ('page', number)])}"
