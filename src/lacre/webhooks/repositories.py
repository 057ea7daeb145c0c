"""What the webhook engine keeps, and the transaction it is kept in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from lacre.kit.events import Outbox
from lacre.kit.ids import AccountId, DeliveryId, EndpointId, EventId, ReplayId
from lacre.kit.jobs import Jobs
from lacre.webhooks.delivery import Attempt, Delivery, DeliveryStatus, KeptEvent
from lacre.webhooks.endpoint import Endpoint, EndpointStatus
from lacre.webhooks.filters import DeliveryFilter, EventFilter
from lacre.webhooks.health import Health
from lacre.webhooks.promise import Terms
from lacre.webhooks.rates import Hours
from lacre.webhooks.replay import Again, Glimpse, Place, Replay, Told, Wanted
from lacre.webhooks.token import AccessToken

NO_CAP = 1_000_000


class Held(Struct, frozen=True, kw_only=True, gc=False):
    """A delivery that this worker holds, with all that is needed to keep it."""

    delivery: Delivery
    kept: KeptEvent
    endpoint: Endpoint


class Settled(Struct, frozen=True, kw_only=True, gc=False):
    """How a held delivery goes on after an attempt."""

    delivery_id: DeliveryId
    endpoint_id: EndpointId
    attempt: Attempt
    status: DeliveryStatus
    due_at: datetime
    disable_endpoint: bool = False
    stop_type: str = ""
    """The endpoint is told of no more events that are called so."""
    by_type: bool = False
    """Its endpoint is given up event type by event type, and never whole for having failed for long."""
    sample: bool = False
    """Of nothing that happened."""


FROM_START, FROM_NOW = "start", "now"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """Which events a reader follows; what is not given does not narrow it."""

    after: str = FROM_START
    """A cursor that an earlier page gave; or from the first event that is kept, or from now on."""
    types: tuple[str, ...] = ()
    subject_id: str | None = None
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class FeedPage:
    events: tuple[KeptEvent, ...]
    cursor: str
    """Where the next page begins; holds for ever, also when this one is empty."""


class EventFeed(Protocol):
    """Events in the order in which they became final: nothing is ever added before a cursor."""

    def read(self, account_id: AccountId, which: Feed, *, limit: int) -> FeedPage:
        """Raises `NotFound` for what is no cursor."""
        ...


_WAITS = (DeliveryStatus.WAITING, DeliveryStatus.QUEUED)


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A delivery with what a list says of it."""

    delivery: Delivery
    event_type: str
    subject_id: str
    url: str
    endpoint_status: EndpointStatus
    last_status_code: int | None
    last_reason: str

    @property
    def held_back(self) -> bool:
        """It waits for a person: its endpoint is paused or was disabled."""
        return self.delivery.status in _WAITS and self.endpoint_status is not EndpointStatus.ACTIVE


class Endpoints(Protocol):
    """Getters raise `NotFound`, also for another account's."""

    def add(self, endpoint: Endpoint) -> None:
        """`endpoint.number` is set here."""
        ...

    def save(self, endpoint: Endpoint) -> None: ...

    def get(self, account_id: AccountId, endpoint_id: EndpointId) -> Endpoint: ...

    def by_number(self, account_id: AccountId, number: int) -> Endpoint: ...

    def agreed(self, account_id: AccountId) -> Terms | None:
        """What the account chose for all of its endpoints that choose nothing else."""
        ...

    def agree(self, account_id: AccountId, terms: Terms | None) -> None:
        """Holds from the next attempt on; `None`: each as its dialect has it."""
        ...

    def of_account(self, account_id: AccountId) -> Sequence[Endpoint]:
        """Not the deleted ones; oldest first."""
        ...


