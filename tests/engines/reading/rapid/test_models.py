"""What the engine is told about the models."""

from __future__ import annotations

import openvino

from lacre.engines.reading.rapid.models import compiled, finding_model


def test_nothing_is_rounded_to_what_the_processor_is_quickest_with() -> None:
    core = openvino.Core()

    asked = compiled(core, finding_model(core))

    assert asked.get_property("INFERENCE_PRECISION_HINT") == openvino.Type.f32


def test_children_are_not_tied_to_one_core() -> None:
    core = openvino.Core()

    asked = compiled(core, finding_model(core))

    assert asked.get_property("ENABLE_CPU_PINNING") is False
