"""One exchange at a time, waited for in the caller's thread."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pycurl
from msgspec.structs import replace

from lacre.engines.http.address import Network
from lacre.engines.http.resolve import Found, Lookups
from lacre.engines.http.target import Target, read_target
from lacre.engines.http.transfer import Allowance, Transfer
from lacre.engines.http.veto import Veto
from lacre.webhooks.request import NoAnswer, Outcome, Reason, Request, Timings

_HOPS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, kw_only=True)
class Downloaded:
    """A body that came whole; `url` is where the redirects led."""

    path: Path
    size: int
    content_type: str
    url: str


@dataclass(frozen=True, kw_only=True)
class _Ended:
    """A transfer that libcurl has run, well or not."""

    transfer: Transfer
    code: int
    detail: str

    @property
    def outcome(self) -> Outcome:
        return self.transfer.outcome(self.code, self.detail)


class Calls:
    """Each call has a handle of its own, so any number of threads may call."""

    def __init__(
        self, lookups: Lookups, allow: tuple[Network, ...], *, ca_file: str, proxy: str = ""
    ) -> None:
        self._lookups, self._veto, self._ca_file, self._proxy = lookups, Veto(allow), ca_file, proxy

    def send(self, request: Request) -> Outcome:
        with closing(self._transfer(request)) as transfer:
            ended = self._run(transfer, request)
            return ended if isinstance(ended, NoAnswer) else ended.outcome

    def download(self, request: Request, into: Path, *, max_bytes: int) -> Downloaded | Outcome:
        """An `Answer` that is not a success comes back as it is; a body that breaks off is no answer."""
        ends_at = monotonic() + request.deadline_seconds
        for _ in range(_HOPS + 1):
            outcome = self._download_once(request, into, max_bytes)
            if not isinstance(outcome, str):
                return outcome
            if request.url.startswith("https:") and not outcome.startswith("https:"):
                return _refused("url_invalid", "redirected from https to http")
            request = replace(request, url=outcome, deadline_seconds=ends_at - monotonic())
        return _refused("protocol_error", f"more than {_HOPS} redirects")

    def _download_once(self, request: Request, into: Path, max_bytes: int) -> Downloaded | Outcome | str:
        """A `str` is where to look instead."""
        with closing(self._transfer(request)) as transfer, into.open("wb") as file:
            transfer.pour_into(file, max_bytes)
            ended = self._run(transfer, request)
            if isinstance(ended, NoAnswer):
                return ended
            return _judged(ended, into)

    def _transfer(self, request: Request) -> Transfer:
        transfer = Transfer(self._veto, ca_file=self._ca_file, proxy=self._proxy)
        transfer.be_special(request)
        return transfer

    def _run(self, transfer: Transfer, request: Request) -> _Ended | NoAnswer:
        target = read_target(request.url)
        if isinstance(target, str):
            return _refused("url_invalid", target)
        began = monotonic()
        found = self._lookups.find(target, request.pool_key, request.deadline_seconds)
        if found is None:
            return _refused("deadline", "the name was not found in time", dns=monotonic() - began)
        reason = found.refuses(target)
        if reason:
            return _refused(reason, found.problem or "this port is not to be reached")
        try:
            return _try_addresses(transfer, request, target, found, began)
        except ValueError as problem:
            return _refused("headers_invalid", str(problem))


def _try_addresses(
    transfer: Transfer, request: Request, target: Target, found: Found, began: float
) -> _Ended | NoAnswer:
    spent = monotonic() - began
    code, detail = pycurl.E_COULDNT_CONNECT, ""
    for tried, address in enumerate(found.addresses):
        left = began + request.deadline_seconds - monotonic()
        time = Allowance.share(left, len(found.addresses) - tried, spent=spent)
        transfer.load(request, target, address, time=time)
        code, detail = _perform(transfer.curl.perform)
        if not transfer.never_connected(code):
            break
    return _Ended(transfer=transfer, code=code, detail=detail)


def _perform(perform: Callable[[], None]) -> tuple[int, str]:
    try:
        perform()
    except pycurl.error as problem:
        code, detail = problem.args
        return code, detail
    return pycurl.E_OK, ""


def _judged(ended: _Ended, into: Path) -> Downloaded | Outcome | str:
    curl, status = ended.transfer.curl, ended.transfer.status
    if status in _REDIRECTS and curl.getinfo(pycurl.REDIRECT_URL):
        return str(curl.getinfo(pycurl.REDIRECT_URL))
    if not 200 <= status < 300:
        return ended.outcome
    if ended.code != pycurl.E_OK:
        return ended.transfer.no_answer(ended.code, ended.detail)
    return Downloaded(
        path=into,
        size=curl.getinfo(pycurl.SIZE_DOWNLOAD_T),
        content_type=curl.getinfo(pycurl.CONTENT_TYPE) or "",
        url=curl.getinfo(pycurl.EFFECTIVE_URL),
    )


def _refused(reason: Reason, detail: str, *, dns: float = 0.0) -> NoAnswer:
    return NoAnswer(reason=reason, detail=detail, timings=Timings(dns=dns, total=dns))