class Deliveries(Protocol):
    def add(
        self, event_id: EventId, endpoint: Endpoint, *, now: datetime, replay_of: DeliveryId | None
    ) -> DeliveryId: ...

    def claim(
        self,
        worker_id: str,
        *,
        now: datetime,
        limit: int,
        per_endpoint: int,
        per_account: int = NO_CAP,
        lasting: bool = True,
    ) -> Sequence[Held]:
        """Takes due deliveries of active endpoints, fairly over endpoints; each is held until settled.

        `per_endpoint` counts those already held by any worker, `per_account` those that this one holds; the
        rates of endpoints are kept too. A hold ends when its worker's heartbeat ends; one of a transaction
        that does nothing else need not be `lasting`: it ends when the database crashes, too.
        """
        ...

    @property
    def missed(self) -> bool:
        """Whether the last claim may have left something that is due: to a worker that claimed at the same
        moment, or behind very many endpoints that are paused or rest."""
        ...

    def keep_still(self, account_id: AccountId, endpoint_id: EndpointId) -> None:
        """Until the transaction ends nobody adds, claims or settles deliveries of it.

        The first that a transaction does which changes an endpoint's ordering: who settles may have to
        judge the endpoint, and would wait for whoever read it to change it.
        """
        ...

    def arrange(self, endpoint: Endpoint) -> None:
        """Lines up what is open as the endpoint's ordering wants it now; raises `TooMuchWaits`."""
        ...

    def take_up(self, endpoint: Endpoint, *, anew: bool) -> None:
        """What was given up with its type waits again, due at once, unless it was told again meanwhile.

        `anew`: earlier attempts count no more.
        """
        ...

    def promote_stranded(self) -> int:
        """Lets those go that stand first in their lane and wait all the same: how many, which ought to be 0.

        Looks at some lanes each time, and comes round.
        """
        ...

    def settle(self, worker_id: str, settled: Sequence[Settled]) -> int:
        """Writes attempts and states of what this worker still holds; how many those were.

        One that it lost is left alone. Raises `HoldLost` when it lost some of several: each may be settled
        by itself then.
        """
        ...

    def release(self, worker_id: str, delivery_ids: Sequence[DeliveryId]) -> None:
        """Gives held deliveries back untried."""
        ...

    def still_held(self, worker_id: str, delivery_ids: Sequence[DeliveryId]) -> Collection[DeliveryId]:
        """Those of them that no other was given meanwhile."""
        ...

    def release_strays(self, worker_id: str, in_hand: Collection[DeliveryId]) -> int:
        """Gives back what is held in this worker's name and not in its hands; how many.

        A claim whose commit succeeded but whose answer was lost would otherwise wait as long as it lives.
        """
        ...

    def put_first(self, delivery_id: DeliveryId, endpoint_id: EndpointId) -> None:
        """Before whatever else waits for its first attempt there, unless it stands in a lane."""
        ...

    def get(self, account_id: AccountId, delivery_id: DeliveryId) -> Delivery: ...

    def attempts(self, account_id: AccountId, delivery_id: DeliveryId) -> Sequence[Attempt]: ...

    def attempts_at(self, account_id: AccountId, event_id: EventId) -> Sequence[Attempt]:
        """Of every delivery of one event, in the order of time; without bodies."""
        ...

    def search(self, account_id: AccountId, which: DeliveryFilter, *, limit: int) -> Sequence[Listed]:
        """Newest first."""
        ...

    def count(self, account_id: AccountId, which: DeliveryFilter, *, most: int | None) -> int:
        """How many there are, `after` aside; counted up to `most`, since there may be millions."""
        ...


class HealthRecords(Protocol):
    """How endpoints fare; what is read of an endpoint holds it as it was then."""

    def keep(self, healths: Mapping[EndpointId, Health]) -> None: ...

    def try_now(self, endpoint_id: EndpointId, *, now: datetime) -> None:
        """Ends its rest, if it rests: the next attempt is a probe."""
        ...

    def send_all(
        self, endpoint_id: EndpointId, *, anew: bool, since: datetime | None, limit: int
    ) -> datetime | None:
        """Makes `limit` of what waits due since it came to be; whence to go on. `anew`: as if untried."""
        ...

    def discard_waiting(self, *, before: datetime, limit: int, now: datetime) -> int:
        """Gives up what was due before and waits for endpoints that we disabled; how many, up to `limit`."""
        ...

    def discard_of_deleted(self, *, since: datetime, limit: int, now: datetime) -> int:
        """Gives up what waits for endpoints that were deleted since; how many, up to `limit`, 0 at the end.

        Nobody sends it any more, and each look for what is due would go past it.
        """
        ...


