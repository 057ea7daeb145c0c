"""What is said of a DOCX that is not taken."""

from __future__ import annotations

NOT_A_DOCX = "This is not a DOCX document. Save it as “Word document (.docx)” and send that."
BROKEN = "This DOCX is damaged. Open it in a word processor, save it again and send that."
PASSWORD = "This document has a password or is of an old format. Save it as .docx without a password."  # noqa: S105 - a message
BOMB = "This DOCX unpacks to more than can be handled. Make it simpler or split it."
ACTIVE = "This DOCX contains macros or controls. Save it as a DOCX without them."
LINKED = "This DOCX shows files that lie elsewhere. Put its pictures and texts into it, without links."
FOREIGN = "This DOCX contains other documents as parts. Put their text into it."
SLOW = "This document could not be made a PDF in time. Make it simpler or split it."
BUSY = "Too many documents are being made at the moment. Try again in a minute."
UNREADABLE = "LibreOffice could not make a PDF of this document. Save it again in a word processor."
