"""Invoices, and what they are made of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _records()
    _invoices()
    _numbers()


def _id() -> sa.Column[str]:
    return sa.Column("id", sa.String(36), primary_key=True)


def _account() -> sa.Column[str]:
    return sa.Column("account_id", sa.String(36), sa.ForeignKey("account.id"), nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)


def _word(name: str, size: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(size), nullable=False)


def _times() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )


def _deleted() -> sa.Column[int]:
    return sa.Column("deleted_at", sa.BigInteger, nullable=True)


def _state() -> sa.Column[object]:
    return sa.Column("state", sa.JSON, nullable=False)


def _records() -> None:
    op.create_table(
        "company", _id(), _account(), _text("name"), _text("legal_name"), _text("email"),
        _word("registry_code", 14), _word("status", 10), *_times(), _deleted(), _state(),
    )  # fmt: skip
    op.create_table(
        "customer", _id(), _account(), _text("name"), _text("email"), _word("registry_code", 14),
        _text("external_code"), _word("status", 10), *_times(), _deleted(), _state(),
    )  # fmt: skip
    op.create_table(
        "fiscal_schema",
        _id(),
        _account(),
        sa.Column("company_id", sa.String(36), sa.ForeignKey("company.id"), nullable=False),
        _text("name"),
        _text("code"),
        _word("status", 10),
        *_times(),
        _deleted(),
        _state(),
        sa.Column("sealed_pem", sa.LargeBinary, nullable=True),
    )
    op.create_table(
        "item",
        _id(),
        _account(),
        sa.Column("schema_id", sa.String(36), sa.ForeignKey("fiscal_schema.id"), nullable=False),
        _text("name"),
        _text("description"),
        sa.Column("amount", sa.BigInteger, nullable=False),
        _word("status", 10),
        *_times(),
        _deleted(),
        _state(),
    )
    op.create_index("ix_item_schema_id", "item", ["schema_id"])
    for table in ("company", "customer", "fiscal_schema", "item"):
        op.create_index(f"ix_{table}_list", table, ["account_id", "created_at", "id"])


def _invoices() -> None:
    op.create_table(
        "invoice",
        _id(),
        _account(),
        _word("registry_code", 14),
        _word("series", 5),
        sa.Column("sequence", sa.BigInteger, nullable=True),
        _word("serie", 40),
        _word("status", 10),
        sa.Column("amount", sa.BigInteger, nullable=False),
        _text("search"),
        *_times(),
        sa.Column("canceled_at", sa.BigInteger, nullable=True),
        _state(),
        sa.UniqueConstraint(
            "account_id", "registry_code", "series", "sequence", name="uq_invoice_account_id"
        ),
    )
    op.create_index("ix_invoice_list", "invoice", ["account_id", "created_at", "id"])
    op.create_table("operation", _id(), _account(), _of_invoice(), _word("kind", 10), *_ends())
    op.create_table(
        "fiscal_transaction", _id(), _account(), _of_invoice(), _word("operation_id", 36), *_ends()
    )
    op.create_table("asset", _id(), _account(), _of_invoice(), _word("kind", 20), *_ends())
    for table in ("operation", "fiscal_transaction", "asset"):
        op.create_index(f"ix_{table}_invoice_id", table, ["invoice_id"])
    op.create_index("ix_fiscal_transaction_operation_id", "fiscal_transaction", ["operation_id"])


def _of_invoice() -> sa.Column[str]:
    return sa.Column("invoice_id", sa.String(36), sa.ForeignKey("invoice.id"), nullable=False)


def _ends() -> tuple[sa.Column[str], sa.Column[int], sa.Column[int]]:
    return (_word("status", 10), *_times())


def _numbers() -> None:
    owner = (("account_id", 36), ("registry_code", 14), ("series", 5))
    op.create_table(
        "invoice_series",
        *(sa.Column(name, sa.String(size), primary_key=True) for name, size in owner),
        sa.Column("next", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "freed_number",
        *(sa.Column(name, sa.String(size), primary_key=True) for name, size in owner),
        sa.Column("number", sa.BigInteger, primary_key=True),
    )
