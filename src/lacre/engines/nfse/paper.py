"""The DANFSe's page as BrazilFiscalReport draws it, its logo read once and in the paper's resolution."""

from __future__ import annotations

from functools import cache
from typing import Any

from brazilfiscalreport.danfse import Danfse
from PIL import Image

_WIDTH = 640
"""Pixels over four centimetres: 400 to the inch. The library's own has three times as many each way:
half of the time that a note takes to draw, and of its file."""


_KEY_SIZE, _KEY_DROP = 11, 14
"""Points; millimetres under the middle of the page, along its diagonal."""


class Page(Danfse):  # type: ignore[misc]  # the library is untyped
    def __init__(self, *, replaced_by: str = "", **named: Any) -> None:  # noqa: ANN401
        # the library draws everything as it is made
        self._replaced_by = replaced_by
        super().__init__(**named)

    def _draw_watermark(self) -> None:
        """With the key of the note in this one's place, under the word that says so."""
        super()._draw_watermark()
        if not self._replaced_by:
            return
        told = f"pela NFS-e {self._replaced_by}"
        self.set_font("Helvetica", "", _KEY_SIZE)
        left, middle = (self.w - self.get_string_width(told)) / 2, self.h / 2
        with self.local_context(fill_opacity=0.6), self.rotation(55, self.w / 2, middle):
            self.text(left, middle + _KEY_DROP, told)

    def image(self, name: object, *given: Any, **named: Any) -> Any:  # noqa: ANN401 - as the library has it
        return super().image(_logo(name) if isinstance(name, str) else name, *given, **named)


@cache
def _logo(file: str) -> Image.Image:
    """The one file that it names."""
    with Image.open(file) as whole:
        return whole.resize((_WIDTH, round(whole.height * _WIDTH / whole.width)), Image.Resampling.LANCZOS)
