"""The built front end: which file a name stands for, icons, and how they are given out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from markupsafe import Markup
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent.parent / "static"
URL = "/static"
ENCODINGS = {"br": ".br", "gzip": ".gz"}


class FrontEndMissing(Exception):
    """The pages' scripts and styles are not built: run `make setup`, which writes them into {0}."""

    def __str__(self) -> str:
        return (self.__doc__ or "").format(*self.args)


@dataclass(frozen=True)
class Built:
    """Names carry digests, so browsers keep the files for ever and never see an old one."""

    folder: Path = FOLDER

    @cached_property
    def _manifest(self) -> dict[str, str]:
        file = self.folder / "manifest.json"
        if not file.exists():
            raise FrontEndMissing(self.folder)
        manifest = json.loads(file.read_text())
        return {**manifest["files"], "pdfjs": manifest["pdfjs"]}

    @cached_property
    def _icons(self) -> dict[str, str]:
        icons: dict[str, str] = json.loads((self.folder / "icons.json").read_text())
        return icons

    def url(self, name: str) -> str:
        return f"{URL}/{self._manifest[name]}"

    @property
    def pdfjs(self) -> str:
        """The folder of what pdf.js fetches as a document needs it."""
        return self._manifest["pdfjs"]

    def icon(self, name: str, label: str = "") -> Markup:
        """Inline SVG; without a label it is an ornament that screen readers skip."""
        meaning = (
            Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        )
        body = Markup(self._icons[name])  # noqa: S704 - from our own build
        return Markup('<svg class="icon" viewBox="0 0 24 24" width="20" height="20" {}>{}</svg>').format(
            meaning, body
        )


class BuiltFiles(StaticFiles):
    """Gives out the compressed twin that the build made, and lets browsers keep everything."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        accepted = Headers(scope=scope).get("accept-encoding", "")
        for encoding, ending in ENCODINGS.items():
            if encoding in accepted and self._has(path + ending):
                response = await super().get_response(path + ending, scope)
                response.headers["content-encoding"] = encoding
                response.headers["content-type"] = _type_of(path)
                return _kept_for_ever(response)
        return _kept_for_ever(await super().get_response(path, scope))

    def _has(self, path: str) -> bool:
        return self.lookup_path(path)[1] is not None


def _type_of(path: str) -> str:
    return "text/css; charset=utf-8" if path.endswith(".css") else "text/javascript; charset=utf-8"


def _kept_for_ever(response: Response) -> Response:
    response.headers["cache-control"] = "public, max-age=31536000, immutable"
    response.headers["vary"] = "accept-encoding"
    return response
