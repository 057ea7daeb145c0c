"""What is left of an installation once its processes are gone, and whether it keeps what it promised."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import bindparam, create_engine, text

from lacre.bootstrap import listens
from lacre.engines import clock
from lacre.engines.links import SignedLinks
from lacre.engines.pades import PyhankoVerifier, SealConfig, load_or_create_certificate
from lacre.kit.ids import AccountId, Digest, EnvelopeId
from lacre.signing.audit import first_break
from lacre.signing.envelope import Envelope
from lacre.signing.repositories import EnvelopeFilter
from lacre.store.opening import Store
from lacre.store.postgres import driver_url
from lacre.webhooks.delivery import DeliveryStatus, KeptEvent
from lacre.webhooks.filters import DeliveryFilter
from lacre.webhooks.repositories import Listed
from lacre.worker.handlers import STANDING
from tests.support import sealing
from tests.support.server import Premises


@dataclass(frozen=True)
class Aftermath:
    """A look at the data, of the account whose client it was."""

    premises: Premises
    store: Store
    account: AccountId

    @classmethod
    @contextmanager
    def of(cls, premises: Premises, account: str = "default") -> Iterator[Aftermath]:
        settings = premises.settings
        store = Store.open(
            settings.database,
            data_dir=premises.data,
            make_links=lambda keys: SignedLinks(premises.url, keys, time_scale=settings.time_scale),
            listens=listens,
            clock=clock.now,
        )
        with store.open_work() as work:
            found = work.accounts.by_name(account)
        assert found is not None
        yield cls(premises, store, found.id)
        store.close()

    def envelope(self, token: str) -> Envelope:
        with self.store.open_work() as work:
            return work.envelopes.get(self.account, EnvelopeId(token))

    def envelopes(self) -> Sequence[Envelope]:
        with self.store.open_work() as work:
            return work.envelopes.find(self.account, EnvelopeFilter(), offset=0, limit=100).items

    def events(self, token: str) -> list[KeptEvent]:
        with self.store.open_work() as work:
            return list(work.events.of_subject(self.account, token))

    def count(self, token: str, event_type: str) -> int:
        return sum(kept.event.type == event_type for kept in self.events(token))

    def deliveries(self, token: str) -> Sequence[Listed]:
        with self.store.open_work() as work:
            which = DeliveryFilter(subject_id=token)
            return work.deliveries.search(self.account, which, limit=1000)

    # ── promises ─────────────────────────────────────────────────────────────

    def check_whole(self) -> None:
        """Every file that a row names is there and is what its name says; every audit log is unbroken."""
        for envelope in self.envelopes():
            with self.store.open_work() as work:
                entries = work.audit.entries(envelope.id)
            assert first_break([entry for entry, _ in entries], [kept for _, kept in entries]) is None
            for digest in _named_by(envelope):
                assert hashlib.sha256(self.store.files.read(digest)).hexdigest() == digest
        for file in (self.premises.data / "files").glob("??/??/*"):
            assert hashlib.sha256(file.read_bytes()).hexdigest() == file.name, "a file is only half there"

    def check_sealed(self, token: str, folder: Path, *, signatures: int) -> None:
        """By poppler, qpdf and ourselves: that many people, and the seal that certifies."""
        for document in self.envelope(token).documents:
            assert document.sealed
            file = folder / f"{document.sealed}.pdf"
            self.store.files.copy(document.sealed, file)
            assert sealing.valid_by_poppler(file) == signatures + 1
            assert sealing.clean_by_qpdf(file)
            judged = self._verifier.verify(file)
            assert judged.all_valid, judged
            file.unlink()

    def check_told(self, token: str) -> None:
        deliveries = self.deliveries(token)
        assert deliveries
        assert {one.delivery.status for one in deliveries} == {DeliveryStatus.DELIVERED}

    @property
    def _verifier(self) -> PyhankoVerifier:
        return PyhankoVerifier(SealConfig(identity=load_or_create_certificate(self.premises.data)))


def work_left(premises: Premises) -> int:
    """Jobs and deliveries that are not settled yet, asked of the database itself."""
    url = premises.settings.database
    engine = create_engine(driver_url(url) if url.startswith("postgresql") else url)
    with engine.connect() as connection:
        left = int(connection.execute(_LEFT).scalar_one())
    engine.dispose()
    return left


_LEFT = text(
    # keeping house is never over
    "SELECT (SELECT count(*) FROM job WHERE status IN ('waiting', 'held') AND kind NOT IN :standing)"
    " + (SELECT count(*) FROM delivery WHERE status IN ('queued', 'waiting', 'held'))"
).bindparams(bindparam("standing", [*STANDING], expanding=True))


def _named_by(envelope: Envelope) -> set[Digest]:
    named = {one for document in envelope.documents for one in (document.original, document.sealed)}
    marks = [mark for act in envelope.acts for mark in (act.mark, act.initials) if mark]
    return {one for one in (*named, envelope.record, *(mark.image for mark in marks)) if one}
