"""Lists of expenses: beside an electronic receipt, by kinds of expense with sums between, of single days."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from claimdesk.papers.form import BLACK, Align, Form
from claimdesk.papers.medical_electronic import cut, wide
from claimdesk.papers.medical_goods import expense_of
from claimdesk.papers.medical_paper import MedicalLine, MedicalPaper

A_PAGE = 34
SMALL = 8.0
_Cell = tuple[str, float, Align]


def _sheets(lines: Sequence[MedicalLine]) -> list[Sequence[MedicalLine]]:
    return [lines[start : start + A_PAGE] for start in range(0, len(lines), A_PAGE)]


def _row(form: Form, y: float, cells: Sequence[_Cell], size: float = SMALL) -> None:
    for words, x, align in cells:
        form.write(x, y, words, size, align=align)


def of_receipt(paper: MedicalPaper) -> list[Form]:
    """What belongs to an electronic receipt, with its numbers."""
    forms = []
    parts = _sheets(paper.lines)
    for number, part in enumerate(parts, 1):
        form = Form(high=842, wide=595, ink=BLACK)
        form.write(297, 50, f'{paper.province}医疗住院收费票据（电子）清单', 15, align='c')
        for x, level, words in (
            (40, 80, f'所属电子票据代码：{paper.code}'), (330, 80, f'所属电子票据号码：{paper.number}'),
            (40, 96, f'交款人：{paper.patient}'), (330, 96, f'开票日期：{paper.issued_on.isoformat()}'),
            (40, 112, f'住院号：{paper.person_number}'), (330, 112, f'收款单位（章）：{paper.hospital}'),
        ):  # fmt: skip
            form.write(x, level, words, 9)
        heads: tuple[_Cell, ...] = (
            ('序号', 50, 'c'), ('项目名称', 76, 'l'), ('规格', 250, 'l'), ('单位', 330, 'c'), ('数量', 380, 'r'),
            ('单价（元）', 440, 'r'), ('金额（元）', 510, 'r'), ('备注', 540, 'c'),
        )  # fmt: skip
        _row(form, 132, heads, 8.6)
        form.rule((40, 122, 560, 122), (40, 138, 560, 138))
        y = 152.0
        for place, line in enumerate(part, 1 + A_PAGE * (number - 1)):
            name = cut(line.name, 166, SMALL)
            cells: tuple[_Cell, ...] = (
                (str(place), 50, 'c'), (name[0], 76, 'l'), (line.specification, 250, 'l'), (line.unit, 330, 'c'),
                (line.quantity, 380, 'r'), (line.unit_price, 440, 'r'), (f'{line.amount:.2f}', 510, 'r'),
            )  # fmt: skip
            _row(form, y, cells)
            _row(form, y + 9, [(rest, 76, 'l') for rest in name[1:]])
            y += 18.0
        if number == len(parts):
            form.write(400, y + 6, f'合计：{paper.total:.2f}', 9)
        form.write(297, 822, f'第{number}页/共{len(parts)}页', 8, align='c')
        forms.append(form)
    return forms


def by_kind(paper: MedicalPaper) -> list[Form]:
    """Kinds of expense as headings, each with its sum beneath; the day, the code and the share of every line."""
    forms: list[Form] = []
    form, y = Form(), 900.0
    for kind, members in groupby(paper.lines, key=lambda line: expense_of(line.name)):
        part = list(members)
        for place, line in enumerate(part):
            if y > 770:
                form, y = _kind_page(paper, len(forms) + 1), 142.0
                forms.append(form)
            if place == 0:
                form.write(40, y, kind, 9)
                y += 17
            cells: tuple[_Cell, ...] = (
                (f'{paper.visited_on:%m-%d}', 44, 'l'), (f'10{len(line.name):05d}', 84, 'l'), (line.name, 140, 'l'),
                (line.unit_price, 350, 'r'), (line.quantity, 395, 'r'), (line.unit, 415, 'c'),
                (f'{line.amount:.2f}', 490, 'r'), (line.medical_class, 525, 'c'),
            )  # fmt: skip
            _row(form, y, cells)
            y += 17
        form.write(300, y, '小计：', 8.4)
        form.write(490, y, f'{sum(line.amount for line in part):.2f}', 8.4, align='r')
        y += 20
    form.write(44, y + 4, f'费用合计：{paper.total:.2f}元', 9.5)
    form.write(300, y + 4, '患者签名：', 9.5)
    return forms


def _kind_page(paper: MedicalPaper, number: int) -> Form:
    form = Form(high=842, wide=595, ink=BLACK)
    form.write(297, 44, f'{paper.hospital}住院费用汇总清单', 14, align='c')
    for x, level, words in (
        (40, 72, f'病人姓名：{paper.patient}'), (180, 72, '性别：女'), (260, 72, f'住院号：{paper.person_number}'),
        (420, 72, '床号：12'), (40, 88, f'入院时间：{paper.visited_on:%Y年%m月%d日}'),
        (220, 88, f'出院时间：{paper.left_on:%Y年%m月%d日}'), (400, 88, '费别：城镇职工医保'),
        (40, 104, f'打印时间：{paper.issued_on.isoformat()} 10:22:31'), (300, 104, f'第{number}页'),
    ):  # fmt: skip
        form.write(x, level, words, 9)
    heads: tuple[_Cell, ...] = (
        ('日期', 44, 'l'), ('编码', 84, 'l'), ('项目名称', 140, 'l'), ('单价', 350, 'r'), ('数量', 395, 'r'),
        ('单位', 415, 'c'), ('金额', 490, 'r'), ('类别', 525, 'c'),
    )  # fmt: skip
    _row(form, 124, heads, 8.6)
    form.rule((40, 112, 556, 112), (40, 129, 556, 129))
    return form


def of_a_day(paper: MedicalPaper) -> list[Form]:
    """What one day cost, on a narrow sheet as wards hang it to the bed."""
    lines = paper.lines[:A_PAGE]
    form = Form(high=190 + 15.0 * len(lines), wide=420, ink=BLACK)
    form.write(210, 34, paper.hospital, 12, align='c')
    form.write(210, 52, '住院病人一日清单', 13, align='c')
    for x, level, words in (
        (24, 74, f'姓名：{paper.patient}'), (140, 74, f'住院号：{paper.person_number}'), (300, 74, '科室：骨一科'),
        (24, 90, f'费用日期：{paper.visited_on.isoformat()}'), (220, 90, f'打印日期：{paper.issued_on.isoformat()}'),
    ):  # fmt: skip
        form.write(x, level, words, 9)
    heads: tuple[_Cell, ...] = (
        ('项目名称', 24, 'l'), ('单价', 250, 'r'), ('数量', 300, 'r'), ('金额', 370, 'r')
    )  # fmt: skip
    _row(form, 110.0, heads, 8.6)
    y = 126.0
    for line in lines:
        room = min(SMALL, 190 / max(1.0, wide(line.name)))
        form.write(24, y, line.name, room)
        cells: tuple[_Cell, ...] = (
            (line.unit_price, 250, 'r'), (f'{line.quantity}{line.unit}', 300, 'r'), (f'{line.amount:.2f}', 370, 'r')
        )  # fmt: skip
        _row(form, y, cells)
        y += 15
    form.write(200, y + 10, '当日合计：', 9)
    form.write(370, y + 10, f'{paper.total:.2f}', 9, align='r')
    form.write(24, y + 30, '如有疑问请与护士站联系', 8)
    return [form]
