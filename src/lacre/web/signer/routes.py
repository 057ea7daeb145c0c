"""The signing room's addresses: each reads what came, calls one action, and picks an answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial

import structlog
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from lacre.documents.pictures import MAX_PHOTO_BYTES
from lacre.kit.ids import PhotoId, as_uuid
from lacre.kit.refusal import NotFound, Refusal
from lacre.kit.times import BRASILIA
from lacre.services import Services
from lacre.signing import actions, certifying, errors, identifying, photographing
from lacre.signing.code import CodeResult
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import Origin
from lacre.signing.signer import Photo, Signer, SignerStatus
from lacre.signing.templating import form_of
from lacre.web.layout import endpoints
from lacre.web.layout.endpoints import Turns, in_turn
from lacre.web.layout.rendering import Renderer
from lacre.web.layout.translations import spoken
from lacre.web.origin import origin_of
from lacre.web.signer import acting, attaching, coding, serving
from lacre.web.signer.drawing import Drawing
from lacre.web.signer.forms import SignatureForm, read_address, read_signature
from lacre.web.signer.places import places_css
from lacre.web.signer.step import Proof, Step
from lacre.web.signer.view import RoomLinks, RoomView, Typed, initials_of

CHANGED = "The document changed while this page was open. Load the page again and read it before you sign."
WRONG_PHOTO = "Send a JPEG, PNG or WebP photo of up to 12 MB on which everything can be read."
PHOTO_BYTES = 13_000_000
NOT_SIGNED = "The document could not be signed with this certificate. Tell whoever sent it to you."
PLACES: Mapping[type[Refusal], str] = {
    errors.CertificatePasswordWrong: "certificate_password",
    errors.CertificateMissing: "certificate",
    errors.CertificateUnreadable: "certificate",
    errors.CertificateUnfit: "certificate",
    errors.CertificateNotYetValid: "certificate",
    errors.CertificateExpired: "certificate",
    errors.CertificateRevoked: "certificate",
    errors.CertificateNotTrusted: "certificate",
    errors.CertificateNameless: "certificate",
    errors.CertificateOfAnother: "certificate",
}
"""At which input a refusal stands; the others stand above the form."""
SIGNATURE_BYTES = 40_000_000
"""Two pictures of eight megabytes, drawn or uploaded, and some words."""
ENTRIES = ("/verificar/{token}", "/verificar/oneclick/{token}", "/sign/{token}")
OF_ONE, OF_ALL, WAITING = 4, 18, 200
"""Of a link's requests, and of all links' together: the server has forty threads, of which others draw."""
CODE_REFUSALS = (errors.CodeLocked, errors.CodeTooSoon, errors.TooManyCodes)

_LOG = structlog.get_logger("lacre.signer")
# long documents make long pages; who can ask for one knows its secret already, so packing gives nothing away
PACKED = [Middleware(GZipMiddleware, minimum_size=2_000)]


@dataclass(frozen=True)
class SigningRoom:
    services: Services
    renderer: Renderer
    widget_messages: Mapping[str, str]
    """What the page around the room is told: `loaded`, `signed`, `file_ready` → the very strings."""

    def routes(self) -> list[BaseRoute]:
        turns = Turns(of_one=OF_ONE, of_all=OF_ALL, waiting=WAITING)
        shown = [("GET", path, in_turn(look, turns, _link)) for path, look in self._looks().items()]
        drawn = Drawing(self.services, self.page_asked, lambda one: turns.turn(_link(one))).draw
        shown.append(("GET", "/documents/{document:int}/pages/{page:int}", drawn))
        done = [("POST", path, act) for path, act in self._acts(turns).items()]
        return [
            Route(entry + path, door, methods=[verb], middleware=[] if path else PACKED)
            for entry in ENTRIES
            for verb, path, door in (*shown, *done)
        ]

    def _looks(self) -> Mapping[str, Callable[[Request], Response]]:
        return {
            "": self.show,
            "/attachments/{attachment}": self.attachment,
            "/state": self.state,
            "/places.css": self.places,
            "/documents/{document:int}/original": self.original,
            "/documents/{document:int}/signed": self.signed,
            "/record": self.record,
        }

    def _acts(self, turns: Turns) -> Mapping[str, Callable[[Request], Awaitable[Response]]]:
        with_form = partial(endpoints.with_form, known=self._admit, turn=lambda one: turns.turn(_link(one)))
        return {
            "/read": with_form(self.confirm_reading),
            "/code": with_form(self.send_code),
            "/code/confirm": with_form(self.confirm_code),
            "/sign": with_form(self.sign, most_bytes=SIGNATURE_BYTES, max_files=3),
            "/tax-id": with_form(self.confirm_tax_id),
            "/passcode": with_form(self.confirm_passcode),
            "/passcode/again": with_form(self.send_passcode),
            "/attachment": with_form(self.attach, most_bytes=attaching.LARGEST + 10_000, max_files=1),
            "/photo": with_form(self.take_photo, most_bytes=PHOTO_BYTES, max_files=1),
            "/refuse": with_form(self.refuse),
        }

    def show(self, request: Request) -> Response:
        if "here" in request.query_params:
            return self._page(request, *self._find(request))
        with self.services.open_work() as work:
            link, origin, now = _token(request), self._origin(request), self.services.clock()
            envelope, signer = actions.view(work, link, origin=origin, now=now)
        envelope.expire(now=now)
        return self._page(request, envelope, signer)

    def confirm_reading(self, request: Request, form: FormData) -> Response:  # noqa: ARG002 - a form's shape
        with self.services.open_work() as work:
            link, origin, now = _token(request), self._origin(request), self.services.clock()
            actions.confirm_reading(work, link, origin=origin, now=now)
        return self._back(request)

    def send_code(self, request: Request, form: FormData) -> Response:
        envelope, signer = self._find(request)
        given, wrong = read_address(form, signer)
        if wrong:
            typed = Typed(values={name: str(form.get(name, "")) for name in wrong}, errors=wrong)
            return self._page(request, envelope, signer, typed=typed)
        try:
            coding.send(self.services, _token(request), given, origin=self._origin(request))
        except CODE_REFUSALS as refusal:
            typed = Typed(errors={"code": refusal.template})
            return self._page(request, envelope, signer, typed=typed, code_asked=True)
        return self._back(request)

    def confirm_code(self, request: Request, form: FormData) -> Response:
        with self.services.open_work() as work:
            link, origin, now = _token(request), self._origin(request), self.services.clock()
            result = identifying.confirm_code(work, link, str(form.get("code", "")), origin=origin, now=now)
        return self._identified(request, result, errors.CodeWrong(), "code")

    def confirm_tax_id(self, request: Request, form: FormData) -> Response:
        typed = str(form.get("tax_id", ""))[:100]
        with self.services.open_work() as work:
            link, origin, now = _token(request), self._origin(request), self.services.clock()
            result = identifying.confirm_tax_id(work, link, typed, origin=origin, now=now)
        return self._identified(request, result, errors.TaxIdWrong(), "tax_id")

    def confirm_passcode(self, request: Request, form: FormData) -> Response:
        _, signer = self._find(request)
        known = coding.passcode(self.services, signer)
        with self.services.open_work() as work:
            link, origin, now = _token(request), self._origin(request), self.services.clock()
            typed = str(form.get("passcode", ""))[:100]
            result = identifying.confirm_passcode(work, link, typed, known, origin=origin, now=now)
        return self._identified(request, result, errors.CodeWrong(), "passcode")

    def send_passcode(self, request: Request, form: FormData) -> Response:  # noqa: ARG002 - a form's shape
        try:
            coding.send_passcode(self.services, _token(request), origin=self._origin(request))
        except CODE_REFUSALS as refusal:
            typed = Typed(errors={"passcode": refusal.template})
            return self._page(request, *self._find(request), typed=typed)
        return self._back(request)

    def attach(self, request: Request, form: FormData) -> Response:
        sent, wanted = form.get("file"), str(form.get("attachment", ""))
        _, signer = self._find(request)
        if wanted not in {one.id for one in signer.options.attachments}:
            raise NotFound("attachment")
        brought = attaching.keep(self.services, sent) if isinstance(sent, UploadFile) else None
        if brought is None:
            typed = Typed(errors={f"file-{wanted}": attaching.WRONG_FILE})
            return self._page(request, *self._find(request), typed=typed)
        attaching.attach(self.services, _token(request), wanted, brought, origin=self._origin(request))
        return self._back(request)

    def attachment(self, request: Request) -> Response:
        envelope, signer = self._shown(request)
        return serving.attachment(self.services, request, envelope, signer)

    def take_photo(self, request: Request, form: FormData) -> Response:
        kind, sent = str(form.get("kind", "")), form.get("photo")
        _, signer = self._find(request)
        if kind not in signer.options.photos:
            raise NotFound("photo")
        content = sent.file.read(MAX_PHOTO_BYTES + 1) if isinstance(sent, UploadFile) else b""
        jpeg = self.services.pictures.photo(content)
        if jpeg is None:
            typed = Typed(errors={"photo": WRONG_PHOTO})
            return self._page(request, *self._find(request), typed=typed)
        with suppress(errors.IdentificationMissing, errors.CodeLocked), self.services.open_work() as work:
            photo_id, now = PhotoId(self.services.tokens.uuid()), self.services.clock()
            link, origin = _token(request), self._origin(request)
            photographing.take(work, link, Photo(kind), jpeg, photo_id, origin=origin, now=now)
        # whoever came past what is asked first is shown that
        return self._back(request)

    def _identified(self, request: Request, result: CodeResult, wrong: Refusal, name: str) -> Response:
        if result is CodeResult.RIGHT:
            return self._back(request)
        said = errors.CodeLocked() if result is CodeResult.LOCKED else wrong
        typed = Typed(errors={name: said.template})
        return self._page(request, *self._find(request), typed=typed, code_asked=True)

    def sign(self, request: Request, form: FormData) -> Response:
        envelope, signer = self._find(request)
        filled = read_signature(form, envelope, signer, self.services.pictures)
        if filled.errors:
            return self._page(request, envelope, signer, typed=filled.typed)
        try:
            acting.sign(self.services, _token(request), filled, signer, origin=self._origin(request))
        except Refusal as refusal:
            return self._unsigned(request, filled, refusal)
        except certifying.NotSigned as failure:
            _LOG.error("certificate", envelope=envelope.id, problem=str(failure))
            return self._page(request, envelope, signer, typed=_wrong(filled, "certificate", NOT_SIGNED))
        return self._back(request, signed="1")

    def _unsigned(self, request: Request, filled: SignatureForm, refusal: Refusal) -> Response:
        """Whoever pressed twice has signed, even if that closed the document."""
        envelope, signer = self._find(request)
        if signer.status is SignerStatus.SIGNED:
            return self._back(request)
        if isinstance(refusal, errors.EnvelopeClosed):
            return self._page(request, envelope, signer, typed=_wrong(filled, "form", CHANGED))
        place = PLACES.get(type(refusal), "form")
        return self._page(request, envelope, signer, typed=_wrong(filled, place, refusal.template))

    def refuse(self, request: Request, form: FormData) -> Response:
        reason = str(form.get("reason", ""))[:2_000]
        try:
            with self.services.open_work() as work:
                link, origin, now = _token(request), self._origin(request), self.services.clock()
                actions.refuse(work, link, reason, origin=origin, now=now)
        except errors.ReasonMissing as refusal:
            typed = Typed(errors={"reason": refusal.template})
            return self._page(request, *self._find(request), typed=typed)
        return self._back(request)

    def state(self, request: Request) -> Response:
        """What an open page asks for now and then, to show news by itself."""
        view = self._view(request, *self._find(request))
        answer = {"state": view.state, "signed_file_ready": view.step is Step.DONE and view.file_ready}
        return JSONResponse(answer, headers={"cache-control": "no-store"})

    def places(self, request: Request) -> Response:
        view = self._view(request, *self._find(request))
        css = places_css(view.fields, view.envelope.options.branding.color)
        return Response(css, media_type="text/css", headers={"cache-control": "private, no-cache"})

    def page_asked(self, request: Request) -> serving.PageAsked:
        envelope, signer = self._shown(request)
        sealed = self._view(request, envelope, signer).file_ready
        return serving.page_asked(request, envelope, sealed_too=sealed)

    def original(self, request: Request) -> Response:
        envelope, _ = self._shown(request)
        if envelope.options.hide_original:
            raise NotFound("file")
        return serving.original(self.services, request, envelope)

    def signed(self, request: Request) -> Response:
        envelope, signer = self._shown(request)
        if not self._view(request, envelope, signer).file_ready:
            raise NotFound("file")
        return serving.signed(self.services, request, envelope)

    def record(self, request: Request) -> Response:
        envelope, _ = self._shown(request)
        return serving.record(self.services, request, envelope)

    def _admit(self, request: Request) -> None:
        """Not from another page: it could make a signer's browser sign, and so from the signer's address."""
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise HTTPException(403)
        self._find(request)

    def _find(self, request: Request) -> tuple[Envelope, Signer]:
        with self.services.open_work() as work:
            envelope, signer_id = work.envelopes.by_link(_token(request))
        # shown as it will be once the worker comes to it
        envelope.expire(now=self.services.clock())
        return envelope, envelope.signer(signer_id)

    def _shown(self, request: Request) -> tuple[Envelope, Signer]:
        """Files of an envelope that is closed to this signer are not given out."""
        envelope, signer = self._find(request)
        if not self._view(request, envelope, signer).shows_document:
            raise NotFound("file")
        return envelope, signer

    def _origin(self, request: Request) -> Origin:
        return origin_of(request)

    def _view(self, request: Request, envelope: Envelope, signer: Signer) -> RoomView:
        today = self.services.clock().astimezone(BRASILIA).date()
        return RoomView(
            envelope=envelope,
            signer=signer,
            links=_links(request),
            typed=Typed(),
            today=today,
            ways=self.services.post.ways,
        )

    def _page(
        self,
        request: Request,
        envelope: Envelope,
        signer: Signer,
        *,
        typed: Typed | None = None,
        code_asked: bool = False,
    ) -> Response:
        if form_of(envelope, signer) is not None:
            # the document lacks what they have to say first
            return RedirectResponse(_links(request).to("form"), status_code=303)
        view = replace(self._view(request, envelope, signer), typed=typed or Typed(), code_asked=code_asked)
        if view.proof is Proof.CODE:
            view = replace(view, code=coding.waiting(self.services, signer))
        if view.file_ready and view.shows_document:
            view = replace(view, sealed_pages=serving.sealed_pages(self.services, envelope))
        language = spoken(view.links.chosen_language, envelope.language, self.services.settings.lang)
        return self.renderer.page(
            "signer/room.html",
            language,
            status=422 if view.typed.errors else 200,
            view=view,
            widget=self.widget_messages,
            just_signed="signed" in request.query_params,
            initials=initials_of(signer.name),
        )

    def _back(self, request: Request, **query: str) -> Response:
        """To the room again, which does not count as opening the link once more."""
        return RedirectResponse(_links(request).to(here="1", **query), status_code=303)


def _wrong(filled: SignatureForm, place: str, said: str) -> Typed:
    return replace(filled.typed, errors={place: said})


def _token(request: Request) -> str:
    token: str = request.path_params["token"]
    return token


def _link(request: Request) -> str:
    """In one spelling."""
    return as_uuid(_token(request)) or ""


def _links(request: Request) -> RoomLinks:
    """Inside the room by whichever door they came."""
    entry, _, _ = request.url.path.partition(_token(request))
    return RoomLinks(f"{entry}{_token(request)}", request.query_params.get("lang"))
