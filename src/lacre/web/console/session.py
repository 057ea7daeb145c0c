"""Who is signed in: a cookie that holds a secret, of which only the digest is kept."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from lacre.accounts.account import AccountsWork, User
from lacre.services import Services

LIFE = timedelta(days=14)
# what a browser says of a request that the person asked for on a page of ours, or by themself
_OURS = ("same-origin", "none")


@dataclass(frozen=True)
class Sessions:
    services: Services

    def start(self, work: AccountsWork, user: User, now: datetime) -> str:
        """The secret, to be given to the browser."""
        secret = self.services.tokens.secret()
        work.accounts.start_session(self._digest(secret), user.id, now=now)
        return secret

    def user(self, work: AccountsWork, secret: str, now: datetime) -> User | None:
        return work.accounts.user_of_session(self._digest(secret), now=now) if secret else None

    def end(self, work: AccountsWork, secret: str, now: datetime) -> None:
        work.accounts.end_session(self._digest(secret), now=now)

    def secret_of(self, request: Request) -> str:
        return request.cookies.get(self._cookie, "")

    def give(self, response: Response, secret: str) -> Response:
        response.set_cookie(
            self._cookie,
            secret,
            max_age=int(LIFE.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        return response

    def take(self, response: Response) -> Response:
        response.delete_cookie(self._cookie, path="/", secure=self._secure, httponly=True, samesite="lax")
        return response

    def form_token(self, secret: str) -> str:
        """What every form of this session carries, and no other site can know."""
        return self.services.tokens.digest(f"form {secret}")

    def form_is_ours(self, secret: str, token: str) -> bool:
        return hmac.compare_digest(self.form_token(secret).encode(), token.encode())

    def _digest(self, secret: str) -> str:
        return self.services.tokens.digest(f"session {secret}")

    @property
    def _secure(self) -> bool:
        return self.services.public_url.startswith("https://")

    @property
    def _cookie(self) -> str:
        # the prefix makes browsers refuse it from subdomains and over plain HTTP
        return "__Host-lacre" if self._secure else "lacre"


def is_ours(request: Request, public_url: str) -> bool:
    """Whether a form was sent from a page of ours: told by the browser, which no page can make lie."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = request.headers.get("origin")
    # who names neither is no browser, and so carries nobody's cookies
    return origin is None or urlsplit(origin).netloc in (
        urlsplit(public_url).netloc,
        request.headers.get("host"),
    )
