"""Our events as Standard Webhooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from lacre.dialects.native import (
    catalogue,
    choosing,
    content,
    extractions,
    invoice_shown,
    shape,
    shown,
    words,
)
from lacre.dialects.native.promise import PROMISE
from lacre.dialects.native.wire.endpoints import Options
from lacre.dialects.native.words import EventType
from lacre.documents.links import Links
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.snapshot import thaw as thaw_invoice
from lacre.kit.events import Event
from lacre.kit.ids import with_prefix
from lacre.kit.json import Json, JsonObject, compact
from lacre.kit.times import rfc3339
from lacre.processing.snapshot import thaw as thaw_extraction
from lacre.signing.envelope import Envelope
from lacre.signing.signer import Signer
from lacre.signing.snapshot import thaw
from lacre.webhooks import events, secret
from lacre.webhooks.body import BodyParts, JsonWithFiles, json_pieces
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.headers import joined
from lacre.webhooks.promise import Promise
from lacre.webhooks.request import Request
from lacre.webhooks.scheme import Headers, Signed, signature_headers
from lacre.webhooks.template import fill
from lacre.webhooks.unsigned import Unsigned
from lacre.webhooks.wording import Choice, Unnarrowed

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class NativeWording(Unnarrowed):
    @property
    def name(self) -> str:
        return "native"

    @property
    def types(self) -> Sequence[str]:
        return sorted(words.EVENTS)

    @property
    def signs(self) -> bool:
        return True

    @property
    def by_template(self) -> bool:
        return True

    @property
    def samples(self) -> Mapping[str, str]:
        return words.SAMPLES

    def schema(self, name: str) -> JsonObject | None:
        kind = words.of_event(words.SAMPLES.get(name, ""))
        return catalogue.schema(kind) if kind else None

    @property
    def choices(self) -> Sequence[Choice]:
        return choosing.CHOICES

    def chosen(self, endpoint: Endpoint) -> Mapping[str, Sequence[str]]:
        return choosing.chosen(endpoint)

    def choose(self, endpoint: Endpoint, said: Mapping[str, Sequence[str]]) -> None:
        choosing.choose(endpoint, said)

    def listens(self, endpoint: Endpoint, event: Event) -> bool:
        if event.subject_id == endpoint.id:
            # of its own health an endpoint is never told
            return False
        said = words.event_type(event.type)
        wanted = not endpoint.types or said in endpoint.types
        return said is not None and wanted and endpoint.concerns(event)

    def promise(self, endpoint: Endpoint) -> Promise:
        return endpoint.promised(PROMISE)

    def request(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        *,
        links: Links,
        attempt: int,  # noqa: ARG002 - the same is said each time
        now: datetime,
    ) -> Request:
        """The event's id names the message: the same in every attempt and every replay."""
        options = Options.model_validate(endpoint.options)
        said = body(kept, links=links, now=now)
        if options.method in _WITH_BODY and not content.is_usual(options):
            return self._chosen(kept, endpoint, options, said, links=links, now=now)
        text = compact(said) if options.method in _WITH_BODY else b""
        return self._held(kept, endpoint, options, said, text=text, now=now)

    def _held(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        options: Options,
        said: Mapping[str, Json],
        *,
        text: bytes,
        now: datetime,
    ) -> Request:
        signed = Signed(
            message_id=with_prefix("evt", kept.id),
            at=now,
            body=text,
            secrets=secret.valid(endpoint, now),
            private_keys=secret.valid_keys(endpoint, now),
        )
        signatures = signature_headers(options.signatures, signed)
        return Request(
            method=options.method,
            url=_url(endpoint, options, said),
            headers=(*_headers(endpoint, signatures, told=bool(text)), *signatures),
            body=text,
            deadline_seconds=self.promise(endpoint).deadline_seconds,
            pool_key=endpoint.account_id,
        )

    def _chosen(
        self,
        kept: KeptEvent,
        endpoint: Endpoint,
        options: Options,
        said: Mapping[str, Json],
        *,
        links: Links,
        now: datetime,
    ) -> Request:
        """What its owner wants to be told; with files inside, it is signed once they are read."""
        pieces = json_pieces(_narrowed(kept.event, said, options, links=links, now=now))
        if len(pieces) == 1 and isinstance(pieces[0], bytes):
            return self._held(kept, endpoint, options, said, text=pieces[0], now=now)
        signer = Unsigned(
            schemes=options.signatures,
            message_id=with_prefix("evt", kept.id),
            at=now,
            secrets=secret.valid(endpoint, now),
        )
        return Request(
            method=options.method,
            url=_url(endpoint, options, said),
            headers=_headers(endpoint, (), told=True),
            parts=BodyParts(pieces=pieces, signer=signer),
            deadline_seconds=self.promise(endpoint).deadline_seconds,
            pool_key=endpoint.account_id,
        )


