"""Service invoices: their list, each one's page, and the form that issues one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from starlette.routing import BaseRoute

from lacre.fiscal import actions
from lacre.fiscal.actions import Order
from lacre.fiscal.customer import Customer
from lacre.fiscal.errors import (
    DayInvalid,
    FieldInvalid,
    FieldMissing,
    InvoiceNotPossible,
    ReplacementReasonInvalid,
)
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.money import amount_of
from lacre.fiscal.note import CancelReason, ReplaceReason
from lacre.fiscal.operation import Asset, AssetKind, AssetStatus, Status
from lacre.fiscal.party import registry_code
from lacre.fiscal.query import Comparison, Operator
from lacre.fiscal.replacing import Replacing
from lacre.fiscal.repositories import InvoiceFilter
from lacre.fiscal.schema import Schema
from lacre.kit.ids import AssetId, CustomerId, Digest, InvoiceId, SchemaId, as_uuid
from lacre.kit.refusal import NotFound
from lacre.kit.times import BRASILIA
from lacre.web.console import notes, replacing, words
from lacre.web.console.door import Answer, Door, Goto, Page, TurnedBack, Visit
from lacre.web.console.fiscal_words import field_words, said_by_office, told
from lacre.web.console.listing import Listing, page_number
from lacre.web.console.said import Said
from lacre.web.streaming import Given, give
from lacre.webhooks.repositories import EventFilter

STATES = ("processing", "waiting", "issued", "canceled", "failed", "rejected")
STATES_OF: Mapping[Status, str] = {
    Status.PENDING: "processing",
    Status.PROCESSING: "processing",
    Status.WAITING: "waiting",
    Status.SUCCESS: "issued",
    Status.ERROR: "failed",
    Status.REJECTED: "rejected",
}
REPLACING = ("replaces", "replace_reason", "replace_text")
FIELDS = (
    *REPLACING,
    "schema",
    "customer_name",
    "tax_id",
    "email",
    "description",
    "service_code",
    "amount",
    "issue_on",
)
MOST_SCHEMAS = 100
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
            self.door.page("/app/invoices/new", new),
            self.door.act("/app/invoices/new", create),
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


def state_of(invoice: Invoice) -> str:
    return "canceled" if invoice.canceled_at else STATES_OF[invoice.status]


def index(visit: Visit) -> Answer:
    text, state = visit.asked("q"), visit.asked("status")
    asked = {"q": text, "status": state}
    listing = Listing(path="/app/invoices", asked=asked, page=page_number(visit.asked("page")))
    find = visit.work.books.invoices.search
    found = find(visit.account_id, _filter(state, text), offset=listing.offset, limit=listing.per_page)
    totals = {one: find(visit.account_id, _filter(one, text), offset=0, limit=1).total for one in STATES}
    values = {
        "rows": [(one, state_of(one)) for one in found.items],
        "listing": Listing(path=listing.path, asked=asked, page=listing.page, total=found.total),
        "totals": totals,
        "everything": sum(totals.values()),
        "text": text,
        "state": state,
        "ready": bool(_schemas(visit)),
    }
    return Page("console/invoices.html", values)


def show(visit: Visit) -> Answer:
    return _shown(visit, _named(visit))


def _shown(visit: Visit, invoice: Invoice, *, why_not: str = "") -> Page:
    """`why_not`: what was asked of it is not possible."""
    last = invoice.last_operation
    files = [one for one in invoice.assets if one.status is AssetStatus.AVAILABLE]
    stands = state_of(invoice) == "issued" and not invoice.canceling and invoice.held_for is None
    values = {
        "invoice": invoice,
        "state": state_of(invoice),
        "canceling": invoice.canceling,
        "may_cancel": stands,
        "may_replace": stands and replacing.fits_the_form(invoice),
        "may_retry": last is not None and last.status is Status.ERROR,
        "files": files,
        "moments": _moments(visit, invoice),
        "busy": last is not None and not last.ended,
        "why_not": why_not,
        "said_by_office": partial(said_by_office, language=visit.language),
    }
    return Page("console/invoice.html", values, status=422 if why_not else 200)


def new(visit: Visit) -> Answer:
    """Filled in from the invoice that is to be replaced, if one is."""
    today = {"issue_on": visit.now.astimezone(BRASILIA).date().isoformat()}
    old = _old(visit, visit.asked("replaces"))
    return _form(visit, today if old is None else today | replacing.filled(old), {})


def create(visit: Visit) -> Answer:
    """The form is shown again with what is wrong; what the tax office says comes later."""
    typed = {name: visit.typed(name) for name in FIELDS}
    try:
        wanted = _order(visit, typed)
        made = actions.order(visit.work, visit.services.fiscal_desk, wanted, now=visit.now)
    except FieldInvalid as wrong:
        raise TurnedBack(_form(visit, typed, {wrong.field: field_words(wrong)})) from wrong
    except ReplacementReasonInvalid as wrong:
        raise TurnedBack(_form(visit, typed, {"replace_text": notes.REPLACEMENT_UNEXPLAINED})) from wrong
    except InvoiceNotPossible as wrong:
        said = {"note": _why_not(wrong, visit.language)}
        raise TurnedBack(_form(visit, typed, said)) from wrong
    return Goto(f"/app/invoices/{made.id}", Said(words=notes.INVOICE_ORDERED))


def cancel(visit: Visit) -> Answer:
    invoice = _named(visit)
    reason = visit.typed("reason", 1)
    actions.cancel(
        visit.work,
        visit.services.fiscal_desk,
        invoice,
        reason=CancelReason(reason if reason in tuple(CancelReason) else CancelReason.OTHER),
        text=visit.typed("text", 255),
        now=visit.now,
    )
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
    number = invoice.issued.number if invoice.issued else invoice.sequence or 0
    return Given(
        digest=digest,
        name=f"NFS-e {number} {asset.kind.value}",
        inline=asset.kind is AssetKind.PRINT,
        media_type=media,
        extension=extension,
    )


def _moments(visit: Visit, invoice: Invoice) -> Sequence[Moment]:
    """Of its events, the newest first."""
    which = EventFilter(subject_id=invoice.id)
    found = visit.work.events.search(visit.account_id, which, limit=MOST_MOMENTS)
    return [
        Moment(words=words.EVENTS.get(one.event.type, one.event.type), at=one.event.at, event_id=one.id)
        for one in found
    ]


def _filter(state: str, text: str) -> InvoiceFilter:
    if state == "canceled":
        return InvoiceFilter(canceled=True, text=text)
    statuses = tuple(ours for ours, theirs in STATES_OF.items() if theirs == state)
    return InvoiceFilter(statuses=statuses, canceled=False if statuses else None, text=text)


def _named(visit: Visit) -> Invoice:
    return visit.work.books.invoices.get(visit.account_id, InvoiceId(visit.named()))


def _path(invoice: Invoice) -> str:
    return f"/app/invoices/{invoice.id}"


def _schemas(visit: Visit) -> Sequence[Schema]:
    found = visit.work.books.schemas.find([visit.account_id], None, offset=0, limit=MOST_SCHEMAS)
    return [one for one in found.items if one.certificate is not None]


def _order(visit: Visit, typed: Mapping[str, str]) -> Order:
    books = visit.work.books
    schema = books.schemas.get(visit.account_id, SchemaId(typed["schema"]))
    if not typed["description"]:
        raise FieldMissing("description")
    old = _old(visit, typed["replaces"])
    line = Line(
        id=visit.services.tokens.uuid(),
        item_id=None,
        name=typed["description"][:120],
        description=typed["description"],
        amount=amount_of(_plain_amount(typed["amount"]), "amount"),
        settings=replacing.settings_of(old, typed["service_code"]),
    )
    return Order(
        company=books.companies.get(visit.account_id, schema.company_id),
        customer=_customer(visit, typed),
        schema=schema,
        lines=[line],
        issue_on=_day(typed["issue_on"]),
        details=old.details if old else {},
        replaces=_replacing(old, typed) if old else None,
    )


def _old(visit: Visit, typed: str) -> Invoice | None:
    """The one to be replaced; of another account there is none."""
    if not typed:
        return None
    found = as_uuid(typed)
    if found is None:
        raise NotFound("invoice")
    return visit.work.books.invoices.get(visit.account_id, InvoiceId(found))


def _replacing(old: Invoice, typed: Mapping[str, str]) -> Replacing:
    reason = typed["replace_reason"]
    known = ReplaceReason(reason) if reason in tuple(ReplaceReason) else ReplaceReason.OTHER
    return Replacing(invoice=old, reason=known, text=typed["replace_text"])


def _plain_amount(typed: str) -> str:
    """As people write it: `1.234,56`."""
    return typed.replace(".", "").replace(",", ".") if "," in typed else typed


def _customer(visit: Visit, typed: Mapping[str, str]) -> Customer:
    """Known by CPF or CNPJ, and brought up to date; else a new one."""
    code = registry_code(typed["tax_id"], "tax_id")
    if not typed["customer_name"]:
        raise FieldMissing("customer_name")
    customers = visit.work.books.customers
    asked = Comparison("registry_code", Operator.EQUAL, code)
    found = customers.find([visit.account_id], asked, offset=0, limit=1).items
    if found:
        known = customers.get(visit.account_id, found[0].id)
        known.name, known.email = typed["customer_name"], typed["email"] or known.email
        known.updated_at = visit.now
        customers.save(known)
        return known
    made = Customer(
        id=CustomerId(visit.services.tokens.uuid()),
        account_id=visit.account_id,
        name=typed["customer_name"],
        registry_code=code,
        email=typed["email"],
        created_at=visit.now,
        updated_at=visit.now,
    )
    customers.add(made)
    return made


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise DayInvalid("issue_on") from None


def _why_not(wrong: InvoiceNotPossible, language: str) -> str:
    return "; ".join(f"{one.field}: {told(one, language)}" for one in wrong.problems)


def _form(visit: Visit, typed: Mapping[str, str], errors: Mapping[str, str]) -> Page:
    values = {
        "schemas": _schemas(visit),
        "typed": {name: typed.get(name, "") for name in FIELDS},
        "errors": errors,
    }
    return Page("console/invoice_new.html", values, status=422 if errors else 200)
