"""Lists: bare arrays, with where they stand in the headers, narrowed by `query`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol, TypeVar

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import errors, query, words
from lacre.dialects.fastnotas.door import Call
from lacre.dialects.fastnotas.query import NotAQuery
from lacre.dialects.fastnotas.values import Choice, Digits, Field, Instant, Number, Text
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.query import Query
from lacre.fiscal.repositories import Invoices, Listed
from lacre.kit.ids import AccountId, InvoiceId

Item = TypeVar("Item")
Part = TypeVar("Part")
PER_PAGE, MOST_PER_PAGE, LAST_PAGE = 50, 100, 1_000_000
_ACTIVE = Choice({"active": "active", "inactive": "inactive"})
_STATE = Choice({theirs: ours.value for ours, theirs in words.STATUSES.items()})
COMPANIES: Mapping[str, Field] = {
    "name": Text(),
    "legal_name": Text(),
    "email": Text(),
    "registry_code": Digits(),
    "status": _ACTIVE,
    "created_at": Instant(),
}
CUSTOMERS: Mapping[str, Field] = {
    "name": Text(),
    "email": Text(),
    "registry_code": Digits(),
    "external_code": Text(),
    "status": _ACTIVE,
    "created_at": Instant(),
}
SCHEMAS: Mapping[str, Field] = {
    "name": Text(),
    "code": Text(),
    "status": _ACTIVE,
    "created_at": Instant(),
}
ITEMS: Mapping[str, Field] = {
    "name": Text(),
    "description": Text(),
    "amount": Number(scale=100),
    "status": _ACTIVE,
    "created_at": Instant(),
}
DOCUMENTS: Mapping[str, Field] = {
    "amount": Number(scale=100),
    "status": _STATE,
    "sequence": Number(),
    "serie": Text(),
    "created_at": Instant(),
}
OPERATIONS: Mapping[str, Field] = {
    "operation_type": Choice(
        {theirs: ours.value for ours, theirs in words.OPERATIONS.items()}, column="kind"
    ),
    "status": _STATE,
    "created_at": Instant(),
}
TRANSACTIONS: Mapping[str, Field] = {"status": _STATE, "created_at": Instant()}
ASSETS: Mapping[str, Field] = {
    "status": Choice({theirs: ours.value for ours, theirs in words.ASSET_STATUSES.items()}),
    "type": Choice({theirs: ours.value for ours, theirs in words.ASSETS.items()}, column="kind"),
    "created_at": Instant(),
    "updated_at": Instant(),
}


def listed(
    call: Call,
    fields: Mapping[str, Field],
    find: Callable[[Query | None, int, int], Listed[Item]],
    show: Callable[[Item], Any],
) -> Response:
    """`find` is asked for what is asked, from an offset on, so many."""
    asked = _query(call, fields)
    page, per_page = _number(call, "page", 1, LAST_PAGE), _number(call, "per_page", PER_PAGE, MOST_PER_PAGE)
    found = find(asked, (page - 1) * per_page, per_page)
    headers = {
        "Current-Page": str(page),
        "Total-Pages": str(max(1, -(-found.total // per_page))),
        "Per-Page": str(per_page),
    }
    return JSONResponse([show(one) for one in found.items], headers=headers)


class FindParts(Protocol[Part]):
    def __call__(
        self, account_id: AccountId, invoice_id: InvoiceId, query: Query | None, *, offset: int, limit: int
    ) -> Listed[Part]: ...


def of_document(
    call: Call,
    fields: Mapping[str, Field],
    choose: Callable[[Invoices], FindParts[Part]],
    show: Callable[[Invoice, Part], Any],
) -> Response:
    """Parts of the document in the path: `choose` says which."""
    with call.services.open_work() as work:
        invoices = work.books.invoices
        one = invoices.get(call.account_id, InvoiceId(call.named()))
        find = partial(choose(invoices), call.account_id, one.id)
        return listed(
            call,
            fields,
            lambda query, offset, limit: find(query, offset=offset, limit=limit),
            partial(show, one),
        )


def _query(call: Call, fields: Mapping[str, Field]) -> Query | None:
    try:
        return query.parse(call.query.get("query", ""), fields)
    except NotAQuery as problem:
        raise errors.unprocessable({"query": [str(problem)]}) from None


def _number(call: Call, name: str, usual: int, most: int) -> int:
    """What is larger than we give is the most that we give."""
    said = call.query.get(name, "")
    if not said:
        return usual
    if not (said.isascii() and said.isdigit() and len(said) <= 9 and int(said) > 0):
        raise errors.unprocessable({name: ["não é um número maior que zero"]})
    return min(int(said), most)
