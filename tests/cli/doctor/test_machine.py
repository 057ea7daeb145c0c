"""The machine that Lacre runs on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lacre.cli.doctor import machine
from lacre.cli.doctor.finding import Check, Level
from tests.support.settings import settings_in


def test_a_folder_to_be_made_is_fine_and_not_made(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, data_dir=tmp_path / "one" / "two")

    assert machine.data_folder(settings).level == Level.OK
    assert not (tmp_path / "one").exists()


def test_a_file_in_its_place_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    assert machine.data_folder(settings_in(tmp_path)).level == Level.PROBLEM


def test_a_private_folder_is_fine(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o700)

    assert machine.data_folder(settings_in(tmp_path)).level == Level.OK


def test_a_folder_open_to_everybody_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)  # whatever the umask of who runs the tests

    found = machine.data_folder(settings_in(tmp_path))

    assert found.level == Level.WARNING
    assert found.remedy.startswith("chmod 700")


def test_nothing_is_written_into_the_folder_of_another_user(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder away")
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o777)
    os.chown(tmp_path / "data", 65_534, 65_534)

    found = machine.data_folder(settings_in(tmp_path))

    assert found.level == Level.PROBLEM
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize(
    "check", [machine.front_end, machine.fonts, machine.sandbox_child, machine.office, machine.reader]
)
def test_what_set_up_built_is_found(tmp_path: Path, check: Check) -> None:
    assert check(settings_in(tmp_path)).level == Level.OK


def test_room_on_the_disk_is_told_in_gigabytes(tmp_path: Path) -> None:
    assert "GB free" in machine.disk_space(settings_in(tmp_path)).detail


def test_the_clock_is_looked_at(tmp_path: Path) -> None:
    assert machine.clock_synchronised(settings_in(tmp_path)).level in (Level.OK, Level.WARNING)


def test_a_machine_without_libreoffice_works_and_is_told_what_to_install(tmp_path: Path) -> None:
    found = machine.office(settings_in(tmp_path, office="no-such-program"))

    assert found.level == Level.WARNING
    assert "apt-get install libreoffice-writer-nogui" in found.remedy
