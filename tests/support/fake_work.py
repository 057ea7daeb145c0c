"""`services.Work` in memory: one transaction at a time, all or nothing, and copies in and out as from rows.

world = World(wordings={"plain": PlainWording()})
with world.open_work() as work: …
"""

from __future__ import annotations

import copy
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from lacre.accounts.account import Account
from lacre.accounts.answers import GivenAnswer
from lacre.kit.events import Event
from lacre.kit.ids import (
    AccountId,
    DocumentId,
    EndpointId,
    EnvelopeId,
    EventId,
    FolderId,
    GroupId,
    JobId,
    PhotoId,
    SignerId,
    new_uuid,
)
from lacre.kit.jobs import HeldJob, HoldLost, Job, Share
from lacre.kit.json import Json, JsonObject
from lacre.kit.refusal import NotFound
from lacre.processing.repositories import DocumentTypes, Extractions
from lacre.signing.audit import AuditEntry, after
from lacre.signing.code import PendingCode
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.evidence import Identification
from lacre.signing.folder import id_of
from lacre.signing.repositories import EnvelopeFilter, EnvelopePage, KeptMail, KeptPhoto, Templates
from lacre.signing.snapshot import freeze, thaw
from lacre.webhooks.wording import Wording
from tests.support.fake_replays import FakeReplays
from tests.support.fake_webhooks import (
    FakeAccessTokens,
    FakeDeliveries,
    FakeEndpoints,
    FakeEvents,
    FakeFeed,
    FakeHealthRecords,
    FakeHours,
    WebhookRows,
)


@dataclass
class JobRow:
    id: JobId
    kind: str
    key: str
    payload: Mapping[str, Json]
    due_at: datetime
    status: str = "waiting"
    attempts: int = 0
    holder: str = ""
    problem: str = ""

    @property
    def fingerprint(self) -> tuple[str, str, Mapping[str, Json]]:
        return self.kind, self.key, self.payload


@dataclass
class Rows(WebhookRows):
    """What a database would hold."""

    accounts: dict[AccountId, Account] = field(default_factory=dict)
    answers: dict[tuple[str, str], GivenAnswer] = field(default_factory=dict)
    envelopes: dict[EnvelopeId, JsonObject] = field(default_factory=dict)
    numbers: dict[AccountId, int] = field(default_factory=dict)
    folders: dict[tuple[AccountId, FolderId], str] = field(default_factory=dict)
    audit: dict[EnvelopeId, list[AuditEntry]] = field(default_factory=dict)
    codes: dict[SignerId, list[PendingCode]] = field(default_factory=dict)
    codes_sent: dict[SignerId, list[datetime]] = field(default_factory=dict)
    mails: list[KeptMail] = field(default_factory=list)
    photos: dict[PhotoId, KeptPhoto] = field(default_factory=dict)
    jobs: list[JobRow] = field(default_factory=list)


class World:
    """The whole database; `open_work` is what services offer."""

    def __init__(
        self,
        *,
        wordings: Mapping[str, Wording] | None = None,
        signer_token: Callable[[SignerId, int], str] = lambda signer, generation: f"{signer}.{generation}",
        day: timedelta = timedelta(days=1),
    ) -> None:
        self.rows = Rows()
        self.wordings = dict(wordings or {})
        self.signer_token, self.day = signer_token, day
        self.breaks: list[Exception] = []
        """Raised instead of committing, one a transaction."""
        self.draft = self.rows
        """What the open transaction would leave behind."""
        self.before_commit: Callable[[], None] = lambda: None
        self._turn = threading.Lock()

    @contextmanager
    def open_work(self) -> Iterator[FakeWork]:
        with self._turn:
            self.draft = copy.deepcopy(self.rows)
            yield FakeWork(self, self.draft)
            if self.breaks:
                raise self.breaks.pop(0)
            self.before_commit()
            self.rows = self.draft


