"""Where everything stands on hospitals' papers: the electronic form, paper forms of several provinces, lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import to_capital
from claimdesk.papers import medical_askew, medical_electronic, medical_lists, medical_printed
from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.medical_paper import MedicalLine, MedicalPaper
from claimdesk.vocabulary import DocumentKind

LINES_A_PAGE = 32
SCRIPT = (30, 30, 60)
"""The ink of a dot-matrix or laser printer on a form that was printed before."""


@dataclass(frozen=True, slots=True)
class Style:
    """One form: for which kinds, of which province ('': any), how it is drawn, and which fields it has not."""

    kinds: tuple[DocumentKind, ...]
    province: str
    draw: Callable[[MedicalPaper], list[Form]]
    without: frozenset[str] = frozenset()


# -- the electronic form ----------------------------------------------------------------------------------------------


def _electronic(paper: MedicalPaper) -> list[Form]:
    """财政部监制: heading with code, a table in two columns, other information, foot."""
    rows = max(6, (len(paper.lines) + 1) // 2)
    form = Form(high=250 + 15.0 * rows, ink=BLACK)
    stay = paper.kind is DocumentKind.MEDICAL_INPATIENT
    form.write(305, 40, f'{paper.province}医疗{"住院" if stay else "门诊"}收费票据（电子）', 17, align='c')
    if paper.code_text:
        form.code = (44, 14, 62, paper.code_text)
    form.seals.append((305, 44, 45, 30, '全国统一财政票据监制章', paper.province[:4], '财政部监制'))
    left, right = 60.0, 400.0
    form.write(left, 90, f'票据代码：{paper.code}')
    form.write(right, 90, f'票据号码：{paper.number}')
    form.write(left, 104, '交款人统一社会信用代码：')
    form.write(right, 104, f'校验码：{paper.check_code}')
    form.write(left, 118, f'交款人：{paper.patient}')
    form.write(right, 118, f'开票日期：{paper.issued_on.isoformat()}')
    top = 126.0
    bottom = top + 16 + 15 * rows
    foot = _two_tables(form, paper, top, rows)
    form.write(60, foot + 12, f'金额合计（大写）{to_capital(paper.total)}')
    form.write(400, foot + 12, f'（小写）{paper.total:.2f}')
    form.rule((50, foot + 17, 560, foot + 17))
    form.down(58, foot + 32, '其他信息', 13)
    _other_information(form, paper, foot + 30, stay)
    end = foot + 92
    form.rule((50, top, 50, end), (560, top, 560, end), (50, end, 560, end), (66, foot + 17, 66, end))
    form.write(60, end + 16, f'收款单位（章）：{paper.hospital}')
    form.write(330, end + 16, '复核人：王芳')
    form.write(450, end + 16, '收款人：李静')
    form.seals.append((150, end + 6, 40, 28, paper.hospital, '收费专用章', ''))
    form.high = max(form.high, end + 40)
    assert bottom <= end
    return [form]


def _two_tables(form: Form, paper: MedicalPaper, top: float, rows: int) -> float:
    """The lines in two tables beside each other; hands back where they end."""
    edges = ((50, 180, 225, 270, 305), (305, 435, 480, 525, 560))
    for columns in edges:
        heads = ('项目名称', '数量/单位', '金额（元）', '备注')
        for head, start, stop in zip(heads, columns, columns[1:], strict=False):
            form.write((start + stop) / 2, top + 12, head, 8.2, align='c')
    form.rule((50, top, 560, top), (50, top + 16, 560, top + 16))
    half = (len(paper.lines) + 1) // 2
    for place, line in enumerate(paper.lines):
        columns = edges[place // half if half else 0]
        y = top + 28 + 15 * (place % half)
        name = line.name + (f' {line.specification}' if line.specification else '')
        form.write(columns[0] + 3, y, name, min(7.8, 124 / max(1, _wide(name))))
        if line.quantity:
            form.write((columns[1] + columns[2]) / 2, y, f'{line.quantity}/{line.unit}', 7.6, align='c')
        form.write(columns[3] - 4, y, f'{line.amount:.2f}', 7.8, align='r')
        if line.medical_class:
            share = {'自费': '全自付', '甲': '无自付'}.get(line.medical_class, '有自付')
            form.write((columns[3] + columns[4]) / 2, y, share, 6.8, align='c')
    end = top + 16 + 15 * rows
    form.rule((50, end, 560, end), (305, top, 305, end))
    return end


def _wide(words: str) -> float:
    return sum(1.0 if ord(char) > 0x2E7F else 0.55 for char in words)


def _other_information(form: Form, paper: MedicalPaper, y: float, stay: bool) -> None:
    columns = (72.0, 200.0, 325.0, 445.0)
    if stay:
        first = (
            f'业务流水号：{paper.serial_number}', '病历号：00238811', f'住院号：{paper.person_number}',
            '住院科别：骨科',
        )
        second = (
            f'住院时间：{paper.visited_on:%Y%m%d}-{paper.left_on:%Y%m%d}', f'预缴金额：{paper.cash + 100:.2f}',
            '补缴金额：0.00', '退费金额：100.00',
        )  # fmt: skip
    else:
        first = (
            f'业务流水号：{paper.serial_number}', f'门诊号：{paper.person_number}',
            f'就诊日期：{paper.visited_on:%Y%m%d}', '医疗机构类型：综合医院',
        )  # fmt: skip
        second = ('医保类型：职工基本医疗保险', '医保编号：', '性别：男', '')
    third = (
        f'医保统筹基金支付：{paper.fund:.2f}', f'其他支付：{paper.other:.2f}', f'个人账户支付：{paper.account:.2f}',
        f'个人现金支付：{paper.cash:.2f}',
    )  # fmt: skip
    fourth = (f'个人自付：{paper.self_paid:.2f}', f'个人自费：{paper.own_expense:.2f}', '', '')
    for place, words in enumerate((first, second, third, fourth)):
        for x, said in zip(columns, words, strict=True):
            form.write(x, y + 14 * place, said, 7.4)


# -- paper forms ------------------------------------------------------------------------------------------------------


def _beijing(paper: MedicalPaper) -> list[Form]:
    """Beijing, outpatient: items with price and grade in two columns, payments beneath."""
    rows = max(5, (len(paper.lines) + 1) // 2)
    form = Form(high=270 + 14.0 * rows)
    form.label(305, 44, '北京市医疗门诊收费票据', 17, 'c')
    form.seals.append((305, 38, 44, 29, '全国统一财政票据监制章', '北京市', '财政部监制'))
    form.label(430, 66, 'No')
    form.write(450, 66, paper.number, 12, (200, 30, 30))
    form.label(50, 84, '业务流水号：')
    form.write(104, 84, paper.serial_number, 9, SCRIPT)
    form.label(300, 84, '医院类型：综合医院')
    form.label(50, 100, '姓名：')
    form.write(80, 100, paper.patient, 9, SCRIPT)
    form.label(170, 100, '性别：')
    form.write(200, 100, '女', 9, SCRIPT)
    form.label(250, 100, '医保类型：')
    form.write(298, 100, '城镇职工', 9, SCRIPT)
    form.label(400, 100, '门诊号：')
    form.write(440, 100, paper.person_number, 9, SCRIPT)
    edges = ((50, 170, 215, 255, 305), (305, 425, 470, 510, 560))
    for columns in edges:
        for head, start, stop in zip(('项目/规格', '数量', '金额', '等级'), columns, columns[1:], strict=False):
            form.label((start + stop) / 2, 118, head, align='c')
    half = (len(paper.lines) + 1) // 2
    for place, line in enumerate(paper.lines):
        columns = edges[place // half]
        y = 134 + 14 * (place % half)
        form.write(columns[0] + 2, y, line.name, min(8.0, 116 / max(1, _wide(line.name))), SCRIPT)
        form.write((columns[1] + columns[2]) / 2, y, line.quantity, 8, SCRIPT, 'c')
        form.write(columns[3] - 3, y, f'{line.amount:.2f}', 8, SCRIPT, 'r')
        share = {'甲': '无自付', '乙': '有自付'}.get(line.medical_class, '全自付')
        form.write((columns[3] + columns[4]) / 2, y, share, 7, SCRIPT, 'c')
    end = 124 + 14.0 * rows + 6
    _payments(form, paper, end, (
        ('基金支付', paper.fund), ('其他支付', paper.other), ('个人账户支付', paper.account),
        ('个人支付金额', paper.cash), ('自付金额', paper.self_paid), ('自费', paper.own_expense),
    ))  # fmt: skip
    form.rule((50, 106, 560, 106), (50, 122, 560, 122))
    return [form]


def _payments(
    form: Form, paper: MedicalPaper, top: float, parts: Sequence[tuple[str, Decimal]], *, cells: bool = False
) -> None:
    """Total in words and figures, who paid, hospital and date under a table that ends at `top`."""
    form.label(56, top + 14, '合计（大写）')
    form.write(120, top + 14, to_capital(paper.total), 9, SCRIPT)
    form.label(380, top + 14, '¥' if not cells else '（小写）¥')
    form.write(430 if cells else 392, top + 14, f'{paper.total:.2f}', 9, SCRIPT)
    form.rule((50, top, 560, top), (50, top + 20, 560, top + 20))
    wide = 510 / max(1, len(parts)) if cells else 170
    for place, (label, amount) in enumerate(parts):
        if cells:
            middle = 50 + wide * (place + 0.5)
            form.label(middle, top + 34, label, min(8.2, (wide - 6) / len(label)), 'c')
            form.write(middle, top + 50, f'{amount:.2f}', 8.6, SCRIPT, 'c')
        else:
            x, y = 56 + wide * (place % 3), top + 34 + 15 * (place // 3)
            form.label(x, y, f'{label}：')
            form.write(x + 8.8 * (len(label) + 1), y, f'{amount:.2f}', 8.6, SCRIPT)
    end = top + 60
    form.rule((50, end, 560, end), (50, 106, 50, end), (560, 106, 560, end))
    form.label(50, end + 18, '收款单位（章）：')
    form.write(126, end + 18, paper.hospital, 9, SCRIPT)
    form.label(340, end + 18, '收费员：')
    form.write(378, end + 18, '0217', 9, SCRIPT)
    day = paper.issued_on
    form.write(430, end + 18, f'{day.year}年{day.month:02d}月{day.day:02d}日', 9, SCRIPT)
    form.seals.append((190, end + 8, 44, 30, paper.hospital, '收费专用章', ''))
    form.high = max(form.high, end + 50)


def _heading(form: Form, paper: MedicalPaper, title: str, *, number: str = '№') -> None:
    form.label(305, 44, title, 17, 'c')
    form.seals.append((305, 38, 44, 29, '全国统一财政票据监制章', paper.province[:4], '财政部监制'))
    form.label(430, 66, number)
    form.write(445 + 9 * (len(number) - 1), 66, paper.number, 12, (200, 30, 30))


def _summary(form: Form, paper: MedicalPaper, top: float, across: int) -> float:
    """Kinds of expense and amounts, several tables beside each other; hands back where they end."""
    wide = 510 / across
    for place in range(across):
        form.label(50 + wide * place + wide * 0.3, top + 12, '项目', align='c')
        form.label(50 + wide * (place + 1) - wide * 0.24, top + 12, '金额', align='c')
    deep = -(-len(paper.lines) // across)
    for place, line in enumerate(paper.lines):
        x, y = 50 + wide * (place // deep), top + 28 + 14 * (place % deep)
        form.write(x + 8, y, line.name, 8.6, SCRIPT)
        form.write(x + wide - 12, y, f'{line.amount:.2f}', 8.6, SCRIPT, 'r')
    end = top + 22 + 14.0 * max(3, deep) + 4
    form.rule((50, top, 560, top), (50, top + 17, 560, top + 17))
    form.rule(*((50 + wide * place, top, 50 + wide * place, end) for place in range(1, across)))
    return end


def _shanghai(paper: MedicalPaper) -> list[Form]:
    """Shanghai, outpatient and emergency: kinds of expense, payments with the city's own names."""
    form = Form(high=300, ink=(20, 90, 60))
    _heading(form, paper, '上海市医疗门急诊收费票据', number='NO.')
    form.label(50, 84, '医院名称：')
    form.write(96, 84, paper.hospital, 9, SCRIPT)
    form.label(380, 84, '就诊日期：')
    form.write(428, 84, paper.visited_on.isoformat(), 9, SCRIPT)
    form.label(50, 100, '姓名：')
    form.write(80, 100, paper.patient, 9, SCRIPT)
    form.label(170, 100, '性别：')
    form.write(200, 100, '男', 9, SCRIPT)
    form.label(240, 100, '就诊号：')
    form.write(278, 100, paper.person_number, 9, SCRIPT)
    form.label(400, 100, '流水号：')
    form.write(438, 100, paper.serial_number, 9, SCRIPT)
    end = _summary(form, paper, 106, 3)
    _payments(form, paper, end, (
        ('统筹支付', paper.fund), ('附加支付', paper.other), ('个人账户支付', paper.account), ('现金支付', paper.cash),
        ('自负', paper.self_paid), ('自费', paper.own_expense),
    ), cells=True)  # fmt: skip
    return [form]


