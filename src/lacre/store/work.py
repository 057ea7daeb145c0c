"""One transaction over every business: its repositories and its outbox; leaving it cleanly commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lacre.documents.links import Links
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, EventId
from lacre.settings import Settings
from lacre.store.access_tokens import SqlAccessTokens
from lacre.store.accounts import SqlAccounts, SqlAnswers
from lacre.store.census import SqlCensus
from lacre.store.deliveries import SqlDeliveries
from lacre.store.document_types import SqlDocumentTypes
from lacre.store.endpoints import Listens, Read, SqlEndpoints, SqlEvents
from lacre.store.envelopes import SqlEnvelopes
from lacre.store.evidence import SqlAuditLog, SqlCodes, SqlMails
from lacre.store.extractions import SqlExtractions
from lacre.store.failures import SqlFailures
from lacre.store.feed import SqlFeed
from lacre.store.fiscal import SqlBooks
from lacre.store.folders import SqlFolders
from lacre.store.groups import SqlGroups
from lacre.store.health import SqlHealthRecords
from lacre.store.hours import SqlHours
from lacre.store.jobs import SqlJobs
from lacre.store.judging import Judge
from lacre.store.keys import Keys
from lacre.store.lanes import SqlLanes
from lacre.store.passages import SqlPassages
from lacre.store.photos import SqlPhotos
from lacre.store.replays import SqlReplays
from lacre.store.retention import SqlRetention
from lacre.store.templates import SqlTemplates
from lacre.store.transaction import Transaction
from lacre.store.turns import Turns
from lacre.store.workers import LifeLine, Silences, SqlWorkers


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What every unit of work shares."""

    keys: Keys
    links: Links
    listens: Listens
    clock: Callable[[], datetime]
    day: timedelta
    turns: Turns
    life_line: LifeLine
    silences: Silences
    read: Read
    place_base: int


class SqlWork:
    def __init__(self, transaction: Transaction, around: Surroundings) -> None:
        self._transaction, self._around = transaction, around
        self.announced: list[str] = []
        """Types of the events, to be told of once they are committed."""
        self.told: set[AccountId] = set()
        """Whose events were announced."""
        self.day = around.day
        self.envelopes = SqlEnvelopes(transaction, around.keys, around.links)
        self.folders, self.groups = SqlFolders(transaction), SqlGroups(transaction)
        self.templates = SqlTemplates(transaction)
        self.audit = SqlAuditLog(transaction)
        self.codes = SqlCodes(transaction)
        self.mails = SqlMails(transaction, around.keys)
        self.photos = SqlPhotos(transaction, around.keys)
        self.extractions = SqlExtractions(transaction, around.keys, around.clock)
        self.document_types = SqlDocumentTypes(transaction, around.clock)
        self.books = SqlBooks(transaction, around.keys)
        self.accounts, self.failures = SqlAccounts(transaction), SqlFailures(transaction)
        self.answers = SqlAnswers(transaction, around.keys)
        self.endpoints = SqlEndpoints(transaction, around.keys, around.read)
        self.events = SqlEvents(transaction, around.place_base)
        self.feed = SqlFeed(transaction, around.place_base)
        self.access_tokens = SqlAccessTokens(transaction, around.keys)
        self._lanes = SqlLanes(transaction, around.turns)
        self.replays = SqlReplays(transaction, self._lanes)
        self.jobs = self.queue = SqlJobs(transaction, around.clock, around.turns)
        self.health, self.hours = SqlHealthRecords(transaction), SqlHours(transaction)
        judge = Judge(
            transaction,
            self.endpoints,
            self._lanes,
            announce=self.announce,
            jobs=self.jobs,
            clock=around.clock,
            scale=timedelta(days=1) / around.day,
        )
        self.deliveries = SqlDeliveries(
            transaction, around.keys, self.endpoints, self._lanes, around.turns, judge
        )
        self.workers = SqlWorkers(transaction, around.life_line, around.silences)
        self.census, self.passages = SqlCensus(transaction), SqlPassages(transaction)

    @property
    def wants_a_worker(self) -> bool:
        """Whether there may be something to do once this is committed."""
        return bool(self.announced) or self.jobs.asked

    def retention(self, settings: Settings) -> SqlRetention:
        return SqlRetention(self._transaction, settings)

    def announce(self, event: Event) -> EventId:
        self.announced.append(event.type)
        self.told.add(event.account_id)
        event_id, position = self.events.add(event)
        listening = self.endpoints.listening(event, self._around.listens)
        self.deliveries.add_for_all(event_id, listening, event, position=position)
        return event_id

    def finish(self) -> None:
        """What comes last, before the commit."""
        self._lanes.finish()
