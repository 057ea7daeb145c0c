"""Which Tesseract is on this machine."""

from __future__ import annotations

import shutil
import subprocess

PACKAGES = "tesseract-ocr tesseract-ocr-por tesseract-ocr-spa"
ADVICE = f"Install Tesseract on the server: apt-get install {PACKAGES}"
LANGUAGES = {"pt": "por", "en": "eng", "es": "spa"}


class TesseractMissing(Exception):
    """There is no Tesseract, or it does not know Portuguese; the message says what to install."""


def installed_languages() -> frozenset[str]:
    """Raises `TesseractMissing`."""
    program = shutil.which("tesseract")
    if program is None:
        raise TesseractMissing(ADVICE)
    asked = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603
    known = frozenset(asked.stdout.split())
    if "por" not in known:
        raise TesseractMissing(f"{program} does not know Portuguese. {ADVICE}")
    return known
