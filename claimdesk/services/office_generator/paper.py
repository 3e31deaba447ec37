"""Invoices that look like those of the tax office: what is printed on the two standard forms, and where.

The older form carries code and number (增值税专用、普通发票 on paper, 增值税电子普通发票), the newer one a number of
twenty digits (数电票). A form is a list of texts, lines, seals and a code; `printing` draws it as PDF or picture.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import to_capital
from claimdesk.papers.form import WIDE, Form
from claimdesk.vocabulary import DocumentKind

_CODE_KINDS = {
    DocumentKind.VAT_SPECIAL: '01',
    DocumentKind.VAT_NORMAL: '04',
    DocumentKind.VAT_ELECTRONIC: '10',
    DocumentKind.DIGITAL_SPECIAL: '31',
    DocumentKind.DIGITAL_NORMAL: '32',
}
LINES_A_PAGE = 20
_HEADS = ('规格型号', '单 位', '数 量', '单 价')
_SERVICE_HEADS = {'通行费': ('车牌号', '类型', '通行日期起', '通行日期止')}
"""What stands over the second to the fifth column."""
_TITLES = {
    DocumentKind.VAT_SPECIAL: '增值税专用发票',
    DocumentKind.VAT_NORMAL: '增值税普通发票',
    DocumentKind.VAT_ELECTRONIC: '增值税电子普通发票',
    DocumentKind.DIGITAL_SPECIAL: '电子发票（增值税专用发票）',
    DocumentKind.DIGITAL_NORMAL: '电子发票（普通发票）',
}


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line of an invoice as it is printed; `tax` is None where the goods are free of tax."""

    name: str
    specification: str
    unit: str
    quantity: str
    unit_price: str
    amount: Decimal
    rate: str
    tax: Decimal | None


@dataclass(frozen=True, slots=True)
class Side:
    """Buyer or seller as printed; address and bank only stand on the older form."""

    name: str
    tax_id: str
    address: str = ''
    bank: str = ''


