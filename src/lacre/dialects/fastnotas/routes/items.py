"""Items: what is sold, of one document schema each."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from lacre.dialects.fastnotas import filling, pages, shown
from lacre.dialects.fastnotas.door import Call, known
from lacre.dialects.fastnotas.wire import ItemChange, NewItem
from lacre.fiscal.item import Item
from lacre.fiscal.money import amount_of
from lacre.fiscal.query import Comparison, Every, Operator, Query
from lacre.fiscal.repositories import Listed
from lacre.kit.ids import ItemId, SchemaId
from lacre.services import Work


def index(call: Call) -> Response:
    """Newest first."""
    with call.services.open_work() as work:
        return pages.listed(call, pages.ITEMS, lambda *asked: _found(work, call, *asked), shown.item)


def of_schema(call: Call) -> Response:
    """Newest first, of one document schema."""
    with call.services.open_work() as work:
        schema = work.books.schemas.get(call.account_id, SchemaId(call.named()))
        within = Comparison("schema_id", Operator.EQUAL, schema.id)

        def find(query: Query | None, offset: int, limit: int) -> Listed[Item]:
            return _found(work, call, Every((within, query)) if query else within, offset, limit)

        return pages.listed(call, pages.ITEMS, find, shown.item)


def create(call: Call) -> Response:
    said = call.read(NewItem)
    with call.services.open_work() as work:
        schema = work.books.schemas.get(call.account_id, SchemaId(known(said.document_schema_id)))
        one = Item(
            id=ItemId(call.services.tokens.uuid()),
            account_id=call.account_id,
            schema_id=schema.id,
            name=said.name,
            description=said.description,
            amount=amount_of(said.amount, "amount"),
            status=said.status,
            settings=filling.settings(said.setting, said.settings, before={}),
            created_at=call.now,
            updated_at=call.now,
        )
        work.books.items.add(one)
    return JSONResponse(shown.item(one), 201)


def read(call: Call) -> Response:
    with call.services.open_work() as work:
        return JSONResponse(shown.item(_named(work, call)))


def update(call: Call) -> Response:
    """Answers with an array, as theirs does here alone."""
    said = call.read(ItemChange)
    with call.services.open_work() as work:
        one = _named(work, call)
        one.name, one.status = said.name or one.name, said.status or one.status
        one.description = said.description or one.description
        if said.amount is not None:
            one.amount = amount_of(said.amount, "amount")
        one.settings = filling.settings(said.setting, said.settings, before=one.settings)
        one.updated_at = call.now
        work.books.items.save(one)
    return JSONResponse([shown.item(one)])


def delete(call: Call) -> Response:
    """Documents that were made of it stay."""
    with call.services.open_work() as work:
        one = _named(work, call)
        one.deleted_at = call.now
        work.books.items.save(one)
    return Response(status_code=204)


def _found(work: Work, call: Call, query: Query | None, offset: int, limit: int) -> Listed[Item]:
    return work.books.items.find([call.account_id], query, offset=offset, limit=limit)


def _named(work: Work, call: Call) -> Item:
    return work.books.items.get(call.account_id, ItemId(call.named()))
