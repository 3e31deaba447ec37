"""What other cities, offices and shops print, drawn to try rules that had never seen it. Nobody issued it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.made import BLUE, RED, Paper, day, digits, person, plate, vin
from claimdesk.vocabulary import DocumentKind as K

GREY = (90, 90, 90)
Maker = Callable[[random.Random], Paper]
_Row = tuple[str, str, str]
"""What the form calls it in Chinese, in English beneath, and what is printed."""


def _meter(title: str, rows: Sequence[_Row], seal: str = '') -> Form:
    form = Form(high=90 + 26 * len(rows), wide=190, ink=BLUE)
    form.label(95, 24, title, 10, 'c')
    form.label(95, 40, '发票联', 9, 'c')
    if seal:
        form.seals.append((95.0, 50.0, 44.0, 26.0, seal, '发票专用章', ''))
    for place, (label, english, value) in enumerate(rows):
        form.label(14, 78 + 24 * place, label, 9)
        form.label(14, 86 + 24 * place, english, 5)
        form.write(80, 79 + 24 * place, value, 11)
    return form


def _ride(dice: random.Random, code: str) -> dict[str, str]:
    ridden, hour = day(dice, 2015, 2024), dice.randint(5, 21)
    return {
        'invoice_code': f'{code}{digits(dice, 12 - len(code))}', 'invoice_number': digits(dice, 8),
        'issue_date': ridden.isoformat(), 'boarding_time': f'{hour:02d}:{dice.randint(0, 29):02d}',
        'alighting_time': f'{hour:02d}:{dice.randint(30, 59)}', 'plate': plate(dice),
        'total': f'{dice.randint(10, 180)}.00',
    }  # fmt: skip


def _capital(dice: random.Random) -> Paper:
    """Labels in two languages; the fare, what is added to it, and what was paid, all with the same sign."""
    said = _ride(dice, '111')
    said['plate'] = f'京B{dice.choice("NPTV")}{digits(dice, 4)}'
    fare = Decimal(said['total']) - Decimal('1.20')
    rows = (
        ('发票代码', '', said['invoice_code']), ('发票号码', '', said['invoice_number']), ('单位', '', '0357'),
        ('电话', '', digits(dice, 8)), ('车号', 'Taxi No.', f'京 B.{said["plate"][2:]}'),
        ('证号', 'Certificate No.', digits(dice, 6)), ('日期', 'Date', said['issue_date']),
        ('时间', 'Time', f'{said["boarding_time"]}-{said["alighting_time"]}'), ('单价', 'Price/km', '2.30'),
        ('里程', 'Mileage', '14.6'), ('等候', 'Waiting', '00:02:42'), ('状态', 'State', '0'),
        ('金额', 'Fare', f'¥ {fare}'), ('燃油附加费', 'Fuel oil surcharge', '¥ 1.00'),
        ('叫车服务费', 'Call service surcharge', '¥ 0.00'), ('实收金额', 'Total', f'¥ {said["total"]}'),
        ('卡号', 'Card No.', '----'), ('卡原额', 'Previous Card Balance', ''), ('卡余额', 'Card Balance', ''),
        ('密码', 'Password', ''),
    )  # fmt: skip
    return Paper(K.TAXI_RECEIPT, _meter('云京市出租汽车专用发票', rows, '云京市税务局'), said)


def _harbour(dice: random.Random) -> Paper:
    """The plate without its province, day without century, an amount without cents."""
    said = _ride(dice, '131')
    short = f'{said["plate"][1]}-{said["plate"][2:]}'
    said['plate'] = said['plate'][1:]
    year, month, date = said['issue_date'].split('-')
    rows = (
        ('发票代码', '', said['invoice_code']), ('发票号码', '', said['invoice_number']), ('电话', '', '63258888'),
        ('车号', '', short), ('证号', '', digits(dice, 6)), ('日期', '', f'{year[2:]}年{month}月{date}日'),
        ('上车', '', said['boarding_time']), ('下车', '', said['alighting_time']), ('单价', '', '2.50元'),
        ('里程', '', '12.3km'), ('等候', '', '00:05:10'), ('金额', '', f'{said["total"][:-3]}元'),
        ('卡号', '', ''), ('原额', '', ''), ('余额', '', ''),
    )  # fmt: skip
    return Paper(K.TAXI_RECEIPT, _meter('云海市出租汽车统一发票', rows), said)


def _south(dice: random.Random) -> Paper:
    """A printed invoice of the tax office's general form, with spaces in its labels and a day without separators."""
    said = _ride(dice, '144')
    rows = (
        ('发票代码:', '', said['invoice_code']), ('发票号码:', '', said['invoice_number']),
        ('车　　号:', '', said['plate'][0] + said['plate'][1] + '·' + said['plate'][2:]),
        ('日　　期:', '', said['issue_date'].replace('-', '/')), ('上　　车:', '', said['boarding_time']),
        ('下　　车:', '', said['alighting_time']), ('单　　价:', '', '2.60元/公里'), ('里　　程:', '', '18.4公里'),
        ('候　　时:', '', '00:08:00'), ('金　　额:', '', f'{said["total"]}元'), ('附 加 费:', '', '0.00元'),
        ('总 金 额:', '', f'{said["total"]}元'),
    )  # fmt: skip
    return Paper(K.TAXI_RECEIPT, _meter('海东省云穗市的士发票', rows, '云穗市税务局'), said)


