"""What the templates are given: facts in words and order, nothing left to decide but how they look."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import segno

from lacre.engines.typeset.instants import in_brasilia, in_brasilia_bare, in_utc
from lacre.engines.typeset.pictures import clean_picture, size_of
from lacre.engines.typeset.shown import on_one_line, shown
from lacre.kit.ids import Digest
from lacre.kit.tax_ids import show_tax_id
from lacre.signing.evidence import Evidence
from lacre.signing.record import (
    Handwriting,
    HistoryContents,
    Ink,
    Picture,
    RecordContents,
    RecordDocument,
    RecordEvent,
    RecordSigner,
)

Facts = dict[str, Any]

FRAME_HEIGHT = 136
"""Of a signer's block on A4: five fit a page."""


class Album:
    """The pictures of one sheet, each cleaned and handed over once, however often it is shown."""

    def __init__(self) -> None:
        self._kept: dict[bytes, int] = {}
        self._pngs: list[bytes] = []

    def place_of(self, image: bytes) -> int:
        if image not in self._kept:
            self._kept[image] = len(self._pngs)
            self._pngs.append(clean_picture(image))
        return self._kept[image]

    def facts(self) -> list[Facts]:
        # typst takes strings only: bytes go as numbers
        return [{"png": list(png), "size": size_of(png)} for png in self._pngs]


def sheet_facts(contents: RecordContents, words: Facts) -> Facts:
    """What stands on every sheet, and on blank ones alone: these are certified before anyone signs."""
    return {
        "words": words,
        "title": on_one_line(contents.title),
        "id": shown(contents.shown_id),
        "facts": _known_from_the_start(contents, words),
        "verify_url": contents.verify_url,
        "qr": _qr_svg(contents.verify_url),
        "documents": [
            _document_facts(replace(document, final=None), words) for document in contents.documents
        ],
        "frame_height": FRAME_HEIGHT,
    }


def record_facts(contents: RecordContents, words: Facts) -> Facts:
    legal = words["legal_icp"] if contents.authority.icp_brasil else words["legal_own"]
    album = Album()
    return sheet_facts(contents, words) | {
        "facts": _known_from_the_start(contents, words) + _known_at_the_end(contents, words),
        "documents": [_document_facts(document, words) for document in contents.documents],
        "signers": [signer_facts(signer, words, album) for signer in contents.signers],
        "album": album.facts(),
        "events": [_event_facts(event, words) for event in contents.events],
        "legal_seal": _legal(contents, legal.format(authority=on_one_line(contents.authority.name)), words),
    }


def history_facts(contents: HistoryContents, words: Facts) -> Facts:
    by = words["created_by"].format(who=on_one_line(contents.created_by)) if contents.created_by else ""
    return {
        # its own name stands in the foot, where a record's stands on the other sheets
        "words": words | {"record": words["history"]},
        "title": on_one_line(contents.title),
        "id": shown(contents.shown_id),
        "created": in_brasilia_bare(contents.created_at, words["code"]),
        "created_by": by,
        "documents": [{"name": on_one_line(name), "token": token} for name, token in contents.documents],
        "columns": words["history_columns"],
        "lines": [_line_facts(event, words) for event in contents.events],
    }


def _line_facts(event: RecordEvent, words: Facts) -> Facts:
    return {
        "at": in_brasilia_bare(event.at, words["code"]),
        "who": on_one_line(event.who),
        "what": on_one_line(event.what),
        "detail": on_one_line(event.detail),
    }


def _legal(contents: RecordContents, seal: str, words: Facts) -> str:
    own = any(one.evidence and one.evidence.certificate for one in contents.signers)
    return f"{seal} {words['legal_certificate']}" if own else seal


def signer_facts(signer: RecordSigner, words: Facts, album: Album) -> Facts:
    status = signer.status if signer.status in ("signed", "refused", "released") else "pending"
    name = on_one_line(signer.name)
    return {
        "name": f"{signer.order}. {name}" if signer.order else name,
        "role": signed_as(signer.qualification, words),
        "status": status,
        "state": words[f"signer_{status}"],
        "rows": _signer_rows(signer, words),
        "ink": ink_facts(signer.ink, signer.name, album),
    }


def ink_facts(ink: Ink | None, whose: str, album: Album) -> Facts | None:
    match ink:
        case None:
            return None
        case Handwriting(text):
            return {"text": on_one_line(text)}
        case Picture(image):
            return {"picture": album.place_of(image), "alt": on_one_line(whose)}


def signed_as(qualification: str, words: Facts) -> str:
    said: str = words["signed_as"]
    return said.format(qualification=on_one_line(qualification)) if qualification else ""


def _known_from_the_start(contents: RecordContents, words: Facts) -> list[tuple[str, str, bool]]:
    made = in_brasilia(contents.created_at, words["code"])
    if contents.created_by:
        made += " " + words["created_by"].format(who=on_one_line(contents.created_by))
    return [
        (words["envelope"], shown(contents.shown_id), True),
        (words["created"], made, False),
        (words["authority"], on_one_line(contents.authority.name), False),
    ]


