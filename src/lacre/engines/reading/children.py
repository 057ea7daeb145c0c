"""What the child processes are asked to do; named here so that only they import what it takes.

Numerics and models start threads and hold memory as soon as they are imported: not in the server.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from lacre.processing.page import Page
from lacre.processing.ports import Failure, Opened

PRELOADED = ("lacre.engines.reading.sheets", "lacre.engines.reading.searchable")
_WRITTEN, _READ = msgspec.msgpack.Encoder(), msgspec.msgpack.Decoder(Page)


def open_file(file: Path) -> Opened | Failure:
    from lacre.engines.reading import sheets  # noqa: PLC0415

    return sheets.open_file(file)


def read_pages(
    file: Path, numbers: Sequence[int], eyes: str, languages: Sequence[str]
) -> list[bytes | Failure]:
    """For `page_told`: words by the hundred come across in a tenth of pickle's time, and are checked."""
    from lacre.engines.reading import sheets  # noqa: PLC0415

    found = sheets.read_pages(file, numbers, eyes, languages)
    return [one if isinstance(one, Failure) else _WRITTEN.encode(one) for one in found]


def page_told(answer: bytes | Failure) -> Page | Failure:
    return answer if isinstance(answer, Failure) else _READ.decode(answer)


def draw_page(file: Path, number: int, width: int, turned: int, skew: float) -> bytes | Failure:
    from lacre.engines.reading import sheets  # noqa: PLC0415

    return sheets.draw_page(file, number, width, turned, skew)


def make_searchable(file: Path, pages: Sequence[Page], to: Path) -> Failure | None:
    from lacre.engines.reading import searchable  # noqa: PLC0415

    return searchable.make_searchable(file, pages, to)
