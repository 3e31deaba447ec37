"""Repair estimates and loss assessment lists: lines of parts and labour whose amounts must add up to the total."""

from __future__ import annotations

import re
from decimal import Decimal

from claimdesk.language import _
from claimdesk.ocr.candidate import Candidate, Extract
from claimdesk.ocr.kinds.kind import Kind, PageWords, Sign, Strength
from claimdesk.ocr.kinds.labelled import labelled, take
from claimdesk.ocr.kinds.licences import VEHICLE_FORM, prove_vehicle
from claimdesk.ocr.labels import Wanted
from claimdesk.ocr.layout import Found, Layout, Row
from claimdesk.ocr.reading import SURE, ItemReading
from claimdesk.ocr.values import flat, iso_date, money
from claimdesk.ocr.weighing import Weighing
from claimdesk.ocr.worth import ALONE, EXACT, PROVEN, WITNESSED
from claimdesk.vocabulary import DocumentKind

_TITLE = re.compile(
    r'定损单|定损报告|定损清单|损失情况确认书|损失确认书|维修清单|维修估价|维修结算|修理清单|修理估价|维修报价|估价单|估损单|核损清单'
    r'|更换项目清单|修理项目清单'
)
_PRICES = re.compile('报价单|结算单|工单|明细表')
_VEHICLE_WORDS, _PARTS = re.compile('车牌|号牌|车架号|VIN'), re.compile('配件|工时|钣金|喷漆')
"""A list of prices that names a vehicle and its parts."""
_HEAD = re.compile(r'名称|项目|配件')
_PRICED = re.compile(r'金额|价格|单价|工时费|小计')
_TOTALS = (
    '小写', '实收金额', '实收合计', '实付金额', '应付金额', '定损总金额', '定损总额', '定损金额', '核损金额',
    '维修总价', '总金额', '总计', '合计金额', '应收合计', '应收金额', '费用合计', '共计', '合计',
)  # fmt: skip
"""What the total is called, the plainest first: what is to be paid before what was charged."""
_OFF = ('残值', '优惠金额', '折扣金额', '优惠')
"""What is taken off the lines."""
_PART_OF_IT = (
    '工时费合计', '工时合计', '材料费合计', '材料合计', '配件合计', '换件合计', '修理费合计', '换件小计', '修理小计',
    '小计', '材料费', '辅料', '大写',
)  # fmt: skip
_SUMS = re.compile('|'.join(sorted((*_TOTALS, *_OFF, *_PART_OF_IT), key=len, reverse=True)))
_FIGURE = re.compile(r'(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?(?=元|$|[^\d.,])')
_SHOP = re.compile(r'[\u4e00-\u9fff()（）]{4,}(?:公司|修理厂|维修厂|维修中心|服务站|4S店|汽修厂)')
_NUMBER = re.compile(r'-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?')
_VEHICLE = tuple(wanted for wanted in VEHICLE_FORM if wanted.name in ('plate', 'vin'))
REPAIR_FORM = (
    *(Wanted(wanted.name, (*wanted.labels, *more), wanted.write) for wanted, more in zip(
        _VEHICLE, (('车牌号码', '车牌号', '车牌'), ('车架号码', '车架号', 'VIN码', 'VIN')), strict=True)),
    Wanted('seller_name', (
        '维修单位', '修理单位', '承修单位', '修理厂名称', '修理厂', '维修厂', '承修厂', '承修方', '维修企业',
    ), lambda text: match[0] if (match := _SHOP.match(flat(text))) else '', whole=True),
    Wanted('issue_date', ('定损日期', '制单日期', '开单日期', '报价日期', '结算日期', '日期', '定损时间'), iso_date),
    Wanted('', ('车主', '联系电话', '报案号', '车型', '品牌型号', '保单号', '定损员', '签字', '电话')),
)  # fmt: skip


def figures(row: Row) -> list[tuple[str, Found]]:
    """The words at the end of a row that are numbers, from left to right."""
    out: list[tuple[str, Found]] = []
    for word in reversed(row.words(0.8)):
        plain = flat(word.text).lstrip('¥￥').removesuffix('元')
        if not _NUMBER.fullmatch(plain):
            break
        out.insert(0, (plain.replace(',', ''), word))
    return out


def line_of(layout: Layout, row: Row) -> tuple[ItemReading, float] | None:
    """A row of the table: its name, and of its figures the last three that are quantity, price and amount."""
    said = figures(row)
    words = [word for word in row.words(0.8) if all(word is not found for _value, found in said)]
    named = next((word for word in words if re.search(r'[\u4e00-\u9fff]{2,}', word.text)), None)
    amount = money(said[-1][0]) if said else ''
    if named is None or not amount or named.x0 > said[-1][1].x0:
        return None
    quantity = price = ''
    if len(said) >= 3:
        first, second = Decimal(said[-3][0]), Decimal(said[-2][0])
        fits = first * second == Decimal(amount)
        low_first = fits and (first == int(first) and (first <= second or '.' in said[-2][0]))
        quantity, price = (said[-3][0], money(said[-2][0])) if low_first else ('', '')
        if fits and not low_first:
            quantity, price = said[-2][0], money(said[-3][0])
    name = re.sub(r'^\d{1,3}[.、)]?', '', named.text)
    item = ItemReading(name=name, quantity=quantity, unit_price=price, amount=amount, box=layout.box(named))
    return item, min(named.score, said[-1][1].score)


