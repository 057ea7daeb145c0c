"""One warm reader for all of these tests: its models take a second to load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lacre.engines.office.pool import OfficePool
from lacre.engines.reading.children import PRELOADED
from lacre.engines.reading.reader import FileReader
from lacre.engines.sandbox import Sandbox
from lacre.processing.page import Page
from lacre.processing.ports import Failure


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1, preload=PRELOADED) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def offices() -> Iterator[OfficePool]:
    with closing(OfficePool(1)) as pool:
        yield pool


@pytest.fixture(scope="session")
def reader(sandbox: Sandbox, offices: OfficePool) -> Iterator[FileReader]:
    with closing(FileReader(sandbox, offices, eyes="rapid", at_once=1)) as reader:
        yield reader


class Desk:
    """Puts files down and has them read."""

    def __init__(self, reader: FileReader, folder: Path) -> None:
        self.reader, self.folder = reader, folder

    def lay(self, content: bytes) -> Path:
        file = self.folder / f"{len(list(self.folder.iterdir()))}.bin"
        file.write_bytes(content)
        return file

    def read(self, content: bytes, *numbers: int) -> list[Page | Failure]:
        return list(self.reader.read(self.lay(content), numbers or (1,), languages=("pt", "en")))

    def page(self, content: bytes, number: int = 1) -> Page:
        (page,) = self.read(content, number)
        assert isinstance(page, Page)
        return page


@pytest.fixture
def desk(reader: FileReader, tmp_path: Path) -> Desk:
    return Desk(reader, tmp_path)
