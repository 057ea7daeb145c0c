"""Things by the ids that clients know them by; those of other accounts are not there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from lacre.dialects.native.call import Call
from lacre.dialects.native.problems import Declined, EnvelopeDeleted
from lacre.fiscal.company import Company
from lacre.fiscal.customer import Customer
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.item import Item
from lacre.fiscal.schema import Schema
from lacre.kit.ids import (
    CompanyId,
    CustomerId,
    DeliveryId,
    EndpointId,
    EnvelopeId,
    EventId,
    ExtractionId,
    InvoiceId,
    ItemId,
    ReplayId,
    SchemaId,
    SignerId,
    TemplateId,
    without_prefix,
)
from lacre.kit.refusal import NotFound
from lacre.services import Work
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.signer import Signer
from lacre.webhooks.endpoint import Endpoint

Kept = TypeVar("Kept")


def envelope_id(shown: str) -> EnvelopeId:
    return EnvelopeId(_uuid("env", shown, "envelope"))


def endpoint_id(shown: str) -> EndpointId:
    return EndpointId(_uuid("ep", shown, "endpoint"))


def event_id(shown: str) -> EventId:
    return EventId(_uuid("evt", shown, "event"))


def delivery_id(shown: str) -> DeliveryId:
    return DeliveryId(_uuid("dlv", shown, "delivery"))


def replay_id(shown: str) -> ReplayId:
    return ReplayId(_uuid("rpl", shown, "replay"))


def template_id(shown: str) -> TemplateId:
    return TemplateId(_uuid("tpl", shown, "template"))


def extraction_id(shown: str) -> ExtractionId:
    return ExtractionId(_uuid("ext", shown, "extraction"))


def invoice_id(shown: str) -> InvoiceId:
    return InvoiceId(_uuid("inv", shown, "invoice"))


def cursor(prefix: str, shown: str | None) -> str | None:
    """The id that a list's last page ended with."""
    if shown is None:
        return None
    found = without_prefix(prefix, shown)
    if found is None:
        raise cursor_unknown()
    return found


def cursor_unknown() -> Declined:
    return Declined("cursor_unknown", "This cursor is none that a list gave you.", pointer="?cursor")


def envelope(work: Work, call: Call, shown: str) -> Envelope:
    return work.envelopes.get(call.account_id, envelope_id(shown))


def living_envelope(work: Work, call: Call, shown: str) -> Envelope:
    """To be changed."""
    found = envelope(work, call, shown)
    if found.deleted_at is not None:
        raise EnvelopeDeleted
    return found


def document(one: Envelope, shown: str) -> Document:
    wanted = _uuid("doc", shown, "document")
    for paper in one.documents:
        if paper.id == wanted:
            return paper
    raise NotFound("document")


def signer(one: Envelope, shown: str) -> Signer:
    return one.signer(SignerId(_uuid("sig", shown, "signer")))


def endpoint(work: Work, call: Call, shown: str) -> Endpoint:
    """In whatever dialect it is told."""
    return work.endpoints.get(call.account_id, endpoint_id(shown))


def company(work: Work, call: Call, shown: str) -> Company:
    return work.books.companies.get(call.account_id, CompanyId(_uuid("cmp", shown, "company")))


def schema(work: Work, call: Call, shown: str) -> Schema:
    return work.books.schemas.get(call.account_id, SchemaId(_uuid("sch", shown, "schema")))


def customer(work: Work, call: Call, shown: str) -> Customer:
    return work.books.customers.get(call.account_id, CustomerId(_uuid("cst", shown, "customer")))


def invoice(work: Work, call: Call, shown: str) -> Invoice:
    return work.books.invoices.get(call.account_id, invoice_id(shown))


def item(work: Work, call: Call, shown: str) -> Item:
    return work.books.items.get(call.account_id, ItemId(_uuid("itm", shown, "item")))


def only(found: Sequence[Kept], what: str, *, called: str) -> Kept:
    """What a request need not name as long as there is one of it; two of `found` are enough to know."""
    if len(found) != 1:
        detail = "There are several: name one." if found else f"The account has no {called} yet."
        raise Declined(f"{what}_missing", detail, pointer=f"#/{what}_id")
    return found[0]


def _uuid(prefix: str, shown: str, what: str) -> str:
    found = without_prefix(prefix, shown)
    if found is None:
        raise NotFound(what)
    return found
