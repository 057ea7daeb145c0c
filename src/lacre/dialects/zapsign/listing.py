"""The list of documents: its filters, its pages, and the links from one to the next."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from lacre.dialects.zapsign import words
from lacre.dialects.zapsign.dates import NotADay, day_of
from lacre.dialects.zapsign.document import listed, listed_signer
from lacre.dialects.zapsign.door import Call
from lacre.dialects.zapsign.errors import Declined
from lacre.kit.json import Json
from lacre.signing.envelope import Envelope, EnvelopeStatus
from lacre.signing.folder import path_of
from lacre.signing.repositories import EnvelopeFilter

PAGE = 25
_LAST_PAGE = 1_000_000
_YES, _NO = ("true", "1", "yes"), ("false", "0", "no")


def page_of(call: Call) -> dict[str, Json]:
    number = _page_number(call.query.get("page", ""))
    with call.services.open_work() as work:
        found = work.envelopes.find(
            call.account_id,
            _filter(call),
            offset=(number - 1) * PAGE,
            limit=PAGE,
            newest_first=call.query.get("sort_order", "").lower() != "asc",
        )
    if number > 1 and not found.items:
        raise Declined(404, "Página inválida.")
    more = number * PAGE < found.total
    return {
        "count": found.total,
        "next": _url(call, number + 1) if more else None,
        "previous": _url(call, number - 1) if number > 1 else None,
        "results": [_item(call, envelope) for envelope in found.items],
    }


def _page_number(said: str) -> int:
    if not said:
        return 1
    if not (said.isascii() and said.isdigit()) or not 1 <= int(said[:8]) <= _LAST_PAGE or len(said) > 8:
        raise Declined(404, "Página inválida.")
    return int(said)


def _filter(call: Call) -> EnvelopeFilter:
    query = call.query
    return EnvelopeFilter(
        statuses=_statuses(query.get("status", "")),
        deleted=_flag(query.get("deleted", "")),
        signer_email=query.get("signer_email", ""),
        folder=path_of(query["folder_path"]) if query.get("folder_path") else "",
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
    if said.lower() in _YES:
        return True
    return False if said.lower() in _NO else None


def _day(call: Call, name: str) -> date | None:
    try:
        return day_of(call.query.get(name))
    except NotADay:
        raise Declined(400, f"{name} deve ser uma data no formato YYYY-MM-DD.") from None


def _url(call: Call, number: int) -> str:
    """With the caller's own query, so that a token in it goes on working."""
    others = [(name, value) for name, value in call.query.multi_items() if name != "page"]
    return f"{call.services.public_url}{call.url_path}?{urlencode([*others, ('page', number)])}"


def _item(call: Call, envelope: Envelope) -> dict[str, Json]:
    links = call.services.links
    item = listed(envelope, links=links, now=call.now)
    if _flag(call.query.get("include_signers", "")):
        signers = [listed_signer(envelope, one, links=links) for one in envelope.active_signers]
        item = {name: None if value == "" else value for name, value in item.items()} | {"signers": signers}
    return item
