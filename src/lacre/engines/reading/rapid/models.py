"""The two models in RapidOCR's wheel, and the signs that we let them see.

Nothing of `rapidocr` is imported: it would read settings, log, and fetch other models when asked for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openvino
from numpy.typing import NDArray
from openvino import opset13

from lacre.engines.reading.rapid.eight_bits import in_eight_bits, made_from
from lacre.engines.reading.rapid.files import ADVICE, FINDING, RECOGNISING, ModelsMissing, folder

HEIGHT = 32
"""Pixels of the strips that we give the model. It was taught with 48, of which a third is paper around the
letters: without that it is a quarter faster, and as right."""
_HOW = {
    "INFERENCE_NUM_THREADS": 1,
    "NUM_STREAMS": 1,
    "INFERENCE_PRECISION_HINT": "f32",
    "ENABLE_CPU_PINNING": False,
}
"""Each child process is one reader: more threads cost more CPU and win nothing. In 32 bits also where the
processor has bfloat16, which the engine would take by itself: it drops accents. Not tied to a core: all
children would be tied to the same."""

ALPHABET = frozenset(
    "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]_abcdefghijklmnopqrstuvwxyz{|}~"
    "ÀÁÂÃÄÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜàáâãäçèéêëìíîïñòóôõöùúûü"
    "ªº°§€£©®™«»“”‘’–—•·…²³¹½¼¾×÷±µ¿☐☑✓✔"
)
"""Portuguese, Spanish and English. Of 18,708 signs: the others could only be mistakes, and cost time."""


@dataclass(frozen=True)
class Recognition:
    """The model that names signs, cut down to ours, and which sign each of its outputs means."""

    model: openvino.Model
    made: Path
    """The same in 8 bits, if it was made."""
    signs: tuple[str, ...]
    """By output; the first is "nothing"."""

    def quickest(self, core: openvino.Core) -> openvino.Model:
        return in_eight_bits(core, self.made) or self.model


def finding_model(core: openvino.Core) -> openvino.Model:
    """Never in 8 bits: it would overlook short words."""
    return core.read_model(folder() / FINDING)


def recognition(core: openvino.Core) -> Recognition:
    onnx = (folder() / RECOGNISING).read_bytes()
    every = ("", *signs_of(onnx), " ")
    kept = [number for number, sign in enumerate(every) if sign in ALPHABET or sign in ("", " ")]
    model = _lowered(_cut(core.read_model(onnx), kept))
    return Recognition(model, made_from(onnx, HEIGHT, kept), tuple(every[number] for number in kept))


def compiled(core: openvino.Core, model: openvino.Model) -> openvino.CompiledModel:
    """Reads the same on any processor."""
    return core.compile_model(model, "CPU", _HOW)


def levels(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
    """Pictures of one size as the models want them: from -1 to 1, and three colours that are alike."""
    gray = np.stack(pictures).astype(np.float32) / 127.5 - 1
    return np.repeat(gray[:, None], 3, axis=1)


def _cut(model: openvino.Model, kept: list[int]) -> openvino.Model:
    """The same model with only these outputs: its last layer is one column per sign."""
    adding = _of_kind(model, "Add")
    product = adding.input_value(0).get_node()
    weights, offsets = (node.input_value(1).get_node().get_data() for node in (product, adding))
    fewer = opset13.matmul(
        product.input_value(0), opset13.constant(np.ascontiguousarray(weights[:, kept])), False, False
    )
    scores = opset13.softmax(opset13.add(fewer, opset13.constant(np.ascontiguousarray(offsets[kept]))), 2)
    return openvino.Model([scores], model.get_parameters(), "recognition")


def _lowered(model: openvino.Model) -> openvino.Model:
    """For strips of `HEIGHT`: what it pools over at the end is as many rows as are left of them."""
    pooling = _of_kind(model, "AvgPool")
    rows = HEIGHT // 16
    pooled = opset13.avg_pool(
        pooling.input_value(0), [rows, 2], [0, 0], [0, 0], [rows, 2], True, "floor", "explicit"
    )
    for target in pooling.output(0).get_target_inputs():
        target.replace_source_output(pooled.output(0))
    model.validate_nodes_and_infer_types()
    model.reshape([-1, 3, HEIGHT, -1])
    return model


def _of_kind(model: openvino.Model, kind: str) -> openvino.Node:
    """The last of its kind before the output."""
    return next(node for node in reversed(model.get_ordered_ops()) if node.get_type_name() == kind)


# ── the list of signs stands in the ONNX file as metadata ────────────────────

_METADATA = 14
_KEY, _VALUE = 1, 2


def signs_of(onnx: bytes) -> list[str]:
    for number, entry in _fields(memoryview(onnx)):
        if number == _METADATA:
            pair = dict(_fields(entry))
            if bytes(pair[_KEY]) == b"character":
                return bytes(pair[_VALUE]).decode().split("\n")
    raise ModelsMissing(f"{RECOGNISING} does not say which signs it knows. {ADVICE}")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Numbers and contents of a protobuf message's fields of bytes."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 2:
            length, at = _varint(message, at)
            yield key >> 3, message[at : at + length]
            at += length
        else:
            _, at = _varint(message, at)


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at
