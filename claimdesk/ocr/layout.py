"""Where words stand to each other: spans of any source become level rows of glyphs where labels find their values."""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from rapidfuzz import fuzz

from claimdesk.ocr.reading import Box, TextRun

MARKS = frozenset('购买方信息销售密码区备注買銷')
"""The characters of labels written downwards along a frame; standing alone they are no text of a row."""

DOWNWARDS = ('其他信息', '购买方信息', '销售方信息', '购买方', '销售方', '密码区')
"""Labels along a frame, letter by letter, with more room between the letters than other columns have."""
CLASSES = frozenset('甲乙丙')
"""A column of these at an edge says how each line is insured."""

LAP = 1.2
"""How many of its heights a box may reach into its neighbour's."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text with its place; x and y both in page widths, so that shapes keep their proportions.

    `slope` is the fall of its baseline (dy/dx), `scores` one probability for each character that is not a space
    (empty: `score` for all).
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    score: float = 1.0
    scores: tuple[float, ...] = ()
    slope: float = 0.0

    @property
    def height(self) -> float:
        """Height of the run without the part that its slope adds."""
        return max(1e-6, self.y1 - self.y0 - abs(self.slope) * (self.x1 - self.x0))


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character in a row: folded for matching, as printed for keeping, with its place in page widths."""

    char: str
    printed: str
    x0: float
    x1: float
    y0: float
    y1: float
    score: float
    span: int


@dataclass(frozen=True, slots=True)
class Found:
    """A piece of a row: its text as printed, the worst probability of its characters, and where it stands.

    `spans` are the numbers of the spans it was taken from, in order.
    """

    text: str
    score: float
    x0: float
    y0: float
    x1: float
    y1: float
    spans: tuple[int, ...] = ()

    def joined(self, other: Found) -> Found:
        """This piece followed by `other` (a name that goes on in the next row)."""
        return Found(
            self.text + other.text,
            min(self.score, other.score),
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
            (*self.spans, *(span for span in other.spans if span not in self.spans)),
        )


def fold(char: str) -> str:
    """`char` without the difference between full and half width (always one character)."""
    folded = unicodedata.normalize('NFKC', char)
    return folded if len(folded) == 1 else char


def _width(char: str) -> float:
    return 1.0 if unicodedata.east_asian_width(char) in 'WF' else 0.55


