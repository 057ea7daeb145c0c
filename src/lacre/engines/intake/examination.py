"""The questions put to a PDF at the door, in order; all of it runs in a child process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pikepdf

from lacre.engines.intake.looks import changed_page
from lacre.engines.intake.repair import leave_out_tags, rewrite
from lacre.engines.intake.survey import Survey, survey
from lacre.engines.intake.trial import Trial
from lacre.engines.shown_pages import Unreadable, opened, sizes_of
from lacre.signing.layout import PageSize
from lacre.signing.ports import Unusable

MOST_PAGES = 5_000
SMALLEST_EDGE, LARGEST_EDGE = 3.0, 14_400.0
"""What ISO 32000 advises readers to cope with, in points."""
# what was only appended to is looked at for a moment, what was written anew as closely as time allows
APPENDED_SECONDS, REPAIRED_SECONDS = 3.0, 12.0


@dataclass(frozen=True, kw_only=True)
class Sound:
    pages: tuple[PageSize, ...]
    signatures: int
    repaired: bool


@dataclass(frozen=True)
class Bench:
    """What an examination works with: how to try a file, where to try it, and where to put a repaired one."""

    attempt: Trial
    trial: Path
    repaired: Path


def examine(upload: Path, bench: Bench) -> Sound | Unusable:
    if b"%PDF-" not in _head(upload):
        return _refused("not_a_pdf", "This file is not a PDF. Export the document as PDF and send that.")
    try:
        found, pages = _surveyed(upload), _sizes(upload)
    except pikepdf.PasswordError:
        return _LOCKED
    except (pikepdf.PdfError, Unreadable) as problem:
        return _LOCKED if _is_locked(problem) else _BROKEN
    return _objection(found, pages) or _sealable(upload, bench, found, pages)


def _is_locked(problem: Exception) -> bool:
    return problem.locked if isinstance(problem, Unreadable) else "unsupported encryption" in str(problem)


def _head(upload: Path) -> bytes:
    with upload.open("rb") as stream:
        return stream.read(1024)


def _surveyed(upload: Path) -> Survey:
    # inherited page attributes would be pushed down to every page: slow, and not needed to look around
    with pikepdf.open(upload, inherit_page_attributes=False) as pdf:
        return survey(pdf)


def _sizes(upload: Path) -> tuple[PageSize, ...]:
    with opened(upload) as document:
        return sizes_of(document) if len(document) <= MOST_PAGES else (PageSize(0, 0),) * len(document)


def _objection(found: Survey, pages: tuple[PageSize, ...]) -> Unusable | None:
    if not pages:
        return _refused("no_pages", "This PDF has no pages.")
    if len(pages) > MOST_PAGES:
        return _refused("too_large", f"This PDF has {len(pages)} pages; at most {MOST_PAGES} can be signed.")
    if found.dynamic:
        return _acts("a dynamic XFA form")
    if found.signatures and found.active:
        return _acts(found.active)
    if found.final:
        return _refused(
            "certified_final", "This PDF was certified as final: it accepts no further signature."
        )
    if found.signatures and found.encrypted:
        return _refused(
            "password", "This PDF is encrypted and already signed, so nothing can be added to it."
        )
    return _size_objection(pages)


def _acts(what: str) -> Unusable:
    return _refused("active_content", f"This PDF contains {what}. {_PLAIN_COPY}")


_PLAIN_COPY = "Print or export it to a plain PDF, whose content cannot change, and send that."


def _size_objection(pages: tuple[PageSize, ...]) -> Unusable | None:
    for number, page in enumerate(pages, start=1):
        if min(page.width, page.height) < SMALLEST_EDGE or max(page.width, page.height) > LARGEST_EDGE:
            return _refused("broken", f"Page {number} of this PDF has a size that readers cannot show.")
    return None


def _sealable(upload: Path, bench: Bench, found: Survey, pages: tuple[PageSize, ...]) -> Sound | Unusable:
    as_it_is = Sound(pages=pages, signatures=found.signatures, repaired=False)
    if found.signatures:
        problem = _problem(upload, bench, signed=True)
        return as_it_is if not problem else _refused("broken", f"{_ALREADY_SIGNED} ({problem}).")
    if _must_change(found):
        return _repaired(upload, bench, found)
    if found.damaged or found.pages != len(pages):
        return _better(upload, bench, found, as_it_is)
    return _repaired(upload, bench, found) if _problem(upload, bench) else as_it_is


_ALREADY_SIGNED = "This PDF is already signed, and a signature cannot be added without spoiling it"


def _must_change(found: Survey) -> bool:
    return bool(found.encrypted or found.extras or found.undrawn or found.active)


def _better(upload: Path, bench: Bench, found: Survey, as_it_is: Sound) -> Sound | Unusable:
    """A damaged file had better be repaired; one whose look would suffer may still do as it is."""
    repaired = _repaired(upload, bench, found)
    return repaired if isinstance(repaired, Sound) or _problem(upload, bench) else as_it_is


def _problem(file: Path, bench: Bench, *, signed: bool = False) -> str:
    """Why the file cannot be sealed as it is; empty when it can."""
    problem = bench.attempt(file, bench.trial, signed)
    if problem:
        return problem
    page = changed_page(file, bench.trial, seconds=APPENDED_SECONDS)
    return "" if page is None else f"page {page + 1} would look different with a signature field"


def _repaired(upload: Path, bench: Bench, found: Survey) -> Sound | Unusable:
    rewrite(upload, bench.repaired, draw_fields=found.undrawn)
    # what no page and no event leads to is gone now, such as scripts of pages that somebody cut out
    left = _surveyed(bench.repaired).active
    if left:
        return _acts(left)
    page = changed_page(upload, bench.repaired, seconds=REPAIRED_SECONDS)
    if page is not None:
        return _refused("changed_by_repair", f"{_CHANGED} page {page + 1} looks.")
    problem = _problem(bench.repaired, bench) and _problem_without_tags(bench)
    if problem:
        return _refused("broken", f"This PDF is damaged, and repairing it did not help ({problem}).")
    return Sound(pages=_sizes(bench.repaired), signatures=0, repaired=True)


_CHANGED = "This PDF is damaged, and repairing it would change how"


def _problem_without_tags(bench: Bench) -> str:
    """Once more without its tag tree, whose damage no page shows."""
    leave_out_tags(bench.repaired)
    return _problem(bench.repaired, bench)


def _refused(code: str, reason: str) -> Unusable:
    return Unusable(code=code, reason=reason)


_LOCKED = _refused("password", "This PDF needs a password to open. Remove the password and send it again.")
_BROKEN = _refused("broken", "This PDF is damaged beyond repair. Export the document again and send that.")
