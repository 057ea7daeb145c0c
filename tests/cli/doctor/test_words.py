"""What the settings say, before anything is reached."""

from __future__ import annotations

from pathlib import Path

from lacre.cli.doctor import words
from lacre.cli.doctor.finding import Level
from tests.support.settings import settings_in


def test_a_sandboxs_time_is_told(tmp_path: Path) -> None:
    assert words.time_scale(settings_in(tmp_path)).level == Level.OK
    assert words.time_scale(settings_in(tmp_path, time_scale=600)).level == Level.WARNING
