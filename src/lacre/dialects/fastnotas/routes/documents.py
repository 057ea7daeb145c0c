"""Documents: ordered, read, canceled, printed. Single ones come in an array, as their pages show them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import filling, pages, shown
from lacre.dialects.fastnotas.answers import download
from lacre.dialects.fastnotas.door import Call, known
from lacre.dialects.fastnotas.wire import Cancellation, NewDocument, SaidLine
from lacre.documents.links import FileLink, Variant
from lacre.fiscal import actions
from lacre.fiscal.actions import Order
from lacre.fiscal.invoice import Invoice, Line
from lacre.fiscal.money import amount_of
from lacre.fiscal.note import CancelReason
from lacre.fiscal.operation import AssetKind
from lacre.fiscal.printing import preview
from lacre.kit.ids import CustomerId, InvoiceId, ItemId, SchemaId
from lacre.kit.refusal import NotFound
from lacre.kit.times import BRASILIA
from lacre.services import Services, Work

WHY = "Cancelamento solicitado pelo emitente"


def index(call: Call) -> Response:
    """Newest first."""
    with call.services.open_work() as work:
        return pages.listed(
            call,
            pages.DOCUMENTS,
            lambda query, offset, limit: work.books.invoices.find(
                call.account_id, query, offset=offset, limit=limit
            ),
            lambda one: shown.document(one, links=call.services.links, now=call.now),
        )


def create(call: Call) -> Response:
    """Its number is taken and its note drawn up at once; the rest is told by webhook."""
    said = call.read(NewDocument)
    with call.services.open_work() as work:
        wanted = _order(work, call, said)
        made = actions.order(work, call.services.fiscal_desk, wanted, now=call.now)
    return _shown(call, made, 201)


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        one = _named(work, call)
    return _shown(call, one)


def cancel(call: Call) -> Response:
    """Asks the tax office; what it says is told by webhook."""
    said = call.read(Cancellation)
    with call.services.open_work() as work:
        one = _named(work, call)
        actions.cancel(
            work,
            call.services.fiscal_desk,
            one,
            reason=CancelReason(said.reason),
            text=said.message or WHY,
            now=call.now,
        )
    return _shown(call, one)


def show_print(call: Call) -> Response:
    """The DANFSe; as long as there is none, the same of what is known."""
    with call.services.open_work() as work:
        one = _named(work, call)
    return _print(call.services, one)


def show_print_to_guest(services: Services, link: FileLink, _now: datetime) -> Response:
    if link.variant is not Variant.INVOICE:
        raise NotFound("document")
    with services.open_work() as work:
        one = work.books.invoices.for_link(InvoiceId(link.document_id))
    return _print(services, one)


def _print(services: Services, one: Invoice) -> Response:
    kept = one.available(AssetKind.PRINT)
    if kept is not None and kept.digest is not None:
        return download(services, kept, one)
    content = preview(services.fiscal_tools, one)
    return Response(content, media_type="application/pdf", headers={"cache-control": "private, no-store"})


def _named(work: Work, call: Call) -> Invoice:
    return work.books.invoices.get(call.account_id, InvoiceId(call.named()))


def _shown(call: Call, one: Invoice, status: int = 200) -> Response:
    return JSONResponse([shown.document(one, links=call.services.links, now=call.now)], status)


def _order(work: Work, call: Call, said: NewDocument) -> Order:
    books = work.books
    schema = books.schemas.get(call.account_id, SchemaId(known(said.document_schema_id)))
    return Order(
        company=books.companies.get(call.account_id, schema.company_id),
        customer=books.customers.get(call.account_id, CustomerId(known(said.customer_id))),
        schema=schema,
        lines=_lines(work, call, said.document_items),
        issue_on=said.issue_on or call.now.astimezone(BRASILIA).date(),
    )


def _lines(work: Work, call: Call, said: Sequence[SaidLine]) -> list[Line]:
    return [_line(work, call, one, place) for place, one in enumerate(said)]


def _line(work: Work, call: Call, said: SaidLine, place: int) -> Line:
    item = work.books.items.get(call.account_id, ItemId(known(said.item_id)))
    field = f"document_items.{place}.amount"
    return Line(
        id=call.services.tokens.uuid(),
        item_id=item.id,
        name=said.name or item.name,
        description=said.description or item.description,
        amount=item.amount if said.amount is None else amount_of(said.amount, field),
        settings=filling.settings(said.setting, said.settings, before=item.settings),
    )
