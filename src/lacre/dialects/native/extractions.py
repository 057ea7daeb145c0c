"""Documents that are processed, as our API and our webhooks show them."""

from __future__ import annotations

from lacre.dialects.native.wire.extractions import (
    ListedExtraction,
    ShownBox,
    ShownCode,
    ShownExtraction,
    ShownPage,
    ShownProblem,
    ShownRemark,
    ShownValue,
    ShownWord,
)
from lacre.dialects.native.words import PROBLEMS
from lacre.kit.ids import with_prefix
from lacre.processing.extraction import Extraction, Problem, Value
from lacre.processing.page import Box, Page


def listed(one: Extraction) -> ListedExtraction:
    problem = one.problem
    return ListedExtraction(
        id=with_prefix("ext", one.id),
        status=one.status,
        type=one.type,
        type_version=one.type_version,
        external_id=one.external_id,
        name=one.name,
        size=one.size,
        kind=one.kind,
        pages=one.pages,
        pages_wanted=one.selected,
        pages_read=one.pages_read,
        confidence=one.confidence,
        process_seconds=one.process_seconds,
        problem=_problem(problem) if problem else None,
        document_id=with_prefix("doc", one.document_id) if one.document_id else None,
        created_at=one.created_at,
        updated_at=one.updated_at,
        started_at=one.started_at,
        finished_at=one.finished_at,
    )


def _problem(problem: Problem) -> ShownProblem:
    said = f"{PROBLEMS.get(problem.code, '')} {problem.detail}".strip()
    return ShownProblem(code=problem.code, detail=said, page=problem.page)


def shown(one: Extraction) -> ShownExtraction:
    return ShownExtraction(
        **listed(one).model_dump(),
        data=dict(one.data),
        values=[_value(each) for each in one.values],
        remarks=[ShownRemark(code=each.code, field=each.field, detail=each.detail) for each in one.remarks],
    )


def page(one: Page) -> ShownPage:
    return ShownPage(
        number=one.number,
        width=one.width,
        height=one.height,
        source=one.source.value,
        turned=one.turned,
        skew=one.skew,
        confidence=round(one.confidence, 4),
        text=one.text,
        words=[
            ShownWord(text=word.text, box=_box(word.box), confidence=word.confidence, line=word.line)
            for word in one.words
        ],
        codes=[ShownCode(kind=code.kind, text=code.text, box=_box(code.box)) for code in one.codes],
    )


def _value(one: Value) -> ShownValue:
    return ShownValue(
        field=one.field,
        value=one.value,
        text=one.text,
        confidence=one.confidence,
        page=one.page,
        box=_box(one.box) if one.box else None,
        found_by=one.found_by.value,
    )


def _box(box: Box) -> ShownBox:
    return ShownBox(left=box.left, top=box.top, width=box.width, height=box.height)
