"""A contract that never was, brought by a real one's verbs to where an event happens to it.

Nothing of it is kept: it is what a test of a webhook says. So its ids are fixed, its people are nobody, and
the links that a dialect makes for it lead nowhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeAlias

from lacre.kit.ids import AccountId, ActId, Digest, DocumentId, EnvelopeId, SignerId
from lacre.kit.json import JsonObject
from lacre.signing import events
from lacre.signing.announcing import facts_of
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope, Happened
from lacre.signing.evidence import TERMS_VERSION, Act, Evidence, Identification, Mark, MarkKind, Origin
from lacre.signing.layout import PageSize
from lacre.signing.options import EnvelopeOptions
from lacre.signing.signer import Channel, Signer, SignerOptions
from lacre.signing.snapshot import freeze

Story: TypeAlias = Callable[[Envelope, datetime], Sequence[Happened]]

_FIRST = SignerId("5a3b1e00-0000-4000-8000-000000000001")
_SECOND = SignerId("5a3b1e00-0000-4000-8000-000000000002")
_REASON = "Motivo de exemplo"
_ORIGIN = Origin(ip="192.0.2.1", port=50_000, user_agent="Exemplo")
"""An address of those that are set aside for examples."""


def sample_facts(event_type: str, account_id: AccountId, *, now: datetime) -> JsonObject:
    """What an event of this type would hold; of what is none of signing's, that it was asked for."""
    story = STORIES.get(event_type)
    if story is None:
        return {"message": "Asked for by hand."}
    envelope = _contract(account_id, now)
    happened = next(one for one in story(envelope, now) if one.type == event_type)
    return facts_of(freeze(envelope), happened)


def _contract(account_id: AccountId, now: datetime) -> Envelope:
    began = now - timedelta(hours=1)
    return Envelope(
        id=EnvelopeId("5a3b1e00-0000-4000-8000-00000000000e"),
        account_id=account_id,
        number=1,
        title="Contrato de exemplo",
        language="pt-br",
        created_at=began,
        updated_at=now,
        documents=[
            Document(
                id=DocumentId("5a3b1e00-0000-4000-8000-00000000000d"),
                name="Contrato de exemplo",
                original=Digest("0" * 64),
                size=48_213,
                pages=(PageSize(595, 842), PageSize(595, 842)),
            )
        ],
        signers=[_signer(_FIRST, "Maria Exemplo", began), _signer(_SECOND, "João Exemplo", began)],
        options=EnvelopeOptions(
            allow_refusal=True, external_id="exemplo-1", created_by="exemplo@example.com"
        ),
        expires_at=now + timedelta(days=7),
    )


def _signer(signer_id: SignerId, name: str, notified_at: datetime) -> Signer:
    return Signer(
        id=signer_id,
        name=name,
        email=f"{'maria' if signer_id == _FIRST else 'joao'}@example.com",
        external_id=f"signatario-{signer_id[-1]}",
        options=SignerOptions(notify_by=(Channel.EMAIL,)),
        notified={Channel.EMAIL: 1},
        last_notified_at=notified_at,
    )


# ── what happens ─────────────────────────────────────────────────────────────


def _plainly(event_type: str, *, of_signer: bool = False, **detail: str | int) -> Story:
    """Of what no verb of the envelope says: its doors do."""

    def tell(envelope: Envelope, now: datetime) -> Sequence[Happened]:
        envelope.send(now=now)
        return [Happened(type=event_type, signer_id=_FIRST if of_signer else None, detail=detail)]

    return tell


def _out(story: Story) -> Story:
    """Once it was sent."""

    def tell(envelope: Envelope, now: datetime) -> Sequence[Happened]:
        envelope.send(now=now - timedelta(minutes=30))
        return story(envelope, now)

    return tell


def _signed(envelope: Envelope, now: datetime, *signers: SignerId) -> Sequence[Happened]:
    envelope.send(now=now - timedelta(minutes=30))
    happened: list[Happened] = []
    for place, signer_id in enumerate(signers or (_FIRST,)):
        envelope.view(signer_id, now=now)
        envelope.confirm_reading(signer_id, now=now)
        happened += envelope.sign(_act(envelope, signer_id, now, place))
    return happened


def _sealed(envelope: Envelope, now: datetime, *signers: SignerId) -> Sequence[Happened]:
    happened = list(_signed(envelope, now, *signers))
    for document in envelope.documents:
        document.sealed, document.sealed_size = Digest("5" * 64), document.size + 30_000
        document.sealed_acts, document.sealed_structure = len(envelope.acts), envelope.structure
        document.level = document.wanted_level = "B-B"
    return [*happened, *envelope.act_sealed(len(envelope.acts))]


def _completed(envelope: Envelope, now: datetime) -> Sequence[Happened]:
    happened = _sealed(envelope, now, _FIRST, _SECOND)
    return [*happened, *envelope.complete(Digest("7" * 64), now=now)]


def _released(envelope: Envelope, now: datetime) -> Sequence[Happened]:
    envelope.options = replace(envelope.options, quorums={0: 1})
    return _signed(envelope, now)


