"""Webhooks: who listens to what, created, paused, resumed and deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from starlette.routing import BaseRoute

from lacre import sampling
from lacre.kit.ids import EndpointId
from lacre.kit.refusal import NotFound, Refusal
from lacre.signing.repositories import KeptMail
from lacre.web.console import (
    access,
    account_retries,
    advanced,
    listening,
    mails,
    narrowing,
    notes,
    terms,
)
from lacre.web.console.deliveries import listed, totals_of
from lacre.web.console.door import Answer, Door, Goto, Page, TurnedBack, Visit
from lacre.web.console.health import health_of
from lacre.web.console.said import Said
from lacre.web.console.turning import Counted
from lacre.webhooks import actions, secret
from lacre.webhooks.certificate import end_to_mind
from lacre.webhooks.endpoint import Endpoint, Secrets
from lacre.webhooks.errors import (
    ContentNotPossible,
    HeaderNotAllowed,
    PlaceUnknown,
    RateNotUsable,
    RetryNotUsable,
    TooMuchWaits,
)
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.headers import check_headers
from lacre.webhooks.repositories import WebhookWork
from lacre.webhooks.sample import send_sample
from lacre.webhooks.secret import LONGEST_OVERLAP_DAYS, USUAL_OVERLAP_DAYS
from lacre.webhooks.url import check_url


@dataclass(frozen=True)
class Endpoints:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = "/app/endpoints/{id}"
        return [
            self.door.page("/app/endpoints", index),
            *account_retries.routes(self.door),
            self.door.page("/app/endpoints/new", new),
            self.door.act("/app/endpoints/new", create),
            self.door.page(one, show),
            self.door.act(f"{one}/pause", pause),
            self.door.act(f"{one}/resume", resume),
            self.door.act(f"{one}/delete", delete),
            self.door.act(f"{one}/test", try_out),
            self.door.act(f"{one}/rotate", rotate),
            self.door.page(f"{one}/listening", show_listening),
            self.door.act(f"{one}/listening", change_listening),
            self.door.page(f"{one}/terms", show_terms),
            self.door.act(f"{one}/terms", change_terms),
            self.door.page(f"{one}/advanced", show_advanced),
            self.door.act(f"{one}/advanced", change_advanced),
            self.door.page(one + "/mails/{number:int}", mail),
            self.door.page(one + "/mails/{number:int}/body", mail_body),
        ]


def index(visit: Visit) -> Answer:
    endpoints = visit.work.endpoints.of_account(visit.account_id)
    return Page("console/endpoints.html", {"endpoints": [_counted(visit, one) for one in endpoints]})


def new(visit: Visit) -> Answer:
    dialects = list(visit.services.wordings)
    return _form(visit, {"dialect": visit.asked("dialect") or dialects[0]}, (), {})


def create(visit: Visit) -> Answer:
    typed = {name: visit.typed(name) for name in ("url", "dialect", "description")}
    typed |= listening.typed(visit) | terms.typed(visit) | advanced.typed(visit) | access.typed(visit)
    dialect = typed["dialect"]
    if dialect not in visit.services.wordings:
        return _form(visit, typed, (), {"dialect": notes.DIALECT_UNKNOWN})
    types = listening.types(visit, dialect)
    if wrong := _wrong(visit, typed):
        return _form(visit, typed, types, wrong)
    try:
        endpoint = _endpoint(visit, typed, types)
        advanced.choose(visit, endpoint, advanced.told(visit, dialect))
        narrowing.narrow(visit, endpoint)
        actions.subscribe(visit.work, endpoint)
    except Refusal as refusal:
        return _form(visit, typed, types, _at_its_field(refusal))
    values = {"endpoint": endpoint, "secret": next(iter(endpoint.secrets.signing), "")}
    if values["secret"]:
        return Page("console/endpoint_created.html", values)
    return Goto(f"/app/endpoints/{endpoint.id}", Said(words=notes.LISTENS))


def show(visit: Visit) -> Answer:
    endpoint = _mine(visit)
    path = f"/app/endpoints/{endpoint.id}"
    values = listed(visit, path, DeliveryFilter(endpoint_id=endpoint.id), {})
    more = {
        "endpoint": endpoint,
        "samples": visit.services.wordings[endpoint.dialect].samples,
        "course": terms.course_of(visit, endpoint),
        "told": visit.services.wordings[endpoint.dialect].chosen(endpoint),
        "narrowed": narrowing.of_endpoint(visit, endpoint),
        "fares": health_of(visit, endpoint),
        "warnings": _mails(visit),
        "overlaps": range(LONGEST_OVERLAP_DAYS + 1),
        "overlap": USUAL_OVERLAP_DAYS,
        "certificate_ends_at": end_to_mind(endpoint.secrets.client_pem, now=visit.now),
        "access": access.shown(endpoint.secrets),
        "lets_in": access.as_typed(endpoint.secrets),
        "token_host": access.host_of(endpoint.secrets.authorization),
        "public_keys": advanced.public_keys(visit, endpoint),
    }
    return Page("console/endpoint.html", {**values, **more})


def rotate(visit: Visit) -> Answer:
    """Both sign for as long as was chosen; the new one is shown this once."""
    endpoint = _mine(visit)
    if not endpoint.secrets.signing:
        raise NotFound("secret")
    tokens, days = visit.services.tokens, visit.typed("overlap")
    overlap = int(days) if days in map(str, range(LONGEST_OVERLAP_DAYS + 1)) else USUAL_OVERLAP_DAYS
    new, old_ends = secret.secret_of(tokens.secret()), visit.now + overlap * visit.work.day
    key = secret.private_key_of(tokens.secret())
    secret.rotate(endpoint, new, private_key=key, old_ends=old_ends, now=visit.now)
    actions.change(visit.work, endpoint, now=visit.now)
    values = {"endpoint": endpoint, "secret": new, "old_ends": old_ends if overlap else None}
    return Page("console/endpoint_secret.html", values)


def mail(visit: Visit) -> Answer:
    endpoint = _mine(visit)
    back = f"/app/endpoints/{endpoint.id}"
    return mails.mail_page(visit, _mails(visit), back=back, back_words=endpoint.description or endpoint.url)


def mail_body(visit: Visit) -> Answer:
    return mails.mail_body(visit, _mails(visit))


def show_listening(visit: Visit) -> Answer:
    endpoint = _mine(visit)
    return _listening_form(visit, endpoint, {"template": endpoint.template_id}, endpoint.types, {})


def change_listening(visit: Visit) -> Answer:
    endpoint, typed = _mine(visit), listening.typed(visit)
    try:
        listening.choose(visit, endpoint, typed)
        actions.change(visit.work, endpoint, now=visit.now)
    except Refusal as refusal:
        types = listening.types(visit, endpoint.dialect)
        return _listening_form(visit, endpoint, typed, types, _at_its_field(refusal))
    return Goto(f"/app/endpoints/{endpoint.id}", Said(words=notes.LISTENING_CHANGED))


def show_terms(visit: Visit) -> Answer:
    endpoint = _mine(visit)
    return _terms_form(endpoint, terms.as_typed(endpoint.terms), {})


def change_terms(visit: Visit) -> Answer:
    endpoint, typed = _mine(visit), terms.typed(visit)
    try:
        endpoint.terms = terms.read(typed)
        actions.change(visit.work, endpoint, now=visit.now)
    except Refusal as refusal:
        return _terms_form(endpoint, typed, _at_its_field(refusal))
    return Goto(f"/app/endpoints/{endpoint.id}", Said(words=notes.RETRIES_CHANGED))


def show_advanced(visit: Visit) -> Answer:
    endpoint = _mine(visit)
    told = visit.services.wordings[endpoint.dialect].chosen(endpoint)
    typed = advanced.as_typed(endpoint) | access.as_typed(endpoint.secrets)
    typed |= {"url": endpoint.url, "description": endpoint.description}
    return _advanced_form(visit, endpoint, typed, told, {})


def change_advanced(visit: Visit) -> Answer:
    """All of it or nothing, also when it is the order that cannot be changed."""
    visit.work.deliveries.keep_still(visit.account_id, EndpointId(visit.named()))
    endpoint, typed = _mine(visit), advanced.typed(visit) | access.typed(visit)
    typed |= {"url": visit.typed("url", 2048), "description": visit.typed("description")}
    secrets, told = endpoint.secrets, advanced.told(visit, endpoint.dialect)
    narrowing.narrow(visit, endpoint)
    try:
        if typed["url"]:
            endpoint.url, endpoint.description = typed["url"], typed["description"]
        endpoint.rate = advanced.rate(typed)
        endpoint.secrets = access.read(typed, secrets, now=visit.now)
        advanced.choose(visit, endpoint, told)
        actions.change(visit.work, endpoint, now=visit.now)
        actions.arrange(visit.work, endpoint, advanced.ordering(typed))
    except Refusal as refusal:
        endpoint.secrets = secrets
        raise TurnedBack(_advanced_form(visit, endpoint, typed, told, _at_its_field(refusal))) from None
    return Goto(f"/app/endpoints/{endpoint.id}", Said(words=notes.ADVANCED_CHANGED))


def pause(visit: Visit) -> Answer:
    return _turned(visit, actions.pause, notes.PAUSED, "resume")


def resume(visit: Visit) -> Answer:
    def anew(work: WebhookWork, endpoint: Endpoint) -> None:
        promise = visit.services.wordings[endpoint.dialect].promise(endpoint)
        actions.resume(work, endpoint, anew=promise.begins_anew, now=visit.now)

    return _turned(visit, anew, notes.RESUMED, "pause")


def delete(visit: Visit) -> Answer:
    actions.remove(visit.work, _mine(visit), now=visit.now)
    return Goto("/app/endpoints", Said(words=notes.DELETED))


def try_out(visit: Visit) -> Answer:
    """Goes on to the delivery, which follows what comes back."""
    endpoint = _mine(visit)
    offered = visit.services.wordings[endpoint.dialect].samples
    event_type = offered.get(visit.typed("type"), next(iter(offered.values())))
    facts = sampling.facts(event_type, endpoint, now=visit.now)
    sent = send_sample(visit.work, endpoint, event_type, facts, now=visit.now)
    return Goto(f"/app/deliveries/{sent}", Said(words=notes.TESTED))


_FIELDS: Mapping[type[Refusal], str] = {
    listening.TemplateUnknown: "template",
    HeaderNotAllowed: "headers",
    access.HeaderWithoutColon: "headers",
    RetryNotUsable: "retry",
    terms.NotANumber: "retry",
    terms.WaitsNotRead: "retry",
    advanced.RateNotRead: "rate",
    RateNotUsable: "rate",
    ContentNotPossible: "told",
    PlaceUnknown: "places",
    TooMuchWaits: "ordering",
}
"""Where in the form a refusal is said; others are about the address."""


@dataclass(frozen=True, kw_only=True)
class EndpointRow:
    endpoint: Endpoint
    waiting: Counted
    discarded: Counted


def _counted(visit: Visit, endpoint: Endpoint) -> EndpointRow:
    counts = totals_of(visit, DeliveryFilter(endpoint_id=endpoint.id))
    return EndpointRow(endpoint=endpoint, waiting=counts["waiting"], discarded=counts["discarded"])


def _mine(visit: Visit) -> Endpoint:
    endpoint = visit.work.endpoints.get(visit.account_id, EndpointId(visit.named()))
    if endpoint.deleted_at is not None:
        raise NotFound("endpoint")
    return endpoint


def _mails(visit: Visit) -> Sequence[KeptMail]:
    return visit.work.mails.of_endpoint(visit.account_id, EndpointId(visit.named()))


def _turned(visit: Visit, turn: Callable[[WebhookWork, Endpoint], None], words: str, opposite: str) -> Answer:
    endpoint = _mine(visit)
    turn(visit.work, endpoint)
    page = f"/app/endpoints/{endpoint.id}"
    return Goto(page, Said(words=words, undo=f"{page}/{opposite}"))


def _wrong(visit: Visit, typed: Mapping[str, str]) -> dict[str, object]:
    """What can be judged by itself, each at its field, so that nobody mends one to be told of the next."""
    looks: Sequence[Callable[[], object]] = (
        lambda: check_url(typed["url"]),
        lambda: listening.template(visit, typed["dialect"], typed["template"]),
        lambda: check_headers(access.header_lines(typed["headers"])),
        lambda: terms.read(typed),
        lambda: advanced.rate(typed),
        lambda: access.read(typed, Secrets(), now=visit.now),
    )
    errors: dict[str, object] = {}
    for look in looks:
        try:
            look()
        except Refusal as refusal:
            errors |= _at_its_field(refusal)
    return errors


def _endpoint(visit: Visit, typed: Mapping[str, str], types: tuple[str, ...]) -> Endpoint:
    return Endpoint(
        id=EndpointId(visit.services.tokens.uuid()),
        account_id=visit.account_id,
        number=0,
        dialect=typed["dialect"],
        url=typed["url"],
        types=types,
        secrets=access.read(
            typed,
            Secrets(headers=access.header_lines(typed["headers"]), signing=_signing(visit, typed["dialect"])),
            now=visit.now,
        ),
        terms=terms.read(typed),
        ordering=advanced.ordering(typed),
        rate=advanced.rate(typed),
        description=typed["description"][:200],
        template_id=listening.template(visit, typed["dialect"], typed["template"]),
        created_at=visit.now,
    )


def _signing(visit: Visit, dialect: str) -> tuple[str, ...]:
    signs = visit.services.wordings[dialect].signs
    return (secret.secret_of(visit.services.tokens.secret()),) if signs else ()


def _form(
    visit: Visit, typed: Mapping[str, str], types: Sequence[object], errors: Mapping[str, object]
) -> Page:
    offered = {name: listening.in_words(visit, name) for name in visit.services.wordings}
    content = {name: one.choices for name, one in visit.services.wordings.items() if one.choices}
    ask = advanced.told if errors else advanced.usual
    told = {name: ask(visit, name) for name in content}
    shown = access.without_secrets(typed)
    values: dict[str, object] = {"typed": shown, "chosen": list(types), "errors": errors, "offered": offered}
    values |= {"content": content, "told": told, "access": access.shown(Secrets(), typed)}
    values |= {"narrowed": narrowing.offered(visit), "by_template": listening.by_template(visit)}
    values |= {"has_headers": []}
    return Page("console/endpoint_new.html", values, status=422 if errors else 200)


def _listening_form(
    visit: Visit,
    endpoint: Endpoint,
    typed: Mapping[str, str],
    types: Sequence[str],
    errors: Mapping[str, object],
) -> Page:
    dialect = endpoint.dialect
    values: dict[str, object] = {"endpoint": endpoint, "typed": typed, "chosen": types, "errors": errors}
    values |= {"offered": {dialect: listening.in_words(visit, dialect)}}
    values |= {"by_template": [dialect] if dialect in listening.by_template(visit) else []}
    values |= {"has_headers": [name for name, _ in endpoint.secrets.headers]}
    return Page("console/endpoint_hears.html", values, status=422 if errors else 200)


def _terms_form(endpoint: Endpoint, typed: Mapping[str, str], errors: Mapping[str, object]) -> Page:
    values = {"endpoint": endpoint, "typed": typed, "errors": errors}
    return Page("console/endpoint_change.html", values, status=422 if errors else 200)


def _advanced_form(
    visit: Visit,
    endpoint: Endpoint,
    typed: Mapping[str, str],
    told: Mapping[str, Sequence[str]],
    errors: Mapping[str, object],
) -> Page:
    choices = advanced.choices(visit, endpoint.dialect)
    content = {endpoint.dialect: choices} if choices else {}
    shown = access.without_secrets(typed)
    values: dict[str, object] = {"endpoint": endpoint, "typed": shown, "errors": errors, "content": content}
    values |= {"told": {endpoint.dialect: told}, "access": access.shown(endpoint.secrets, typed)}
    values |= {"narrowed": narrowing.of_endpoint(visit, endpoint)}
    return Page("console/endpoint_advanced.html", values, status=422 if errors else 200)


def _at_its_field(refusal: Refusal) -> dict[str, object]:
    if isinstance(refusal, access.AtField):
        return {refusal.field: (refusal.refusal.template, *refusal.refusal.args)}
    return {_FIELDS.get(type(refusal), "url"): (refusal.template, *refusal.args)}
