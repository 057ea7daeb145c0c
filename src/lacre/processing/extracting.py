"""Finds the fields of a type in the pages of a document."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

from lacre.processing.document_type import DocumentType
from lacre.processing.extraction import Value
from lacre.processing.page import Page

FIRST_PAGES, LAST_PAGES = 40, 10
"""Where fields are looked for; in between, long documents have annexes."""


def extract(of: DocumentType, pages: Sequence[Page]) -> tuple[Value, ...]:  # noqa: ARG001
    return ()


def confidence_of(of: DocumentType, pages: Sequence[Page], values: Sequence[Value]) -> float:
    """Of the values that were found; of a type without fields, of its pages' text."""
    each = [one.confidence for one in values] if of.fields else [page.confidence for page in pages]
    return round(fmean(each), 4) if each else 0.0
