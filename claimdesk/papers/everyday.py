"""Cards, licences, tickets, receipts and repair lists that nobody issued, each with what stands on it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.identifiers import id_check_character, luhn_check_digit, vin_check_character
from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.medical_goods import FAMILY_NAMES, GIVEN_NAMES
from claimdesk.vocabulary import DocumentKind as K

NO_DISTRICT = '320599'
"""The district of the identity numbers: no district of the country has this number."""
NO_BANK = '629999'
"""The first digits of the card numbers: no bank was given them."""
BLUE, RED = (30, 60, 140), (200, 40, 40)
_VIN_SIGNS = 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789'
_STATIONS = ('南溪', '北岭', '东湖', '西塘', '青山', '白沙', '长桥', '江口', '云林', '平川')
_STREETS = ('解放路', '人民路', '学士街', '桃花坞大街', '中山北路')
_CITIES = ('江南省云州市', '江北省青川市', '海东省平湖市')
_PARTS = ('前保险杠', '左前大灯', '发动机盖', '右前翼子板', '散热器', '冷凝器', '前挡风玻璃', '左后视镜')
_LABOUR = ('前部钣金', '全车喷漆', '拆装前保险杠', '更换大灯工时', '右前翼子板喷漆')
_SHOPS = ('云州市顺达汽车维修有限公司', '青川市诚信汽车修理厂', '平湖市东方汽车服务有限公司')
_STORES = ('GREEN HILL TRADING SDN BHD', 'SUNNY CORNER ENTERPRISE', 'BLUE RIVER HARDWARE SDN BHD', 'LUCKY STAR MART')
_GOODS = ('NOTE BOOK A5', 'LED BULB 9W', 'GLUE STICK', 'WATER 1.5L', 'PAINT BRUSH', 'CABLE TIE 100')


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to draw, its fields, and the amounts of its lines."""

    kind: K
    form: Form
    truth: Mapping[str, str]
    amounts: tuple[str, ...] = ()


def make(seed: int, kind: K) -> Paper:
    """A believable paper, the same for the same seed."""
    return MAKERS[kind](random.Random(f'{seed}/{kind}'))


def _digits(dice: random.Random, count: int) -> str:
    return ''.join(dice.choice('0123456789') for _ in range(count))


def _day(dice: random.Random, first: int, last: int) -> dt.date:
    start = dt.date(first, 1, 1)
    return start + dt.timedelta(days=dice.randrange((dt.date(last, 12, 31) - start).days))


def _person(dice: random.Random) -> dict[str, str]:
    born = _day(dice, 1950, 2003)
    first17 = f'{NO_DISTRICT}{born:%Y%m%d}{_digits(dice, 3)}'
    return {
        'name': dice.choice(FAMILY_NAMES) + dice.choice(GIVEN_NAMES),
        'sex': '男' if int(first17[16]) % 2 else '女',
        'birth_date': born.isoformat(),
        'address': f'{dice.choice(_CITIES)}{dice.choice(_STREETS)}{dice.randint(2, 300)}号{dice.randint(1, 30)}幢',
        'id_number': first17 + id_check_character(first17),
    }


def _plate(dice: random.Random) -> str:
    return f'{dice.choice("苏浙皖沪")}{dice.choice("ABCDE")}{_digits(dice, 4)}{dice.choice("ABCDEFGHJK0123456789")}'


def _vin(dice: random.Random) -> str:
    number = 'LZZ' + ''.join(dice.choice(_VIN_SIGNS) for _ in range(8)) + _digits(dice, 6)
    return number[:8] + vin_check_character(number) + number[9:]


def _id_card(dice: random.Random) -> Paper:
    said = _person(dice) | {'ethnicity': dice.choice(('汉', '回', '满', '土家'))}
    born = dt.date.fromisoformat(said['birth_date'])
    form = Form(high=216, wide=342, ink=BLUE)
    for y, label, value in (
        (36, '姓名', said['name']), (62, '性别', said['sex']),
        (88, '出生', f'{born.year}年{born.month}月{born.day}日'), (114, '住址', said['address'][:13]),
        (132, '', said['address'][13:]), (184, '公民身份号码', said['id_number']),
    ):  # fmt: skip
        form.label(24, y, label)
        form.write(100 if label == '公民身份号码' else 56, y, value, 12 if label == '公民身份号码' else 11)
    form.label(110, 62, '民族')
    form.write(142, 62, said['ethnicity'], 11)
    return Paper(K.ID_CARD, form, said)


