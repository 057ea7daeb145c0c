"""`Stationery`: one layout in HTML and one in text, filled with the words of the letter's language."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from lacre.kit.times import BRASILIA
from lacre.signing.letter import Letter
from lacre.signing.ports import Mail

LANGUAGES = ("pt-br", "en", "es")
SEAL_RED = "#a3261f"

_WORDS = Path(__file__).parent / "words"
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


class JinjaStationery:
    def __init__(self) -> None:
        templates = Environment(
            loader=PackageLoader("lacre.engines.mail"),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._html = templates.get_template("letter.html")
        self._text = templates.get_template("letter.txt")

    def write(self, letter: Letter) -> Mail:
        words = words_in(letter.language)
        said = _sentences(letter, words) | _looks(letter)
        return Mail(
            key=letter.key,
            to=letter.to,
            to_name=letter.to_name,
            subject=said["subject"],
            html=self._html.render(said),
            text=re.sub(r"\n{3,}", "\n\n", self._text.render(said)).strip() + "\n",
            reply_to=letter.reply_to,
            returns=letter.returns,
            sender_name=letter.branding.name,
        )

    def write_short(self, letter: Letter) -> str:
        words = words_in(letter.language)
        facts = _facts(letter, words) | {"link": letter.link}
        said = _all_filled(words["short"][letter.kind], facts)
        return " ".join(" ".join(said).split())


@cache
def words_in(language: str) -> dict[str, Any]:
    """The table of that language; Portuguese for one that we do not write."""
    name = language if language in LANGUAGES else LANGUAGES[0]
    table: dict[str, Any] = json.loads((_WORDS / f"{name}.json").read_text(encoding="utf-8"))
    return table


def _sentences(letter: Letter, words: dict[str, Any]) -> dict[str, Any]:
    facts, form = _facts(letter, words), words["letters"][letter.kind]
    return {
        "lang": words["lang"],
        "subject": " ".join(letter.subject.split()) or _subject(form["subject"], facts),
        "heading": _filled(form["heading"], facts),
        "greeting": _filled(words["greeting"], facts) or words["greeting_nameless"],
        "lines": _all_filled(form["lines"], facts),
        "code": letter.code,
        "button": form["button"] if letter.link else "",
        "link": letter.link,
        "or_open": words["or_open"],
        "files_title": words["documents"],
        "files": letter.files,
        "message_title": _filled(words["message"], facts),
        "message": letter.message.strip(),
        "after": _all_filled([words[name] for name in form["after"]], facts),
        "footer": _filled(words["footer"], facts) or words["footer_plain"],
    }


def _facts(letter: Letter, words: dict[str, Any]) -> dict[str, str]:
    days = words["day_one"] if letter.days_left == 1 else words["day_many"].format(count=letter.days_left)
    return {
        "title": letter.title,
        "to_name": letter.to_name,
        "sender": letter.sender or letter.branding.name or "Lacre",
        "brand": letter.branding.name,
        "who": _listed(letter.who, words["and"]),
        "reason": letter.reason.strip(),
        "expires": _moment(letter.expires_at, words["date"]),
        "days": days if letter.days_left else "",
        "minutes": str(letter.minutes or ""),
        "code": letter.code,
        "since": _moment(letter.since, words["date"]),
        "failure": words["failures"].get(letter.failure, letter.failure),
    }


def _looks(letter: Letter) -> dict[str, str]:
    brand, chosen = letter.branding, letter.branding.color
    color = chosen.lower() if _COLOR.fullmatch(chosen) else SEAL_RED
    return {
        "brand": brand.name or "Lacre",
        "logo": brand.logo_url if _is_https(brand.logo_url) else "",
        "color": color,
        "on_color": "#ffffff" if _contrast_with_white(color) >= 4.5 else "#221d18",
    }


def _filled(sentence: str, facts: dict[str, str]) -> str:
    """Empty when one of its facts is: half a sentence says nothing."""
    if not all(facts[name] for name in _PLACEHOLDER.findall(sentence)):
        return ""
    return sentence.format_map(facts)


def _all_filled(sentences: list[str], facts: dict[str, str]) -> list[str]:
    return [filled for filled in (_filled(sentence, facts) for sentence in sentences) if filled]


def _subject(sentence: str, facts: dict[str, str]) -> str:
    """One line; a mail without a title still has a subject."""
    filled = _filled(sentence, facts) or _filled(sentence.partition(":")[0], facts)
    return " ".join(filled.split())[:200]


def _listed(names: tuple[str, ...], last: str) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


def _moment(instant: datetime | None, pattern: str) -> str:
    return instant.astimezone(BRASILIA).strftime(pattern) if instant else ""


def _is_https(url: str) -> bool:
    # mail programs fetch it, we never do
    return urlsplit(url).scheme == "https" and bool(urlsplit(url).hostname)


def _contrast_with_white(color: str) -> float:
    red, green, blue = (_linear(int(color[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
