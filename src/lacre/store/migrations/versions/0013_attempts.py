"""Attempts refer to their delivery without the database asking for it again with each of them."""

from __future__ import annotations

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    with op.batch_alter_table("attempt") as attempt:
        attempt.drop_constraint("fk_attempt_delivery_id_delivery", type_="foreignkey")