class FakeWork:
    def __init__(self, world: World, rows: Rows) -> None:
        self._world, self._rows = world, rows
        self.day = world.day
        self.accounts = FakeAccounts(rows)
        self.groups = FakeGroups()
        self.envelopes = FakeEnvelopes(world, rows)
        self.folders = FakeFolders(rows)
        # they are tried on real databases
        self.templates = cast("Templates", None)
        self.extractions = cast("Extractions", None)
        self.document_types = cast("DocumentTypes", None)
        self.audit = FakeAudit(rows)
        self.codes = FakeCodes(rows)
        self.mails = FakeMails(rows)
        self.photos = FakePhotos(rows)
        self.jobs = self.queue = FakeJobs(rows)
        self.workers = FakeWorkers()
        self.endpoints = FakeEndpoints(rows)
        self.deliveries = FakeDeliveries(rows)
        self.events = FakeEvents(rows)
        self.feed = FakeFeed(rows)
        self.health, self.hours = FakeHealthRecords(rows), FakeHours()
        self.access_tokens = FakeAccessTokens(rows)
        self.replays = FakeReplays(rows, self.deliveries)
        self.answers = FakeAnswers(rows)

    def announce(self, event: Event) -> EventId:
        event_id = EventId(new_uuid())
        self._rows.events[event_id] = event
        for endpoint in self.endpoints.of_account(event.account_id):
            if self._world.wordings[endpoint.dialect].listens(endpoint, event):
                self.deliveries.add(event_id, endpoint, now=event.at, replay_of=None)
        return event_id


