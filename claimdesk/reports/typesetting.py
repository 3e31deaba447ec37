"""Breaking text into lines as Chinese and English want it: no line begins with a comma or ends with a bracket."""

from __future__ import annotations

import re

from claimdesk.reports.fonts import letters, width_of

NOT_FIRST = frozenset('，。、；：？！）」』】》〉”’％…—·,.;:?!)]}%～')
NOT_LAST = frozenset('（「『【《〈“‘([{¥￥')
CUT = '…'

_PIECE = re.compile(r"[ ]+|[0-9A-Za-z\u00c0-\u024f\u0400-\u04ff#&'*+./:=@_\\%,¥-]+|.", re.DOTALL)
_LINE_END = re.compile(r'\r\n|[\n\r\v\f\x85\u2028\u2029]')


def wrap(text: str, width: float, size: float, bold: bool = False, most: int = 0) -> list[str]:
    """`text` as lines of at most `width` points; at least one. With `most`, the last of so many lines says `…`."""
    if not text:
        return ['']
    if '\n' not in text and '\r' not in text and (len(text) * size <= width or width_of(text, size, bold) <= width):
        return [text]
    # A line holds at most as many characters as the narrowest of them allow: the rest of a cut text is not looked at.
    enough = int(most * width / (size * 0.2)) + 1 if most else len(text)
    lines: list[str] = []
    for paragraph in _LINE_END.split(text[:enough]):
        lines += _fill(paragraph, width, size, bold)
    if most and (len(lines) > most or enough < len(text)):
        lines = lines[:most]
        lines[-1] = cut(lines[-1] + CUT, width, size, bold)
    return lines


def cut(text: str, width: float, size: float, bold: bool = False) -> str:
    """`text`, shortened with `…` where it is wider than `width` points."""
    if len(text) * size <= width or width_of(text, size, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(text[:middle] + CUT, size, bold) <= width:
            low = middle
        else:
            high = middle - 1
    return text[:low].rstrip(CUT) + CUT


def shorten(text: str, most: int) -> str:
    """`text`, cut with a mark after `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + CUT


def _fill(paragraph: str, width: float, size: float, bold: bool) -> list[str]:
    lines, line, used = [], '', 0.0
    for piece in _unbroken(paragraph):
        wide = letters(piece, bold).width * size
        if used + wide <= width or (piece.isspace() and line):
            line, used = line + piece, used + wide
            continue
        if line.strip():
            lines.append(line.rstrip())
        line, used = ('', 0.0) if piece.isspace() else (piece, wide)
        while used > width:
            fits = _fitting(line, width, size, bold)
            lines.append(line[:fits])
            line = line[fits:]
            used = letters(line, bold).width * size
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _unbroken(paragraph: str) -> list[str]:
    """The pieces between which a line may end."""
    pieces: list[str] = []
    for piece in _PIECE.findall(paragraph):
        if pieces and (piece[0] in NOT_FIRST or pieces[-1][-1] in NOT_LAST) and len(pieces[-1]) < 40:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _fitting(line: str, width: float, size: float, bold: bool) -> int:
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        if width_of(line[:middle], size, bold) <= width:
            low = middle
        else:
            high = middle - 1
    return low