def _guangdong(paper: MedicalPaper) -> list[Form]:
    """Guangdong, inpatient: kinds of expense, 记账 and 个人缴费."""
    form = Form(high=310, ink=(30, 60, 120))
    _heading(form, paper, '广东省医疗住院收费票据')
    form.label(50, 84, '姓名：')
    form.write(80, 84, paper.patient, 9, SCRIPT)
    form.label(180, 84, '住院号：')
    form.write(220, 84, paper.person_number, 9, SCRIPT)
    form.label(330, 84, '流水号：')
    form.write(370, 84, paper.serial_number, 9, SCRIPT)
    form.label(50, 100, '入院日期：')
    form.write(98, 100, f'{paper.visited_on:%Y-%m-%d}', 9, SCRIPT)
    form.label(210, 100, '出院日期：')
    form.write(258, 100, f'{paper.left_on:%Y-%m-%d}', 9, SCRIPT)
    form.label(370, 100, '科室：')
    form.write(398, 100, '神经外科', 9, SCRIPT)
    end = _summary(form, paper, 106, 2)
    _payments(form, paper, end, (
        ('记账金额', paper.fund), ('其他支付', paper.other), ('个人账户支付', paper.account),
        ('个人缴费金额', paper.cash), ('个人自付', paper.self_paid), ('个人自费', paper.own_expense),
    ))  # fmt: skip
    return [form]


