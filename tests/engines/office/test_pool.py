"""A LibreOffice that stays: quick, bounded, and killed whole without anybody being the worse for it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lacre.engines.docx.filling import fill
from lacre.engines.office.installed import OfficeMissing
from lacre.engines.office.pool import OfficePool, Trouble
from lacre.engines.office.process import SOCKETS
from tests.support.docx import docx_of, with_body, with_relation, written

pytestmark = pytest.mark.slow
PICTURE = (
    '<w:p xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:r><w:drawing><wp:inline>'
    '<wp:extent cx="914400" cy="914400"/><wp:docPr id="1" name="x"/><a:graphic>'
    '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr>'
    '<pic:cNvPr id="1" name="x"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rX"/>'
    "</pic:blipFill><pic:spPr><a:prstGeom prst='rect'/></pic:spPr></pic:pic></a:graphicData></a:graphic>"
    "</wp:inline></w:drawing></w:r></w:p>"
)


@pytest.fixture(scope="module")
def pool() -> Iterator[OfficePool]:
    opened = OfficePool(1)
    yield opened
    opened.close()


def test_a_filled_document_is_read_back_from_its_pdf(pool: OfficePool, tmp_path: Path) -> None:
    content = docx_of(
        ["Eu, {{NO", "ME}}, de São Luís"], table=[["{{valor}}"]], header="{{topo}}", footer="pé: {{NOME}}"
    )
    answers = {"NOME": "Conceição Araújo", "valor": "R$ 1.234,56", "topo": "Locação"}
    assert fill(written(tmp_path, content), answers, tmp_path / "filled.docx") is None

    assert pool.convert(tmp_path / "filled.docx", tmp_path / "out.pdf") is None

    text = _text(tmp_path / "out.pdf")
    for said in ("Eu, Conceição Araújo, de São Luís", "R$ 1.234,56", "Locação", "pé: Conceição Araújo"):
        assert said in text


def test_the_second_document_needs_no_start(pool: OfficePool, tmp_path: Path) -> None:
    file = written(tmp_path, docx_of("a"))
    pool.convert(file, tmp_path / "first.pdf")
    group = _group_of(pool)

    pool.convert(file, tmp_path / "second.pdf")

    assert _group_of(pool) == group


def test_one_that_dies_amid_a_document_is_replaced_and_the_document_made(
    pool: OfficePool, tmp_path: Path
) -> None:
    pool.convert(written(tmp_path, docx_of("a"), "a.docx"), tmp_path / "a.pdf")
    before, long = _group_of(pool), written(tmp_path, _long())
    office = _office_in(before)
    threading.Timer(0.2, os.kill, (office, signal.SIGKILL)).start()

    assert pool.convert(long, tmp_path / "out.pdf") is None

    assert _group_of(pool) != before
    assert "Cláusula" in _text(tmp_path / "out.pdf")
    assert not _name_of(office).startswith("soffice")


def test_one_that_hangs_is_killed_with_its_group_in_time(tmp_path: Path) -> None:
    pool, file = OfficePool(1), written(tmp_path, docx_of("a"))
    try:
        pool.convert(file, tmp_path / "a.pdf")
        pool._seconds = 1.0
        group = _group_of(pool)
        os.kill(_office_in(group), signal.SIGSTOP)

        assert pool.convert(file, tmp_path / "b.pdf") is Trouble.SLOW

        _until(lambda: not _group_lives(group))
    finally:
        pool.close()


def test_a_linked_picture_is_not_fetched_even_if_it_came_so_far(pool: OfficePool, tmp_path: Path) -> None:
    """Such files are refused before; this is the second wall."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/x.png"
        linked = with_body(with_relation(docx_of("texto"), "image", url), PICTURE)

        assert pool.convert(written(tmp_path, linked), tmp_path / "out.pdf") is None

        with pytest.raises(BlockingIOError):
            listening.accept()
    assert "texto" in _text(tmp_path / "out.pdf")


def test_what_is_no_document_is_said_to_be_broken_and_hurts_nobody(pool: OfficePool, tmp_path: Path) -> None:
    assert pool.convert(written(tmp_path, b"nothing"), tmp_path / "out.pdf") is Trouble.BROKEN

    assert pool.convert(written(tmp_path, docx_of("a")), tmp_path / "out.pdf") is None


def test_one_that_has_done_enough_is_ended_and_leaves_nothing_behind(tmp_path: Path) -> None:
    pool, file = OfficePool(1, documents=2), written(tmp_path, docx_of("a"))
    try:
        pool.convert(file, tmp_path / "out.pdf")
        office = pool._idle.queue[0]
        assert office is not None
        left = [Path(office._folder.name), *office._sockets]
        assert len(left) > 1
        assert all(one.exists() for one in left)

        pool.convert(file, tmp_path / "out.pdf")

        assert pool._idle.queue == [None]
        assert not any(one.exists() for one in left)
    finally:
        pool.close()


def test_it_ends_with_whoever_started_it_and_the_next_one_sweeps_up(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from lacre.engines.office.pool import OfficePool\n"
        "pool = OfficePool(1); pool.convert(Path(sys.argv[1]), Path(sys.argv[2]))\n"
        "office = pool._idle.queue[0]\n"
        "print(office.group, office._folder.name, flush=True)\n"
        "sys.stdin.read()"
    )
    file = written(tmp_path, docx_of("a"))
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(file), str(tmp_path / "out.pdf")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PYTHONPATH": "src", "PATH": os.environ["PATH"]},
    )  # fmt: skip
    with parent:
        assert parent.stdout is not None
        told, parent_folder = parent.stdout.readline().decode().split()
        group = int(told)
        assert _group_lives(group)

        parent.kill()
        parent.wait()

    _until(lambda: not _group_lives(group))
    folder = Path(parent_folder)
    assert folder.exists()

    pool = OfficePool(1)
    pool.convert(file, tmp_path / "again.pdf")
    pool.close()

    assert not folder.exists()
    assert not list(SOCKETS.glob(f"OSL_PIPE_*_{folder.name}"))


@pytest.mark.parametrize("program", ["", "no-such-program", "/bin/true"])
def test_a_machine_without_it_says_what_to_install(tmp_path: Path, program: str) -> None:
    pool = OfficePool(1, program=program)

    with pytest.raises(OfficeMissing, match="apt-get install libreoffice-writer-nogui python3-uno"):
        pool.convert(written(tmp_path, docx_of("a")), tmp_path / "out.pdf")

    pool.close()


def _text(file: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True)
    return done.stdout


def _group_of(pool: OfficePool) -> int:
    office = pool._idle.queue[0]
    assert office is not None
    return office.group


def _office_in(group: int) -> int:
    members = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return next(one for one in members if _name_of(one).startswith("soffice") and os.getpgid(one) == group)


def _name_of(process: int) -> str:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text()
    return ""


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _long() -> bytes:
    """Some seconds' work."""
    return with_body(docx_of("fim"), "<w:p><w:r><w:t>Cláusula única</w:t></w:r></w:p>" * 8_000)


def _until(true: Callable[[], bool], seconds: float = 45) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