def _river(dice: random.Random) -> Paper:
    """Times with the day before them, a total called 实收."""
    said = _ride(dice, '142')
    rows = (
        ('代码', '', said['invoice_code']), ('号码', '', said['invoice_number']), ('监督电话', '', '12328'),
        ('车牌号', '', said['plate']), ('服务证号', '', digits(dice, 7)),
        ('上车时间', '', f'{said["issue_date"]} {said["boarding_time"]}'),
        ('下车时间', '', f'{said["issue_date"]} {said["alighting_time"]}'), ('单价', '', '1.80'),
        ('计程', '', '9.7'), ('低速等候', '', '00:03:20'), ('实收', '', f'{said["total"]}元'),
    )  # fmt: skip
    return Paper(K.TAXI_RECEIPT, _meter('湖山省客运出租汽车发票', rows, '湖山省税务局'), said)


def _two_columns(dice: random.Random) -> Paper:
    """Labels and values beside each other in two columns."""
    said = _ride(dice, '151')
    form = Form(high=250, wide=330, ink=BLUE)
    form.label(165, 24, '川西省云都市出租汽车客运定额机打发票', 11, 'c')
    form.label(20, 50, '发票代码', 9)
    form.write(70, 50, said['invoice_code'], 11)
    form.label(180, 50, '发票号码', 9)
    form.write(230, 50, said['invoice_number'], 11)
    pairs = (
        ('车号', said['plate'], '日期', said['issue_date']),
        ('上车', said['boarding_time'], '下车', said['alighting_time']),
        ('里程', '7.2km', '单价', '1.90元'), ('等候', '00:01:30', '金额', f'￥{said["total"]}'),
    )  # fmt: skip
    for place, (one, value, other, more) in enumerate(pairs):
        for x, label, text in ((20, one, value), (180, other, more)):
            form.label(x, 90 + 30 * place, label, 9)
            form.write(x + 40, 91 + 30 * place, text, 11)
    return Paper(K.TAXI_RECEIPT, form, said)


def _journey(dice: random.Random) -> dict[str, str]:
    travelled = day(dice, 2016, 2024)
    return {
        'ticket_number': dice.choice('ABCDEFGHJKLMRUYZ') + digits(dice, 6), 'from_station': '南溪',
        'to_station': '云林虹桥',
        'train_number': f'{dice.choice("GDKTZC")}{dice.randint(10, 9999)}',
        'departure': f'{travelled} {dice.randint(5, 23):02d}:{dice.randint(0, 59):02d}',
        'total': f'{dice.randint(20, 900)}.50',
    }  # fmt: skip


