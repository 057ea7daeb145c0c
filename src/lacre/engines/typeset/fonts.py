"""The only fonts that PDFs are set with: the same everywhere, whatever the machine has installed."""

from __future__ import annotations

from pathlib import Path

import typst

FOLDER = Path(__file__).parent.parent / "fonts"


class FontsMissing(Exception):
    """There are no fonts to typeset with: run `make setup`, which fetches them into {0}."""

    def __str__(self) -> str:
        return (self.__doc__ or "").format(*self.args)


def installed_fonts(folder: Path = FOLDER) -> typst.Fonts:
    if not any(folder.glob("*.ttf")):
        raise FontsMissing(folder)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])