def body(kept: KeptEvent, *, links: Links, now: datetime) -> dict[str, Json]:
    """`{"id", "type", "created_at", "data"}`; links in it are made now."""
    event, kind = kept.event, words.told(kept.event)
    return {
        "id": with_prefix("evt", kept.id),
        "type": kind.name,
        "created_at": rfc3339(event.at),
        "data": _data(event, kind, links=links, now=now),
    }


def _data(event: Event, kind: EventType, *, links: Links, now: datetime) -> dict[str, Json]:
    """The envelope as it stood then, the signer it is about, and what else is to be said."""
    frozen = event.facts.get("envelope")
    more = {name: value for name, value in event.facts.items() if name in kind.facts}
    if event.type in events.ALL:
        return more | {"endpoint_id": with_prefix("ep", event.subject_id)}
    processed = event.facts.get("extraction")
    if isinstance(processed, Mapping):
        return {"extraction": extractions.shown(thaw_extraction(processed)).model_dump(mode="json")} | more
    invoice = event.facts.get("invoice")
    if isinstance(invoice, Mapping):
        return _of_invoice(event, thaw_invoice(invoice), links=links, now=now) | more
    if not isinstance(frozen, Mapping):
        tested = {"endpoint_id": with_prefix("ep", event.subject_id)} if event.type == words.TESTED else {}
        return tested | more
    envelope = thaw(frozen)
    said: dict[str, Json] = {
        "envelope": shown.envelope(envelope, links=links, now=now).model_dump(mode="json")
    }
    who = _whom(event, envelope)
    if who is not None:
        said["signer"] = shown.signer(envelope, who, links=links).model_dump(mode="json")
    return said | more


def _of_invoice(event: Event, invoice: Invoice, *, links: Links, now: datetime) -> dict[str, Json]:
    """The invoice as it stood then, and the operation or the file that it is about."""
    said: dict[str, Json] = {
        "invoice": invoice_shown.invoice(invoice, links=links, now=now).model_dump(mode="json")
    }
    about = event.facts.get("operation_id"), event.facts.get("asset_id")
    for one in invoice.operations:
        if one.id == about[0]:
            said["operation"] = invoice_shown.shown_operation(one).model_dump(mode="json")
    for each in invoice.assets:
        if each.id == about[1]:
            said["file"] = invoice_shown.file(each, links=links, now=now).model_dump(mode="json")
    return said


def _whom(event: Event, envelope: Envelope) -> Signer | None:
    """Also one who was removed."""
    wanted = event.facts.get("signer_id")
    return next((one for one in envelope.signers if one.id == wanted), None)


def _narrowed(
    event: Event, said: Mapping[str, Json], options: Options, *, links: Links, now: datetime
) -> JsonWithFiles:
    frozen, data = event.facts.get("envelope"), said["data"]
    if not isinstance(frozen, Mapping) or not isinstance(data, Mapping):
        return said
    return {**said, "data": content.chosen(data, thaw(frozen), options, links=links, now=now)}


def _url(endpoint: Endpoint, options: Options, said: Mapping[str, Json]) -> str:
    return fill(endpoint.url, shape.fields(said)) if options.fill_url else endpoint.url


def _headers(endpoint: Endpoint, signatures: Headers, *, told: bool) -> Headers:
    """The customer's own, but none that poses as a signature; and ours where they say nothing else."""
    taken = {name.lower() for name, _ in signatures}
    theirs = tuple(one for one in endpoint.secrets.headers if one[0].lower() not in taken)
    kind = (("Content-Type", "application/json"),) if told else ()
    return joined((*kind, ("User-Agent", PROMISE.user_agent)), theirs)