def _hunan(paper: MedicalPaper) -> list[Form]:
    """Hunan and its like: either kind, kinds of expense in three columns, payments in cells."""
    stay = paper.kind is DocumentKind.MEDICAL_INPATIENT
    form = Form(high=300, ink=(110, 40, 90))
    _heading(form, paper, f'湖南省医疗{"住院" if stay else "门诊"}收费收据', number='票据号码：')
    form.label(50, 84, '交款人：')
    form.write(90, 84, paper.patient, 9, SCRIPT)
    form.label(200, 84, '住院号：' if stay else '门诊号：')
    form.write(240, 84, paper.person_number, 9, SCRIPT)
    form.label(370, 84, '业务流水号：')
    form.write(426, 84, paper.serial_number, 9, SCRIPT)
    form.label(50, 100, '住院时间：' if stay else '就诊时间：')
    said = f'{paper.visited_on:%Y.%m.%d}' + (f'至{paper.left_on:%Y.%m.%d}' if stay else '')
    form.write(98, 100, said, 9, SCRIPT)
    form.label(300, 100, '开票日期：')
    form.write(348, 100, f'{paper.issued_on:%Y-%m-%d}', 9, SCRIPT)
    end = _summary(form, paper, 106, 3)
    _payments(form, paper, end, (
        ('统筹基金支付', paper.fund), ('其他支付', paper.other), ('账户支付', paper.account), ('现金支付', paper.cash),
        ('个人自付', paper.self_paid), ('个人自费', paper.own_expense),
    ), cells=True)  # fmt: skip
    return [form]


