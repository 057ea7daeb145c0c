"""Runs functions over strangers' files in child processes, which may hang, swell or crash without hurting us.

Own children rather than `multiprocessing`: they must not import our `__main__`, see our environment or be
forked from a threaded server, and what they answer is read by an unpickler that can only build plain data.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib
import io
import math
import os
import pickle
import queue
import resource
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, is_dataclass
from enum import Enum, StrEnum
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple, cast

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

START_SECONDS = 60.0  # importing the PDF libraries on a busy machine
LARGEST_ANSWER = 64 << 20


class Why(StrEnum):
    TIME = "time"
    MEMORY = "memory"
    DIED = "died"
    RAISED = "raised"


@dataclass(frozen=True)
class Killed:
    """There is no answer: the call ran out of time or memory, took its process down, or raised."""

    why: Why
    reason: str


class Sandbox:
    """A fixed number of warm children, shared by all threads; a call waits until one of them is free."""

    def __init__(self, processes: int, *, preload: Sequence[str] = (), calls_per_child: int = 500) -> None:
        """`preload` names modules that children import before their first call."""
        self._preload = tuple(preload)
        self._calls_per_child = calls_per_child
        self._processes = processes
        self._closed = False
        # last in, first out: a quiet server keeps one child warm instead of paging all of them in
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(processes):
            self._idle.put(None)

    def run(
        self,
        function: Callable[[*Arguments], T],
        *args: *Arguments,
        seconds: float,
        memory_bytes: int,
    ) -> T | Killed:
        """Calls a module's function in a child; `memory_bytes` is what it may take beyond a child at rest."""
        call = pickle.dumps((function, args, seconds, memory_bytes), pickle.HIGHEST_PROTOCOL)
        child = self._take()
        try:
            return cast("T | Killed", child.answer(call, seconds))
        finally:
            self._give_back(child)

    def warm(self) -> None:
        """Starts every idle child now, so that the first calls need not wait for imports."""
        slots = self._drain_idle()
        for slot in slots:
            self._idle.put(slot or _Child(self._preload))

    def close(self) -> None:
        """Ends the children, after the calls that are under way; calls made later raise."""
        self._closed = True
        for slot in [self._idle.get() for _ in range(self._processes)]:
            if slot:
                slot.end()
        for _ in range(self._processes):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _take(self) -> _Child:
        slot = self._idle.get()
        if self._closed:
            self._idle.put(slot)
            raise RuntimeError("the sandbox is closed")
        if slot and slot.died_idle:
            slot.end()
            slot = None
        try:
            return slot or _Child(self._preload)
        except OSError:
            self._idle.put(None)
            raise

    def _give_back(self, child: _Child) -> None:
        if not child.broken and child.calls < self._calls_per_child:
            self._idle.put(child)
        else:
            child.end()
            self._idle.put(self._successor())

    def _successor(self) -> _Child | None:
        """Started at once, so that it imports while nobody waits; failing that, the next call tries again."""
        with contextlib.suppress(OSError):
            return None if self._closed else _Child(self._preload)
        return None

    def _drain_idle(self) -> list[_Child | None]:
        slots: list[_Child | None] = []
        with contextlib.suppress(queue.Empty):
            while True:
                slots.append(self._idle.get_nowait())
        return slots


class _Child:
    """One child process as its parent sees it; used by one thread at a time."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._process = _start(theirs.fileno(), preload)
        self._ready = False
        self.calls = 0
        self.broken = False

    @property
    def died_idle(self) -> bool:
        """As when the machine ran out of memory and chose a victim; no fault of the next call."""
        return self._process.poll() is not None

    def answer(self, call: bytes, seconds: float) -> object:
        self.calls += 1
        # until the answer is here the child is of no use to the next caller, whatever interrupts us
        self.broken = True
        try:
            self._await_start()
            answer = self._ask(call, seconds)
        except TimeoutError:
            return Killed(Why.TIME, f"took longer than {seconds:g} s")
        except (EOFError, OSError):
            return Killed(Why.DIED, self._cause_of_death())
        self.broken = isinstance(answer, Killed) and answer.why is Why.MEMORY
        return answer

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self._channel.close()
        if self._process.stdin:
            self._process.stdin.close()

    def _await_start(self) -> None:
        if not self._ready:
            _receive(self._channel, time.monotonic() + START_SECONDS)
            self._ready = True

    def _ask(self, call: bytes, seconds: float) -> object:
        deadline = time.monotonic() + seconds
        self._channel.settimeout(seconds)
        _send(self._channel, call)
        return _PlainData(io.BytesIO(_receive(self._channel, deadline))).load()

    def _cause_of_death(self) -> str:
        try:
            code = self._process.wait(1)
        except subprocess.TimeoutExpired:
            return "its process went silent"
        return (
            f"its process died of {signal.Signals(-code).name}" if code < 0 else f"its process left ({code})"
        )


def _start(channel: int, preload: tuple[str, ...]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own interpreter and words
        [sys.executable, "-c", _FIRST_WORDS, str(channel), *preload],
        env=_environment(),
        stdin=subprocess.PIPE,  # never written to: its end tells the child that we are gone
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(channel,),
    )


_FIRST_WORDS = "import sys; from lacre.engines.sandbox import serve; serve(int(sys.argv[1]), sys.argv[2:])"


def _environment() -> dict[str, str]:
    """Not ours, which holds secrets."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH") if name in os.environ
    }
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "LANG": "C.UTF-8"}


