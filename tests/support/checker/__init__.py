"""Whether the promises were kept: judged afterwards, by the database, the receivers' log and a journal.

    history = History(journal=…, heard=…, kept=Kept.read(url), …)
    assert violations(history) == {}

Each invariant is a function that says in words what broke it. The journal is kept beside the system by
whoever used it, so that the system cannot talk itself out of anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.support.checker import deliveries, documents, logs
from tests.support.checker.history import Announced, Hearing, History, Journal, Kept

__all__ = ["INVARIANTS", "Announced", "Hearing", "History", "Journal", "Kept", "violations"]

INVARIANTS: Mapping[str, Callable[[History], Iterator[str]]] = {
    "I1 no accepted event is lost": deliveries.lost,
    "I2 nothing is told of a change that was undone": deliveries.invented,
    "I3 a delivery says the same each time": deliveries.unsteady,
    "I4 nothing is sent twice but after a crash or a silence": deliveries.doubled,
    "I5 attempts are those that were promised, and end": deliveries.unpromised,
    "I6 an ordered endpoint hears things in their order": deliveries.disordered,
    "I7 nobody waits for another's receiver": deliveries.delayed,
    "I8 what is completed has one sealed file": documents.sealed_wrongly,
    "I9 no log holds a secret": logs.leaked,
    "I10 the audit logs are unbroken": documents.broken,
}


def violations(history: History) -> dict[str, list[str]]:
    """By invariant; empty when all hold."""
    judged = {name: list(judge(history)) for name, judge in INVARIANTS.items()}
    return {name: found for name, found in judged.items() if found}
