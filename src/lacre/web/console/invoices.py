"""Service invoices: their list, each one's page, and the form that issues one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from starlette.routing import BaseRoute

from lacre.fiscal import actions
from lacre.fiscal.errors import (
    InvoiceNotPossible,
    ReasonTooShort,
)
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import CancelReason
from lacre.fiscal.operation import Asset, AssetKind, AssetStatus, Status
from lacre.fiscal.repositories import InvoiceFilter, Totals
from lacre.kit.ids import AssetId, Digest, InvoiceId
from lacre.kit.refusal import NotFound
from lacre.web.console import invoice_files, invoice_form, notes, words
from lacre.web.console.door import Answer, Door, Goto, Page, TurnedBack, Visit
from lacre.web.console.fiscal_words import said_by_office, told
from lacre.web.console.listing import Listing, page_number
from lacre.web.console.said import Said
from lacre.web.streaming import Given, give
from lacre.webhooks.filters import EventFilter

STATES = ("processing", "waiting", "issued", "canceled", "failed", "rejected")
STATES_OF: Mapping[Status, str] = {
    Status.PENDING: "processing",
    Status.PROCESSING: "processing",
    Status.WAITING: "waiting",
    Status.SUCCESS: "issued",
    Status.ERROR: "failed",
    Status.REJECTED: "rejected",
}
MOST_MOMENTS = 200
_MEDIA: Mapping[bytes, tuple[str, str]] = {
    b"%": ("application/pdf", ".pdf"),
    b"{": ("application/json", ".json"),
}


@dataclass(frozen=True)
class Invoices:
    door: Door

    def routes(self) -> list[BaseRoute]:
        one = "/app/invoices/{id}"
        return [
            self.door.page("/app/invoices", index),
            self.door.page("/app/invoices/new", invoice_form.new),
            self.door.act("/app/invoices/new", invoice_form.create),
            self.door.page(one, show),
            self.door.act(f"{one}/cancel", cancel),
            self.door.act(f"{one}/retry", retry),
            self.door.page(one + "/files/{asset}", download),
        ]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A line of what happened."""

    words: str
    at: datetime
    event_id: str
    file: str = ""
    """Which one there is now, if it is about one."""


def state_of(invoice: Invoice) -> str:
    return "canceled" if invoice.canceled_at else STATES_OF[invoice.status]


def index(visit: Visit) -> Answer:
    text, state = visit.asked("q"), visit.asked("status")
    asked = {"q": text, "status": state}
    listing = Listing(path="/app/invoices", asked=asked, page=page_number(visit.asked("page")))
    find = visit.work.books.invoices.search
    found = find(visit.account_id, _filter(state, text), offset=listing.offset, limit=listing.per_page)
    totals = _totals(visit.work.books.invoices.totals(visit.account_id, text))
    values = {
        "rows": [(one, state_of(one)) for one in found.items],
        "listing": Listing(path=listing.path, asked=asked, page=listing.page, total=found.total),
        "totals": totals,
        "everything": sum(totals.values()),
        "text": text,
        "state": state,
        "ready": bool(invoice_form.schemas(visit)),
    }
    return Page("console/invoices.html", values)


def show(visit: Visit) -> Answer:
    return _shown(visit, _named(visit))


def _shown(
    visit: Visit, invoice: Invoice, *, why_not: str = "", cancel: Mapping[str, str] | None = None
) -> Page:
    """`why_not`: what was asked of it is not possible. `cancel`: as it was asked for, which is too short."""
    last = invoice.last_operation
    there = [one for one in invoice.assets if one.status is AssetStatus.AVAILABLE]
    stands = state_of(invoice) == "issued" and not invoice.canceling and invoice.held_for is None
    values = {
        "invoice": invoice,
        "state": state_of(invoice),
        "canceling": invoice.canceling,
        "may_cancel": stands,
        "may_replace": stands,
        "may_correct": invoice.correctable,
        "last": invoice.last_exchange,
        "may_retry": invoice.retriable,
        "files": [(one, invoice_files.words_of(invoice, one)) for one in there],
        "moments": _moments(visit, invoice),
        "busy": last is not None and not last.ended,
        "why_not": why_not,
        "cancel": cancel or {"reason": CancelReason.MISTAKE.value, "text": ""},
        "unexplained": notes.CANCELLATION_UNEXPLAINED if cancel else "",
        "said_by_office": partial(said_by_office, language=visit.language),
    }
    return Page("console/invoice.html", values, status=422 if why_not or cancel else 200)


