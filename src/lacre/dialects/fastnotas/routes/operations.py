"""Operations on documents, and the exchanges that each took."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import pages, shown
from lacre.dialects.fastnotas.door import Call
from lacre.kit.ids import InvoiceId, OperationId, TransactionId


def of_document(call: Call) -> Response:
    """Newest first."""
    with call.services.open_work() as work:
        invoices = work.books.invoices
        one = invoices.get(call.account_id, InvoiceId(call.named()))
        return pages.listed(
            call,
            pages.OPERATIONS,
            lambda query, offset, limit: invoices.operations(
                call.account_id, one.id, query, offset=offset, limit=limit
            ),
            lambda found: shown.operation(one.operation(found), one),
        )


def read(call: Call) -> Response:
    wanted = OperationId(call.named())
    with call.services.open_work() as work:
        one = work.books.invoices.of_operation(call.account_id, wanted)
    return JSONResponse(shown.operation(one.operation(wanted), one))


def transactions(call: Call) -> Response:
    """Newest first."""
    wanted = OperationId(call.named())
    with call.services.open_work() as work:
        invoices = work.books.invoices
        held = {
            one.id: one
            for one in invoices.of_operation(call.account_id, wanted).operation(wanted).transactions
        }
        return pages.listed(
            call,
            pages.TRANSACTIONS,
            lambda query, offset, limit: invoices.transactions(
                call.account_id, wanted, query, offset=offset, limit=limit
            ),
            lambda found: shown.transaction(held[found]),
        )


def read_transaction(call: Call) -> Response:
    wanted = TransactionId(call.named())
    with call.services.open_work() as work:
        one = work.books.invoices.of_transaction(call.account_id, wanted)
    found = next(each for operation in one.operations for each in operation.transactions if each.id == wanted)
    return JSONResponse(shown.transaction(found))
