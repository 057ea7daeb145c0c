"""Paths as clients write them."""

from __future__ import annotations

import pytest

from lacre.dialects.arqsign.paths import tidied


@pytest.mark.parametrize(
    "written",
    [
        "/api/v2/processo/x/reenviar-processo",
        "/v2//api/v2/processo/x/reenviar-processo",
        "//api//v2/processo//x/reenviar-processo",
        "/api/v2/Processo/X/Reenviar-Processo",
    ],
)
def test_one_spelling_is_passed_on(written: str) -> None:
    assert tidied(written) == "/api/v2/processo/x/reenviar-processo"


@pytest.mark.parametrize("theirs", ["/api/v1/docs/X", "/v1/envelopes", "//app//Keys", "/api/v3/processo/x"])
def test_paths_of_others_stay_as_they_are(theirs: str) -> None:
    assert tidied(theirs) == theirs
