"""`quantise.py FOLDER`: each model there, with the pictures beside it, into FOLDER/made in 8 bits.

Runs where NNCF is and Lacre is not.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import nncf
import numpy as np
import openvino
from nncf.quantization.advanced_parameters import AdvancedQuantizationParameters, OverflowFix
from numpy.typing import NDArray
from openvino._offline_transformations import apply_moc_transformations

LEFT_ALONE = (
    "MatMul", "ScaledDotProductAttention", "MVN",
    "Add", "Multiply", "MaxPool", "AvgPool", "Concat", "ReduceMean",
)  # fmt: skip
"""Attention, and the sums that carry on what was seen early: little of the work, and the first to err."""
EARLY = 4
"""Convolutions that see edges and dots; they have few channels, and gain little."""
# halving the weights would only spare processors for which the models are left as they come
AS_FINE_AS_CAN_BE = AdvancedQuantizationParameters(overflow_fix=OverflowFix.DISABLE)


def main(folder: Path) -> None:
    nncf.set_log_level(logging.ERROR)
    for file in folder.glob("*.xml"):
        made = _quantised(openvino.Core().read_model(file), file.with_suffix(".npz"))
        openvino.save_model(made, folder / "made" / file.name, compress_to_fp16=False)


def _quantised(model: openvino.Model, shown: Path) -> openvino.Model:
    # GELU in one piece: quantised in its parts it is neither quick nor right
    apply_moc_transformations(model, cf=False)
    with np.load(shown) as pictures:
        samples = list(pictures.values())
    return nncf.quantize(
        model,
        nncf.Dataset(samples, _levels),
        preset=nncf.QuantizationPreset.MIXED,
        subset_size=len(samples),
        ignored_scope=_left_alone(model),
        advanced_parameters=AS_FINE_AS_CAN_BE,
    )


def _left_alone(model: openvino.Model) -> nncf.IgnoredScope:
    kinds = ((node.get_friendly_name(), node.get_type_name()) for node in model.get_ordered_ops())
    early = [name for name, kind in kinds if kind == "Convolution"][:EARLY]
    return nncf.IgnoredScope(types=list(LEFT_ALONE), names=early, validate=False)


def _levels(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """As `lacre.engines.reading.rapid.models.levels`."""
    return np.repeat((picture.astype(np.float32) / 127.5 - 1)[None, None], 3, axis=1)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