def _known_at_the_end(contents: RecordContents, words: Facts) -> list[tuple[str, str, bool]]:
    ended = in_brasilia(contents.finished_at, words["code"]) if contents.finished_at else ""
    rows = [
        (words["status"], words["statuses"].get(contents.status, contents.status), False),
        (words["finished"], ended, False),
        (words["chain"], contents.chain_head, True),
    ]
    return [row for row in rows if row[1]]


def _document_facts(document: RecordDocument, words: Facts) -> Facts:
    digests = [(words["sha_original"], document.original)]
    if document.final:
        digests.append((words["sha_final"], document.final))
    pages = words["page_one"] if document.pages == 1 else words["page_many"].format(count=document.pages)
    return {"name": on_one_line(document.name), "pages": pages, "digests": digests}


def _event_facts(event: RecordEvent, words: Facts) -> Facts:
    return {
        "at": in_brasilia_bare(event.at, words["code"]),
        "who": words["system"] if event.who == "system" else on_one_line(event.who),
        "what": _happened(event, words),
        "detail": on_one_line(event.detail),
    }


def _happened(event: RecordEvent, words: Facts) -> str:
    known = words["message_kept"] if event.kept else words["events"].get(event.what)
    return str(known or on_one_line(event.what))


def _signer_rows(signer: RecordSigner, words: Facts) -> list[Facts]:
    rows = [
        _row(words["email"], signer.email),
        _row(words["phone"], signer.phone),
        _row(words["tax_id"], show_tax_id(signer.tax_id)),
        *[_row(on_one_line(label), on_one_line(answer)) for label, answer in signer.said],
        *[
            _row(on_one_line(name), f"SHA-256 {digest}", wide=True, digits=True)
            for name, digest in signer.brought
        ],
        _row(words["refusal"], signer.refusal, wide=True),
    ]
    if signer.evidence:
        rows += _evidence_rows(signer.evidence, words)
    return [row for row in rows if row["cells"][1]]


def _evidence_rows(evidence: Evidence, words: Facts) -> list[Facts]:
    source = words.get(evidence.time_source or "server", evidence.time_source)
    identified = [words["identification"].get(how, str(how)) for how in evidence.identified_by]
    accepted = words["acceptance_of"].format(version=evidence.terms_version) if evidence.terms_version else ""
    return [
        _row(words["signed_at"], in_brasilia(evidence.at, words["code"])),
        _row("", f"{in_utc(evidence.at, words['code'])} · {source}"),
        _row(words["address"], _address(evidence), digits=True),
        _row(words["identified"], ", ".join(identified)),
        _row(words["certificate"], _certificate(evidence, words), wide=True),
        _row(words["photos"], _photos(evidence), wide=True, digits=True),
        _row(words["acceptance"], accepted),
        _row(words["place"], _coordinates(evidence), digits=True),
        _row(words["user_agent"], evidence.origin.user_agent, wide=True),
        *_seen_rows(evidence.seen, words),
    ]


def _seen_rows(seen: tuple[Digest, ...], words: Facts) -> list[Facts]:
    # the first few stand here; all of them are in the audit log and in the list of documents
    labels = [words["digest_seen"], *[""] * len(seen)]
    rows = [
        _row(label, digest, wide=True, digits=True) for label, digest in zip(labels, seen[:2], strict=False)
    ]
    if len(seen) > 2:
        rows.append(_row("", f"+ {len(seen) - 2}", wide=True))
    return rows


def _row(label: str, value: str, *, wide: bool = False, digits: bool = False) -> Facts:
    return {"cells": (label, shown(value) if digits else on_one_line(value), digits), "wide": wide}


def _address(evidence: Evidence) -> str:
    origin = evidence.origin
    shown = f"[{origin.ip}]" if ":" in origin.ip and origin.port else origin.ip
    return f"{shown}:{origin.port}" if origin.ip and origin.port else shown


def _certificate(evidence: Evidence, words: Facts) -> str:
    found = evidence.certificate
    if found is None:
        return ""
    checked = words["revocation_unknown"] if found.revoked is None else words["revocation_checked"]
    return f"{found.subject} · {found.issuer} · {found.serial} · {checked}"


def _photos(evidence: Evidence) -> str:
    """Where they are is for the sender alone; that they are these, for everybody. Whole in the audit log."""
    return " · ".join(digest[:16] for digest in evidence.photos.values())


def _coordinates(evidence: Evidence) -> str:
    if not (evidence.latitude and evidence.longitude):
        return ""
    return f"{evidence.latitude}, {evidence.longitude}"


def _qr_svg(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=0, dark="#221d18", xmldecl=False)
    return out.getvalue().decode()
