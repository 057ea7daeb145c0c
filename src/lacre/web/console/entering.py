"""Signing in and out: by the one-time link, which asks for a password to keep, or by e-mail and password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.accounts.account import User
from lacre.accounts.password import LONGEST, SHORTEST, check_password
from lacre.accounts.proving import Prover
from lacre.kit import throttle
from lacre.kit.refusal import Refusal
from lacre.services import Services
from lacre.web.console import notes
from lacre.web.console.door import ComesFromElsewhere, Door, Page
from lacre.web.console.session import Sessions, is_ours
from lacre.web.layout.endpoints import Queue, with_form
from lacre.web.origin import origin_of

LONGEST_EMAIL = 254
AT_ONCE, WAITING = 2, 30
"""Strangers who try passwords in numbers keep only each other waiting: each takes a while."""


class LinkOver(Refusal):
    """The one-time link works no longer."""


@dataclass(frozen=True)
class Entrance:
    services: Services
    door: Door
    sessions: Sessions

    def routes(self) -> list[BaseRoute]:
        queue = Queue(at_once=AT_ONCE, waiting=WAITING)
        return [
            Route("/app/enter", self.show_enter, methods=["GET"]),
            Route("/app/enter", with_form(self.enter, queue=queue), methods=["POST"]),
            Route("/app/login", self.show_login, methods=["GET"]),
            Route("/app/login", with_form(self.log_in, queue=queue), methods=["POST"]),
            Route("/app/logout", with_form(self.log_out), methods=["POST"]),
        ]

    def show_enter(self, request: Request) -> Response:
        """Looking at it does not use the link up: mail scanners open every link that they see."""
        return self._enter_page(request, request.query_params.get("link", ""))

    def enter(self, request: Request, form: FormData) -> Response:
        self._require_ours(request)
        link, password = _text(form, "link"), _text(form, "password")
        if password != _text(form, "again"):
            return self._enter_page(request, link, errors={"again": (notes.PASSWORDS_DIFFER, "")})
        try:
            check_password(password)
            secret = self._use(link, password)
        except LinkOver:
            return self._enter_page(request, link, errors={"link": (notes.LINK_OVER, "")})
        except Refusal as refusal:
            return self._enter_page(request, link, errors={"password": (refusal.template, *refusal.args)})
        return self._inside("/app/", secret)

    def show_login(self, request: Request) -> Response:
        return self._login_page(request, wanted=request.query_params.get("next", ""))

    def log_in(self, request: Request, form: FormData) -> Response:
        self._require_ours(request)
        email, wanted = _text(form, "email")[:LONGEST_EMAIL].lower(), _text(form, "next")
        now, address = self.services.clock(), origin_of(request).ip
        if not self._may_try(address, email, now):
            return self._login_page(
                request, email=email, wanted=wanted, error=notes.TOO_MANY_TRIES, status=429
            )
        user = self._proved(email, _text(form, "password"))
        if user is None:
            return self._login_page(
                request, email=email, wanted=wanted, error=notes.WRONG_PASSWORD, status=422
            )
        with self.services.open_work() as work:
            throttle.succeeded(work, address, email, now=now)
            secret = self.sessions.start(work, user, now)
        return self._inside(_within(wanted), secret)

    def log_out(self, request: Request, form: FormData) -> Response:
        self._require_ours(request)
        secret = self.sessions.secret_of(request)
        if secret and self.sessions.form_is_ours(secret, _text(form, "form_token")):
            with self.services.open_work() as work:
                self.sessions.end(work, secret, self.services.clock())
        return self.sessions.take(RedirectResponse("/app/login", status_code=303))

    def _use(self, link: str, password: str) -> str:
        if not self._email_of(link):
            # before the slow part: guessed links cost nothing
            raise LinkOver
        hashed = self.services.passwords.hash(password)
        now = self.services.clock()
        with self.services.open_work() as work:
            user = work.accounts.use_login_link(self.services.tokens.digest(link), now=now)
            if user is None:
                raise LinkOver
            # its own e-mail is known only now; refusing undoes the use of the link
            check_password(password, email=user.email)
            work.accounts.set_password(user.id, hashed)
            return self.sessions.start(work, user, now)

    def _may_try(self, address: str, email: str, now: datetime) -> bool:
        with self.services.open_work() as work:
            return throttle.tries(work, address, email, now=now)

    def _proved(self, email: str, password: str) -> User | None:
        with self.services.open_work() as work:
            user = work.accounts.user_by_email(email)
        return self._prover.proved(user, password)

    @cached_property
    def _prover(self) -> Prover:
        return Prover(self.services.passwords, self.services.tokens.secret())

    def _require_ours(self, request: Request) -> None:
        if not is_ours(request, self.services.public_url):
            raise ComesFromElsewhere

    def _inside(self, path: str, secret: str) -> Response:
        return self.sessions.give(RedirectResponse(path, status_code=303), secret)

    def _enter_page(
        self, request: Request, link: str, errors: dict[str, tuple[object, ...]] | None = None
    ) -> Response:
        email = self._email_of(link)
        values = {
            "link": link,
            "email": email,
            "errors": errors or {},
            "shortest": SHORTEST,
            "longest": LONGEST,
            "over": notes.LINK_OVER,
        }
        status = 422 if errors else 200 if email else 404
        return self.door.render(request, Page("console/enter.html", values, status=status))

    def _email_of(self, link: str) -> str:
        """Empty once the link works no longer."""
        with self.services.open_work() as work:
            digest = self.services.tokens.digest(link)
            user = work.accounts.user_of_login_link(digest, now=self.services.clock())
        return user.email if user else ""

    def _login_page(
        self, request: Request, *, email: str = "", wanted: str = "", error: str = "", status: int = 200
    ) -> Response:
        values = {"email": email, "wanted": wanted, "error": error}
        return self.door.render(request, Page("console/login.html", values, status=status))


def _within(wanted: str) -> str:
    """Only pages of the console: a stranger's link must not lead out of it through the login."""
    safe = wanted.startswith("/app/") and "\\" not in wanted and not any(ord(sign) < 33 for sign in wanted)
    return wanted if safe else "/app/"


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value[:2_000] if isinstance(value, str) else ""
