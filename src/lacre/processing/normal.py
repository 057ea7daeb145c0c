"""Values as their kinds write them: found in a text, brought to one form, and none if they cannot be true."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from lacre.kit.tax_ids import is_cnpj, is_cpf, show_tax_id
from lacre.processing import checks
from lacre.processing.document_type import Kind

LONGEST_TEXT = 300


@dataclass(frozen=True, slots=True)
class Normal:
    value: str
    start: int
    end: int
    """Where it stands in the text."""
    checked: bool = False
    """Check digits say that it is right."""


def normal(kind: Kind, text: str) -> Normal | None:
    """The first value of this kind in a text."""
    return next(iter(every(kind, text)), None)


def every(kind: Kind, text: str) -> Iterator[Normal]:
    """All values of this kind in a text."""
    return _FINDERS[kind](text)


def written(kind: Kind, value: str) -> str:
    """As it is written in Brazil, to be read and typed over: `23/11/2026`, `1.234,56`."""
    if kind is Kind.DATE:
        return "/".join(reversed(value.split("-")))
    if kind is Kind.MONEY:
        return f"{Decimal(value):,.2f}".translate(_BRAZILIAN)
    if kind is Kind.DECIMAL:
        return f"{Decimal(value):,}".translate(_BRAZILIAN)
    return value


_BRAZILIAN = str.maketrans(",.", ".,")


def folded(text: str) -> str:
    """Without case, accents, and all that is no letter or digit."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if sign.isalnum())