# -- lists ------------------------------------------------------------------------------------------------------------


def _list(paper: MedicalPaper) -> list[Form]:
    """A list of expenses on upright A4, as many pages as it needs, each with its heading."""
    parts = [paper.lines[start : start + LINES_A_PAGE] for start in range(0, len(paper.lines), LINES_A_PAGE)]
    return [_list_page(paper, part, place, len(parts)) for place, part in enumerate(parts, 1)]


def _list_page(paper: MedicalPaper, lines: Sequence[MedicalLine], number: int, of: int) -> Form:
    form = Form(high=842, wide=595, ink=BLACK)
    form.write(297, 46, paper.hospital, 13, align='c')
    form.write(297, 66, '住院病人费用明细清单', 14, align='c')
    form.write(40, 88, f'姓名：{paper.patient}')
    form.write(150, 88, '性别：男')
    form.write(230, 88, f'住院号：{paper.person_number}')
    form.write(400, 88, '科室：骨二科')
    form.write(40, 103, f'入院日期：{paper.visited_on.isoformat()}')
    form.write(230, 103, f'出院日期：{paper.left_on.isoformat()}')
    form.write(400, 103, f'打印日期：{paper.issued_on.isoformat()}')
    heads = (('项目名称', 44, 'l'), ('规格', 232, 'l'), ('单位', 322, 'c'), ('数量', 368, 'r'), ('单价', 428, 'r'),
             ('金额', 495, 'r'), ('医保等级', 535, 'c'))  # fmt: skip
    for words, x, align in heads:
        form.write(x, 122, words, 8.6, align=align)  # type: ignore[arg-type]
    form.rule((40, 110, 556, 110), (40, 127, 556, 127))
    y = 141.0
    for line in lines:
        form.write(44, y, line.name, min(8.4, 180 / max(1, _wide(line.name))))
        form.write(232, y, line.specification, min(8.0, 78 / max(1, _wide(line.specification))))
        form.write(322, y, line.unit, 8.2, align='c')
        form.write(368, y, line.quantity, 8.4, align='r')
        form.write(428, y, line.unit_price, 8.4, align='r')
        form.write(495, y, f'{line.amount:.2f}', 8.4, align='r')
        share = line.medical_class if line.medical_class == '自费' else f'{line.medical_class}类'
        form.write(535, y, share, 8.2, align='c')
        y += 19.5
    form.rule((40, y - 8, 556, y - 8))
    if number == of:
        form.write(44, y + 8, f'合计：{paper.total:.2f}', 9.5)
    form.write(297, 820, f'第{number}页 共{of}页', 8, align='c')
    return form


