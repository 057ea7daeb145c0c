"""What several processes count together, apart from the others: it is over with its window."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from lacre.store.schema import QUEUE, instant_column, metadata

passage = Table(
    "passage",
    metadata,
    Column("who", String(200), primary_key=True),
    Column("seconds", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    Column("count", Integer, nullable=False),
    instant_column("ends_at"),
    postgresql_with=QUEUE,
)
Index("ix_passage_ends_at", passage.c.ends_at)