def _bank_card(dice: random.Random) -> Paper:
    first18 = NO_BANK + _digits(dice, 12)
    number = first18 + luhn_check_digit(first18)
    said = {
        'card_number': number,
        'bank_name': dice.choice(('中国工商银行', '中国建设银行', '招商银行', '交通银行')),
        'valid_until': f'{dice.randint(1, 12):02d}/{dice.randint(27, 36)}',
    }
    form = Form(high=216, wide=342)
    form.write(24, 40, said['bank_name'], 16)
    form.write(250, 40, 'UnionPay', 12)
    form.write(24, 118, ' '.join((number[:4], number[4:8], number[8:12], number[12:16], number[16:])), 19)
    form.write(130, 150, 'VALID THRU', 7)
    form.write(190, 150, said['valid_until'], 12)
    return Paper(K.BANK_CARD, form, said)


def _driving_licence(dice: random.Random) -> Paper:
    first = _day(dice, 2008, 2022)
    until = first.replace(year=first.year + 6, day=min(first.day, 28))
    said = _person(dice) | {
        'nationality': '中国', 'first_issue_date': first.isoformat(),
        'licence_class': dice.choice(('C1', 'C2', 'B2', 'A2')),
        'valid_from': first.isoformat(), 'valid_until': until.isoformat(),
    }  # fmt: skip
    form = Form(high=250, wide=370, ink=(60, 60, 60))
    form.write(185, 24, '中华人民共和国机动车驾驶证', 13, BLACK, 'c')
    form.label(24, 48, '证号')
    form.write(110, 48, said['id_number'], 12)
    for x, label, name in ((24, '姓名', 'name'), (150, '性别', 'sex'), (240, '国籍', 'nationality')):
        form.label(x, 76, label)
        form.write(x + 32, 76, said[name], 11)
    form.label(24, 104, '住址')
    form.write(56, 104, said['address'], 11)
    for y, label, name in ((138, '出生日期', 'birth_date'), (162, '初次领证日期', 'first_issue_date'),
                           (186, '准驾车型', 'licence_class')):  # fmt: skip
        form.label(110, y, label)
        form.write(190, y, said[name], 11)
    form.label(24, 222, '有效期限')
    form.write(90, 222, f'{said["valid_from"]}至{said["valid_until"]}', 11)
    return Paper(K.DRIVING_LICENCE, form, said)


def _vehicle_licence(dice: random.Random) -> Paper:
    registered = _day(dice, 2012, 2024)
    said = {
        'plate': _plate(dice), 'vehicle_type': dice.choice(('小型轿车', '小型普通客车', '轻型厢式货车')),
        'owner': dice.choice(FAMILY_NAMES) + dice.choice(GIVEN_NAMES), 'address': _person(dice)['address'],
        'use_character': dice.choice(('非营运', '营运', '货运')),
        'model': f'云驰牌YC{_digits(dice, 4)}A{_digits(dice, 1)}',
        'vin': _vin(dice), 'engine_number': f'{dice.choice("ABCDEFGH")}{_digits(dice, 7)}',
        'register_date': registered.isoformat(),
        'issue_date': (registered + dt.timedelta(days=dice.randint(0, 400))).isoformat(),
    }  # fmt: skip
    form = Form(high=250, wide=370, ink=(60, 60, 60))
    form.write(185, 24, '中华人民共和国机动车行驶证', 13, BLACK, 'c')
    rows = (
        (24, 50, '号牌号码', 'plate'), (190, 50, '车辆类型', 'vehicle_type'), (24, 76, '所有人', 'owner'),
        (24, 102, '住址', 'address'), (24, 128, '使用性质', 'use_character'), (160, 128, '品牌型号', 'model'),
        (120, 154, '车辆识别代号', 'vin'), (120, 180, '发动机号码', 'engine_number'),
        (120, 206, '注册日期', 'register_date'), (245, 206, '发证日期', 'issue_date'),
    )  # fmt: skip
    for x, y, label, name in rows:
        form.label(x, y, label)
        form.write(x + 9 * len(label) + 8, y, said[name], 11)
    return Paper(K.VEHICLE_LICENCE, form, said)