def _magnetic(dice: random.Random) -> Paper:
    """A ticket whose stations are written without 站, with the gate in front, the fare with its sign only."""
    said = _journey(dice)
    when = dt.datetime.fromisoformat(said['departure'])
    form = Form(high=206, wide=330, ink=BLUE)
    form.write(20, 22, said['ticket_number'], 13, RED)
    form.write(310, 22, '检票：B12', 10, BLACK, 'r')
    form.write(28, 50, said['from_station'] + ' 站', 18)
    form.write(165, 48, said['train_number'], 16, BLACK, 'c')
    form.write(222, 50, said['to_station'] + ' 站', 18)
    form.write(34, 62, 'NanXi', 9)
    form.write(226, 62, 'YunLinHongQiao', 9)
    form.write(20, 84, f'{when:%Y}年{when:%m}月{when:%d}日{when:%H:%M}开', 11)
    form.write(220, 84, f'{dice.randint(1, 16):02d}车{dice.randint(1, 20):02d}A号', 11)
    form.write(20, 104, f'¥{said["total"]}', 12)
    form.write(150, 104, '网', 10)
    form.write(220, 104, '商务座', 11)
    form.write(20, 122, '限乘当日当次车', 10)
    form.write(20, 140, f'3205991990****{digits(dice, 4)}{person(dice)["name"]}', 10)
    form.write(40, 158, '买票请到12306 发货请到95306', 9)
    form.write(20, 192, f'{digits(dice, 14)}{said["ticket_number"]} JM', 9)
    return Paper(K.TRAIN_TICKET, form, said)


def _slow(dice: random.Random) -> Paper:
    """A train without a letter, a ticket without a seat."""
    said = _journey(dice) | {'train_number': str(dice.randint(1001, 8998))}
    when = dt.datetime.fromisoformat(said['departure'])
    form = Form(high=206, wide=330, ink=RED)
    form.write(20, 24, said['ticket_number'], 13, RED)
    form.write(300, 24, f'{said["from_station"]}售', 10, BLACK, 'r')
    form.write(28, 56, f'{said["from_station"]}站', 17)
    form.write(165, 54, f'{said["train_number"]}次', 14, BLACK, 'c')
    form.write(222, 56, f'{said["to_station"]}站', 17)
    form.write(20, 90, f'{when:%Y}年{when:%m}月{when:%d}日  {when:%H:%M}开', 11)
    form.write(220, 90, f'{dice.randint(1, 16):02d}车 无座', 11)
    form.write(20, 112, f'￥{said["total"][:-1]}元', 11)
    form.write(220, 112, '新空调硬座', 11)
    form.write(20, 134, '中途下车失效', 10)
    form.write(20, 192, f'{digits(dice, 14)}{said["ticket_number"]}', 9)
    return Paper(K.TRAIN_TICKET, form, said)


def _vehicle(dice: random.Random) -> dict[str, str]:
    registered = day(dice, 2012, 2023)
    holder = person(dice)
    return {
        'plate': plate(dice), 'vehicle_type': '小型普通客车', 'owner': holder['name'], 'address': holder['address'],
        'use_character': '非营运', 'model': f'远山牌YS{digits(dice, 4)}BEV', 'vin': vin(dice),
        'engine_number': f'{digits(dice, 3)}A{digits(dice, 4)}', 'register_date': registered.isoformat(),
        'issue_date': (registered + dt.timedelta(days=90)).isoformat(),
    }  # fmt: skip


def _second_page(dice: random.Random) -> Paper:
    """The second page of a vehicle's licence by itself: it has no title."""
    said = {'plate': plate(dice)}
    form = Form(high=250, wide=370, ink=GREY)
    rows = (
        (24, 36, '号牌号码', said['plate']), (200, 36, '档案编号', f'3205{digits(dice, 8)}'),
        (24, 62, '核定载人数', '5人'), (200, 62, '总质量', '1875kg'), (24, 88, '整备质量', '1450kg'),
        (200, 88, '核定载质量', '--'), (24, 114, '外廓尺寸', '4670×1806×1474mm'), (200, 114, '准牵引总质量', '--'),
        (24, 140, '备注', '强制报废期止：2034-05-06'), (24, 178, '检验记录', '检验有效期至2026年05月苏A(01)'),
    )  # fmt: skip
    for x, y, label, value in rows:
        form.label(x, y, label)
        form.write(x + 9 * len(label) + 8, y, value, 10)
    return Paper(K.VEHICLE_LICENCE, form, said)


