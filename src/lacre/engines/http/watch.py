"""Which sockets to wait for; the kernel is told as seldom as can be."""

from __future__ import annotations

import contextlib
import os
import select
from typing import Protocol

import pycurl

_CLOSED = -1
READ, WRITE = select.POLLIN, select.POLLOUT
_ASKED = {
    pycurl.POLL_IN: READ,
    pycurl.POLL_OUT: WRITE,
    pycurl.POLL_INOUT: READ | WRITE,
    pycurl.POLL_REMOVE: 0,
}


class Watch:
    """A kept-alive connection is wanted and not wanted once per request: it stays registered in between.

    So a socket may speak up that nobody waits for (its peer has left): it is struck off then. And a number
    may come back as another socket: `forget` says so.
    """

    def __init__(self) -> None:
        self._kernel: _Kernel = _kernel()
        self._wanted: dict[int, int] = {}
        self._told: dict[int, int] = {}
        self._ear, self._mouth = os.pipe()
        os.set_blocking(self._ear, False)
        os.set_blocking(self._mouth, False)
        self._kernel.register(self._ear, READ)

    def want(self, what: int, descriptor: int, *_: object) -> None:
        """libcurl's socket callback."""
        mask = _ASKED[what]
        if not mask:
            self._wanted.pop(descriptor, None)
            return
        self._wanted[descriptor] = mask
        told = self._told.get(descriptor)
        if told is None:
            self._kernel.register(descriptor, mask)
        elif told != mask:
            self._kernel.modify(descriptor, mask)
        self._told[descriptor] = mask

    def forget(self, descriptor: int) -> None:
        """This number is a new socket; the kernel dropped the old one when it was closed."""
        self._told.pop(descriptor, None)

    def ready(self, seconds: float) -> list[tuple[int, int]]:
        """Descriptors and events, in libcurl's terms."""
        events = []
        for descriptor, event in self._kernel.poll(seconds):
            if descriptor in self._wanted:
                events.append((descriptor, _as_curl_says(event)))
            elif descriptor == self._ear:
                self._hear()
            else:
                self._strike_off(descriptor)
        return events

    def nudge(self) -> None:
        """Ends a wait, from any thread or signal handler; also too late, as a slow lookup does."""
        mouth = self._mouth
        if mouth == _CLOSED:
            return
        with contextlib.suppress(BlockingIOError):  # a full pipe nudges as well
            os.write(mouth, b".")

    def close(self) -> None:
        # the number may soon be another file, which nobody wants a dot in
        mouth, self._mouth = self._mouth, _CLOSED
        os.close(self._ear)
        os.close(mouth)
        self._kernel.close()

    def _hear(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(self._ear, 4096)

    def _strike_off(self, descriptor: int) -> None:
        self._told.pop(descriptor, None)
        try:
            self._kernel.unregister(descriptor)
        except (OSError, KeyError):
            self._start_afresh()

    def _start_afresh(self) -> None:
        # a child process holds a closed socket open: its number is gone, its events would come for ever
        self._kernel.close()
        self._kernel = _kernel()
        self._kernel.register(self._ear, READ)
        self._told = dict(self._wanted)
        for descriptor, mask in self._wanted.items():
            self._kernel.register(descriptor, mask)


class _Kernel(Protocol):
    def register(self, fd: int, eventmask: int, /) -> None: ...
    def modify(self, fd: int, eventmask: int, /) -> None: ...
    def unregister(self, fd: int, /) -> None: ...
    def poll(self, timeout: float, /) -> list[tuple[int, int]]: ...
    def close(self) -> None: ...


class _Poll:
    """For systems without epoll; the same, but in milliseconds."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self.register, self.modify = self._poll.register, self._poll.modify
        self.unregister = self._poll.unregister

    def poll(self, timeout: float, /) -> list[tuple[int, int]]:
        return self._poll.poll(timeout * 1000)

    def close(self) -> None:
        """Nothing is held."""


def _kernel() -> _Kernel:
    return select.epoll() if hasattr(select, "epoll") else _Poll()


def _as_curl_says(event: int) -> int:
    said = 0
    if event & READ:
        said |= pycurl.CSELECT_IN
    if event & WRITE:
        said |= pycurl.CSELECT_OUT
    if event & ~(READ | WRITE):
        said |= pycurl.CSELECT_ERR
    return said
