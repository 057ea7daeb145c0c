from __future__ import annotations

from pathlib import Path

import pytest

from lacre.engines.typeset.fonts import FontsMissing, installed_fonts


def test_missing_fonts_are_named_with_the_way_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="make setup"):
        installed_fonts(tmp_path)


def test_only_our_own_fonts_are_used() -> None:
    families = set(installed_fonts().families())

    assert {"Noto Sans", "Caveat", "Source Serif 4"} <= families
    assert len(families) == 11
