"""The DANFSe's page as BrazilFiscalReport draws it, its logo read once and in the paper's resolution."""

from __future__ import annotations

from functools import cache
from typing import Any

from brazilfiscalreport.danfse import Danfse
from PIL import Image

_WIDTH = 640
"""Pixels over four centimetres: 400 to the inch. The library's own has three times as many each way:
half of the time that a note takes to draw, and of its file."""


class Page(Danfse):  # type: ignore[misc]  # the library is untyped
    def image(self, name: object, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the library has it
        return super().image(_logo(name) if isinstance(name, str) else name, *given, **named)


@cache
def _logo(file: str) -> Image.Image:
    """The one file that it names."""
    with Image.open(file) as whole:
        return whole.resize((_WIDTH, round(whole.height * _WIDTH / whole.width)), Image.Resampling.LANCZOS)
