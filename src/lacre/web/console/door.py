"""The way into every page of the console: who asks, one transaction, an answer rendered after it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import TypeAlias, TypeVar
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.accounts.account import Account, User
from lacre.accounts.answers import AnsweredMeanwhile
from lacre.fiscal.errors import CertificateNotUsable
from lacre.kit.ids import AccountId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.services import Services, Work
from lacre.signing.announcing import Actor
from lacre.web.console import once, words
from lacre.web.console import said as saying
from lacre.web.console.fiscal_words import CERTIFICATES, UNUSABLE
from lacre.web.console.permits import may_open
from lacre.web.console.said import Said
from lacre.web.console.session import Sessions, is_ours
from lacre.web.layout.endpoints import MAX_FIELDS, with_form
from lacre.web.layout.rendering import Renderer
from lacre.web.layout.translations import accepted, spoken
from lacre.web.origin import origin_of

LOGIN = "/app/login"
LANGUAGE_COOKIE = "lacre_lang"
SILENCE = timedelta(minutes=2)
"""After which a worker is not counted on: longer than it may be silent by itself."""


class ComesFromElsewhere(Refusal):
    """This form did not come from a page of Lacre that you have open. Load the page again and repeat it."""


class SignInFirst(Exception):
    """Nobody is signed in."""


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who is signed in, as pages need to know them."""

    user: User
    account: Account
    form_token: str
    somebody_works: bool
    """Whether a worker is there: else nothing is sealed, mailed or delivered."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One request of somebody who is signed in, inside its transaction."""

    request: Request
    form: FormData
    services: Services
    work: Work
    visitor: Visitor
    now: datetime
    language: str

    @property
    def account_id(self) -> AccountId:
        return self.visitor.account.id

    @property
    def by(self) -> Actor:
        origin = origin_of(self.request)
        return Actor(name=self.visitor.user.email, origin=origin)

    @property
    def path(self) -> str:
        return self.request.url.path

    def named(self, parameter: str = "id") -> str:
        """An id in the address; what is no id names nothing."""
        found = as_uuid(self.request.path_params[parameter])
        if found is None:
            raise NotFound("page")
        return found

    def asked(self, name: str) -> str:
        return text_in(self.request.query_params.get(name))[:200]

    def typed(self, name: str, limit: int = 2_000) -> str:
        return text_in(self.form.get(name))[:limit]


def text_in(value: object) -> str:
    """What somebody typed, without the one sign that databases refuse; nothing if a file came instead."""
    return value.replace("\0", "").strip() if isinstance(value, str) else ""


