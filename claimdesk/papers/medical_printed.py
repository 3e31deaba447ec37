"""Paper forms after the national pattern of 2012, as they leave a printer: what is printed into them stands askew."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from claimdesk.amounts import to_capital
from claimdesk.papers.form import Form
from claimdesk.papers.medical_electronic import wide
from claimdesk.papers.medical_paper import MedicalPaper
from claimdesk.vocabulary import DocumentKind

INK = (25, 25, 70)
"""What a dot-matrix printer prints."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """How a province varies the pattern: the sign before its number, what payers are called, the sum's heading.

    `payers` are the labels of fund, other payers, personal account and cash; `shares` those of own share and what is
    not covered, '' where they are not printed; `askew` is how far, in points, the print may be off its lines.
    """

    province: str
    number: str = '№'
    payers: tuple[str, str, str, str] = ('医保统筹支付', '其他医保支付', '个人账户支付', '个人支付金额')
    shares: tuple[str, str] = ('', '')
    total: str = '合计（大写）'
    figures: str = '¥'
    serial: str = '业务流水号'
    patient: str = '姓名'
    askew: float = 3.0


PATTERNS: dict[str, Pattern] = {
    'paper jiangsu': Pattern('江苏省', 'No.', shares=('个人自付', '个人自费')),
    'paper hebei': Pattern('河北省', 'NO：', figures='￥：', total='金额合计（大写）：'),
    'paper sichuan': Pattern(
        '四川省', '票据号码：', ('统筹支付', '其他支付', '个账支付', '现金支付'), ('个人自付', '自费'),
        patient='患者姓名', askew=0.0,
    ),
    'paper shandong': Pattern(
        '山东省', '№', ('医保基金支付', '其他支付', '账户支付', '个人现金支付'), figures='（小写）：', serial='流水号',
        askew=6.0,
    ),
    'paper tianjin': Pattern(
        '天津市', 'No', ('基金支付', '其他基金支付', '个人账户支付', '个人现金'), ('个人自负', '全自费'), askew=7.0
    ),
    'paper anhui': Pattern(
        '安徽省', '票据号：', ('医保统筹基金支付', '其他支付', '个人账户支付', '现金支付'), ('自付', '自费'),
        patient='交款人', askew=4.0,
    ),
    'paper liaoning': Pattern('辽宁省', 'No：', ('统筹基金支付', '补充保险支付', '个人帐户支付', '个人现金支付')),
}  # fmt: skip
"""By the name of the style."""


class _Printer:
    """Prints values into a form, all of them off by as much."""

    def __init__(self, form: Form, paper: MedicalPaper, askew: float) -> None:
        dice = random.Random(paper.number)
        self.form, self.dx, self.dy = form, dice.uniform(0, askew), dice.uniform(-0.8 * askew, 0.8 * askew)

    def value(self, x: float, y: float, words: str, size: float = 9.0) -> None:
        """Words where they belong, were the paper in its place."""
        self.form.write(x + self.dx, y + self.dy, words, size, INK)

    def pair(self, x: float, y: float, label: str, words: str) -> None:
        """A label of the form, and what is printed beside it."""
        self.form.label(x, y, f'{label}：')
        self.value(x + 8.6 * wide(label) + 9, y, words)

    def day(self, x: float, y: float, day: dt.date) -> float:
        """A date between the printed 年, 月 and 日; hands back where it ends."""
        for words, sign in ((f'{day.year}', '年'), (f'{day.month:02d}', '月'), (f'{day.day:02d}', '日')):
            self.value(x, y, words)
            x += 5.2 * len(words) + 5
            self.form.label(x, y, sign)
            x += 12
        return x


def draw(paper: MedicalPaper) -> list[Form]:
    """The page of a paper receipt of the province that `paper.style` names."""
    pattern = PATTERNS[paper.style]
    stay = paper.kind is DocumentKind.MEDICAL_INPATIENT
    form = Form(ink=(120, 40, 30))
    out = _Printer(form, paper, pattern.askew)
    form.label(305, 40, f'{paper.province}医疗{"住院" if stay else "门诊"}收费票据', 17, 'c')
    form.seals.append((305, 36, 44, 29, '全国统一财政票据监制章', paper.province[:4], '财政部监制'))
    form.label(425, 62, pattern.number)
    form.write(440 + 8.6 * wide(pattern.number), 62, paper.number, 12, (200, 30, 30))
    out.pair(44, 82, pattern.serial, paper.serial_number)
    out.pair(225, 82, '医疗机构类型', '综合医院')
    if stay:
        out.pair(44, 97, '住院号', paper.person_number)
        form.label(225, 97, '住院时间：')
        end = out.day(272, 97, paper.visited_on)
        form.label(end, 97, '至')
        out.day(end + 12, 97, paper.left_on)
    else:
        out.pair(400, 82, '门诊号', paper.person_number)
    for x, label, words in (
        (44, pattern.patient, paper.patient), (180, '性别', '女'), (260, '医保类型', '城镇职工'),
        (400, '社会保障号码', '32010019'),
    ):  # fmt: skip
        out.pair(x, 112, label, words)
    end = _table(form, out, paper)
    form.label(56, end + 14, pattern.total)
    out.value(60 + 8.6 * wide(pattern.total), end + 14, to_capital(paper.total))
    form.label(400, end + 14, pattern.figures)
    out.value(404 + 8.6 * wide(pattern.figures), end + 14, f'{paper.total:.2f}')
    if stay:
        for x, label, words in ((56, '预缴金额', '5000.00'), (226, '补缴金额', '0.00'), (396, '退费金额', '12.30')):
            out.pair(x, end + 34, label, words)
    paid = (paper.fund, paper.other, paper.account, paper.cash, paper.self_paid, paper.own_expense)
    y = end + (52 if stay else 34)
    for place, (label, amount) in enumerate(zip((*pattern.payers, *pattern.shares), paid, strict=True)):
        if label:
            out.pair(56 + 127 * (place % 4), y + 16 * (place // 4), label, f'{amount:.2f}')
    bottom = y + 26
    form.rule((44, 118, 566, 118), (44, end, 566, end), (44, end + 20, 566, end + 20), (44, bottom, 566, bottom))
    out.pair(50, bottom + 16, '收款单位（章）', paper.hospital)
    out.pair(330, bottom + 16, '收款人', '0217')
    out.day(430, bottom + 16, paper.issued_on)
    form.seals.append((170, bottom + 4, 44, 30, paper.hospital, '收费专用章', ''))
    form.high = bottom + 46
    return [form]


def _table(form: Form, out: _Printer, paper: MedicalPaper) -> float:
    """Kinds of expense in three tables beside each other; hands back where they end."""
    span, deep = 522 / 3, -(-len(paper.lines) // 3)
    for place in range(3):
        form.label(44 + span * (place + 0.3), 131, '项目', align='c')
        form.label(44 + span * (place + 0.78), 131, '金额', align='c')
    for place, line in enumerate(paper.lines):
        x, y = 44 + span * (place // deep), 148 + 14 * (place % deep)
        out.value(x + 8, y, line.name)
        out.value(x + 0.92 * span - 5.2 * len(f'{line.amount:.2f}'), y, f'{line.amount:.2f}')
    form.rule((44, 136, 566, 136))
    return 148 + 14.0 * deep
