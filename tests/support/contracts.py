"""A contract on its way: Ana sends it, Bruno and Carla sign; with links that can be foretold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lacre.documents.links import FILE_LINK_LIFE, FileLink, Variant
from lacre.kit.ids import AccountId, ActId, Digest, DocumentId, EnvelopeId, SignerId, TemplateId
from lacre.signing.document import Document
from lacre.signing.envelope import Envelope
from lacre.signing.evidence import TERMS_VERSION, Act, Evidence, Identification, Mark, MarkKind, Origin
from lacre.signing.layout import PageSize
from lacre.signing.options import EnvelopeOptions
from lacre.signing.signer import Channel, Signer, SignerOptions

ACCOUNT = AccountId("11111111-1111-4111-8111-111111111111")
CONTRACT = EnvelopeId("0d3f5a3e-5c0b-4b0e-9a55-7d9b0c1e2f30")
PAPER = DocumentId("aaaaaaaa-0000-4000-8000-000000000001")
BRUNO = SignerId("bbbbbbbb-0000-4000-8000-000000000001")
CARLA = SignerId("cccccccc-0000-4000-8000-000000000002")
NOON = datetime(2026, 11, 20, 12, 0, 0, 100, tzinfo=UTC)


class PlainLinks:
    """Links whose secrets are readable, so that a test can write them down."""

    def signer_token(self, signer_id: SignerId, generation: int) -> str:
        return signer_id[:-4] + f"{generation:04d}"

    def signing_url(self, token: str, *, one_click: bool = False) -> str:  # noqa: ARG002
        return f"https://lacre.test/verificar/{token}"

    def file_url(
        self, document_id: DocumentId, variant: Variant, *, now: datetime, life: timedelta = FILE_LINK_LIFE
    ) -> str:
        ends_at = int((now + life).timestamp())
        return f"https://lacre.test/files/{document_id}?v={variant}&Expires={ends_at}"

    def open_file(self, document_id: str, query: str, *, now: datetime) -> FileLink | None:  # noqa: ARG002
        return FileLink(document_id=DocumentId(document_id), variant=Variant.ORIGINAL)

    def return_tag(self, signer_id: SignerId, address: str) -> str:
        return f"{signer_id}.{address}"

    def returned(self, tag: str) -> SignerId | None:
        return SignerId(tag.partition(".")[0])

    def form_url(self, template_id: TemplateId) -> str:
        return f"https://lacre.test/verificar/doc/{template_id}"

    def verify_url(self, envelope_id: EnvelopeId) -> str:
        return f"https://lacre.test/verify/{envelope_id}"


def bruno() -> Signer:
    options = SignerOptions(notify_by=(Channel.EMAIL,), redirect_url="https://ped.test/fim", lock_email=True)
    return Signer(
        id=BRUNO,
        name="Bruno Dias",
        email="bruno@example.test",
        phone="11999990000",
        tax_id="52998224725",
        external_id="cli-1",
        options=options,
        notified={Channel.EMAIL: 1},
        last_notified_at=NOON + timedelta(seconds=5),
    )


def carla() -> Signer:
    return Signer(id=CARLA, name="Carla Luz", group=1, qualification="testemunha")


def contract(*signers: Signer) -> Envelope:
    """Sent and open to both; other signers when given."""
    return Envelope(
        id=CONTRACT,
        account_id=ACCOUNT,
        number=12,
        title="Locação.pdf",
        language="pt-br",
        created_at=NOON,
        updated_at=NOON + timedelta(minutes=1),
        documents=[
            Document(
                id=PAPER,
                name="Locação.pdf",
                original=Digest("0" * 64),
                size=1234,
                pages=(PageSize(595, 842),),
            )
        ],
        signers=list(signers) or [bruno(), carla()],
        options=EnvelopeOptions(external_id="ped-77", created_by="ana@example.test", allow_refusal=True),
    )


def sent_contract(*signers: Signer) -> Envelope:
    envelope = contract(*signers)
    envelope.send(now=NOON)
    return envelope


def sign(envelope: Envelope, signer: SignerId, *, at: datetime = NOON + timedelta(minutes=5)) -> None:
    envelope.sign(an_act(signer, at=at))


def seal(envelope: Envelope) -> None:
    """As if the files held every act so far."""
    for document in envelope.documents:
        document.sealed, document.sealed_acts = Digest("5" * 64), len(envelope.acts)
        document.sealed_structure, document.level = envelope.structure, "B-B"
        document.wanted_level = "B-B"


def an_act(signer: SignerId, *, at: datetime) -> Act:
    evidence = Evidence(
        at=at,
        time_source="system",
        origin=Origin(ip="203.0.113.7", port=50123, user_agent="Firefox"),
        identified_by=(Identification.LINK,),
        seen=(Digest("0" * 64),),
        terms_version=TERMS_VERSION,
        latitude="-23.559298",
        longitude="-46.683343",
    )
    mark = Mark(kind=MarkKind.TYPED, text="Bruno Dias")
    return Act(id=ActId(f"act-{signer}"), signer_id=signer, evidence=evidence, mark=mark)


def renamed(signer: Signer, name: str) -> Signer:
    return replace(signer, name=name)
