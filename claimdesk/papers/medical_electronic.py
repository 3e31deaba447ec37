"""The electronic receipt as the platforms of single provinces fill the national form: one drawing, many habits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import to_capital
from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.medical_paper import MedicalLine, MedicalPaper
from claimdesk.vocabulary import DocumentKind

LEFT, RIGHT = 50.0, 560.0
SMALL = 7.6


@dataclass(frozen=True, slots=True)
class Habit:
    """How one platform fills the form.

    `across`: tables beside each other; `grouped`: each kind of expense with its sum, its lines beneath; `notice`: words
    between the two; `summed`: only kinds of expense; `name_above`: what is counted stands in the row above its quantity
    and amount; `apart`: quantity and unit in two columns; `count`: how quantities are written; `figures`: what stands
    before the sum in figures; `day`: how the day of the visit is written; `more`: rows of further payers; `remark` and
    `foot`: small print; `seller`: the hospital's label, `sealed`: its name only in its seal; `serial`: how many
    characters of the serial number fit into a row; `marks`: the letters of 其他信息 stand right before the rows.
    """

    province: str
    across: int = 2
    grouped: bool = False
    notice: str = ''
    name_above: bool = False
    apart: bool = False
    figures: str = '（小写）'
    day: str = '%Y%m%d'
    more: tuple[tuple[str, ...], ...] = ()
    remark: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()
    seller: str = '收款单位（章）：'
    count: str = ''
    summed: bool = False
    sealed: bool = False
    serial: int = 30
    marks: bool = False


HABITS: dict[str, Habit] = {
    'electronic jiangsu': Habit(
        '江苏省', count='.2f', summed=True, figures='(小写)￥', day='%Y%m%d 11:09:01', sealed=True,
        more=(('大病保险支付：0.00',), ('其他保险支付：0.00',), ('医疗救助支付：0.00',),
              ('个人账户余额：23,689.46', '支付方式：')),
        foot=('真伪查验、报销入账反馈，请登录财政电子票据公共服务平台（http://einvoice.example.cn)。财政电子票据可作为报销凭证，请妥善保管。',),
    ),
    'electronic beijing': Habit(
        '北京市', grouped=True, count='.4f', name_above=True, apart=True,
        more=(('自付一：30.65', '门诊大额支付：0.00', '大病保障支付：0.00', '年度大病保障范围内：91.31'),
              ('自付二：3.40', '退休补充支付：0.00', '医疗救助门诊支付：0.00', '年度门诊大额支付：0.00'),
              ('', '残军补助支付：0.00', '医保范围内：30.65', '年度医保范围内：87.91'),
              ('急诊', '单位补充[原公疗]：0.00', '医保交易流水号：081100020A250217015316医保已实时结算')),
    ),
    'electronic shanxi': Habit(
        '山西省', grouped=True, count='.2f', apart=True, serial=18, more=(('', '', 'Z-方便门诊'),)
    ),
    'electronic guangdong': Habit(
        '广东省', grouped=True, notice='以下是清单项', seller='收款单位（章）', more=(('政策性减免：',),),
        foot=('说明：财政电子票据是财务收支和会计核算的原始凭证，财政电子票据和纸质票据具有同等法律效力。',
              '单位或个人可关注公众号或登录财政电子票据查验网http://dzpj.example.cn/billcheck查验本省财政电子票据。'),
    ),
    'electronic neimenggu': Habit(
        '内蒙古自治区', apart=True, summed=True, marks=True, more=(('交费日期：20260212',),),
        remark=('备注：医保总金额：188.21符合统筹：169.87账户余额：4301.09医疗救助基金：0大病保险：0公务员补助：0',
                '支付：0企业补充保险：0符合政策范围金额：169.87其他基金：0伙食补助：0起付线：0'),
    ),
    'electronic shanghai': Habit(
        '上海市', across=3, marks=True,
        more=(('附加基金支付：0.00', '住院天数：22.5', '分类自负：11027.47', '自负：20668.10'),
              ('医保当年账户余额：0.00', '医保历年账户余额：0.00')),
        remark=('备注：财政部全国财政电子票据查验平台：http://pjcy.example.cn/：医保流水号：',),
    ),
    'electronic zhejiang': Habit(
        '浙江省', grouped=True, day='%Y-%m-%d', figures='（小写）：',
        more=(('当年账户余额：1204.33', '历年账户余额：88.10', '医疗补助：0.00', '自理：12.40'),
              ('结算方式：医保', '险种：职工')),
    ),
    'electronic hubei': Habit(
        '湖北省', apart=True, figures='（小写）￥', summed=True, count='.1f',
        more=(('大病保险支付：0.00', '医疗救助支付：0.00', '公务员补助支付：0.00', '起付标准：800.00'),),
        remark=('备注：本次结算后账户余额1204.33元，请妥善保管',),
    ),
    'electronic hebei': Habit(
        '河北省', across=3, day='%Y%m%d', more=(('大额支付：0.00', '医疗救助：0.00', '精准扶贫：0.00'),),
        foot=('说明：本票据与纸质票据具有同等效力。',),
    ),
}  # fmt: skip
"""By the name of the style."""


def draw(paper: MedicalPaper) -> list[Form]:
    """The page of an electronic receipt of the platform whose habits `paper.style` names."""
    habit = HABITS[paper.style]
    stay = paper.kind is DocumentKind.MEDICAL_INPATIENT
    form = Form(ink=BLACK)
    form.write(305, 40, f'{paper.province}医疗{"住院" if stay else "门诊"}收费票据（电子）', 17, align='c')
    if paper.code_text:
        form.code = (44, 14, 62, paper.code_text)
    form.seals.append((305, 44, 45, 30, '全国统一财政票据监制章', paper.province[:4], '财政部监制'))
    for y, (one, other) in zip(
        (90, 104, 118),
        (
            (('票据代码：', paper.code), ('票据号码：', paper.number)),
            (('交款人统一社会信用代码：', '110104********3078'), ('校验码：', paper.check_code)),
            (('交款人：', paper.patient), ('开票日期：', paper.issued_on.isoformat())),
        ),
        strict=True,
    ):
        pair(form, 60, y, *one)
        pair(form, 400, y, *other)
    end = _lines(form, paper, habit)
    pair(form, 60, end + 12, '金额合计（大写）', to_capital(paper.total))
    pair(form, 400, end + 12, habit.figures, f'{paper.total:.2f}')
    form.rule((LEFT, end + 17, RIGHT, end + 17))
    end = _information(form, paper, habit, end + 30, stay)
    form.rule((LEFT, 126, LEFT, end), (RIGHT, 126, RIGHT, end), (LEFT, end, RIGHT, end))
    pair(form, 60, end + 16, habit.seller, '' if habit.sealed else paper.hospital)
    pair(form, 330, end + 16, '复核人：', '80138')
    pair(form, 450, end + 16, '收款人：', '70004')
    form.seals.append((150, end + 6, 40, 28, paper.hospital, '收费专用章', ''))
    for place, words in enumerate(habit.foot):
        form.write(56, end + 34 + 11 * place, words, 7)
    form.high = end + 50 + 11 * len(habit.foot)
    return [form]


def pair(form: Form, x: float, y: float, label: str, value: str, size: float = 9.0) -> None:
    """A label and its value, printed as two runs."""
    form.write(x, y, label, size)
    form.write(x + size * wide(label), y, value, size)


def wide(words: str) -> float:
    """How many ems wide the print is."""
    return sum(1.0 if ord(char) > 0x2E7F else 0.56 for char in words)


def cut(words: str, room: float, size: float) -> list[str]:
    """`words` in lines that fit into `room` points."""
    lines = ['']
    for char in words:
        if wide(lines[-1] + char) * size > room:
            lines.append('')
        lines[-1] += char
    return lines


def _lines(form: Form, paper: MedicalPaper, habit: Habit) -> float:
    """The tables beside each other; hands back where they end."""
    span = (RIGHT - LEFT) / habit.across
    stay = habit.across > 2
    heads = (('项目名称', 0.0, 0.5), ('金额（元）', 0.5, 0.8), ('备注', 0.8, 1.0)) if stay else (
        ('项目名称', 0.0, 0.5), ('数量/单位', 0.5, 0.68), ('金额（元）', 0.68, 0.86), ('备注', 0.86, 1.0))  # fmt: skip
    for place in range(habit.across):
        for words, start, stop in heads:
            form.write(LEFT + span * (place + (start + stop) / 2), 138, words, 8.2, align='c')
    form.rule((LEFT, 126, RIGHT, 126), (LEFT, 142, RIGHT, 142))
    lines = paper.printed
    first = -(-len(lines) // habit.across) if stay or not paper.grouped else len(lines)
    y, deepest, noticed = 154.0, 154.0, False
    for place, line in enumerate(lines):
        if place and place % first == 0:
            y = 154.0
        y = _line(form, line, LEFT + span * (place // first), span, y, habit)
        if habit.notice and not noticed:
            form.write(LEFT + 3, y, habit.notice, SMALL)
            y, noticed = y + 13, True
        deepest = max(deepest, y)
    end = max(deepest, 154 + 13 * 5) - 4
    form.rule((LEFT, end, RIGHT, end))
    return end


def _line(form: Form, line: MedicalLine, x: float, span: float, y: float, habit: Habit) -> float:
    """One line, its name and remark broken to the width of their columns; hands back where the next one stands."""
    summary = not line.unit_price
    name = cut(line.name + (f' {line.specification}' if line.specification else ''), 0.5 * span - 6, SMALL)
    if habit.name_above and not summary:
        name = [line.name, f'ZE/{line.specification or "1"}/{line.unit}']
    amount = y + (9 if habit.name_above and not summary else 0)
    for place, words in enumerate(name):
        form.write(x + 3, y + 9 * place, words, SMALL)
    remark = cut({'自费': '全自付', '甲': '', '': ''}.get(line.medical_class, '限二线用药'), 0.14 * span, 6.8)
    if habit.across < 3:
        if habit.apart:
            form.write(x + 0.56 * span, amount, line.quantity, SMALL, align='c')
            form.write(x + 0.64 * span, amount, line.unit, SMALL, align='c')
        else:
            counted = f'{line.quantity}/{line.unit}' if line.unit else line.quantity
            form.write(x + 0.59 * span, amount, counted, SMALL, align='c')
        for place, words in enumerate(remark):
            form.write(x + 0.87 * span, amount + 9 * place, words, 6.8)
    form.write(x + (0.85 if habit.across < 3 else 0.78) * span, amount, f'{line.amount:.2f}', SMALL, align='r')
    return y + 9 * max(len(name), len(remark) if habit.across < 3 else 1) + 4


def _information(form: Form, paper: MedicalPaper, habit: Habit, y: float, stay: bool) -> float:
    """其他信息: labels in four columns; hands back where it ends."""
    columns = (72.0, 200.0, 325.0, 445.0)
    visited, left = f'{paper.visited_on:{habit.day}}', f'{paper.left_on:%Y%m%d}'
    serial = paper.serial_number
    number: tuple[tuple[str, str], ...] = (('门诊号：', paper.person_number), ('就诊日期：', visited))
    if stay:
        number = (('病历号：', ''), ('住院号：', paper.person_number), ('住院科别：', ''))
    rows: list[tuple[tuple[str, str], ...]] = [(('业务流水号：', serial[: habit.serial]), *number)]
    if serial[habit.serial :]:
        rows.append((('', serial[habit.serial :]),))
    if stay:
        span = f'{paper.visited_on:%Y%m%d}-{left}'
        rows.append((('住院时间：', span), ('预缴金额：', '1400.00'), ('补缴金额：', '0.00'), ('退费金额：', '8.23')))
    rows += [
        (('医疗机构类型：', '三级甲等综合'), ('医保类型：', '职工在职'), ('医保编号：', '00011409'), ('性别：', '女')),
        (('医保统筹基金支付：', f'{paper.fund:.2f}'), ('其他支付：', f'{paper.other:.2f}'),
         ('个人账户支付：', f'{paper.account:.2f}'), ('个人现金支付：', f'{paper.cash:.2f}')),
        (('个人自付：', f'{paper.self_paid:.2f}'), ('个人自费：', _short(paper.own_expense))),
        *(tuple((words, '') for words in row) for row in habit.more),
    ]  # fmt: skip
    for row in rows:
        for x, (label, value) in zip(columns, row, strict=False):
            pair(form, x, y, label, value, 7.8)
        y += 11.5
    for words in habit.remark:
        form.write(72, y, words, 7)
        y += 10
    for place, sign in enumerate('其他信息'):
        pitch = 11.5 if habit.marks else 14
        form.write(62, (y - 11.5 * len(rows) - 10 * len(habit.remark)) + pitch * (place + 1), sign, 8, align='c')
    return y


def _short(amount: Decimal) -> str:
    """An amount as systems print it that leave zeros out."""
    return f'{amount:.2f}' if amount else '0'