def plain_name(text: str) -> str:
    """As a property of data: `Valor total (R$)` is `valor_total_r`."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return re.sub(r"[^a-z0-9]+", "_", plain).lstrip("_0123456789").rstrip("_")


# ── what looks alike, where only digits can be ───────────────────────────────

_ALIKE = str.maketrans("OoQDIilL|!ZzSsBgq", "00001111112255899")
_DIGIT = r"[0-9OoQDIilL|!ZzSsBgq]"


def _digits(text: str) -> str:
    """As they were meant: a letter among digits was a digit."""
    return re.sub(r"\D", "", text.translate(_ALIKE))


def _matches(pattern: re.Pattern[str], text: str, make: Callable[[str], str | None]) -> Iterator[Normal]:
    for found in pattern.finditer(text):
        value = make(found[0])
        if value is not None:
            yield Normal(value, found.start(), found.end())


def _checked(
    pattern: re.Pattern[str], text: str, is_right: Callable[[str], bool], show: Callable[[str], str] = str
) -> Iterator[Normal]:
    """As it was read if that is right, else with letters taken for digits.

    What is wrong may begin too early: beside the line of a boleto stands the number of its bank.
    """
    found = pattern.search(text)
    while found is not None:
        plain = re.sub(r"[^0-9A-Za-z]", "", found[0]).upper()
        right = next((value for value in (plain, _digits(found[0])) if is_right(value)), None)
        if right is not None:
            yield Normal(show(right), found.start(), found.end(), checked=True)
        found = pattern.search(text, found.end() if right is not None else found.start() + 1)


# ── each kind ────────────────────────────────────────────────────────────────

_DOT = r"[.,\s]{0,2}"
_CPF = re.compile(
    rf"(?<![\w.]){_DIGIT}{{3}}{_DOT}{_DIGIT}{{3}}{_DOT}{_DIGIT}{{3}}[-–/.\s]{{0,2}}{_DIGIT}{{2}}(?!\w)"
)
_SIGN = r"[0-9A-Za-z|]"
_CNPJ = re.compile(
    rf"(?<![\w.]){_SIGN}{{2}}{_DOT}{_SIGN}{{3}}{_DOT}{_SIGN}{{3}}[/|l1I\s]{{0,2}}{_SIGN}{{4}}[-–.\s]{{0,2}}{_SIGN}{{2}}(?!\w)"
)
_GROUPED = r"(?:{d}[\s.\-/]*){{{n}}}"
_KEY = re.compile(r"(?<!\w)" + _GROUPED.format(d=_DIGIT, n=43) + _DIGIT + r"(?!\w)")


def _lettered(*, before: int, after: int) -> re.Pattern[str]:
    """A key in which a CNPJ may have letters: so many digits before it, and after its twelve signs."""
    groups = ((_DIGIT, before), (_SIGN, 12), (_DIGIT, after))
    grouped = "".join(_GROUPED.format(d=sign, n=number) for sign, number in groups)
    return re.compile(rf"(?<!\w){grouped}{_DIGIT}(?!\w)")


_LETTERED_KEY = _lettered(before=6, after=25)
_SERVICE_KEY = _lettered(before=9, after=28)
_LINE = re.compile(r"(?<!\w)" + _GROUPED.format(d=_DIGIT, n=46) + _DIGIT + rf"(?:[\s.\-]?{_DIGIT})?(?!\w)")
_BARS = re.compile(r"(?<!\d)\d{44}(?!\d)")
_CEP = re.compile(rf"(?<!\w){_DIGIT}{{2}}\.?{_DIGIT}{{3}}-?{_DIGIT}{{3}}(?!\w)")
_MONEY = re.compile(r"(?<![\w.,])-?\s?\d{1,3}(?:(?:[.\s]\d{3})+|\d*)[,.]\s?\d{2}(?![\d,]|\.\d)-?")
_DECIMAL = re.compile(r"(?<![\w.,])-?\s?\d{1,3}(?:(?:\.\d{3})+|\d*)(?:,\d{1,10})?(?![\w,]|\.\d)")
_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4}|\d{2})(?!\d)")
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_SPELT = re.compile(r"(\d{1,2})\s?[ºo°]?\s*(?:de\s+|/)?([A-Za-zçÇ]{3,9})\.?\s*(?:de\s+|/)?(\d{4})")
_MONTHS = ("jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez")
_NUMBER = re.compile(rf"(?<!\w){_DIGIT}(?:[.\-/\s]?{_DIGIT})*(?!\w)")
_UF = re.compile(r"(?<![A-Za-z])(" + "|".join(sorted(checks.UFS.values())) + r")(?![A-Za-z])")
_PLACE = re.compile(r"(?<=[^\W\d_])\s?[-–]\s?(" + "|".join(sorted(checks.UFS.values())) + r")$")
"""`Goiânia-SP`, `Goiânia - SP`: between a city and its state readers lose blanks, or see some."""
_NUMBERED = re.compile(r"[\s,;|(–-]+(?:CNPJ|CPF|CGC)\b", re.IGNORECASE)
"""After a name, the number of who has it: `Souza Ltda - CNPJ 11.222.333/0001-81`."""
_NAME = re.compile(r"[^\W\d_][\w .,&'’/()ºª-]*", re.UNICODE)


def _cpf(text: str) -> Iterator[Normal]:
    return _checked(_CPF, text, is_cpf, show_tax_id)


def _cnpj(text: str) -> Iterator[Normal]:
    return _checked(_CNPJ, text, is_cnpj, show_tax_id)


def _tax_id(text: str) -> Iterator[Normal]:
    yield from sorted([*_cnpj(text), *_cpf(text)], key=lambda one: one.start)


def _access_key(text: str) -> Iterator[Normal]:
    """Of digits, and of whose issuer's CNPJ has letters: apart, for words before a key look like letters."""
    found = [*_checked(_KEY, text, checks.is_access_key), *_checked(_LETTERED_KEY, text, _is_lettered_key)]
    found += [*_checked(_SERVICE_KEY, text, checks.is_service_key)]
    yield from sorted(found, key=lambda one: one.start)


def _is_lettered_key(text: str) -> bool:
    return checks.is_access_key(text) and not text.isdecimal()


def _payment_line(text: str) -> Iterator[Normal]:
    """From the line that is typed, or from the bars."""
    yield from _checked(_LINE, text, checks.is_payment_line)
    for one in _checked(_BARS, text, checks.is_bar_code):
        yield Normal(checks.payment_line(one.value), one.start, one.end, checked=True)


