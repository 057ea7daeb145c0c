"""Where others find us, whom we may reach, and whose word we take."""

from __future__ import annotations

from pathlib import Path

import pytest

from lacre.cli.doctor.address import egress, proxies, public_url
from lacre.cli.doctor.finding import Level
from tests.support.settings import settings_in


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("https://assina.example.com", Level.OK),
        ("https://assina.example.com/", Level.OK),
        ("https://assina.example.com:8443", Level.OK),
        ("", Level.WARNING),
        ("http://assina.example.com", Level.WARNING),
        ("http://localhost:8000", Level.WARNING),
        ("https://127.0.0.1", Level.WARNING),
    ],
)
def test_a_public_address_is_one_that_others_reach(tmp_path: Path, url: str, level: Level) -> None:
    assert public_url(settings_in(tmp_path, public_url=url)).level == level


@pytest.mark.parametrize(
    ("networks", "level"),
    [
        ("", Level.OK),
        ("10.1.0.0/16, fd00::/8", Level.OK),
        ("0.0.0.0/0", Level.WARNING),
        ("::/0", Level.WARNING),
        ("169.254.0.0/16", Level.WARNING),
    ],
)
def test_a_hole_in_the_fence_is_told(tmp_path: Path, networks: str, level: Level) -> None:
    assert egress(settings_in(tmp_path, egress_allow=networks)).level == level


def test_believing_everybody_about_who_calls_is_told(tmp_path: Path) -> None:
    assert proxies(settings_in(tmp_path, trusted_proxies="0.0.0.0/0")).level == Level.WARNING


def test_tls_without_a_trusted_proxy_is_told(tmp_path: Path) -> None:
    found = proxies(settings_in(tmp_path, public_url="https://assina.example.com"))

    assert found.level == Level.WARNING
    assert "LACRE_TRUSTED_PROXIES" in found.remedy


def test_a_trusted_proxy_is_fine(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, public_url="https://assina.example.com", trusted_proxies="127.0.0.1/32")

    assert proxies(settings).level == Level.OK