@dataclass(slots=True)
class Row:
    """Glyphs of one height on the page, from left to right, without spaces."""

    glyphs: list[Glyph]
    y: float
    height: float
    text: str = ''
    skip: frozenset[int] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        self.text = ''.join(glyph.char for glyph in self.glyphs)

    def piece(self, start: int, end: int) -> Found | None:
        """The glyphs from `start` up to `end`, or nothing when there are none."""
        part = self.glyphs[start:end]
        if not part:
            return None
        return Found(
            ''.join(glyph.printed for glyph in part),
            min((glyph.score for glyph in part if glyph.char.isalnum()), default=part[0].score),
            min(glyph.x0 for glyph in part),
            min(glyph.y0 for glyph in part),
            max(glyph.x1 for glyph in part),
            max(glyph.y1 for glyph in part),
            tuple(dict.fromkeys(glyph.span for glyph in part)),
        )

    def after(self, index: int, stops: Iterable[int] = (), *, gap: float = 2.2, lead: float = 12.0) -> Found | None:
        """What follows glyph `index` up to the next stop or a hole wider than `gap` row heights.

        `lead` is how many row heights the value may stand off from its label.
        """
        end = min([stop for stop in stops if stop >= index], default=len(self.glyphs))
        last = index
        while last < end:
            previous = self.glyphs[last - 1].x1 if last else self.glyphs[last].x0
            allowed = lead if last == index else gap
            if self.glyphs[last].x0 - previous > allowed * self.height:
                break
            last += 1
        return self.piece(index, last)

    def words(self, gap: float = 0.9) -> list[Found]:
        """The row cut at holes wider than `gap` row heights."""
        holes = (after.x0 - before.x1 for before, after in pairwise(self.glyphs))
        cuts = [0, *(index for index, hole in enumerate(holes, 1) if hole > gap * self.height), len(self.glyphs)]
        pieces = (self.piece(start, end) for start, end in pairwise(cuts))
        return [piece for piece in pieces if piece]


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label was found: the row, and the glyphs it covers."""

    row: Row
    start: int
    end: int

    @property
    def x0(self) -> float:
        """Left edge in page widths."""
        return self.row.glyphs[self.start].x0

    @property
    def x1(self) -> float:
        """Right edge in page widths."""
        return self.row.glyphs[self.end - 1].x1

    @property
    def y(self) -> float:
        """Middle of the row in page widths."""
        return self.row.y


class Layout:
    """The rows of one page; `aspect` is its height in page widths.

    Slanted and slightly trapezoid pages are levelled by a slope that changes linearly over the page, fitted to the
    baselines of the longer spans; boxes handed out still refer to the page as it is.
    """

    def __init__(self, spans: Sequence[Span], aspect: float) -> None:
        self.aspect = aspect
        self.spans = [span for span in spans if span.text.strip()]
        self._bend = _fit_slope(self.spans)
        self.marks: list[tuple[str, float, float]] = []
        flat: list[tuple[float, int]] = []
        stacked = _stacks(self.spans)
        for index, span in enumerate(self.spans):
            text = span.text.strip()
            upright = index in stacked or (len(text) > 1 and span.y1 - span.y0 > 1.6 * (span.x1 - span.x0))
            middle = (span.x0 + span.x1) / 2
            level = self._level(middle, (span.y0 + span.y1) / 2)
            if upright or (len(text) == 1 and text in MARKS):
                self.marks.append((text, middle, level))
            if upright:
                continue
            flat.append((level, index))
        self.rows = self._rows(flat)

    def _level(self, x: float, y: float) -> float:
        a, b, c = self._bend
        return y - x * (a + b * y + c * x / 2)

    def height_at(self, x: float, level: float) -> float:
        """Where on the page a row of that level runs at `x`, in page widths."""
        a, b, c = self._bend
        return (level + x * (a + c * x / 2)) / (1 - b * x)

    def _rows(self, flat: list[tuple[float, int]]) -> list[Row]:
        groups: list[tuple[list[int], list[float]]] = []
        for level, index in sorted(flat):
            height = self.spans[index].height
            for members, levels in reversed(groups[-6:]):
                typical = statistics.median(self.spans[i].height for i in members)
                if abs(level - statistics.fmean(levels)) < 0.5 * min(height, typical) and not self._covered(
                    index, members
                ):
                    members.append(index)
                    levels.append(level)
                    break
            else:
                groups.append(([index], [level]))
        rows = []
        for members, levels in groups:
            height = statistics.median(self.spans[i].height for i in members)
            glyphs = self._glyphs(members)
            if glyphs:
                rows.append(Row(glyphs, statistics.fmean(levels), height))
        return sorted(rows, key=lambda row: row.y)

    def _covered(self, index: int, members: list[int]) -> bool:
        """Whether the span lies over another one of the row, as two lines of small print beside a tall one do."""
        span = self.spans[index]
        for i in members:
            other = self.spans[i]
            overlap = min(span.x1, other.x1) - max(span.x0, other.x0)
            if overlap > 0.6 * min(span.x1 - span.x0, other.x1 - other.x0):
                return True
        return False

    def _glyphs(self, members: list[int]) -> list[Glyph]:
        glyphs: list[Glyph] = []
        limits = self._limits(members)
        for i in members:
            span = self.spans[i]
            weights = [0.45 if char.isspace() else _width(char) for char in span.text]
            unit = (span.x1 - span.x0) / (sum(weights) or 1.0)
            x, printed = span.x0, 0
            alone = len(span.text.strip()) == 1 and span.text.strip() in MARKS
            for char, weight in zip(span.text, weights, strict=True):
                width = weight * unit
                if not char.isspace():
                    score = span.scores[printed] if printed < len(span.scores) else span.score
                    printed += 1
                    if not alone or not self._is_mark(span, members):
                        glyphs.append(Glyph(fold(char), char, x, x + width, span.y0, span.y1, score, i))
                x += width
        glyphs.sort(key=lambda glyph: (min(glyph.x0, limits[glyph.span]), self.spans[glyph.span].x0, glyph.x0))
        return [glyph for before, glyph in pairwise([None, *glyphs]) if glyph and not _twice(before, glyph)]

    def _limits(self, members: list[int]) -> dict[int, float]:
        """Where each span ends for the order of characters: boxes of neighbours lap over each other a little."""
        ordered = sorted(members, key=lambda i: self.spans[i].x0)
        limits = dict.fromkeys(members, float('inf'))
        for before, after in pairwise(ordered):
            one, other = self.spans[before], self.spans[after]
            if 0 < one.x1 - other.x0 < LAP * one.height and other.x1 > one.x1:
                limits[before] = other.x0
        return limits

    def _is_mark(self, span: Span, members: list[int]) -> bool:
        """Whether a lone character belongs to a label written downwards: nothing of its row touches it."""
        room = 0.8 * span.height
        return all(
            other is span or other.x0 - span.x1 > room or span.x0 - other.x1 > room
            for other in (self.spans[i] for i in members)
        )

    def box(self, found: Found) -> Box:
        """Where `found` stands, as fractions of the page."""
        x, y = _inside(found.x0), _inside(found.y0 / self.aspect)
        return Box(x, y, _inside(found.x1) - x, _inside(found.y1 / self.aspect) - y)

    def runs(self) -> tuple[tuple[TextRun, ...], ...]:
        """All text with its places: the rows, each from left to right; what is written downwards comes last."""
        rows = [tuple(dict.fromkeys(glyph.span for glyph in row.glyphs)) for row in self.rows]
        told = {index for row in rows for index in row}
        rows += [(index,) for index in range(len(self.spans)) if index not in told]
        return tuple(tuple(self._run(self.spans[index]) for index in row) for row in rows)

    def _run(self, span: Span) -> TextRun:
        x, y = _inside(span.x0), _inside(span.y0 / self.aspect)
        box = Box(x, y, _inside(span.x1) - x, _inside(span.y1 / self.aspect) - y)
        return TextRun(span.text.strip(), box, span.slope)

    def find(self, pattern: str) -> list[Label]:
        """Every place where a row matches the regular expression, from top to bottom and left to right."""
        compiled = re.compile(pattern)
        return [
            Label(row, match.start(), match.end())
            for row in self.rows
            for match in compiled.finditer(row.text)
            if match.end() > match.start()
        ]

    def near(self, label: str, cutoff: float = 74.0) -> list[Label]:
        """Where rows look like `label` although a character or two was misread, best first."""
        hits: dict[tuple[int, int], tuple[float, Label]] = {}
        for row in self.rows:
            for start, end in self._stretches(row):
                text = row.text[start:end]
                if len(text) < len(label) - 1:
                    continue
                hit = fuzz.partial_ratio_alignment(label, text, score_cutoff=cutoff)
                if hit and hit.dest_end > hit.dest_start:
                    found = Label(row, start + hit.dest_start, start + hit.dest_end)
                    hits.setdefault((id(row), found.start), (hit.score, found))
        return [found for _score, found in sorted(hits.values(), key=lambda pair: -pair[0])]

    def _stretches(self, row: Row) -> list[tuple[int, int]]:
        """The row as a whole, and where wide holes divide it each of its parts: two blocks beside each other."""
        holes = [i for i, (a, b) in enumerate(pairwise(row.glyphs), 1) if b.x0 - a.x1 > 2.2 * row.height]
        cuts = [0, *holes, len(row.glyphs)]
        return [(0, len(row.glyphs)), *(pairwise(cuts) if holes else ())]

    def text(self) -> str:
        """All rows, words divided by a space, for search and for classifying."""
        return '\n'.join(' '.join(word.text for word in row.words()) for row in self.rows)


def _twice(before: Glyph | None, glyph: Glyph) -> bool:
    """Whether a character was read a second time, at the end of one box and at the beginning of the next."""
    if before is None or before.span == glyph.span or before.char != glyph.char:
        return False
    return before.x1 - glyph.x0 > 0.5 * min(before.x1 - before.x0, glyph.x1 - glyph.x0)


def _stacks(spans: Sequence[Span]) -> set[int]:
    """Spans of one character each that stand below each other at an edge of the print: it runs downwards there."""
    left = min((span.x0 for span in spans), default=0.0)
    right = max((span.x1 for span in spans), default=1.0)
    edge = 0.05 * (right - left)
    single = sorted((i for i, span in enumerate(spans) if len(span.text.strip()) == 1), key=lambda i: spans[i].y0)
    stacks: list[list[int]] = []
    for i in single:
        span = spans[i]
        for stack in stacks:
            last = spans[stack[-1]]
            aside = abs((span.x0 + span.x1) - (last.x0 + last.x1)) / 2
            both = last.text.strip() + span.text.strip()
            reach = 4.0 if any(both in word for word in DOWNWARDS) else 1.7
            if aside < 0.4 * last.height and 0.2 * last.height < span.y0 - last.y0 < reach * last.height:
                stack.append(i)
                break
        else:
            stacks.append([i])
    return {
        i
        for stack in stacks
        if len(stack) >= 3
        and (spans[stack[0]].x1 > right - edge or spans[stack[0]].x0 < left + edge)
        and any('\u4e00' <= spans[j].text.strip() <= '\u9fff' for j in stack)
        and not any(spans[j].text.strip() in CLASSES for j in stack)
        for i in stack
    }


def _inside(value: float) -> float:
    return min(1.0, max(0.0, value))


def _fit_slope(spans: Sequence[Span]) -> tuple[float, float, float]:
    """(a, b, c) of slope = a + b·y + c·x over the longer spans; zero where nothing tells."""
    long = [s for s in spans if s.x1 - s.x0 > 4 * s.height and len(s.text) >= 5]
    if len(long) < 4:
        return (statistics.median(s.slope for s in long), 0.0, 0.0) if long else (0.0, 0.0, 0.0)
    middle = statistics.median(s.slope for s in long)
    kept = [s for s in long if abs(s.slope - middle) < 0.05]
    if max((abs(s.slope) for s in kept), default=0.0) < 1e-4:
        return 0.0, 0.0, 0.0
    if len(kept) < 8:
        return middle, 0.0, 0.0
    import numpy as np

    weights = np.array([s.x1 - s.x0 for s in kept])
    matrix = np.array([[1.0, (s.y0 + s.y1) / 2, (s.x0 + s.x1) / 2] for s in kept])
    slopes = np.array([s.slope for s in kept])
    ridge = np.diag([1e-6, 0.02, 0.02])
    solved = np.linalg.solve(matrix.T @ (matrix * weights[:, None]) + ridge, matrix.T @ (slopes * weights))
    return float(solved[0]), float(solved[1]), float(solved[2])
