"""Alembic's entry: runs the steps in the transaction that `steps.py` opened."""

from __future__ import annotations

from alembic import context

from lacre.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
