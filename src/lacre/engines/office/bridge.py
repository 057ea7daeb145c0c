"""Stands between us and one LibreOffice; run by the Python that has its `uno`, which is seldom ours.

Told in lines of JSON on a socket what to convert, says there what came of it. Imports nothing of ours. Both
live and die together: our parent kills our process group, LibreOffice is killed by the kernel when we end.
"""

from __future__ import annotations

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

NEW_NETWORK, NEW_USERS = 0x40000000, 0x10000000
DIE_WITH_PARENT = 1
STARTED_ANEW = 81
"""What LibreOffice ends with when it has just made its profile and wants to begin again."""
NEVER = 0
"""Both of macros being run and of links being followed."""
LARGEST_FILE = 512 << 20
EXPORT = {
    # text and structure for those who hear the file
    "UseTaggedPDF": True,
    # a form of the document's own would be in the way of ours
    "ExportFormFields": False,
    "ExportNotes": False,
}


def main(channel: int, program: str, profile: str, memory_bytes: int, idle_seconds: int) -> None:
    """`profile` is a folder whose name nobody else's has: the pipe is called so too."""
    _end_with_parent()
    _leave_network()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
    desktop, office = _open_office(program, profile, memory_bytes)
    with socket.socket(fileno=channel) as parent, parent.makefile("rw", encoding="utf-8") as lines:
        _say(lines, {"office": office.pid, "sockets": _sockets(office.pid)})
        # nothing asked for so long: nobody needs us, and the next call starts another
        parent.settimeout(idle_seconds)
        for line in lines:
            asked = json.loads(line)
            problem = _convert(desktop, asked["source"], asked["target"])
            if problem and _ended(office):
                raise SystemExit("LibreOffice died")
            _say(lines, {"problem": problem, "rss": _resident(office)})


def _end_with_parent() -> None:
    """The parent's end of stdin closes when it dies: the kernel then sends SIGIO, even while we wait."""
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | fcntl.FASYNC)


def _leave_network() -> None:
    """Where the kernel lets us; elsewhere there is nothing in the files that would be fetched."""
    unshare = ctypes.CDLL(None, use_errno=True).unshare
    if unshare(NEW_NETWORK) == 0:
        return
    user, group = os.getuid(), os.getgid()
    if unshare(NEW_USERS | NEW_NETWORK) == 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")


def _open_office(program: str, profile: str, memory_bytes: int) -> tuple[Any, subprocess.Popen[bytes]]:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    office = _start(program, profile, memory_bytes)
    while True:
        code = office.poll()
        if code == STARTED_ANEW:
            office = _start(program, profile, memory_bytes)
        elif code is not None:
            raise SystemExit(f"LibreOffice ended with {code}")
        try:
            there = resolver.resolve(f"uno:pipe,name={_pipe(profile)};urp;StarOffice.ComponentContext")
        except NoConnectException:
            # our parent bounds this wait
            time.sleep(0.02)
        else:
            return _desktop(there), office


def _desktop(there: Any) -> Any:  # noqa: ANN401 - LibreOffice has no types
    return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)


def _start(program: str, profile: str, memory_bytes: int) -> subprocess.Popen[bytes]:
    options = ["--headless", "--invisible", "--nologo", "--nodefault", "--norestore", "--nofirststartwizard"]
    return subprocess.Popen(  # noqa: S603 - the program that the operator named
        [
            program,
            *options,
            f"-env:UserInstallation=file://{profile}",
            f"--accept=pipe,name={_pipe(profile)};urp;StarOffice.ComponentContext",
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: _bound(memory_bytes),  # noqa: PLW1509 - one thread is all there is
    )


def _bound(memory_bytes: int) -> None:
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def _convert(desktop: Any, source: str, target: str) -> str:  # noqa: ANN401 - LibreOffice has no types
    """What was wrong; empty when `target` is there."""
    try:
        document = desktop.loadComponentFromURL(_url(source), "_blank", 0, _loading())
        if document is None:
            return "it is no document that LibreOffice reads"
        try:
            document.storeToURL(_url(target), _storing())
        finally:
            document.close(True)
    except Exception as problem:  # noqa: BLE001 - LibreOffice's own are made at run time
        return f"{type(problem).__name__}: {problem}"[:500]
    return ""


def _loading() -> tuple[Any, ...]:
    return _properties(
        Hidden=True,
        ReadOnly=True,
        Silent=True,
        FilterName="MS Word 2007 XML",
        MacroExecutionMode=NEVER,
        UpdateDocMode=NEVER,
    )


def _storing() -> tuple[Any, ...]:
    options = uno.Any("[]com.sun.star.beans.PropertyValue", _properties(**EXPORT))
    return (*_properties(FilterName="writer_pdf_Export"), _property("FilterData", options))


def _properties(**values: object) -> tuple[Any, ...]:
    return tuple(_property(name, value) for name, value in values.items())


def _property(name: str, value: object) -> Any:  # noqa: ANN401
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def _url(path: str) -> str:
    return str(uno.systemPathToFileUrl(path))


def _pipe(profile: str) -> str:
    return Path(profile).parent.name


def _ended(office: subprocess.Popen[bytes]) -> bool:
    """Its end is heard of through the pipe a little before the kernel tells us."""
    try:
        office.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return False
    return True


def _sockets(process: int) -> list[str]:
    """Files in /tmp that a killed LibreOffice leaves behind."""
    held = {link.readlink().name for link in Path(f"/proc/{process}/fd").iterdir()}
    rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
    return [row[7] for row in rows if len(row) > 7 and f"socket:[{row[6]}]" in held]


def _resident(office: subprocess.Popen[bytes]) -> int:
    """Bytes of memory that LibreOffice holds."""
    pages = Path(f"/proc/{office.pid}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def _say(lines: Any, what: dict[str, object]) -> None:  # noqa: ANN401 - a text file over a socket
    lines.write(json.dumps(what) + "\n")
    lines.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
