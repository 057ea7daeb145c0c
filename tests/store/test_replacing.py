"""Invoices in the place of others on each database: both are recorded together, or neither changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lacre.fiscal.errors import (
    AlreadyReplaced,
    BeingReplaced,
    InvoiceToReplaceCanceled,
    InvoiceToReplaceNotIssued,
    ReplacedByAnotherCompany,
    ReplacedInAnotherEnvironment,
    ReplacementReasonInvalid,
)
from lacre.fiscal.invoice import Invoice
from lacre.fiscal.note import Environment, ReplaceReason, Substitution
from lacre.fiscal.operation import AssetKind, OperationKind, Status
from lacre.fiscal.ports import CertificateRefused, NotCancelled, Unreachable
from lacre.fiscal.procedure import MOST_TRIES, Later
from lacre.kit.ids import CompanyId, new_uuid
from lacre.kit.refusal import Refusal
from lacre.store.opening import Store
from tests.support.invoicing import WHY, Shop
from tests.support.tax_office import PowerCut, rejected

NOBODY = Unreachable(reason="nobody is there")
TOLD = ["invoice_issued", "operation_succeeded", "asset_available", "operation_succeeded", "invoice_canceled"]


@pytest.fixture
def shop(store: Store) -> Shop:
    return Shop(store)


@pytest.fixture
def old(shop: Shop) -> Invoice:
    """An issued one."""
    invoice = shop.order()
    shop.issue(invoice)
    return shop.kept(invoice)


def key_of(invoice: Invoice) -> str:
    return invoice.issued.key if invoice.issued else ""


def test_its_note_declares_what_it_replaces_and_the_other_is_canceled_by_it(shop: Shop, old: Invoice) -> None:
    new = shop.replace(old)
    before = len(shop.told())

    shop.issue(new)

    now, then = shop.kept(new), shop.kept(old)
    declared = Substitution(key=key_of(old), reason="99", text=WHY)
    assert (shop.office.built[-1].replaces, now.status) == (declared, Status.SUCCESS)
    assert (then.status, then.held_for) == (Status.SUCCESS, None)
    assert then.replaced_by
    assert (then.replaced_by.invoice_id, then.replaced_by.key) == (new.id, key_of(now))
    assert then.canceled_at == now.issued.at if now.issued else False
    assert shop.told()[before:][1:] == TOLD


def test_the_other_says_who_replaced_it_in_its_last_operation_and_on_its_paper(
    shop: Shop, old: Invoice
) -> None:
    new = shop.replace(old)
    shop.issue(new)
    shop.draw(old)

    then, key = shop.kept(old), key_of(shop.kept(new))

    last = then.operations[-1]
    paper = then.available(AssetKind.PRINT)
    assert (last.kind, last.status, last.reason_text) == (OperationKind.CANCEL, Status.SUCCESS, WHY)
    assert last.transactions[-1].fields == {"chave_substituta": key}
    assert paper
    assert paper.digest
    assert f"canceled {key}".encode() in shop.store.invoice_files.read(paper.digest)


def test_the_event_that_the_tax_office_registered_is_kept_with_the_other_once(
    shop: Shop, old: Invoice
) -> None:
    shop.issue(shop.replace(old))

    for tries in (1, 2):
        assert shop.fetch(old, tries=tries) is None

    then = shop.kept(old)
    (kept,) = (one for one in then.assets if one.operation_id == then.operations[-1].id and one.digest)
    assert (kept.kind, shop.office.asked) == (AssetKind.XML_RESPONSE, [f"{key_of(old)}/105102"])
    assert kept.digest
    assert key_of(old).encode() in shop.store.invoice_files.read(kept.digest)
    assert shop.told()[-1] == "asset_available"


@pytest.mark.parametrize("said", [NotCancelled(), NOBODY, CertificateRefused(reason="unknown issuer")])
def test_an_event_that_is_not_told_yet_is_asked_for_again_for_two_days(
    shop: Shop, old: Invoice, said: NotCancelled | Unreachable | CertificateRefused
) -> None:
    shop.issue(shop.replace(old))
    shop.office.told = [said, said]  # type: ignore[list-item]

    first, last = shop.fetch(old), shop.fetch(old, tries=MOST_TRIES)

    assert (isinstance(first, Later), last) == (True, None)
    assert shop.fetch(old) is None
    assert any(one.kind is AssetKind.XML_RESPONSE for one in shop.kept(old).assets[-1:])


def test_a_rejected_one_leaves_the_other_as_it_was_and_free(shop: Shop, old: Invoice) -> None:
    shop.office.answers = [rejected()]

    shop.issue(shop.replace(old))

    assert shop.kept(old) == old
    shop.issue(shop.replace(old))
    assert shop.kept(old).replaced_by


def test_an_answer_that_was_lost_is_asked_for_and_both_are_recorded(shop: Shop, old: Invoice) -> None:
    shop.office.answers = ["lost"]
    new = shop.replace(old)
    shop.issue(new)
    meanwhile = shop.kept(old)

    shop.issue(new, tries=2)

    assert (meanwhile.canceled_at, meanwhile.held_for) == (None, new.id)
    assert (len(shop.office.sent), len(shop.office.asked)) == (2, 1)
    assert shop.kept(old).replaced_by
    assert shop.kept(new).issued


def test_what_was_accepted_and_not_recorded_is_looked_up_and_recorded_once(shop: Shop, old: Invoice) -> None:
    new = shop.replace(old)
    printed = shop.office.issue

    def accepted_and_gone(*said: object) -> None:
        printed(*said)  # type: ignore[arg-type]
        raise PowerCut

    shop.office.issue = accepted_and_gone  # type: ignore[assignment]
    with pytest.raises(PowerCut):
        shop.issue(new)
    for tries in (2, 3):
        shop.issue(new, tries=tries)

    assert (shop.told().count("invoice_canceled"), len(shop.office.notes)) == (1, 2)
    assert [one.kind for one in shop.kept(old).operations] == [OperationKind.ISSUE, OperationKind.CANCEL]


def test_while_one_is_under_way_the_other_is_neither_canceled_nor_replaced_again(
    shop: Shop, old: Invoice
) -> None:
    shop.replace(old)

    with pytest.raises(BeingReplaced):
        shop.ask_to_cancel(old)
    with pytest.raises(BeingReplaced):
        shop.replace(old)


def test_one_that_failed_unsent_lets_the_other_go_and_holds_it_when_it_is_tried_again(
    shop: Shop, old: Invoice
) -> None:
    shop.office.answers = [CertificateRefused(reason="unknown issuer")]
    new = shop.replace(old)
    shop.issue(new)
    free = shop.kept(old).held_for

    shop.retry(new)
    held = shop.kept(old).held_for
    shop.issue(new)

    assert (free, held) == (None, new.id)
    assert shop.kept(old).replaced_by


def test_one_that_failed_is_not_tried_again_in_the_place_of_what_was_canceled_meanwhile(
    shop: Shop, old: Invoice
) -> None:
    shop.office.answers = [CertificateRefused(reason="unknown issuer")]
    new = shop.replace(old)
    shop.issue(new)
    shop.ask_to_cancel(old)

    with pytest.raises(InvoiceToReplaceCanceled):
        shop.retry(new)


def test_one_that_may_be_a_note_holds_the_other_even_when_it_failed(shop: Shop, old: Invoice) -> None:
    shop.office.answers = ["lost"]
    new = shop.replace(old)
    shop.issue(new)
    shop.office.told = [CertificateRefused(reason="revoked")]  # type: ignore[list-item]
    shop.issue(new, tries=2)

    assert shop.kept(new).status is Status.ERROR
    assert shop.kept(old).held_for == new.id


def test_what_was_replaced_is_not_replaced_again_but_what_replaced_it_may_be(
    shop: Shop, old: Invoice
) -> None:
    second = shop.replace(old)
    shop.issue(second)

    with pytest.raises(AlreadyReplaced):
        shop.replace(old)
    third = shop.replace(second)
    shop.issue(third)

    assert shop.kept(second).replaced_by
    assert not shop.kept(third).canceled_at


def test_only_what_is_issued_and_stands_is_replaced(shop: Shop, old: Invoice) -> None:
    with pytest.raises(InvoiceToReplaceNotIssued):
        shop.replace(shop.order())
    shop.ask_to_cancel(old)
    with pytest.raises(InvoiceToReplaceCanceled):
        shop.replace(old)
    shop.cancel(old)
    with pytest.raises(InvoiceToReplaceCanceled):
        shop.replace(old)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": CompanyId(new_uuid())}, ReplacedByAnotherCompany),
        ({"registry_code": "11444777000161"}, ReplacedByAnotherCompany),
        ({"environment": Environment.SANDBOX}, ReplacedInAnotherEnvironment),
    ],
    ids=["another company", "another CNPJ", "another environment"],
)
def test_another_company_or_environment_replaces_nothing_and_takes_no_number(
    shop: Shop, old: Invoice, changed: dict[str, object], why: type[Refusal]
) -> None:
    with pytest.raises(why):
        shop.replace(old, company=replace(shop.company, **changed))  # type: ignore[arg-type]

    assert (shop.kept(old), shop.order().sequence) == (old, 2)


@pytest.mark.parametrize(
    ("reason", "text", "taken"),
    [
        (ReplaceReason.OTHER, "", False),
        (ReplaceReason.OTHER, "valor errado", False),
        (ReplaceReason.OTHER, "x" * 256, False),
        (ReplaceReason.REJECTED, "curto", False),
        (ReplaceReason.REJECTED, "", True),
        (ReplaceReason.OTHER, "  O valor\n estava errado ", True),
    ],
)
def test_the_reason_is_told_as_the_layout_wants_it(
    shop: Shop, old: Invoice, reason: ReplaceReason, text: str, *, taken: bool
) -> None:
    if not taken:
        with pytest.raises(ReplacementReasonInvalid):
            shop.replace(old, reason=reason, text=text)
        return
    new = shop.replace(old, reason=reason, text=text)
    assert new.replaces
    assert new.replaces.text == " ".join(text.split())
