"""What the signatures of any PDF are worth."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    PdfSignatureStatus,
    TimestampSignatureStatus,
)

from lacre.engines.pades.changes import StrictPolicy, entry
from lacre.engines.pades.trust import Trust
from lacre.signing.ports import SealLevel
from lacre.signing.verification import ENCRYPTED, SignatureFound, TimestampFound, Verification

NONE, FORM_FILLING, ANNOTATIONS, NOT_ALLOWED = "none", "form_filling", "annotations", "not_allowed"
_MOST_SIGNATURES = 500
_MANY_OBJECTS = 50_000

# every refused change is one of our answers; pyHanko would also print it with its trace
logging.getLogger("pyhanko").setLevel(logging.CRITICAL)
logging.getLogger("pyhanko_certvalidator").setLevel(logging.CRITICAL)


def judge(trust: Trust, file: Path) -> Verification:
    """Reads strictly if possible; harmless slips of old writers are forgiven, and then fewer changes allowed.

    May raise anything, as the libraries do over broken files.
    """
    try:
        return _judge(trust, file, strict=True)
    except PdfReadError:
        return _judge(trust, file, strict=False)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Objects by the million, hardly any of them garbage: looking for it all the time doubles the cost."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _judge(trust: Trust, file: Path, *, strict: bool) -> Verification:
    with file.open("rb") as opened, _collector_paused():
        reader = PdfFileReader(opened, strict=strict)
        if strict and reader.xrefs.hybrid_xrefs_present:
            raise PdfReadError("two cross-references in one file are read leniently or not at all")
        if reader.encrypted:
            return Verification(signatures=(), problem=ENCRYPTED)
        waiting = enumerate_sig_fields(reader, filled_status=False)
        judgement = _Judgement(reader, trust)
        return Verification(
            signatures=judgement.found(),
            timestamps=judgement.stamps(),
            unsigned=tuple(str(name) for name, _, _ in waiting)[:_MOST_SIGNATURES],
        )


@dataclass
class _Judgement:
    reader: PdfFileReader
    trust: Trust
    _steps: dict[int, DiffResult | None] = field(default_factory=dict)
    _revisions: dict[int, HistoricalResolver] = field(default_factory=dict)
    _dropped: int = 0

    def __post_init__(self) -> None:
        self._policy = StrictPolicy()
        self._all = sorted(self.reader.embedded_signatures, key=lambda found: found.signed_revision)
        self._last = self.reader.xrefs.total_revisions - 1
        self._size = self.reader.stream.seek(0, 2)
        self._whole = {found.fq_name: _hole_is_exact(self.reader, found) for found in self._all}
        self._ours: dict[str, bool] = {}

    def found(self) -> tuple[SignatureFound, ...]:
        if len(self._all) > _MOST_SIGNATURES:
            raise PdfReadError("the file has too many signatures")
        signatures = [found for found in self._all if found.sig_object_type == "/Sig"]
        # checked first, since who sealed a revision decides whether an earlier signature bears it
        statuses = {found.fq_name: self._status(found) for found in signatures}
        self._ours = {name: self.trust.is_ours(status) for name, status in statuses.items()}
        judged = [self._judged(found, statuses[found.fq_name]) for found in signatures]
        return (*judged, *self._unknown())

    def stamps(self) -> tuple[TimestampFound, ...]:
        """In the order they were made."""
        return tuple(self._stamp_judged(found) for found in self._all if _is_stamp(found))

    def _status(self, found: EmbeddedPdfSignature) -> PdfSignatureStatus | None:
        try:
            if not self.trust.accepts(found):
                return None
            return validate_pdf_signature(
                found,
                self.trust.context(),
                key_usage_settings=self.trust.key_usage,
                skip_diff=True,
            )
        except Exception:  # noqa: BLE001 - a stranger's signature: whatever it breaks, it is not valid
            return None

    def _judged(self, found: EmbeddedPdfSignature, status: PdfSignatureStatus | None) -> SignatureFound:
        covers = self._covers_whole_file(found)
        stamped = _stamp(status) is not None or self._stamped_later(found)
        entries = found.sig_object
        note = self.trust.note(status)
        return SignatureFound(
            field=str(found.fq_name),
            signer=self.trust.name_of(found),
            issuer=self.trust.issuer_of(found),
            stated_name=_text(entries, "/Name"),
            reason=_text(entries, "/Reason"),
            signed_at=_instant(status),
            timestamped=stamped,
            level=self._level(stamped=stamped),
            intact=self._intact(found, status),
            trusted=bool(status and status.trusted),
            trust_note=note,
            covers_whole_file=covers,
            certifies=found.docmdp_level is not None and "/Reference" in entries,
            changes_after=NONE if covers else self._changes_after(found),
            ours=self._ours[found.fq_name],
        )

    def _intact(self, found: EmbeddedPdfSignature, status: PdfSignatureStatus | None) -> bool:
        return bool(
            status
            and status.intact
            and status.valid
            and self._whole[found.fq_name]
            and status.coverage >= SignatureCoverageLevel.ENTIRE_REVISION
        )

    def _covers_whole_file(self, found: EmbeddedPdfSignature) -> bool:
        return self._whole[found.fq_name] and _end(found) == self._size

    def _level(self, *, stamped: bool) -> str:
        if not stamped:
            return SealLevel.B_B
        store = entry(self.reader.root, "/DSS")
        has_proof = isinstance(store, generic.DictionaryObject) and ("/OCSPs" in store or "/CRLs" in store)
        return SealLevel.B_LT if has_proof else SealLevel.B_T

    def _stamped_later(self, found: EmbeddedPdfSignature) -> bool:
        """A sound document timestamp covers the signature."""
        return any(
            _is_stamp(later)
            and later.signed_revision > found.signed_revision
            and self._stamp_status(later) is not None
            for later in self._all
        )

    def _stamp_judged(self, found: EmbeddedPdfSignature) -> TimestampFound:
        covers = self._covers_whole_file(found)
        status = self._stamp_status(found)
        return TimestampFound(
            field=str(found.fq_name),
            authority=self.trust.name_of(found),
            issuer=self.trust.issuer_of(found),
            made_at=status.timestamp if status else None,
            intact=status is not None,
            trusted=bool(status and status.trusted),
            covers_whole_file=covers,
            changes_after=NONE if covers else self._changes_after(found),
        )

    def _stamp_status(self, stamp: EmbeddedPdfSignature) -> DocumentTimestampStatus | None:
        """Only of one that holds."""
        try:
            status = validate_pdf_timestamp(stamp, self.trust.context(), skip_diff=True)
            sound = self._whole[stamp.fq_name] and self.trust.accepts(stamp)
        except Exception:  # noqa: BLE001 - as above
            return None
        return status if status.intact and status.valid and sound else None

    # ── what came after ──────────────────────────────────────────────────────

    def _changes_after(self, found: EmbeddedPdfSignature) -> str:
        """The gravest change in any later revision."""
        if _end(found) > self._size or not self._tail_is_clean():
            return NOT_ALLOWED
        gravest = ModificationLevel.NONE
        for revision in range(found.signed_revision + 1, self._last + 1):
            step = self._step(revision)
            if step is None or self._is_hybrid(revision) or not self._bears(found, step, revision):
                return NOT_ALLOWED
            gravest = max(gravest, step.modification_level)
        return _WORDS.get(gravest, NOT_ALLOWED)

    def _is_hybrid(self, revision: int) -> bool:
        """Two cross-references, so that two readers may see two documents: not after a signature."""
        return self.reader.xrefs.get_xref_data(revision).hybrid is not None

    def _step(self, revision: int) -> DiffResult | None:
        """What a revision changed in the one before it; `None` when that is never allowed."""
        if revision not in self._steps:
            self._steps[revision] = self._compare(revision)
        return self._steps[revision]

    def _compare(self, revision: int) -> DiffResult | None:
        certified = [found.docmdp_level for found in self._before(revision) if found.docmdp_level]
        try:
            return self._policy.apply(
                self._at(revision - 1),
                self._at(revision),
                doc_mdp=min(certified, key=lambda level: level.value, default=None),
            )
        except SuspiciousModification:
            return None

    def _at(self, revision: int) -> HistoricalResolver:
        """The file as it was; of all revisions only the last two are kept, for each may hold every object."""
        if revision not in self._revisions:
            self._forget(before=revision - 1)
            self._revisions[revision] = HistoricalResolver(self.reader, revision)
        return self._revisions[revision]

    def _forget(self, *, before: int) -> None:
        kept = {revision: held for revision, held in self._revisions.items() if revision >= before}
        self._dropped += sum(
            len(held.cache) for revision, held in self._revisions.items() if revision < before
        )
        self._revisions = kept
        if self._dropped > _MANY_OBJECTS:
            gc.collect()
            self._dropped = 0

    def _bears(self, found: EmbeddedPdfSignature, step: DiffResult, revision: int) -> bool:
        """Whether that signature, with what it certifies and locks, allows the step."""
        level, lock = found.docmdp_level, found.fieldmdp
        if level is not None and step.modification_level.value > level.value:
            return False
        if lock is not None and any(lock.is_locked(name) for name in step.changed_form_fields):
            return False
        return step.modification_level <= ModificationLevel.LTA_UPDATES or self._vouched(
            found, step, revision
        )

    def _vouched(self, found: EmbeddedPdfSignature, step: DiffResult, revision: int) -> bool:
        """Rule 6: a signature stands for what was filled."""
        sound = [later for later in self._all if self._whole[later.fq_name]]
        if not self._ours.get(found.fq_name):
            return any(later.signed_revision >= revision for later in sound)
        # in a file of ours only we fill, and sign as we fill, or right after a signer's own key did;
        # a stranger may at most add a signature, field and all
        here = [later for later in sound if later.signed_revision == revision]
        filled = step.changed_form_fields - {later.fq_name for later in here if self._is_new(later)}
        vouching = (revision, revision + 1) if here else (revision,)
        return not filled or any(
            self._ours.get(later.fq_name) for later in sound if later.signed_revision in vouching
        )

    def _is_new(self, found: EmbeddedPdfSignature) -> bool:
        """Whether the signature's field came with it, rather than being allotted beforehand."""
        ref = found.sig_field.container_ref
        if not isinstance(ref, generic.Reference):
            return False
        return bool(self.reader.xrefs.get_introducing_revision(ref) == found.signed_revision)

    def _before(self, revision: int) -> list[EmbeddedPdfSignature]:
        return [found for found in self._all if found.signed_revision < revision]

    def _tail_is_clean(self) -> bool:
        """Rule 7: after the last signature there is nothing, or revisions with validation data only."""
        last = max((found for found in self._all if self._whole[found.fq_name]), key=_end, default=None)
        if last is None:
            return False
        if _end(last) == self._size:
            return True
        later = range(last.signed_revision + 1, self._last + 1)
        steps = [self._step(revision) for revision in later]
        return bool(steps) and all(
            step is not None and step.modification_level <= ModificationLevel.LTA_UPDATES for step in steps
        )

    def _unknown(self) -> list[SignatureFound]:
        """Signatures of a kind that cannot be judged must not go unmentioned."""
        judged = {found.fq_name for found in self._all}
        return [
            _unjudged(str(name))
            for name, value, _ in enumerate_sig_fields(self.reader, filled_status=True)
            if name not in judged and value is not None
        ]


