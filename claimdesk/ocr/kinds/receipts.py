"""Shop receipts, English and Chinese: who sold, when, and what was to pay; the cash handed over proves the total."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.layout import Found, Layout, Row
from claimdesk.ocr.reading import SURE
from claimdesk.ocr.values import money
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, PROVEN
from claimdesk.vocabulary import DocumentKind

_SIGN = re.compile(
    r'(?i)cash\s*bill|receipt|tax[il1]nvoice|subtotal|gst|total[\s\S]*(?:cash|change|tender)|收银|小票|找零|购物清单|收款收据'
    r'|结[账帐]单|消费单|预结单|消费合计|应收[\s\S]*实收|通用定额发票|通行费|过路费|停车费'
)
_AMOUNT = re.compile(r'(?<![\d.])-?(?:\d{1,3}(?:,\d{3})+|\d+)[.,]\d{2}(?![\d%])')
_NOT_THE_TOTAL = re.compile(
    r'(?i)sub-?t[o0]ta[l1i]|qty|quant|item|disc|saving|points?|gst|taxable|t[o0]tal(?:gst|tax)|exc[l1]|before|summary'
    r'|t[o0]talamt?\(|accept|excluding|件数|数量|优惠|折扣|节省|积分|税额|小计'
)
_INCLUSIVE = re.compile(r'(?i)inc[l1]|w[il1]thgst|with(?:6%)?gst|withtax')
_ROUNDED = re.compile(
    r'(?i)rounded|afterround|afteradj|grandt[o0]|nett?t[o0]|payable|amountdue|t[o0]taldue|nett$|应收|应付'
)
_TOTAL = re.compile(r'(?i)^ttl|[tfl][o0a]ta[l1i]|jumlah|nett\b|balancedue|合计|总计|总额|总价|应收|应付|金额')
_ROUNDING = re.compile(r'(?i)r[o0]und(?!ed)|抹零|舍入')
_CASH = re.compile(
    r'(?i)^[^a-z]*(?:cash|tender|paid|payment|received|amtpaid|accept|ttlcash)|cashtend|tendered|现金|收款(?!收据)|付款|实收|实付'
)
_NET = re.compile(r'实收|实付')
_CHANGE = re.compile(r'(?i)change|chargeamt|找零|找回')
_SURELY_COMPANY = re.compile(r'(?i)\bsdn\.?\s*bhd|\bs/b\b|\bbhd\b|enterprise|\bplt\b|公司')
_LEGAL_FORM = re.compile(r'(?i)\b(?:sdn|bhd|co|ltd|plt|m|s/b|enterprise|trading)\b')
_GOES_ON = re.compile(r'(?i)^\W*(?:sdn|bhd|s/b|enterprise|trading|company|co|ltd|plt|and)\b|^\s*[&(]')
"""How the second line of a name begins."""
_NO_NAME = re.compile(
    r'(?i)receipt|invoice|cash\s*bill|\btel\b|\bfax\b|^\W*(?:no|lot)\b|jalan|\bjln\b|taman|\bgst\b|reg|date|www|@|welcome'
    r'|original|copy|duplicate|电话|地址|日期|单号|欢迎|小票|收据|收银|结[账帐]单|预结单|消费单|发票|车牌|车号|桌号|入场|出场|入口|出口|流水|编号|停车|车型|[应实]收|合计|金额|元整'
)
_TAIL = re.compile(r'(?i)\s*[(\[（]?\s*(?:co\.?\s*)?(?:reg\.?|company|roc|no\.?)*\s*[:.]?\s*\d{4,}\S*\s*[)\]）]?\s*$')
_MONTHS = ('jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec')
_YEAR_FIRST = re.compile(r'(20\d{2})[年./\-](\d{1,2})[月./\-](\d{1,2})')
_DAY_FIRST = re.compile(r'(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-]((?:20)?\d{2})(?=\d{1,2}:\d|[^\d/]|$)')
_NAMED = re.compile(rf'(?i)(?<!\d)(\d{{1,2}})[-/.]?({"|".join(_MONTHS)})[a-z]*[-/.,]?((?:20)?\d{{2}})')
HEAD_ROWS = 10
"""The name of a shop stands in the first rows."""
CENTS = Decimal('0.05')
"""What rounding changes at most."""


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount beside its label."""

    amount: Decimal
    found: Found
    row: Row
    rank: int = 0


