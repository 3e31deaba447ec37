"""Where papers of an issuer hold their values, as people of the office found them when they corrected a reading.

A place that was taught gives one more candidate, by the label beside the value or else by where it stood. It is never
sure by itself: it fills what was missing and is put before a doubtful value; only characters of the file itself, which
another rule found there as well, does it make sure. Same page and same lessons in, same page out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from claimdesk.forms import FieldType, form_of, type_of
from claimdesk.language import _
from claimdesk.ocr.layout import fold
from claimdesk.ocr.memory import REMEMBERED
from claimdesk.ocr.reading import Box, FieldReading, PageReading, TextRun
from claimdesk.ocr.values import WRITERS, flat, iso_date, money
from claimdesk.ocr.worth import ALONE, DOUBT, EXACT, PROVEN

ISSUERS = ('seller_tax_id', 'hospital_name', 'seller_name')
"""The fields that tell whose paper it is, the plainest first."""
ENOUGH = 2
"""So many papers must have taught a place before it speaks for or against what another rule found."""
LONGEST_LABEL, LONGEST_NAME = 16, 60
FAR_RIGHT = 0.75
"""How far to the right of its label a value may stand with nothing between them, in page widths."""
ROWS_BELOW = 3.2
"""How many heights of its label below it a value may stand."""
SHIFT = 1.3
"""How many heights a paper may lie higher or lower than the one that taught the place."""

Rows = Sequence[Sequence[TextRun]]
_AMOUNT = re.compile(r'[¥￥Y]?[-—–−]?[¥￥]?\d[\d,，]*(?:[.。·]\d{1,2})?(?!\d)')
_DAY = re.compile(r'(?<!\d)(?:19|20)\d{2}[年./\-]?\d{1,2}[月./\-]?\d{1,2}(?!\d)日?')
_EDGE = re.compile(r'^[\s:：;；.,，、|¦()（）\[\]【】*—_=·]+|[\s:：;；.,，、|¦(（\[【*—_=·]+$')
_WORDS = re.compile(r'[\u4e00-\u9fffA-Za-z]')
_SIGN = re.compile(r'^(?:No|NO|№)[.:：]?')
_UNIT = re.compile(r'[元圆%]?$')


@dataclass(frozen=True, slots=True)
class Lesson:
    """Where a field stands: after its `label` (`side` 'left') or under it ('above'), or just at `box` ('').

    `papers` is how many confirmed papers taught it, `by_issuer` whether they were of the same issuer and not only of
    the same form.
    """

    field: str
    label: str
    side: str
    box: Box
    papers: int = 1
    by_issuer: bool = True


@dataclass(frozen=True, slots=True)
class Signs:
    """Whose paper it is: `issuer` names him for comparing, `name` for people; `title` is the first heading."""

    issuer: str
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of a run: its text, and its place."""

    text: str
    box: Box


def signs_of(values: Mapping[str, str], rows: Rows) -> Signs:
    """Whose paper has these values and this text."""
    issuer = next((f'{name}:{_plain(values[name])}'[:80] for name in ISSUERS if values.get(name)), '')
    name = next((values[name] for name in reversed(ISSUERS) if values.get(name)), '')
    return Signs(issuer, name[:120], _title(rows))


def taught(rows: Rows, field: str, value: str, pointed: Box | None = None) -> Lesson | None:
    """What a person teaches who says that `field` is `value` on a page with this text, or has `pointed` at it.

    None where the value stands nowhere, or in several places of which none was pointed at.
    """
    found = [(row, at, piece) for row in rows for at, run in enumerate(row) for piece in _holding(run, field, value)]
    if pointed is not None:
        found = [one for one in found if _overlap(one[2].box, pointed) > 0] or found
    if not found:
        return Lesson(field, '', '', pointed) if pointed is not None else None
    if len(found) > 1:
        return None
    row, at, piece = found[0]
    label, side = _label_of(rows, row, at, piece)
    return Lesson(field, label, side, piece.box)


def placed(page: PageReading, lessons: Sequence[Lesson], *, issuer_sure: bool) -> PageReading:
    """The page with what these lessons, all for papers like it, say about its fields."""
    fields = dict(page.fields)
    for name in form_of(page.kind).names:
        said = [(lesson, piece) for lesson in lessons if lesson.field == name and (piece := _find(page.rows, lesson))]
        best = _most_taught(said)
        if best is None:
            continue
        lesson, piece = best
        strong = lesson.papers >= ENOUGH and lesson.by_issuer and issuer_sure
        fields[name] = _weighed(fields.get(name), name, lesson, piece, page.text_source, strong=strong)
    ordered = {name: fields[name] for name in form_of(page.kind).names if name in fields}
    return replace(page, fields={**ordered, **{name: one for name, one in fields.items() if name not in ordered}})


