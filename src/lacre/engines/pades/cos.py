"""PDF objects as they lie in the file: parsed without loss, written back byte for byte.

pyHanko's and qpdf's object models read numbers and strings into values and write them anew; this one keeps
every scalar as the bytes it was, so that an object copied into an incremental revision says exactly what it
said. It is also what makes a seal cheap: one regular expression, no lookahead over the file.
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias


class Malformed(Exception):
    """The file breaks the rules of PDF where we would have to rely on them."""


class Name(bytes):
    """A name, decoded, without its slash."""


class Raw(bytes):
    """A number, string, boolean or null as written in the file."""


class Ref(NamedTuple):
    """An indirect reference, and the object number it stands for."""

    number: int
    generation: int


Value: TypeAlias = "Ref | Name | Raw | list[Value] | dict[bytes, Value]"
Dictionary: TypeAlias = "dict[bytes, Value]"
Buffer: TypeAlias = "bytes | mmap.mmap"


@dataclass(frozen=True)
class Stream:
    """A stream: its dictionary, and its data still encoded."""

    entries: Dictionary
    data: bytes


NULL = Raw(b"null")

_SPACE = rb"\x00\t\n\x0c\r "
_REGULAR = rb"[^" + _SPACE + rb"()<>\[\]{}/%]"
SKIP = rb"(?:[" + _SPACE + rb"]++|%[^\r\n]*+)*+"
# possessive throughout: a stranger's file must not make the expression backtrack
_TOKEN = re.compile(
    SKIP
    + rb"(?:(<<)|(>>)|(\[)|(\])|/("
    + _REGULAR
    + rb"*+)|(\d++)["
    + _SPACE
    + rb"]++(\d++)["
    + _SPACE
    + rb"]++R(?!"
    + _REGULAR
    + rb")|(\((?:[^()\\]++|\\.)*+\)|<[0-9A-Fa-f"
    + _SPACE
    + rb"]*+>|"
    + _REGULAR
    + rb"++)|(\())",
    re.DOTALL,
)
_OPEN_DICT, _CLOSE_DICT, _OPEN_LIST, _CLOSE_LIST, _NAME, _NUMBER, _GENERATION, _SCALAR, _NESTED = range(1, 10)
_HEX_IN_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
_IRREGULAR = re.compile(rb"[^!-~]|[#()<>\[\]{}/%]")
_PARENTHESIS = re.compile(rb"[()\\]")
_DEEPEST = 100


def parse(buffer: Buffer, at: int = 0) -> tuple[Value, int]:
    """The object that begins at `at`, and where it ends."""
    nest: list[tuple[int, list[Value]]] = []
    value: Value
    while True:
        token = _TOKEN.match(buffer, at)
        if token is None:
            raise Malformed(f"no object at byte {at}")
        kind, at = token.lastindex or 0, token.end()
        if kind in (_OPEN_DICT, _OPEN_LIST):
            _deeper(nest, kind)
            continue
        if kind == _NESTED:
            value, at = _nested_string(buffer, token.start(_NESTED))
        else:
            value = _closed(nest, kind) if kind in (_CLOSE_DICT, _CLOSE_LIST) else _scalar(token, kind)
        if not nest:
            return value, at
        nest[-1][1].append(value)


def _deeper(nest: list[tuple[int, list[Value]]], kind: int) -> None:
    if len(nest) >= _DEEPEST:
        raise Malformed("objects are nested too deeply")
    nest.append((kind, []))


def _closed(nest: list[tuple[int, list[Value]]], kind: int) -> Value:
    if not nest or nest[-1][0] != kind - 1:
        raise Malformed("brackets do not match")
    _, items = nest.pop()
    return items if kind == _CLOSE_LIST else _paired(items)


def _paired(items: list[Value]) -> Dictionary:
    entries: Dictionary = {}
    if len(items) % 2:
        raise Malformed("a dictionary has a key without a value")
    for key, value in zip(items[::2], items[1::2], strict=True):
        # two readings of one key are how shadow attacks begin
        if not isinstance(key, Name) or bytes(key) in entries:
            raise Malformed("a dictionary has an impossible or repeated key")
        entries[bytes(key)] = value
    return entries


def _scalar(token: re.Match[bytes], kind: int) -> Value:
    if kind == _GENERATION:
        return Ref(int(token[_NUMBER]), int(token[_GENERATION]))
    if kind == _NAME:
        return Name(_decoded(token[_NAME]))
    return Raw(token[_SCALAR])


def _decoded(name: bytes) -> bytes:
    if b"#" not in name:
        return name
    return _HEX_IN_NAME.sub(lambda found: bytes([int(found[1], 16)]), name)


def _nested_string(buffer: Buffer, start: int) -> tuple[Raw, int]:
    """A literal string that holds balanced parentheses."""
    depth, at = 0, start
    while sign := _PARENTHESIS.search(buffer, at):
        at = sign.end()
        if sign[0] == b"\\":
            at += 1
            continue
        depth += 1 if sign[0] == b"(" else -1
        if depth == 0:
            return Raw(buffer[start:at]), at
    raise Malformed("a string never ends")


# ── writing ──────────────────────────────────────────────────────────────────


def written(value: Value) -> bytes:
    if isinstance(value, Raw):
        return value
    if isinstance(value, Name):
        return b"/" + _IRREGULAR.sub(lambda sign: b"#%02X" % sign[0][0], value)
    if isinstance(value, Ref):
        return b"%d %d R" % value
    if isinstance(value, dict):
        inside = b" ".join(b"/" + _encoded(key) + b" " + written(item) for key, item in value.items())
        return b"<<" + inside + b">>"
    return b"[" + b" ".join([written(item) for item in value]) + b"]"


def _encoded(name: bytes) -> bytes:
    return _IRREGULAR.sub(lambda sign: b"#%02X" % sign[0][0], name)


def number(value: float) -> Raw:
    """`12` or `12.3457`: never an exponent, which PDF does not know."""
    return Raw(f"{value:.4f}".rstrip("0").rstrip(".").encode() or b"0")


def numbers(*values: float) -> list[Value]:
    return [number(value) for value in values]


def text(content: str) -> Raw:
    """A text string; ASCII plainly, anything else as UTF-16."""
    if content.isascii():
        return literal(content.encode())
    return Raw(b"<" + (b"\xfe\xff" + content.encode("utf-16-be")).hex().upper().encode() + b">")


def literal(content: bytes) -> Raw:
    escaped = (
        content.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)").replace(b"\r", rb"\r")
    )
    return Raw(b"(" + escaped + b")")


# ── reading scalars ──────────────────────────────────────────────────────────

_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|\r|\n)|(.))|\r\n?", re.DOTALL)
_MEANING = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def integer(value: Value | None, missing: int | None = None) -> int:
    if isinstance(value, Raw):
        try:
            return int(value)
        except ValueError:
            pass
    if missing is None:
        raise Malformed("a whole number is missing")
    return missing


def real(value: Value | None) -> float:
    if isinstance(value, Raw):
        try:
            return float(value)
        except ValueError:
            pass
    raise Malformed("a number is missing")


def string_bytes(value: Value | None) -> bytes:
    """What a literal or hexadecimal string holds."""
    if not isinstance(value, Raw) or value[:1] not in (b"(", b"<"):
        raise Malformed("a string is missing")
    if value[:1] == b"<":
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", value)
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return _ESCAPE.sub(_unescaped, value[1:-1])


def _unescaped(found: re.Match[bytes]) -> bytes:
    octal, line_end, sign = found.groups()
    if octal:
        return bytes([int(octal, 8) & 255])
    if line_end:
        return b""
    return b"\n" if sign is None else _MEANING.get(sign, sign)


def string_text(value: Value | None) -> str:
    """A text string as characters."""
    content = string_bytes(value)
    if content.startswith(b"\xfe\xff"):
        return content[2:].decode("utf-16-be", "replace")
    if content.startswith(b"\xff\xfe"):
        return content[2:].decode("utf-16-le", "replace")
    if content.startswith(b"\xef\xbb\xbf"):
        return content[3:].decode("utf-8", "replace")
    # PDFDocEncoding differs from it in typographic signs only, which no name of ours carries
    return content.decode("latin-1")