def lines_of(layout: Layout) -> list[tuple[ItemReading, float]]:
    """The lines of every table on the page: what follows a row of heads, up to the sums of the whole."""
    out: list[tuple[ItemReading, float]] = []
    inside = False
    for row in layout.rows:
        if _HEAD.search(row.text) and _PRICED.search(row.text) and not figures(row):
            inside = True
        elif _SUMS.search(row.text):
            continue
        elif inside and (line := line_of(layout, row)):
            out.append(line)
    return out


def sums_of(layout: Layout) -> list[tuple[str, Candidate]]:
    """Every sum on the page by its label: of several numbers behind it the last one, one with a point before others."""
    out: list[tuple[str, Candidate]] = []
    for row in layout.rows:
        labels = list(_SUMS.finditer(row.text))
        for place, label in enumerate(labels):
            end = labels[place + 1].start() if place + 1 < len(labels) else len(row.text)
            found = [(m, row.piece(m.start(), m.end())) for m in _FIGURE.finditer(row.text, label.end(), end)]
            numbers = [(money(m[0]), piece) for m, piece in found if piece]
            pointed = [one for one in numbers if '.' in one[1].text] or numbers
            if pointed and pointed[-1][0]:
                value, piece = pointed[-1]
                out.append((label[0], Candidate(value, piece, piece.score)))
    return out


class Repairs(Kind):
    """Lists of what a damaged vehicle needs and costs."""

    kinds = (DocumentKind.REPAIR_ESTIMATE,)
    needed = ('total',)
    sums = ('total',)

    def recognise(self, page: PageWords) -> Sign | None:
        """By its title, or as a list of prices of a vehicle's parts; an invoice with such a list is an invoice."""
        if '纳税人识别号' in page.whole or '价税合计' in page.whole:
            return None
        priced = _PRICES.search(page.head) and _VEHICLE_WORDS.search(page.whole) and _PARTS.search(page.whole)
        return Sign(DocumentKind.REPAIR_ESTIMATE, Strength.TITLE) if priced or _TITLE.search(page.head) else None

    def extract(self, layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
        """Vehicle, shop and day by their labels, the lines, and the largest of the sums."""
        out = labelled(layout, source, DocumentKind.REPAIR_ESTIMATE, REPAIR_FORM)
        out.items = lines_of(layout)
        totals = [(_TOTALS.index(label), said) for label, said in sums_of(layout) if label in _TOTALS]
        if totals:
            _rank, said = min(totals, key=lambda one: (one[0], -Decimal(one[1].value)))
            take(out, layout, 'total', said)
        if 'seller_name' not in out.fields:
            self._shop(out, layout)
        return out

    def _shop(self, out: Extract, layout: Layout) -> None:
        """A shop that stands above the title, without a label."""
        for row in layout.rows[:3]:
            match = _SHOP.fullmatch(row.text)
            piece = row.piece(0, len(row.text)) if match else None
            if piece and not _TITLE.search(row.text):
                take(out, layout, 'seller_name', Candidate(piece.text, piece, piece.score, firm=False))
                return

    def prove(self, weighing: Weighing, kind: DocumentKind | None) -> None:
        """The lines add up to the total; the vehicle's number and plate hold."""
        super().prove(weighing, kind)
        prove_vehicle(weighing)
        total = weighing.out.get('total')
        amounts = [Decimal(item.amount) for item in weighing.items if item.amount]
        if total is None or not amounts:
            return
        weighing.items_confidence = ALONE
        said = sum(amounts, Decimal(0))
        off = sum((Decimal(value) for value in _taken_off(weighing)), Decimal(0))
        words = _("The lines add up to {amount}.").format(amount=f'{said:.2f}')
        if weighing.check('lines', total.value in (f'{said:.2f}', f'{said - off:.2f}'), words, ('total',)):
            exact = total.source in EXACT
            weighing.items_confidence = PROVEN if exact else ALONE
            if len(amounts) > 1 or total.confidence >= SURE:
                weighing.set('total', total.value, PROVEN if exact else WITNESSED, f'{total.source}+lines')
        else:
            weighing.doubt('total', words)


def _taken_off(weighing: Weighing) -> list[str]:
    """What the old parts are worth, and what the shop leaves."""
    layout = next((one.layout for one in weighing.extracts if one.layout), None)
    return [said.value for label, said in sums_of(layout) if label in _OFF] if layout else []


REPAIRS = Repairs()
