"""Accounts and envelopes as the first step makes their tables: a copy that is never changed once released."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

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
# written once and removed in bulk
LOG = {
    "autovacuum_vacuum_scale_factor": 0.02,
    "autovacuum_vacuum_insert_scale_factor": 0.1,
}


def id_column() -> Column[str]:
    return Column("id", String(36), primary_key=True)


def account_column() -> Column[str]:
    return Column("account_id", String(36), ForeignKey("account.id"), nullable=False)


def instant_column(name: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)


def only(rows: str) -> dict[str, Any]:
    """Of an index: the rows that it holds."""
    return {"sqlite_where": text(rows), "postgresql_where": text(rows)}


# ── accounts ─────────────────────────────────────────────────────────────────

account = Table(
    "account",
    metadata,
    id_column(),
    Column("name", String(255), nullable=False, unique=True),
    Column("next_number", Integer, nullable=False, server_default="1"),
    instant_column("created_at"),
)

user = Table(
    "app_user",
    metadata,
    id_column(),
    account_column(),
    Column("email", String(320), nullable=False, unique=True),
    Column("name", String(255), nullable=False, server_default=""),
    Column("password", Text, nullable=True),
    instant_column("created_at"),
)

login_link = Table(
    "login_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", String(36), ForeignKey("app_user.id"), nullable=False),
    instant_column("expires_at"),
    instant_column("used_at", nullable=True),
)

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", String(36), ForeignKey("app_user.id"), nullable=False, index=True),
    instant_column("created_at"),
    instant_column("seen_at"),
    instant_column("ended_at", nullable=True),
)

api_key = Table(
    "api_key",
    metadata,
    id_column(),
    account_column(),
    Column("dialect", String(20), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("hint", String(12), nullable=False),
    Column("name", String(255), nullable=False, server_default=""),
    instant_column("created_at"),
    instant_column("used_at", nullable=True),
    instant_column("revoked_at", nullable=True),
)

data_key = Table(
    "data_key",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    instant_column("created_at"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("account_id", String(36), ForeignKey("account.id"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    # encrypted: an answer may show a secret, once
    Column("sealed_body", LargeBinary, nullable=False),
    instant_column("created_at"),
)
Index("ix_idempotency_age", idempotency.c.created_at, idempotency.c.account_id, idempotency.c.key)

# ── signing ──────────────────────────────────────────────────────────────────

envelope = Table(
    "envelope",
    metadata,
    id_column(),
    account_column(),
    Column("number", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
    instant_column("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
    UniqueConstraint("account_id", "number"),
)
Index("ix_envelope_list", envelope.c.account_id, envelope.c.created_at, envelope.c.number)

document = Table(
    "document",
    metadata,
    id_column(),
    Column("envelope_id", String(36), ForeignKey("envelope.id"), nullable=False, index=True),
    account_column(),
    Column("original", String(64), nullable=False, index=True),
    Column("sealed", String(64), nullable=True, index=True),
)

signer = Table(
    "signer",
    metadata,
    id_column(),
    Column("envelope_id", String(36), ForeignKey("envelope.id"), nullable=False, index=True),
    account_column(),
    Column("email", String(320), nullable=False, index=True),
    # none once they are removed: the row stays, the link is dead
    Column("link_digest", String(64), nullable=True, unique=True),
)

audit = Table(
    "audit",
    metadata,
    Column("envelope_id", String(36), ForeignKey("envelope.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    instant_column("at"),
    Column("actor", Text, nullable=False),
    Column("what", String(64), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

code = Table(
    "code",
    metadata,
    Column("signer_id", String(36), ForeignKey("signer.id"), primary_key=True),
    Column("state", JSON, nullable=False),
    Column("sent", JSON, nullable=False),
)

mail = Table(
    "mail",
    metadata,
    id_column(),
    account_column(),
    Column("envelope_id", String(36), ForeignKey("envelope.id"), nullable=True, index=True),
    Column("signer_id", String(36), nullable=True),
    Column("endpoint_id", String(36), nullable=True, index=True),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sealed_body", LargeBinary, nullable=False),
    Column("kind", String(20), nullable=False),
    instant_column("at"),
    Column("outcome", String(10), nullable=False),
    Column("detail", Text, nullable=False),
)
Index("ix_mail_at", mail.c.at, mail.c.id)