def _train_ticket(dice: random.Random) -> Paper:
    start, end = dice.sample(_STATIONS, 2)
    day = _day(dice, 2016, 2024)
    said = {
        'ticket_number': f'{dice.choice("ABCDEFGHJKLM")}{_digits(dice, 6)}', 'from_station': start, 'to_station': end,
        'train_number': f'{dice.choice("GDKTZ")}{dice.randint(10, 9999)}',
        'departure': f'{day} {dice.randint(5, 23):02d}:{dice.randint(0, 59):02d}',
        'total': f'{dice.randint(20, 900)}.{dice.choice("05")}0',
    }  # fmt: skip
    clock = said['departure'][11:]
    form = Form(high=200, wide=330, ink=BLUE)
    form.write(20, 24, said['ticket_number'], 12, RED)
    form.write(28, 52, f'{start}站', 17)
    form.write(165, 50, said['train_number'], 16, BLACK, 'c')
    form.write(222, 52, f'{end}站', 17)
    form.write(20, 84, f'{day:%Y年%m月%d日}{clock}开', 11)
    form.write(220, 84, f'{dice.randint(1, 16):02d}车{dice.randint(1, 20):02d}A号', 11)
    form.write(20, 106, f'¥{said["total"][:-1]}元', 11)
    form.write(220, 106, '二等座', 11)
    form.write(20, 126, '限乘当日当次车', 10)
    form.write(60, 156, '买票请到12306 发货请到95306', 9)
    form.write(20, 184, f'{_digits(dice, 14)}{said["ticket_number"]}', 9)
    form.write(180, 184, f'{start}售', 9)
    return Paper(K.TRAIN_TICKET, form, said)


def _taxi_receipt(dice: random.Random) -> Paper:
    day, hour = _day(dice, 2015, 2024), dice.randint(5, 21)
    said = {
        'invoice_code': f'1320{_digits(dice, 8)}', 'invoice_number': _digits(dice, 8), 'issue_date': day.isoformat(),
        'boarding_time': f'{hour:02d}:{dice.randint(0, 29):02d}',
        'alighting_time': f'{hour:02d}:{dice.randint(30, 59)}',
        'plate': _plate(dice), 'total': f'{dice.randint(10, 180)}.{dice.choice(("00", "50"))}',
    }  # fmt: skip
    form = Form(high=400, wide=190, ink=BLUE)
    form.label(95, 30, '云州市出租汽车专用发票', 12, 'c')
    rows = (
        ('发票代码', said['invoice_code']), ('发票号码', said['invoice_number']), ('车号', said['plate']),
        ('证号', _digits(dice, 6)), ('日期', said['issue_date']), ('上车', said['boarding_time']),
        ('下车', said['alighting_time']), ('单价', '2.50'), ('里程', f'{dice.randint(3, 60)}.{dice.randint(0, 9)}'),
        ('等候', '00:02:10'), ('金额', f'{said["total"]}元'),
    )  # fmt: skip
    for place, (label, value) in enumerate(rows):
        form.label(20, 110 + 24 * place, label, 10)
        form.write(75, 110 + 24 * place, value, 11)
    form.seals.append((95.0, 66.0, 46.0, 28.0, '云州市税务局监制', '发票专用', ''))
    return Paper(K.TAXI_RECEIPT, form, said)


