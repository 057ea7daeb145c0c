"""Numbers that count up over the whole installation."""

from __future__ import annotations

from sqlalchemy.dialects import postgresql, sqlite

from lacre.store.tables import counter
from lacre.store.transaction import Transaction


def count_up(transaction: Transaction, name: str) -> int:
    """The next number, from 1. Others who count the same wait until this transaction ends."""
    dialect = postgresql if transaction.postgresql else sqlite
    first = dialect.insert(counter).values(name=name, value=1)
    counted = first.on_conflict_do_update(
        index_elements=["name"], set_={"value": counter.c.value + 1}
    ).returning(counter.c.value)
    return int(transaction.write(counted).scalar_one())
