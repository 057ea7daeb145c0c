"""The processes in which strangers' files are handled, of one server."""

from __future__ import annotations

from lacre.engines.office.pool import OfficePool
from lacre.engines.reading.children import PRELOADED as READING
from lacre.engines.reading.reader import FileReader
from lacre.engines.render import DRAWERS
from lacre.engines.sandbox import Sandbox

ADMITTERS = 2
"""Processes that let strangers' files in; each may take half a minute over one."""
SEALERS = 2
"""Processes that seal and void: whoever signed does not queue behind what others send."""
CLEANERS = 1
"""Processes that clean pictures which signers hand in; people wait for these, too."""
FINDERS = 2
"""Processes that find fields: a customer's patterns may keep them, but nobody who sends or signs."""
READERS = 2
"""Processes that read pages of documents to be processed, each on one core; none is started before."""
OFFICES = 2
"""LibreOffices that one server process runs at most; none is started before a DOCX comes."""
PRELOADED = (
    "lacre.engines.docx.filling",
    "lacre.engines.intake.examination",
    "lacre.engines.intake.text",
    "lacre.engines.rehearsal",
)


class Sandboxes:
    def __init__(self, office: str, *, eyes: str) -> None:
        self.admitting = Sandbox(ADMITTERS, preload=PRELOADED)
        self.sealing = Sandbox(SEALERS, preload=("lacre.engines.pades", "lacre.engines.voiding"))
        # people wait for these pages, so they do not queue behind the others
        self.drawing = Sandbox(DRAWERS, preload=("lacre.engines.render",))
        self.cleaning = Sandbox(CLEANERS, preload=("lacre.engines.pictures",))
        # by itself, since anybody may have files judged
        self.judging = Sandbox(1, preload=("lacre.engines.pades",))
        # of people's own keys: a child opens one and is gone
        self.opening = Sandbox(1, preload=("lacre.engines.pades",), calls_per_child=1)
        self.finding = Sandbox(FINDERS, preload=("lacre.engines.fields",))
        self.reading = Sandbox(READERS, preload=READING)
        self.offices = OfficePool(OFFICES, program=office)
        self.reader = FileReader(self.reading, self.offices, eyes=eyes, at_once=READERS)

    def close(self) -> None:
        self.admitting.close()
        self.sealing.close()
        self.drawing.close()
        self.cleaning.close()
        self.judging.close()
        self.opening.close()
        self.finding.close()
        self.reading.close()
        self.offices.close()
        self.reader.close()
