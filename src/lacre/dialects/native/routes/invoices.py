"""Service invoices: ordered, listed, read, canceled, tried again; and their files."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lacre.dialects.native import finding, invoice_shown
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.listing import Page, PageSize, next_page
from lacre.dialects.native.ordering import order_of
from lacre.dialects.native.wire.invoices import (
    FileList,
    InvoiceCancellation,
    InvoiceList,
    NewInvoice,
    ShownInvoice,
    Status,
)
from lacre.fiscal import actions
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.repositories import InvoiceFilter

router = APIRouter(tags=["invoices"])
Text = Annotated[str, Query(max_length=200, description="In customer, number or access key.")]


@router.post("/invoices", status_code=201, response_model=ShownInvoice)
def create_invoice(call: Poster, said: NewInvoice) -> Response:
    """Takes the number and draws the note up at once; a webhook tells what the tax office says of it.

    With `replaces` the tax office cancels the other as it accepts this one; is it rejected, the other stands.
    """
    with call.services.open_work() as work:
        wanted = order_of(work, call, said)
        made = actions.order(work, call.services.fiscal_desk, wanted, now=call.now)
        return call.keep(work, _shown(call, made), 201)


@router.get("/invoices", response_model=InvoiceList)
def list_invoices(
    call: Caller,
    limit: PageSize = 25,
    page: Page = 1,
    status: Annotated[list[Status] | None, Query(max_length=10)] = None,
    text: Text = "",
) -> Response:
    """Newest first."""
    which = _filter(status or [], text)
    with call.services.open_work() as work:
        found = work.books.invoices.search(call.account_id, which, offset=(page - 1) * limit, limit=limit)
    data = [_shown(call, one) for one in found.items]
    return answer(InvoiceList(data=data, next=next_page(found, page, limit)))


@router.get("/invoices/{invoice_id}", response_model=ShownInvoice)
def read_invoice(call: Caller, invoice_id: str) -> Response:
    """With every operation, and its files as links that work for an hour."""
    with call.services.open_work() as work:
        return answer(_shown(call, finding.invoice(work, call, invoice_id)))


@router.post("/invoices/{invoice_id}/cancel", status_code=202, response_model=ShownInvoice)
def cancel_invoice(call: Poster, invoice_id: str, said: InvoiceCancellation) -> Response:
    """Asks the tax office; a webhook tells what it says."""
    with call.services.open_work() as work:
        one = finding.invoice(work, call, invoice_id)
        actions.cancel(work, call.services.fiscal_desk, one, reason=said.reason, text=said.text, now=call.now)
        return call.keep(work, _shown(call, one), 202)


@router.post("/invoices/{invoice_id}/retry", status_code=202, response_model=ShownInvoice)
def retry_invoice(call: Poster, invoice_id: str) -> Response:
    """Of one that failed without being judged: with the same number, so that it never becomes two notes."""
    with call.services.open_work() as work:
        one = finding.invoice(work, call, invoice_id)
        actions.try_again(work, call.services.fiscal_desk, one, now=call.now)
        return call.keep(work, _shown(call, one), 202)


@router.get("/invoices/{invoice_id}/files", response_model=FileList)
def list_invoice_files(call: Caller, invoice_id: str) -> Response:
    """The signed request, the tax office's answer and the printed note."""
    with call.services.open_work() as work:
        one = finding.invoice(work, call, invoice_id)
    return answer(FileList(data=_shown(call, one).files))


def _filter(said: list[Status], text: str) -> InvoiceFilter:
    """A canceled one was issued; the others are not canceled."""
    meant = {ours for ours, theirs in invoice_shown.STATUSES.items() if theirs in said}
    only_canceled = said == ["canceled"]
    if only_canceled:
        return InvoiceFilter(canceled=True, text=text)
    canceled = None if not said or "canceled" in said else False
    if "canceled" in said:
        meant |= {ours for ours, theirs in invoice_shown.STATUSES.items() if theirs == "issued"}
    return InvoiceFilter(statuses=tuple(sorted(meant)), canceled=canceled, text=text)


def _shown(call: Call, one: Invoice) -> ShownInvoice:
    return invoice_shown.invoice(one, links=call.links, now=call.now)
