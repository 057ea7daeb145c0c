"""What signatures that came with a file allow to be added to it."""

from __future__ import annotations

from collections.abc import Iterator

from lacre.engines.pades.cos import Dictionary, Name, integer, string_text
from lacre.engines.pades.form import Found, Unfit, signatures
from lacre.engines.pades.source import Source

_FINAL = 1
_DEFAULT_PERMISSION = 2


def check_may_add(source: Source, names: tuple[str, ...]) -> bool:
    """Refuses where an earlier signature forbids these fields; `True` when one certifies the file."""
    certified = False
    for transform in _transforms(source):
        method, parameters = transform.get(b"TransformMethod"), source.get(transform.get(b"TransformParams"))
        rules = parameters if isinstance(parameters, dict) else {}
        if method == Name(b"DocMDP"):
            certified = True
            _check_permission(source, rules, _DEFAULT_PERMISSION)
        elif method == Name(b"FieldMDP"):
            _check_permission(source, rules, _DEFAULT_PERMISSION)
            _check_fields(source, rules, names)
    return certified


def _transforms(source: Source) -> Iterator[Dictionary]:
    for found in signatures(source):
        yield from _transforms_of(source, found)


def _transforms_of(source: Source, found: Found) -> Iterator[Dictionary]:
    signature = source.dictionary(found.entries.get(b"V"))
    for reference in source.array(signature.get(b"Reference")):
        yield source.dictionary(reference)


def _check_permission(source: Source, rules: Dictionary, missing: int) -> None:
    if integer(source.get(rules.get(b"P")), missing) == _FINAL:
        raise Unfit("the file is certified as final: its author forbids any further signature")


def _check_fields(source: Source, rules: Dictionary, names: tuple[str, ...]) -> None:
    listed = {string_text(source.get(name)) for name in source.array(rules.get(b"Fields"))}
    action = source.get(rules.get(b"Action"))
    locked = {
        Name(b"All"): True,
        Name(b"Include"): bool(listed & set(names)),
        Name(b"Exclude"): not set(names) <= listed,
    }
    if isinstance(action, Name) and locked.get(action, True):
        raise Unfit("an earlier signature locks the fields that would be added")
