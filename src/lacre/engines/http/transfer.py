"""One easy handle of libcurl: its options, what comes back on it, and how its end is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import BinaryIO, NamedTuple, TypeAlias

import pycurl

from lacre.engines.http.reason import reason_of
from lacre.engines.http.source import Source
from lacre.engines.http.target import Target
from lacre.engines.http.veto import Veto
from lacre.webhooks.body import BodyParts
from lacre.webhooks.request import BODY_CAP, Answer, NoAnswer, Outcome, Reason, Request, Timings

_SWITCHING = 101  # a final answer to us, who never asked to switch
_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_EMPTY = b"\n"  # libcurl refuses to be told nothing; this it finds out in the handshake
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}")
_SUPPRESS_CONNECT_HEADERS = 265  # pycurl has no name for it: what the proxy says is no answer
_STATUS_LINE = b"HTTP/"
_SHORT = 2048  # what is remembered of a stranger's answers stays small
_UNSENDABLE = re.compile(r"[^\t\x20-\x7e]")
_FRAMING = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "trailer"}
)


_ADDED = (
    "Expect:",  # no waiting for a 100
    "Content-Type:",  # libcurl would call it a form
    "Accept-Encoding: identity",  # nothing to unpack, nothing that swells
)


Way: TypeAlias = tuple[str, str, int, int]
"""URL, address, and milliseconds for all of it and for connecting."""
Headers: TypeAlias = tuple[tuple[str, str], ...]
_NOWHERE: Way = ("", "", 0, 0)


class Allowance(NamedTuple):
    """Seconds: for all that is left to do, for getting a connection, and what the name has taken."""

    seconds: float
    to_connect: float
    spent: float

    @classmethod
    def share(cls, seconds: float, addresses: int, *, spent: float) -> Allowance:
        """One dead address does not use up the time of the others."""
        return cls(seconds, seconds / addresses if addresses > 1 else seconds, spent)


class Transfer:
    """Used for one exchange after the other; `load`, let libcurl run it, then `outcome`."""

    def __init__(self, veto: Veto, *, ca_file: str, proxy: str = "") -> None:
        """Through a proxy, if there is one: by CONNECT, so that it sees no more than where we go."""
        self.curl = pycurl.Curl()
        self._headers: list[bytes] = []
        self._body = BytesIO()
        self._sink: BinaryIO = self._body
        self._cap, self._size = BODY_CAP, 0
        self._file: BinaryIO | None = None
        self._source: Source | None = None
        self._file_cap = 0
        self._method = "", 0
        self._pool: pycurl.CurlShare | None = None
        self._dns = 0.0
        self._way = _NOWHERE
        self._proxied = bool(proxy)
        self._set_for_good(veto, ca_file)
        if proxy:
            self._go_through(proxy, ca_file)

    def load(self, request: Request, target: Target, address: str, *, time: Allowance) -> None:
        """Readies the handle; raises `ValueError` for headers that cannot be sent."""
        self.curl.setopt(pycurl.HTTPHEADER, header_lines(request))
        way = (target.url, address, int(time.seconds * 1000), int(time.to_connect * 1000))
        if way != self._way:
            self._turn_to(way, target.port)
        self._load_method(request)
        self._cap, self._dns = request.answer_cap, time.spent
        self._forget()

    def _turn_to(self, way: Way, port: int) -> None:
        """An option set again costs as much as the first time, so a handle remembers where it leads."""
        url, address, milliseconds, to_connect = way
        curl, self._way = self.curl, way
        curl.setopt(pycurl.URL, url)
        if not self._proxied:
            # pins the address, whoever else parses the URL; connections are reused only on the same address
            curl.setopt(pycurl.CONNECT_TO, (f"::{address}:{port}",))
        curl.setopt(pycurl.TIMEOUT_MS, max(milliseconds, 1))
        curl.setopt(pycurl.CONNECTTIMEOUT_MS, max(to_connect, 1))

    def be_special(self, request: Request) -> None:
        """What a handle is never rid of again."""
        self.load_tls(request)
        if request.parts is not None:
            self._pour_from(request.parts)

    def load_tls(self, request: Request) -> None:
        """For good: a handle that holds somebody's certificate is not used for anybody else."""
        if request.ca_pem is not None:
            self.curl.unsetopt(pycurl.CAINFO)
            self.curl.setopt(pycurl.CAINFO_BLOB, request.ca_pem or _EMPTY)
        if request.client_pem is not None:
            self.curl.setopt(pycurl.SSLCERT_BLOB, request.client_pem or _EMPTY)
            self.curl.setopt(pycurl.SSLKEY_BLOB, request.client_pem or _EMPTY)

    def join(self, pool: pycurl.CurlShare | None) -> None:
        """Whose kept-alive connections it uses and leaves behind."""
        if pool is not self._pool:
            self.curl.unsetopt(pycurl.SHARE)  # libcurl wants the old one left first
            if pool is not None:
                self.curl.setopt(pycurl.SHARE, pool)
            self._pool = pool

    def pour_into(self, file: BinaryIO, cap: int) -> None:
        """Where the body of a successful answer goes, instead of into memory."""
        self._file, self._file_cap = file, cap
        self.curl.setopt(pycurl.MAXFILESIZE_LARGE, cap)  # an announced length past it ends at once

    def close(self) -> None:
        self.curl.close()

    # ── how it ended ─────────────────────────────────────────────────────────

    @property
    def status(self) -> int:
        """0 when no final status line came."""
        status: int = self.curl.getinfo(pycurl.RESPONSE_CODE)
        return status if status >= 200 or status == _SWITCHING else 0

    def never_connected(self, code: int) -> bool:
        """Another address may be tried without sending it twice."""
        return code in (pycurl.E_COULDNT_CONNECT, pycurl.E_OPERATION_TIMEDOUT) and not self._sent

    def outcome(self, code: int, detail: str) -> Outcome:
        """A status that came in time decides, whatever broke after it."""
        status = self.status
        if status:
            return self._answer(status, truncated=code != pycurl.E_OK)
        return self.no_answer(code, detail)

    def no_answer(self, code: int, detail: str) -> NoAnswer:
        if self._source and self._source.problem:
            return NoAnswer(reason="file_unreadable", detail=self._source.problem, timings=self._timings())
        reason = self._reason(code, detail)
        return NoAnswer(reason=reason, detail=detail, timings=self._timings(), sent=self._sent)

    @property
    def _sent(self) -> bool:
        """Bytes that went out decide: the clocks of libcurl also run for a connection that never stood."""
        return bool(self.curl.getinfo(pycurl.REQUEST_SIZE))

    def _reason(self, code: int, detail: str) -> Reason:
        if code == pycurl.E_OK:
            return "protocol_error"  # libcurl was content with something that has no final status
        return reason_of(code, detail)

    def _answer(self, status: int, *, truncated: bool) -> Answer:
        return Answer(
            status=status,
            headers=read_headers(b"".join(self._headers)),
            body=self._body.getvalue(),
            truncated=truncated,
            address=self.curl.getinfo(pycurl.PRIMARY_IP),
            timings=self._timings(),
        )

    def _timings(self) -> Timings:
        info = self.curl.getinfo
        connected, secured = info(pycurl.CONNECT_TIME), info(pycurl.APPCONNECT_TIME)
        ready, begun = info(pycurl.PRETRANSFER_TIME), info(pycurl.STARTTRANSFER_TIME)
        return Timings(
            dns=self._dns,
            connect=connected,
            tls=max(secured - connected, 0.0),
            first_byte=max(begun - ready, 0.0),
            total=self._dns + info(pycurl.TOTAL_TIME),
        )

    # ── options and callbacks ────────────────────────────────────────────────

    def _set_for_good(self, veto: Veto, ca_file: str) -> None:
        options = {
            pycurl.NOSIGNAL: 1,
            pycurl.PROXY: "",  # libcurl reads proxies from the environment otherwise
            pycurl.NOPROXY: "*",
            pycurl.PROTOCOLS: pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS,
            pycurl.FOLLOWLOCATION: 0,
            pycurl.HTTP_VERSION: pycurl.CURL_HTTP_VERSION_1_1,
            pycurl.USERAGENT: "Lacre",  # pycurl would list its whole family
            pycurl.HTTP09_ALLOWED: 0,
            pycurl.HTTP_CONTENT_DECODING: 0,
            pycurl.PATH_AS_IS: 1,  # the URL parser has folded the dots already
            pycurl.SSLVERSION: pycurl.SSLVERSION_TLSv1_2,
            pycurl.SSL_VERIFYPEER: 1,
            pycurl.SSL_VERIFYHOST: 2,
            pycurl.CAINFO: ca_file,
            pycurl.MAXAGE_CONN: 60,
            pycurl.OPENSOCKETFUNCTION: veto.open,
            pycurl.SOCKOPTFUNCTION: veto.opened,
            # without a cap of ours: libcurl has its own, 300 KB
            pycurl.HEADERFUNCTION: self._headers.append,
            pycurl.WRITEFUNCTION: self._take_body,
        }
        for option, value in options.items():
            self.curl.setopt(option, value)

    def _go_through(self, proxy: str, ca_file: str) -> None:
        self.curl.setopt(pycurl.PROXY, proxy)
        self.curl.setopt(pycurl.NOPROXY, "")
        self.curl.setopt(pycurl.HTTPPROXYTUNNEL, 1)
        self.curl.setopt(pycurl.PROXY_CAINFO, ca_file)
        self.curl.setopt(_SUPPRESS_CONNECT_HEADERS, 1)

    def _load_method(self, request: Request) -> None:
        method = request.method
        if request.parts is not None:
            self._be(method, pycurl.POST)
        elif request.body or method in _WITH_BODY:
            self._be(method, pycurl.POST)
            self.curl.setopt(pycurl.POSTFIELDS, request.body)
        else:
            self._be(method, pycurl.NOBODY if method == "HEAD" else pycurl.HTTPGET)

    def _pour_from(self, body: BodyParts) -> None:
        self._source = source = Source(body)
        self.curl.setopt(pycurl.POST, 1)
        self.curl.setopt(pycurl.READFUNCTION, source.read)
        self.curl.setopt(pycurl.SEEKFUNCTION, source.seek)
        self.curl.setopt(pycurl.POSTFIELDSIZE_LARGE, body.length)

    def _be(self, method: str, manner: int) -> None:
        if (method, manner) != self._method:
            self._method = method, manner
            self.curl.setopt(pycurl.NOBODY, 0)
            self.curl.setopt(manner, 1)
            self.curl.setopt(pycurl.CUSTOMREQUEST, method)

    def _forget(self) -> None:
        self._headers.clear()
        if self._size:
            self._size = 0
            self._body.seek(0)
            self._body.truncate()

    def _take_body(self, data: bytes) -> int | None:
        if self._file and not self._size and _is_success(self._headers):
            self._sink, self._cap = self._file, self._file_cap
        self._size += len(data)
        room = self._cap - self._size
        self._sink.write(data if room >= 0 else data[:room])
        return None if room >= 0 else 0


