"""Real PDFs of other projects, from door to seal: nearly all sealed looking the same, the rest told why."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw

from lacre.engines.intake.door import PdfIntake
from lacre.engines.pades.certificate import load_or_create_certificate
from lacre.engines.pades.sealer import PyhankoSealer, SealConfig
from lacre.engines.rehearsal import rehearse_sealing
from lacre.engines.sandbox import Sandbox
from lacre.kit.ids import SignerId
from lacre.signing.layout import FieldKind, FormField, Place, SignerForm, Structure
from lacre.signing.ports import Accepted, ActToSeal, Appearances, Sealed, Unusable
from tests.support.pdfs import text_pdf

SAMPLES = Path(os.environ.get("LACRE_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))
ENOUGH = 0.97

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not SAMPLES.is_dir(), reason=f"no samples at {SAMPLES}: set LACRE_SAMPLES to a folder of real PDFs"
    ),
    pytest.mark.skipif(not shutil.which("pdfsig"), reason="pdfsig of poppler-utils is not installed"),
    pytest.mark.skipif(not shutil.which("qpdf"), reason="qpdf is not installed"),
]

SEAL, INITIALS = (
    Place(page=0, left=55, bottom=5, width=35, height=8),
    Place(page=0, left=5, bottom=2, width=10, height=5),
)


@dataclass(frozen=True, kw_only=True)
class Journey:
    """How far a file came: a refusal or a problem, or neither when it was sealed well."""

    name: str
    usable: bool
    refusal: Unusable | None
    problem: str
    seconds_at_the_door: float


@pytest.fixture(scope="module")
def journeys(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Journey]]:
    preload = ("lacre.engines.intake.examination", "lacre.engines.pades.sealer")
    with Sandbox(2, preload=preload) as sandbox:
        workshop = Workshop(sandbox, tmp_path_factory.mktemp("samples"))
        yield [workshop.journey(file) for file in sorted(SAMPLES.rglob("*.pdf"))]


def test_nearly_all_usable_files_are_sealed_looking_the_same(journeys: list[Journey]) -> None:
    usable = [journey for journey in journeys if journey.usable]
    failed = {journey.name: journey.problem or journey.refusal for journey in usable if not sealed(journey)}

    assert usable
    assert 1 - len(failed) / len(usable) >= ENOUGH, failed


def test_no_file_that_came_in_fails_later(journeys: list[Journey]) -> None:
    assert {journey.name: journey.problem for journey in journeys if journey.problem} == {}


def test_every_other_file_is_refused_with_a_reason(journeys: list[Journey]) -> None:
    refusals = [journey.refusal for journey in journeys if not sealed(journey) and journey.refusal]

    assert all(refusal.code and refusal.reason.endswith(".") for refusal in refusals)


def test_no_file_keeps_the_door_busy_for_long(journeys: list[Journey]) -> None:
    assert max(journey.seconds_at_the_door for journey in journeys) < 60


def sealed(journey: Journey) -> bool:
    return journey.refusal is None and not journey.problem


class Workshop:
    """Takes a file from the door to its seal, and looks at what came out with other people's tools."""

    def __init__(self, sandbox: Sandbox, folder: Path) -> None:
        self._folder = folder
        identity = load_or_create_certificate(folder)
        self._intake = PdfIntake(
            sandbox, 50_000_000, folder / "scratch", attempt=partial(rehearse_sealing, identity)
        )
        self._sealer = PyhankoSealer(SealConfig(identity=identity), sandbox.run)

    def journey(self, file: Path) -> Journey:
        began = time.monotonic()
        verdict = self._intake.admit(file)
        return Journey(
            name=str(file.relative_to(SAMPLES)),
            usable=opens_and_stays_still(file),
            refusal=verdict if isinstance(verdict, Unusable) else None,
            seconds_at_the_door=time.monotonic() - began,
            problem=self._problem(file, verdict) if isinstance(verdict, Accepted) else "",
        )

    def _problem(self, file: Path, accepted: Accepted) -> str:
        out = self._folder / "out.pdf"
        for step in (
            self._sealer.prepare(accepted.file, out, structure(accepted)),
            self._sealer.seal(out, act(accepted)),
        ):
            if not isinstance(step, Sealed):
                return step.reason
        return (
            signatures_are_valid(out, valid_signatures(file) + (1 if accepted.signatures else 2))
            or sound_for_qpdf(file, out)
            or looks_the_same(file, out)
        )


