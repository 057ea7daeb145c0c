"""Files about documents."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import answers, pages, shown
from lacre.dialects.fastnotas.door import Call
from lacre.kit.ids import AssetId


def of_document(call: Call) -> Response:
    """Newest first."""
    return pages.of_document(
        call,
        pages.ASSETS,
        lambda invoices: invoices.assets,
        lambda one, found: shown.asset(one.asset(found), one),
    )


def read(call: Call) -> Response:
    wanted = AssetId(call.named())
    with call.services.open_work() as work:
        one = work.books.invoices.of_asset(call.account_id, wanted)
    return JSONResponse(shown.asset(one.asset(wanted), one))


def download(call: Call) -> Response:
    """404 until it is available."""
    wanted = AssetId(call.named())
    with call.services.open_work() as work:
        one = work.books.invoices.of_asset(call.account_id, wanted)
    return answers.download(call.services, one.asset(wanted), one)
