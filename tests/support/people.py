"""Ana sends; Bruno and Carla sign; Davi has an account of his own and must see nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lacre.kit.ids import AccountId, ActId, Digest, DocumentId, EnvelopeId, FieldId, SignerId
from lacre.signing.announcing import Actor
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import TERMS_VERSION, Act, Evidence, Identification, Mark, MarkKind, Origin
from lacre.signing.layout import Field, FieldKind, PageSize, Place
from lacre.signing.options import EnvelopeOptions
from lacre.signing.signer import Channel, Signer, SignerOptions

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
ANAS = AccountId("a0000000-0000-4000-8000-000000000001")
DAVIS = AccountId("a0000000-0000-4000-8000-000000000002")
ANA = Actor(name="user:ana", origin=Origin(ip="203.0.113.5", port=4321, user_agent="Firefox"))
BRUNO = SignerId("b0000000-0000-4000-8000-000000000001")
CARLA = SignerId("c0000000-0000-4000-8000-000000000001")
CONTRACT = DocumentId("d0000000-0000-4000-8000-000000000001")
ORIGINAL = Digest("0" * 64)
A4 = PageSize(595, 842)


def bruno(**options: object) -> Signer:
    return _signer(BRUNO, "Bruno Lima", "bruno@example.test", 0, options)


def carla(**options: object) -> Signer:
    return _signer(CARLA, "Carla Dias", "carla@example.test", 1, options)


def contract(*signers: Signer, **options: object) -> Envelope:
    """A draft with one document of two pages; signed by Bruno and Carla unless others are named."""
    return Envelope(
        id=EnvelopeId("e0000000-0000-4000-8000-000000000001"),
        account_id=ANAS,
        number=1,
        title="Contrato",
        language="pt-br",
        created_at=NOW,
        updated_at=NOW,
        documents=[Document(id=CONTRACT, name="contrato.pdf", original=ORIGINAL, size=9, pages=(A4, A4))],
        signers=list(signers) or [bruno(), carla()],
        options=replace(EnvelopeOptions(), **options),  # type: ignore[arg-type]
    )


def sent(*signers: Signer, **options: object) -> Envelope:
    envelope = contract(*signers, **options)
    envelope.send(now=NOW)
    return envelope


def act_of(signer: SignerId, *, at: datetime = LATER, values: dict[FieldId, str] | None = None) -> Act:
    return Act(
        id=ActId(f"act-{signer}"),
        signer_id=signer,
        evidence=Evidence(
            at=at,
            time_source="server",
            origin=Origin(ip="198.51.100.7", port=50_000, user_agent="Phone"),
            identified_by=(Identification.LINK,),
            seen=(ORIGINAL,),
            terms_version=TERMS_VERSION,
        ),
        mark=Mark(kind=MarkKind.TYPED, text="assinatura"),
        values=values or {},
    )


def field_for(signer: SignerId, kind: FieldKind, *, page: int = 0, required: bool = True) -> Field:
    return Field(
        id=FieldId(f"field-{kind}-{page}"),
        document_id=CONTRACT,
        signer_id=signer,
        kind=kind,
        place=Place(page=page, left=10, bottom=10, width=20, height=8),
        label=kind,
        required=required,
    )


def _signer(signer_id: SignerId, name: str, email: str, group: int, options: dict[str, object]) -> Signer:
    asked = SignerOptions(notify_by=(Channel.EMAIL,))
    return Signer(
        id=signer_id,
        name=name,
        email=email,
        group=group,
        options=replace(asked, **options),  # type: ignore[arg-type]
    )
