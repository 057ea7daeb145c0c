"""Our own API as it describes itself: made once a run, since many tests go through its operations."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from lacre.dialects.native.routes import application
from tests.support.services import services_with


@cache
def described() -> Mapping[str, Any]:
    """Its OpenAPI document."""
    return application(services_with(public_url="https://lacre.test")).openapi()
