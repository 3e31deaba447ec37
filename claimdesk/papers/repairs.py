"""Repair lists: of a shop, of an insurer's assessment, of a dealer's settlement."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal

from claimdesk.amounts import to_capital
from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.made import Paper, day, digits, plate, vin
from claimdesk.vocabulary import DocumentKind as K

GREY = (40, 40, 40)
_PARTS = ('前保险杠', '左前大灯', '发动机盖', '右前翼子板', '散热器', '冷凝器', '前挡风玻璃', '左后视镜')
_LABOUR = ('前部钣金', '全车喷漆', '拆装前保险杠', '更换大灯工时', '右前翼子板喷漆')
_SHOPS = ('云州市顺达汽车维修有限公司', '青川市诚信汽车修理厂', '平湖市东方汽车销售服务有限公司')

_Part = tuple[str, int, Decimal]
_Work = tuple[str, Decimal]


def repair_estimate(dice: random.Random) -> Paper:
    """A list of parts and labour in one of its forms."""
    return _made(dice, dice.choice((_list, _assessment, _settlement)))


def plain_list(dice: random.Random) -> Paper:
    """A list as the simplest shops write it."""
    return _made(dice, _list)


_Draw = Callable[[Form, random.Random, dict[str, str], list[_Part], list[_Work]], Decimal]


def _made(dice: random.Random, draw: _Draw) -> Paper:
    parts = [(name, dice.randint(1, 2), Decimal(dice.randint(80, 3000))) for name in dice.sample(_PARTS, 4)]
    labour = [(name, Decimal(dice.randint(100, 900))) for name in dice.sample(_LABOUR, 3)]
    said = {
        'seller_name': dice.choice(_SHOPS), 'issue_date': day(dice, 2019, 2025).isoformat(), 'plate': plate(dice),
        'vin': vin(dice),
    }  # fmt: skip
    amounts = [many * price for _name, many, price in parts] + [price for _name, price in labour]
    form = Form(high=480, wide=560, ink=GREY)
    said['total'] = f'{draw(form, dice, said, parts, labour):.2f}'
    return Paper(K.REPAIR_ESTIMATE, form, said, tuple(f'{amount:.2f}' for amount in amounts))


def _pairs(form: Form, rows: tuple[tuple[float, float, str, str], ...]) -> None:
    for x, y, label, value in rows:
        form.label(x, y, f'{label}：')
        form.write(x + 9 * len(label) + 14, y, value, 10)


def _row(form: Form, y: float, cells: tuple[tuple[float, str], ...]) -> None:
    for x, value in cells:
        form.write(x, y, value, 10)


def _sum(parts: list[_Part], labour: list[_Work]) -> tuple[Decimal, Decimal]:
    return sum((many * price for _name, many, price in parts), Decimal(0)), sum(
        (price for _name, price in labour), Decimal(0)
    )


def _list(form: Form, dice: random.Random, said: dict[str, str], parts: list[_Part], labour: list[_Work]) -> Decimal:
    """A plain list of a shop."""
    form.write(280, 34, '机动车辆维修清单', 15, BLACK, 'c')
    _pairs(form, (
        (40, 64, '维修单位', said['seller_name']), (350, 64, '日期', said['issue_date']),
        (40, 86, '车牌号码', said['plate']), (220, 86, '车架号', said['vin']),
    ))  # fmt: skip
    y = 120.0
    for x, head in ((44, '配件名称'), (300, '数量'), (380, '单价'), (480, '金额')):
        form.label(x, y, head)
    for part, many, price in parts:
        y += 22
        _row(form, y, ((44, part), (304, str(many)), (380, f'{price:.2f}'), (480, f'{many * price:.2f}')))
    y += 26
    form.label(44, y, '维修项目')
    form.label(480, y, '工时费')
    for work, cost in labour:
        y += 22
        _row(form, y, ((44, work), (480, f'{cost:.2f}')))
    total = sum(_sum(parts, labour), Decimal(0))
    form.label(44, y + 30, '总计（元）：')
    form.write(480, y + 30, f'{total:.2f}', 11)
    return total


def _assessment(
    form: Form, dice: random.Random, said: dict[str, str], parts: list[_Part], labour: list[_Work]
) -> Decimal:
    """An insurer's assessment: parts, labour, what the old parts are worth, the sum in words and figures."""
    title = dice.choice(('机动车辆保险车辆损失情况确认书', '车险定损单', '机动车辆保险定损报告'))
    form.write(280, 34, title, 15, BLACK, 'c')
    _pairs(form, (
        (40, 60, '报案号', f'RDAA2024{digits(dice, 10)}'), (300, 60, '保单号', f'PDAA2024{digits(dice, 10)}'),
        (40, 78, '车牌号码', said['plate']), (300, 78, '厂牌型号', '云驰牌YC7180'),
        (40, 96, '车架号', said['vin']), (300, 96, '定损日期', said['issue_date']),
        (40, 114, '修理厂名称', said['seller_name']),
    ))  # fmt: skip
    form.label(44, 136, '一、换件项目')
    for x, head in ((44, '序号'), (90, '零配件名称'), (300, '数量'), (370, '单价（元）'), (470, '金额（元）')):
        form.label(x, 154, head)
    y = 154.0
    for place, (part, many, price) in enumerate(parts, 1):
        y += 18
        made = f'{many * price:.2f}'
        _row(form, y, ((50, str(place)), (90, part), (310, str(many)), (370, f'{price:.2f}'), (470, made)))
    first, second = _sum(parts, labour)
    form.label(44, y + 18, '换件小计')
    form.write(470, y + 18, f'{first:.2f}', 10)
    y += 40
    form.label(44, y, '二、修理项目')
    for x, head in ((44, '序号'), (90, '项目名称'), (470, '工时费（元）')):
        form.label(x, y + 18, head)
    y += 18
    for place, (work, cost) in enumerate(labour, 1):
        y += 18
        _row(form, y, ((50, str(place)), (90, work), (470, f'{cost:.2f}')))
    form.label(44, y + 18, '修理小计')
    form.write(470, y + 18, f'{second:.2f}', 10)
    rest = Decimal(dice.choice((0, 0, 50, 120)))
    form.label(44, y + 38, '残值（元）：')
    form.write(110, y + 38, f'{rest:.2f}', 10)
    total = first + second - rest
    form.label(44, y + 60, '定损金额（大写）：')
    form.write(130, y + 60, f'人民币{to_capital(total)}', 10)
    form.label(390, y + 60, '（小写）：')
    form.write(430, y + 60, f'¥{total:,.2f}', 10)
    form.label(44, y + 84, '查勘定损员（签字）：')
    form.label(300, y + 84, '被保险人（签字）：')
    form.high = y + 110
    return total


