"""Paper forms into which a printer printed everything nearly a line too high, amounts at the end of their cells."""

from __future__ import annotations

import datetime as dt
import random

from claimdesk.amounts import to_capital
from claimdesk.papers.form import Form
from claimdesk.papers.medical_electronic import wide
from claimdesk.papers.medical_paper import MedicalLine, MedicalPaper
from claimdesk.vocabulary import DocumentKind

INK = (25, 25, 70)
WITH_LINES = 'paper beijing'
"""The style whose kinds of expense stand with their sums above their lines."""
ASKEW: dict[str, str] = {WITH_LINES: '北京市', 'paper central': '中央'}
"""Style → who issues it."""
UP = {WITH_LINES: (4.5, 9.5), 'paper central': (0.0, 6.0)}
"""How many points too high it is printed, at least and at most."""
EDGES = ((66, 304), (304, 555))
SHARES = (
    (('门诊大额支付：', ''), ('本次医保范围内金额：', '691.50'), ('起付金额：', '0.00')),
    (('退休补充支付：', '0.00'), ('累计医保内范围金额：', '4740.06'), ('超封顶金额：', '0.00')),
    (('残军补助支付：', '0.00'), ('年度门诊大额累计支付：', '2058.04'), ('自付二：', '0.00')),
    (('单位补充险［原公疗］支付：', '0.00'), ('本次支付后个人账户余额：', '0.00'), ('自费：', '')),
)


class _Printer:
    """Prints into a form, all of it too high by as much."""

    def __init__(self, form: Form, paper: MedicalPaper) -> None:
        dice = random.Random(paper.number)
        self.form, self.dx, self.up = form, dice.uniform(-2, 3), dice.uniform(*UP[paper.style])

    def value(self, x: float, y: float, words: str, size: float = 8.2) -> None:
        """Words that begin at `x`, were the paper in its place."""
        self.form.write(x + self.dx, y - self.up, words, size, INK)

    def amount(self, right: float, y: float, words: str) -> None:
        """Words that end at `right`."""
        self.form.write(right + self.dx, y - self.up, words, 8.2, INK, 'r')

    def day(self, x: float, y: float, day: dt.date, pitch: tuple[float, float] = (31, 24)) -> None:
        """Year, month and day over the printed signs, without noughts before them."""
        for words, sign, step in zip((day.year, day.month, day.day), '年月日', (0, pitch[0], sum(pitch)), strict=True):
            self.form.label(x + step + 4, y, sign)
            self.value(x + step, y, f'{words}')


def draw(paper: MedicalPaper) -> list[Form]:
    """The page of a paper receipt of Beijing or of a hospital of the state."""
    stay = paper.kind is DocumentKind.MEDICAL_INPATIENT
    form = Form(ink=(120, 40, 30))
    out = _Printer(form, paper)
    form.label(305, 52, f'{ASKEW[paper.style]}医疗{"住院" if stay else "门诊"}收费票据', 17, 'c')
    form.seals.append((305, 40, 44, 27, '全国统一财政票据监制章', '', '财政部监制'))
    out.value(82, 54, '实时结算：★')
    out.value(404, 52, f'5406{paper.number}', 12)
    out.value(82, 70, '交易流水号：121100010A201209007260')
    form.label(67, 76, '业务流水号：')
    out.value(129, 76, paper.serial_number)
    form.label(224, 76, '医疗机构类型：')
    out.value(290, 76, '综合医院')
    form.label(368, 76, '财16139-54-06')
    form.label(430, 76, 'NO.')
    form.write(446, 75, paper.number, 14, (200, 30, 30))
    if stay:
        form.label(67, 88, '住院时间：')
        out.day(112, 88, paper.visited_on)
        form.label(186, 88, '至')
        out.day(200, 88, paper.left_on)
        form.label(300, 88, '住院天数：')
        out.value(344, 88, f'{(paper.left_on - paper.visited_on).days}')
    for x, label, start, words in (
        (67, '姓名：', 100, paper.patient), (185, '性别：', 208, '女'), (221, '医保类型：', 275, '城镇职工'),
        (368, '社会保障卡号：', 436, '116910487001'),
    ):  # fmt: skip
        form.label(x, 102, label)
        out.value(start, 102, words)
    end = _sums(form, out, paper) if paper.style != WITH_LINES else _lines(form, out, paper)
    _foot(form, out, paper, end, stay)
    form.down(553, 150, '收据联盖章有效', 11)
    return [form]


