"""A site on each database."""

from __future__ import annotations

from tests.worker.conftest import _logs, database_url, postgres_server, receiver, site

__all__ = ["_logs", "database_url", "postgres_server", "receiver", "site"]