def _cep(text: str) -> Iterator[Normal]:
    return _matches(_CEP, text, lambda found: f"{_digits(found)[:5]}-{_digits(found)[5:]}")


def _money(text: str) -> Iterator[Normal]:
    return _matches(_MONEY, text, _reais)


def _reais(found: str) -> str:
    digits = re.sub(r"\D", "", found)
    sign = "-" if "-" in found else ""
    return f"{sign}{int(digits[:-2] or '0')}.{digits[-2:]}"


def _decimal(text: str) -> Iterator[Normal]:
    return _matches(_DECIMAL, text, _with_point)


def _with_point(found: str) -> str:
    whole, _, decimals = "".join(found.split()).replace(".", "").partition(",")
    sign = "-" if whole.startswith("-") else ""
    return f"{sign}{int(whole.lstrip('-'))}{'.' if decimals else ''}{decimals}"


def _date(text: str) -> Iterator[Normal]:
    found = [
        *_days(_DAY, text, lambda one: (_year(one[3]), int(one[2]), int(one[1]))),
        *_days(_ISO_DAY, text, lambda one: (int(one[1]), int(one[2]), int(one[3]))),
        *_days(_SPELT, text, lambda one: (int(one[3]), _month(one[2]), int(one[1]))),
    ]
    yield from sorted(found, key=lambda one: one.start)


def _days(
    pattern: re.Pattern[str], text: str, of: Callable[[re.Match[str]], tuple[int, int, int]]
) -> Iterator[Normal]:
    for found in pattern.finditer(text):
        try:
            day = date(*of(found))
        except ValueError:
            continue
        if day.year >= 1900:
            yield Normal(day.isoformat(), found.start(), found.end())


def _year(text: str) -> int:
    """Of two digits: this century up to 49, for births are more than dates in 2076."""
    year = int(text)
    return year if year > 99 else year + (2000 if year < 50 else 1900)


def _month(text: str) -> int:
    short = folded(text)[:3]
    return _MONTHS.index(short) + 1 if short in _MONTHS else 0


def _number(text: str) -> Iterator[Normal]:
    return _matches(_NUMBER, text, lambda found: _digits(found) if re.search(r"\d", found) else None)


def _integer(text: str) -> Iterator[Normal]:
    for one in _number(text):
        yield Normal(str(int(one.value)), one.start, one.end)


def _uf(text: str) -> Iterator[Normal]:
    return _matches(_UF, text.upper(), str)


def _driver_number(text: str) -> Iterator[Normal]:
    return _checked(_NUMBER, text, checks.is_driver_number)


def _text(text: str) -> Iterator[Normal]:
    value = _PLACE.sub(r" - \1", " ".join(text.split()).strip(" :;|-–_"))
    if value and len(value) <= LONGEST_TEXT:
        yield Normal(value, 0, len(text))


def _name(text: str) -> Iterator[Normal]:
    for found in _NAME.finditer(_NUMBERED.split(text, maxsplit=1)[0]):
        value = " ".join(found[0].split()).strip(" .,-/(")
        if sum(sign.isalpha() for sign in value) >= 3:
            yield Normal(value, found.start(), found.end())


_FINDERS: Mapping[Kind, Callable[[str], Iterator[Normal]]] = {
    Kind.TEXT: _text,
    Kind.NAME: _name,
    Kind.CPF: _cpf,
    Kind.CNPJ: _cnpj,
    Kind.TAX_ID: _tax_id,
    Kind.DATE: _date,
    Kind.MONEY: _money,
    Kind.DECIMAL: _decimal,
    Kind.NUMBER: _number,
    Kind.INTEGER: _integer,
    Kind.CEP: _cep,
    Kind.UF: _uf,
    Kind.DRIVER_NUMBER: _driver_number,
    Kind.ACCESS_KEY: _access_key,
    Kind.PAYMENT_LINE: _payment_line,
}
