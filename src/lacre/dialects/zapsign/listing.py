"""The list of documents: its filters, its pages, and the links from one to the next."""

from __future__ import annotations

from datetime import date

from lacre.dialects.zapsign import words
from lacre.dialects.zapsign.dates import NotADay, day_of
from lacre.dialects.zapsign.document import listed, listed_signer
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.dialects.zapsign.pages import Paged
from lacre.kit.json import Json
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.folder import path_of
from lacre.signing.repositories import EnvelopeFilter

PAGE = 25
YES, NO = ("true", "1", "yes"), ("false", "0", "no")


def page_of(call: Call) -> dict[str, Json]:
    page = Paged.of(call, per_page=PAGE)
    with call.services.open_work() as work:
        found = work.envelopes.find(
            call.account_id,
            _filter(call),
            offset=page.offset,
            limit=PAGE,
            newest_first=call.query.get("sort_order", "").lower() != "asc",
        )
    return page.answer([_item(call, envelope) for envelope in found.items], total=found.total)


def _filter(call: Call) -> EnvelopeFilter:
    query = call.query
    return EnvelopeFilter(
        statuses=_statuses(query.get("status", "")),
        deleted=_flag(query.get("deleted", "")),
        signer_email=query.get("signer_email", ""),
        folder=path_of(query["folder_path"]) if query.get("folder_path") else "",
        created_by=call.user.sees_only if call.user is not None else "",
        created_from=_day(call, "created_from"),
        created_to=_day(call, "created_to"),
    )


def _statuses(said: str) -> tuple[EnvelopeStatus, ...]:
    if not said:
        return ()
    word = words.STATUS_FILTERS.get(said.lower())
    if word is None:
        raise Declined(400, "O status deve ser pending, signed ou refused.")
    return words.statuses_called(word)


def _flag(said: str) -> bool | None:
    if said.lower() in YES:
        return True
    return False if said.lower() in NO else None


def _day(call: Call, name: str) -> date | None:
    try:
        return day_of(call.query.get(name))
    except NotADay:
        raise Declined(400, f"{name} deve ser uma data no formato YYYY-MM-DD.") from None


def _item(call: Call, envelope: Envelope) -> dict[str, Json]:
    links = call.services.links
    item = listed(envelope, links=links, now=call.now)
    if _flag(call.query.get("include_signers", "")):
        signers = [listed_signer(envelope, one, links=links) for one in envelope.active_signers]
        item = {name: None if value == "" else value for name, value in item.items()} | {"signers": signers}
    return item
