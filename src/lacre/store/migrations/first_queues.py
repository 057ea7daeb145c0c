"""Events, deliveries and jobs as the first step makes their tables: never changed once released."""

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
    text,
)

from lacre.store.migrations.first_tables import (
    LOG,
    QUEUE,
    account_column,
    id_column,
    instant_column,
    metadata,
    only,
)

event = Table(
    "event",
    metadata,
    id_column(),
    account_column(),
    Column("type", String(64), nullable=False),
    Column("subject_id", String(36), nullable=False),
    instant_column("at"),
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
    id_column(),
    account_column(),
    Column("number", Integer, nullable=False, unique=True),
    Column("dialect", String(20), nullable=False),
    Column("url", Text, nullable=False),
    Column("status", String(12), nullable=False),
    Column("subject_id", String(36), nullable=True),
    Column("rate", String(16), nullable=True),
    instant_column("created_at"),
    instant_column("deleted_at", nullable=True),
    Column("state", JSON, nullable=False),
    Column("sealed_secrets", LargeBinary, nullable=False),
)
Index("ix_endpoint_account", endpoint.c.account_id, endpoint.c.deleted_at)

# what the attempts of an endpoint with a limit fill; of another limit than today's it says nothing
pace = Table(
    "endpoint_pace",
    metadata,
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), primary_key=True),
    Column("rate", String(16), nullable=False),
    instant_column("booked_until"),
    instant_column("free_at"),
)

token = Table(
    "token",
    metadata,
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=True),
    # the worker that asks for a new one, and since when
    Column("holder", String(64), nullable=True),
    instant_column("asked_at", nullable=True),
)

endpoint_health = Table(
    "endpoint_health",
    metadata,
    # a row only while it is not well
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), primary_key=True),
    instant_column("rest_until", nullable=True),
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
    id_column(),
    account_column(),
    Column("event_id", String(36), ForeignKey("event.id"), nullable=False, index=True),
    Column("endpoint_id", String(36), ForeignKey("endpoint.id"), nullable=False),
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # 1 once an attempt failed: new deliveries go before those
    Column("retry", SmallInteger, nullable=False, server_default="0"),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("replay_of", String(36), nullable=True),
    # the replay that made it
    Column("replay_id", String(36), nullable=True),
    # of an ordered endpoint, and only until it is settled
    Column("lane", String(80), nullable=True),
    Column("place", BigInteger, nullable=True),
    instant_column("created_at"),
    instant_column("due_at"),
    Column("holder", String(64), nullable=True),
    instant_column("settled_at", nullable=True),
    Column("last_status_code", Integer, nullable=True),
    Column("last_reason", String(40), nullable=False, server_default=""),
    postgresql_with=QUEUE,
)
_WAITING = only("status = 'waiting'")
_HELD = only("status = 'held'")
_QUEUED = only("status = 'queued'")
_IN_LANE = only("lane IS NOT NULL")
Index(
    "ix_delivery_due",
    delivery.c.endpoint_id,
    delivery.c.retry,
    delivery.c.due_at,
    delivery.c.position,
    **_WAITING,
)
_DISCARDED = text("status = 'discarded'")
Index(
    "ix_delivery_discarded",
    delivery.c.endpoint_id,
    delivery.c.created_at,
    sqlite_where=_DISCARDED,
    postgresql_where=_DISCARDED,
)
_REPLAYED = text("replay_id IS NOT NULL")
Index(
    "ix_delivery_replay",
    delivery.c.replay_id,
    delivery.c.status,
    sqlite_where=_REPLAYED,
    postgresql_where=_REPLAYED,
)
Index("ix_delivery_held", delivery.c.account_id, delivery.c.endpoint_id, delivery.c.holder, **_HELD)
Index("ix_delivery_lane", delivery.c.lane, delivery.c.place, **_IN_LANE)
Index("ix_delivery_leaving", delivery.c.lane, **only("lane IS NOT NULL AND settled_at IS NOT NULL"))
Index("ix_delivery_queued", delivery.c.endpoint_id, **_QUEUED)
Index("ix_delivery_list", delivery.c.account_id, delivery.c.created_at, delivery.c.position, delivery.c.id)
_DELIVERED = text("status = 'delivered'")
# of rows that change no more: written once, and not at every change
Index(
    "ix_delivery_given_up",
    delivery.c.account_id,
    delivery.c.status,
    delivery.c.created_at,
    delivery.c.position,
    delivery.c.id,
    sqlite_where=_DISCARDED,
    postgresql_where=_DISCARDED,
)
Index(
    "ix_delivery_arrived",
    delivery.c.account_id,
    delivery.c.endpoint_id,
    delivery.c.created_at,
    delivery.c.position,
    delivery.c.id,
    sqlite_where=_DELIVERED,
    postgresql_where=_DELIVERED,
)

BODIES = {**LOG, "toast_tuple_target": 8160}
attempt = Table(
    "attempt",
    metadata,
    Column("delivery_id", String(36), ForeignKey("delivery.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    instant_column("at"),
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
    id_column(),
    account_column(),
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
    instant_column("last_at", nullable=True),
    Column("last_position", SmallInteger, nullable=True),
    Column("last_id", String(36), nullable=True),
    instant_column("created_at"),
    instant_column("finished_at", nullable=True),
)
_RUNNING = text("status = 'running'")
Index("ix_replay_list", replay.c.account_id, replay.c.created_at, replay.c.id)
# the database itself sees to it that the same, asked twice, does not run twice
Index(
    "ix_replay_same",
    replay.c.account_id,
    replay.c.fingerprint,
    unique=True,
    sqlite_where=_RUNNING,
    postgresql_where=_RUNNING,
)

# ── work ─────────────────────────────────────────────────────────────────────

worker = Table(
    "worker",
    metadata,
    Column("id", String(64), primary_key=True),
    instant_column("started_at"),
    instant_column("seen_at"),
    Column("name", Text, nullable=False),
)

job = Table(
    "job",
    metadata,
    id_column(),
    Column("kind", String(40), nullable=False),
    Column("key", String(64), nullable=False),
    # of kind, key and payload: what makes two jobs the same
    Column("fingerprint", String(64), nullable=False),
    Column("payload", JSON, nullable=False),
    Column("status", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    instant_column("created_at"),
    instant_column("due_at"),
    Column("holder", String(64), nullable=True),
    Column("problem", Text, nullable=False, server_default=""),
    instant_column("settled_at", nullable=True),
    postgresql_with=QUEUE,
)
Index("ix_job_due", job.c.due_at, job.c.id, **_WAITING)
Index("ix_job_key", job.c.kind, job.c.key, job.c.due_at, **_WAITING)
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
    instant_column("begun_at"),
    # where the next step begins; none when it is over
    Column("place", JSON(none_as_null=True), nullable=True),
    instant_column("complete_at", nullable=True),
    Column("removed", BigInteger, nullable=False),
)

counter = Table(
    "counter",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", Integer, nullable=False),
)
