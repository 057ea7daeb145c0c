"""Where each page is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lacre.engines.pades.cos import Malformed, Name, Ref, Value
from lacre.engines.pades.source import Source

_MOST_NODES = 400_000


@dataclass
class PageTree:
    source: Source

    @cached_property
    def root(self) -> Ref:
        return _as_ref(self.source.dictionary(self.source.root).get(b"Pages"))

    @property
    def count(self) -> int:
        """How many pages there are, whatever `/Count` pretends."""
        return len(self._pages)

    def ref(self, page: int) -> Ref:
        """The page with that number, from 0."""
        if not 0 <= page < len(self._pages):
            raise Malformed(f"there is no page {page + 1}")
        return self._pages[page]

    @cached_property
    def _pages(self) -> list[Ref]:
        return list(self._leaves())

    def _leaves(self) -> Iterator[Ref]:
        waiting, seen = [self.root], set[Ref]()
        while waiting:
            ref = waiting.pop()
            if ref in seen or len(seen) > _MOST_NODES:
                raise Malformed("the page tree goes in a circle")
            seen.add(ref)
            node = self.source.dictionary(ref)
            if b"Kids" in node and node.get(b"Type") != Name(b"Page"):
                waiting.extend(_as_ref(kid) for kid in reversed(self.source.array(node[b"Kids"])))
            else:
                yield ref


def _as_ref(value: Value | None) -> Ref:
    if not isinstance(value, Ref):
        raise Malformed("the page tree lacks a reference")
    return value
