"""The frozen bundle of ports that every door receives; does nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeVar

from prometheus_client.core import Metric

from lacre.accounts.account import Accounts, AccountsWork, NewKey
from lacre.accounts.answers import Answers
from lacre.accounts.group import Groups
from lacre.accounts.proving import Passwords
from lacre.documents.fetching import Fetcher
from lacre.documents.files import Files, RemovableFiles
from lacre.documents.links import Links
from lacre.documents.pictures import Pictures
from lacre.fiscal.actions import Desk
from lacre.fiscal.ports import CertificateReader, Municipalities, NotePrinter, TaxOffice
from lacre.fiscal.procedure import Tools
from lacre.fiscal.repositories import FiscalWork
from lacre.kit.ids import AccountId
from lacre.kit.jobs import JobQueue, Presence, Workers
from lacre.kit.json import JsonObject
from lacre.kit.pace import Allowance, Passages, Turnstile
from lacre.kit.retention import Retention
from lacre.kit.throttle import Failures
from lacre.processing.ports import Extractor, Inputs, LanguageModel, Reader
from lacre.processing.repositories import ProcessingWork
from lacre.settings import Settings
from lacre.signing.ports import (
    Certificates,
    Intake,
    Mailer,
    Messenger,
    Pages,
    Returns,
    Sealer,
    Stamper,
    Stationery,
    TextDocuments,
    Typesetter,
    Verifier,
)
from lacre.signing.posting import Post
from lacre.signing.printing import Printer, Voider
from lacre.signing.record import SealAuthority
from lacre.signing.repositories import SigningWork
from lacre.signing.sealing import SealTools
from lacre.signing.signer import Channel
from lacre.webhooks.delivery import Delivery
from lacre.webhooks.ports import AttemptLine, AttemptLog, Sender
from lacre.webhooks.repositories import Settled, WebhookWork
from lacre.webhooks.wording import Wording

Found = TypeVar("Found")


class Work(SigningWork, ProcessingWork, FiscalWork, WebhookWork, AccountsWork, Protocol):
    """One transaction over every business."""

    @property
    def accounts(self) -> Accounts: ...

    @property
    def failures(self) -> Failures:
        """To sign in."""
        ...

    @property
    def groups(self) -> Groups: ...

    @property
    def answers(self) -> Answers: ...

    @property
    def queue(self) -> JobQueue:
        """The jobs, as those see them who do them."""
        ...

    @property
    def workers(self) -> Workers: ...

    @property
    def census(self) -> Census: ...

    @property
    def passages(self) -> Passages: ...

    def retention(self, settings: Settings) -> Retention: ...


class Census(Protocol):
    """How much waits, and who is at work."""

    def workers(self) -> int: ...

    def counts(self, *, now: datetime) -> Mapping[tuple[str, str], float]:
        """By metric and label value; cheap, however much waits: a large count ends at a limit."""
        ...


def _unsaid(_lines: Sequence[AttemptLine], /) -> None:
    """Where nobody reads the log."""


class Measures(Protocol):
    """What this process counts, for whoever watches over it; from any thread."""

    def attempted(self, made: Sequence[Settled], of: Sequence[Delivery | None]) -> None:
        """A batch, once it is written, and the delivery that each attempt was made for, as it was before."""

    def announced(self, types: Sequence[str]) -> None:
        """Events, once they are committed."""

    def worked(self, kind: str, outcome: str, seconds: float) -> None:
        """A job that ended: `done`, `failed` (and tried again), `given_up`, or `taken_over` by others."""

    def answered(self, request: str, status: int, seconds: float) -> None:
        """A request, by its method and its path without secrets."""

    def lost(self, what: str, count: int) -> None:
        """Holds that had ended before the work was written."""

    def gone(self, workers: int) -> None:
        """Workers that died, as this one found."""

    def told(self) -> bytes:
        """What this process counted, on one line, for the one that it works for."""
        return b""

    def hear(self, helper: str, told: bytes) -> None:
        """What a process that works for this one counted until now; anything else that it says is nothing."""

    def ended(self, helper: str) -> None:
        """That process is gone; what it counted stays."""

    def collect(self) -> Iterable[Metric]:
        """What was counted here and by helpers, in the form that Prometheus's library shows."""
        return ()


class Unmeasured(Measures):
    """Nobody watches."""

    def _nothing(self, *_: object, **__: object) -> None:
        """Not even this."""

    attempted = announced = worked = answered = lost = gone = hear = ended = _nothing


_UNMEASURED = Unmeasured()


class Uncounted(Turnstile):
    """Everybody comes as often as they like."""

    def enter(self, who: str, allowed: Sequence[Allowance], *, now: datetime) -> int | None:  # noqa: ARG002 - a port's shape
        return None

    def remaining(self, who: str, allowed: Allowance, *, now: datetime) -> int:  # noqa: ARG002 - a port's shape
        return allowed.most


