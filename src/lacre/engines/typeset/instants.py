"""Instants as people read them, with the zone said, in the record's language."""

from __future__ import annotations

from datetime import UTC, datetime

from lacre.kit.times import BRASILIA

_PATTERNS = {"pt-br": "%d/%m/%Y %H:%M:%S", "es": "%d/%m/%Y %H:%M:%S", "en": "%Y-%m-%d %H:%M:%S"}


def in_brasilia(instant: datetime, language: str) -> str:
    """`23/11/2026 14:32:07 (UTC−03:00)`."""
    local = instant.astimezone(BRASILIA)
    return f"{local.strftime(_PATTERNS[language])} ({_offset(local)})"


def in_brasilia_bare(instant: datetime, language: str) -> str:
    """Without its zone, where a column heading says it."""
    return instant.astimezone(BRASILIA).strftime(_PATTERNS[language])


def in_utc(instant: datetime, language: str) -> str:
    return f"{instant.astimezone(UTC).strftime(_PATTERNS[language])} UTC"


def _offset(local: datetime) -> str:
    # Brasília had summer time until 2019 and may have it again
    sign = "−" if local.strftime("%z").startswith("-") else "+"
    digits = local.strftime("%z")[1:]
    return f"UTC{sign}{digits[:2]}:{digits[2:4]}"
