"""The table of signers' photos, apart from the others: it has a life of its own."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String, Table

from lacre.store.schema import account_column, id_column, instant_column, metadata

photo = Table(
    "photo",
    metadata,
    id_column(),
    account_column(),
    Column("envelope_id", String(36), ForeignKey("envelope.id"), nullable=False, index=True),
    Column("signer_id", String(36), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    instant_column("at"),
)
Index("ix_photo_at", photo.c.at, photo.c.id)
