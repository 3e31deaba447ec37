"""What hospitals' papers print without a legible label: known by its shape, its place or the words beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate
from claimdesk.ocr.layout import Found, Glyph, Layout, Row

_HOSPITAL = re.compile(
    r'[\u4e00-\u9fff()（）]{2,28}?(?:医院|卫生院|诊所|卫生服务中心|保健院|医疗中心|门诊部|急救中心|防治院|疗养院)'
    r'(?:[(（][\u4e00-\u9fff]{2,12}[)）])?(?:[\u4e00-\u9fff]{2,6}院区)?'
)
_NO_HOSPITAL = frozenset({'综合医院', '专科医院', '中医医院', '三级医院', '二级医院', '一级医院'})
"""Sorts of hospitals."""
_NUMBERED = re.compile(r'(N[oOe]|NO|№|N[ºQC°]?)[.:]?([A-Z]{0,3}\d{6,12})(?!\d)')
LENGTHS = (8, 10)
"""How many digits the number of a paper receipt has: they tell whether N0 is the sign, or N and a nought."""
_ALONE = re.compile(r'\d{8}|\d{10}')
HEAD_ROWS = 6
SIGNS = '年月日'
OVER, ASIDE = 1.4, 3.5
"""How many heights of a row numbers may stand over, and beside, the signs they belong to."""
_OTHER_DAY = re.compile('入院|出院|住院|就诊|出生|打印')
SHAPES = (
    ('receipt_code', re.compile(r'(?<!\d)\d{2}06\d{4}$')),
    ('receipt_number', re.compile(r'(?<!\d)\d{10}$')),
    ('check_code', re.compile(r'(?<![0-9A-Za-z*\-])(?=\D*\d)[0-9A-Za-z]{6}$')),
    ('issue_date', re.compile(r'(?<!\d)20\d{2}-\d{2}-\d{2}$')),
)
"""What the numbers of an electronic receipt look like."""


def without_labels(layout: Layout, found: dict[str, Candidate], top: Sequence[Row], *, receipt: bool) -> None:
    """Add to what was `found` what stands there without its label; `top` are the rows above the table.

    Nothing of it is firm, but for the number after its sign and the only date of a receipt.
    """
    if 'hospital_name' not in found:
        _hospital(layout, found, top)
    if not receipt:
        return
    if 'receipt_number' not in found or not found['receipt_number'].firm:
        _numbered(found, top)
    if 'check_code' in found or 'receipt_code' in found:
        _shaped(found, top)
    if 'issue_date' not in found:
        _day(layout, found)


def _hospital(layout: Layout, found: dict[str, Candidate], top: Sequence[Row]) -> None:
    """The hospital in the title, or at the foot."""
    for row in (*top, *reversed(layout.rows)):
        match = _HOSPITAL.search(row.text)
        piece = row.piece(match.start(), match.end()) if match else None
        name = values.name(piece.text) if piece else ''
        if piece and name and name not in _NO_HOSPITAL and not re.search(r'监制|印章|医院类型|机构类型', row.text):
            found['hospital_name'] = Candidate(name, piece, piece.score, firm=False)
            return


def _numbered(found: dict[str, Candidate], top: Sequence[Row]) -> None:
    """The number after No; else one that stands by itself at the right of the head."""
    for row in top:
        match = _NUMBERED.search(row.text)
        if match is None:
            continue
        start = match.start(2)
        if match[1] == 'N' and match[2][0] == '0' and len(match[2]) - 1 in LENGTHS:
            start += 1
        if piece := row.piece(start, match.end(2)):
            number = row.text[start : match.end(2)]
            firm = match[1] in ('No', 'NO', '№') or _twice(number, piece, top)
            found['receipt_number'] = Candidate(number, piece, piece.score, firm=firm)
            return
    alone = [
        word for row in top[:HEAD_ROWS] for word in row.words()
        if _ALONE.fullmatch(word.text) and word.x0 > 0.5 and not values.iso_date(word.text)
        and not any(_over(word, said.found) for said in found.values())
    ]  # fmt: skip
    twice = next((word for word in alone if _twice(word.text, word, top)), None)
    if twice is not None:
        found['receipt_number'] = Candidate(twice.text, twice, twice.score)
    elif alone and 'receipt_number' not in found:
        found['receipt_number'] = Candidate(alone[0].text, alone[0], alone[0].score, firm=False)


def _twice(number: str, piece: Found, top: Sequence[Row]) -> bool:
    """Whether another run of print ends in the number as well: the form's own one, and what a printer put before it."""
    return any(
        re.search(rf'(?<!\d)\d{{4}}{number}$', word.text) and not set(word.spans) & set(piece.spans)
        for row in top for word in row.words()
    )  # fmt: skip


