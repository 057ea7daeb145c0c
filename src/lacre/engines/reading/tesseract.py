"""`Eyes` by Tesseract, the light choice: a program of the distribution, started for each page."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections.abc import Iterator, Sequence

import cv2

from lacre.engines.reading.eyes import Seen
from lacre.engines.reading.installed import LANGUAGES, installed_languages
from lacre.engines.reading.upright import Gray

_WORD_LEVEL = "5"
_SECONDS = 60
_LONG = 3


class Tesseract:
    def see(self, picture: Gray, languages: Sequence[str]) -> list[Seen]:
        known = installed_languages()
        wanted = [LANGUAGES[one] for one in languages if LANGUAGES.get(one) in known] or ["por"]
        # one that knows the first language well; more of them cost time and mix their signs
        return list(_words(_told(picture, wanted[0])))


def _told(picture: Gray, language: str) -> str:
    """What it says about each word, as tab-separated values."""
    _, packed = cv2.imencode(".pgm", picture)
    command = [
        "timeout",
        str(_SECONDS),
        "tesseract",
        "-",
        "-",
        "-l",
        language,
        "--dpi",
        "200",
        "--psm",
        "3",
        "tsv",
    ]
    # `timeout` ends it even when we are killed in between
    asked = subprocess.run(  # noqa: S603
        command,
        input=packed.tobytes(),
        capture_output=True,
        check=True,
        env=os.environ | {"OMP_THREAD_LIMIT": "1"},
    )
    return asked.stdout.decode(errors="replace")


def _words(told: str) -> Iterator[Seen]:
    for row in csv.DictReader(io.StringIO(told), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row["text"] or "").strip()
        if row["level"] == _WORD_LEVEL and text.strip("|_—-~"):
            left, top = float(row["left"]), float(row["top"])
            right, bottom = left + float(row["width"]), top + float(row["height"])
            # it reads up and down the page by itself: those are turned first
            if len(text) < _LONG or right - left > bottom - top:
                yield Seen(text, left, top, right, bottom, max(0.0, float(row["conf"]) / 100))
