"""Buyer and seller of an invoice: which of two equal labels is whose, and names that run over two lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from claimdesk.ocr import values
from claimdesk.ocr.candidate import Candidate, candidate
from claimdesk.ocr.heading import beside
from claimdesk.ocr.layout import Found, Glyph, Label, Layout, Row

_NAME = r'(?<![务目品物程])名?称[:;]|(?<![务目品物程])名称(?!.*(?:规格|单位|金额|数量))'
_TAX_NUMBER = (
    r'(?:[统一社会信用代码]{3,8}.?)?纳税人识别号[:;.]?|(?:[统一社会信用代码]{3,8}.?)?纳?税?人?识别号[:;]|统一社会信用代码[:;]'
)
_STOP = re.compile(
    r'(?:[购销][买售货]?方)?(?:名?称[:;]|(?:统一社会信用代码.?)?纳税人识别号|统一社会信用|税号[:;])|地址、?电|开户行'
    r'|[购销][买售]方信息?|密码区|备注'
)
_NOT_NAME = re.compile(
    r'纳税人|识别号|信用代码|地址|电话|开户|[账帐]号|规格|税率|价税|小写|合计|机器编号|开票日期|项目'
    r'|[零壹贰叁肆伍陆柒捌玖拾佰仟万]{2}[圆元]'
)
_SIDED = re.compile(r'(购|销)(?:[买货]|售)?方?(?:名称|单位名称)[:;]')
_NUMBER = re.compile(r'(?:纳税人识别号|统一社会信用代码|税号)(?:/纳税人识别号)?[:;]')
_FRAME = '密码区备注销'
_CIPHER = re.compile(r'[\d<>*/+\-]{10,}')


@dataclass(slots=True)
class Party:
    """One block of the form: the label of its tax number, of its name, or of both."""

    tax: Label | None
    name: Label | None

    @property
    def place(self) -> Label:
        """The label of the name if it was read, else of the tax number."""
        place = self.name or self.tax
        assert place is not None
        return place

    @property
    def labels(self) -> tuple[Label, ...]:
        """Those of its labels that were read."""
        return tuple(label for label in (self.name, self.tax) if label)

    @property
    def x(self) -> float:
        """Left edge in page widths."""
        return min(label.x0 for label in self.labels)

    @property
    def y(self) -> float:
        """Height of its place on the page."""
        return self.place.y


def read_parties(layout: Layout, header: Row | None) -> dict[str, Candidate]:
    """Names and tax numbers; `header` is the head of the table, which divides buyer and seller on the older form."""
    parties = _parties(layout, header)
    sided = _by_name_of_side(layout)
    named = {id(label.row) for label in layout.find(_SIDED.pattern)}
    if sided and all(party.name is None or id(party.name.row) in named for party in parties):
        return sided
    out: dict[str, Candidate] = {}
    for side, party in _sides(layout, parties, header).items():
        limit = min((p.x for p in parties if p is not party and p.x > party.x + 0.15 and _level(p, party)), default=1.0)
        name = _name(layout, party, limit)
        if name and name.value:
            out[f'{side}_name'] = name
        number = _number(layout, party)
        if number:
            out[f'{side}_tax_id'] = number
    return out


def _by_name_of_side(layout: Layout) -> dict[str, Candidate]:
    """Names and numbers where the labels themselves say whose they are, one under the other: rolls, itineraries."""
    out: dict[str, Candidate] = {}
    labels = layout.find(_SIDED.pattern)
    for place, label in enumerate(labels):
        side = 'buyer' if label.row.text[label.start] == '购' else 'seller'
        following = next((other for other in labels[place + 1 :] if other.row is not label.row), None)
        row = label.row
        bottom = following.y - 0.5 * row.height if following else label.y + 4 * row.height
        if piece := row.after(label.end, _stops(row, label.end)):
            out.setdefault(f'{side}_name', candidate(values.name(piece.text), piece))
        for number in layout.find(_NUMBER.pattern):
            found = number.row.after(number.end) if label.y - 0.5 * row.height < number.y < bottom else None
            if found and (value := values.tax_number(found.text)):
                out.setdefault(f'{side}_tax_id', candidate(value, found))
    return out


def _level(a: Party, b: Party) -> bool:
    """Whether two blocks stand beside each other: one of their labels is about level with one of the other's."""
    room = 2.5 * a.place.row.height
    return abs(a.x - b.x) > 0.2 and any(abs(one.y - other.y) < room for one in a.labels for other in b.labels)


def _parties(layout: Layout, header: Row | None) -> list[Party]:
    numbers = layout.find(_TAX_NUMBER)
    if len(numbers) < 2:
        for label in layout.near('纳税人识别号', 66):
            apart = (
                label.row is not known.row or label.start >= known.end or label.end <= known.start for known in numbers
            )
            if all(apart):
                numbers.append(label)
    names = [label for label in layout.find(_NAME) if header is None or label.row is not header]
    parties = []
    taken: set[tuple[int, int]] = set()
    for number in numbers:
        above = [
            label
            for label in names
            if 0 < number.y - label.y < 7 * number.row.height
            and -0.18 < label.x0 - number.x0 < 0.14
            and (id(label.row), label.start) not in taken
        ]
        name = max(above, key=lambda label: (label.y, -abs(label.x0 - number.x0)), default=None)
        if name:
            taken.add((id(name.row), name.start))
        parties.append(Party(number, name))
    if len(parties) < 2:
        parties += [Party(None, label) for label in names if (id(label.row), label.start) not in taken]
    return parties


