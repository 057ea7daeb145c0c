"""Why processing says no; the docstring is the message, `{0}` what it is about."""

from __future__ import annotations

from lacre.kit.refusal import Refusal


class ExternalIdTaken(Refusal):
    """Another document has the external id "{0}" already."""


class PagesNotUsable(Refusal):
    """These pages cannot be chosen: write them as "1,2,5-10", from 1 on, in rising order."""


class TypeUnknown(Refusal):
    """There is no document type {0}."""


class TypeNotUsable(Refusal):
    """This document type cannot be used: {0}."""


class ExtractionOver(Refusal):
    """This document is no longer being processed."""


class ExtractionUnderWay(Refusal):
    """This document is still being processed: wait, or cancel it."""


class NothingExtracted(Refusal):
    """This document has no values to correct: it was not processed to its end."""


class FieldUnknown(Refusal):
    """The type of this document has no field "{0}"."""


class ValueNotUsable(Refusal):
    """ "{1}" is no value of the field "{0}"."""


class InputGone(Refusal):
    """The file is no longer kept: send it again."""