def _weighed(
    read: FieldReading | None, name: str, lesson: Lesson, piece: _Piece, source: str, *, strong: bool
) -> FieldReading:
    value, told = _written(name, piece.text), f'{source or "page"}+layout'
    if read is None or not read.value:
        reason = _("Earlier papers of this issuer have it here.")
        return FieldReading(name, value, ALONE if source in EXACT else DOUBT, told, piece.box, (), reason)
    if flat(read.value) == flat(value):
        exact = read.source in EXACT and not read.alternatives and read.confidence >= ALONE
        if read.sure or not (strong and exact):
            return read
        return replace(read, confidence=REMEMBERED, source=f'{read.source}+layout', reason='')
    others = tuple(other for other in read.alternatives if other != value)
    if read.sure:
        proven = read.confidence >= PROVEN or 'qr' in read.source or 'xml' in read.source
        if proven or not strong:
            return read
        reason = _("Earlier papers of this issuer have it elsewhere, where “{value}” stands.").format(value=value)
        return replace(read, confidence=ALONE, alternatives=(value, *others), reason=reason)
    reason = _("“{read}” was read; earlier papers of this issuer have it where this stands.").format(read=read.value)
    others = (read.value, *(other for other in others if other != read.value))
    return FieldReading(name, value, min(ALONE, max(DOUBT, read.confidence)), told, piece.box, others, reason)


def _most_taught(said: Sequence[tuple[Lesson, _Piece]]) -> tuple[Lesson, _Piece] | None:
    """What most papers taught, those of the same issuer before others; None where two say as much and differ."""
    ranked = sorted(said, key=lambda one: (one[0].by_issuer, one[0].papers), reverse=True)
    for first, *rest in (ranked,) if ranked else ():
        rival = next((other for other in rest if _written(first[0].field, other[1].text) != _of(first)), None)
        if rival and (rival[0].by_issuer, rival[0].papers) == (first[0].by_issuer, first[0].papers):
            return None
        return first
    return None


def _of(said: tuple[Lesson, _Piece]) -> str:
    return _written(said[0].field, said[1].text)


def _find(rows: Rows, lesson: Lesson) -> _Piece | None:
    """The piece of the page that the lesson points at, if something like the field stands there."""
    if not lesson.label:
        near = [_whole(run) for row in rows for run in row if _at(run.box, lesson.box)]
        fits = [piece for piece in near if _written(lesson.field, piece.text)]
        return fits[0] if len(fits) == 1 else None
    found = [piece for piece in _beside(rows, lesson) if _written(lesson.field, piece.text)]
    if not found:
        return None
    ranked = sorted(found, key=lambda piece: _away(piece.box, lesson.box))
    rivals = [one for one in ranked[1:] if _written(lesson.field, one.text) != _written(lesson.field, ranked[0].text)]
    if rivals and _away(rivals[0].box, lesson.box) - _away(ranked[0].box, lesson.box) < 0.05:
        return None
    return ranked[0]


def _beside(rows: Rows, lesson: Lesson) -> Iterator[_Piece]:
    """What stands beside each place where the label of the lesson is printed."""
    for row in rows:
        for at, run in enumerate(row):
            end = _label_end(run, lesson.label)
            if not end:
                continue
            if lesson.side == 'above':
                yield from _under(rows, run)
            elif rest := _EDGE.sub('', run.text[end:]):
                yield _slice(run, run.text.index(rest, end), run.text.index(rest, end) + len(rest))
            elif at + 1 < len(row) and row[at + 1].box.x - run.box.x - run.box.width < FAR_RIGHT:
                yield _whole(row[at + 1])


def _label_end(run: TextRun, label: str) -> int:
    """Behind which character of the run the label ends, also with one character misread; 0 where it is not there."""
    plain, places = _with_places(run.text)
    start = plain.find(label) if plain else -1
    if start < 0 and len(label) >= 4 and Levenshtein.distance(plain[: len(label)], label) <= 1:
        start = 0
    if start < 0 or (places[start] > 0 and _WORDS.match(run.text[places[start] - 1]) and _WORDS.match(label)):
        return 0
    return places[min(start + len(label), len(places)) - 1] + 1


def _under(rows: Rows, head: TextRun) -> Iterator[_Piece]:
    for row in rows:
        for run in row:
            below = run.box.y - head.box.y
            if 0.5 * head.box.height < below < ROWS_BELOW * head.box.height and _beneath(head.box, run.box):
                yield _whole(run)


def _label_of(rows: Rows, row: Sequence[TextRun], at: int, piece: _Piece) -> tuple[str, str]:
    """The label of a value and its side: what stands before it in its run, else in the run before, else above it."""
    before = row[at].text[: row[at].text.index(piece.text)] if piece.text in row[at].text else ''
    if label := _as_label(before):
        return label, 'left'
    beside = row[at - 1] if at and not _EDGE.sub('', before) else None
    near = beside is not None and piece.box.x - beside.box.x - beside.box.width < FAR_RIGHT
    if beside is not None and near and (label := _as_label(beside.text)):
        return label, 'left'
    heads = [
        run for other in rows for run in other
        if 0.5 * run.box.height < piece.box.y - run.box.y < ROWS_BELOW * run.box.height and _beneath(run.box, piece.box)
    ]  # fmt: skip
    for head in sorted(heads, key=lambda run: piece.box.y - run.box.y):
        if label := _as_label(head.text):
            return label, 'above'
    return '', ''


