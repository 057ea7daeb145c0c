"""Indexes by which a claim goes from one endpoint to the next, and past whatever waits for later."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0008"
down_revision = "0007"

_WAITING, _AGAIN = text("status = 'waiting'"), text("status = 'waiting' AND retry = 1")


def upgrade() -> None:
    op.drop_index("ix_delivery_due", "delivery")
    _index("ix_delivery_due", ["retry", "endpoint_id", "due_at", "position"], _WAITING)
    _index("ix_delivery_again", ["due_at", "endpoint_id"], _AGAIN)


def _index(name: str, columns: list[str], which: object) -> None:
    op.create_index(name, "delivery", columns, sqlite_where=which, postgresql_where=which)
