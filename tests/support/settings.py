"""Settings that a test gives, and nothing from the environment's `.env`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lacre.settings import Settings


def settings_in(folder: Path, **given: Any) -> Settings:  # noqa: ANN401 - any setting
    """Data lies in the folder's `data`."""
    return Settings(**{"data_dir": folder / "data", "_env_file": None, **given})
