"""Words that are no harm where they are words, and much where they are taken for something else."""

from __future__ import annotations

from html.parser import HTMLParser

NASTY = {
    "script": "<script>window.pwned=1;alert(1)</script>",
    "image": '<img src=x onerror="window.pwned=1;alert(1)">',
    "out of an attribute": "\"><svg/onload=window.pwned=1><a href='",
    "out of a quote": "' autofocus onfocus='window.pwned=1",
    "out of a style": "</style><style>*{display:none}</style>",
    "end of a comment": "--><script>window.pwned=1</script><!--",
    "entities": "&lt;b&gt; &amp;#39; &nbsp;",
    "template": "{{7*7}} ${7*7} #{7*7} {%print(1)%} <%= 7 %>",
    "format": "%s %n %(name)s {0} {0.__class__} {name}",
    "typst": '#eval("1") $x$ *a* _b_ `c` \\ #read("/etc/passwd") @x <label> [x](y)',
    "sql": "'; DROP TABLE envelope; -- \" OR 1=1",
    "path": "../../../etc/passwd",
    "windows path": 'C:\\con\\..\\nul:<>|?*"',
    "formula": '=HYPERLINK("http://x","y")',
    "bidi": "Contrato \u202efdp.exe\u202c \u2066x\u2069",
    "combining": "Z" + "\u0300\u0301\u0489" * 60,
    "emoji": "👩‍👩‍👧‍👦🇧🇷👍🏽 contrato",
    "scripts of the world": "合同 العقد חוזה Договор สัญญา",
    "separators": "a\u2028b\u2029c\u0085d",
    "invisible": "a\u200b\u200d\ufeff\u00adb",
    "long": "contrato " * 27,
    "one long word": "x" * 250,
    "noncharacters": "a\ufffe\uffff\U0010ffff",
    "private": "\ue000\uf8ff",
}
"""Taken as they are, and shown as they are."""
BROKEN = {
    "null": "a\x00b",
    "half a pair": "a\ud800b",
    "other half": "\udc00",
    "line breaks": "Ana\r\nBcc: mallory@example.test\r\n\r\nHello",
    "control": "\x1b[31mred\x07\x08",
}
"""Taken in a form that harms nobody, or refused."""


class Markup(HTMLParser):
    """What in a page could act, but does not come from us."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.acting: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag in ("script", "style", "object", "embed", "base") and "src" not in said:
            self.acting.append(f"<{tag}>")
        if tag == "script" and not (said.get("src") or "").startswith("/static/"):
            self.acting.append(str(said))
        self.acting += [f"{tag} {name}" for name in said if name.startswith("on")]
        links = [said.get(name) or "" for name in ("href", "src", "action", "formaction")]
        self.acting += [
            link for link in links if link.strip().lower().startswith(("javascript:", "vbscript:"))
        ]


def acting_in(page: str) -> list[str]:
    markup = Markup()
    markup.feed(page)
    return markup.acting
