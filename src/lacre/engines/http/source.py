"""A body that is not held, as libcurl asks for it."""

from __future__ import annotations

from io import SEEK_SET

import pycurl

from lacre.webhooks.body import BodyParts


class Source:
    """What cannot be read ends the transfer, and is remembered: libcurl only says that somebody ended it."""

    def __init__(self, body: BodyParts) -> None:
        self._body = body
        self.problem = ""
        self._chunks, self._left = body.chunks(), memoryview(b"")

    def read(self, size: int) -> bytes | int:
        try:
            while not self._left and (chunk := next(self._chunks, b"")):
                self._left = memoryview(chunk)
        except (OSError, LookupError) as problem:
            self.problem = f"{type(problem).__name__}: {problem}"
            return int(pycurl.READFUNC_ABORT)
        piece, self._left = self._left[:size], self._left[size:]
        return bytes(piece)

    def seek(self, offset: int, origin: int) -> int:
        """To the beginning, when a connection kept alive turns out to be dead; nobody asks for more."""
        if offset or origin != SEEK_SET:
            return int(pycurl.SEEKFUNC_FAIL)
        self._chunks, self._left = self._body.chunks(), memoryview(b"")
        return int(pycurl.SEEKFUNC_OK)