def _sums(form: Form, out: _Printer, paper: MedicalPaper) -> float:
    """Kinds of expense in three tables; hands back where they end."""
    span, deep = 163.0, max(4, -(-len(paper.lines) // 3))
    for place in range(3):
        form.label(66 + span * (place + 0.32), 122, '收费项目', align='c')
        form.label(66 + span * (place + 0.78), 122, '金额', align='c')
    for place, line in enumerate(paper.lines):
        x, y = 66 + span * (place // deep), 142 + 12 * (place % deep)
        out.value(x + 12, y, line.name)
        out.amount(x + 0.94 * span, y, f'{line.amount:.2f}')
    return 146 + 12.0 * deep


def _lines(form: Form, out: _Printer, paper: MedicalPaper) -> float:
    """Lines with price and grade in two tables, their names ending in a stroke; hands back where they end."""
    for left, right in EDGES:
        span = right - left
        for words, part in (('项目／规格', 0.09), ('单价', 0.46), ('数量／单位', 0.66), ('金额', 0.82), ('等级', 0.95)):
            form.label(left + part * span, 122, words, align='c')
    lines = paper.printed
    deep = -(-len(lines) // 2)
    for place, line in enumerate(lines):
        left, right = EDGES[place // deep]
        _line(out, line, left, right - left, 142 + 12 * (place % deep))
    return 146 + 12.0 * deep


def _line(out: _Printer, line: MedicalLine, left: float, span: float, y: float) -> None:
    summed = not line.unit_price
    size = min(8.2, 0.4 * span / (wide(line.name) + 1))
    out.value(left + 0.054 * span, y, line.name if summed else f'{line.name}／', size)
    if not summed:
        out.value(left + 0.46 * span, y, f'{line.unit_price}00', 7.4)
        out.value(left + 0.61 * span, y, f'{line.quantity}／{line.unit}', 7.4)
        out.value(left + 0.91 * span, y, {'甲': '无自付', '乙': '有自付'}.get(line.medical_class, '全自付'), 7)
    out.value(left + 0.745 * span, y, f'{line.amount:.2f}{"" if summed else "00"}', 7.4)


def _foot(form: Form, out: _Printer, paper: MedicalPaper, end: float, stay: bool) -> None:
    """Who paid, the total in words and figures, the day."""
    y = end + 14
    if not stay:
        out.value(386, y, '自付一：')
        out.amount(546, y, '0.00')
        for place, row in enumerate(SHARES):
            for x, right, (label, words) in zip((80, 352, 386), (224, 382, 546), row, strict=True):
                own = f'{paper.own_expense:.2f}' if label == '自费：' else f'{paper.fund:.2f}'
                left = 229.0 if x == 352 else x
                out.value(left, y + 13 * (place + 1), label)
                out.amount(right, y + 13 * (place + 1), words or own)
        y += 13 * 5
    form.label(67, y + 8, '基金支付：' if not stay else '医保统筹支付：')
    out.amount(224, y + 8, f'{paper.fund:.2f}')
    form.label(229, y + 8, '个人账户支付：')
    out.amount(362, y + 8, f'{paper.account:.2f}')
    form.label(366, y + 8, '个人支付金额：')
    out.amount(546, y + 8, f'{paper.cash:.2f}')
    form.label(67, y + 24, '合计（大写）')
    out.value(144, y + 24, to_capital(paper.total))
    form.label(425, y + 24, '¥')
    out.value(475, y + 24, f'{paper.total:.2f}')
    if stay:
        for x, label, words in ((67, '预缴金额：', '15000.00'), (229, '补缴金额：', ''), (366, '退费金额：', '912.99')):
            form.label(x, y + 40, label)
            out.value(x + 60, y + 40, words)
        y += 16
    form.rule((62, 108, 548, 108), (62, 126, 548, 126), (62, end, 548, end), (62, y + 28, 548, y + 28))
    form.label(67, y + 44, '收款单位（章）：')
    form.label(234, y + 44, '收款人：')
    out.value(276, y + 44, 'bhp001')
    out.day(428, y + 44, paper.issued_on)
    form.seals.append((170, y + 38, 44, 26, paper.hospital, '收费专用章', ''))
    form.high = y + 70