_UNCOUNTED = Uncounted()


class Tokens(Protocol):
    """Randomness, and the digests that secrets are found by."""

    def uuid(self) -> str: ...

    def secret(self) -> str:
        """256 bits, URL-safe."""
        ...

    def digits(self, count: int) -> str: ...

    def digest(self, secret: str) -> str:
        """Keyed SHA-256, 64 hex digits: what is kept of an API key or a session."""
        ...

    def hide(self, text: str) -> str:
        """Encrypted, to be kept among what is not; never twice the same."""
        ...

    def reveal(self, hidden: str) -> str:
        """The inverse; raises `ValueError` of anything that was not hidden here."""
        ...

    def sign(self, claims: JsonObject) -> str:
        """A JSON Web Token (RFC 7519, HS256) that says this; `exp` is its end, in seconds since 1970."""
        ...

    def claims(self, signed: str, *, now: datetime) -> JsonObject | None:
        """What a token says that we signed; `None` when it is not ours, was altered, or is over."""
        ...


class WaitingRoom(Protocol):
    """For requests that wait until something is committed; it holds no thread and no transaction for them."""

    async def until(
        self,
        account_id: AccountId,
        look: Callable[[], Found],
        enough: Callable[[Found], bool],
        *,
        seconds: float,
        gone: Callable[[], Awaitable[bool]],
    ) -> Found:
        """Looks until it is enough or the time is over, and answers with what was seen last.

        When too many wait already, that is the first look. `gone`: whoever asked has left.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class FiscalPorts:
    """What issuing invoices needs from outside."""

    office: TaxOffice
    municipalities: Municipalities
    printer: NotePrinter
    certificates: CertificateReader


@dataclass(frozen=True, kw_only=True)
class Services:
    settings: Settings
    public_url: str
    clock: Callable[[], datetime]
    time_source: Callable[[], str]
    """Whose time `clock` tells, for evidence."""
    open_work: Callable[[], AbstractContextManager[Work]]
    presence: Callable[[str, str], AbstractContextManager[Presence]]
    """A worker's id and name: what it holds goes back when the context ends, or when its process dies."""
    waiting_room: WaitingRoom
    files: Files
    invoice_files: RemovableFiles
    """Those of invoices, which go with them."""
    inputs: Inputs
    reader: Reader
    extractor: Extractor
    links: Links
    tokens: Tokens
    passwords: Passwords
    intake: Intake
    text_documents: TextDocuments
    pages: Pages
    pictures: Pictures
    sealer: Sealer
    stamper: Stamper
    verifier: Verifier
    certificates: Certificates
    """Opens what signers bring to sign with."""
    fiscal: FiscalPorts
    typesetter: Typesetter
    printer: Printer
    voider: Voider
    stationery: Stationery
    authority: SealAuthority
    mailer: Mailer | None
    """None: mails are kept, not sent."""
    returns: Returns | None = None
    """None: of what comes back nobody hears."""
    language_model: LanguageModel | None = None
    """None: types that ask one are read by their rules alone."""
    messengers: Mapping[Channel, Messenger] = field(default_factory=dict)
    """Of phones; messages of a channel that is not there are kept, not sent."""
    fetcher: Fetcher
    sender: Sender
    attempt_log: AttemptLog = _unsaid
    wordings: Mapping[str, Wording]
    """Dialects by name."""
    new_keys: Callable[[str], Sequence[NewKey]]
    """All that a client of a dialect needs, in the shape that it expects; of a second kind of key, one."""
    turnstile: Turnstile = _UNCOUNTED
    """How often strangers and clients may come."""
    measures: Measures = _UNMEASURED
    traceparent: Callable[[Delivery, int], str] | None = None
    """A delivery's place in a trace, told to its receiver with each attempt; none unless traces are kept."""

    def new_key(self, kind: str) -> NewKey:
        """One alone, where a client has several."""
        return next(one for one in self.new_keys(kind) if one.dialect == kind)

    @property
    def seal_tools(self) -> SealTools:
        """What sealing needs of all this."""
        return SealTools(
            files=self.files,
            sealer=self.sealer,
            typesetter=self.typesetter,
            links=self.links,
            authority=self.authority,
            clock=self.clock,
        )

    @property
    def fiscal_desk(self) -> Desk:
        """What ordering invoices needs of all this."""
        return Desk(office=self.fiscal.office, files=self.invoice_files, new_id=self.tokens.uuid)

    @property
    def fiscal_tools(self) -> Tools:
        """What issuing them needs."""
        return Tools(
            office=self.fiscal.office,
            municipalities=self.fiscal.municipalities,
            printer=self.fiscal.printer,
            files=self.invoice_files,
            new_id=self.tokens.uuid,
            clock=self.clock,
        )

    @property
    def post(self) -> Post:
        """The ways by which letters leave."""
        return Post(stationery=self.stationery, mailer=self.mailer, messengers=self.messengers)
