"""Documents made of templates: filled, printed, judged and kept, outside of any transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lacre.documents.files import Files
from lacre.kit.ids import Digest
from lacre.signing.document import Document
from lacre.signing.drafting import anchors, document_of, fields_at_anchors
from lacre.signing.layout import Field
from lacre.signing.ports import Intake, TextDocuments, Unusable
from lacre.signing.signer import Signer


@dataclass(frozen=True, kw_only=True)
class Tools:
    files: Files
    text_documents: TextDocuments
    intake: Intake
    new_id: Callable[[], str]


@dataclass(frozen=True, kw_only=True)
class Made:
    """A document, and where in it its signers sign."""

    document: Document
    fields: Sequence[Field]


def make(
    tools: Tools, source: Digest, answers: Mapping[str, str], *, name: str, signers: Sequence[Signer]
) -> Made | Unusable:
    """Variables without an answer become nothing."""
    with tools.files.scratch() as folder, tools.files.local(source) as file:
        pdf = tools.text_documents.to_pdf(file, answers, folder / "made.pdf")
        if not isinstance(pdf, Path):
            return pdf
        judged = tools.intake.admit(pdf)
        if isinstance(judged, Unusable):
            return judged
        original = tools.files.keep(judged.file)
        texts = anchors(signers)
        found = tools.intake.find_text(judged.file, texts) if texts else {}
    document = document_of(judged, original, document_id=tools.new_id(), name=name)
    return Made(document=document, fields=fields_at_anchors(document, signers, found, new_id=tools.new_id))