def amounts(row: Row) -> list[Sum]:
    """Every amount of a row, from left to right."""
    return [
        Sum(Decimal(value), word, row)
        for word in row.words(0.6)
        for match in _AMOUNT.finditer(word.text)
        if (value := money(match[0]))
    ]


def beside(layout: Layout, row: Row) -> Sum | None:
    """The amount that belongs to a label: the last of its row, else that of the nearest row without words."""
    if own := amounts(row):
        return own[-1]
    near = [
        other
        for other in layout.rows
        if other is not row and abs(other.y - row.y) < 1.6 * row.height and not re.search(r'[^\W\d_]{3,}', other.text)
    ]
    for other in sorted(near, key=lambda one: abs(one.y - row.y)):
        if found := amounts(other):
            return found[-1]
    return None


def totals(layout: Layout) -> list[Sum]:
    """Rows that may state the total, the plainest first; of equals the last one that is not less."""
    out = []
    for row in layout.rows:
        if not _TOTAL.search(row.text) and not _ROUNDED.search(row.text):
            continue
        if _CHANGE.search(row.text) or (_NOT_THE_TOTAL.search(row.text) and not _INCLUSIVE.search(row.text)):
            continue
        found = beside(layout, row)
        if found is None or found.amount <= 0:
            continue
        rank = 0 if _ROUNDED.search(row.text) else 1 if _INCLUSIVE.search(row.text) else 2
        out.append(Sum(found.amount, found.found, found.row, rank))
    return sorted(out, key=lambda one: (one.rank, -one.amount, -one.row.y))


def labelled(layout: Layout, pattern: re.Pattern[str]) -> list[Sum]:
    """The amounts beside labels that match."""
    rows = [row for row in layout.rows if pattern.search(row.text)]
    return [found for row in rows if (found := beside(layout, row))]


def paid(layout: Layout) -> Decimal | None:
    """Cash less change, where both are printed."""
    cash = [one.amount for one in labelled(layout, _CASH)]
    change = [abs(one.amount) for one in labelled(layout, _CHANGE)]
    if not cash or not change or max(cash) - change[-1] <= 0:
        return None
    return max(cash) - change[-1]


def total_of(layout: Layout) -> Sum | None:
    """What was to pay: cash less change where it is printed; else the rounded total, or total and rounding."""
    said, handed = totals(layout), paid(layout)
    everything = [one for row in layout.rows for one in amounts(row)]
    cash = {one.amount for one in labelled(layout, _CASH)}
    if handed is not None and (exact := [one for one in said if one.amount in cash]):
        return exact[0]
    if handed is not None:
        match = [one for one in (*said, *everything) if one.amount == handed]
        near = any(abs(one.amount - handed) <= CENTS for one in said)
        if match and (near or not said or len(match) > 1):
            return match[0]
    if not said:
        return _largest(layout, everything)
    best = said[0]
    net = [one for one in labelled(layout, _NET) if one.amount < best.amount]
    if net and handed in (None, net[-1].amount):
        return net[-1]
    for change in labelled(layout, _ROUNDING):
        if 0 < abs(change.amount) <= CENTS and best.amount % CENTS:
            for wanted in (best.amount + change.amount, best.amount - change.amount):
                if not wanted % CENTS:
                    return next((one for one in everything if one.amount == wanted), Sum(wanted, best.found, best.row))
    return best


