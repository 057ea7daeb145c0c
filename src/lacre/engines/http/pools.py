"""Connections kept alive, each account's apart from the others'."""

from __future__ import annotations

from time import monotonic

import pycurl

_IDLE_SECONDS = 60.0
_MOST = 512


class Pools:
    """One connection cache per key, closed with its connections once nobody has used it for a while."""

    def __init__(self) -> None:
        self._shares: dict[str, pycurl.CurlShare] = {}
        self._used_at: dict[str, float] = {}
        self._swept_at = monotonic()

    def of(self, key: str, now: float) -> pycurl.CurlShare:
        share = self._shares.get(key)
        if share is None:
            share = self._shares[key] = _connection_cache()
        self._used_at[key] = now
        return share

    def sweep(self, now: float) -> bool:
        """Lets go of idle caches, now and then; true when it did. A transfer under way keeps its own open."""
        crowded = len(self._shares) > _MOST
        if not crowded and now - self._swept_at < _IDLE_SECONDS / 2:
            return False
        self._swept_at = now
        by_use = sorted(self._used_at, key=self._used_at.__getitem__)
        old = [key for key in by_use if now - self._used_at[key] > _IDLE_SECONDS]
        for key in {*old, *by_use[: max(len(by_use) - _MOST, 0)]}:
            del self._shares[key], self._used_at[key]
        return True


def _connection_cache() -> pycurl.CurlShare:
    share = pycurl.CurlShare()
    share.setopt(pycurl.SH_SHARE, pycurl.LOCK_DATA_CONNECT)
    return share
