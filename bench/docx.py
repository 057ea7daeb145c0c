"""A DOCX filled and made PDF by a LibreOffice that stays, beside one that is started for each document."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from lacre.engines.docx.filling import fill
from lacre.engines.office.installed import OfficeMissing, find_office
from lacre.engines.office.pool import OfficePool
from lacre.engines.office.process import RunningOffice
from tests.support.docx import docx_of

CLAUSE = "Cláusula {0}: {{{{NOME}}}} pagará {{{{valor}}}} até o dia dez de cada mês, sem falta nem atraso. "
DOCUMENTS: Mapping[str, bytes] = {
    "one page": docx_of(*[CLAUSE.format(number) for number in range(12)], header="{{empresa}}"),
    "four pages, a table": docx_of(
        *[CLAUSE.format(number) * 4 for number in range(40)],
        table=[["{{cidade}}", "{{valor}}", "{{NOME}}"]] * 12,
        header="{{empresa}}",
    ),
}
ANSWERS = {"NOME": "Conceição Araújo", "valor": "R$ 1.234,56", "empresa": "Papelaria", "cidade": "Itu"}
WARM = 8
"""The first documents of a LibreOffice take longer."""


def measure(rounds: int = 10) -> dict[str, object]:
    """Milliseconds of the clock and of CPU for one document; memory is that of the one that stays."""
    try:
        find_office("soffice")
    except OfficeMissing as missing:
        print(f"DOCX is left out: {missing}", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory() as name, closing(OfficePool(1)) as pool:
        return {title: _measured(Path(name), pool, content, rounds) for title, content in DOCUMENTS.items()}


def _measured(folder: Path, pool: OfficePool, content: bytes, rounds: int) -> dict[str, float]:
    file = folder / "template.docx"
    file.write_bytes(content)
    for _ in range(WARM):
        _by_pool(pool, file, folder)
    kept, fresh = [], []
    for _ in range(rounds):
        kept.append(_timed(lambda: _by_pool(pool, file, folder), lambda: _cpu_of(pool)))
        fresh.append(_timed(lambda: _by_start(file, folder), _cpu_of_children))
    return {
        "kept_ms": statistics.median(wall for wall, _ in kept),
        "kept_cpu_ms": statistics.median(cpu for _, cpu in kept),
        "fresh_ms": statistics.median(wall for wall, _ in fresh),
        "fresh_cpu_ms": statistics.median(cpu for _, cpu in fresh),
        "ratio": statistics.median(theirs / ours for (_, ours), (_, theirs) in zip(kept, fresh, strict=True)),
        "memory_mb": _office(pool).resident_bytes / 1e6,
    }


def _by_pool(pool: OfficePool, file: Path, folder: Path) -> None:
    filled = folder / "filled.docx"
    assert fill(file, ANSWERS, filled) is None
    assert pool.convert(filled, folder / "kept.pdf") is None


def _by_start(file: Path, folder: Path) -> None:
    filled = folder / "filled.docx"
    assert fill(file, ANSWERS, filled) is None
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "pdf",
    ]
    subprocess.run([*command, "--outdir", folder, filled], check=True, capture_output=True)


def _timed(work: Callable[[], None], cpu: Callable[[], float]) -> tuple[float, float]:
    """Of the clock and of CPU, milliseconds."""
    before, began = cpu(), time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000, cpu() - before


def _cpu_of(pool: OfficePool) -> float:
    """Milliseconds, of ours that fills and of both processes of the one that stays."""
    ticks = sum(_ticks(process) for process in _members(_office(pool).group))
    return time.process_time() * 1000 + ticks * 1000 / os.sysconf("SC_CLK_TCK")


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (time.process_time() + used.ru_utime + used.ru_stime) * 1000


def _members(group: int) -> list[int]:
    running = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit()]
    return [process for process in running if _group_of(process) == group]


def _group_of(process: int) -> int:
    try:
        return os.getpgid(process)
    except ProcessLookupError:
        return -1


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def _office(pool: OfficePool) -> RunningOffice:
    office = pool._idle.queue[0]
    assert office is not None
    return office
