"""What every page tells the browser to refuse: other origins' code, referrers, guesses and foreign frames."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors {0}"
)
# the decoder of scanned images is WebAssembly; a worker obeys the policy of its own answer, not of its page
_WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
_PERMISSIONS = "camera={0}, microphone=(), geolocation=(self), browsing-topics=()"
"""Signers may be asked for photos; nobody else has a use for a camera."""
_ENCRYPTED = {"strict-transport-security": "max-age=31536000"}
FRAMABLE = ("/verificar/", "/sign/")
"""The signing room stands in frames of its senders' own pages."""


@dataclass(frozen=True)
class SecurityHeaders:
    """ASGI middleware; an answer that sets one of these headers itself keeps it."""

    app: ASGIApp
    encrypted: bool = False
    """Whether browsers reach us by HTTPS, and are to come no other way."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        wanted = headers_for(scope["path"]) | (_ENCRYPTED if self.encrypted else {})

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in wanted.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, guarded)


def headers_for(path: str) -> dict[str, str]:
    return {
        "content-security-policy": _policy_for(path),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "cross-origin-opener-policy": "same-origin",
        "permissions-policy": _PERMISSIONS.format("(self)" if path.startswith(FRAMABLE) else "()"),
    }


def _policy_for(path: str) -> str:
    if path.startswith("/static/pdf.worker"):
        return _WORKER_POLICY
    return _POLICY.format("*" if path.startswith(FRAMABLE) else "'none'")