def _settlement(
    form: Form, dice: random.Random, said: dict[str, str], parts: list[_Part], labour: list[_Work]
) -> Decimal:
    """A dealer's settlement: work with hours, parts with their numbers, sums, what was taken off."""
    form.write(280, 26, said['seller_name'], 12, BLACK, 'c')
    form.write(280, 44, '维修结算单', 15, BLACK, 'c')
    _pairs(form, (
        (40, 66, '结算单号', f'JS{digits(dice, 10)}'), (220, 66, '进厂日期', said['issue_date']),
        (390, 66, '结算日期', said['issue_date']),
        (40, 84, '车牌号', said['plate']), (220, 84, 'VIN', said['vin']), (430, 84, '行驶里程', f'{digits(dice, 5)}km'),
        (40, 102, '客户名称', '张三'), (220, 102, '联系电话', '138****0000'),
    ))  # fmt: skip
    y = 126.0
    for x, head in ((40, '序号'), (80, '零件编号'), (180, '零件名称'), (330, '数量'), (400, '单价'), (480, '金额')):
        form.label(x, y, head)
    for place, (part, many, price) in enumerate(parts, 1):
        y += 18
        _row(form, y, (
            (44, str(place)), (80, f'{digits(dice, 5)}-{digits(dice, 4)}'), (180, part), (330, f'{many}.00'),
            (400, f'{price:.2f}'), (480, f'{many * price:.2f}'),
        ))  # fmt: skip
    y += 26
    heads = ((40, '序号'), (80, '项目代码'), (180, '维修项目'), (330, '工时'), (400, '工时单价'), (480, '工时费'))
    for x, head in heads:
        form.label(x, y, head)
    for place, (work, cost) in enumerate(labour, 1):
        y += 18
        _row(form, y, (
            (44, str(place)), (80, f'A{digits(dice, 4)}'), (180, work), (330, '2.0'), (400, f'{cost / 2:.2f}'),
            (480, f'{cost:.2f}'),
        ))  # fmt: skip
    first, second = _sum(parts, labour)
    off = Decimal(dice.choice((0, 0, 100)))
    rows = [('工时费合计', second), ('材料费合计', first), ('应收合计', first + second)]
    rows += [('优惠金额', off), ('实收金额', first + second - off)] if off else []
    for place, (label, amount) in enumerate(rows):
        _pairs(form, ((40 + 180 * (place % 3), y + 26 + 20 * (place // 3), label, f'{amount:.2f}'),))
    form.high = y + 90
    return first + second - off
