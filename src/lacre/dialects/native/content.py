"""What of an envelope an endpoint is told, and how its files are: as links, as Base64, or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from lacre.dialects.native import shown
from lacre.dialects.native.wire.endpoints import Content, Files, Options
from lacre.documents.links import Links, Variant
from lacre.kit.ids import Digest, with_prefix
from lacre.kit.json import Json
from lacre.signing.envelope import Envelope
from lacre.webhooks.body import InBase64, JsonWithFiles

IDENTITY = ("id", "number", "external_id", "status")
"""Whatever is left out: without these nobody knows what it is about."""
_PEOPLE = ("signers", "observers")
_LINKS = ("original_url", "sealed_url", "record_url")
_EVERYTHING = Options()


def is_usual(options: Options) -> bool:
    return options.include == _EVERYTHING.include and options.files == _EVERYTHING.files


def chosen(
    data: Mapping[str, Json], envelope: Envelope, options: Options, *, links: Links, now: datetime
) -> dict[str, JsonWithFiles]:
    """`data` as an endpoint with everything is told it, without what this one did not ask for."""
    whole: Any = data["envelope"]
    left: dict[str, JsonWithFiles] = {**data, "envelope": _envelope(whole, options)}
    if "signer" in data and Content.SIGNERS not in options.include:
        left["signer"] = _identity(data["signer"])
    files = list(_files(envelope, options, links=links, now=now))
    if files or options.files is Files.BASE64:
        left["files"] = files
    return left


def _envelope(whole: dict[str, Any], options: Options) -> dict[str, JsonWithFiles]:
    lists = {*_PEOPLE, "documents"}
    particulars = {name: value for name, value in whole.items() if name not in lists}
    kept = dict(particulars) if Content.ENVELOPE in options.include else _identity(whole)
    if Content.DOCUMENTS in options.include:
        kept["documents"] = [_document(one, options) for one in whole["documents"]]
    if Content.SIGNERS in options.include:
        kept |= {name: whole[name] for name in _PEOPLE}
    return kept


def _document(whole: dict[str, Any], options: Options) -> dict[str, Any]:
    linked = options.files is Files.LINK
    hidden = set(() if linked else _LINKS)
    if Content.RECORD not in options.include:
        hidden.add("record_url")
    return {name: None if name in hidden else value for name, value in whole.items()}


def _identity(whole: Any) -> dict[str, JsonWithFiles]:  # noqa: ANN401 - an object of our own making
    return {name: whole[name] for name in IDENTITY if name in whole}


def _files(
    envelope: Envelope, options: Options, *, links: Links, now: datetime
) -> Iterator[dict[str, JsonWithFiles]]:
    """As Base64 all that were chosen; as a link only the record, when no document is there to hold it."""
    inside = options.files is Files.BASE64
    if inside and Content.DOCUMENTS in options.include:
        for paper in envelope.documents:
            sealed = shown.sealed_to_be_seen(envelope, paper)
            if sealed:
                name = with_prefix("doc", paper.id)
                yield {**_named("sealed", name, sealed), "base64": InBase64(digest=sealed)}
    if envelope.record is None or Content.RECORD not in options.include:
        return
    if inside:
        yield {**_named("record", None, envelope.record), "base64": InBase64(digest=envelope.record)}
    elif options.files is Files.LINK and Content.DOCUMENTS not in options.include:
        first = envelope.documents[0]
        url = links.file_url(first.id, Variant.RECORD, now=now)
        yield {**_named("record", None, envelope.record), "url": url}


def _named(kind: str, document_id: str | None, digest: Digest) -> dict[str, JsonWithFiles]:
    return {"kind": kind, "document_id": document_id, "sha256": digest}
