"""Files that customers hand in, however they do it: judged outside of any transaction, kept by digest."""

from __future__ import annotations

import binascii
import string
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from lacre.dialects.bodies import unescaped
from lacre.documents.fetching import Fetched, NotFetched
from lacre.documents.kinds import BEGINNING, is_text_document
from lacre.kit.ids import Digest
from lacre.services import Services
from lacre.signing.document import Document
from lacre.signing.drafting import Found, document_of
from lacre.signing.ports import Accepted, Unusable

NOT_PDF = "not_a_pdf"
NOT_BASE64 = Unusable(code=NOT_PDF, reason="This is not Base64.")
_CHUNK = 4 * 1024 * 1024
_STANDARD = (string.ascii_letters + string.digits + "+/").encode()
_NOISE = bytes(set(range(256)) - set(_STANDARD))
# the URL-safe alphabet is understood as well
_TO_STANDARD = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True)
class InBase64:
    """As text: line breaks, quotes, a `data:` prefix and missing padding don't matter."""

    text: str


@dataclass(frozen=True)
class InSpooledBase64:
    """The same, as `bodies.Spool` left it on disk."""

    file: Path


@dataclass(frozen=True)
class AtUrl:
    url: str


@dataclass(frozen=True)
class OnDisk:
    """A file that a form brought, already in a scratch folder of the caller's."""

    path: Path


@dataclass(frozen=True)
class InMarkdown:
    """A text that is set as a PDF."""

    text: str
    title: str
    language: str = "pt-br"


Upload: TypeAlias = InMarkdown | InBase64 | InSpooledBase64 | AtUrl | OnDisk


def take(services: Services, upload: Upload, *, name: str) -> Document | Unusable | NotFetched:
    """The document, judged and kept; or why not."""
    with services.files.scratch() as folder:
        judged = admitted(services, upload, folder)
        return _kept(services, judged, name) if isinstance(judged, Accepted) else judged


def admitted(services: Services, upload: Upload, folder: Path) -> Accepted | Unusable | NotFetched:
    """Brought into the folder, made a PDF and judged; kept nowhere yet."""
    brought = bring(services, upload, folder / "upload")
    if not isinstance(brought, Path):
        return brought
    pdf = _as_pdf(services, brought)
    return pdf if isinstance(pdf, Unusable) else services.intake.admit(pdf)


def keep_source(services: Services, upload: Upload) -> tuple[Digest, tuple[str, ...]] | Unusable | NotFetched:
    """A text document for templates, judged and kept, and the variables that it names; or why not."""
    with services.files.scratch() as folder:
        brought = bring(services, upload, folder / "upload.docx")
        if not isinstance(brought, Path):
            return brought
        variables = services.text_documents.variables(brought)
        if isinstance(variables, Unusable):
            return variables
        return services.files.keep(brought), variables


def find_anchors(services: Services, document: Document, texts: list[str]) -> Found:
    """Where these texts stand in a document that is kept."""
    if not texts:
        return {}
    with services.files.local(document.original) as file:
        return services.intake.find_text(file, texts)


def bring(services: Services, upload: Upload, into: Path) -> Path | Unusable | NotFetched:
    """The file as it came, judged by nobody yet."""
    match upload:
        case OnDisk(path=path):
            return path
        case InMarkdown(text=text, title=title, language=language):
            into.write_bytes(services.printer.text(text, title=title, language=language))
            return into
        case InBase64(text=text):
            return _decoded(_pieces_of(text), into)
        case InSpooledBase64(file=file):
            return _decoded(unescaped(file, _CHUNK), into)
        case AtUrl(url=url):
            fetched = services.fetcher.fetch(url, into, max_bytes=_max_bytes(services))
            return fetched.path if isinstance(fetched, Fetched) else fetched


def _as_pdf(services: Services, brought: Path) -> Path | Unusable:
    """A DOCX is known by what it is, whichever property it came in: clients mix them up."""
    with brought.open("rb") as file:
        beginning = file.read(BEGINNING)
    if not is_text_document(beginning):
        return brought
    return services.text_documents.to_pdf(brought, None, brought.with_suffix(".pdf"))


def _decoded(pieces: Iterable[bytes], into: Path) -> Path | Unusable:
    return into if _decode(pieces, into) else NOT_BASE64


def _decode(pieces: Iterable[bytes], into: Path) -> bool:
    """Piece by piece, so that the file is never in memory whole; false when it is no Base64."""
    rest = b""
    with into.open("wb") as file:
        for piece in _without_prefix(pieces):
            rest += piece.translate(_TO_STANDARD).translate(None, _NOISE)
            whole = len(rest) - len(rest) % 4
            file.write(binascii.a2b_base64(rest[:whole]))
            rest = rest[whole:]
        if len(rest) == 1:
            return False
        file.write(binascii.a2b_base64(rest + b"=" * (-len(rest) % 4)))
    return into.stat().st_size > 0


def _pieces_of(text: str) -> Iterable[bytes]:
    for position in range(0, len(text), _CHUNK):
        yield text[position : position + _CHUNK].encode("ascii", "ignore")


def _without_prefix(pieces: Iterable[bytes]) -> Iterable[bytes]:
    """Without the `data:application/pdf;base64,` that browsers put before it."""
    for number, piece in enumerate(pieces):
        prefixed = number == 0 and piece.lstrip(b'" ')[:5].lower() == b"data:"
        yield piece.partition(b",")[2] if prefixed else piece


def _kept(services: Services, judged: Accepted, name: str) -> Document:
    original = services.files.keep(judged.file)
    return document_of(judged, original, document_id=services.tokens.uuid(), name=name)


def _max_bytes(services: Services) -> int:
    return services.settings.max_upload_mb * 1_000_000