def _shaped(found: dict[str, Candidate], top: Sequence[Row]) -> None:
    """The numbers in the head of an electronic receipt."""
    for row in top:
        for word in row.words():
            for name, shape in SHAPES:
                match = shape.search(word.text)
                if match and name not in found and not any(_over(word, said.found) for said in found.values()):
                    found[name] = Candidate(match[0], word, word.score, firm=False)


def _over(word: Found, other: Found | None) -> bool:
    return other is not None and (
        word.x0 < other.x1 and other.x0 < word.x1 and word.y0 < other.y1 and other.y0 < word.y1
    )


def days_over_signs(layout: Layout) -> list[tuple[Found, str]]:
    """Days of which year, month and day stand by themselves beside or over the printed 年, 月 and 日.

    Each with the day as ISO writes it for its text, and with the words of the rows around it.
    """
    days: list[tuple[float, Found, Row]] = []
    for row in layout.rows:
        near = [other for other in layout.rows if abs(other.y - row.y) < OVER * row.height]
        signs = sorted((one for other in near for one in other.glyphs if one.char in SIGNS), key=lambda one: one.x0)
        for triple in zip(signs, signs[1:], signs[2:], strict=False):
            if ''.join(sign.char for sign in triple) != SIGNS:
                continue
            counted = (_numbers(other) for other in near)
            for part in (part for words in counted for part in zip(words, words[1:], words[2:], strict=False)):
                pairs = zip(part, triple, strict=True)
                far = [abs(word.x0 + word.x1 - sign.x0 - sign.x1) / 2 / row.height for word, sign in pairs]
                day = values.iso_date('-'.join(word.text for word in part)) if len(part[0].text) == 4 else ''
                if day and max(far) < ASIDE:
                    whole = part[0].joined(part[1]).joined(part[2])
                    days.append((sum(far), replace(whole, text=day), row))
    best: list[tuple[Found, Row]] = []
    for _far, whole, row in sorted(days, key=lambda one: one[0]):
        if not any(_over(whole, other) for other, _row in best):
            best.append((whole, row))
    return [
        (whole, ''.join(other.text for other in layout.rows if abs(other.y - row.y) < OVER * row.height))
        for whole, row in sorted(best, key=lambda one: (one[1].y, one[0].x0))
    ]


def _numbers(row: Row) -> list[Found]:
    """The numbers of a row from left to right, also where other print lies between their digits."""
    runs: list[list[Glyph]] = []
    for glyph in sorted((one for one in row.glyphs if one.char.isdigit()), key=lambda one: (one.span, one.x0)):
        last = runs[-1][-1] if runs else None
        if last is not None and last.span == glyph.span and glyph.x0 - last.x1 < 0.3 * row.height:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    found = (
        Found(
            ''.join(one.char for one in run), min(one.score for one in run),
            run[0].x0, run[0].y0, run[-1].x1, run[0].y1, (run[0].span,),
        )
        for run in runs
    )  # fmt: skip
    return sorted(found, key=lambda one: one.x0)


def _day(layout: Layout, found: dict[str, Candidate]) -> None:
    """The date at the foot: the last one that is of nothing else, written out before others."""
    for pattern in (r'20\d{2}年\d{1,2}月\d{1,2}日?', r'20\d{2}[-./]\d{1,2}[-./]\d{1,2}'):
        days = [day for day in layout.find(pattern) if not _OTHER_DAY.search(day.row.text)]
        for label in reversed(days):
            piece = label.row.piece(label.start, label.end)
            if piece and (day := values.iso_date(piece.text)):
                found['issue_date'] = Candidate(day, piece, piece.score, firm=len(days) == 1 and '年' in piece.text)
                return
    over = [day for day, around in days_over_signs(layout) if not _OTHER_DAY.search(around)]
    if over:
        found['issue_date'] = Candidate(over[-1].text, over[-1], over[-1].score, firm=len(over) == 1)
