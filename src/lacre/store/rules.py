"""What is kept for how long: one rule a table, and the index that it goes through the table by.

To add a table: one `Rule`, one setting (or a constant, where nobody would want another), one row in
docs/operate. What is evidence is in no rule: envelopes, signers, documents and the audit log stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

from sqlalchemy import Column, ColumnElement, Executable, Table, exists, literal_column, or_, select, update

from lacre.settings import Settings
from lacre.store.account_tables import idempotency, login_link, session
from lacre.store.fiscal_tables import asset, exchange, invoice, invoice_file, operation
from lacre.store.tables import (
    attempt,
    delivery,
    endpoint,
    endpoint_hour,
    envelope,
    event,
    extraction,
    extraction_page,
    job,
    mail,
    photo,
    replay,
    token,
)

HOUR, DAY, QUARTER = timedelta(hours=1), timedelta(days=1), timedelta(days=90)
Condition: TypeAlias = ColumnElement[bool]


@dataclass(frozen=True, kw_only=True)
class Rule:
    name: str
    table: Table
    keep: Callable[[Settings], timedelta | None]
    """How old a row grows; `None`: for ever."""
    order: Sequence[Column[Any]]
    """What the way through the table goes by, unique, and the age first unless `ageless`: see to an index."""
    by_account: bool = False
    """Whether that index begins with the account."""
    ageless: bool = False
    goes: Callable[[int], Condition] | None = None
    """Which of the old rows; asked with the instant (in microseconds) that old ones are older than."""
    first: Sequence[Column[Any]] = ()
    """Columns of other tables that refer to this one: their rows go with it."""
    leaves: Callable[[Sequence[str]], Executable] | None = None
    """Asked with the ids of those that go: notes what is left to be done about them."""
    itself: bool = True
    """Otherwise only the rows of `first` go."""
    every: timedelta = HOUR


def days(count: int) -> timedelta | None:
    """As in settings: 0 is for ever."""
    return timedelta(days=count) if count else None


# ── which rows ───────────────────────────────────────────────────────────────

_OVER = delivery.c.status.in_(("delivered", "discarded"))
_UNSENT = delivery.c.status.in_(("waiting", "queued"))
_GONE = exists().where(endpoint.c.id == delivery.c.endpoint_id, endpoint.c.deleted_at.is_not(None))
_UNDER_WAY = ("draft", "pending")
_ENDED = ("error", "success", "rejected")
"""Of operations on invoices."""


def _settled(before: int) -> Condition:
    """Or never to be sent: what waits for an endpoint that was deleted."""
    return or_(_OVER & (delivery.c.settled_at < before), _UNSENT & _GONE)


def _settled_with_attempts(before: int) -> Condition:
    kept = exists().where(attempt.c.delivery_id == delivery.c.id)
    return _OVER & (delivery.c.settled_at < before) & kept


def _attempts_apart(settings: Settings) -> timedelta | None:
    """Attempts go with their delivery at the latest; nothing is to be done when that is soon enough."""
    attempts, deliveries = days(settings.keep_attempts_days), days(settings.keep_deliveries_days)
    if attempts is None or (deliveries is not None and attempts >= deliveries):
        return None
    return attempts


def _told_and_over(_: int) -> Condition:
    """Its deliveries are gone, and its envelope will not be asked to tell of it again."""
    return ~exists().where(delivery.c.event_id == event.c.id) & ~_under_way(event.c.subject_id)


def _of_closed_envelopes(_: int) -> Condition:
    return or_(mail.c.envelope_id.is_(None), ~_under_way(mail.c.envelope_id))


def _under_way(envelope_id: Column[Any]) -> Condition:
    """However old: it may still be signed, and whoever looks at it wants the whole story."""
    return exists().where(envelope.c.id == envelope_id, envelope.c.status.in_(_UNDER_WAY))


def _ended(before: int) -> Condition:
    """Nobody came for longer than a session may be idle."""
    return or_(session.c.ended_at.is_not(None), session.c.seen_at < before)


def _of_deleted_endpoints(_: int) -> Condition:
    deleted = select(endpoint.c.id).where(endpoint.c.deleted_at.is_not(None))
    return token.c.endpoint_id.in_(deleted) & token.c.holder.is_(None)


def _of_no_sample(_: int) -> Condition:
    """Its type is tried on a sample for as long as somebody wants to."""
    return ~exists().where(extraction.c.id == extraction_page.c.extraction_id, extraction.c.sample)


def _closed_invoices(before: int) -> Condition:
    """Nothing of it is under way; told by its last change, such as a cancellation."""
    under_way = exists().where(operation.c.invoice_id == invoice.c.id, operation.c.status.not_in(_ENDED))
    return (invoice.c.updated_at < before) & ~under_way


def _leave_files(ids: Sequence[str]) -> Executable:
    return update(invoice_file).where(invoice_file.c.invoice_id.in_(ids)).values(doomed=True)


def _processed(_: int) -> Condition:
    return extraction.c.status.in_(("finished", "error")) & ~extraction.c.sample


# ── the rules, those first that others wait for ──────────────────────────────

RULES: tuple[Rule, ...] = (
    Rule(
        name="attempts",
        table=delivery,
        keep=_attempts_apart,
        order=(delivery.c.created_at, delivery.c.position, delivery.c.id),
        by_account=True,
        goes=_settled_with_attempts,
        first=(attempt.c.delivery_id,),
        itself=False,
        # it passes by every delivery that outlives its attempts
        every=DAY,
    ),
    Rule(
        name="deliveries",
        table=delivery,
        keep=lambda settings: days(settings.keep_deliveries_days),
        order=(delivery.c.created_at, delivery.c.position, delivery.c.id),
        by_account=True,
        goes=_settled,
        first=(attempt.c.delivery_id,),
    ),
    Rule(
        name="events",
        table=event,
        keep=lambda settings: days(settings.keep_events_days),
        order=(event.c.at, event.c.position, event.c.id),
        by_account=True,
        goes=_told_and_over,
    ),
    Rule(
        name="replays",
        table=replay,
        keep=lambda settings: days(settings.keep_deliveries_days),
        order=(replay.c.created_at, replay.c.id),
        by_account=True,
        goes=lambda _: replay.c.status != "running",
    ),
    Rule(
        name="mails",
        table=mail,
        keep=lambda settings: days(settings.keep_mails_days),
        order=(mail.c.at, mail.c.id),
        goes=_of_closed_envelopes,
    ),
    Rule(
        name="photos",
        table=photo,
        keep=lambda settings: days(settings.keep_photos_days),
        order=(photo.c.at, photo.c.id),
        goes=lambda _: ~_under_way(photo.c.envelope_id),
    ),
    Rule(
        name="extraction_pages",
        table=extraction_page,
        keep=lambda settings: days(settings.keep_inputs_days),
        order=(extraction_page.c.at, extraction_page.c.extraction_id, extraction_page.c.number),
        goes=_of_no_sample,
    ),
    Rule(
        name="extractions",
        table=extraction,
        keep=lambda settings: days(settings.keep_extractions_days),
        order=(extraction.c.created_at, extraction.c.id),
        by_account=True,
        goes=_processed,
        first=(extraction_page.c.extraction_id,),
    ),
    Rule(
        name="invoices",
        table=invoice,
        keep=lambda settings: days(settings.keep_invoices_days),
        order=(invoice.c.created_at, invoice.c.id),
        by_account=True,
        goes=_closed_invoices,
        leaves=_leave_files,
        first=(operation.c.invoice_id, exchange.c.invoice_id, asset.c.invoice_id),
        every=DAY,
    ),
    Rule(
        name="jobs",
        table=job,
        keep=lambda settings: days(settings.keep_jobs_days),
        order=(job.c.settled_at, job.c.id),
        goes=lambda _: job.c.status.in_((literal_column("'done'"), literal_column("'given_up'"))),
    ),
    Rule(
        name="answers",
        table=idempotency,
        keep=lambda settings: days(settings.keep_answers_days),
        order=(idempotency.c.created_at, idempotency.c.account_id, idempotency.c.key),
    ),
    Rule(
        name="hours",
        table=endpoint_hour,
        keep=lambda _: QUARTER,
        order=(endpoint_hour.c.endpoint_id, endpoint_hour.c.hour, endpoint_hour.c.worker),
        ageless=True,
        goes=lambda before: endpoint_hour.c.hour < before,
        every=DAY,
    ),
    # of these nobody needs more than to know that they are over
    Rule(
        name="sessions",
        table=session,
        keep=lambda _: DAY,
        order=(session.c.created_at, session.c.digest),
        goes=_ended,
    ),
    Rule(
        name="login_links",
        table=login_link,
        keep=lambda _: DAY,
        order=(login_link.c.expires_at, login_link.c.digest),
    ),
    Rule(
        name="access_tokens",
        table=token,
        keep=lambda _: timedelta(0),
        order=(token.c.endpoint_id,),
        ageless=True,
        goes=_of_deleted_endpoints,
        every=DAY,
    ),
)
