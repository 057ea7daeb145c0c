"""`python -m tools.eight_bits.samples FOLDER`: puts there the model that names signs, and strips for it.

These only tell which numbers occur inside the model; they are of seeds that no bench measures.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import cv2
import numpy as np
import openvino

from bench.pages.drawing import FAMILIES, Kind, sheet
from bench.pages.wear import Quality, worn
from lacre.engines.reading.rapid.finding import Finder
from lacre.engines.reading.rapid.models import recognition
from lacre.engines.reading.rapid.recognising import cropped
from lacre.engines.reading.upright import Gray, cleaned, skew, straightened

DPI = 200
FIRST_SEED = 9_000
STRIPS_PER_PAGE = 4


def main(folder: Path) -> None:
    cv2.setNumThreads(1)
    core = openvino.Core()
    known, finder = recognition(core), Finder(core)
    name = known.made.stem
    openvino.save_model(known.model, folder / f"{name}.xml", compress_to_fp16=False)
    np.savez_compressed(folder / name, *(strip for page in _pages() for strip in _strips(page, finder)))


def _pages() -> Iterator[Gray]:
    for seed, kind, quality in product(range(len(FAMILIES)), Kind, Quality):
        made = sheet(kind, FIRST_SEED + seed)
        gray = cv2.cvtColor(worn(made.picture(DPI), quality, made.seed), cv2.COLOR_RGB2GRAY)
        page = cleaned(np.asarray(gray, np.uint8))
        yield straightened(page, skew(page))


def _strips(page: Gray, finder: Finder) -> Iterator[Gray]:
    strips = finder.find(page)
    chosen = np.random.default_rng(len(strips)).permutation(len(strips))[:STRIPS_PER_PAGE]
    crops = (cropped(page, strips[number]).shown for number in chosen)
    return (crop for crop in crops if crop.size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
