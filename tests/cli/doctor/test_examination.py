"""All checks together: none stands in the way of another, and looking changes nothing."""

from __future__ import annotations

import hashlib
from pathlib import Path

from lacre.bootstrap import open_installation
from lacre.cli.doctor.examination import CHECKS, NEEDS, examine
from lacre.cli.doctor.finding import Level
from tests.support.settings import settings_in


def test_looking_changes_nothing_but_for_the_probe(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    open_installation(settings).close()
    old = (settings.data_dir / "secret.key").read_text().strip()
    before = content_of(settings.data_dir)

    found = examine(settings_in(tmp_path, secret_key=f"a-new-key-that-is-long-enough,{old}"))

    assert {name for name, one in found.items() if one.level == Level.PROBLEM} == set()
    assert content_of(settings.data_dir) == before


def test_what_needs_something_broken_is_left_out_and_the_rest_looked_at(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, database_url="postgresql://lacre@127.0.0.1:1/lacre")

    found = examine(settings)

    assert found["keys"].detail == "not looked at before database is mended"
    assert set(found) == set(CHECKS)


def test_what_is_needed_is_looked_at_first() -> None:
    order = list(CHECKS)

    assert all(order.index(one) < order.index(name) for name, needed in NEEDS.items() for one in needed)


def content_of(folder: Path) -> dict[str, str]:
    """Of everything but the files, where a probe is written, and SQLite's log, which comes and goes."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "files" not in path.parts and not path.name.endswith(("-wal", "-shm"))
    }
