"""How instants, sizes, digests and addresses are shown to people."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from math import floor

from babel.dates import format_datetime
from babel.numbers import format_currency, format_decimal, format_percent
from markupsafe import Markup

from lacre.kit.times import BRASILIA, rfc3339
from lacre.web.layout.translations import LANGUAGES


def moment(instant: datetime, language: str) -> Markup:
    """As people say it, in Brasília's time; the exact instant on hover and for machines."""
    local = instant.astimezone(BRASILIA)
    shown = format_datetime(local, _PATTERNS[language], locale=LANGUAGES[language])
    exact = format_datetime(local, "yyyy-MM-dd HH:mm:ss ZZZZ", locale="en")
    return Markup('<time datetime="{}" title="{}">{}</time>').format(rfc3339(instant), exact, shown)


_PATTERNS = {
    "pt-br": "d 'de' MMMM 'de' y 'às' HH:mm",
    "en": "MMMM d, y 'at' HH:mm",
    "es": "d 'de' MMMM 'de' y 'a las' HH:mm",
}


def brief(instant: datetime, now: datetime, language: str) -> Markup:
    """`"hoje, 14:32"`, `"12 de nov., 09:10"`: for lists; the exact instant on hover."""
    local, today = instant.astimezone(BRASILIA), now.astimezone(BRASILIA).date()
    days = (local.date() - today).days
    pattern = _DAYS[language] if local.year == today.year else _DAYS_OF_YEARS[language]
    day = _NEAR[language].get(days) or format_datetime(local, pattern, locale=LANGUAGES[language])
    exact = format_datetime(local, "yyyy-MM-dd HH:mm:ss ZZZZ", locale="en")
    shown = f"{day}, {local:%H:%M}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(rfc3339(instant), exact, shown)


_NEAR = {
    "pt-br": {-1: "ontem", 0: "hoje", 1: "amanhã"},
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "es": {-1: "ayer", 0: "hoy", 1: "mañana"},
}
_DAYS = {"pt-br": "d 'de' MMM", "en": "MMM d", "es": "d MMM"}
_DAYS_OF_YEARS = {"pt-br": "d 'de' MMM 'de' y", "en": "MMM d, y", "es": "d MMM y"}


def money(amount: Decimal, language: str) -> str:
    """`"R$ 1.234,56"`."""
    return format_currency(amount, "BRL", locale=LANGUAGES[language])


def duration(milliseconds: float, language: str) -> str:
    """`"184 ms"`, `"2,4 s"`."""
    if milliseconds < 1000:
        return f"{format_decimal(milliseconds, '0.#', locale=LANGUAGES[language])} ms"
    return f"{format_decimal(milliseconds / 1000, '0.#', locale=LANGUAGES[language])} s"


def percent(share: float, language: str) -> str:
    """`"99,9%"`: cut and not rounded, since one failure in ten thousand is one."""
    return format_percent(floor(share * 1000) / 1000, "0.#%", locale=LANGUAGES[language])


def number(count: int, language: str) -> str:
    """`"1.234"`."""
    return format_decimal(count, locale=LANGUAGES[language])


def size(count: int, language: str) -> str:
    """`"1,2 MB"`."""
    for unit, step in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= step:
            return f"{format_decimal(count / step, '#,##0.#', locale=LANGUAGES[language])} {unit}"
    return f"{count} B"


def digest(value: str) -> Markup:
    """In groups of eight, so that two of them can be compared by eye."""
    groups = [value[start : start + 8] for start in range(0, len(value), 8)]
    return Markup('<code class="digest">{}</code>').format(Markup("<wbr>").join(groups))


def masked_email(address: str) -> str:
    """`"ana.souza@example.com"` → `"a•••@example.com"`."""
    name, _, host = address.partition("@")
    return f"{name[:1]}•••@{host}" if host else address


def masked_phone(number: str) -> str:
    """`"+5511999998888"` → `"+55 •••• 8888"`."""
    return f"{number[:3]} •••• {number[-4:]}" if len(number) > 8 else "••••"


def masked_name(name: str) -> str:
    """First name and initials: enough for who was there, nothing for who was not."""
    first, *others = name.split() or [""]
    return " ".join([first, *(f"{other[:1]}." for other in others)])


def masked_title(title: str) -> str:
    """The first word and beginnings: who holds the paper recognises it, a stranger learns little."""
    first, *others = title.split() or [""]
    return " ".join([first, *(word if len(word) <= 3 else f"{word[0]}…" for word in others)])
