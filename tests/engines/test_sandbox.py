"""Children that hang, swell, crash or lie never hurt their parent."""

from __future__ import annotations

import ctypes
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from lacre.engines.sandbox import Killed, Sandbox, Why

MB = 1 << 20


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(2) as sandbox:
        yield sandbox


def test_a_call_comes_back_with_its_answer(sandbox: Sandbox) -> None:
    assert sandbox.run(divmod, 7, 2, seconds=30, memory_bytes=64 * MB) == (3, 1)


def test_a_child_that_hangs_is_killed_in_time(sandbox: Sandbox) -> None:
    began = time.monotonic()

    killed = sandbox.run(time.sleep, 60.0, seconds=0.5, memory_bytes=64 * MB)

    assert killed == Killed(Why.TIME, "took longer than 0.5 s")
    assert time.monotonic() - began < 30


def test_a_child_that_swells_is_stopped(sandbox: Sandbox) -> None:
    killed = sandbox.run(bytes, 500 * MB, seconds=30, memory_bytes=64 * MB)

    assert isinstance(killed, Killed)
    assert killed.why is Why.MEMORY


def test_memory_within_the_limit_is_given(sandbox: Sandbox) -> None:
    assert sandbox.run(take_and_count, 40 * MB, seconds=30, memory_bytes=64 * MB) == 40 * MB


def test_a_child_that_crashes_is_an_answer(sandbox: Sandbox) -> None:
    killed = sandbox.run(read_address_zero, seconds=30, memory_bytes=64 * MB)

    assert killed == Killed(Why.DIED, "its process died of SIGSEGV")


def test_a_child_that_leaves_is_an_answer(sandbox: Sandbox) -> None:
    killed = sandbox.run(leave, seconds=30, memory_bytes=64 * MB)

    assert killed == Killed(Why.DIED, "its process left (3)")


def test_an_exception_is_an_answer(sandbox: Sandbox) -> None:
    assert sandbox.run(int, "x", seconds=30, memory_bytes=64 * MB) == Killed(
        Why.RAISED, "ValueError: invalid literal for int() with base 10: 'x'"
    )


def test_an_answer_that_cannot_travel_is_an_answer(sandbox: Sandbox) -> None:
    killed = sandbox.run(make_a_generator, seconds=30, memory_bytes=64 * MB)

    assert isinstance(killed, Killed)
    assert killed.why is Why.RAISED


def test_a_child_stopped_in_the_middle_is_killed_in_time(sandbox: Sandbox) -> None:
    killed = sandbox.run(stop_oneself, seconds=0.5, memory_bytes=64 * MB)

    assert killed == Killed(Why.TIME, "took longer than 0.5 s")


def test_the_next_call_works_after_every_disaster(sandbox: Sandbox) -> None:
    for disaster in (leave, read_address_zero, stop_oneself):
        sandbox.run(disaster, seconds=0.5, memory_bytes=64 * MB)

    assert sandbox.run(divmod, 7, 2, seconds=30, memory_bytes=64 * MB) == (3, 1)


def test_an_answer_can_only_be_plain_data(sandbox: Sandbox) -> None:
    with pytest.raises(pickle.UnpicklingError, match="not plain data"):
        sandbox.run(answer_with_a_trap, seconds=30, memory_bytes=64 * MB)


def test_many_threads_share_few_children(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda n: doubled(sandbox, n), range(200)))

    assert answers == [2 * n for n in range(200)]


def test_children_know_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LACRE_SECRET_KEY", "hush")

    with Sandbox(1) as fresh:
        assert fresh.run(os.getenv, "LACRE_SECRET_KEY", seconds=30, memory_bytes=64 * MB) is None


def test_children_are_replaced_after_some_calls() -> None:
    with Sandbox(1, calls_per_child=2) as sandbox:
        processes = [sandbox.run(os.getpid, seconds=30, memory_bytes=64 * MB) for _ in range(4)]

    assert processes[0] == processes[1] != processes[2] == processes[3]


def test_children_ignore_what_stops_the_service(sandbox: Sandbox) -> None:
    assert sandbox.run(interrupt_oneself, seconds=30, memory_bytes=64 * MB) == "still here"


def test_a_child_that_died_while_idle_is_no_concern_of_the_next_call() -> None:
    with Sandbox(1) as sandbox:
        process = sandbox.run(os.getpid, seconds=30, memory_bytes=64 * MB)
        assert isinstance(process, int)
        os.kill(process, signal.SIGKILL)
        assert eventually_gone(process)

        assert sandbox.run(divmod, 7, 2, seconds=30, memory_bytes=64 * MB) == (3, 1)


def test_warm_children_have_imported_what_they_need() -> None:
    with Sandbox(1, preload=("fractions",)) as sandbox:
        sandbox.warm()

        assert sandbox.run(has_imported, "fractions", seconds=30, memory_bytes=64 * MB)


def test_a_closed_sandbox_refuses_calls_and_leaves_no_process() -> None:
    sandbox = Sandbox(2)
    process = sandbox.run(os.getpid, seconds=30, memory_bytes=64 * MB)
    sandbox.close()

    assert isinstance(process, int)
    assert not alive(process)
    with pytest.raises(RuntimeError, match="closed"):
        sandbox.run(os.getpid, seconds=30, memory_bytes=64 * MB)


def test_a_busy_child_dies_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT_OF_A_BUSY_CHILD, str(tmp_path / "pid")])
    child = wait_for_number(tmp_path / "pid")

    parent.kill()
    parent.wait()

    assert eventually_gone(child)


PARENT_OF_A_BUSY_CHILD = """
import sys
from lacre.engines.sandbox import Sandbox
from tests.engines.test_sandbox import spin
Sandbox(1).run(spin, sys.argv[1], seconds=60, memory_bytes=1 << 26)
"""


# ── what the children are asked to do ────────────────────────────────────────


def spin(pid_file: str) -> None:
    Path(pid_file).write_text(str(os.getpid()))
    while True:
        pass


def has_imported(module: str) -> bool:
    return module in sys.modules


def take_and_count(size: int) -> int:
    return len(bytes(size))


def read_address_zero() -> None:
    ctypes.string_at(0)


def leave() -> None:
    os._exit(3)


def stop_oneself() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def interrupt_oneself() -> str:
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGTERM)
    return "still here"


def make_a_generator() -> object:
    return (number for number in range(3))


class Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.getenv, ("HOME",)


def answer_with_a_trap() -> Trap:
    return Trap()


def doubled(sandbox: Sandbox, number: int) -> int:
    answer = sandbox.run(double, number, seconds=20, memory_bytes=64 * MB)
    assert isinstance(answer, int)
    return answer


def double(number: int) -> int:
    return 2 * number


# ── looking at processes ─────────────────────────────────────────────────────


def alive(process: int) -> bool:
    status = Path(f"/proc/{process}/status")
    return status.exists() and "State:\tZ" not in status.read_text()


def wait_for_number(file: Path) -> int:
    for _ in range(400):
        if file.exists() and file.read_text():
            return int(file.read_text())
        time.sleep(0.05)
    raise AssertionError(f"{file} never came")


def eventually_gone(process: int) -> bool:
    for _ in range(600):
        if not alive(process):
            return True
        time.sleep(0.05)
    return False