def _voided(envelope: Envelope, now: datetime) -> Sequence[Happened]:
    envelope.send(now=now - timedelta(minutes=30))
    envelope.refuse(_FIRST, _REASON, now=now)
    for document in envelope.documents:
        document.voided = Digest("6" * 64)
    return [Happened(type=events.FILES_VOIDED, detail={"reason": _REASON})]


def _rebuilt(envelope: Envelope, now: datetime) -> Sequence[Happened]:
    _sealed(envelope, now)
    return [Happened(type=events.FILES_REBUILT)]


def _expired(envelope: Envelope, now: datetime) -> Sequence[Happened]:
    envelope.expires_at = now
    return envelope.expire(now=now)


def _changed(envelope: Envelope, _: datetime) -> Sequence[Happened]:
    return envelope.change_signer(replace(envelope.signer(_FIRST), qualification="testemunha"))


def _added(envelope: Envelope, now: datetime) -> Sequence[Happened]:
    added = envelope.signers.pop()
    envelope.send(now=now - timedelta(minutes=30))
    return envelope.add_signer(added)


def _act(envelope: Envelope, signer_id: SignerId, now: datetime, place: int) -> Act:
    evidence = Evidence(
        at=now,
        time_source="server",
        origin=_ORIGIN,
        identified_by=(Identification.LINK,),
        seen=tuple(one.original for one in envelope.documents),
        terms_version=TERMS_VERSION,
    )
    mark = Mark(kind=MarkKind.TYPED, text=envelope.signer(signer_id).name)
    act_id = ActId(f"5a3b1e00-0000-4000-8000-0000000000a{place}")
    return Act(id=act_id, signer_id=signer_id, evidence=evidence, mark=mark)


def _limit(now: datetime) -> datetime:
    return now + timedelta(days=7)


STORIES: Mapping[str, Story] = {
    events.ENVELOPE_CREATED: lambda *_: [Happened(type=events.ENVELOPE_CREATED)],
    events.ENVELOPE_SENT: lambda one, now: one.send(now=now),
    events.ENVELOPE_VIEWED: _out(lambda one, now: one.view(_FIRST, now=now)),
    events.ENVELOPE_COMPLETED: _completed,
    events.ENVELOPE_REFUSED: _out(lambda one, now: one.refuse(_FIRST, _REASON, now=now)),
    events.ENVELOPE_CANCELED: _out(lambda one, now: one.cancel(_REASON, now=now)),
    events.ENVELOPE_EXPIRED: _out(_expired),
    events.ENVELOPE_EXPIRING: _out(lambda one, _: one.alert(3)),
    events.ENVELOPE_RESENT: _out(lambda one, now: one.resend(now=now, expires_at=_limit(now))),
    events.ENVELOPE_CHANGED: _out(lambda one, now: one.change_limit(_limit(now), now=now)),
    events.ENVELOPE_DELETED: _out(lambda one, now: one.delete(now=now)),
    events.FILES_REBUILT: _rebuilt,
    events.SIGNER_ADDED: _added,
    events.SIGNER_CHANGED: _out(_changed),
    events.SIGNER_REMOVED: _out(lambda one, now: one.remove_signer(_SECOND, now=now)),
    events.SIGNER_NOTIFIED: _plainly(
        events.SIGNER_NOTIFIED,
        of_signer=True,
        channel="email",
        kind="invitation",
        address="maria@example.com",
        kept=False,
    ),
    events.SIGNER_DELIVERY_FAILED: _plainly(
        events.SIGNER_DELIVERY_FAILED,
        of_signer=True,
        channel="email",
        kind="invitation",
        address="maria@example.com",
        status_code=550,
        reason="550 5.1.1 No such user",
    ),
    events.SIGNER_VIEWED: _out(lambda one, now: one.view(_FIRST, now=now)),
    events.SIGNER_READ: _out(lambda one, now: one.confirm_reading(_FIRST, now=now)),
    events.SIGNER_IDENTIFIED: _plainly(events.SIGNER_IDENTIFIED, of_signer=True),
    events.SIGNER_AUTHENTICATION_FAILED: _plainly(
        events.SIGNER_AUTHENTICATION_FAILED,
        of_signer=True,
        attempts_used=3,
        max_attempts=3,
        reason="wrong_code",
    ),
    events.SIGNER_ATTACHED: _plainly(events.SIGNER_ATTACHED, of_signer=True, attachment="RG", file="rg.pdf"),
    events.SIGNER_PHOTOGRAPHED: _plainly(events.SIGNER_PHOTOGRAPHED, of_signer=True, photo="selfie"),
    events.SIGNER_UNLOCKED: _plainly(events.SIGNER_UNLOCKED, of_signer=True),
    events.SIGNER_SIGNED: _signed,
    events.SIGNER_REFUSED: _out(lambda one, now: one.refuse(_FIRST, _REASON, now=now)),
    events.SIGNER_RELEASED: _released,
    events.FILES_VOIDED: _voided,
    events.ACT_SEALED: _sealed,
}
"""How each event of signing comes about."""