def header_lines(request: Request) -> list[str]:
    """As libcurl takes them; raises `ValueError` rather than let one change how the request is framed."""
    # one of blanks is none to libcurl, which would leave the whole header out
    lines = [f"{name}: {value}" if value.strip(" ") else f"{name};" for name, value in request.headers]
    together = "".join(lines)
    if not (together.isascii() and together.isprintable()) and _UNSENDABLE.search(together):
        raise ValueError("a header holds signs that HTTP does not allow")
    lines += _ours(request.method, tuple([name for name, _ in request.headers]))
    return lines


@lru_cache(maxsize=1024)
def _ours(method: str, names: tuple[str, ...]) -> list[str]:
    """What we add to headers of these names; a name without a value is libcurl's way of leaving one out."""
    for name in (method, *names):
        if not _NAME.fullmatch(name) or name.lower() in _FRAMING:
            raise ValueError(f"{name!r} cannot be sent")
    given = {name.lower() for name in names}
    return [line for line in _ADDED if line.partition(":")[0].lower() not in given]


def _is_success(lines: Sequence[bytes]) -> bool:
    # libcurl tells the status only once the transfer has ended
    status = next((line for line in reversed(lines) if line.startswith(_STATUS_LINE)), b"")
    return status.partition(b" ")[2].startswith(b"2")


def read_headers(block: bytes) -> Headers:
    """Those of the last answer in it: others may have come before, with a status of 1xx."""
    return _read_again(block) if len(block) < _SHORT else _read(block)


def _read(block: bytes) -> Headers:
    headers: list[tuple[str, str]] = []
    for line in block.decode("latin-1").split("\n"):
        name, colon, value = line.partition(":")
        if colon:
            headers.append((name, value.strip()))
        elif line.startswith("HTTP/"):
            headers.clear()
    return tuple(headers)


# a receiver says the same for a second, until its clock's date moves on
_read_again = lru_cache(maxsize=512)(_read)
