"""Bar codes as SVG: Code 128 (set C) and interleaved 2 of 5; QR codes are segno's."""

from __future__ import annotations

import io

import segno

# widths of bars and spaces, ISO/IEC 15417
_CODE_128 = [
    212222, 222122, 222221, 121223, 121322, 131222, 122213, 122312, 132212, 221213, 221312, 231212, 112232,
    122132, 122231, 113222, 123122, 123221, 223211, 221132, 221231, 213212, 223112, 312131, 311222, 321122,
    321221, 312212, 322112, 322211, 212123, 212321, 232121, 111323, 131123, 131321, 112313, 132113, 132311,
    211313, 231113, 231311, 112133, 112331, 132131, 113123, 113321, 133121, 313121, 211331, 231131, 213113,
    213311, 213131, 311123, 311321, 331121, 312113, 312311, 332111, 314111, 221411, 431111, 111224, 111422,
    121124, 121421, 141122, 141221, 112214, 112412, 122114, 122411, 142112, 142211, 241211, 221114, 413111,
    241112, 134111, 111242, 121142, 121241, 114212, 124112, 124211, 411212, 421112, 421211, 212141, 214121,
    412121, 111143, 111341, 131141, 114113, 114311, 411113, 411311, 113141, 114131, 311141, 411131, 211412,
    211214, 211232,
]  # fmt: skip
_START_C, _STOP = 105, "2331112"
# which two of five are wide, ISO/IEC 16390
_ITF = ["00110", "10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010"]


def code128(digits: str) -> str:
    """An even number of them."""
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    check = (_START_C + sum(place * pair for place, pair in enumerate(pairs, 1))) % 103
    return _svg("".join(str(_CODE_128[one]) for one in (_START_C, *pairs, check)) + _STOP)


def itf(digits: str) -> str:
    """An even number of them; wide is three times narrow."""
    body = "".join(
        ("3" if bar == "1" else "1") + ("3" if space == "1" else "1")
        for at in range(0, len(digits), 2)
        for bar, space in zip(_ITF[int(digits[at])], _ITF[int(digits[at + 1])], strict=True)
    )
    return _svg("1111" + body + "311")


def qr(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, micro=False).save(out, kind="svg", scale=4, border=4, svgns=True, xmldecl=False)
    return out.getvalue().decode()


def _svg(widths: str) -> str:
    at, bars = 10, []
    for place, width in enumerate(widths):
        if place % 2 == 0:
            bars.append(f'<rect x="{at}" y="0" width="{width}" height="40"/>')
        at += int(width)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{at + 10}" height="40">{"".join(bars)}</svg>'
