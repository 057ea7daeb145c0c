"""What records are set from: Ana sends a lease, Bruno and Carla sign it."""

from __future__ import annotations

import io
import math
from datetime import UTC, datetime, timedelta

from PIL import Image, ImageDraw

from lacre.kit.ids import Digest
from lacre.signing import events
from lacre.signing.evidence import Evidence, Identification, Origin
from lacre.signing.record import (
    Handwriting,
    Ink,
    RecordContents,
    RecordDocument,
    RecordEvent,
    RecordSigner,
    SealAuthority,
)

SIGNED_AT = datetime(2026, 11, 23, 17, 32, 7, tzinfo=UTC)
ORIGINAL = Digest("3f" * 32)
FINAL = Digest("9c" * 32)
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 Chrome/131.0.0.0 Mobile Safari/537.36"

EVIDENCE = Evidence(
    at=SIGNED_AT,
    time_source="server",
    origin=Origin(ip="200.10.20.30", port=51422, user_agent=PHONE),
    identified_by=(Identification.LINK, Identification.EMAIL_CODE),
    seen=(ORIGINAL,),
    terms_version="2026-11",
    latitude="-23.559298",
    longitude="-46.658600",
)


def signer(
    number: int = 1,
    *,
    name: str = "Bruno Müller",
    status: str = "signed",
    qualification: str = "",
    ink: Ink | None = None,
) -> RecordSigner:
    return RecordSigner(
        seal_name=f"signer{number}",
        name=name,
        email=f"pessoa{number}@example.test",
        phone="+55 11 99999-0000",
        tax_id="12345678909",
        qualification=qualification,
        status=status,
        order=number,
        evidence=EVIDENCE if status == "signed" else None,
        ink=ink or (Handwriting(name) if status == "signed" else None),
    )


def contents(
    *signers: RecordSigner,
    happenings: int = 4,
    language: str = "pt-br",
    title: str = "Contrato de locação",
    icp_brasil: bool = False,
) -> RecordContents:
    return RecordContents(
        title=title,
        shown_id="env_0d3f5a3e5c0b4b0e9a557d9b0c1e2f30",
        documents=(RecordDocument(name="contrato.pdf", pages=12, original=ORIGINAL, final=FINAL),),
        signers=signers or (signer(1), signer(2, name="Carla Conceição de Sá", qualification="testemunha")),
        created_at=SIGNED_AT - timedelta(days=1),
        created_by="Ana Souza",
        status="completed",
        finished_at=SIGNED_AT,
        verify_url="https://assina.example.test/verify/0d3f5a3e5c0b",
        events=_happenings(happenings),
        authority=SealAuthority(name="Selo de Ana", icp_brasil=icp_brasil),
        chain_head="5e" * 32,
        language=language,
    )


def drawn_signature(width: int = 600, height: int = 200) -> bytes:
    """A wave of dark ink on a transparent PNG, as a browser's canvas gives it."""
    picture = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    wave = [(x, height / 2 + height / 3 * math.sin(x / 40)) for x in range(width // 10, width * 9 // 10, 4)]
    ImageDraw.Draw(picture).line(wave, fill=(20, 30, 90, 255), width=6, joint="curve")
    return as_bytes(picture, "PNG")


def photographed_signature() -> bytes:
    """The same wave as a JPEG photo of greyish paper."""
    paper = Image.new("RGB", (800, 400), (241, 240, 236))
    wave = [(x, 200 + 60 * math.sin(x / 40)) for x in range(200, 600, 4)]
    ImageDraw.Draw(paper).line(wave, fill=(30, 30, 60), width=8, joint="curve")
    return as_bytes(paper, "JPEG")


def as_bytes(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def _happenings(count: int) -> tuple[RecordEvent, ...]:
    kinds = sorted(events.ALL)
    return tuple(
        RecordEvent(
            at=SIGNED_AT - timedelta(minutes=count - number),
            who="Bruno Müller",
            what=kinds[number % len(kinds)],
            detail=f"nº {number}",
        )
        for number in range(count)
    )