def _largest(layout: Layout, everything: Sequence[Sum]) -> Sum | None:
    """Without a total: what was paid with a card or exactly, else the largest amount of the lower half."""
    if cash := labelled(layout, _CASH):
        return cash[0]
    half = layout.rows[len(layout.rows) // 3].y if layout.rows else 0.0
    return max((one for one in everything if one.row.y > half), key=lambda one: one.amount, default=None)


def spaced(layout: Layout, row: Row) -> str:
    """The row as printed, with the spaces inside its spans."""
    spans = dict.fromkeys(glyph.span for glyph in row.glyphs)
    return ' '.join(layout.spans[index].text.strip() for index in spans)


def names(layout: Layout) -> Iterator[tuple[int, str, Found]]:
    """The rows of the head that may be the name of the shop, with their number."""
    for place, row in enumerate(layout.rows[:HEAD_ROWS]):
        text = _TAIL.sub('', spaced(layout, row)).strip(' -*:.,#=_')
        found = row.piece(0, len(row.glyphs))
        if found is None or sum(char.isalpha() for char in text) < 4:
            continue
        if _NO_NAME.search(text) and not _SURELY_COMPANY.search(text):
            continue
        yield place, text, found


def seller_of(layout: Layout) -> Candidate | None:
    """The name of the shop: the first row with a company's word, else the first that is a name at all."""
    found = [one for one in names(layout) if not (one[1].isascii() and one[1].islower())]
    ranked = sorted(found, key=lambda one: (not _SURELY_COMPANY.search(one[1]), one[0]))
    if not ranked:
        return None
    place, text, piece = ranked[0]
    if _GOES_ON.search(text) or sum(char.isalpha() for char in _LEGAL_FORM.sub('', text)) < 3:
        before = next((one for one in found if one[0] == place - 1), None)
        if before:
            text, piece = f'{before[1]} {text}', before[2].joined(piece)
    return Candidate(without_accents(text), piece, piece.score)


def without_accents(text: str) -> str:
    """Latin letters without the accents that a recogniser sees in dirt."""
    plain = unicodedata.normalize('NFD', text)
    return ''.join(char for char in plain if not unicodedata.combining(char))


def days(text: str) -> Iterator[str]:
    """The days that a text without spaces names: year first, or day first as shops in English print it."""
    for match in _YEAR_FIRST.finditer(text):
        yield from _day(match[1], match[2], match[3])
    for match in _DAY_FIRST.finditer(text):
        yield from _day(match[3], match[2], match[1])
    for match in _NAMED.finditer(text):
        yield from _day(match[3], str(_MONTHS.index(match[2].lower()) + 1), match[1])


def _day(year: str, month: str, day: str) -> Iterator[str]:
    with contextlib.suppress(ValueError):
        yield dt.date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)).isoformat()


def date_of(layout: Layout) -> Candidate | None:
    """The first day on the page, rows that speak of a date before others."""
    dated = sorted(layout.rows, key=lambda row: not re.search(r'(?i)date|日期|时间|\d:\d\d', row.text))
    for row in dated:
        for word in (*row.words(0.6), row.piece(0, len(row.glyphs))):
            if word and (day := next(days(word.text), '')):
                return Candidate(day, word, word.score)
    return None


class Receipts(Kind):
    """Receipts of shops that are no invoices of the tax administration."""

    kinds = (DocumentKind.RECEIPT,)
    needed = ('total',)

    def recognise(self, page: PageWords) -> Sign | None:
        """A hint only: many papers speak of receipts and totals."""
        return Sign(DocumentKind.RECEIPT, Strength.HINT) if _SIGN.search(page.whole) else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """Shop, day and total."""
        out = Extract(source, DocumentKind.RECEIPT, text=layout.text(), layout=layout)
        said = total_of(layout)
        values = {
            'seller_name': seller_of(layout),
            'issue_date': date_of(layout),
            'total': Candidate(f'{said.amount:.2f}', said.found, said.found.score) if said else None,
        }
        for name, value in values.items():
            if value:
                out.fields[name] = value
                if value.found:
                    out.boxes[name] = layout.box(value.found)
        return out

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The total is sure where cash less change gives it and two readers saw it; the name never by itself."""
        super().prove(weighing, kind)
        for name in ('seller_name', 'issue_date'):
            weighing.doubt(name, _("A receipt has no label for it: compare it with the page."), ALONE)
        read = weighing.out.get('total')
        layout = next((one.layout for one in weighing.extracts if one.layout), None)
        handed = paid(layout) if layout else None
        if read is None:
            return
        holds = handed is not None and read.value == f'{handed:.2f}'
        rival = layout is not None and any(f'{one.amount:.2f}' != read.value for one in totals(layout))
        if handed is not None:
            words = _("Cash less change is {amount}.").format(amount=f'{handed:.2f}')
            weighing.check('cash', holds, words, ('total',))
        if holds and not rival and read.confidence >= SURE:
            weighing.set('total', read.value, PROVEN, f'{read.source}+cash')
        elif handed is not None and not holds:
            weighing.doubt('total', _("Cash less change is {amount}.").format(amount=f'{handed:.2f}'))
        else:
            weighing.doubt('total', _("Nothing else on the receipt proves this amount."), ALONE)


RECEIPTS = Receipts()