def _lacking(shares: tuple[str, str]) -> frozenset[str]:
    """The fields that paper forms never have, and the shares that one of them does not print."""
    none = {name for name, label in zip(('self_paid', 'own_expense'), shares, strict=True) if not label}
    return frozenset({'visit_date'} | none)


_OUT, _IN, _LIST = (
    DocumentKind.MEDICAL_OUTPATIENT,
    DocumentKind.MEDICAL_INPATIENT,
    DocumentKind.MEDICAL_LIST,
)
_NOT_LISTED = frozenset({
    'receipt_code', 'receipt_number', 'check_code', 'total_capital', 'insurance_fund_paid', 'other_paid',
    'account_paid', 'cash_paid', 'self_paid', 'own_expense', 'serial_number',
})  # fmt: skip
_UNSAID = frozenset({
    'hospital_name', 'visit_date', 'outpatient_number', 'inpatient_number', 'other_paid', 'self_paid',
})  # fmt: skip
STYLES: dict[str, Style] = {
    'electronic': Style((_OUT, _IN), '', _electronic),
    **{
        name: Style(
            (_IN,) if habit.across > 2 else (_OUT,), habit.province, medical_electronic.draw,
            frozenset({'hospital_name'}) if habit.sealed else frozenset(),
        )
        for name, habit in medical_electronic.HABITS.items()
    },
    **{
        name: Style((_OUT, _IN), one.province, medical_printed.draw, _lacking(one.shares))
        for name, one in medical_printed.PATTERNS.items()
    },
    **{
        name: Style(
            (_OUT,) if name == medical_askew.WITH_LINES else (_IN,), province, medical_askew.draw,
            _UNSAID if name == medical_askew.WITH_LINES else _UNSAID | {'own_expense'},
        )
        for name, province in medical_askew.ASKEW.items()
    },
    'beijing': Style((_OUT,), '北京市', _beijing, frozenset({'visit_date'})),
    'shanghai': Style((_OUT,), '上海市', _shanghai),
    'guangdong': Style((_IN,), '广东省', _guangdong),
    'hunan': Style((_OUT, _IN), '湖南省', _hunan),
    'list': Style((_LIST,), '', _list, _NOT_LISTED),
    'list of receipt': Style(
        (_LIST,), '', medical_lists.of_receipt, _NOT_LISTED | {'admission_date', 'discharge_date'}
    ),
    'list by kind': Style((_LIST,), '', medical_lists.by_kind, _NOT_LISTED),
    'list of a day': Style(
        (_LIST,), '', medical_lists.of_a_day, _NOT_LISTED | {'admission_date', 'discharge_date'}
    ),
}  # fmt: skip
"""The forms that are drawn, by name."""
