from __future__ import annotations

import pytest

from lacre.engines.typeset.typesetter import TypstTypesetter


@pytest.fixture(scope="session")
def typesetter() -> TypstTypesetter:
    return TypstTypesetter()