def _as_label(text: str) -> str:
    """`text` as a label, '' where it is none: the last words before a value, without digits."""
    words = [word for word in re.split(r'[\s:：;；]+', _EDGE.sub('', text)) if word]
    plain = _plain(words[-1] if words and len(words[-1]) > 1 else ''.join(words))
    if len(plain) < 2 or len(plain) > LONGEST_LABEL or re.search(r'\d', plain) or not _WORDS.search(plain):
        return ''
    return plain


def _holding(run: TextRun, field: str, value: str) -> Iterator[_Piece]:
    """The parts of a run that say `value`."""
    plain, places = _with_places(run.text)
    for start, end in _spans(plain, field, value):
        yield _slice(run, places[start], places[end - 1] + 1)


def _spans(plain: str, field: str, value: str) -> Iterator[tuple[int, int]]:
    kind = type_of(field)
    if kind is FieldType.MONEY:
        yield from (match.span() for match in _AMOUNT.finditer(plain) if money(match[0]) == value)
    elif kind in (FieldType.DATE, FieldType.MOMENT):
        yield from (match.span() for match in _DAY.finditer(plain) if iso_date(match[0]) == value[:10])
    elif kind in (FieldType.DIGITS, FieldType.CODE, FieldType.TAX_NUMBER):
        whole = rf'(?<![0-9A-Za-z]){re.escape(_plain(value))}(?![0-9A-Za-z])'
        yield from (match.span() for match in re.finditer(whole, plain))
    elif len(_plain(value)) > 1:
        yield from (match.span() for match in re.finditer(re.escape(_plain(value)), plain))


def _written(field: str, text: str) -> str:
    """The value of `field` with which `text` begins, '' where it begins with something else."""
    kind, ends, text = type_of(field), text.rstrip()[-1:], _EDGE.sub('', text)
    if kind is FieldType.MONEY:
        match = _AMOUNT.match(flat(text))
        return money(match[0]) if match and _UNIT.match(flat(text)[match.end() :]) else ''
    if kind in (FieldType.DATE, FieldType.MOMENT):
        return WRITERS[kind](text) if _DAY.match(flat(text)) else ''
    if kind in (FieldType.DIGITS, FieldType.CODE, FieldType.TAX_NUMBER):
        text = _SIGN.sub('', text)
        value = WRITERS[kind](text) if re.match(r'[0-9A-Za-z]', flat(text)) else ''
        return value if len(value) > 2 and re.search(r'\d', value) else ''
    if ends in (':', '：'):
        return ''  # the next label
    if re.search(r'[:：]', text):
        text = text.split()[0]  # the next label follows in the same run
    return '' if len(text) > LONGEST_NAME or re.search(r'[:：]', text) else WRITERS[kind](text)


def _title(rows: Rows) -> str:
    """The first heading of a page: Chinese words without a value among them."""
    for row in rows[:8]:
        plain = _plain(''.join(run.text for run in row))
        if len(re.findall(r'[\u4e00-\u9fff]', plain)) >= 4 and not re.search(r'\d{3}|:', plain):
            return plain[:80]
    return ''


def _with_places(text: str) -> tuple[str, list[int]]:
    """`text` folded and without blanks, and where each of its characters stood."""
    kept = [(fold(char), place) for place, char in enumerate(text) if not char.isspace()]
    return ''.join(char for char, _place in kept), [place for _char, place in kept]


def _plain(text: str) -> str:
    return _with_places(text)[0]


def _whole(run: TextRun) -> _Piece:
    return _Piece(run.text, run.box)


def _slice(run: TextRun, start: int, end: int) -> _Piece:
    long = max(1, len(run.text))
    box = Box(run.box.x + run.box.width * start / long, run.box.y, run.box.width * (end - start) / long, run.box.height)
    return _Piece(run.text[start:end], box)


def _beneath(head: Box, cell: Box) -> bool:
    """Whether a cell stands under a head: one of them covers the middle of the other."""
    middle, other = cell.x + cell.width / 2, head.x + head.width / 2
    return head.x <= middle <= head.x + head.width or cell.x <= other <= cell.x + cell.width


def _at(box: Box, taught_at: Box) -> bool:
    lower = abs((box.y + box.height / 2) - (taught_at.y + taught_at.height / 2))
    return lower < SHIFT * max(box.height, 0.008) and _beneath(taught_at, box)


def _away(box: Box, other: Box) -> float:
    return abs(box.x - other.x) + abs(box.y - other.y)


def _overlap(one: Box, other: Box) -> float:
    wide = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    high = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0.0, wide) * max(0.0, high)
