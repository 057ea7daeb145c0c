"""Checks of the machine: folder, disk, clock, what set-up built, and whether a sandbox starts."""

from __future__ import annotations

import os
import platform
import shutil
import tempfile
from contextlib import closing
from pathlib import Path
from pwd import getpwuid

from lacre.cli.doctor.finding import Finding, fine, problem, warning
from lacre.engines import clock
from lacre.engines.office.installed import OfficeMissing, find_office
from lacre.engines.reading.installed import LANGUAGES, TesseractMissing, installed_languages
from lacre.engines.reading.rapid.files import ModelsMissing, folder
from lacre.engines.sandbox import Killed, Sandbox
from lacre.engines.sandboxes import PRELOADED
from lacre.engines.typeset.fonts import FontsMissing, installed_fonts
from lacre.settings import Settings
from lacre.signing.evidence import TimeSource
from lacre.web.layout.built import Built, FrontEndMissing

FULL_BYTES, LOW_BYTES = 500_000_000, 5_000_000_000
SANDBOX_SECONDS, SANDBOX_MEMORY = 60.0, 256 << 20


def data_folder(settings: Settings) -> Finding:
    folder = settings.data_dir.absolute()
    if not folder.exists():
        return _to_be_made(folder)
    if not folder.is_dir():
        return problem(f"{folder} is not a folder", "Set LACRE_DATA_DIR to a folder.")
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        return problem(
            f"{folder} belongs to {_name(owner)}, and this is {_name(os.geteuid())}",
            "Run this as the user that runs Lacre, so that nothing is written that it cannot read.",
        )
    return _written(folder)


def disk_space(settings: Settings) -> Finding:
    place = _nearest(settings.data_dir.absolute())
    free = shutil.disk_usage(place).free
    said = f"{free / 1e9:.1f} GB free at {place}"
    remedy = "Make room: with a full disk nothing is accepted, signed or sealed."
    if free < FULL_BYTES:
        return problem(said, remedy)
    return warning(said, remedy) if free < LOW_BYTES else fine(said)


def clock_synchronised(_: Settings) -> Finding:
    source = clock.time_source()
    if source == TimeSource.SERVER_SYNCHRONISED:
        return fine("synchronised, says the kernel")
    known = source == TimeSource.SERVER_UNSYNCHRONISED
    return warning(
        "the kernel says that it is not synchronised" if known else "nobody knows whether it is synchronised",
        "Acts of signing are stamped with this time: run chrony or systemd-timesyncd on this machine.",
    )


def front_end(_: Settings) -> Finding:
    try:
        built = Built()
        built.url("room.js")
    except (FrontEndMissing, KeyError) as missing:
        return problem(str(missing), "Run `make setup`, or install a package that was built.")
    return fine(f"built, pdf.js {built.pdfjs.rpartition('-')[2]}")


def fonts(_: Settings) -> Finding:
    try:
        installed_fonts()
    except FontsMissing as missing:
        return problem(str(missing), "Run `make setup`, or install a package that was built.")
    return fine("installed")


def sandbox_child(_: Settings) -> Finding:
    with closing(Sandbox(1, preload=PRELOADED)) as sandbox:
        answer = sandbox.run(platform.python_version, seconds=SANDBOX_SECONDS, memory_bytes=SANDBOX_MEMORY)
    if isinstance(answer, Killed):
        return problem(
            f"the process that opens strangers' PDFs did not answer: {answer.reason}",
            "Look at the limits of the service (MemoryMax, TasksMax, LimitAS) and of the container.",
        )
    return fine(f"a child starts and answers (Python {answer})")


def office(settings: Settings) -> Finding:
    try:
        found = find_office(settings.office)
    except OfficeMissing as missing:
        return warning("not found: DOCX and templates are refused, PDF is not", str(missing))
    return fine(f"{found.program}, spoken to by {found.python}")


def reader(settings: Settings) -> Finding:
    try:
        if settings.reader == "tesseract":
            known = sorted(installed_languages() & set(LANGUAGES.values()))
            return fine(f"Tesseract, which knows {', '.join(known)}")
        return fine(f"RapidOCR's models, in {folder()}")
    except (ModelsMissing, TesseractMissing) as missing:
        return warning("not found: scans and photos cannot be read, PDF with text can", str(missing))


def _to_be_made(folder: Path) -> Finding:
    above = _nearest(folder)
    if os.access(above, os.W_OK):
        return fine(f"{folder} is not there yet: the first start makes it")
    return problem(f"{folder} is not there and {above} cannot be written", "Make it, owned by Lacre's user.")


def _written(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"lacre")
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as trouble:
        return problem(f"{folder} cannot be written: {trouble.strerror}", "Mend its permissions or its disk.")
    if folder.stat().st_mode & 0o007:
        return warning(f"{folder} can be read by every user of this machine", f"chmod 700 {folder}")
    return fine(str(folder))


def _nearest(folder: Path) -> Path:
    """The first of the folders above that is there."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _name(user: int) -> str:
    try:
        return getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"
