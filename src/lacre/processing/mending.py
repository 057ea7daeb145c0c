"""Mends what a reader of pictures got wrong, by the grammar of Brazilian numbers and by check digits.

Nothing is made up: a sign is only changed to what its reader held possible there, or to what it cannot be
told from by its looks (`º` and `°`, the `$` of `R$`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from lacre.kit.tax_ids import is_cnpj, is_cpf
from lacre.processing.letter import Letter
from lacre.processing.spelling import if_doubted, spelled


def mended(letters: Sequence[Letter], *, portuguese: bool = True) -> str:
    """A line of text, as many signs long as `letters`."""
    text = "".join(letter.text for letter in letters)
    for mend in _MENDERS:
        text = mend(text, letters)
    return spelled(text, letters, portuguese=portuguese)


_SHORT = re.compile(r"(?<![\w.,/-])(?:[\d.]{10}|[\d./]{14})-\d{2}(?!\d)")
"""Of a CPF or CNPJ, one digit less."""
_WHOLE = re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}")


def run_together(text: str) -> list[int]:
    """Places of digits that stand there twice: readers take two for one, and check digits tell which."""
    return [place for found in _SHORT.finditer(text) for place in _twin(found[0], found.start())]


def _twin(number: str, start: int) -> list[int]:
    longer = {number[:at] + number[at:][:1] * 2 + number[at + 1 :]: at for at in range(len(number))}
    right = [at for one, at in longer.items() if _WHOLE.fullmatch(one) and (is_cpf(one) or is_cnpj(one))]
    return [start + at for at in right] if len(right) == 1 else []


_BAR = re.compile(r"(?<!\S)\|(?=\S)|(?<=\S)\|(?!\S)|(?<!\S)\|(?!\S)")
_OPENING = re.compile(r"(?<!\S)\[(?=\S)|(?<=\S)\[(?!\S)")
_CLOSING = re.compile(r"(?<!\S)\](?=\S)|(?<=\S)\](?!\S)")


def _ruled(text: str, _: Sequence[Letter]) -> str:
    """Rules of tables at the edge of a word; a bracket is one where it has no other."""
    text = _BAR.sub(" ", text)
    if "]" not in text:
        return _OPENING.sub(" ", text)
    return text if "[" in text else _CLOSING.sub(" ", text)


_POINTED = re.compile(r"(?<![\d.,/-])\d{1,3}(?:[.,]\d{3})*([.,])\d{2}(?![\d.,/-])")
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+\.\d{2}")


def _decimal_comma(text: str, letters: Sequence[Letter]) -> str:
    """`1.234.56` is no number in Brazil; `12.50` is one elsewhere, so its reader must doubt the point."""

    def mend(found: re.Match[str]) -> str:
        number, at = found[0], found.start(1)
        doubted = "," in letters[at].others or _after_currency(text, found.start())
        if text[at] == "." and not doubted and not _GROUPED.fullmatch(number):
            return number
        return f"{number[:-3].replace(',', '.')},{number[-2:]}"

    return _POINTED.sub(mend, text)


def _after_currency(text: str, at: int) -> bool:
    return bool(re.search(r"R[$S]\s?$", text[:at]))


_CENTS = re.compile(r"(?<!\w)[Oo](?=,\d{2}(?![\d,]))")


def _zero(text: str, _: Sequence[Letter]) -> str:
    """`O,48`: no word goes on like this."""
    return _CENTS.sub("0", text)


_CPF = re.compile(r"(?<![\d.])\d{3}[.,]\d{3}[.,]\d{3}-\d{2}(?!\d)")
_CNPJ = re.compile(r"(?<![\w.])[0-9A-Z]{2}[.,][0-9A-Z]{3}[.,][0-9A-Z]{3}[/I|l1][0-9A-Z]{4}-\d{2}(?!\d)")


def _check_digits(text: str, letters: Sequence[Letter]) -> str:
    """One digit of a CPF or CNPJ that does not add up, where only one of those in doubt makes it right."""
    text = _CPF.sub(lambda found: _righted(found, letters, "...-", is_cpf), text)
    return _CNPJ.sub(lambda found: _righted(found, letters, "../-", is_cnpj), text)


def _righted(
    found: re.Match[str], letters: Sequence[Letter], marks: str, right: Callable[[str], bool]
) -> str:
    number = found[0].replace(",", ".")
    if "/" in marks:
        number = f"{number[:10]}/{number[11:]}"
    if right(number):
        return number
    better = {other for other in _with_one_changed(number, letters[found.start() :]) if right(other)}
    return better.pop() if len(better) == 1 else number


def _with_one_changed(number: str, letters: Sequence[Letter]) -> Iterator[str]:
    for at, letter in enumerate(letters[: len(number)]):
        if number[at].isalnum():
            for other in letter.others:
                if other.isdigit():
                    yield number[:at] + other + number[at + 1 :]


_CURRENCY = re.compile(r"\bR[S5s](?=\s?\d{1,3}(?:\.\d{3})*,\d{2}(?!\d))")


def _currency(text: str, _: Sequence[Letter]) -> str:
    return _CURRENCY.sub("R$", text)


_NUMBER_SIGN = re.compile(r"\b([nN])[°*\"](?=\s|\d|$)")
_MASCULINE = re.compile(r"(?<=\d)°(?!\s?[CF]\b)(?!\s?\d)")


_RAISED = re.compile(r"(?<!\w)(\d{1,3}|g)([ao])(?!\w)")
_NINTH = re.compile(r"(?<!\w)g(?=[ªº])")


def _ordinals(text: str, letters: Sequence[Letter]) -> str:
    """A degree sign looks the same, and is one after a number that is measured in Celsius."""

    def raised(found: re.Match[str]) -> str:
        sign = "ª" if found[2] == "a" else "º"
        return found[1] + sign if sign in letters[found.start(2)].others else found[0]

    text = _MASCULINE.sub("º", _NUMBER_SIGN.sub(r"\1º", text))
    return _NINTH.sub(partial(if_doubted, letters, "9"), _RAISED.sub(raised, text))


_MENDERS = (_ruled, _zero, _decimal_comma, _check_digits, _currency, _ordinals)