def _vehicle_on_telephone(dice: random.Random) -> Paper:
    """The electronic licence of a vehicle: one label to a row, what the second page says among them."""
    said = _vehicle(dice)
    form = Form(high=440, wide=300, ink=GREY)
    form.write(150, 24, '中华人民共和国机动车行驶证（电子版）', 12, BLACK, 'c')
    rows = (
        ('号牌号码', said['plate']), ('车辆类型', said['vehicle_type']), ('所有人', said['owner']),
        ('住址', said['address']),
        ('使用性质', said['use_character']), ('品牌型号', said['model']), ('车辆识别代号', said['vin']),
        ('发动机号码', said['engine_number']), ('注册日期', said['register_date']), ('发证日期', said['issue_date']),
        ('发证机关', '江北省青川市公安局交通警察支队'), ('核定载人数', '5人'), ('检验有效期至', '2026-05-31'),
        ('状态', '正常'), ('生成时间', '2024-06-01 10:11:12'),
    )  # fmt: skip
    for place, (label, value) in enumerate(rows):
        form.label(20, 52 + 25 * place, label)
        form.write(100, 52 + 25 * place, value, 10)
    return Paper(K.VEHICLE_LICENCE, form, said)


def _debit(dice: random.Random) -> Paper:
    """A card whose number stands in groups, with the month of its end under English words."""
    first = f'6222{digits(dice, 14)}'
    total = sum(sum(divmod(int(sign) * (1 + (place % 2 == 0)), 10)) for place, sign in enumerate(reversed(first)))
    number = first + str(-total % 10)
    form = Form(high=200, wide=320, ink=GREY)
    form.write(20, 30, '云州农村商业银行', 12)
    form.write(20, 44, 'YUNZHOU RURAL COMMERCIAL BANK', 7)
    form.write(20, 110, ' '.join((number[:4], number[4:8], number[8:12], number[12:16], number[16:])), 15)
    form.write(120, 140, 'MONTH/YEAR', 6)
    form.write(120, 152, 'VALID THRU 05/29', 9)
    form.write(20, 172, 'ATM 借记卡', 9)
    form.write(250, 180, 'UnionPay 银联', 10)
    return Paper(K.BANK_CARD, form, {'card_number': number, 'bank_name': '云州农村商业银行', 'valid_until': '05/29'})


def _till(dice: random.Random, rows: Sequence[tuple[str, str]], head: Sequence[str], said: dict[str, str]) -> Paper:
    form = Form(high=60 + 18 * (len(rows) + len(head)), wide=230)
    for place, words in enumerate(head):
        form.write(115, 24 + 16 * place, words, 12 if place == 0 else 9, BLACK, 'c')
    for place, (label, value) in enumerate(rows):
        y = 36 + 16 * len(head) + 18 * place
        form.write(16, y, label, 9)
        form.write(214, y, value, 9, BLACK, 'r')
    return Paper(K.RECEIPT, form, said)


def _supermarket(dice: random.Random) -> Paper:
    """Goods, what was saved, what was paid by telephone."""
    bought = day(dice, 2016, 2024)
    prices = [Decimal(dice.randint(200, 6000)) / 100 for _ in range(4)]
    off = Decimal(dice.randint(1, 150)) / 100
    total = sum(prices, Decimal(0)) - off
    said = {'seller_name': '家乐美超市云州学士街店', 'issue_date': bought.isoformat(), 'total': f'{total:.2f}'}
    goods = [(name, f'{price:.2f}') for name, price in zip(('鲜牛奶', '面包', '洗衣液', '苹果'), prices, strict=True)]
    rows = (
        ('流水号', digits(dice, 10)), ('收银员', '0023'), *goods, ('件数', '4'), ('合计', f'{total + off:.2f}'),
        ('优惠', f'-{off:.2f}'), ('应付', f'{total:.2f}'), ('微信支付', f'{total:.2f}'), ('找零', '0.00'),
        ('积分', '35'),
    )  # fmt: skip
    return _till(dice, rows, (said['seller_name'], '购物小票', f'{bought:%Y-%m-%d} 18:22:41'), said)


def _restaurant(dice: random.Random) -> Paper:
    """A bill of a restaurant."""
    eaten = day(dice, 2016, 2024)
    total = Decimal(dice.randint(3000, 90000)) / 100
    said = {'seller_name': '老云州面馆(人民路店)', 'issue_date': eaten.isoformat(), 'total': f'{total:.2f}'}
    rows = (
        ('桌号：A12', '人数：3'), ('开台时间', f'{eaten:%Y/%m/%d} 12:01'), ('牛肉面', f'{total / 2:.2f}'),
        ('消费合计', f'{total:.2f}'), ('应收', f'{total:.2f}'), ('支付宝', f'{total:.2f}'), ('实收', f'{total:.2f}'),
    )  # fmt: skip
    return _till(dice, rows, (said['seller_name'], '结账单'), said)


