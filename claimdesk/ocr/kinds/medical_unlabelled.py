"""What hospitals' papers print without a legible label: known by its shape, its place or the words beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate
from claimdesk.ocr.layout import Found, Layout, Row

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
HEAD_ROWS = 4
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
    if 'receipt_number' not in found:
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
            firm = match[1] in ('No', 'NO', '№')
            found['receipt_number'] = Candidate(row.text[start : match.end(2)], piece, piece.score, firm=firm)
            return
    for row in top[:HEAD_ROWS]:
        for word in row.words():
            alone = _ALONE.fullmatch(word.text) and word.x0 > 0.5 and not values.iso_date(word.text)
            if alone and not any(_over(word, said.found) for said in found.values()):
                found['receipt_number'] = Candidate(word.text, word, word.score, firm=False)
                return


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


def _day(layout: Layout, found: dict[str, Candidate]) -> None:
    """The date at the foot: the last one that is of nothing else, written out before others."""
    for pattern in (r'20\d{2}年\d{1,2}月\d{1,2}日?', r'20\d{2}[-./]\d{1,2}[-./]\d{1,2}'):
        days = [day for day in layout.find(pattern) if not _OTHER_DAY.search(day.row.text)]
        for label in reversed(days):
            piece = label.row.piece(label.start, label.end)
            if piece and (day := values.iso_date(piece.text)):
                found['issue_date'] = Candidate(day, piece, piece.score, firm=len(days) == 1 and '年' in piece.text)
                return
