"""What tables are made of: their names, their common columns, their indexes of some rows, their settings."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, String, text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# PostgreSQL's vacuum by default waits for a fifth of a table to be dead: of a queue of millions, too long
QUEUE = {
    # room for a row's next version on its own page: each is taken and settled once at least
    "fillfactor": 85,
    "autovacuum_vacuum_scale_factor": 0.01,
    "autovacuum_vacuum_threshold": 2000,
    "autovacuum_analyze_scale_factor": 0.02,
}
# of indexes that hold every row, and each of its versions: pages half full take them, full ones are searched
# for the dead in vain, and split. The primary key's is set by a migration
QUEUE_INDEX = {"fillfactor": 50}
# written once and removed in bulk
LOG = {
    "autovacuum_vacuum_scale_factor": 0.02,
    "autovacuum_vacuum_insert_scale_factor": 0.1,
}
# encrypted bodies get no smaller by compressing, which PostgreSQL tries with rows of 2 KB
BODIES = {**LOG, "toast_tuple_target": 8160}


def id_column() -> Column[str]:
    return Column("id", String(36), primary_key=True)


def account_column() -> Column[str]:
    return Column("account_id", String(36), ForeignKey("account.id"), nullable=False)


def instant_column(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def only(condition: str) -> dict[str, Any]:
    """Makes an index of the rows that fit, on both databases: whoever asks must say so literally."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
