"""The bundled fonts on paper: a font that has it draws every character, or a visible mark stands for it."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby
from typing import Any
from weakref import WeakKeyDictionary

from reportlab.pdfbase.ttfonts import TTFont

from claimdesk.paths import resource

REGULAR, BOLD, RARE = 'NotoSansSC-Regular', 'NotoSansSC-SemiBold', 'ClaimDeskRareHan-Regular'
UNKNOWN = '□'
"""What is drawn for a character that no font has."""

_SELECTORS = frozenset(map(chr, [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]))
_SHORT_CODE = re.compile(r'<(\w\w)> <(\w{5,6})>')


@dataclass(frozen=True, slots=True)
class Letters:
    """One line of text ready to draw: pieces of (font, text), its width in ems, and the characters no font has."""

    runs: tuple[tuple[str, str], ...]
    width: float
    unknown: str = ''


@lru_cache(maxsize=32_768)
def letters(text: str, bold: bool = False) -> Letters:
    """`text` as one line: line breaks and tabs become blanks, invisible marks of direction are left out.

    A rare character comes from the font of rare characters, one in no font becomes `UNKNOWN`.
    """
    main = BOLD if bold else REGULAR
    widths = _widths(bold)
    if _common(main).issuperset(text):
        return Letters(((main, text),) if text else (), sum(map(widths.__getitem__, text)))
    shown, unknown = _shown(text, main)
    runs = tuple((font, ''.join(chars)) for font, chars in _by_font(shown, main))
    return Letters(runs, sum(map(widths.__getitem__, shown)), unknown)


def width_of(text: str, size: float, bold: bool = False) -> float:
    """How wide `text` is in points."""
    return letters(text, bold).width * size


def own_font(name: str) -> Any:
    """A font for one document: it shares what was read from the file, and keeps its own subset and place in it.

    Two documents made at the same time must not move each other's place while their subsets are cut.
    """
    font = copy.copy(_loaded(name))
    font.face = copy.copy(font.face)
    font.state = WeakKeyDictionary()
    font.addObjects = partial(_add_objects, type(font).addObjects, font)
    return font


def _add_objects(add: Any, font: Any, document: Any) -> None:
    # WORKAROUND: reportlab writes a character beyond U+FFFF as five digits into the map that text is copied by, which
    # no reader understands; it has to be UTF-16.
    add(font, document)
    for name, stream in document.idToObject.items():
        if name.startswith('toUnicodeCMap:'):
            stream.content = _SHORT_CODE.sub(_in_utf_16, stream.content)


def _in_utf_16(match: re.Match[str]) -> str:
    return f'<{match[1]}> <{chr(int(match[2], 16)).encode("utf-16-be").hex().upper()}>'


@lru_cache(maxsize=3)
def _loaded(name: str) -> Any:
    return TTFont(name, str(resource('fonts', f'{name}.ttf')), shapable=False)


@lru_cache(maxsize=3)
def _common(name: str) -> frozenset[str]:
    """The characters that the font draws; controls and format marks are not to be drawn even where it has them."""
    face = _loaded(name).face
    drawn = (chr(code) for code, glyph in face.charToGlyph.items() if glyph)
    return frozenset(char for char in drawn if unicodedata.category(char) not in ('Cc', 'Cf', 'Cs', 'Co'))


@lru_cache(maxsize=2)
def _widths(bold: bool) -> Mapping[str, float]:
    widths: dict[str, float] = {}
    for name in (RARE, BOLD if bold else REGULAR):
        face = _loaded(name).face
        widths |= {char: face.charWidths.get(ord(char), face.defaultWidth) / 1000 for char in _common(name)}
    return widths


def _shown(text: str, main: str) -> tuple[str, str]:
    common, rare = _common(main), _common(RARE)
    shown, unknown = [], []
    for char in text:
        category = unicodedata.category(char)
        if char in common or char in rare:
            shown.append(char)
        elif char in '\t\n\v\f\r\x85' or category in ('Zs', 'Zl', 'Zp'):
            shown.append(' ')
        elif category != 'Cf' and char not in _SELECTORS:
            shown.append(UNKNOWN)
            unknown.append(char)
    return ''.join(shown), ''.join(unknown)


def _by_font(shown: str, main: str) -> Iterator[tuple[str, Iterator[str]]]:
    common = _common(main)
    return groupby(shown, key=lambda char: main if char in common else RARE)
