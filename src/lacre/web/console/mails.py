"""A mail as it was written: on a page of its own, and as its reader's mail program shows it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from lacre.kit.refusal import NotFound
from lacre.signing.repositories import KeptMail
from lacre.web.console.door import Answer, Page, Visit
from lacre.web.security import headers_for

_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


def mail_page(visit: Visit, mails: Sequence[KeptMail], *, back: str, back_words: str) -> Answer:
    """The one of them that the address numbers, from 1."""
    values = {
        "mail": _numbered(visit, mails),
        "body_url": f"{visit.path}/body",
        "back": back,
        "back_words": back_words,
    }
    policy = headers_for(visit.path)["content-security-policy"] + "; frame-src 'self'"
    return Page("console/mail.html", values, headers={"content-security-policy": policy})


def mail_body(visit: Visit, mails: Sequence[KeptMail]) -> Answer:
    """Nothing in it runs, and nothing is fetched for it."""
    headers = {"content-security-policy": _POLICY, "cache-control": "private, no-store"}
    html = _numbered(visit, mails).html
    return Response(html, media_type="text/html; charset=utf-8", headers=headers)


def _numbered(visit: Visit, mails: Sequence[KeptMail]) -> KeptMail:
    place: int = visit.request.path_params["number"] - 1
    if not 0 <= place < len(mails):
        raise NotFound("mail")
    return mails[place]
