"""The tables of invoices, and of what they are made of.

Columns that lists are searched by hold text without case and accents; as people wrote it, it is in `state`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from lacre.store.schema import account_column, id_column, instant_column, metadata, only

TAX_ID = 14

company = Table(
    "company",
    metadata,
    id_column(),
    account_column(),
    Column("name", Text, nullable=False),
    Column("legal_name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("registry_code", String(TAX_ID), nullable=False),
    Column("status", String(10), nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
    instant_column("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
)
Index("ix_company_list", company.c.account_id, company.c.created_at, company.c.id)

customer = Table(
    "customer",
    metadata,
    id_column(),
    account_column(),
    Column("name", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("registry_code", String(TAX_ID), nullable=False),
    Column("external_code", Text, nullable=False),
    Column("status", String(10), nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
    instant_column("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
)
Index("ix_customer_list", customer.c.account_id, customer.c.created_at, customer.c.id)

schema = Table(
    "fiscal_schema",
    metadata,
    id_column(),
    account_column(),
    Column("company_id", String(36), ForeignKey("company.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("status", String(10), nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
    instant_column("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
    # the certificate and its key
    Column("sealed_pem", LargeBinary, nullable=True),
)
Index("ix_fiscal_schema_list", schema.c.account_id, schema.c.created_at, schema.c.id)

item = Table(
    "item",
    metadata,
    id_column(),
    account_column(),
    Column("schema_id", String(36), ForeignKey("fiscal_schema.id"), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    # in cents
    Column("amount", BigInteger, nullable=False),
    Column("status", String(10), nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
    instant_column("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
)
Index("ix_item_list", item.c.account_id, item.c.created_at, item.c.id)

invoice = Table(
    "invoice",
    metadata,
    id_column(),
    account_column(),
    Column("registry_code", String(TAX_ID), nullable=False),
    Column("series", String(5), nullable=False),
    Column("sequence", BigInteger, nullable=True),
    Column("serie", String(40), nullable=False),
    Column("status", String(10), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("search", Text, nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
    instant_column("canceled_at", nullable=True),
    Column("state", JSON, nullable=False),
    # the database itself sees to it that no number is two invoices'
    UniqueConstraint("account_id", "registry_code", "series", "sequence"),
)
_LISTED = (invoice.c.created_at, invoice.c.id)
Index("ix_invoice_list", invoice.c.account_id, *_LISTED)
Index("ix_invoice_status", invoice.c.account_id, invoice.c.status, invoice.c.canceled_at, *_LISTED)

operation = Table(
    "operation",
    metadata,
    id_column(),
    account_column(),
    Column("invoice_id", String(36), ForeignKey("invoice.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("status", String(10), nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
)

exchange = Table(
    "fiscal_transaction",
    metadata,
    id_column(),
    account_column(),
    Column("invoice_id", String(36), ForeignKey("invoice.id"), nullable=False, index=True),
    Column("operation_id", String(36), nullable=False, index=True),
    Column("status", String(10), nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
)

asset = Table(
    "asset",
    metadata,
    id_column(),
    account_column(),
    Column("invoice_id", String(36), ForeignKey("invoice.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("status", String(10), nullable=False),
    instant_column("created_at"),
    instant_column("updated_at"),
)

# of every file that an invoice names; stays when the invoice goes, until the file is gone too
invoice_file = Table(
    "invoice_file",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("invoice_id", String(36), primary_key=True),
    # once the invoice goes; null before, as an index of few rows needs it
    Column("doomed", Boolean, nullable=True),
)
Index("ix_invoice_file_invoice", invoice_file.c.invoice_id)
Index("ix_invoice_file_doomed", invoice_file.c.digest, **only("doomed IS NOT NULL"))

_OWNER = (("account_id", 36), ("registry_code", TAX_ID), ("series", 5))
series = Table(
    "invoice_series",
    metadata,
    *(Column(name, String(size), primary_key=True) for name, size in _OWNER),
    Column("next", BigInteger, nullable=False),
)
freed_number = Table(
    "freed_number",
    metadata,
    *(Column(name, String(size), primary_key=True) for name, size in _OWNER),
    Column("number", BigInteger, primary_key=True),
)
