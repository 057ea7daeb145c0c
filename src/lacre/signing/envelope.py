"""An envelope: its states, and the verbs that change them. Each verb returns what happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from lacre.kit.ids import AccountId, Digest, DocumentId, EnvelopeId, SignerId
from lacre.kit.json import Json
from lacre.kit.refusal import NotFound
from lacre.signing import errors, events
from lacre.signing.deadline import check_in_time, check_limit
from lacre.signing.document import Document
from lacre.signing.evidence import Act
from lacre.signing.inputs import OpenForm
from lacre.signing.layout import Field
from lacre.signing.options import EnvelopeOptions
from lacre.signing.quorum import let_off
from lacre.signing.signer import Signer, SignerStatus
from lacre.signing.values import DRAWN

MAX_DOCUMENTS = 25


class EnvelopeStatus(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    COMPLETED = "completed"
    REFUSED = "refused"
    CANCELED = "canceled"
    EXPIRED = "expired"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """An event before it has its envelope's snapshot."""

    type: str
    signer_id: SignerId | None = None
    detail: Mapping[str, Json] = field(default_factory=dict)


@dataclass(kw_only=True)
class Envelope:
    id: EnvelopeId
    account_id: AccountId
    number: int
    """Counts up within the account."""
    title: str
    language: str
    created_at: datetime
    updated_at: datetime
    documents: list[Document]
    signers: list[Signer]
    fields: list[Field] = field(default_factory=list)
    options: EnvelopeOptions = field(default_factory=EnvelopeOptions)
    dialect_data: Mapping[str, Json] = field(default_factory=dict)
    status: EnvelopeStatus = EnvelopeStatus.DRAFT
    acts: list[Act] = field(default_factory=list)
    structure: int = 0
    """Counts up when signers or fields change after the first act: the files are then built again."""
    sent_at: datetime | None = None
    expires_at: datetime | None = None
    finished_at: datetime | None = None
    deleted_at: datetime | None = None
    reason: str = ""
    """Why it was refused or canceled."""
    record: Digest | None = None
    alerts_given: list[int] = field(default_factory=list)
    reminders_given: int = 0
    all_reminded_at: datetime | None = None
    template_id: str = ""
    """What it was made of, if it was; the template may be gone by now."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """By variable: what the form, or the sender, said."""
    form: OpenForm | None = None
    """Open until its signer fills it in; nobody has a turn before."""

    # ── reading ──

    def signer(self, signer_id: SignerId) -> Signer:
        for signer in self.signers:
            if signer.id == signer_id and signer.removed_at is None:
                return signer
        raise NotFound("signer")

    @property
    def active_signers(self) -> list[Signer]:
        return [signer for signer in self.signers if signer.signs]

    def their_turn(self, signer: Signer) -> bool:
        """Whether the signing order lets them sign now."""
        if self.form is not None and self.form.signer_id != signer.id:
            return False
        if not self.options.sequential:
            return True
        ahead = [other.group for other in self.active_signers if other.waits]
        return not ahead or signer.group <= min(ahead)

    @property
    def everyone_signed(self) -> bool:
        """True from the last act on; the envelope completes only once its files hold every act."""
        signers = self.active_signers
        return bool(signers) and all(signer.done for signer in signers)

    @property
    def open(self) -> bool:
        return self.status is EnvelopeStatus.PENDING and not self.everyone_signed

    @property
    def changeable(self) -> bool:
        """Whether its sender may still change it: while it is written, and while it is out."""
        return self.open or self.status is EnvelopeStatus.DRAFT

    def fields_of(self, signer_id: SignerId) -> list[Field]:
        return [one for one in self.fields if one.signer_id == signer_id]

    def require_open(self) -> None:
        if not self.open:
            raise self._closed()

    def require_changeable(self) -> None:
        if not self.changeable:
            raise self._closed()

    @property
    def asked(self) -> list[Signer]:
        """Who still owes a signature, and may give it now."""
        return [signer for signer in self.active_signers if signer.waits and self.their_turn(signer)]

    # ── verbs of the sender ──

    def send(self, *, now: datetime) -> list[Happened]:
        if self.status is not EnvelopeStatus.DRAFT:
            raise errors.EnvelopeNotDraft
        if not 1 <= len(self.documents) <= MAX_DOCUMENTS:
            raise errors.NoDocuments(len(self.documents))
        if not self.active_signers:
            raise errors.NoSigners
        check_limit(self.expires_at, now)
        _check_fields(self.fields, self)
        self.status = EnvelopeStatus.PENDING
        self.sent_at = now
        return [Happened(type=events.ENVELOPE_SENT)]

    def cancel(self, reason: str, *, now: datetime) -> list[Happened]:
        """Also one whose limit passed: it could still be sent again; and a draft, which never will be."""
        if self.status not in (EnvelopeStatus.EXPIRED, EnvelopeStatus.DRAFT):
            self.require_open()
        self._finish(EnvelopeStatus.CANCELED, now, reason)
        return [Happened(type=events.ENVELOPE_CANCELED, detail={"reason": reason})]

    def delete(self, *, now: datetime) -> list[Happened]:
        """Hidden and closed to signers; its status and its files stay."""
        if self.deleted_at is not None:
            return []
        self.deleted_at = now
        return [Happened(type=events.ENVELOPE_DELETED)]

    def resend(
        self, *, now: datetime, expires_at: datetime | None, renew: Collection[SignerId] = ()
    ) -> list[Happened]:
        """Lets waiting signers in again: a new expiry, new links of those named; reopens an expired one."""
        if self.status is EnvelopeStatus.EXPIRED:
            self.status, self.finished_at = EnvelopeStatus.PENDING, None
        self.require_open()
        check_limit(expires_at, now)
        self.expires_at = expires_at
        self.alerts_given = []
        for signer in self.signers:
            signer.link_generation += signer.waits and signer.id in renew
        return [Happened(type=events.ENVELOPE_RESENT)]

    def change_limit(self, expires_at: datetime | None, *, now: datetime) -> list[Happened]:
        self.require_changeable()
        check_limit(expires_at, now)
        self.expires_at, self.alerts_given = expires_at, []
        return [Happened(type=events.ENVELOPE_CHANGED)]

    def add_signer(self, signer: Signer, fields: Sequence[Field] = ()) -> list[Happened]:
        self.require_changeable()
        self.signers.append(signer)
        self.place_fields(signer.id, fields)
        return [Happened(type=events.SIGNER_ADDED, signer_id=signer.id)]

    def change_signer(self, changed: Signer, fields: Sequence[Field] | None = None) -> list[Happened]:
        """Replaces a signer who has not signed; `fields`, when given, replaces theirs."""
        self.require_changeable()
        before = self._unsigned(changed.id)
        if before.signs and not changed.signs:
            self._require_others(before)
            fields = fields or []
        self.signers[self.signers.index(before)] = changed
        if fields is not None:
            self.place_fields(changed.id, fields)
        elif (changed.signs, changed.options.certificate) != (before.signs, before.options.certificate):
            # who signs has a signature field, and whoever brings a key of their own has two
            self._structure_changed()
        return [Happened(type=events.SIGNER_CHANGED, signer_id=changed.id)]

    def place_fields(self, signer_id: SignerId, fields: Sequence[Field]) -> None:
        _check_fields(fields, self)
        self.fields = [one for one in self.fields if one.signer_id != signer_id] + list(fields)
        self._structure_changed()

    def rename(self, title: str, folder: str, names: Mapping[DocumentId, str]) -> list[Happened]:
        """What is empty stays as it is; `names` are of its documents."""
        self.require_changeable()
        self.title = title or self.title
        self.options = replace(self.options, folder=folder or self.options.folder)
        for document in self.documents:
            document.name = names.get(document.id, document.name)
        return [Happened(type=events.ENVELOPE_CHANGED)]

    def lay_out(self, document_id: DocumentId, fields: Sequence[Field]) -> list[Happened]:
        """These become all the signatures and initials of that document; its other fields stay."""
        self.require_changeable()
        _check_fields(fields, self)
        others = [one for one in self.fields if one.document_id != document_id or one.kind not in DRAWN]
        self.fields = others + list(fields)
        self._structure_changed()
        return [Happened(type=events.ENVELOPE_CHANGED)]

    def add_document(self, document: Document, fields: Sequence[Field] = ()) -> list[Happened]:
        """Only before the first act: nobody signs what they were not shown."""
        self.require_changeable()
        if self.acts:
            raise errors.DocumentsFixed
        if len(self.documents) >= MAX_DOCUMENTS:
            raise errors.NoDocuments(len(self.documents) + 1)
        self.documents.append(document)
        _check_fields(fields, self)
        self.fields.extend(fields)
        return [Happened(type=events.ENVELOPE_CHANGED)]

    def reorder(self, document_ids: Sequence[DocumentId]) -> list[Happened]:
        """How they are shown, and sealed, from now on: every one of them, once."""
        self.require_changeable()
        if sorted(document_ids) != sorted(one.id for one in self.documents):
            raise errors.OrderIncomplete
        self.documents.sort(key=lambda one: document_ids.index(one.id))
        return [Happened(type=events.ENVELOPE_CHANGED)]

    def ungroup(self) -> list[Happened]:
        """Each has a turn of their own again, in the order of the list."""
        self.require_changeable()
        for place, signer in enumerate(self.active_signers):
            signer.group = place
        self.options = replace(self.options, quorums={})
        return [Happened(type=events.ENVELOPE_CHANGED)]

    def remove_signer(self, signer_id: SignerId, *, now: datetime) -> list[Happened]:
        """Their row stays, so that links in old events still say who it was."""
        self.require_changeable()
        signer = self._unsigned(signer_id)
        self._require_others(signer)
        signer.removed_at = now
        self.place_fields(signer_id, [])
        return [Happened(type=events.SIGNER_REMOVED, signer_id=signer_id)]

    # ── verbs of a signer ──

    def fill_form(
        self, document: Document, fields: Sequence[Field], answers: Mapping[str, str]
    ) -> list[Happened]:
        """The whole document, in the place and under the name of the one with blanks."""
        self.require_open()
        if self.form is None:
            raise errors.FormFilled
        blank = self.documents[0]
        self.documents[0] = replace(document, id=blank.id, name=blank.name)
        self.form, self.answers = None, dict(answers)
        return self.lay_out(blank.id, [replace(one, document_id=blank.id) for one in fields])

    def view(self, signer_id: SignerId, *, now: datetime) -> list[Happened]:
        signer = self.signer(signer_id)
        signer.times_viewed += 1
        signer.last_viewed_at = now
        if signer.status is SignerStatus.NEW:
            signer.status = SignerStatus.VIEWED
        viewed = Happened(type=events.SIGNER_VIEWED, signer_id=signer_id)
        first = sum(one.times_viewed for one in self.signers) == 1
        return [viewed, replace(viewed, type=events.ENVELOPE_VIEWED)] if first else [viewed]

    def confirm_reading(self, signer_id: SignerId, *, now: datetime) -> list[Happened]:
        self.require_open()
        signer = self._undecided(signer_id)
        if signer.read_at is not None:
            return []
        signer.status, signer.read_at = SignerStatus.READ, now
        return [Happened(type=events.SIGNER_READ, signer_id=signer_id)]

    def deciding(self, signer_id: SignerId) -> Signer:
        """Of an open envelope, one who neither signed nor refused yet."""
        self.require_open()
        return self._undecided(signer_id)

    def sign(self, act: Act) -> list[Happened]:
        self.require_open()
        check_in_time(self.expires_at, act.evidence.at)
        signer = self._undecided(act.signer_id)
        if not self.their_turn(signer):
            raise errors.NotTheirTurn
        if self.form is not None:
            raise errors.FormNotFilled
        signer.status, signer.signed_at = SignerStatus.SIGNED, act.evidence.at
        signer.ip = act.evidence.origin.ip
        signer.latitude, signer.longitude = act.evidence.latitude, act.evidence.longitude
        self.acts.append(act)
        left = let_off(self.active_signers, self.options.quorums, signer.group, now=act.evidence.at)
        released = [Happened(type=events.SIGNER_RELEASED, signer_id=one.id) for one in left]
        return [Happened(type=events.SIGNER_SIGNED, signer_id=signer.id), *released]

    def refuse(self, signer_id: SignerId, reason: str, *, now: datetime) -> list[Happened]:
        self.require_open()
        check_in_time(self.expires_at, now)
        signer = self._undecided(signer_id)
        if not self.options.allow_refusal:
            raise errors.RefusalNotAllowed
        if not reason.strip():
            raise errors.ReasonMissing
        signer.status, signer.refused_at = SignerStatus.REFUSED, now
        self._finish(EnvelopeStatus.REFUSED, now, reason.strip())
        refused = Happened(type=events.SIGNER_REFUSED, signer_id=signer_id, detail={"reason": self.reason})
        return [refused, replace(refused, type=events.ENVELOPE_REFUSED)]

    # ── verbs of time ──

    def expire(self, *, now: datetime) -> list[Happened]:
        """Nothing happens to an envelope that is closed, or whose limit was moved meanwhile."""
        if not self.open or self.expires_at is None or now < self.expires_at:
            return []
        self.status, self.finished_at = EnvelopeStatus.EXPIRED, now
        return [Happened(type=events.ENVELOPE_EXPIRED)]

    def alert(self, days_left: int) -> list[Happened]:
        if not self.open or days_left in self.alerts_given:
            return []
        self.alerts_given.append(days_left)
        return [Happened(type=events.ENVELOPE_EXPIRING, detail={"days_left": days_left})]

    # ── verbs of the seal ──

    def act_sealed(self, count: int) -> list[Happened]:
        """The files hold the first `count` acts now."""
        signer_id = self.acts[count - 1].signer_id
        return [Happened(type=events.ACT_SEALED, signer_id=signer_id)]

    def complete(self, record: Digest, *, now: datetime) -> list[Happened]:
        self.record = record
        self._finish(EnvelopeStatus.COMPLETED, now, "")
        return [Happened(type=events.ENVELOPE_COMPLETED)]

    def _finish(self, status: EnvelopeStatus, now: datetime, reason: str) -> None:
        self.status, self.finished_at, self.reason = status, now, reason

    def _closed(self) -> errors.EnvelopeClosed:
        return errors.EnvelopeClosed("completed" if self.everyone_signed else self.status)

    def _structure_changed(self) -> None:
        if any(act.signed_files for act in self.acts):
            raise errors.CertificateSigned
        if self.acts:
            self.structure += 1

    def _require_others(self, leaving: Signer) -> None:
        """Somebody else signs; a form that was theirs to fill in holds nobody up."""
        if self.active_signers == [leaving]:
            raise errors.LastSigner
        if self.form is not None and self.form.signer_id == leaving.id:
            self.form = None

    def _unsigned(self, signer_id: SignerId) -> Signer:
        signer = self.signer(signer_id)
        if signer.status is SignerStatus.SIGNED:
            raise errors.SignerHasSigned
        return signer

    def _undecided(self, signer_id: SignerId) -> Signer:
        signer = self.signer(signer_id)
        signer.require_undecided()
        return signer


def _check_fields(fields: Sequence[Field], envelope: Envelope) -> None:
    pages = {document.id: len(document.pages) for document in envelope.documents}
    signers = {signer.id for signer in envelope.active_signers}
    came_signed = {document.id for document in envelope.documents if document.came_signed}
    for one in fields:
        one.check(pages, signers)
        if one.document_id in came_signed and one.kind not in DRAWN:
            raise errors.FieldBesideSignatures
