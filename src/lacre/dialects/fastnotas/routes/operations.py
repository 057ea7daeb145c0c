"""Operations on documents, and the exchanges that each took."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import pages, shown
from lacre.dialects.fastnotas.door import Call
from lacre.kit.ids import OperationId, TransactionId


def of_document(call: Call) -> Response:
    """Newest first."""
    return pages.of_document(
        call,
        pages.OPERATIONS,
        lambda invoices: invoices.operations,
        lambda one, found: shown.operation(one.operation(found), one),
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
