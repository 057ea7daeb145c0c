"""The tables of documents that are processed."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from lacre.store.schema import account_column, id_column, instant_column, metadata, only

extraction = Table(
    "extraction",
    metadata,
    id_column(),
    account_column(),
    Column("type", Integer, nullable=False),
    Column("status", String(12), nullable=False),
    Column("external_id", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("sample", Boolean, nullable=False),
    instant_column("created_at"),
    Column("state", JSON, nullable=False),
)
_PLACE = (extraction.c.created_at, extraction.c.id)
Index("ix_extraction_list", extraction.c.account_id, *_PLACE)
Index("ix_extraction_status", extraction.c.account_id, extraction.c.status, *_PLACE)
Index("ix_extraction_type", extraction.c.account_id, extraction.c.type, *_PLACE)
Index(
    "ix_extraction_external",
    extraction.c.account_id,
    extraction.c.external_id,
    unique=True,
    **only("external_id <> ''"),
)
Index("ix_extraction_samples", extraction.c.account_id, extraction.c.type, **only("sample"))

extraction_page = Table(
    "extraction_page",
    metadata,
    Column("extraction_id", String(36), ForeignKey("extraction.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    instant_column("at"),
    # encrypted: all that the page says
    Column("sealed", LargeBinary, nullable=False),
)
Index(
    "ix_extraction_page_at", extraction_page.c.at, extraction_page.c.extraction_id, extraction_page.c.number
)

document_type = Table(
    "document_type",
    metadata,
    Column("account_id", String(36), ForeignKey("account.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    instant_column("at"),
    Column("state", JSON, nullable=False),
)
