"""The databases of the store's own tests, for what the benches put into them."""

from __future__ import annotations

from tests.support.database import database_url, migrated_file, postgres_server

__all__ = ["database_url", "migrated_file", "postgres_server"]
