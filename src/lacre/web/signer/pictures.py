"""Drawings as a canvas sends them: text in a form field."""

from __future__ import annotations

import base64
import binascii

from lacre.documents.pictures import MAX_MARK_BYTES

_DATA_URL = "data:image/png;base64,"


def from_data_url(text: str) -> bytes | None:
    """The bytes that a canvas sends in a form field."""
    if not text.startswith(_DATA_URL) or len(text) > MAX_MARK_BYTES * 2:
        return None
    try:
        return base64.b64decode(text.removeprefix(_DATA_URL), validate=True)
    except binascii.Error:
        return None


def as_data_url(png: bytes) -> str:
    return _DATA_URL + base64.b64encode(png).decode()
