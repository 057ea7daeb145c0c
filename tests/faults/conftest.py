"""A site on each database."""

from __future__ import annotations

from tests.worker.conftest import _logs, database_url, migrated_file, postgres_server, receiver, site

__all__ = ["_logs", "database_url", "migrated_file", "postgres_server", "receiver", "site"]
