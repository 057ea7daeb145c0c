"""A bundle of services with what a test gives it; the rest is missing and fails loudly when it is used."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from lacre.services import Services


def services_with(**given: Any) -> Services:  # noqa: ANN401 - any port
    missing = {one.name: _Missing(one.name) for one in fields(Services) if one.default is MISSING}
    return Services(**{**missing, **given})


class _Missing:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401
        raise AssertionError(f"services.{self._name}.{attribute} is used, and this test gave none")