_WORDS = {
    ModificationLevel.NONE: NONE,
    ModificationLevel.LTA_UPDATES: NONE,
    ModificationLevel.FORM_FILLING: FORM_FILLING,
    ModificationLevel.ANNOTATIONS: ANNOTATIONS,
}


def _is_stamp(found: EmbeddedPdfSignature) -> bool:
    return bool(found.sig_object_type == "/DocTimeStamp")


def _end(found: EmbeddedPdfSignature) -> int:
    """The first byte that the signature does not cover."""
    return int(found.byte_range[2]) + int(found.byte_range[3])


def _hole_is_exact(reader: PdfFileReader, found: EmbeddedPdfSignature) -> bool:
    """All from the first byte is signed but the signature itself: its digits, and nothing beside them."""
    edges = [int(edge) for edge in found.byte_range]
    if len(edges) != 4 or edges[0] != 0 or not 0 < edges[1] < edges[2]:
        return False
    if edges[2] - edges[1] != 2 * len(found.pkcs7_content) + 2:
        return False
    reader.stream.seek(edges[1])
    gap = reader.stream.read(edges[2] - edges[1])
    if gap[:1] != b"<" or gap[-1:] != b">":
        return False
    try:
        return bytes.fromhex(gap[1:-1].decode("ascii")) == found.pkcs7_content
    except ValueError:
        return False


def _text(entries: generic.DictionaryObject, key: str) -> str:
    value = entry(entries, key)
    return str(value) if isinstance(value, generic.TextStringObject) else ""


def _stamp(status: PdfSignatureStatus | None) -> TimestampSignatureStatus | None:
    """The signature's own timestamp, if it holds."""
    stamp = status.timestamp_validity if status else None
    return stamp if stamp is not None and stamp.intact and stamp.valid else None


def _instant(status: PdfSignatureStatus | None) -> datetime | None:
    stamp = _stamp(status)
    if stamp is not None:
        return stamp.timestamp
    return status.signer_reported_dt if status else None


def _unjudged(name: str) -> SignatureFound:
    return SignatureFound(
        field=name,
        signer="",
        stated_name="",
        reason="",
        signed_at=None,
        timestamped=False,
        level="",
        intact=False,
        trusted=False,
        trust_note="of a kind that cannot be judged",
        covers_whole_file=False,
        certifies=False,
        changes_after=NOT_ALLOWED,
        ours=False,
    )
