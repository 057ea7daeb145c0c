"""A client of ZapSign's API before a real store and a real front door for PDFs; what comes later is acted."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

from starlette.applications import Starlette
from starlette.testclient import TestClient

from lacre.accounts.account import Account, ApiKey, NewKey, User
from lacre.dialects.zapsign.routes import routes
from lacre.dialects.zapsign.webhook import ZapsignWording
from lacre.documents.fetching import Fetched, NotFetched
from lacre.engines.docx.door import WordDocuments
from lacre.engines.intake.door import PdfIntake
from lacre.engines.links import SignedLinks
from lacre.engines.office.pool import OfficePool
from lacre.engines.pades import PyhankoSealer, PyhankoVerifier, SealConfig, load_or_create_certificate
from lacre.engines.passwords import Argon2Passwords
from lacre.engines.pictures import PillowPictures
from lacre.engines.sandbox import Sandbox
from lacre.engines.tokens import SystemTokens
from lacre.engines.turnstile import CountingTurnstile
from lacre.engines.typeset.typesetter import TypstTypesetter
from lacre.engines.voiding import PikepdfVoider
from lacre.kit.ids import AccountId, Digest, EnvelopeId, SignerId, UserId, new_uuid
from lacre.services import Services
from lacre.settings import Settings
from lacre.signing import announcing, notifying
from lacre.signing.announcing import Actor
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.evidence import Origin
from lacre.signing.record import SealAuthority
from lacre.signing.schedule import NOTIFY
from lacre.store.opening import Store
from lacre.webhooks.delivery import KeptEvent
from lacre.webhooks.endpoint import Endpoint
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.wording import Wording
from tests.support.contracts import an_act
from tests.support.pdfs import contract_pdf

MB = 1024 * 1024
PDF_TEXT = base64.b64encode(contract_pdf(pages=1)).decode()
_accounts = itertools.count(1)


class Moving:
    """A clock that tests push on; every reading is a little later, so that order is order."""

    def __init__(self) -> None:
        self.begin_again()

    def begin_again(self) -> None:
        """On a Monday morning in Brasília."""
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(microseconds=1)
        return self.now

    def push(self, **by: float) -> None:
        self.now += timedelta(**by)


class Shelf:
    """`Fetcher`: what lies at each URL, without a network."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def fetch(self, url: str, into: Path, *, max_bytes: int) -> Fetched | NotFetched:
        content = self.files.get(url)
        if content is None or len(content) > max_bytes:
            return NotFetched(reason="connect_failed")
        into.write_bytes(content)
        return Fetched(path=into, size=len(content))


@dataclass
class Installation:
    """One store and one front door for every test of a run; accounts keep the tests apart."""

    services: Services
    clock: Moving
    shelf: Shelf

    @classmethod
    @contextmanager
    def open(cls, folder: Path, url: str = "", *, spoken: Wording | None = None) -> Iterator[Installation]:
        clock, shelf, wording = Moving(), Shelf(), spoken or ZapsignWording()
        store = Store.open(
            url or f"sqlite:///{folder / 'lacre.db'}",
            data_dir=folder,
            make_links=lambda keys: SignedLinks("https://lacre.test", keys),
            listens=wording.listens,
            clock=clock,
            migrating=True,
        )
        with Sandbox(1) as sandbox, closing(OfficePool(1)) as offices:
            intake = PdfIntake(sandbox, 2 * MB, folder / "intake")
            seal = SealConfig(identity=load_or_create_certificate(folder))
            parts: dict[str, Any] = dict.fromkeys(Services.__dataclass_fields__)
            parts |= {
                "settings": Settings(data_dir=folder, max_upload_mb=2),
                "public_url": "https://lacre.test",
                "clock": clock,
                "time_source": lambda: "server",
                "open_work": store.open_work,
                "presence": store.presence,
                "files": store.files,
                "links": store.links,
                "tokens": SystemTokens(b"k" * 32),
                "passwords": Argon2Passwords(),
                "intake": intake,
                "voider": PikepdfVoider(sandbox),
                "pictures": PillowPictures(),
                "printer": TypstTypesetter(),
                "typesetter": TypstTypesetter(),
                "text_documents": WordDocuments(sandbox, offices, max_bytes=2 * MB),
                "fetcher": shelf,
                "turnstile": CountingTurnstile(),
                "wordings": {wording.name: wording},
                "new_keys": _new_keys,
                "sealer": PyhankoSealer(seal),
                "stamper": PyhankoSealer(seal),
                "verifier": PyhankoVerifier(seal),
                "authority": SealAuthority(name=seal.identity.common_name),
            }
            yield cls(Services(**parts), clock, shelf)
        store.close()

    def desk(self, **particulars: Any) -> Desk:  # noqa: ANN401 - of an account
        """A new account, and its client."""
        account = Account(
            id=AccountId(new_uuid()),
            name=f"account {next(_accounts)}",
            created_at=self.clock(),
            **particulars,
        )
        token = f"{new_uuid()}{new_uuid()}"
        with self.services.open_work() as work:
            work.accounts.add(account)
            work.accounts.add_key(_key(account, self.services.tokens.digest(token), self.clock()))
        return Desk(installation=self, account_id=account.id, token=token)

    def desk_of(self, token: str) -> Desk:
        """The client of an account that somebody else opened."""
        with self.services.open_work() as work:
            key = work.accounts.key_by_digest(self.services.tokens.digest(token), "zapsign")
        assert key is not None
        return Desk(installation=self, account_id=key.account_id, token=token)


