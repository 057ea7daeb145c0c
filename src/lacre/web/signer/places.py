"""Where fields stand on the pages, as a style sheet: the page's own policy forbids styles in the markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lacre.web.signer.view import FieldView

_COLOR = re.compile(r"#[0-9a-fA-F]{6}|#[0-9a-fA-F]{3}|rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)")


def places_css(fields: Sequence[FieldView], brand_color: str) -> str:
    return "\n".join([*map(_box, fields), *_brand(brand_color)])


def _box(one: FieldView) -> str:
    place = one.field.place
    top = 100 - place.bottom - place.height
    return (
        f"#m-{one.key}{{left:{place.left:.4f}%;top:{top:.4f}%;"
        f"width:{place.width:.4f}%;height:{place.height:.4f}%}}"
    )


def _brand(color: str) -> list[str]:
    """The sender's colour for the line on top, and for nothing that must be read."""
    return [f":root{{--brand:{color.strip()}}}"] if _COLOR.fullmatch(color.strip()) else []
