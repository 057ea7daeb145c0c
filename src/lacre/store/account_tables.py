"""The tables of who owns what: accounts, people, keys, answers already given. The others refer to these."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text

from lacre.store.schema import QUEUE, metadata
from lacre.store.schema import account_column as _account
from lacre.store.schema import id_column as _id
from lacre.store.schema import instant_column as _instant

account = Table(
    "account",
    metadata,
    _id(),
    Column("name", String(255), nullable=False, unique=True),
    Column("next_number", Integer, nullable=False, server_default="1"),
    _instant("created_at"),
    # counts up over the installation, for dialects whose ids are numbers
    Column("number", Integer, nullable=False, unique=True),
    # the account that opened it, and answers for it
    Column("partner_id", String(36), nullable=True, index=True),
    Column("state", JSON, nullable=False),
    Column("webhook_terms", JSON(none_as_null=True), nullable=True),
)

user = Table(
    "app_user",
    metadata,
    _id(),
    _account(),
    Column("email", String(320), nullable=False, unique=True),
    Column("name", String(255), nullable=False, server_default=""),
    Column("password", Text, nullable=True),
    _instant("created_at"),
    Column("role", String(20), nullable=False, server_default="owner"),
    Column("state", JSON, nullable=False),
)

group = Table(
    "user_group",
    metadata,
    _id(),
    _account(),
    Column("name", String(80), nullable=False),
    _instant("created_at"),
)
Index("ix_user_group_account_id", group.c.account_id)

group_member = Table(
    "user_group_member",
    metadata,
    Column("group_id", String(36), ForeignKey("user_group.id"), primary_key=True),
    Column("user_id", String(36), ForeignKey("app_user.id"), primary_key=True, index=True),
)

login_link = Table(
    "login_link",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", String(36), ForeignKey("app_user.id"), nullable=False),
    _instant("expires_at"),
    _instant("used_at", nullable=True),
)

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("user_id", String(36), ForeignKey("app_user.id"), nullable=False, index=True),
    _instant("created_at"),
    _instant("seen_at"),
    _instant("ended_at", nullable=True),
)

login_failure = Table(
    "login_failure",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("at", JSON, nullable=False),
    _instant("over_at"),
    postgresql_with=QUEUE,
)
Index("ix_login_failure_over_at", login_failure.c.over_at)

api_key = Table(
    "api_key",
    metadata,
    _id(),
    _account(),
    Column("dialect", String(20), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("hint", String(12), nullable=False),
    Column("name", String(255), nullable=False, server_default=""),
    _instant("created_at"),
    _instant("used_at", nullable=True),
    _instant("revoked_at", nullable=True),
)

data_key = Table(
    "data_key",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    _instant("created_at"),
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
    _instant("created_at"),
)
Index("ix_idempotency_age", idempotency.c.created_at, idempotency.c.account_id, idempotency.c.key)
