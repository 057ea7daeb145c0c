"""The only way out of Lacre: deliveries, many at once; fetches; timestamps."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Generic, TypeVar

from lacre.documents.fetching import Fetched, NotFetched
from lacre.engines.http.address import ANYWHERE, Network
from lacre.engines.http.fetch import Calls, Downloaded
from lacre.engines.http.multi import Exchanges
from lacre.engines.http.resolve import KEPT_SECONDS, Lookups, NamesLeftToProxy, Resolver, ask_system
from lacre.engines.http.trust import ca_file
from lacre.webhooks.request import Answer, NoAnswer, Outcome, Request

Token = TypeVar("Token")

_FETCH_SECONDS = 60.0
_POST_SECONDS = 10.0


class HttpEngine(Generic[Token]):
    """A `Sender`, a `Dispatcher` and a `Fetcher` behind one fence."""

    def __init__(
        self,
        allow: Iterable[Network] = (),
        *,
        resolver: Resolver = ask_system,
        names_kept_seconds: float = KEPT_SECONDS,
        proxy: str = "",
    ) -> None:
        """With a `proxy`, `http://` or `https://`, nothing goes past it, and names are its to look up."""
        networks = tuple(allow)
        lookups = NamesLeftToProxy if proxy else Lookups
        self._lookups = lookups(networks, resolver, kept_seconds=names_kept_seconds)
        # every socket then leads to the proxy, which is usually near
        reached = ANYWHERE if proxy else networks
        self._calls = Calls(self._lookups, reached, ca_file=ca_file(), proxy=proxy)
        self._exchanges: Exchanges[Token] = Exchanges(self._lookups, reached, ca_file=ca_file(), proxy=proxy)

    # ── one, waited for ──────────────────────────────────────────────────────

    def send(self, request: Request) -> Outcome:
        return self._calls.send(request)

    def download(
        self, url: str, *, max_bytes: int, deadline_seconds: float, into: Path
    ) -> Downloaded | Outcome:
        """Follows up to three redirects, each vetted like the first URL."""
        request = Request(method="GET", url=url, headers=(), deadline_seconds=deadline_seconds)
        return self._calls.download(request, into, max_bytes=max_bytes)

    def fetch(self, url: str, into: Path, *, max_bytes: int) -> Fetched | NotFetched:
        outcome = self.download(url, max_bytes=max_bytes, deadline_seconds=_FETCH_SECONDS, into=into)
        match outcome:
            case Downloaded():
                return Fetched(path=outcome.path, size=outcome.size)
            case Answer():
                return NotFetched(reason=f"status_{outcome.status}")
            case NoAnswer():
                return NotFetched(reason=outcome.reason)

    def post(
        self, url: str, body: bytes, content_type: str, *, deadline_seconds: float = _POST_SECONDS
    ) -> bytes | None:
        """The body of a whole 200 answer of at most 64 KiB, which fits every timestamp; else nothing."""
        request = Request(
            method="POST",
            url=url,
            headers=(("Content-Type", content_type),),
            body=body,
            deadline_seconds=deadline_seconds,
        )
        match self.send(request):
            case Answer(status=200, truncated=False, body=answer):
                return answer
            case _:
                return None

    # ── many at once ─────────────────────────────────────────────────────────

    @property
    def in_flight(self) -> int:
        return self._exchanges.in_flight

    def start(self, request: Request, token: Token) -> None:
        self._exchanges.start(request, token)

    def poll(self, timeout_seconds: float) -> list[tuple[Token, Outcome]]:
        return self._exchanges.poll(timeout_seconds)

    def wake(self) -> None:
        self._exchanges.wake()

    def close(self) -> None:
        """From the thread that polls, or once nobody does."""
        self._exchanges.close()
        self._lookups.close()
