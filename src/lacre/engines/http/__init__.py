"""HTTP, outwards: one fence around webhooks, fetched files and timestamps."""

from lacre.engines.http.engine import HttpEngine
from lacre.engines.http.fetch import Downloaded

__all__ = ["Downloaded", "HttpEngine"]
