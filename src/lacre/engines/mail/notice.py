"""Notices that a mail could not be delivered (RFC 3464), read from whatever a mail server wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser

from lacre.signing.ports import Returned

_TAG = re.compile(r"(?<![A-Za-z0-9])([A-Za-z2-7]{42})@")
"""As `Links.return_tag` makes them: before the @, alone or behind a plus sign."""
_CODE = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
_BOUND_FOR = ("to", "delivered-to", "x-original-to", "envelope-to")
"""Headers that say whom a notice is for: a mail server may have written it anew."""
_MOST_TAGS = 5
_LONGEST = 500


def read_notice(content: bytes) -> list[Returned]:
    """Nothing when it is no notice, or only says that a mail is late."""
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(content)
    if not _is_report(message):
        return []
    tags = _tags(message)
    return [
        Returned(tag=tag, reason=_reason(fields), code=_code(fields))
        for fields in _failures(message)
        for tag in tags
    ]


def _is_report(message: Message) -> bool:
    kind = str(message.get_param("report-type") or "").lower()
    return message.get_content_type() == "multipart/report" and kind in ("delivery-status", "")


def _tags(message: EmailMessage) -> Sequence[str]:
    said = " ".join(_header(message, name) for name in _BOUND_FOR)
    return list(dict.fromkeys(tag.lower() for tag in _TAG.findall(said)))[:_MOST_TAGS]


def _failures(message: EmailMessage) -> Iterator[Message]:
    """The fields about each whom it did not reach; the first group is about the message as such."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status":
            for fields in part.get_payload():
                if isinstance(fields, Message) and _header(fields, "action").lower() == "failed":
                    yield fields


def _reason(fields: Message) -> str:
    """What the other server said, or else the bare status."""
    said = _header(fields, "diagnostic-code").partition(";")
    text = said[2] if said[1] else said[0]
    return " ".join((text or _header(fields, "status")).split())[:_LONGEST] or "failed"


def _code(fields: Message) -> int | None:
    kind, _, text = _header(fields, "diagnostic-code").partition(";")
    found = _CODE.search(text) if kind.strip().lower() == "smtp" else None
    return int(found[1]) if found else None


def _header(message: Message, name: str) -> str:
    """Of a stranger's mail: a header that cannot be read says nothing."""
    try:
        return " ".join(str(one) for one in message.get_all(name, []))
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""
