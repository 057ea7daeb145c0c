"""Files that signers bring: judged, cleaned where they are pictures, and kept before they are named."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import UploadFile

from lacre.kit.ids import AttachmentId
from lacre.services import Services
from lacre.signing import attaching
from lacre.signing.asking import Attached
from lacre.signing.evidence import Origin
from lacre.signing.ports import Accepted

LARGEST = 20_000_000
WRONG_FILE = "Send a PDF, or a JPEG, PNG or WebP picture, of up to 20 MB."
_PDF = b"%PDF-"
_LONGEST_NAME = 120


def keep(services: Services, sent: UploadFile) -> Attached | None:
    """`None` for what is neither a PDF that can be opened nor a picture."""
    content = sent.file.read(LARGEST + 1)
    if not 0 < len(content) <= LARGEST:
        return None
    name = Path(sent.filename or "").name[-_LONGEST_NAME:] or "arquivo"
    if content[:1024].lstrip().startswith(_PDF):
        return _kept_pdf(services, content, name)
    jpeg = services.pictures.photo(content)
    if jpeg is None:
        return None
    return Attached(file=services.files.keep_bytes(jpeg), name=name, size=len(jpeg), kind="image/jpeg")


def attach(services: Services, token: str, wanted: str, brought: Attached, *, origin: Origin) -> None:
    with services.open_work() as work:
        now = services.clock()
        attaching.attach(work, token, AttachmentId(wanted), brought, origin=origin, now=now)


def _kept_pdf(services: Services, content: bytes, name: str) -> Attached | None:
    """Through the same door as documents: nothing active, nothing broken, nothing locked."""
    with services.files.scratch() as folder:
        upload = folder / "attachment"
        upload.write_bytes(content)
        judged = services.intake.admit(upload)
        if not isinstance(judged, Accepted):
            return None
        return Attached(
            file=services.files.keep(judged.file), name=name, size=judged.size, kind="application/pdf"
        )
