"""Questions that wait for a thread: each asker has a line of its own, and none may have all the threads."""

from __future__ import annotations

import threading
from collections import Counter


class FairQueue:
    """`take` from any number of threads, each followed by `done`; lines are served in turn."""

    def __init__(self, most_of_one: int) -> None:
        self._most = most_of_one
        self._lines: dict[str, dict[str, None]] = {}
        """In the order in which they are served; a question stands once in its line."""
        self._busy: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._closed = False

    def put(self, whose: str, question: str) -> None:
        with self._changed:
            self._lines.setdefault(whose, {})[question] = None
            self._changed.notify()

    def take(self) -> tuple[str, str] | None:
        """Whose it is, and what; waits for one, and gives `None` once the queue is closed."""
        with self._changed:
            while not self._closed:
                whose = next((one for one in self._lines if self._busy[one] < self._most), None)
                if whose is not None:
                    return whose, self._first_of(whose)
                self._changed.wait()
        return None

    def done(self, whose: str) -> None:
        with self._changed:
            self._busy[whose] -= 1
            if not self._busy[whose]:
                del self._busy[whose]
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _first_of(self, whose: str) -> str:
        """Its line goes behind the others."""
        line = self._lines.pop(whose)
        question = next(iter(line))
        del line[question]
        if line:
            self._lines[whose] = line
        self._busy[whose] += 1
        return question