@dataclass(frozen=True, slots=True)
class InvoicePaper:
    """What is printed on an invoice. `code` and `check_code` are '' where its kind has none.

    `service` is the special business of some invoices (通行费, 旅客运输服务), which has columns of its own; `yuan` how
    the word for the currency is written. A newer invoice of more than `LINES_A_PAGE` lines goes over several pages.
    """

    kind: DocumentKind
    province: str
    number: str
    code: str
    issued_on: dt.date
    check_code: str
    buyer: Side
    seller: Side
    lines: tuple[PaperLine, ...]
    note: str = ''
    clerk: str = ''
    service: str = ''
    yuan: str = '圆'
    with_code: bool = True

    @property
    def amount(self) -> Decimal:
        """The sum without tax, in yuan."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal | None:
        """The tax in yuan, None if nothing is taxed."""
        return tax_of(self.lines)

    @property
    def total(self) -> Decimal:
        """What is to be paid, in yuan."""
        return self.amount + (self.tax or Decimal(0))

    @property
    def capital(self) -> str:
        """The total in capitals as the tax office prints it."""
        words = to_capital(abs(self.total)).replace('元', self.yuan)
        return f'（负数）{words}' if self.total < 0 else words

    @property
    def digital(self) -> bool:
        """Whether it is one of the newer form."""
        return self.kind in (DocumentKind.DIGITAL_SPECIAL, DocumentKind.DIGITAL_NORMAL)

    @property
    def code_text(self) -> str:
        """What the two-dimensional code says; '' where none is printed."""
        if not self.with_code:
            return ''
        amount = self.total if self.digital else self.amount
        fields = ('01', _CODE_KINDS[self.kind], self.code, self.number, f'{amount:.2f}')
        return ','.join((*fields, f'{self.issued_on:%Y%m%d}', self.check_code, 'A1B2', ''))


def tax_of(lines: Sequence[PaperLine]) -> Decimal | None:
    """The tax of some lines in yuan, None if nothing is taxed."""
    taxes = [line.tax for line in lines if line.tax is not None]
    return sum(taxes, Decimal(0)) if taxes else None


def forms_of(paper: InvoicePaper) -> list[Form]:
    """The pages that belong to the kind of invoice."""
    if not paper.digital:
        return [_older(paper)]
    parts = [paper.lines[start : start + LINES_A_PAGE] for start in range(0, len(paper.lines), LINES_A_PAGE)] or [()]
    return [_newer(paper, part, place, len(parts)) for place, part in enumerate(parts, 1)]


def _newer(paper: InvoicePaper, lines: Sequence[PaperLine], number: int, of: int) -> Form:
    form = Form()
    if of > 1:
        form.write(560, 74, f'共{of}页 第{number}页', 7.5, align='c')
    title = _TITLES[paper.kind]
    form.label(WIDE / 2, 42, title, 19, 'c')
    form.rule((198, 50, 412, 50), (198, 53.5, 412, 53.5))
    for y, name, value in ((40, '发票号码：', paper.number), (58, '开票日期：', _day(paper.issued_on))):
        form.label(452, y, name, 9)
        form.write(498, y, value, 9)
    form.down(21, 98, '购买方信息', 11.5)
    form.down(313, 98, '销售方信息', 11.5)
    for x, side in ((32, paper.buyer), (324, paper.seller)):
        form.label(x, 105, '名称：', 9)
        _fit(form, x + 28, 105, side.name, 250)
        form.label(x, 137, '统一社会信用代码/纳税人识别号：', 9)
        form.write(x + 144, 137, side.tax_id, 9)
    edges = (12.0, 156.0, 214.0, 250.0, 300.0, 372.0, 448.0, 520.0, 598.0)
    form.label(92, 62, paper.service, 10)
    heads = ('项目名称', *_SERVICE_HEADS.get(paper.service, _HEADS), '金 额', '税率/征收率', '税 额')
    for place, head in enumerate(heads):
        form.label((edges[place] + edges[place + 1]) / 2, 162, head, align='c')
    bottom = max(252.0, _rows(lines, form, edges, 179, 13, 15) + 12)
    if of > 1:
        _sums(form, edges, bottom - 1, '小　　　　计', lines)
        bottom += 14
    if number == of:
        _sums(form, edges, bottom, '合　　　　计', paper.lines)
        form.label(82, bottom + 22, '价税合计（大写）', 9, 'c')
        form.cross(164, bottom + 19)
        form.write(172, bottom + 22, paper.capital, 9.5)
        form.label(418, bottom + 22, '（小写）', 9)
        form.write(452, bottom + 22, f'¥{paper.total:.2f}', 9.5)
    form.down(21, bottom + 52, '备注', 20)
    _note(form, 34, bottom + 46, paper.note, 60)
    form.label(60, bottom + 106, '开票人：', 9)
    form.write(98, bottom + 106, paper.clerk, 9)
    last = bottom + 88
    form.rule(*((12, y, 598, y) for y in (86, 150, bottom + 6, bottom + 30, last)))
    form.rule((12, 86, 12, last), (598, 86, 598, last), (30, 86, 30, 150), (304, 86, 304, 150), (322, 86, 322, 150))
    form.rule((154, bottom + 6, 154, bottom + 30), (30, bottom + 30, 30, last))
    form.high = bottom + 132
    form.seals.append((WIDE / 2, 46, 44, 28, '全国统一发票监制章', '国家税务总局', f'{paper.province}税务局'))
    form.code = (20, 16, 58, paper.code_text)
    return form


def _sums(form: Form, edges: tuple[float, ...], y: float, name: str, lines: Sequence[PaperLine]) -> None:
    form.label(74, y, name, align='c')
    form.write(edges[6] - 2, y, f'¥{sum(line.amount for line in lines):.2f}', 9, align='r')
    form.write(edges[8] - 2, y, _tax(tax_of(lines), '¥'), 9, align='r')


def _older(paper: InvoicePaper) -> Form:
    form = Form(high=394)
    form.label(110, 62, paper.service, 12)
    on_paper = paper.kind is not DocumentKind.VAT_ELECTRONIC
    region = paper.province.removesuffix('省').removesuffix('市')
    form.label(WIDE / 2, 40, f'{region}{_TITLES[paper.kind]}', 18, 'c')
    form.rule((200, 47, 410, 47), (200, 50, 410, 50))
    day = _day(paper.issued_on)
    grouped = ' '.join(paper.check_code[start : start + 5] for start in range(0, 20, 5)).strip()
    if on_paper:
        form.write(92, 40, paper.code, 14)
        form.label(432, 40, '№', 15)
        form.write(450, 40, paper.number, 16)
        form.write(538, 32, paper.code, 7.5)
        form.write(538, 43, paper.number, 7.5)
        form.label(452, 64, '开票日期：')
        form.write(497, 64, day)
        form.label(305, 62, '此联不作报销、扣税凭证使用' if paper.kind is DocumentKind.VAT_SPECIAL else '', 7, 'c')
        if grouped:
            form.write(92, 72, f'校验码 {grouped}', 8.5)
    else:
        rows = (('发票代码:', paper.code), ('发票号码:', paper.number), ('开票日期:', day), ('校 验 码:', grouped))
        for place, (name, value) in enumerate(rows):
            form.label(430, 26 + 14.5 * place, name)
            form.write(474, 26 + 14.5 * place, value)
        form.label(28, 78, '机器编号:')
        form.write(72, 78, f'6615{paper.number}')
    _frame(form)
    _secret(form, paper.number)
    for top, side in ((98, paper.buyer), (306, paper.seller)):
        names = ('名　　　　称:', '纳税人识别号:', '地 址、 电 话:', '开户行及账号:')
        for place, (name, value) in enumerate(
            zip(names, (side.name, side.tax_id, side.address, side.bank), strict=True)
        ):
            form.label(48, top + 14.5 * place, name)
            _fit(form, 110, top + 14.5 * place, value, 232)
    edges = (24.0, 170.0, 222.0, 252.0, 308.0, 375.0, 455.0, 482.0, 590.0)
    form.rule(*((x, 148, x, 272) for x in edges[1:-1]))
    toll = _SERVICE_HEADS.get(paper.service)
    heads = ('项目名称' if toll else '货物或应税劳务、服务名称', *(toll or _HEADS), '金　额', '税率', '税　额')
    for place, head in enumerate(heads):
        form.label((edges[place] + edges[place + 1]) / 2, 160, head, align='c')
    _rows(paper.lines, form, edges, 177, 12.5, 16)
    form.label(96, 268, '合　　　　计', align='c')
    form.write(453, 268, f'￥{paper.amount:.2f}', align='r')
    form.write(588, 268, _tax(paper.tax, '￥'), align='r')
    form.label(96, 286, '价税合计（大写）', align='c')
    form.cross(182, 283)
    form.write(191, 286, paper.capital, 9.5)
    form.label(440, 286, '（小写）')
    form.write(476, 286, f'￥{paper.total:.2f}', 9.5)
    _note(form, 370, 308, paper.note, 24)
    for x, name, value in ((32, '收款人:', '王芳'), (178, '复核:', '李娜'), (312, '开票人:', paper.clerk)):
        form.label(x, 375, name)
        form.write(x + 8.6 * len(name) - 2, 375, value)
    form.label(440, 375, '销售方:（章）')
    form.seals.append((WIDE / 2, 42, 42, 27, '全国统一发票监制章', region, '国家税务总局监制'))
    form.seals.append((516, 340, 52, 32, paper.seller.name, paper.seller.tax_id, '发票专用章'))
    form.code = (24, 14, 58, paper.code_text)
    return form


def _frame(form: Form) -> None:
    form.rule(*((24, y, 590, y) for y in (84, 148, 165, 272, 292, 360)))
    form.rule(*((x, 84, x, 360) for x in (24, 590)))
    form.rule((42, 84, 42, 148), (346, 84, 346, 148), (364, 84, 364, 148), (164, 272, 164, 292))
    form.rule((42, 292, 42, 360), (346, 292, 346, 360), (364, 292, 364, 360))
    form.down(33, 102, '购买方', 18)
    form.down(355, 102, '密码区', 18)
    form.down(33, 310, '销售方', 18)
    form.down(355, 318, '备注', 22)


def _secret(form: Form, number: str) -> None:
    dice = random.Random(number)
    for place in range(4):
        form.write(370, 98 + 14 * place, ''.join(dice.choice('0123456789<>*/+-') for _sign in range(28)), 10.5)


def _rows(
    lines: Sequence[PaperLine], form: Form, edges: tuple[float, ...], top: float, pitch: float, room: int
) -> float:
    y = top
    for line in lines:
        pieces = [line.name[start : start + room] for start in range(0, len(line.name), room)]
        for place, piece in enumerate(pieces):
            form.write(edges[0] + 2, y + pitch * place, piece, 8.6)
        form.write(edges[1] + 2, y, line.specification, 8.6)
        form.write((edges[2] + edges[3]) / 2, y, line.unit, 8.6, align='c')
        form.write(edges[4] - 3, y, line.quantity, 8.6, align='r')
        form.write(edges[5] - 3, y, line.unit_price, 8.6, align='r')
        form.write(edges[6] - 3, y, f'{line.amount:.2f}', 8.6, align='r')
        form.write((edges[6] + edges[7]) / 2, y, line.rate, 8.6, align='c')
        form.write(edges[8] - 3, y, _tax(line.tax, ''), 8.6, align='r')
        y += pitch * len(pieces)
    return y


def _tax(value: Decimal | None, sign: str) -> str:
    return '***' if value is None else f'{sign}{value:.2f}'


def _fit(form: Form, x: float, y: float, words: str, room: float) -> None:
    """Print words in one line if they fit, in two smaller ones if not."""
    wide = sum(9.0 if ord(sign) > 255 else 4.8 for sign in words)
    if wide <= room:
        form.write(x, y, words)
        return
    half = int(len(words) * room / wide)
    form.write(x, y - 5, words[:half], 8.4)
    form.write(x, y + 5.5, words[half:], 8.4)


def _note(form: Form, x: float, y: float, words: str, room: int) -> None:
    for place in range(0, len(words), room):
        form.write(x, y + 13 * (place // room), words[place : place + room], 8.6)


def _day(day: dt.date) -> str:
    return f'{day.year}年{day.month:02d}月{day.day:02d}日'
