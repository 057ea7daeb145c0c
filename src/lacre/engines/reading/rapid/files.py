"""Where RapidOCR's wheel has its models."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

FINDING = "PP-OCRv6_det_small.onnx"
RECOGNISING = "PP-OCRv6_rec_small.onnx"
ADVICE = "Install the models: pip install rapidocr openvino, or set LACRE_READER=tesseract"


class ModelsMissing(Exception):
    """There are no models on this machine; the message says what to install."""


def folder() -> Path:
    """Raises `ModelsMissing`."""
    spec = find_spec("rapidocr")
    if find_spec("openvino") is None or spec is None or spec.origin is None:
        raise ModelsMissing(ADVICE)
    found = Path(spec.origin).parent / "models"
    if not all((found / name).exists() for name in (FINDING, RECOGNISING)):
        raise ModelsMissing(f"RapidOCR's wheel is not the one we know: {RECOGNISING} is not in it. {ADVICE}")
    return found
