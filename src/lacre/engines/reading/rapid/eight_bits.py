"""A model in 8 bits, as set-up makes it from that of the wheel (`tools/eight-bits`): twice as quick.

Not in the repository: where it was not made, and on processors without the instructions, the model is used
as it comes.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

import openvino

FOLDER = Path(__file__).parent / "made"
_INSTRUCTIONS = frozenset(["avx512_vnni", "avx_vnni"])
"""Without them 8 bits are hardly quicker, and sums of their products may run over."""


def made_from(onnx: bytes, *cut: object) -> Path:
    """Where the model is that was made from this one, cut in this way: from another it would be another."""
    return FOLDER / f"{hashlib.sha256(onnx + repr(cut).encode()).hexdigest()[:16]}.xml"


def in_eight_bits(core: openvino.Core, file: Path) -> openvino.Model | None:
    return core.read_model(file) if file.exists() and multiplies_bytes(_processor()) else None


def multiplies_bytes(processor: str) -> bool:
    """As Linux tells about it in `/proc/cpuinfo`."""
    flags = next((line for line in processor.splitlines() if line.startswith("flags")), "")
    return not _INSTRUCTIONS.isdisjoint(flags.split())


def _processor() -> str:
    with suppress(OSError):
        return Path("/proc/cpuinfo").read_text()
    return ""