def _sides(layout: Layout, parties: list[Party], header: Row | None) -> dict[str, Party]:
    full = sorted(parties, key=lambda p: (p.name is None or p.tax is None, p.y, p.x))
    if len(full) == 1:
        only = full[0]
        below = header is not None and only.y > header.y
        right = only.x > 0.45 and not below
        return {'seller' if below or right else 'buyer': only}
    if len(full) < 2:
        return {}
    first, second = full[0], full[1]
    if _level(first, second):
        left, right_one = sorted((first, second), key=lambda p: p.x)
        if _swapped(layout, left, right_one):
            return {'seller': left, 'buyer': right_one}
        return {'buyer': left, 'seller': right_one}
    if header is not None:
        above = [p for p in full if p.y < header.y]
        under = [p for p in full if p.y > header.y]
        sides = {}
        if above:
            sides['buyer'] = above[0]
        if under:
            sides['seller'] = under[0]
        return sides
    upper, lower = sorted((first, second), key=lambda p: p.y)
    return {'buyer': upper, 'seller': lower}


def _swapped(layout: Layout, left: Party, right: Party) -> bool:
    """Whether the frame labels beside them say that the seller stands on the left (invoices issued by the buyer)."""

    def beside(party: Party, sign: str) -> bool:
        high = party.place.row.height
        return any(
            sign in text and -1.0 * high < party.x - x < 5.0 * high and abs(level - party.y) < 6.0 * high
            for text, x, level in layout.marks
        )

    return beside(left, '销') and not beside(left, '购') and beside(right, '购') and not beside(right, '销')


def _stops(row: Row, index: int) -> list[int]:
    return [match.start() for match in _STOP.finditer(row.text) if match.start() >= index]


def _number(layout: Layout, party: Party) -> Candidate | None:
    if party.tax is None:
        return None
    row, end = party.tax.row, party.tax.end
    for found in (row.after(end, _stops(row, end), gap=3.0), beside(layout, party.tax)):
        if found is None:
            continue
        text = re.sub(r'^[:;.]+', '', values.flat(found.text))
        value = values.tax_number(text)
        if value:
            return candidate(value, found)
    return None


def _name(layout: Layout, party: Party, limit: float) -> Candidate | None:
    label = party.name
    if label is None:
        return _name_without_label(layout, party, limit)
    row = label.row
    marks = [x for text, x, _y in layout.marks if x > label.x1 + 0.1 and text[0] in _FRAME]
    frame = min(marks, default=1.0)
    limit = min(limit, frame)
    beyond = [
        index
        for index, (before, after) in enumerate(pairwise(row.glyphs), 1)
        if (after.x0 > frame and after.x0 - before.x1 > 0.5 * row.height) or _of_frame(after, marks, row.height)
    ]
    piece = row.after(label.end, [*_stops(row, label.end), *beyond[:1]])
    if piece and _CIPHER.match(piece.text):
        piece = None
    bottom = party.tax.y - 0.7 * row.height if party.tax else row.y + 1.2 * row.height
    lines: list[tuple[float, Found]] = [(row.y, piece)] if piece else []
    left = piece.x0 if piece else label.x1
    for other in layout.rows:
        near = row.y - 1.0 * row.height < other.y < max(bottom, row.y)
        if other is row or not near:
            continue
        for word in other.words(2.2):
            fits = left - 1.5 * row.height < word.x0 < min(limit - 0.03, left + (0.4 if limit == 1.0 else 1.0))
            if fits and not _NOT_NAME.search(word.text) and not _CIPHER.search(word.text) and len(word.text) > 1:
                lines.append((other.y, word))
    if not lines:
        return None
    lines.sort(key=lambda line: line[0])
    whole = lines[0][1]
    for _, more in lines[1:]:
        whole = whole.joined(more)
    # A colon is never part of a name, nor does one cross the frame: what follows belongs to the next column.
    score = 0.4 * whole.score if re.search('[:：]', whole.text) or whole.x1 > frame else None
    return candidate(values.name(whole.text), whole, score)


def _of_frame(glyph: Glyph, marks: list[float], height: float) -> bool:
    """Whether a character belongs to a label that runs down the frame, although a long name touches it."""
    middle = (glyph.x0 + glyph.x1) / 2
    return glyph.char in _FRAME and any(abs(middle - x) < 0.5 * height for x in marks)


def _name_without_label(layout: Layout, party: Party, limit: float) -> Candidate | None:
    """The words above a tax number whose name label was not read at all."""
    tax = party.tax
    if tax is None:
        return None
    best: tuple[float, Found] | None = None
    for row in layout.rows:
        distance = tax.y - row.y
        if not 0.7 * row.height < distance < 4 * row.height:
            continue
        for word in row.words(2.2):
            inside = tax.x0 - 0.02 < word.x0 < min(limit - 0.03, tax.x0 + 0.35)
            if inside and re.search(r'[\u4e00-\u9fff]{2}', word.text) and not _NOT_NAME.search(word.text):
                text = re.sub(r'^名?.?称?[:;：]', '', word.text)
                if text and (best is None or distance < best[0]):
                    best = (distance, Found(text, word.score * 0.8, word.x0, word.y0, word.x1, word.y1, word.spans))
    return candidate(values.name(best[1].text), best[1]) if best else None