def structure(accepted: Accepted) -> Structure:
    signed = accepted.signatures > 0
    boxes = () if signed else (FormField(name="initials-ana", kind=FieldKind.INITIALS, place=INITIALS),)
    form = SignerForm(signer_id=SignerId("ana"), seal_name="seal-ana", seal_place=SEAL, fields=boxes)
    return Structure(forms=(form,), record=None if signed else text_pdf(["Registro"]))


def act(accepted: Accepted) -> ActToSeal:
    pages = {"seal-ana": 0} if accepted.signatures else {"seal-ana": 0, "initials-ana": 0}
    return ActToSeal(
        seal_name="seal-ana",
        appearances=Appearances(pdf=text_pdf(["Ana"]), pages=pages),
        values={},
        signer_name="Ana",
        reason="Aprovo",
    )


# ── what others say ──────────────────────────────────────────────────────────


def opens_and_stays_still(file: Path) -> bool:
    """By qpdf and pdfium without a password, and with none of the words of active content in it."""
    try:
        with pikepdf.open(file) as pdf:
            pages = len(pdf.pages)
        pypdfium2.PdfDocument(file).close()
    except (pikepdf.PdfError, pikepdf.PasswordError, pypdfium2.PdfiumError):
        return False
    told = subprocess.run(
        ["qpdf", "--json", "--json-stream-data=none", file], capture_output=True, check=False
    )
    return pages > 0 and not _ACTIVE.search(told.stdout)


_ACTIVE = re.compile(
    rb'"/(JavaScript|JS|Launch|SubmitForm|ImportData|GoToR|GoToE|RichMedia|Rendition|Movie|Sound|XFA|NeedsRendering)"'
)


def signatures_are_valid(file: Path, expected: int) -> str:
    valid = valid_signatures(file)
    return "" if valid == expected else f"pdfsig finds {valid} of {expected} signatures valid"


def valid_signatures(file: Path) -> int:
    told = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, check=False).stdout
    return told.count(b"Signature is Valid")


def sound_for_qpdf(before: Path, after: Path) -> str:
    """No worse than it came: qpdf finds fault with the contents of some originals."""
    old, new = (
        subprocess.run(["qpdf", "--check", file], capture_output=True, check=False)
        for file in (before, after)
    )
    return (
        ""
        if new.returncode in (0, 3, old.returncode)
        else f"qpdf: {new.stderr.decode(errors='replace')[-200:]}"
    )


def looks_the_same(before: Path, after: Path) -> str:
    """Every page of the original, the places of the new fields left out."""
    old, new = pypdfium2.PdfDocument(before), pypdfium2.PdfDocument(after)
    old.init_forms()
    new.init_forms()
    try:
        for number in range(len(old)):
            difference = ImageChops.difference(picture(old, number), picture(new, number))
            if difference.point(lambda level: 255 * (level > 8)).getbbox():
                return f"page {number + 1} looks different"
    finally:
        old.close()
        new.close()
    return ""


def picture(document: pypdfium2.PdfDocument, number: int) -> Image.Image:
    page = document[number]
    scale = min(50 / 72, 1_000 / max(page.get_size()))
    drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    page.close()
    if number == 0:
        for place in (SEAL, INITIALS):
            ImageDraw.Draw(drawn).rectangle(covered(place, drawn.size), fill="white")
    return drawn


def covered(place: Place, size: tuple[int, int]) -> tuple[float, float, float, float]:
    across, down = size[0] / 100, size[1] / 100
    top = (100 - place.bottom - place.height) * down
    left, right = place.left * across, (place.left + place.width) * across
    return left - 1, top - 1, right + 1, (100 - place.bottom) * down + 1