class _PlainData(pickle.Unpickler):
    """Reads a child's answer. A child taken over by a PDF must not make us run anything: plain data only."""

    def find_class(self, module: str, name: str) -> type:
        if name in _PLAIN_CLASSES.get(module, ()):
            return cast("type", super().find_class(module, name))
        if module.startswith("lacre.") and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum)):
                return found
        raise pickle.UnpicklingError(f"a child answered with {module}.{name}, which is not plain data")


_PLAIN_CLASSES = {
    "pathlib": ("PosixPath", "PurePosixPath"),
    "datetime": ("datetime", "date", "timedelta", "timezone"),
    "decimal": ("Decimal",),
    "builtins": ("set", "frozenset", "bytearray"),
}


# ── both sides ───────────────────────────────────────────────────────────────

_LENGTH = struct.Struct("!Q")


def _send(channel: socket.socket, message: bytes) -> None:
    channel.sendall(_LENGTH.pack(len(message)) + message)


def _receive(channel: socket.socket, deadline: float) -> bytes:
    (length,) = _LENGTH.unpack(_receive_exactly(channel, _LENGTH.size, deadline))
    if length > LARGEST_ANSWER:
        raise EOFError(f"{length} bytes announced")
    return _receive_exactly(channel, length, deadline)


def _receive_exactly(channel: socket.socket, count: int, deadline: float) -> bytes:
    received = bytearray()
    while len(received) < count:
        channel.settimeout(_left(deadline))
        chunk = channel.recv(min(count - len(received), 1 << 20))
        if not chunk:
            raise EOFError
        received += chunk
    return bytes(received)


def _left(deadline: float) -> float | None:
    if deadline == math.inf:
        return None
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


# ── the child's side ─────────────────────────────────────────────────────────


def serve(channel: int, preload: Sequence[str]) -> None:
    """A child's whole life."""
    _settle_in()
    for module in preload:
        importlib.import_module(module)
    with socket.socket(fileno=channel) as parent, contextlib.suppress(EOFError, ConnectionError):
        _send(parent, b"ready")
        while True:
            _send(parent, _answer(_receive(parent, math.inf)))


def _settle_in() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # whoever stops the whole service stops our parent; we finish what is in hand and end with it
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    # the parent's end of stdin closes when it dies: the kernel then sends SIGIO, which ends even a busy child
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | fcntl.FASYNC)


def _answer(call: bytes) -> bytes:
    function, args, seconds, memory_bytes = pickle.loads(call)  # noqa: S301 - from our own parent
    # should the parent hang too, the default action of this alarm ends us
    signal.setitimer(signal.ITIMER_REAL, seconds + 5)
    _limit_memory(memory_bytes)
    try:
        return pickle.dumps(_attempt(function, args), pickle.HIGHEST_PROTOCOL)
    except Exception as error:  # noqa: BLE001 - an answer that cannot be pickled
        return pickle.dumps(Killed(Why.RAISED, _told(error)))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _attempt(function: Callable[..., object], args: tuple[object, ...]) -> object:
    try:
        return function(*args)
    except MemoryError:
        return Killed(Why.MEMORY, "took more memory than it may")
    except Exception as error:  # noqa: BLE001 - libraries leak every kind over broken files
        return Killed(Why.RAISED, _told(error))
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]


def _limit_memory(memory_bytes: int) -> None:
    at_rest = Path("/proc/self/statm")
    if at_rest.exists():
        held = int(at_rest.read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (held + memory_bytes, resource.RLIM_INFINITY))