def _pharmacy(dice: random.Random) -> Paper:
    """A receipt of a pharmacy: paid with cash."""
    bought = day(dice, 2016, 2024)
    total = Decimal(dice.randint(10, 90))
    said = {'seller_name': '云州康民大药房连锁有限公司', 'issue_date': bought.isoformat(), 'total': f'{total:.2f}'}
    rows = (
        ('小票号', digits(dice, 9)), ('日期', f'{bought:%Y-%m-%d %H}:10'), ('感冒灵颗粒 1盒', f'{total:.2f}'),
        ('合计金额', f'{total:.2f}'),
        ('实收现金', '100.00'), ('找零', f'{100 - total:.2f}'),
    )  # fmt: skip
    return _till(dice, rows, (said['seller_name'], '销售小票'), said)


_PARTS = ('前保险杠皮', '左前大灯', '前雾灯格栅', '左前叶子板')


def _estimate(title: str, heads: Sequence[str], labels: Mapping[str, str], ends: Sequence[str]) -> Maker:
    """A list of parts with their prices, called and headed in one way or another."""

    def make(dice: random.Random) -> Paper:
        said = {
            'plate': plate(dice), 'vin': vin(dice), 'issue_date': day(dice, 2018, 2024).isoformat(),
            'seller_name': '云州市顺达汽车维修有限公司',
        }  # fmt: skip
        parts = [(name, Decimal(dice.randint(50, 2500))) for name in dice.sample(_PARTS, 3)]
        said['total'] = f'{sum((price for _name, price in parts), Decimal(0)):.2f}'
        form = Form(high=420, wide=600, ink=BLACK)
        form.write(300, 30, title, 15, BLACK, 'c')
        for place, (name, label) in enumerate(labels.items()):
            form.write(30 + 290 * (place % 2), 60 + 20 * (place // 2), f'{label}：{said[name]}', 9)
        across = (30, 70, 300, 400, 500)
        rows = [(str(row), name, '1', f'{price:.2f}', f'{price:.2f}') for row, (name, price) in enumerate(parts, 1)]
        for place, cells in enumerate((tuple(heads), *rows)):
            for x, text in zip(across, cells, strict=True):
                form.write(x, 130 + 18 * place, text, 9)
        for place, end in enumerate(ends):
            form.write(30, 220 + 20 * place, end.format(total=said['total']), 9)
        truth = {name: value for name, value in said.items() if name in labels or name == 'total'}
        return Paper(K.REPAIR_ESTIMATE, form, truth)

    return make


MAKERS: Mapping[str, Maker] = {
    'taxi capital': _capital, 'taxi harbour': _harbour, 'taxi south': _south, 'taxi river': _river,
    'taxi two columns': _two_columns, 'train magnetic': _magnetic, 'train slow': _slow,
    'vehicle second page': _second_page, 'vehicle telephone': _vehicle_on_telephone, 'bank debit': _debit,
    'receipt supermarket': _supermarket, 'receipt restaurant': _restaurant, 'receipt pharmacy': _pharmacy,
    'estimate insurer': _estimate('机动车辆保险车辆损失情况确认书', ('序号', '更换配件名称', '数量', '单价', '金额'),
        {'plate': '厂牌号码/号牌号码', 'vin': '车架号（VIN）', 'seller_name': '承修厂', 'issue_date': '定损时间'},
        ('换件费用合计：{total}', '经协商，维修总费用：人民币 {total} 元')),
    'estimate settlement': _estimate('汽车维修结算清单', ('No.', '维修项目', '工时', '单价', '金额(元)'),
        {'plate': '车牌号', 'vin': 'VIN', 'seller_name': '修理厂', 'issue_date': '结算日期'},
        ('工时费合计：0.00  材料费合计：{total}', '总计金额（小写）：￥{total}')),
    'estimate offer': _estimate('云州市顺达汽车维修有限公司报价单', ('项次', '配件名称', '数量', '含税单价', '小计'),
        {'plate': '车牌', 'issue_date': '报价日期'}, ('合计：{total}',)),
}  # fmt: skip
"""The form → who draws it."""


def make(seed: int, name: str) -> Paper:
    """A believable paper of that form, the same for the same seed."""
    return MAKERS[name](random.Random(f'{seed}/{name}'))
