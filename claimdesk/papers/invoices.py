"""Invoices beside the two plain forms: services with columns of their own, passengers, freight, rolls, air travel.

Each is drawn after what the tax administration prints, for nobody: numbers and companies are made up.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from claimdesk.amounts import to_capital
from claimdesk.identifiers import CREDIT_ALPHABET, credit_check_character, id_check_character
from claimdesk.papers.form import BLACK, WIDE, Form
from claimdesk.papers.medical_goods import FAMILY_NAMES, GIVEN_NAMES
from claimdesk.vocabulary import DocumentKind as K

_PLACES = ('云州市', '青川市', '平湖市', '江北市')
_TRADES = ('顺达汽车维修', '东方建设工程', '恒远物业管理', '安通运输', '绿野石油', '博雅商贸', '嘉禾农业', '锦程旅行')
_NO_DISTRICT = '320599'
CENT = Decimal('0.01')
Cells = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InvoiceSheet:
    """An invoice to draw: its pages, its fields, the amounts of its lines."""

    kind: K
    forms: tuple[Form, ...]
    truth: Mapping[str, str]
    amounts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Said:
    """What stands on an invoice of the newer form; `heads` (x, words) over `rows` of cells that end with the amount."""

    dice: random.Random
    kind: K
    number: str
    day: dt.date
    buyer: tuple[str, str]
    seller: tuple[str, str]
    heads: tuple[tuple[float, str], ...]
    rows: list[Cells]
    amount: Decimal
    tax: Decimal | None
    mark: str = ''
    below: tuple[Cells, ...] = ()
    note: str = ''
    swapped: bool = False
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return self.amount + (self.tax or Decimal(0))

    def truth(self) -> dict[str, str]:
        fields = {
            'invoice_number': self.number, 'issue_date': self.day.isoformat(), 'buyer_name': self.buyer[0],
            'buyer_tax_id': self.buyer[1], 'seller_name': self.seller[0], 'seller_tax_id': self.seller[1],
            'amount': f'{self.amount:.2f}', 'tax': '***' if self.tax is None else f'{self.tax:.2f}',
            'total': f'{self.total:.2f}', 'total_capital': capital(self.total),
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value}


def make(seed: int, name: str) -> InvoiceSheet:
    """The invoice of that sort (a key of `MAKERS`), the same for the same seed."""
    return MAKERS[name](random.Random(f'{seed}/{name}'))


def capital(total: Decimal) -> str:
    """The total in words as it is printed."""
    words = to_capital(abs(total)).replace('元', '圆')
    return f'（负数）{words}' if total < 0 else words


def _digits(dice: random.Random, count: int) -> str:
    return ''.join(dice.choice('0123456789') for _ in range(count))


def _company(dice: random.Random) -> tuple[str, str]:
    first = '91' + _NO_DISTRICT + ''.join(dice.choice(CREDIT_ALPHABET) for _ in range(9))
    return f'{dice.choice(_PLACES)}{dice.choice(_TRADES)}有限公司', first + credit_check_character(first)


def _person(dice: random.Random) -> tuple[str, str]:
    first = f'{_NO_DISTRICT}{dice.randint(1955, 2001)}0{dice.randint(1, 9)}1{dice.randint(0, 9)}{_digits(dice, 3)}'
    return dice.choice(FAMILY_NAMES) + dice.choice(GIVEN_NAMES), first + id_check_character(first)


def _money(dice: random.Random, least: int, most: int) -> Decimal:
    return Decimal(dice.randint(100 * least, 100 * most)) / 100


def _base(dice: random.Random, heads: Sequence[tuple[float, str]], kind: K = K.DIGITAL_NORMAL) -> _Said:
    day = dt.date(2023, 1, 1) + dt.timedelta(days=dice.randrange(900))
    return _Said(
        dice, kind, f'{day:%y}{_digits(dice, 18)}', day, _company(dice), _company(dice), tuple(heads), [], Decimal(0),
        Decimal(0),
    )  # fmt: skip


_RIGHT = ((430.0, '金 额'), (500.0, '税率/征收率'), (570.0, '税 额'))
_PLAIN = (
    (80.0, '项目名称'), (182.0, '规格型号'), (232.0, '单 位'), (282.0, '数 量'), (345.0, '单 价'), *_RIGHT
)  # fmt: skip


def _add(said: _Said, name: str, cells: Sequence[str], amount: Decimal, rate: str) -> None:
    """One more line; what is not taxed has three stars for tax."""
    tax = (amount * Decimal(rate.rstrip('%')) / 100).quantize(CENT) if rate.endswith('%') else None
    said.rows.append((name, *cells, f'{amount:.2f}', rate, '***' if tax is None else f'{tax:.2f}'))
    said.amount += amount
    said.tax = None if tax is None or said.tax is None else said.tax + tax


def _newer(said: _Said) -> InvoiceSheet:
    form = Form()
    form.label(92, 62, said.mark, 10)
    words = '增值税专用发票' if said.kind is K.DIGITAL_SPECIAL else '普通发票'
    form.label(WIDE / 2, 42, f'电子发票（{words}）', 19, 'c')
    for at, name, value in (
        (40, '发票号码：', said.number), (58, '开票日期：', f'{said.day.year}年{said.day:%m}月{said.day:%d}日')
    ):  # fmt: skip
        form.label(452, at, name, 9)
        form.write(498, at, value, 9)
    sides = (('销售方信息', said.seller), ('购买方信息', said.buyer))
    for x, (name, side) in zip((21.0, 313.0), sides if said.swapped else sides[::-1], strict=True):
        form.down(x, 98, name, 11.5)
        form.label(x + 11, 105, '名称：', 9)
        form.write(x + 39, 105, side[0], 9)
        form.label(x + 11, 137, '统一社会信用代码/纳税人识别号：', 9)
        form.write(x + 155, 137, side[1], 9)
    for x, head in said.heads:
        form.label(x, 162, head, align='c')
    y = _table(form, said, 179.0)
    form.label(74, y + 12, '合　　　　计', align='c')
    form.write(460, y + 12, f'¥{said.amount:.2f}', 9, align='r')
    form.write(596, y + 12, '***' if said.tax is None else f'¥{said.tax:.2f}', 9, align='r')
    y += 16
    for cells in said.below:
        y += 13
        for place, cell in enumerate(cells):
            form.write(20 + place * 580 / len(cells), y, cell, 8.2)
    y += 22
    form.label(82, y, '价税合计（大写）', 9, 'c')
    form.cross(164, y - 3)
    form.write(172, y, capital(said.total), 9.5)
    form.label(418, y, '（小写）', 9)
    form.write(452, y, f'¥{said.total:.2f}', 9.5)
    form.down(21, y + 26, '备注', 20)
    for place in range(0, len(said.note), 60):
        form.write(34, y + 24 + 13 * place / 60, said.note[place : place + 60], 8.6)
    form.label(60, y + 84, '开票人：', 9)
    form.write(98, y + 84, '刘洋', 9)
    form.rule(*((12, level, 598, level) for level in (86, 150, y - 16, y + 8, y + 66)))
    form.high = y + 110
    form.seals.append((WIDE / 2, 46, 44, 28, '全国统一发票监制章', '国家税务总局', '云州市税务局'))
    type_ = '31' if said.kind is K.DIGITAL_SPECIAL else '32'
    form.code = (20, 16, 58, f'01,{type_},,{said.number},{said.total:.2f},{said.day:%Y%m%d},,A1B2,')
    return InvoiceSheet(said.kind, (form,), said.truth(), tuple(row[-3] for row in said.rows))


def _table(form: Form, said: _Said, y: float) -> float:
    for row in said.rows:
        name = row[0]
        pieces = [name[start : start + 13] for start in range(0, len(name), 13)] or ['']
        for place, piece in enumerate(pieces):
            form.write(14, y + 12.5 * place, piece, 8.6)
        for (x, _head), cell in zip(said.heads[1:-3], row[1:-3], strict=True):
            form.write(x, y, cell, 8.2, align='c')
        for x, cell in zip((460, 500, 596), row[-3:], strict=True):
            form.write(x, y, cell, 8.6, align='c' if x == 500 else 'r')
        y += 12.5 * len(pieces)
    return y


def _construction(dice: random.Random) -> InvoiceSheet:
    said = _base(dice, ((80, '项目名称'), (200, '建筑服务发生地'), (330, '建筑项目名称'), *_RIGHT), K.DIGITAL_SPECIAL)
    said.mark = '建筑服务'
    _add(said, '*建筑服务*厂房屋面修复工程款', ('江省云州市人民路8号', '三号厂房修复'), _money(dice, 900, 90000), '9%')
    said.note = '土地增值税项目编号：无 跨地（市）标志：否 合同编号 GC-2024-0618'
    return _newer(said)


def _lease(dice: random.Random) -> InvoiceSheet:
    heads = ((80, '项目名称'), (190, '产权证书/不动产权证号'), (268, '面积单位'), (310, '数量'), (360, '单价'), *_RIGHT)
    said = _base(dice, heads, K.DIGITAL_SPECIAL)
    said.mark = '不动产经营租赁服务'
    price, count = _money(dice, 20, 90), dice.randint(40, 300)
    _add(said, '*经营租赁*房屋租赁费', ('苏房地证第0618号', '平方米', f'{count}', f'{price}'), price * count, '9%')
    said.note = '租赁期起止 2024-01-01 2024-03-31 不动产地址：云州市学士街18号 跨地（市）标志：否'
    return _newer(said)


def _passengers(dice: random.Random) -> InvoiceSheet:
    said = _base(dice, ((80, '项目名称'), (220, '单价'), (320, '数量'), *_RIGHT))
    said.mark = '旅客运输服务'
    price = _money(dice, 10, 300)
    _add(said, '*运输服务*客运服务费', (f'{price}', '1'), price, '3%')
    if dice.random() < 0.6:
        off = _money(dice, 1, 9)
        _add(said, '*运输服务*客运服务费', ('', ''), -off, '3%')
    name, number = _person(dice)
    said.below = (
        ('出行人', '有效身份证件号', '出行日期', '出发地', '到达地', '等级', '交通工具类型'),
        (name, f'{number[:6]}****{number[-4:]}', f'{said.day:%Y-%m-%d}', '云州市', '青川市', '', '出租车'),
    )
    return _newer(said)


def _freight(dice: random.Random) -> InvoiceSheet:
    said = _base(dice, _PLAIN, K.DIGITAL_SPECIAL)
    said.mark = '货物运输服务'
    _add(said, '*运输服务*国内道路货物运输服务', ('', '', '', ''), _money(dice, 300, 9000), '9%')
    said.below = (
        ('运输工具种类', '运输工具牌号', '起运地', '到达地', '运输货物名称'),
        ('公路运输', '苏E8K318', '江省云州市', '江省青川市', '机械配件'),
    )
    return _newer(said)


def _fuel(dice: random.Random) -> InvoiceSheet:
    said = _base(dice, _PLAIN, K.DIGITAL_SPECIAL)
    said.mark = '成品油'
    litres, price = Decimal(dice.randint(2000, 60000)) / 100, _money(dice, 6, 9)
    cells = ('95号', '升', f'{litres}', f'{price}')
    _add(said, '*汽油*95号车用汽油(VIB)', cells, (litres * price).quantize(CENT), '13%')
    return _newer(said)


def _difference(dice: random.Random) -> InvoiceSheet:
    """Taxed on a difference: the tax is in yuan, the rate three stars."""
    said = _base(dice, _PLAIN)
    said.mark = '差额征税'
    amount, tax = _money(dice, 900, 9000), _money(dice, 5, 90)
    said.rows.append(('*人力资源服务*劳务派遣服务', '', '次', '1', f'{amount}', f'{amount:.2f}', '***', f'{tax:.2f}'))
    said.amount, said.tax = amount, tax
    said.note = f'差额征税：{amount - 20 * tax:.2f}。'
    return _newer(said)


def _purchase(dice: random.Random) -> InvoiceSheet:
    """Bought of a farmer: the buyer issues it, the seller is a person and stands on the left."""
    said = _base(dice, _PLAIN)
    said.mark, said.swapped, said.seller = '农产品收购', True, _person(dice)
    weight, price = dice.randint(80, 900), _money(dice, 2, 30)
    _add(said, '*谷物*稻谷', ('', '公斤', f'{weight}', f'{price}'), weight * price, '免税')
    return _newer(said)


def _discounted(dice: random.Random) -> InvoiceSheet:
    """Lines with their discounts below them, in several rates, a buyer without a tax number, numbers in the note."""
    said = _base(dice, _PLAIN)
    said.buyer = (_person(dice)[0] + '（个人）', '')
    goods = (('*汽车零部件*前保险杠总成', '13%'), ('*劳务*钣金喷漆工时费', '13%'), ('*保险服务*救援服务费', '6%'))
    for name, rate in goods:
        count, price = dice.randint(1, 4), _money(dice, 60, 2000)
        _add(said, name, ('', '件', f'{count}', f'{price}'), count * price, rate)
        _add(said, name, ('', '', '', ''), -_money(dice, 1, 50), rate)
    said.note = (
        f'订单号{_digits(dice, 14)} 日期2023年05月06日 保单号PICC{_digits(dice, 10)} 金额1234.56元 电话0512-65432109'
    )
    return _newer(said)


def _long(dice: random.Random) -> InvoiceSheet:
    """Forty lines and more on one long page."""
    said = _base(dice, _PLAIN, K.DIGITAL_SPECIAL)
    for place in range(dice.randint(30, 45)):
        count, price = dice.randint(1, 9), _money(dice, 1, 900)
        cells = (f'LX-{place:03d}', '个', f'{count}', f'{price}')
        _add(said, f'*汽车零部件*配件{place}号', cells, count * price, '13%')
    return _newer(said)


def _roll(dice: random.Random) -> InvoiceSheet:
    """A narrow invoice of a cash register: one label under the other, sums with tax."""
    day = dt.date(2018, 1, 1) + dt.timedelta(days=dice.randrange(1500))
    code, number = f'0{_digits(dice, 4)}{day:%y}00107', _digits(dice, 8)
    buyer, seller, check = _company(dice), _company(dice), _digits(dice, 20)
    form = Form(high=470, wide=216, ink=BLACK)
    form.write(108, 30, '云州增值税普通发票（卷票）', 12, align='c')
    form.write(108, 46, '发票联', 11, align='c')
    rows = [
        f'发票代码 {code}', f'发票号码 {number}', f'机打号码 {number}', f'机器编号 {_digits(dice, 12)}',
        f'销售方名称：{seller[0]}', f'纳税人识别号：{seller[1]}', f'开票日期：{day:%Y-%m-%d}', '收款员：王芳',
        f'购买方名称：{buyer[0]}', f'纳税人识别号：{buyer[1]}',
    ]  # fmt: skip
    for place, words in enumerate(rows):
        form.write(14, 70 + 17 * place, words, 9)
    y = 70.0 + 17 * len(rows)
    for x, head in ((14, '项目'), (90, '单价'), (138, '数量'), (172, '金额')):
        form.write(x, y, head, 9)
    total, amounts = Decimal(0), []
    for name in ('*餐饮服务*餐费', '*酒*啤酒'):
        count, price = dice.randint(1, 6), _money(dice, 5, 300)
        form.write(14, y + 17, name, 9)
        y += 34
        for x, cell in ((90, f'{price:.2f}'), (145, f'{count}'), (172, f'{count * price:.2f}')):
            form.write(x, y, cell, 9)
        total += count * price
        amounts.append(f'{count * price:.2f}')
    for words in (f'合计金额(小写) ￥{total:.2f}', f'合计金额(大写) {capital(total)}', '校验码', check):
        y += 20
        form.write(14, y, words, 9)
    form.high = y + 40
    truth = {
        'invoice_code': code, 'invoice_number': number, 'issue_date': day.isoformat(), 'check_code': check,
        'buyer_name': buyer[0], 'buyer_tax_id': buyer[1], 'seller_name': seller[0], 'seller_tax_id': seller[1],
        'total': f'{total:.2f}', 'total_capital': capital(total),
    }  # fmt: skip
    return InvoiceSheet(K.VAT_NORMAL, (form,), truth, tuple(amounts))


def _air(dice: random.Random) -> InvoiceSheet:
    """The itinerary of air travel, which is an invoice with rows of its own."""
    day = dt.date(2024, 12, 1) + dt.timedelta(days=dice.randrange(300))
    number, (name, identity), buyer = f'{day:%y}{_digits(dice, 18)}', _person(dice), _company(dice)
    seller = f'{dice.choice(_PLACES)}航空股份有限公司'
    fare, fund, tax = _money(dice, 300, 3000), Decimal('50.00'), Decimal(0)
    fuel = Decimal(dice.choice((10, 20, 40)))
    tax = ((fare + fuel) * Decimal('0.09')).quantize(CENT)
    total = fare + fuel + fund + tax
    form = Form(high=330)
    form.label(WIDE / 2, 40, '电子发票（航空运输电子客票行程单）', 16, 'c')
    for x, y, label, value in (
        (440, 24, '发票号码：', number), (440, 66, '开票状态：', '正常'), (20, 66, 'GP单号：', ''),
        (20, 90, '旅客姓名', ''), (20, 106, '', name), (150, 90, '有效身份证件号码', ''), (150, 106, '', identity),
        (330, 90, '签注', ''), (330, 106, '', '不得签转'), (20, 210, '票价', ''), (20, 224, '', f'CNY {fare}'),
        (110, 210, '燃油附加费', ''), (110, 224, '', f'CNY {fuel}.00'), (200, 210, '增值税税率', ''),
        (200, 224, '', '9%'),
        (280, 210, '增值税税额', ''), (280, 224, '', f'CNY {tax}'), (370, 210, '民航发展基金', ''),
        (370, 224, '', f'CNY {fund}'), (460, 210, '其他税费', ''), (530, 210, '合计', ''),
        (530, 224, '', f'CNY {total}'),
        (20, 244, '电子客票号码：', f'781-{_digits(dice, 10)}'), (240, 244, '验证码：', _digits(dice, 4)),
        (340, 244, '提示信息：', ''), (20, 262, '销售网点代号：', 'PEK123'), (240, 262, '填开单位：', seller),
        (440, 262, '填开日期：', f'{day.year}年{day:%m}月{day:%d}日'), (20, 284, '购买方名称：', buyer[0]),
        (300, 284, '统一社会信用代码/纳税人识别号：', buyer[1]),
    ):  # fmt: skip
        form.label(x, y, label, 8.6)
        form.write(x + 8.6 * len(label), y, value, 8.6)
    for place, head in enumerate(('自：', '至：')):
        form.label(20, 140 + 16 * place, head)
        form.write(40, 140 + 16 * place, _PLACES[place], 9)
    form.write(200, 140, f'MU{_digits(dice, 4)}', 9)
    form.write(320, 140, f'{day:%Y-%m-%d}', 9)
    form.write(400, 140, '08:05', 9)
    truth = {
        'invoice_number': number, 'issue_date': day.isoformat(), 'buyer_name': buyer[0], 'buyer_tax_id': buyer[1],
        'seller_name': seller, 'total': f'{total:.2f}', 'tax': f'{tax:.2f}',
    }  # fmt: skip
    return InvoiceSheet(K.DIGITAL_NORMAL, (form,), truth)


MAKERS: Mapping[str, Callable[[random.Random], InvoiceSheet]] = {
    'construction': _construction,
    'lease': _lease,
    'passengers': _passengers,
    'freight': _freight,
    'fuel': _fuel,
    'difference': _difference,
    'farm purchase': _purchase,
    'discounts': _discounted,
    'long': _long,
    'roll': _roll,
    'air': _air,
}
"""What is special about an invoice → who makes it."""