class FakeAccounts:
    """Every account is there, and in good standing unless it was put otherwise."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, account_id: AccountId) -> Account:
        usual = Account(id=account_id, name=account_id, created_at=datetime(2026, 1, 1, tzinfo=UTC))
        return self._rows.accounts.get(account_id, usual)


class FakeGroups:
    """Nobody is in one."""

    def of_person(self, account_id: AccountId, email: str) -> Sequence[GroupId]:  # noqa: ARG002
        return ()


class FakeEnvelopes:
    def __init__(self, world: World, rows: Rows) -> None:
        self._world, self._rows = world, rows

    def add(self, envelope: Envelope) -> None:
        self._rows.envelopes[envelope.id] = freeze(envelope)

    def save(self, envelope: Envelope) -> None:
        self._rows.envelopes[envelope.id] = freeze(envelope)

    def next_number(self, account_id: AccountId) -> int:
        self._rows.numbers[account_id] = number = self._rows.numbers.get(account_id, 0) + 1
        return number

    def get(self, account_id: AccountId, envelope_id: EnvelopeId) -> Envelope:
        return self._first(lambda one: (one.account_id, one.id) == (account_id, envelope_id))

    def by_document(self, account_id: AccountId, document_id: DocumentId) -> Envelope:
        return self._first(lambda one: one.account_id == account_id and _has_document(one, document_id))

    def by_signer(self, account_id: AccountId, signer_id: SignerId) -> Envelope:
        return self._first(
            lambda one: one.account_id == account_id and signer_id in {signer.id for signer in one.signers}
        )

    def of_signer(self, signer_id: SignerId) -> Envelope:
        return self._first(lambda one: signer_id in {signer.id for signer in one.signers})

    def by_link(self, link: str) -> tuple[Envelope, SignerId]:
        for envelope in self._all():
            for signer in envelope.signers:
                if self._world.signer_token(signer.id, signer.link_generation) == link:
                    return envelope, signer.id
        raise NotFound("signer")

    def for_job(self, envelope_id: EnvelopeId) -> Envelope:
        return self._first(lambda one: one.id == envelope_id)

    def by_file_link(self, document_id: DocumentId) -> Envelope:
        return self._first(lambda one: _has_document(one, document_id))

    def for_check(self, envelope_id: EnvelopeId) -> Envelope:
        return self.for_job(envelope_id)

    def find(
        self,
        account_id: AccountId,
        which: EnvelopeFilter,
        *,
        offset: int,
        limit: int,
        newest_first: bool = True,
    ) -> EnvelopePage:
        found = self._meant(account_id, which, newest_first=newest_first)
        return EnvelopePage(items=tuple(found[offset : offset + limit]), total=len(found))

    def listed(
        self,
        account_id: AccountId,
        which: EnvelopeFilter,
        *,
        offset: int = 0,
        limit: int,
        newest_first: bool = True,
    ) -> Sequence[Envelope]:
        return self._meant(account_id, which, newest_first=newest_first)[offset : offset + limit]

    def totals(self, account_id: AccountId, which: EnvelopeFilter) -> Mapping[EnvelopeStatus, int]:
        return Counter(one.status for one in self._meant(account_id, which, newest_first=True))

    def _meant(self, account_id: AccountId, which: EnvelopeFilter, *, newest_first: bool) -> list[Envelope]:
        found = [one for one in self._all() if one.account_id == account_id and _is_meant(one, which)]
        return sorted(found, key=lambda one: (one.created_at, one.number), reverse=newest_first)

    def _first(self, meant: Callable[[Envelope], bool]) -> Envelope:
        for envelope in self._all():
            if meant(envelope):
                return envelope
        raise NotFound("envelope")

    def _all(self) -> list[Envelope]:
        return [thaw(frozen) for frozen in self._rows.envelopes.values()]


class FakeFolders:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def keep(self, account_id: AccountId, path: str) -> None:
        folder_id = id_of(account_id, path)
        if folder_id is not None:
            self._rows.folders[account_id, folder_id] = path

    def path(self, account_id: AccountId, folder_id: FolderId) -> str:
        if (account_id, folder_id) not in self._rows.folders:
            raise NotFound("folder")
        return self._rows.folders[account_id, folder_id]

    def paths(self, account_id: AccountId) -> Sequence[str]:
        return sorted(path for (owner, _), path in self._rows.folders.items() if owner == account_id)


class FakeAudit:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def append(
        self, envelope_id: EnvelopeId, *, at: datetime, actor: str, what: str, detail: JsonObject
    ) -> None:
        chain = self._rows.audit.setdefault(envelope_id, [])
        chain.append(after(chain[-1] if chain else None, at=at, actor=actor, what=what, detail=detail))

    def entries(self, envelope_id: EnvelopeId) -> Sequence[tuple[AuditEntry, str]]:
        return [(entry, entry.hash) for entry in self._rows.audit.get(envelope_id, [])]

    def signed_by(
        self, account_id: AccountId, means: Identification, since: datetime, until: datetime
    ) -> int:
        raise AssertionError(f"nothing pure counts acts: {account_id, means, since, until}")


class FakeCodes:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def put(self, signer_id: SignerId, code: PendingCode) -> None:
        kept = self._rows.codes.setdefault(signer_id, [])
        if kept and kept[-1].salt == code.salt:
            kept[-1] = code
        else:
            kept.append(code)

    def get(self, signer_id: SignerId) -> PendingCode | None:
        return next(reversed(self._rows.codes.get(signer_id, [])), None)

    def sent_since(self, signer_id: SignerId, since: datetime) -> int:
        return sum(code.expires_at > since for code in self._rows.codes.get(signer_id, []))


class FakePhotos:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def keep(self, photo: KeptPhoto) -> None:
        self._rows.photos[photo.id] = photo

    def forget(self, photo_id: PhotoId) -> None:
        del self._rows.photos[photo_id]

    def by_link(self, photo_id: PhotoId) -> bytes:
        if photo_id not in self._rows.photos:
            raise NotFound("photo")
        return self._rows.photos[photo_id].jpeg


class FakeMails:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def keep(self, mail: KeptMail) -> None:
        self._rows.mails.append(mail)

    def of_envelope(self, account_id: AccountId, envelope_id: EnvelopeId) -> Sequence[KeptMail]:
        return [
            mail
            for mail in self._rows.mails
            if (mail.account_id, mail.envelope_id) == (account_id, envelope_id)
        ]

    def of_endpoint(self, account_id: AccountId, endpoint_id: EndpointId) -> Sequence[KeptMail]:
        return [
            mail
            for mail in self._rows.mails
            if (mail.account_id, mail.endpoint_id) == (account_id, endpoint_id)
        ]

    def sent_between(self, account_id: AccountId, since: datetime, until: datetime) -> Mapping[str, int]:
        return Counter[str](
            mail.channel
            for mail in self._rows.mails
            if mail.account_id == account_id and mail.outcome == "sent" and since <= mail.at < until
        )


class FakeJobs:
    """Asked for by `work.jobs`, done by `work.queue`."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, job: Job) -> None:
        fingerprint = (job.kind, job.key, job.payload)
        for row in self._rows.jobs:
            if row.status == "waiting" and row.fingerprint == fingerprint:
                row.due_at = min(row.due_at, job.due_at)
                return
        self._rows.jobs.append(JobRow(JobId(new_uuid()), job.kind, job.key, job.payload, job.due_at))

    def claim(
        self,
        worker_id: str,
        *,
        now: datetime,
        limit: int,
        kinds: Sequence[str] = (),
        share: Share | None = None,  # noqa: ARG002
    ) -> Sequence[HeldJob]:
        claimed: list[HeldJob] = []
        for row in sorted(self._rows.jobs, key=lambda one: one.due_at):
            due = row.status == "waiting" and row.due_at <= now and (not kinds or row.kind in kinds)
            if due and len(claimed) < limit and not self._busy(row):
                row.status, row.holder, row.attempts = "held", worker_id, row.attempts + 1
                claimed.append(HeldJob(**_named(row, "id", "kind", "key", "payload", "attempts")))
        return claimed

    def finish(self, worker_id: str, job_id: JobId, *, now: datetime) -> None:  # noqa: ARG002
        self._settle(worker_id, job_id, "done", "")

    def retry(self, worker_id: str, job_id: JobId, *, due_at: datetime, problem: str) -> None:
        self._settle(worker_id, job_id, "waiting", problem).due_at = due_at

    def give_up(self, worker_id: str, job_id: JobId, *, now: datetime, problem: str) -> None:  # noqa: ARG002
        self._settle(worker_id, job_id, "given_up", problem)

    def release(self, worker_id: str, job_id: JobId) -> None:
        self._settle(worker_id, job_id, "waiting", "").attempts -= 1

    def _busy(self, row: JobRow) -> bool:
        same = [one for one in self._rows.jobs if (one.kind, one.key) == (row.kind, row.key)]
        return any(one.status == "held" for one in same)

    def _settle(self, worker_id: str, job_id: JobId, status: str, problem: str) -> JobRow:
        for row in self._rows.jobs:
            if row.id == job_id and row.status == "held" and row.holder == worker_id:
                row.status, row.holder, row.problem = status, "", problem
                return row
        raise HoldLost


class FakeWorkers:
    """Nobody dies in memory."""

    def gone(self, *, now: datetime) -> Sequence[str]:  # noqa: ARG002
        return ()


class FakeAnswers:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, account_id: str, key: str) -> GivenAnswer | None:
        return self._rows.answers.get((account_id, key))

    def keep(self, account_id: str, key: str, answer: GivenAnswer, *, now: datetime) -> None:  # noqa: ARG002
        self._rows.answers[account_id, key] = answer


def _named(row: object, *names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _has_document(envelope: Envelope, document_id: DocumentId) -> bool:
    return document_id in {document.id for document in envelope.documents}


def _is_meant(envelope: Envelope, which: EnvelopeFilter) -> bool:
    return (
        (not which.statuses or envelope.status in which.statuses)
        and (which.deleted is None or which.deleted == (envelope.deleted_at is not None))
        and which.text.casefold() in envelope.title.casefold()
        and (not which.folder or which.folder == envelope.options.folder)
        and (not which.external_id or which.external_id == envelope.options.external_id)
    )