def cancel(visit: Visit) -> Answer:
    invoice = _named(visit)
    reason, text, desk = visit.typed("reason", 1), visit.typed("text", 255), visit.services.fiscal_desk
    wanted = CancelReason(reason if reason in tuple(CancelReason) else CancelReason.OTHER)
    try:
        actions.cancel(visit.work, desk, invoice, reason=wanted, text=text, now=visit.now)
    except ReasonTooShort:
        typed = {"reason": wanted.value, "text": text}
        raise TurnedBack(_shown(visit, invoice, cancel=typed)) from None
    return Goto(_path(invoice), Said(words=notes.CANCEL_ASKED))


def retry(visit: Visit) -> Answer:
    invoice = _named(visit)
    try:
        actions.try_again(visit.work, visit.services.fiscal_desk, invoice, now=visit.now)
    except InvoiceNotPossible as wrong:
        raise TurnedBack(_shown(visit, invoice, why_not=_why_not(wrong, visit.language))) from wrong
    return Goto(_path(invoice), Said(words=notes.TRIED_AGAIN))


def download(visit: Visit) -> Answer:
    invoice = _named(visit)
    wanted = AssetId(visit.named("asset"))
    found = next((one for one in invoice.assets if one.id == wanted), None)
    if found is None or found.digest is None:
        raise NotFound("file")
    return give(visit.services.invoice_files, visit.request, _given(visit, invoice, found, found.digest))


def _given(visit: Visit, invoice: Invoice, asset: Asset, digest: Digest) -> Given:
    start = visit.services.invoice_files.read_at(digest, 0, 1)
    media, extension = _MEDIA.get(start, ("application/xml", ".xml"))
    return Given(
        digest=digest,
        name=invoice_files.name_of(invoice, asset),
        inline=asset.kind is AssetKind.PRINT,
        media_type=media,
        extension=extension,
    )


def _moments(visit: Visit, invoice: Invoice) -> Sequence[Moment]:
    """Of its events, the newest first."""
    which = EventFilter(subject_id=invoice.id)
    found = visit.work.events.search(visit.account_id, which, limit=MOST_MOMENTS)
    files = {one.id: invoice_files.words_of(invoice, one) for one in invoice.assets}
    return [
        Moment(
            words=words.EVENTS.get(one.event.type, one.event.type),
            at=one.event.at,
            event_id=one.id,
            file=files.get(AssetId(str(one.event.facts.get("asset_id"))), ""),
        )
        for one in found
    ]


def _filter(state: str, text: str) -> InvoiceFilter:
    if state == "canceled":
        return InvoiceFilter(canceled=True, text=text)
    statuses = tuple(ours for ours, theirs in STATES_OF.items() if theirs == state)
    return InvoiceFilter(statuses=statuses, canceled=False if statuses else None, text=text)


def _totals(counted: Totals) -> dict[str, int]:
    totals = dict.fromkeys(STATES, 0) | {"canceled": counted.canceled}
    for status, number in counted.by_status.items():
        totals[STATES_OF[status]] += number
    return totals


def _named(visit: Visit) -> Invoice:
    return visit.work.books.invoices.get(visit.account_id, InvoiceId(visit.named()))


def _path(invoice: Invoice) -> str:
    return f"/app/invoices/{invoice.id}"


def _why_not(wrong: InvoiceNotPossible, language: str) -> str:
    return "; ".join(f"{one.field}: {told(one, language)}" for one in wrong.problems)
