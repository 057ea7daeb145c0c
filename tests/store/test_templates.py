"""Templates come back as they were, to their own account alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from lacre.kit.ids import AccountId, Digest, TemplateId, new_uuid
from lacre.kit.refusal import NotFound
from lacre.signing.inputs import Input, InputKind
from lacre.signing.template import Template
from lacre.store.opening import Store
from tests.support.kept import NOW, an_account


def test_a_template_comes_back_as_it_was_and_as_it_was_changed(store: Store) -> None:
    kept = _keep(store, inputs=[Input(variable="cor", kind=InputKind.LIST, options=("Azul", "Verde"))])

    with store.open_work() as work:
        found = work.templates.get(kept.account_id, kept.id)
        assert found == kept
        found.name = "Outro"
        work.templates.save(found)

    with store.open_work() as work:
        assert work.templates.for_form(kept.id).name == "Outro"


def test_no_account_sees_another_s(store: Store) -> None:
    kept, stranger = _keep(store), _keep(store).account_id

    with store.open_work() as work:
        with pytest.raises(NotFound):
            work.templates.get(stranger, kept.id)
        with pytest.raises(NotFound):
            work.templates.save(replace(kept, account_id=stranger))
        assert kept.id not in [one.id for one in work.templates.find(stranger, offset=0, limit=9).items]


def test_the_list_is_newest_first_and_without_the_deleted(store: Store) -> None:
    first = _keep(store)
    later = [_keep(store, account=first.account_id, minutes=minutes) for minutes in (1, 2, 3)]
    later[1].delete(now=NOW)
    with store.open_work() as work:
        work.templates.save(later[1])

    with store.open_work() as work:
        page = work.templates.find(first.account_id, offset=0, limit=2)
        with pytest.raises(NotFound):
            work.templates.for_form(later[1].id)

    assert ([one.id for one in page.items], page.total) == ([later[2].id, later[0].id], 3)


def _keep(
    store: Store, *, account: AccountId | None = None, minutes: int = 0, inputs: list[Input] | None = None
) -> Template:
    at = NOW + timedelta(minutes=minutes)
    with store.open_work() as work:
        template = Template(
            id=TemplateId(new_uuid()),
            account_id=account or an_account(work, new_uuid()),
            name="Contrato",
            language="pt-br",
            source=Digest("1" * 64),
            created_at=at,
            updated_at=at,
            inputs=inputs or [],
        )
        work.templates.add(template)
    return template
