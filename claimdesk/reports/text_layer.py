"""Text that is there to be found and copied and never seen: laid over the words of a page in a font without shapes."""

from __future__ import annotations

import io
import math
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Page, Pdf, Stream

Run = tuple[str, float, float, float, float, float]
"""Text, then x, y, width and height as fractions of the page as it is shown, and the fall of the base line."""
Matrix = tuple[float, float, float, float, float, float]

FONT = '/ClaimDeskUnseen'
HALF_EM = 0.5
"""Every character of the font is so wide; each run is stretched to its place."""
MOST_CHARACTERS = 300
"""Of one run; a longer one is no line of print."""
_RARE = 0xE000
"""From here on codes stand for characters beyond U+FFFF, in the order in which they come."""
_MOST_RARE = 0x1000


class TextLayer:
    """The unseen text of one PDF under way; `finish` adds the font that its pages share."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._font: Any = pdf.make_indirect(Dictionary(Type=Name.Font))
        self._rare: dict[str, int] = {}
        self._used = False

    def lay(self, page: Page, runs: Iterable[Run], turn: int = 0) -> None:
        """Lay text over `page`; places are those of the page turned clockwise by `turn` degrees beyond its own."""
        matrix, wide, high = shown(page, turn)
        code = [piece for run in runs if (piece := self._piece(run, wide, high))]
        if not code:
            return
        page.add_resource(self._font, Name.Font, Name(FONT))
        body = f'q {spelled(matrix)} cm BT 3 Tr\n' + '\n'.join(code) + '\nET Q'
        add_content(self._pdf, page, body.encode('ascii'))
        self._used = True

    def finish(self) -> None:
        """Complete the font."""
        if not self._used:
            return
        pdf = self._pdf
        file = Stream(pdf, zlib.compress(_font_file()), {'/Filter': Name.FlateDecode, '/Length1': len(_font_file())})
        box = Array([0, 0, round(1000 * HALF_EM), 1000])
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name(FONT), Flags=5, FontBBox=box, ItalicAngle=0, Ascent=1000,
            Descent=0, CapHeight=1000, StemV=80, FontFile2=pdf.make_indirect(file),
        )  # fmt: skip
        glyphs = Stream(pdf, zlib.compress(b'\x00\x01' * 65536, 9), {'/Filter': Name.FlateDecode})
        system = Dictionary(Registry=b'Adobe', Ordering=b'Identity', Supplement=0)
        descendant = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name(FONT), CIDSystemInfo=system,
            FontDescriptor=pdf.make_indirect(descriptor), DW=round(1000 * HALF_EM),
            CIDToGIDMap=pdf.make_indirect(glyphs),
        )  # fmt: skip
        entries = {
            '/Subtype': Name.Type0, '/BaseFont': Name(FONT), '/Encoding': Name('/Identity-H'),
            '/DescendantFonts': Array([pdf.make_indirect(descendant)]),
            '/ToUnicode': pdf.make_indirect(
                Stream(pdf, zlib.compress(self._characters()), {'/Filter': Name.FlateDecode})
            ),
        }  # fmt: skip
        for name, value in entries.items():
            self._font[name] = value

    def _piece(self, run: Run, wide: float, high: float) -> str:
        text, x, y, across, down, slope = run
        text = ''.join(char for char in text if char.isprintable())[:MOST_CHARACTERS]
        fall = max(-0.9 * down * high, min(0.9 * down * high, slope * across * wide))
        size = down * high - abs(fall)
        if not text or size <= 0.1 or across <= 0:
            return ''
        base = high * (1 - y) - size if fall >= 0 else high * (1 - y - down)
        length = math.hypot(across * wide, fall)
        cos, sin = across * wide / length, -fall / length
        stretch = 100 * length / (len(text) * HALF_EM * size)
        code = ''.join(f'{self._code(char):04X}' for char in text)
        return (
            f'{FONT} {size:.2f} Tf {stretch:.1f} Tz '
            f'{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x * wide:.2f} {base:.2f} Tm <{code}> Tj'
        )

    def _code(self, char: str) -> int:
        code = ord(char)
        if code <= 0xFFFF and not _RARE <= code < _RARE + _MOST_RARE:
            return code
        return self._rare.setdefault(char, _RARE + min(len(self._rare), _MOST_RARE - 1))

    def _characters(self) -> bytes:
        """Which characters the codes stand for: themselves, but for the rare ones."""
        rare = [f'<{code:04X}> <{char.encode("utf-16-be").hex()}>' for char, code in self._rare.items()]
        plain = [high << 8 for high in range(256) if not _RARE <= high << 8 < _RARE + _MOST_RARE]
        ranges = [f'<{first:04X}> <{first | 0xFF:04X}> <{first:04X}>' for first in plain]
        lines = [
            '/CIDInit /ProcSet findresource begin 12 dict begin begincmap',
            '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
            '/CMapName /ClaimDesk def /CMapType 2 def',
            '1 begincodespacerange <0000> <FFFF> endcodespacerange',
            *_blocks('bfrange', ranges),
            *_blocks('bfchar', rare),
            'endcmap CMapName currentdict /CMap defineresource pop end end',
        ]
        return '\n'.join(lines).encode('ascii')


def shown(page: Page, turn: int = 0) -> tuple[Matrix, float, float]:
    """How points of the page as it is shown, `turn` degrees beyond its own, lie in its own space; its size as shown."""
    left, low, right, high = (float(side) for side in page.cropbox.as_list())
    left, right, low, high = min(left, right), max(left, right), min(low, high), max(low, high)
    wide, tall = max(1.0, right - left), max(1.0, high - low)
    match (page_turn(page) + turn) % 360:
        case 90:
            return (0, 1, -1, 0, left + wide, low), tall, wide
        case 180:
            return (-1, 0, 0, -1, left + wide, low + tall), wide, tall
        case 270:
            return (0, -1, 1, 0, left, low + tall), tall, wide
    return (1, 0, 0, 1, left, low), wide, tall


def page_turn(page: Page) -> int:
    """How far the page says that it is turned clockwise; its ancestors may say it for it."""
    node: Any = page.obj
    for _step in range(50):
        if '/Rotate' in node:
            try:
                return int(node['/Rotate']) // 90 * 90 % 360
            except (TypeError, ValueError):
                return 0
        if '/Parent' not in node:
            return 0
        node = node['/Parent']
    return 0


def spelled(matrix: Matrix) -> str:
    """A matrix as a content stream has it."""
    return ' '.join(f'{value:g}' for value in matrix)


def add_content(pdf: Pdf, page: Page, code: bytes) -> None:
    """Draw `code` over what is on the page, whatever state that leaves behind."""
    page.contents_add(Stream(pdf, b'q\n'), prepend=True)
    page.contents_add(Stream(pdf, zlib.compress(b'\nQ\n' + code), {'/Filter': Name.FlateDecode}))


def _blocks(name: str, lines: list[str]) -> Iterator[str]:
    """The lines of a character map, a hundred in each block."""
    for begin in range(0, len(lines), 100):
        some = lines[begin : begin + 100]
        yield f'{len(some)} begin{name}\n' + '\n'.join(some) + f'\nend{name}'


@cache
def _font_file() -> bytes:
    """A TrueType font of one shape: two specks at the corners of a character.

    WORKAROUND: PDFium leaves out text whose shapes have no extent when it runs up or down the page.
    """
    wide = round(1000 * HALF_EM)
    pen = TTGlyphPen(None)
    for speck in (((0, 0), (0, 1), (1, 0)), ((wide, 1000), (wide, 999), (wide - 1, 1000))):
        pen.moveTo(speck[0])
        pen.lineTo(speck[1])
        pen.lineTo(speck[2])
        pen.closePath()
    blank = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(['.notdef', 'blank'])
    builder.setupCharacterMap({})
    builder.setupGlyf({'.notdef': blank, 'blank': blank})
    builder.setupHorizontalMetrics(dict.fromkeys(('.notdef', 'blank'), (wide, 0)))
    builder.setupHorizontalHeader(ascent=1000, descent=0)
    builder.setupNameTable({'familyName': 'ClaimDesk unseen', 'styleName': 'Regular'})
    builder.setupOS2(sTypoAscender=1000, usWinAscent=1000)
    builder.setupPost()
    builder.font['head'].created = builder.font['head'].modified = 0
    out = io.BytesIO()
    builder.save(out)
    return out.getvalue()
