"""The first of each kind of job by an index of its own, however many of it wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

_WAITING = sa.text("status = 'waiting'")


def upgrade() -> None:
    # begun with the key, it is not taken for one that all of a kind are found by
    op.drop_index("ix_job_key", "job")
    for name, columns in (
        ("ix_job_key", ["key", "kind", "due_at"]),
        ("ix_job_kind", ["kind", "due_at", "id"]),
    ):
        op.create_index(name, "job", columns, sqlite_where=_WAITING, postgresql_where=_WAITING)
