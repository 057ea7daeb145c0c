"""A store for tests, and things to keep in it: two accounts, an envelope, an endpoint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from lacre.accounts.account import Account
from lacre.engines.links import SignedLinks
from lacre.kit.events import Event
from lacre.kit.ids import AccountId, Digest, DocumentId, EndpointId, EnvelopeId, SignerId, new_uuid
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.layout import PageSize
from lacre.signing.signer import Signer
from lacre.store.opening import Store
from lacre.store.work import SqlWork
from lacre.webhooks.endpoint import Endpoint, Secrets

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


class SettableClock:
    """Stands until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def open_store(
    url: str, data_dir: Path, *, secret_key: str = "", clock: SettableClock | None = None
) -> Store:
    return Store.open(
        url,
        data_dir=data_dir,
        secret_key=secret_key,
        make_links=lambda keys: SignedLinks("http://lacre.test", keys),
        listens=lambda endpoint, event: not endpoint.types or event.type in endpoint.types,
        clock=clock or SettableClock(),
    )


def an_account(work: SqlWork, name: str = "Ana Ltda") -> AccountId:
    account = Account(id=AccountId(new_uuid()), name=name, created_at=NOW)
    work.accounts.add(account)
    return account.id


def an_envelope(
    account_id: AccountId, *, number: int = 1, title: str = "Contrato", signers: int = 2
) -> Envelope:
    original = Digest("0" * 64)
    document = Document(
        id=DocumentId(new_uuid()), name=title, original=original, size=1000, pages=(PageSize(595, 842),)
    )
    return Envelope(
        id=EnvelopeId(new_uuid()),
        account_id=account_id,
        number=number,
        title=title,
        language="pt-br",
        created_at=NOW,
        updated_at=NOW,
        documents=[document],
        signers=[a_signer(name) for name in ("Bruno Sá", "Carla Inácio", "Davi")[:signers]],
        status=EnvelopeStatus.PENDING,
    )


def a_signer(name: str) -> Signer:
    return Signer(
        id=SignerId(new_uuid()), name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.com"
    )


def an_endpoint(
    account_id: AccountId, *, types: tuple[str, ...] = (), url: str = "https://r.test/"
) -> Endpoint:
    return Endpoint(
        id=EndpointId(new_uuid()),
        account_id=account_id,
        number=0,
        dialect="native",
        url=url,
        types=types,
        secrets=Secrets(headers=(("Authorization", "Bearer tell-nobody"),), signing=("whsec_tell-nobody",)),
        created_at=NOW,
    )


def an_event(
    account_id: AccountId, *, subject_id: str = "subject", kind: str = "signing.test", at: datetime = NOW
) -> Event:
    return Event(type=kind, account_id=account_id, subject_id=subject_id, at=at, facts={"name": "Ação"})
