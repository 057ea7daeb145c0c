"""Markdown (CommonMark, tables, strikethrough) as the facts that a template sets; no markup goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from lacre.engines.typeset.facts import Facts
from lacre.engines.typeset.shown import shown

DEEPEST = 12
"""Lists and quotes within each other; what is deeper is read as plain text."""
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class _Look:
    """How a run of text looks."""

    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    link: str = ""

    def run(self, text: str) -> Facts:
        return {"text": shown(text), **vars(self)}


def blocks_of(text: str) -> list[Facts]:
    return _blocks(SyntaxTreeNode(_PARSER.parse(text)).children)


def _blocks(nodes: Sequence[SyntaxTreeNode]) -> list[Facts]:
    return [block for node in nodes for block in _block(node)]


def _block(node: SyntaxTreeNode) -> Iterator[Facts]:
    match node.type:
        case "heading":
            yield {"kind": "heading", "level": int(node.tag[1]), "runs": _runs(node)}
        case "bullet_list" | "ordered_list":
            yield _list(node)
        case "blockquote":
            yield {"kind": "quote", "blocks": _blocks(node.children)}
        case "fence" | "code_block":
            yield {"kind": "code", "text": shown(node.content.rstrip("\n"))}
        case "hr":
            yield {"kind": "rule"}
        case "table":
            yield _table(node)
        case _:
            yield {"kind": "paragraph", "runs": _runs(node)}


def _list(node: SyntaxTreeNode) -> Facts:
    return {
        "kind": "list",
        "ordered": node.type == "ordered_list",
        "start": int(str(node.attrs.get("start", 1))),
        "items": [_blocks(item.children) for item in node.children],
    }


def _table(node: SyntaxTreeNode) -> Facts:
    rows = [row for part in node.children for row in part.children]
    cells = [[_runs(cell) for cell in row.children] for row in rows]
    styles = [str(cell.attrs.get("style", "")) for cell in rows[0].children]
    return {"kind": "table", "aligns": [_align(style) for style in styles], "rows": cells}


def _align(style: str) -> str:
    return style.removeprefix("text-align:") or "left"


def _runs(node: SyntaxTreeNode) -> list[Facts]:
    inline = [child for child in node.children if child.type == "inline"]
    return [run for one in inline for run in _inline(one.children, _Look())]


def _inline(nodes: Sequence[SyntaxTreeNode], look: _Look) -> Iterator[Facts]:
    for node in nodes:
        yield from _run(node, look)


def _run(node: SyntaxTreeNode, look: _Look) -> Iterator[Facts]:
    match node.type:
        case "text":
            yield look.run(node.content)
        case "code_inline":
            yield replace(look, code=True).run(node.content)
        case "softbreak":
            yield look.run(" ")
        case "hardbreak":
            yield look.run("\n")
        case "image":
            # nothing is fetched for it
            yield look.run(node.content)
        case _:
            yield from _inline(node.children, _marked(node, look))


def _marked(node: SyntaxTreeNode, look: _Look) -> _Look:
    marks: dict[str, dict[str, Any]] = {
        "strong": {"bold": True},
        "em": {"italic": True},
        "s": {"struck": True},
        "link": {"link": _safe(str(node.attrs.get("href", "")))},
    }
    return replace(look, **marks.get(node.type, {}))


def _safe(link: str) -> str:
    """Only where a reader expects to be led; a relative one leads nowhere from a PDF."""
    return link if link.lower().startswith(("http://", "https://", "mailto:")) else ""