@dataclass(frozen=True)
class Page:
    """A page to be rendered once the transaction is over: its values hold all that it shows."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


class TurnedBack(Exception):
    """Nothing of what was done is kept: the form is shown again, with what was typed and what is wrong."""

    def __init__(self, form: Page) -> None:
        super().__init__(form.template)
        self.form = form


@dataclass(frozen=True)
class Goto:
    """Where to go on, and what is said there."""

    path: str
    said: Said | None = None


@dataclass(frozen=True)
class Afterwards:
    """What takes its time: worked out once the transaction is over, in which everybody else would wait."""

    page: Callable[[], Page]


Answer: TypeAlias = Page | Goto | Afterwards | Response
Handler: TypeAlias = Callable[[Visit], Answer]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Door:
    services: Services
    renderer: Renderer
    sessions: Sessions

    def page(self, path: str, handler: Handler) -> BaseRoute:
        def endpoint(request: Request) -> Response:
            return self._serve(request, handler, FormData())

        return Route(path, endpoint, methods=["GET"])

    def act(self, path: str, handler: Handler, *, max_fields: int = MAX_FIELDS) -> BaseRoute:
        """A form's address: one step below the page that it stands on, where refusals are said."""

        def endpoint(request: Request, form: FormData) -> Response:
            return self._serve(request, handler, form)

        return Route(path, with_form(endpoint, max_fields=max_fields), methods=["POST"])

    def upload(
        self,
        path: str,
        look: Callable[[FormData], Found],
        handler: Callable[[Found, Visit], Answer],
        *,
        max_files: int,
    ) -> BaseRoute:
        """A form with files, read only for who is signed in; `look` judges them before the transaction."""

        def endpoint(request: Request, form: FormData) -> Response:
            if not self._comes_from_us(request, form):
                return self._serve(request, _never, form)
            return self._serve(request, partial(handler, look(form)), form)

        reading = with_form(endpoint, known=self._require_signed_in, most_bytes=None, max_files=max_files)

        async def guarded(request: Request) -> Response:
            try:
                return await reading(request)
            except SignInFirst:
                return _to_login(request)

        return Route(path, guarded, methods=["POST"])

    def language(self, request: Request) -> str:
        chosen = request.query_params.get("lang") or request.cookies.get(LANGUAGE_COOKIE)
        wanted = accepted(request.headers.get("accept-language", ""))
        return spoken(chosen, *wanted, self.services.settings.lang)

    def render(self, request: Request, page: Page, visitor: Visitor | None = None) -> Response:
        told = saying.read(request, self.services.tokens)
        answer = self.renderer.page(
            page.template,
            self.language(request),
            status=page.status,
            headers=page.headers,
            visitor=visitor,
            said=told,
            here=request.url.path,
            query=request.url.query,
            now=self.services.clock(),
            event_words=words.EVENTS,
            mark=self.services.tokens.uuid(),
            **page.values,
        )
        if told is not None:
            saying.forget(answer)
        return self.remember_language(request, answer)

    def remember_language(self, request: Request, answer: Response) -> Response:
        if "lang" in request.query_params:
            answer.set_cookie(LANGUAGE_COOKIE, self.language(request), path="/app", samesite="lax")
        return answer

    def _serve(self, request: Request, handler: Handler, form: FormData) -> Response:
        visitor: Visitor | None = None
        try:
            with self.services.open_work() as work:
                visit = self._visit(request, form, work)
                visitor = visit.visitor
                if not may_open(visitor.user, visit.path):
                    raise NotFound("page")
                answer = self._once(visit, handler)
        except SignInFirst:
            return _to_login(request)
        except AnsweredMeanwhile:
            return self._serve(request, handler, form)
        except NotFound:
            answer = Page("console/nothing.html", status=404)
        except TurnedBack as back:
            answer = back.form
        except Refusal as refusal:
            if request.method == "GET":
                raise
            answer = Goto(request.url.path.rpartition("/")[0] or "/app/", _refused(refusal))
        return self._answered(request, answer, visitor)

    def _once(self, visit: Visit, handler: Handler) -> Answer:
        """What was answered to the same form already, or what it leads to."""
        answers, key = visit.work.answers, once.key_of(visit.request, visit.form, self.services.tokens)
        given = answers.get(visit.account_id, key) if key else None
        if given is not None:
            gone_on = once.gone_on(given)
            return Goto(*gone_on) if gone_on else once.stayed(given)
        answer = handler(visit)
        if key and isinstance(answer, Page) and answer.status == once.STAYS:
            answer = self.render(visit.request, answer, visit.visitor)
            answers.keep(visit.account_id, key, once.staying(answer), now=visit.now)
        elif key and isinstance(answer, Goto):
            given = once.going_on(answer.path, answer.said)
            answers.keep(visit.account_id, key, given, now=visit.now)
        return answer

    def _visit(self, request: Request, form: FormData, work: Work) -> Visit:
        now, secret = self.services.clock(), self.sessions.secret_of(request)
        user = self.sessions.user(work, secret, now)
        if user is None:
            raise SignInFirst
        visitor = Visitor(
            user=user,
            account=work.accounts.get(user.account_id),
            form_token=self.sessions.form_token(secret),
            somebody_works=_somebody_works(work, now),
        )
        if request.method == "POST" and not self._comes_from_us(request, form):
            raise ComesFromElsewhere
        return Visit(
            request=request,
            form=form,
            services=self.services,
            work=work,
            visitor=visitor,
            now=now,
            language=self.language(request),
        )

    def _require_signed_in(self, request: Request) -> None:
        with self.services.open_work() as work:
            secret, now = self.sessions.secret_of(request), self.services.clock()
            if self.sessions.user(work, secret, now) is None:
                raise SignInFirst

    def _comes_from_us(self, request: Request, form: FormData) -> bool:
        token, secret = form.get("form_token"), self.sessions.secret_of(request)
        known = isinstance(token, str) and self.sessions.form_is_ours(secret, token)
        return known and is_ours(request, self.services.public_url)

    def _answered(self, request: Request, answer: Answer, visitor: Visitor | None) -> Response:
        match answer:
            case Page():
                return self.render(request, answer, visitor)
            case Afterwards():
                return self.render(request, answer.page(), visitor)
            case Goto():
                response = RedirectResponse(answer.path, status_code=303)
                if answer.said is not None:
                    saying.put(response, answer.said, self.services.tokens)
                return response
            case _:
                return answer


def _somebody_works(work: Work, now: datetime) -> bool:
    """One that died is still listed until another notices."""
    return any(now - one.seen_at < SILENCE for one in work.workers.present())


def _never(_: Visit) -> Answer:
    """Where a form from elsewhere would have led."""
    raise ComesFromElsewhere


def _to_login(request: Request) -> Response:
    if request.method != "GET" or request.url.path == "/app/":
        return RedirectResponse(LOGIN, status_code=303)
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"{LOGIN}?next={quote(wanted)}", status_code=303)


def _refused(refusal: Refusal) -> Said:
    if isinstance(refusal, CertificateNotUsable):
        return Said(words=CERTIFICATES.get(str(refusal.args[0]), UNUSABLE), tone="bad")
    return saying.refused(refusal)