@dataclass
class Desk:
    installation: Installation
    account_id: AccountId
    token: str
    client: TestClient = field(init=False)

    def __post_init__(self) -> None:
        app = Starlette(routes=[*routes(self.services)])
        headers = {"Authorization": f"Bearer {self.token}"}
        self.client = TestClient(app, headers=headers, follow_redirects=False)

    @property
    def services(self) -> Services:
        return self.installation.services

    def call(self, method: str, path: str, said: object = None, **more: Any) -> Any:  # noqa: ANN401
        """The answer's JSON, of a call that succeeds."""
        answer = self.client.request(method, f"/api/v1/{path}", json=said, **more)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, method: str, path: str, said: object = None, **more: Any) -> tuple[int, Any]:  # noqa: ANN401
        answer = self.client.request(method, f"/api/v1/{path}", json=said, **more)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()

    def user(self, email: str, *, password: str = "", name: str = "") -> User:
        """A user of this account, who signs in with that password if there is one."""
        services = self.services
        user = User(
            id=UserId(new_uuid()),
            account_id=self.account_id,
            email=email,
            name=name,
            password=services.passwords.hash(password) if password else None,
            created_at=services.clock(),
        )
        with services.open_work() as work:
            work.accounts.add_user(user)
        return user

    def create(self, **said: object) -> dict[str, Any]:
        """A document with two signers, and whatever else is said."""
        whole = {"name": "Locação", "base64_pdf": PDF_TEXT, "signers": [{"name": "Bruno"}, {"name": "Carla"}]}
        return cast("dict[str, Any]", self.call("POST", "docs/", whole | said))

    def envelope(self, token: str) -> Envelope:
        with self.services.open_work() as work:
            return work.envelopes.get(self.account_id, EnvelopeId(token))

    def events(self, token: str) -> list[KeptEvent]:
        with self.services.open_work() as work:
            return list(work.events.of_subject(self.account_id, token))

    def event_types(self, token: str) -> list[str]:
        return [kept.event.type for kept in self.events(token)]

    def deliveries(self, token: str) -> list[str]:
        """Types of the events that are on their way to somebody, oldest first."""
        which = DeliveryFilter(subject_id=token)
        with self.services.open_work() as work:
            found = work.deliveries.search(self.account_id, which, limit=100)
        return [one.event_type for one in found][::-1]

    def sign(self, token: str, position: int) -> None:
        """The signer at this position signs, and the file is sealed."""
        self.change(token, lambda one: one.sign(an_act(_nth(one, position), at=self.installation.clock())))
        self.seal(token)

    def notified(self, token: str, *, kind: str = "invitation", kept: bool = False) -> None:
        """The first signer was sent the link, or it was only kept."""
        with self.services.open_work() as work:
            envelope = work.envelopes.get(self.account_id, EnvelopeId(token))
            detail = {"channel": "email", "kind": kind}
            now = self.services.clock()
            notifying.notified(work, envelope, _nth(envelope, 0), detail=detail, kept=kept, now=now)

    def seal(self, token: str) -> None:
        self.change(token, partial(_sealed, now=self.installation.clock()))

    def change(self, token: str, verb: Callable[[Envelope], Any]) -> None:
        """Whatever a verb of the envelope does, saved and announced."""
        with self.services.open_work() as work:
            envelope = work.envelopes.get(self.account_id, EnvelopeId(token))
            now = self.services.clock()
            by = Actor(name="test", origin=Origin())
            announcing.apply(work, envelope, verb(envelope), by=by, now=now)


def queued(desk: Desk, token: str) -> list[dict[str, str]]:
    """The messages about this document that would go out now, taken out of the queue."""
    worker, now = new_uuid(), desk.services.clock()
    found: list[dict[str, str]] = []
    with desk.services.presence(worker, "test"):
        while True:
            with desk.services.open_work() as work:
                held = work.queue.claim(worker, now=now, limit=50, kinds=[NOTIFY])
                for job in held:
                    work.queue.finish(worker, job.id, now=now)
            if not held:
                return found
            mine = [job.payload for job in held if job.key == token]
            found += [{name: str(value) for name, value in one.items()} for one in mine]


def text_of(desk: Desk, method: str, path: str, said: object = None) -> tuple[int, str]:
    """Of the calls whose answers are plain texts."""
    answer = desk.client.request(method, f"/api/v1/{path}", json=said)
    assert not answer.headers["content-type"].startswith("application/json"), answer.text
    return answer.status_code, answer.text


def endpoints_of(desk: Desk) -> list[Endpoint]:
    with desk.services.open_work() as work:
        return list(work.endpoints.of_account(desk.account_id))


def _sealed(envelope: Envelope, *, now: datetime) -> list[Happened]:
    """As the seal job leaves it, files apart."""
    for document in envelope.documents:
        document.sealed, document.sealed_acts = Digest("5" * 64), len(envelope.acts)
        document.sealed_structure = envelope.structure
    happened = envelope.act_sealed(len(envelope.acts))
    return happened + (envelope.complete(Digest("6" * 64), now=now) if envelope.everyone_signed else [])


def _nth(envelope: Envelope, position: int) -> SignerId:
    return envelope.active_signers[position].id


def _new_keys(dialect: str) -> list[NewKey]:
    return [NewKey(label="api_token", dialect=dialect, secret=f"{new_uuid()}{new_uuid()}")]


def _key(account: Account, digest: str, now: datetime) -> ApiKey:
    return ApiKey(
        id=new_uuid(),
        account_id=account.id,
        dialect="zapsign",
        digest=digest,
        hint="1234",
        name="",
        created_at=now,
    )
