"""A scanned boleto goes in, and its fields come out: read while the contract is signed."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path

import typst
from PIL import Image, ImageChops

from lacre.cli.demo.client import Api, StepFailed
from lacre.cli.demo.native import listen
from lacre.cli.demo.receiver import DemoReceiver
from lacre.cli.demo.timeline import Timeline
from lacre.engines import clock
from lacre.processing import checks

BOLETO = 5
"""The number of its type."""
CENTS = 235_000
DOTS = 200
_FIRST_DUE = date(2022, 5, 29)
"""What a boleto's due date is counted from, since February 2025."""


@dataclass(frozen=True)
class Handed:
    """What was handed in, and what is to be found on it."""

    line: str
    due_on: date
    file: Path


def hand_in(api: Api, receiver: DemoReceiver, folder: Path, timeline: Timeline) -> Handed:
    """Nobody waits for it: pages are read beside everything else."""
    due_on = clock.now().date() + timedelta(days=10)
    handed = Handed(line=_line(due_on), due_on=due_on, file=folder / "boleto.jpg")
    handed.file.write_bytes(_scanned(_printed(handed)))
    listen(api, receiver, ["document.processed"])
    said = base64.b64encode(handed.file.read_bytes()).decode()
    api.call("POST", "extractions", {"type": BOLETO, "name": handed.file.name, "base64": said})
    timeline.step("a scanned boleto, askew and speckled, was handed in to be read")
    return handed


def collect(receiver: DemoReceiver, handed: Handed, timeline: Timeline) -> None:
    told = receiver.wait_for("document.processed")
    if told is None:
        raise StepFailed("the webhook document.processed did not come")
    found = told["data"]["extraction"]
    wanted = {"linha_digitavel": handed.line, "vencimento": handed.due_on.isoformat(), "valor": "2350.00"}
    missed = {name: found["data"].get(name) for name in wanted if found["data"].get(name) != wanted[name]}
    if missed:
        raise StepFailed(f"the boleto was misread: {missed}")
    timeline.step(f"webhook document.processed came: the boleto was read in {found['process_seconds']:.1f} s")
    for name in (*wanted, "beneficiario_nome", "pagador_nome"):
        timeline.note(f"{name + ':':<20}{found['data'].get(name)}")
    timeline.note(f"scan: {handed.file}")


def _line(due_on: date) -> str:
    """Of no bank's: 999 is none."""
    rest = f"{(due_on - _FIRST_DUE).days:04d}{CENTS:010d}" + "1234567890123456789012345"
    head = "9999"
    return checks.payment_line(head + checks.bar_code_digit(head + rest) + rest)


def _printed(handed: Handed) -> bytes:
    line = handed.line
    parts = (line[:5], line[5:10], line[10:15], line[15:21], line[21:26], line[26:32])
    said = {
        "bank": line[:3],
        "line": "{}.{} {}.{} {}.{} {} {}".format(*parts, line[32], line[33:]),
        "due": handed.due_on.strftime("%d/%m/%Y"),
        "amount": "2.350,00",
    }
    made = typst.compile(
        str(files("lacre.cli.demo") / "boleto.typ"),
        format="png",
        ppi=DOTS,
        font_paths=[str(files("lacre.engines") / "fonts")],
        sys_inputs={"boleto": json.dumps(said)},
    )
    assert isinstance(made, bytes)  # noqa: S101 - one page
    return made


def _scanned(png: bytes) -> bytes:
    """As a scanner sees it: turned by a degree, speckled, pressed as JPEG."""
    page = Image.open(io.BytesIO(png)).convert("L").rotate(1.2, Image.Resampling.BICUBIC, fillcolor=255)
    speckled = ImageChops.add(page, Image.effect_noise(page.size, 18), offset=-128)
    pressed = io.BytesIO()
    speckled.save(pressed, "JPEG", quality=75, dpi=(DOTS, DOTS))
    return pressed.getvalue()
