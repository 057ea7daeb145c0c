"""Templates and the language they are shown in, made into answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from lacre.kit.tax_ids import show_tax_id
from lacre.web.layout import formats
from lacre.web.layout.built import Built
from lacre.web.layout.translations import LANGUAGES, NAMES, words_in

_CODE = re.compile(r"`([^`]+)`")
WEB = Path(__file__).parent.parent


@dataclass(frozen=True)
class Renderer:
    """`page("signer/room.html", "pt-br", …)`: one template of one of the web's folders, as an answer."""

    built: Built = field(default_factory=Built)
    _environments: dict[str, Environment] = field(default_factory=dict, repr=False)

    def page(
        self,
        template: str,
        language: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: object,
    ) -> HTMLResponse:
        return HTMLResponse(self.text(template, language, **values), status, {**PRIVATE, **(headers or {})})

    def text(self, template: str, language: str, **values: object) -> str:
        return self._environment(language).get_template(template).render(**values)

    def _environment(self, language: str) -> Environment:
        """One a language, since filters and words of a template are bound when it is compiled."""
        if language not in self._environments:
            self._environments[language] = _environment_in(language, self.built)
        return self._environments[language]


PRIVATE = {"cache-control": "private, no-store"}


def _environment_in(language: str, built: Built) -> Environment:
    environment = Environment(
        loader=PrefixLoader({folder.parent.name: FileSystemLoader(folder) for folder in _template_folders()}),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.install_gettext_translations(words_in(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals.update(
        language=language, tag=LANGUAGES[language].replace("_", "-"), languages=NAMES, static=built.url
    )
    environment.globals.update(icon=built.icon, pdfjs=built.pdfjs)
    environment.filters.update(
        moment=partial(formats.moment, language=language),
        brief=partial(formats.brief, language=language),
        duration=partial(formats.duration, language=language),
        percent=partial(formats.percent, language=language),
        number=partial(formats.number, language=language),
        money=partial(formats.money, language=language),
        tax_id=show_tax_id,
        size=partial(formats.size, language=language),
        digest=formats.digest,
        masked_email=formats.masked_email,
        masked_name=formats.masked_name,
        masked_title=formats.masked_title,
        lines=_lines,
        marked=_marked,
    )
    return environment


def _template_folders() -> list[Path]:
    return sorted(WEB.glob("*/templates"))


def _marked(text: str) -> Markup:
    """Backquotes become code; nothing else is understood."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped above


def _lines(text: str) -> Markup:
    """Line breaks that somebody typed, kept."""
    return Markup("<br>").join(text.splitlines())
