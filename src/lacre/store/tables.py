"""Every table, once: the same on SQLite and PostgreSQL.

Aggregates are kept whole as JSON (`state`), beside the columns that they are searched and joined by.
Instants are UTC microseconds since 1970 as integers: one form on both databases, exact, and quick to compare.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from lacre.store import (
    account_tables,
    fiscal_tables,
    passage_tables,
    photo_tables,
    processing_tables,
    schema,
    template_tables,
)
from lacre.store.schema import BODIES, QUEUE, QUEUE_INDEX, only
from lacre.store.schema import account_column as _account
from lacre.store.schema import id_column as _id
from lacre.store.schema import instant_column as _instant

metadata = schema.metadata
template = template_tables.template
assert account_tables.account.metadata is metadata  # noqa: S101 - what the others refer to
photo = photo_tables.photo
extraction, extraction_page = processing_tables.extraction, processing_tables.extraction_page
invoice = fiscal_tables.invoice
passage = passage_tables.passage

# ── signing ──────────────────────────────────────────────────────────────────

envelope = Table(
    "envelope",
    metadata,
    _id(),
    _account(),
    Column("number", Integer, nullable=False),
    Column("status", String(20), nullable=False),
    Column("title", Text, nullable=False),
    Column("search", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("external_id", Text, nullable=False),
    _instant("created_at"),
    _instant("updated_at"),
    _instant("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
    UniqueConstraint("account_id", "number"),
)
_LISTED = (envelope.c.created_at, envelope.c.number)
Index("ix_envelope_list", envelope.c.account_id, *_LISTED)
# whoever counts, or lists those of one status, reads this and not the envelopes
Index("ix_envelope_status", envelope.c.account_id, envelope.c.deleted_at, envelope.c.status, *_LISTED)
Index("ix_envelope_external", envelope.c.account_id, envelope.c.external_id, **only("external_id <> ''"))

folder = Table("folder", metadata, _id(), _account(), Column("path", Text, nullable=False))

document = Table(
    "document",
    metadata,
    _id(),
    Column("envelope_id", String(36), ForeignKey("envelope.id"), nullable=False, index=True),
    _account(),
    Column("original", String(64), nullable=False, index=True),
    Column("sealed", String(64), nullable=True, index=True),
)

signer = Table(
    "signer",
    metadata,
    _id(),
    Column("envelope_id", String(36), ForeignKey("envelope.id"), nullable=False, index=True),
    _account(),
    Column("email", String(320), nullable=False, index=True),
    # none once they are removed: the row stays, the link is dead
    Column("link_digest", String(64), nullable=True, unique=True),
)

audit = Table(
    "audit",
    metadata,
    Column("envelope_id", String(36), ForeignKey("envelope.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    _instant("at"),
    Column("actor", Text, nullable=False),
    Column("what", String(64), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

code = Table(
    "code",
    metadata,
    Column("signer_id", String(36), ForeignKey("signer.id"), primary_key=True),
    Column("state", JSON, nullable=False),
    Column("sent", JSON, nullable=False),
)

mail = Table(
    "mail",
    metadata,
    _id(),
    _account(),
    Column("envelope_id", String(36), ForeignKey("envelope.id"), nullable=True, index=True),
    Column("signer_id", String(36), nullable=True),
    Column("endpoint_id", String(36), nullable=True, index=True),
    Column("recipient", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sealed_body", LargeBinary, nullable=False),
    Column("kind", String(20), nullable=False),
    _instant("at"),
    Column("outcome", String(10), nullable=False),
    Column("detail", Text, nullable=False),
)
Index("ix_mail_at", mail.c.at, mail.c.id)

# ── events, deliveries ───────────────────────────────────────────────────────

event = Table(
    "event",
    metadata,
    _id(),
    _account(),
    Column("type", String(64), nullable=False),
    Column("subject_id", String(36), nullable=False),
    _instant("at"),
    # within its transaction, whose events share their instant
    Column("position", SmallInteger, nullable=False, server_default="0"),
    # of its transaction among all: who reads in this order misses nothing that is committed late
    Column("place", BigInteger, nullable=False),
    Column("facts", JSON, nullable=False),
)
Index("ix_event_list", event.c.account_id, event.c.at, event.c.position)
Index("ix_event_type", event.c.account_id, event.c.type, event.c.at, event.c.position)
Index("ix_event_feed", event.c.account_id, event.c.place, event.c.position)
Index("ix_event_subject", event.c.subject_id, event.c.at, event.c.position)

endpoint = Table(
    "endpoint",
    metadata,
    _id(),
    _account(),
    Column("number", Integer, nullable=False, unique=True),
    Column("dialect", String(20), nullable=False),
    Column("url", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("subject_id", String(36), nullable=True),
    Column("rate", String(16), nullable=True),
    _instant("created_at"),
    _instant("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
    Column("sealed_secrets", LargeBinary, nullable=False),
)
Index("ix_endpoint_account", endpoint.c.account_id, endpoint.c.deleted_at)

_PACED = Column("endpoint_id", String(36), ForeignKey("endpoint.id"), primary_key=True)
_AT_RATE = Column("rate", String(16), nullable=False)
pace = Table("endpoint_pace", metadata, _PACED, _AT_RATE, _instant("booked_until"), _instant("free_at"))

token = Table(
    "token",
    metadata,
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=True),
    # the worker that asks for a new one, and since when
    Column("holder", String(64), nullable=True),
    _instant("asked_at", nullable=True),
)

endpoint_health = Table(
    "endpoint_health",
    metadata,
    # a row only while it is not well
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), primary_key=True),
    _instant("rest_until", nullable=True),
    Column("state", JSON, nullable=False),
)
Index("ix_endpoint_health_rest", endpoint_health.c.rest_until)

endpoint_hour = Table(
    "endpoint_hour",
    metadata,
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), primary_key=True),
    Column("hour", BigInteger, primary_key=True),
    Column("worker", String(64), primary_key=True),
    Column("delivered", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("milliseconds", BigInteger, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    _id(),
    _account(),
    Column("event_id", String(36), ForeignKey("event.id"), nullable=False),
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), nullable=False),
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # 1 once an attempt failed: new deliveries go before those
    Column("retry", SmallInteger, nullable=False, server_default="0"),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("replay_of", String(36), nullable=True),
    # the replay that made it
    Column("replay_id", String(36), nullable=True),
    Column("lane", String(80), nullable=True),
    Column("place", BigInteger, nullable=True),
    _instant("created_at"),
    _instant("due_at"),
    Column("holder", String(64), nullable=True),
    _instant("settled_at", nullable=True),
    Column("last_status_code", Integer, nullable=True),
    Column("last_reason", String(40), nullable=False, server_default=""),
    # of the attempts, those that count no more
    Column("forgiven", Integer, nullable=False, server_default="0"),
    postgresql_with=QUEUE,
)
_WAITING, _HELD = only("status = 'waiting'"), only("status = 'held'")
_DUE = (delivery.c.retry, delivery.c.endpoint_id, delivery.c.due_at, delivery.c.position)
Index("ix_delivery_due", *_DUE, **_WAITING)
Index(
    "ix_delivery_again", delivery.c.due_at, delivery.c.endpoint_id, **only("status = 'waiting' AND retry = 1")
)
Index("ix_delivery_held", delivery.c.account_id, delivery.c.endpoint_id, delivery.c.holder, **_HELD)
Index("ix_delivery_discarded", delivery.c.endpoint_id, delivery.c.created_at, **only("status = 'discarded'"))
Index("ix_delivery_replay", delivery.c.replay_id, delivery.c.status, **only("replay_id IS NOT NULL"))
Index("ix_delivery_lane", delivery.c.lane, delivery.c.place, **only("lane IS NOT NULL"))
Index("ix_delivery_leaving", delivery.c.lane, **only("lane IS NOT NULL AND settled_at IS NOT NULL"))
Index("ix_delivery_queued", delivery.c.endpoint_id, **only("status = 'queued'"))
_PLACE = (delivery.c.created_at, delivery.c.position, delivery.c.id)
Index("ix_delivery_list", delivery.c.account_id, *_PLACE, postgresql_with=QUEUE_INDEX)
Index("ix_delivery_event_id", delivery.c.event_id, postgresql_with=QUEUE_INDEX)
# of rows that change no more: written once, and not at every change
_NEVER_ARRIVED, _ARRIVED = only("status = 'discarded'"), only("status = 'delivered'")
Index("ix_delivery_given_up", delivery.c.account_id, delivery.c.status, *_PLACE, **_NEVER_ARRIVED)
Index("ix_delivery_arrived", delivery.c.account_id, delivery.c.endpoint_id, *_PLACE, **_ARRIVED)

attempt = Table(
    "attempt",
    metadata,
    # no foreign key: who writes one has just changed its delivery, and who removes that removes them first
    Column("delivery_id", String(36), primary_key=True),
    Column("number", Integer, primary_key=True),
    _instant("at"),
    Column("milliseconds", Integer, nullable=False),
    Column("ok", Boolean, nullable=False),
    Column("status_code", Integer, nullable=True),
    Column("reason", String(40), nullable=False),
    Column("detail", JSON, nullable=False),
    Column("request_digest", String(64), nullable=False),
    # encrypted: what was sent may hold signing links
    Column("sealed_bodies", LargeBinary, nullable=False),
    postgresql_with=BODIES,
)

replay = Table(
    "replay",
    metadata,
    _id(),
    _account(),
    # of what was asked
    Column("fingerprint", String(64), nullable=False),
    Column("wanted", JSON, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("status", String(10), nullable=False),
    Column("total", Integer, nullable=True),
    Column("events", Integer, nullable=False),
    Column("deliveries", Integer, nullable=False),
    Column("hurried", Integer, nullable=False),
    # the place of the event that was looked at last: it may be gone by the next page
    _instant("last_at", nullable=True),
    Column("last_position", SmallInteger, nullable=True),
    Column("last_id", String(36), nullable=True),
    _instant("created_at"),
    _instant("finished_at", nullable=True),
)
Index("ix_replay_list", replay.c.account_id, replay.c.created_at, replay.c.id)
# the database itself sees to it that the same, asked twice, does not run twice
Index("ix_replay_same", replay.c.account_id, replay.c.fingerprint, unique=True, **only("status = 'running'"))

# ── work ─────────────────────────────────────────────────────────────────────

worker = Table(
    "worker",
    metadata,
    Column("id", String(64), primary_key=True),
    _instant("started_at"),
    _instant("seen_at"),
    Column("name", Text, nullable=False),
)

job = Table(
    "job",
    metadata,
    _id(),
    Column("kind", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    # none: the installation's own, or older than the column
    Column("account_id", String(36), nullable=True),
    # of kind, key and payload: what makes two jobs the same
    Column("fingerprint", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    _instant("created_at"),
    _instant("due_at"),
    Column("holder", String(64), nullable=True),
    Column("problem", Text, nullable=False, server_default=""),
    _instant("settled_at", nullable=True),
    postgresql_with=QUEUE,
)
Index("ix_job_due", job.c.due_at, job.c.id, **_WAITING)
Index("ix_job_kind", job.c.kind, job.c.due_at, job.c.id, **_WAITING)
Index("ix_job_key", job.c.key, job.c.kind, job.c.due_at, **_WAITING)
# from one account to the next, and to the first that is due of each; not for who looks for a kind and key
_OWNED = only("status = 'waiting' AND account_id IS NOT NULL")
Index("ix_job_account", job.c.kind, job.c.account_id, job.c.due_at, job.c.id, **_OWNED)
Index("ix_job_same", job.c.fingerprint, **_WAITING)
# the database itself sees to it that of one kind and key never two run at once
Index("ix_job_held", job.c.kind, job.c.key, unique=True, **_HELD)
Index("ix_job_given_up", job.c.id, **only("status = 'given_up'"))
Index("ix_job_settled", job.c.settled_at, job.c.id)

sweep = Table(
    "sweep",
    metadata,
    Column("rule", String(40), primary_key=True),
    # what is older than its rule keeps it at this instant goes
    _instant("begun_at"),
    # where the next step begins; none when it is over
    Column("place", JSON(none_as_null=True), nullable=True),
    _instant("complete_at", nullable=True),
    Column("removed", BigInteger, nullable=False),
)

_NAME = Column("name", String(40), primary_key=True)
counter = Table("counter", metadata, _NAME, Column("value", Integer, nullable=False))
