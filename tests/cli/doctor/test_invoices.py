"""Where service invoices go, and whether the sandbox's tax office is there."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from pydantic import ValidationError

from lacre.cli.doctor.finding import Level
from lacre.cli.doctor.invoices import tax_office
from tests.support.settings import settings_in


def test_as_installed_only_the_test_environment_is_open(tmp_path: Path) -> None:
    found = tax_office(settings_in(tmp_path))

    assert (found.level, found.detail) == (Level.OK, "notes of test; there is no sandbox")


def test_production_is_said(tmp_path: Path) -> None:
    assert "test and production" in tax_office(settings_in(tmp_path, nfse_production=True)).detail


def test_a_sandbox_that_listens_is_fine_and_one_that_does_not_is_a_problem(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as office:
        settings = settings_in(tmp_path, nfse_sandbox_url=f"https://127.0.0.1:{office.getsockname()[1]}")
        there = tax_office(settings)

    gone = tax_office(settings)

    assert there.level == Level.OK
    assert gone.level == Level.PROBLEM
    assert "lacre sefin run" in gone.remedy


def test_an_authority_that_is_no_file_is_refused_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        settings_in(tmp_path, nfse_sandbox_ca=tmp_path / "nowhere.pem")
