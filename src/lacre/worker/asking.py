"""Asks a language model what the rules did not find, for types that say so; no answer is no failure."""

from __future__ import annotations

from datetime import datetime

import structlog

from lacre.kit.jobs import HeldJob
from lacre.processing.asking import Heard, joined, question
from lacre.processing.extraction import Problem, Remark, Reply
from lacre.processing.ports import NotExtracted, NotSaid
from lacre.services import Services
from lacre.worker.reading import ByRules, begun, by_rules, fail, keep

_LOG = structlog.get_logger("lacre.asking")


def ask(services: Services, job: HeldJob, now: datetime) -> None:
    """The rules find again what they found: that is quicker than to keep it in between."""
    extraction = begun(services, job, now)
    if extraction is None:
        return
    found = by_rules(services, extraction)
    if isinstance(found, Problem):
        fail(services, extraction, found)
        return
    heard = _heard(services, found)
    _LOG.info(
        "asked",
        extraction=extraction.id,
        values=len(heard.values),
        remarks=[one.code for one in heard.remarks],
    )
    keep(services, extraction, joined(found.values, heard.values), found, heard.remarks)


def _heard(services: Services, found: ByRules) -> Heard:
    fields, model = found.to_ask, services.language_model
    if model is None or not fields:
        return Heard()
    said = model.answer(question(found.type, fields, found.pages))
    if isinstance(said, NotSaid):
        return Heard(remarks=(Remark(code=said.code, detail=said.detail),))
    heard = services.extractor.hear(fields, said, found.pages)
    if isinstance(heard, NotExtracted):
        return Heard(remarks=(Remark(code=Reply.UNCHECKED, detail=heard.reason),))
    return heard