def _receipt(dice: random.Random) -> Paper:
    lines = [(dice.choice(_GOODS), dice.randint(1, 5), Decimal(dice.randint(50, 4000)) / 100) for _ in range(5)]
    goods = sum((many * price for _name, many, price in lines), Decimal(0))
    total = (goods * 20).quantize(Decimal(1)) / 20
    cash = Decimal((int(total) // 50 + 1) * 50)
    day = _day(dice, 2015, 2024)
    said = {'seller_name': dice.choice(_STORES), 'issue_date': day.isoformat(), 'total': f'{total:.2f}'}
    form = Form(high=430, wide=250)
    form.write(125, 30, said['seller_name'], 12, BLACK, 'c')
    form.write(125, 48, f'NO. {dice.randint(2, 90)}, JALAN BUNGA {dice.randint(2, 9)}', 9, BLACK, 'c')
    form.write(125, 62, 'TAX INVOICE', 10, BLACK, 'c')
    form.write(20, 82, f'Date: {day:%d/%m/%Y}  {dice.randint(9, 20)}:{dice.randint(10, 59)}', 9)
    for place, (name, many, price) in enumerate(lines):
        form.write(20, 108 + 18 * place, name, 9)
        form.write(150, 108 + 18 * place, str(many), 9)
        form.write(230, 108 + 18 * place, f'{many * price:.2f}', 9, BLACK, 'r')
    change = cash - total
    sums = (('Sub Total', goods), ('Rounding', total - goods), ('TOTAL', total), ('CASH', cash), ('CHANGE', change))
    for place, (label, amount) in enumerate(sums):
        form.write(20, 216 + 20 * place, label, 10)
        form.write(230, 216 + 20 * place, f'{amount:.2f}', 10, BLACK, 'r')
    form.write(125, 340, 'THANK YOU', 10, BLACK, 'c')
    return Paper(K.RECEIPT, form, said)


def _repair_estimate(dice: random.Random) -> Paper:
    parts = [(name, dice.randint(1, 2), Decimal(dice.randint(80, 3000))) for name in dice.sample(_PARTS, 4)]
    labour = [(name, Decimal(dice.randint(100, 900))) for name in dice.sample(_LABOUR, 3)]
    amounts = [many * price for _name, many, price in parts] + [price for _name, price in labour]
    said = {
        'seller_name': dice.choice(_SHOPS), 'issue_date': _day(dice, 2019, 2025).isoformat(), 'plate': _plate(dice),
        'vin': _vin(dice), 'total': f'{sum(amounts):.2f}',
    }  # fmt: skip
    form = Form(high=480, wide=560, ink=(40, 40, 40))
    form.write(280, 34, '机动车辆维修清单', 15, BLACK, 'c')
    for x, y, label, name in ((40, 64, '维修单位', 'seller_name'), (350, 64, '日期', 'issue_date'),
                              (40, 86, '车牌号码', 'plate'), (220, 86, '车架号', 'vin')):  # fmt: skip
        form.label(x, y, f'{label}：')
        form.write(x + 9 * len(label) + 14, y, said[name], 10)
    y = 120
    for x, head in ((44, '配件名称'), (300, '数量'), (380, '单价'), (480, '金额')):
        form.label(x, y, head)
    for part, many, price in parts:
        y += 22
        for x, value in ((44, part), (304, str(many)), (380, f'{price:.2f}'), (480, f'{many * price:.2f}')):
            form.write(x, y, value, 10)
    y += 26
    form.label(44, y, '维修项目')
    form.label(480, y, '工时费')
    for work, cost in labour:
        y += 22
        form.write(44, y, work, 10)
        form.write(480, y, f'{cost:.2f}', 10)
    form.label(44, y + 30, '总计（元）：')
    form.write(480, y + 30, said['total'], 11)
    return Paper(K.REPAIR_ESTIMATE, form, said, tuple(f'{amount:.2f}' for amount in amounts))


MAKERS: Mapping[K, Callable[[random.Random], Paper]] = {
    K.ID_CARD: _id_card,
    K.BANK_CARD: _bank_card,
    K.DRIVING_LICENCE: _driving_licence,
    K.VEHICLE_LICENCE: _vehicle_licence,
    K.TRAIN_TICKET: _train_ticket,
    K.TAXI_RECEIPT: _taxi_receipt,
    K.RECEIPT: _receipt,
    K.REPAIR_ESTIMATE: _repair_estimate,
}
"""Who makes a paper of which kind."""
