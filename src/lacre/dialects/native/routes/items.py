"""Services as they are sold: what lines of invoices begin from."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter
from starlette.responses import Response

from lacre.dialects.native import books_shown, finding
from lacre.dialects.native.books_shown import SERVICE_CODE, parameters_of
from lacre.dialects.native.call import Call, Caller, Poster, answer
from lacre.dialects.native.listing import Page, PageSize, Text, next_page
from lacre.dialects.native.ordering import schema_of, to_the_cent
from lacre.dialects.native.wire.books import ItemChange, ItemList, KeptItem, NewItem
from lacre.fiscal.company import status_of
from lacre.fiscal.item import Item, Settings
from lacre.fiscal.query import Comparison, Operator
from lacre.fiscal.schema import Schema
from lacre.kit.ids import ItemId
from lacre.kit.json import Json

router = APIRouter(tags=["items"])


@router.post("/items", status_code=201, response_model=KeptItem)
def create_item(call: Poster, said: NewItem) -> Response:
    """Lines of invoices name it, and may say another amount or description."""
    with call.services.open_work() as work:
        one = _item(call, said, schema_of(work, call, said.schema_id))
        work.books.items.add(one)
        return call.keep(work, books_shown.item(one), 201)


@router.get("/items", response_model=ItemList)
def list_items(call: Caller, limit: PageSize = 25, page: Page = 1, text: Text = "") -> Response:
    """Newest first; `text` is part of a name."""
    which = Comparison("name", Operator.CONTAINS, text.strip()) if text.strip() else None
    with call.services.open_work() as work:
        found = work.books.items.find([call.account_id], which, offset=(page - 1) * limit, limit=limit)
    data = [books_shown.item(one) for one in found.items]
    return answer(ItemList(data=data, next=next_page(found, page, limit)))


@router.get("/items/{item_id}", response_model=KeptItem)
def read_item(call: Caller, item_id: str) -> Response:
    with call.services.open_work() as work:
        return answer(books_shown.item(finding.item(work, call, item_id)))


@router.patch("/items/{item_id}", response_model=KeptItem)
def change_item(call: Caller, item_id: str, said: ItemChange) -> Response:
    """Invoices that were ordered before stay as they were."""
    with call.services.open_work() as work:
        one = finding.item(work, call, item_id)
        _change(call, one, said)
        work.books.items.save(one)
    return answer(books_shown.item(one))


@router.delete("/items/{item_id}", status_code=204)
def delete_item(call: Caller, item_id: str) -> Response:
    """Invoices of it stay."""
    with call.services.open_work() as work:
        one = finding.item(work, call, item_id)
        one.deleted_at = call.now
        work.books.items.save(one)
    return Response(status_code=204)


def _item(call: Call, said: NewItem, schema: Schema) -> Item:
    return Item(
        id=ItemId(call.services.tokens.uuid()),
        account_id=call.account_id,
        schema_id=schema.id,
        name=said.name,
        description=said.description,
        amount=to_the_cent(said.amount),
        status=status_of("", active=said.active),
        settings=_settings({}, said),
        created_at=call.now,
        updated_at=call.now,
    )


def _change(call: Call, one: Item, said: ItemChange) -> None:
    one.name, one.description = said.name or one.name, said.description or one.description
    one.amount = one.amount if said.amount is None else to_the_cent(said.amount)
    one.settings = _settings(parameters_of(one), said)
    one.status, one.updated_at = status_of(one.status, active=said.active), call.now


def _settings(before: Mapping[str, Json], said: ItemChange) -> Settings:
    named = {SERVICE_CODE: said.service_code} if said.service_code else {}
    return {"parameters": {**before, **(said.parameters or {}), **named}}
