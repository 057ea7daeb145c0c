"""Where each page is, found without reading more of the page tree than needed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lacre.engines.pades.cos import Malformed, Name, Ref, Value, integer
from lacre.engines.pades.source import Source

_MOST_PAGES = 200_000


@dataclass
class PageTree:
    source: Source
    _walked: list[Ref] = field(default_factory=list)
    _walk: Iterator[Ref] | None = None

    @property
    def root(self) -> Ref:
        pages = self.source.dictionary(self.source.root).get(b"Pages")
        if not isinstance(pages, Ref):
            raise Malformed("the page tree is missing")
        return pages

    @property
    def count(self) -> int:
        return integer(self.source.get(self.source.dictionary(self.root).get(b"Count")))

    def ref(self, page: int) -> Ref:
        """The page with that number, from 0."""
        kids = self._flat()
        if kids is not None and 0 <= page < len(kids):
            return _as_ref(kids[page])
        if self._walk is None:
            self._walk = self._leaves()
        while len(self._walked) <= page:
            leaf = next(self._walk, None)
            if leaf is None:
                raise Malformed(f"there is no page {page + 1}")
            self._walked.append(leaf)
        return self._walked[page]

    def _flat(self) -> list[Value] | None:
        """The pages, if all of them hang from the root."""
        if self._walk is not None:
            return None
        kids = self.source.array(self.source.dictionary(self.root).get(b"Kids"))
        return kids if len(kids) == self.count and self._is_page(kids[0] if kids else None) else None

    def _is_page(self, ref: Value | None) -> bool:
        return isinstance(ref, Ref) and b"Kids" not in self.source.dictionary(ref)

    def _leaves(self) -> Iterator[Ref]:
        waiting, seen = [self.root], set[Ref]()
        while waiting:
            ref = waiting.pop()
            if ref in seen or len(seen) > _MOST_PAGES:
                raise Malformed("the page tree goes in a circle")
            seen.add(ref)
            node = self.source.dictionary(ref)
            if b"Kids" in node and node.get(b"Type") != Name(b"Page"):
                waiting.extend(_as_ref(kid) for kid in reversed(self.source.array(node[b"Kids"])))
            else:
                yield ref


def _as_ref(value: Value) -> Ref:
    if not isinstance(value, Ref):
        raise Malformed("a page stands directly in the page tree")
    return value
