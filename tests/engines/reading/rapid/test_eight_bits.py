"""Models in 8 bits are used where they were made and the processor is quick with them; otherwise not."""

from __future__ import annotations

from pathlib import Path

import openvino
import pytest

from lacre.engines.reading.rapid.eight_bits import in_eight_bits, made_from, multiplies_bytes


@pytest.mark.parametrize(
    ("processor", "quick"),
    [
        ("model name\t: X\nflags\t\t: fpu avx2 avx512_vnni gfni\n", True),
        ("flags\t\t: fpu avx2 avx_vnni\n", True),
        ("flags\t\t: fpu avx2 avx512f\n", False),
        ("Features\t: fp asimd\n", False),
        ("", False),
    ],
)
def test_a_processor_says_whether_it_multiplies_bytes(processor: str, quick: bool) -> None:
    assert multiplies_bytes(processor) is quick


def test_a_model_that_is_cut_in_another_way_is_another() -> None:
    names = {made_from(b"model", 32, [1]), made_from(b"model", 48, [1]), made_from(b"other", 32, [1])}

    assert len(names) == 3
    assert made_from(b"model", 32, [1]) in names


def test_what_was_not_made_is_not_used(tmp_path: Path) -> None:
    assert in_eight_bits(openvino.Core(), tmp_path / "none.xml") is None
