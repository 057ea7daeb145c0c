"""Checks of what the settings say, before anything is reached."""

from __future__ import annotations

import os

from lacre.cli.doctor.finding import Finding, fine, warning
from lacre.settings import Settings

FOR_TESTS = {"LACRE_SAMPLES", "LACRE_LONG_FAULTS"}


def settings_known(settings: Settings) -> Finding:
    """A misspelt setting is silently without effect."""
    known = {f"LACRE_{name.upper()}" for name in type(settings).model_fields} | FOR_TESTS
    strange = sorted(
        name for name in os.environ if name.upper().startswith("LACRE_") and name.upper() not in known
    )
    if strange:
        return warning(
            f"no such setting: {', '.join(strange)}",
            "They have no effect: look for a misspelling (docs/operate lists every setting).",
        )
    return fine(f"{len(settings.model_fields_set)} set, the others at their defaults")


def time_scale(settings: Settings) -> Finding:
    if settings.time_scale == 1:
        return fine("1, as it must be in production")
    return warning(
        f"every wait, expiry and link life is divided by {settings.time_scale:g}",
        "Only a sandbox may have LACRE_TIME_SCALE: unset it before anybody signs for real.",
    )
