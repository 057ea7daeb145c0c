"""The forms' addresses: a public one makes a document for each visitor, a signer's own finishes theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.kit.ids import TemplateId, as_uuid
from lacre.kit.pace import Allowance
from lacre.kit.refusal import NotFound
from lacre.services import Services
from lacre.signing import errors
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.inputs import OpenForm
from lacre.signing.ports import Unusable
from lacre.signing.signer import Signer
from lacre.signing.template import Template
from lacre.signing.templating import form_of
from lacre.web.form import making, questions
from lacre.web.form.questions import Filled, read_answers, read_person
from lacre.web.layout.endpoints import Queue, with_form
from lacre.web.layout.rendering import Renderer
from lacre.web.layout.translations import accepted, spoken
from lacre.web.origin import origin_of

ENTRIES = ("/verificar", "/sign")
NOT_MADE = "The document could not be made. What you typed is still here: try again in a minute."
AT_ONCE, WAITING = 2, 30
"""Anybody may ask, and each costs some work: those who come in numbers keep only each other waiting."""


@dataclass(frozen=True, kw_only=True)
class Head:
    """What stands above the questions."""

    title: str
    language: str
    intro: str
    brand: str
    video: str = ""


MADE_BY_FORMS = (Allowance(most=60, seconds=3600),)
"""From one address: an office behind it fills in many, a script would fill thousands."""


@dataclass(frozen=True)
class Forms:
    services: Services
    renderer: Renderer

    def routes(self) -> list[BaseRoute]:
        queue = Queue(at_once=AT_ONCE, waiting=WAITING)
        begin = with_form(self.begin, known=self._template, queue=queue)
        finish = with_form(self.finish, known=self._admit, queue=queue)
        return [
            route
            for entry in ENTRIES
            for route in (
                Route(f"{entry}/doc/{{template}}", self.show, methods=["GET"]),
                Route(f"{entry}/doc/{{template}}", begin, methods=["POST"]),
                Route(f"{entry}/{{token}}/form", self.show_rest, methods=["GET"]),
                Route(f"{entry}/{{token}}/form", finish, methods=["POST"]),
                Route(f"{entry}/oneclick/{{token}}/form", self.show_rest, methods=["GET"]),
                Route(f"{entry}/oneclick/{{token}}/form", finish, methods=["POST"]),
            )
        ]

    def show(self, request: Request) -> Response:
        template = self._template(request)
        return self._public(request, template, Filled(questions=questions.asked(template.form), answers={}))

    def begin(self, request: Request, form: FormData) -> Response:
        template = self._template(request)
        filled = read_answers(form, template.form, language=template.language)
        filled = replace(filled, person=read_person(form, template.signer))
        if filled.wrong:
            return self._public(request, template, filled)
        origin = origin_of(request)
        self._count(origin)
        signer = making.begin(self.services, template, filled, origin=origin)
        if isinstance(signer, Unusable):
            return self._public(request, template, filled, problem=NOT_MADE)
        return _to_room(request, self.services.links.signer_token(signer.id, signer.link_generation))

    def _count(self, origin: Origin) -> None:
        left = self.services.turnstile.enter(f"form {origin.ip}", MADE_BY_FORMS, now=self.services.clock())
        if left is not None:
            raise HTTPException(429, headers={"retry-after": str(left)})

    def show_rest(self, request: Request) -> Response:
        envelope, signer, form = self._open(request)
        if form is None:
            return _to_room(request, _token(request))
        filled = Filled(questions=questions.asked(form.inputs), answers={})
        return self._rest(request, envelope, signer, filled)

    def finish(self, request: Request, form: FormData) -> Response:
        envelope, signer, left = self._open(request)
        if left is None:
            return _to_room(request, _token(request))
        filled = read_answers(form, left.inputs, language=envelope.language)
        if filled.wrong:
            return self._rest(request, envelope, signer, filled)
        return self._finished(request, envelope, signer, left, filled)

    def _finished(
        self, request: Request, envelope: Envelope, signer: Signer, left: OpenForm, filled: Filled
    ) -> Response:
        token, origin = _token(request), origin_of(request)
        try:
            problem = making.finish(self.services, token, envelope, left, filled, origin=origin)
        except (errors.FormFilled, errors.EnvelopeClosed):
            # pressed twice, or ended meanwhile: the room says how it stands
            problem = None
        if problem is not None:
            return self._rest(request, envelope, signer, filled, problem=NOT_MADE)
        return _to_room(request, token)

    def _template(self, request: Request) -> Template:
        template_id = as_uuid(request.path_params["template"])
        if template_id is None:
            raise NotFound("template")
        with self.services.open_work() as work:
            template = work.templates.for_form(TemplateId(template_id))
        if not template.usable:
            raise NotFound("template")
        return template

    def _admit(self, request: Request) -> None:
        """Not from another page: it could answer in a signer's name, from the signer's address."""
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise HTTPException(403)
        self._open(request)

    def _open(self, request: Request) -> tuple[Envelope, Signer, OpenForm | None]:
        """The form that waits for whoever holds this link, if one does."""
        with self.services.open_work() as work:
            envelope, signer_id = work.envelopes.by_link(_token(request))
        signer = envelope.signer(signer_id)
        return envelope, signer, form_of(envelope, signer)

    def _public(self, request: Request, template: Template, filled: Filled, problem: str = "") -> Response:
        head = Head(
            title=template.name,
            language=template.language,
            intro=template.intro,
            video=template.video,
            brand=template.options.branding.name,
        )
        return self._page(request, head, filled, problem, signer=template.signer)

    def _rest(
        self, request: Request, envelope: Envelope, signer: Signer, filled: Filled, problem: str = ""
    ) -> Response:
        head = Head(
            title=envelope.title,
            language=envelope.language,
            intro=signer.options.message,
            brand=envelope.options.branding.name,
        )
        return self._page(request, head, filled, problem, signer=None)

    def _page(
        self, request: Request, head: Head, filled: Filled, problem: str, *, signer: Signer | None
    ) -> Response:
        """`signer`: who is asked to introduce themself, where nobody knows yet who fills it in."""
        wanted = accepted(request.headers.get("accept-language", ""))
        chosen = request.query_params.get("lang")
        return self.renderer.page(
            "form/form.html",
            spoken(chosen, head.language, *wanted, self.services.settings.lang),
            status=503 if problem else 422 if filled.wrong else 200,
            head=head,
            filled=filled,
            signer=signer,
            asks=questions,
            problem=problem,
            here=request.url.path,
            chosen_language=chosen,
        )


def _token(request: Request) -> str:
    token: str = request.path_params["token"]
    return token


def _to_room(request: Request, token: str) -> Response:
    """By whichever door they came; a visitor has none of their own yet."""
    before, _, _ = request.url.path.partition(request.path_params.get("token") or "doc/")
    lang = request.query_params.get("lang")
    query = f"?{urlencode({'lang': lang})}" if lang else ""
    return RedirectResponse(f"{before}{token}{query}", status_code=303)
