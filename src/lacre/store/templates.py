"""Templates: kept whole as JSON, beside the columns that they are found by."""

from __future__ import annotations

from typing import Any, cast

from pydantic import TypeAdapter
from sqlalchemy import Select, func, insert, select, update

from lacre.kit.ids import AccountId, TemplateId
from lacre.kit.json import JsonObject
from lacre.kit.refusal import NotFound
from lacre.signing.repositories import TemplatePage
from lacre.signing.template import Template
from lacre.store.instants import micros, micros_if
from lacre.store.template_tables import template
from lacre.store.transaction import Transaction

_TEMPLATE: TypeAdapter[Template] = TypeAdapter(Template)


class SqlTemplates:
    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, one: Template) -> None:
        row = {"id": one.id, "account_id": one.account_id, "created_at": micros(one.created_at)}
        self._transaction.write(insert(template).values({**row, **_changing(one)}))

    def save(self, one: Template) -> None:
        mine = (template.c.id == one.id) & (template.c.account_id == one.account_id)
        changed = update(template).where(mine).values(_changing(one))
        if self._transaction.write(changed).rowcount != 1:
            raise NotFound("template")

    def get(self, account_id: AccountId, template_id: TemplateId) -> Template:
        mine = _STATE.where(template.c.account_id == account_id, template.c.id == template_id)
        return _thawed(self._transaction.locked(mine).scalar())

    def for_form(self, template_id: TemplateId) -> Template:
        kept = _STATE.where(template.c.id == template_id, template.c.deleted_at.is_(None))
        return _thawed(self._transaction.read(kept).scalar())

    def find(self, account_id: AccountId, *, offset: int, limit: int) -> TemplatePage:
        mine = (template.c.account_id == account_id) & template.c.deleted_at.is_(None)
        newest = (template.c.created_at.desc(), template.c.id.desc())
        page = _STATE.where(mine).order_by(*newest).offset(offset).limit(limit)
        counted = select(func.count()).select_from(template).where(mine)
        return TemplatePage(
            items=tuple(_thawed(state) for state in self._transaction.read(page).scalars()),
            total=self._transaction.read(counted).scalar_one(),
        )


_STATE: Select[Any] = select(template.c.state)


def _changing(one: Template) -> dict[str, Any]:
    state = cast("JsonObject", _TEMPLATE.dump_python(one, mode="json"))
    return {"deleted_at": micros_if(one.deleted_at), "state": state}


def _thawed(state: JsonObject | None) -> Template:
    """Fields added since it was kept get their defaults."""
    if state is None:
        raise NotFound("template")
    return _TEMPLATE.validate_python(state)
