"""What the figures were taken on: without it no figure means anything."""

from __future__ import annotations

import os
import platform
import resource
import sqlite3
import subprocess
import time
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pycurl
from cryptography.hazmat.backends.openssl import backend

_TICKS = os.sysconf("SC_CLK_TCK")


def machine() -> dict[str, str | int | float]:
    return {
        "cpu": _cpu(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "openssl": backend.openssl_version_text().split()[1],
        "sqlite": sqlite3.sqlite_version,
        "libcurl": pycurl.version_info()[1],
        "postgresql": _postgresql(),
        "pyhanko": version("pyhanko"),
        "lacre": _commit(),
        "day": time.strftime("%Y-%m-%d"),
        "load_before": round(os.getloadavg()[0], 1),
    }


def cpu_seconds(pid: int) -> float:
    """What a process and all that it started have used so far; of those that ended, what it waited for."""
    return sum(_ticks(one) for one in _family(pid)) / _TICKS


def own_cpu_seconds() -> float:
    """Of this process, finer than the kernel's ticks."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def _commit() -> str:
    found = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return found.stdout.strip() or version("lacre")


def _postgresql() -> str:
    try:
        found = subprocess.run(["psql", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return found.stdout.split()[2] if found.stdout else ""


def _family(pid: int) -> list[int]:
    children: list[int] = []
    with suppress(OSError):  # it may end while we look
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [int(child) for task in tasks for child in task.read_text().split()]
    return [pid, *(one for child in children for one in _family(child))]


def _ticks(pid: int) -> int:
    try:
        # the name in parentheses may hold spaces
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0
    user, system, waited_user, waited_system = map(int, fields[11:15])
    return user + system + waited_user + waited_system
