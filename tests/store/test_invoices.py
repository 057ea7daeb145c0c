"""Invoices on each database: none issued twice, no number lost or doubled, whatever breaks in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

import pytest

from lacre.fiscal.company import INACTIVE
from lacre.fiscal.errors import (
    AlreadyCanceled,
    CertificateMissing,
    InvoiceNotIssued,
    InvoiceNotPossible,
    SchemaInactive,
    SequencePassed,
)
from lacre.fiscal.operation import AssetKind, Status
from lacre.fiscal.ports import CertificateRefused, NotKnown, Unknown, Unreachable
from lacre.kit.ids import new_uuid
from lacre.kit.refusal import NotFound
from lacre.store.fiscal_tables import schema as schema_table
from lacre.store.opening import Store
from tests.support.invoicing import Shop, a_line, an_item
from tests.support.kept import an_account
from tests.support.tax_office import PowerCut, rejected

NOBODY = Unreachable(reason="nobody is there")


@pytest.fixture
def shop(store: Store) -> Shop:
    return Shop(store)


def test_an_invoice_is_issued_and_its_files_become_available(shop: Shop) -> None:
    invoice = shop.order()

    assert shop.issue(invoice) is None
    shop.draw(invoice)

    kept = shop.kept(invoice)
    assert (kept.status, kept.sequence, kept.issued and kept.issued.number) == (Status.SUCCESS, 1, "1")
    assert [one.kind for one in kept.assets] == [
        AssetKind.XML_REQUEST,
        AssetKind.PRINT,
        AssetKind.XML_RESPONSE,
    ]
    assert all(one.digest for one in kept.assets)
    assert shop.told() == [
        "invoice_processing", "operation_processing", "asset_available",
        "invoice_issued", "operation_succeeded", "asset_available", "asset_available",
    ]  # fmt: skip


def test_what_cannot_become_a_note_takes_no_number(shop: Shop) -> None:
    impossible = an_item(shop.schema, settings={"parameters": {"service_code": "12"}})

    with pytest.raises(InvoiceNotPossible):
        shop.order(lines=[a_line(impossible)])

    assert shop.order().sequence == 1


def test_what_the_municipality_would_never_take_is_rejected_unsent_and_its_number_is_free(shop: Shop) -> None:
    shop.municipalities.agreed = NotKnown()
    refused = shop.order()
    shop.issue(refused)
    shop.municipalities.agreed = shop.municipalities.set_rates = NOBODY

    kept, (operation,) = shop.kept(refused), shop.kept(refused).operations
    (message,) = operation.transactions[-1].messages

    assert (kept.status, message.code) == (Status.REJECTED, "municipality_outside")
    assert message.remedy
    assert (shop.office.sent, kept.sequence, shop.order().sequence) == ([], None, 1)


def test_when_no_municipality_can_be_asked_notes_are_issued_and_say_so(shop: Shop) -> None:
    shop.municipalities.agreed = NOBODY
    invoice = shop.order()
    shop.issue(invoice)

    kept = shop.kept(invoice)
    said = [one.code for one in kept.operations[0].transactions[-1].messages]

    assert (kept.status, said) == (Status.SUCCESS, ["municipality_not_asked"])


def test_what_may_have_been_sent_is_asked_about_and_no_municipality_refuses_it(shop: Shop) -> None:
    shop.office.answers = ["lost"]
    invoice = shop.order()
    shop.issue(invoice)
    shop.municipalities.agreed = NotKnown()

    shop.issue(invoice, tries=2)

    assert shop.kept(invoice).status is Status.SUCCESS


def test_an_answer_that_was_lost_is_asked_for_and_nothing_is_sent_again(shop: Shop) -> None:
    shop.office.answers = ["lost"]
    invoice = shop.order()

    later = shop.issue(invoice)
    waiting = shop.kept(invoice).status
    again = shop.issue(invoice, tries=2)

    assert (later and later.reason, waiting, again) == ("no answer came", Status.WAITING, None)
    assert shop.kept(invoice).status is Status.SUCCESS
    assert (len(shop.office.sent), len(shop.office.asked)) == (1, 1)


def test_who_was_not_reached_is_sent_the_same_again_without_asking(shop: Shop) -> None:
    shop.office.answers = [NOBODY, NOBODY]
    invoice = shop.order()

    for tries in (1, 2, 3):
        shop.issue(invoice, tries=tries)

    kept = shop.kept(invoice)
    assert (kept.status, len(shop.office.notes), shop.office.asked) == (Status.SUCCESS, 1, [])
    assert len(set(shop.office.sent)) == 1
    assert [one.status for one in kept.operations[0].transactions] == [
        Status.ERROR,
        Status.ERROR,
        Status.SUCCESS,
    ]
    assert shop.told().count("invoice_waiting") == 1


def test_a_power_cut_while_it_is_sent_leads_to_a_question(shop: Shop) -> None:
    shop.office.answers = ["cut"]
    invoice = shop.order()

    with pytest.raises(PowerCut):
        shop.issue(invoice)
    shop.issue(invoice, tries=2)

    assert len(shop.office.asked) == 1
    assert len(shop.office.notes) == 1
    assert shop.kept(invoice).status is Status.SUCCESS


def test_the_number_of_a_rejected_note_is_the_next_one_s(shop: Shop) -> None:
    shop.office.answers = [rejected()]
    first, second = shop.order(), shop.order()
    shop.issue(first)

    third = shop.order()

    kept = shop.kept(first)
    assert (kept.status, kept.sequence) == (Status.REJECTED, None)
    assert (second.sequence, third.sequence) == (2, 1)
    last = kept.operations[0].last_transaction
    assert last is not None
    assert [(one.code, one.remedy) for one in last.messages] == [("E0625", "Confira a alíquota.")]


def test_a_number_that_may_be_a_note_s_is_never_given_back(shop: Shop) -> None:
    shop.office.answers = ["cut", rejected()]
    first = shop.order()
    with pytest.raises(PowerCut):
        shop.issue(first)
    shop.issue(first, tries=2)

    assert shop.kept(first).sequence == 1
    assert shop.order().sequence == 2


def test_a_number_that_the_tax_office_has_already_is_passed_over(shop: Shop) -> None:
    shop.office.answers = [rejected("E0014", "A DPS já existe")]
    first = shop.order()

    shop.issue(first)

    assert shop.order().sequence == 2


def test_what_failed_is_tried_again_with_its_number(shop: Shop) -> None:
    shop.office.answers = [CertificateRefused(reason="revoked")]
    invoice = shop.order()
    shop.issue(invoice)
    failed = shop.kept(invoice)

    shop.retry(invoice)
    shop.issue(invoice)

    assert (failed.status, failed.sequence) == (Status.ERROR, 1)
    assert (shop.kept(invoice).status, shop.kept(invoice).sequence) == (Status.SUCCESS, 1)


def test_who_is_never_reached_is_given_up_after_days(shop: Shop) -> None:
    shop.office.answers = [NOBODY]
    invoice = shop.order()

    assert shop.issue(invoice, tries=60) is None
    assert shop.kept(invoice).status is Status.ERROR


def test_what_may_have_been_done_is_never_given_up(shop: Shop) -> None:
    shop.office.answers, shop.office.told = ["cut"], [NOBODY]
    invoice = shop.order()
    with pytest.raises(PowerCut):
        shop.issue(invoice)

    assert shop.issue(invoice, tries=1000) is not None
    assert shop.kept(invoice).status is Status.WAITING


def test_what_is_known_not_to_be_done_after_days_is_given_up_and_not_sent_once_more(shop: Shop) -> None:
    shop.office.answers = ["cut"]
    invoice = shop.order()
    with pytest.raises(PowerCut):
        shop.issue(invoice)

    assert shop.issue(invoice, tries=60) is None

    kept = shop.kept(invoice)
    assert (kept.status, kept.sequence, len(shop.office.sent)) == (Status.ERROR, 1, 1)
    assert shop.told()[-2:] == ["invoice_failed", "operation_failed"]


def test_what_was_given_up_is_tried_again_with_the_same_bytes_after_a_question(shop: Shop) -> None:
    shop.office.answers = ["cut"]
    invoice = shop.order()
    with pytest.raises(PowerCut):
        shop.issue(invoice)
    shop.issue(invoice, tries=60)
    signed = shop.kept(invoice).operations[0].request

    shop.retry(invoice)
    shop.issue(invoice)

    kept = shop.kept(invoice)
    assert (kept.status, kept.operations[0].request) == (Status.SUCCESS, signed)
    assert len(shop.office.asked) == 2


def test_a_cancellation_that_is_not_registered_after_days_is_given_up(shop: Shop) -> None:
    invoice = shop.order()
    shop.issue(invoice)
    shop.office.answers = [Unknown(reason="HTTP 503")]
    shop.ask_to_cancel(invoice)
    shop.cancel(invoice)

    assert shop.cancel(invoice, tries=60) is None

    kept = shop.kept(invoice)
    assert (kept.status, kept.operations[-1].status) == (Status.SUCCESS, Status.ERROR)
    assert kept.canceled_at is None


def test_an_issued_invoice_is_canceled_and_stays_issued_in_its_state(shop: Shop) -> None:
    invoice = shop.order()
    shop.issue(invoice)

    shop.ask_to_cancel(invoice)
    shop.cancel(invoice)

    kept = shop.kept(invoice)
    assert (kept.status, kept.canceled_at is not None) == (Status.SUCCESS, True)
    assert shop.told()[-3:] == ["operation_succeeded", "invoice_canceled", "asset_available"]
    with pytest.raises(AlreadyCanceled):
        shop.ask_to_cancel(invoice)


def test_a_cancellation_whose_answer_was_lost_is_asked_for(shop: Shop) -> None:
    invoice = shop.order()
    shop.issue(invoice)
    shop.office.answers = ["lost"]
    shop.ask_to_cancel(invoice)

    shop.cancel(invoice)
    shop.cancel(invoice, tries=2)

    assert shop.kept(invoice).canceled_at is not None
    assert len(shop.office.canceled) == 1
    assert "invoice_waiting" not in shop.told()


def test_a_rejected_cancellation_leaves_the_note_and_may_be_asked_again(shop: Shop) -> None:
    invoice = shop.order()
    shop.issue(invoice)
    shop.office.answers = [rejected("E1830", "Prazo vencido")]
    shop.ask_to_cancel(invoice)
    shop.cancel(invoice)

    shop.ask_to_cancel(invoice)
    shop.cancel(invoice)

    assert [one.status for one in shop.kept(invoice).operations] == [
        Status.SUCCESS,
        Status.REJECTED,
        Status.SUCCESS,
    ]


def test_only_what_is_issued_can_be_canceled(shop: Shop) -> None:
    invoice = shop.order()

    with pytest.raises(InvoiceNotIssued):
        shop.ask_to_cancel(invoice)


def test_numbers_have_no_gap_and_no_double_when_many_order_at_once(shop: Shop) -> None:
    def some(_: int) -> list[int | None]:
        return [shop.order().sequence for _ in range(5)]

    with ThreadPoolExecutor(4) as people:
        numbers = [one for each in people.map(some, range(4)) for one in each]

    assert sorted(numbers, key=lambda one: one or 0) == list(range(1, 21))


def test_a_type_without_certificate_or_out_of_use_issues_nothing(shop: Shop) -> None:
    with pytest.raises(CertificateMissing):
        shop.order(schema=replace(shop.schema, certificate=None))
    with pytest.raises(SchemaInactive):
        shop.order(schema=replace(shop.schema, status=INACTIVE))


def test_the_next_number_can_be_raised_and_not_lowered(shop: Shop, store: Store) -> None:
    with store.open_work() as work:
        work.books.sequences.raise_to(shop.account_id, shop.company.registry_code, "1", 100)

    assert shop.order().sequence == 100
    with store.open_work() as work, pytest.raises(SequencePassed):
        work.books.sequences.raise_to(shop.account_id, shop.company.registry_code, "1", 100)


def test_the_upcoming_number_is_told_before_it_is_taken(shop: Shop, store: Store) -> None:
    def upcoming() -> int:
        with store.open_work() as work:
            return work.books.sequences.upcoming(shop.account_id, shop.company.registry_code, "1")

    before_any = upcoming()
    taken = shop.order().sequence
    after_one = upcoming()
    with store.open_work() as work:
        work.books.sequences.give_back(shop.account_id, shop.company.registry_code, "1", 1)

    assert (before_any, taken, after_one, upcoming()) == (1, 1, 2, 1)


def test_a_certificate_is_kept_encrypted_and_apart_from_what_is_shown(shop: Shop, store: Store) -> None:
    with store.open_work() as work:
        certificate = work.books.schemas.certificate(shop.account_id, shop.schema.id)
        kept = work.books.schemas._transaction.read(schema_table.select()).mappings().first()

    assert certificate is not None
    assert b"tell nobody" in certificate.pem
    assert kept is not None
    assert b"tell nobody" not in kept["sealed_pem"]
    assert "tell nobody" not in str(kept["state"])


def test_no_account_sees_another_s(shop: Shop, store: Store) -> None:
    invoice = shop.order()
    with store.open_work() as work:
        stranger = an_account(work, new_uuid())
        books = work.books
        for look in (
            lambda: books.invoices.get(stranger, invoice.id),
            lambda: books.invoices.of_operation(stranger, invoice.operations[0].id),
            lambda: books.companies.get(stranger, shop.company.id),
            lambda: books.customers.get(stranger, shop.customer.id),
            lambda: books.schemas.get(stranger, shop.schema.id),
            lambda: books.items.get(stranger, shop.item.id),
            lambda: books.items.save(replace(shop.item, account_id=stranger)),
        ):
            with pytest.raises(NotFound):
                look()
        assert books.schemas.certificate(stranger, shop.schema.id) is None
        assert books.invoices.find(stranger, None, offset=0, limit=9).total == 0


def test_what_is_deleted_is_not_found(shop: Shop, store: Store) -> None:
    with store.open_work() as work:
        shop.item.deleted_at = shop.item.created_at
        work.books.items.save(shop.item)
        with pytest.raises(NotFound):
            work.books.items.get(shop.account_id, shop.item.id)
        assert work.books.items.find([shop.account_id], None, offset=0, limit=9).items == []


def test_amounts_add_up_to_the_cent(shop: Shop) -> None:
    lines = [a_line(an_item(shop.schema, amount=Decimal(amount))) for amount in ("0.10", "0.20", "49.90")]

    invoice = shop.order(lines=lines)

    assert shop.kept(invoice).amount == Decimal("50.20")