class AccessTokens(Protocol):
    """What was fetched for an endpoint; one worker at a time asks for a new one."""

    def get(self, endpoint_id: EndpointId, fetched_by: str) -> AccessToken | None:
        """Unless it was fetched by another authorization; perhaps past its end."""
        ...

    def reserve(self, endpoint_id: EndpointId, worker_id: str, *, now: datetime) -> bool:
        """Whether this worker may ask for one: no other that lives does."""
        ...

    def keep(self, endpoint_id: EndpointId, worker_id: str, *, fetched_by: str, token: AccessToken) -> None:
        """And gives back what was reserved; nothing when that was lost meanwhile."""
        ...

    def free(self, endpoint_id: EndpointId, worker_id: str) -> None: ...


class Events(Protocol):
    def get(self, account_id: AccountId, event_id: EventId) -> KeptEvent: ...

    def of_subject(self, account_id: AccountId, subject_id: str) -> Sequence[KeptEvent]:
        """Oldest first."""
        ...

    def find(
        self, account_id: AccountId, *, offset: int, limit: int, since: datetime | None = None
    ) -> Sequence[KeptEvent]:
        """Newest first."""
        ...

    def search(self, account_id: AccountId, which: EventFilter, *, limit: int) -> Sequence[KeptEvent]:
        """Newest first."""
        ...


class Replays(Protocol):
    """Replays, and what they ask about many events at once: one statement each."""

    def add(
        self, account_id: AccountId, wanted: Wanted, *, by: str, total: int | None, now: datetime
    ) -> Replay:
        """Or the one of this account that runs already and was asked the same."""
        ...

    def get(self, account_id: AccountId, replay_id: ReplayId) -> Replay:
        """To be changed; raises `NotFound`, also for another account's."""
        ...

    def find(self, account_id: AccountId, *, after: ReplayId | None = None, limit: int) -> Sequence[Replay]:
        """Newest first."""
        ...

    def glance(self, replay_id: ReplayId) -> Replay:
        """For operators: anybody's, not to be changed."""
        ...

    def save(self, replay: Replay) -> None: ...

    def take_turn(self, account_id: AccountId) -> None:
        """Whoever tells again looks first at what is on its way: of one account, one at a time does."""
        ...

    def accounts(self, endpoint_id: EndpointId | None = None) -> Sequence[AccountId]:
        """For operators: who has endpoints, or whose this one is."""
        ...

    def events_in(self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int) -> int:
        """Of its span and subject, whatever their type; counted no further than `most`."""
        ...

    def look(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, after: Place | None, limit: int
    ) -> Sequence[Glimpse]:
        """Events of its span and subject, whatever their type; oldest first."""
        ...

    def failures(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int
    ) -> Sequence[Glimpse] | None:
        """As `look`, but only events that some endpoint was told of in vain, in any order; `None` where more
        than `most` deliveries, also of other events, would have to be looked through."""
        ...

    def of_types(
        self, account_id: AccountId, wanted: Wanted, until: datetime, *, most: int
    ) -> Sequence[Glimpse] | None:
        """As `look`, but only of the wanted types, in any order; `None` if there are more than `most`."""
        ...

    def told(
        self, account_id: AccountId, event_ids: Collection[EventId]
    ) -> Mapping[tuple[EventId, EndpointId], Told]: ...

    def named(self, account_id: AccountId, event_ids: Collection[EventId]) -> Mapping[EventId, KeptEvent]: ...

    def tell_again(
        self,
        account_id: AccountId,
        new: Sequence[Again],
        *,
        now: datetime,
        replay_id: ReplayId | None = None,
    ) -> int:
        """Makes deliveries, due now; those of a replay go after new ones. How many."""
        ...

    def hurry(self, account_id: AccountId, delivery_ids: Collection[DeliveryId], *, now: datetime) -> int:
        """Makes those due now that wait for later; how many did. Any other is left as it is, also one behind
        another. No replay takes any of them back."""
        ...

    def take_back(self, replay: Replay, *, limit: int) -> int:
        """Removes deliveries that it made and nobody tried yet; how many."""
        ...


class WebhookWork(Outbox, Protocol):
    """One transaction; `announce` also adds a delivery for each endpoint that listens."""

    @property
    def endpoints(self) -> Endpoints: ...

    @property
    def deliveries(self) -> Deliveries: ...

    @property
    def events(self) -> Events: ...

    @property
    def feed(self) -> EventFeed: ...

    @property
    def health(self) -> HealthRecords: ...

    @property
    def hours(self) -> Hours: ...

    @property
    def access_tokens(self) -> AccessTokens: ...

    @property
    def replays(self) -> Replays: ...

    @property
    def jobs(self) -> Jobs: ...
