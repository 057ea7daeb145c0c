"""Documents that are processed, their pages, and the types that accounts make."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "extraction",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False),
        sa.Column("type", sa.Integer, nullable=False),
        sa.Column("status", sa.String(12), nullable=False),
        sa.Column("external_id", sa.Text, nullable=False),
        sa.Column("search", sa.Text, nullable=False),
        sa.Column("sample", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
    )
    op.create_index("ix_extraction_list", "extraction", ["account_id", "created_at", "id"])
    _create_some("ix_extraction_external", ["account_id", "external_id"], "external_id <> ''", unique=True)
    _create_some("ix_extraction_samples", ["account_id", "type"], "sample")
    op.create_table(
        "extraction_page",
        sa.Column("extraction_id", sa.String(36), sa.ForeignKey("extraction.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_extraction_page_at", "extraction_page", ["at", "extraction_id", "number"])
    op.create_table(
        "document_type",
        sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
    )


def _create_some(name: str, columns: list[str], condition: str, *, unique: bool = False) -> None:
    """An index of the rows that fit."""
    where = sa.text(condition)
    op.create_index(name, "extraction", columns, unique=unique, sqlite_where=where, postgresql_where=where)
