"""Train tickets of paper, blue and red, and as electronic invoice; receipts that the meters of taxis print."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping

from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.made import BLUE, RED, Paper, day, digits, person, plate
from claimdesk.vocabulary import DocumentKind as K

_STATIONS = {
    '南溪': 'Nanxi', '北岭': 'Beiling', '东湖南': 'Donghunan', '西塘': 'Xitang', '青山北': 'Qingshanbei',
    '白沙': 'Baisha', '长桥': 'Changqiao', '江口西': 'Jiangkouxi', '云林虹桥': 'Yunlinhongqiao', '平川': 'Pingchuan',
}  # fmt: skip
"""None of them is a station of the railway."""


def train_ticket(dice: random.Random) -> Paper:
    """A ticket in one of its forms."""
    start, end = dice.sample(list(_STATIONS), 2)
    travelled = day(dice, 2016, 2024)
    clock = f'{dice.randint(5, 23):02d}:{dice.randint(0, 59):02d}'
    said = {
        'ticket_number': dice.choice('ABCDEFGHJKLMRUYZ') + digits(dice, 6), 'from_station': start, 'to_station': end,
        'train_number': f'{dice.choice(("G", "D", "K", "T", "Z", "C"))}{dice.randint(10, 9999)}',
        'departure': f'{travelled} {clock}', 'total': f'{dice.randint(20, 900)}.{dice.choice("05")}0',
    }  # fmt: skip
    draw = dice.choice((_blue, _red, _electronic, _electronic, _refund))
    return Paper(K.TRAIN_TICKET, *draw(dice, said, travelled, clock))


_Drawn = tuple[Form, Mapping[str, str]]


def _journey(form: Form, said: Mapping[str, str], y: float) -> None:
    for x, name in ((28, said['from_station']), (222, said['to_station'])):
        form.write(x, y, name, 17)
        form.write(x + 17 * len(name) + 4, y, '站', 12)
        form.write(x + 6, y + 12, _STATIONS[name], 9)
    form.write(165, y - 2, said['train_number'], 16, BLACK, 'c')


def _blue(dice: random.Random, said: dict[str, str], travelled: dt.date, clock: str) -> _Drawn:
    """The magnetic ticket: number and gate at the head, its code at the foot."""
    form = Form(high=206, wide=330, ink=BLUE)
    form.write(20, 24, said['ticket_number'], 13, RED)
    form.write(300, 24, dice.choice(('检票:4检票口', '检票口12A', '候车:二楼候车室')), 10, BLACK, 'r')
    _journey(form, said, 50)
    _when(form, dice, travelled, clock, 82)
    form.write(20, 102, f'￥{said["total"][:-1]}元', 11)
    form.write(150, 102, dice.choice(('网', '网折', '学', '网学惠', '')), 10)
    form.write(220, 102, dice.choice(('二等座', '新空调硬座', '一等座', '硬卧代硬座')), 11)
    form.write(20, 120, dice.choice(('限乘当日当次车', '仅供报销使用', '始发改签')), 10)
    form.write(20, 138, f'3205991990****{digits(dice, 4)}{person(dice)["name"]}', 10)
    form.write(60, 158, '买票请到12306 发货请到95306', 9)
    form.write(60, 170, dice.choice(('中国铁路祝您旅途愉快', '报销凭证 遗失不补', '退票改签时须交回车站')), 9)
    form.write(20, 192, f'{digits(dice, 14)}{said["ticket_number"]}', 9)
    form.write(200, 192, f'{said["from_station"]}售', 9)
    return form, said


def _when(form: Form, dice: random.Random, travelled: dt.date, clock: str, y: float) -> None:
    x = 20.0
    for words, sign in ((f'{travelled.year}', '年'), (f'{travelled:%m}', '月'), (f'{travelled:%d}', '日')):
        form.write(x, y, words, 11)
        x += 6.3 * len(words) + 1
        form.write(x, y, sign, 8)
        x += 10
    form.write(x + 2, y, clock, 11)
    form.write(x + 34, y, '开', 8)
    form.write(220, y, f'{dice.randint(1, 16):02d}车{dice.randint(1, 20):02d}{dice.choice("ABCDF")}号', 11)


def _red(dice: random.Random, said: dict[str, str], travelled: dt.date, clock: str) -> _Drawn:
    """The ticket on soft paper: number above, stations joined by the train."""
    form = Form(high=220, wide=330, ink=RED)
    form.write(24, 28, said['ticket_number'], 14, RED)
    form.write(250, 28, f'{said["from_station"]}售', 10)
    form.write(30, 58, f'{said["from_station"]}站', 18)
    form.write(160, 56, f'{said["train_number"]}次', 12, BLACK, 'c')
    form.write(214, 58, f'{said["to_station"]}站', 18)
    form.write(24, 92, f'{travelled.year}年{travelled:%m}月{travelled:%d}日 {clock}开', 12)
    form.write(220, 92, f'{dice.randint(1, 16):02d}车{dice.randint(1, 99):03d}号', 12)
    form.write(24, 116, f'{said["total"]}元', 12)
    form.write(220, 116, '新空调硬座', 11)
    form.write(24, 140, dice.choice(('限乘当日当次车', '在3日内到有效', '中途下车失效')), 11)
    form.write(24, 200, f'{digits(dice, 14)}{said["ticket_number"]}', 10)
    return form, said


def _electronic(dice: random.Random, said: dict[str, str], travelled: dt.date, clock: str) -> _Drawn:
    """The electronic invoice: number and day of issue, the passenger, the number of the electronic ticket."""
    said |= {'ticket_number': f'{digits(dice, 21)}{travelled.year}'}
    form = _invoice_head(dice, travelled)
    _invoice_journey(form, dice, said, travelled, clock)
    form.write(60, 168, '票价：', 11)
    form.write(94, 168, f'￥{said["total"]}', 11)
    return form, said


def _refund(dice: random.Random, said: dict[str, str], travelled: dt.date, clock: str) -> _Drawn:
    """The electronic invoice for a fee: for giving the ticket back, or for another train."""
    said['ticket_number'] = f'{digits(dice, 21)}{travelled.year}'
    said['total'] = f'{dice.randint(5, 60)}.{dice.choice("05")}0'
    form = _invoice_head(dice, travelled)
    _invoice_journey(form, dice, said, travelled, clock)
    form.write(60, 168, dice.choice(('退票费：', '改签费：')), 11)
    form.write(106, 168, f'￥{said["total"]}', 11)
    return form, said


def _invoice_head(dice: random.Random, travelled: dt.date) -> Form:
    form = Form(high=250, wide=470, ink=BLUE)
    form.write(235, 34, '电子发票（铁路电子客票）', 16, BLACK, 'c')
    form.seals.append((235.0, 34.0, 46.0, 26.0, '全国统一发票监制章', '国家税务总局', ''))
    form.write(60, 66, '发票号码：', 10)
    form.write(110, 66, f'{travelled:%y}{digits(dice, 18)}', 10)
    form.write(310, 66, '开票日期：', 10)
    issued = travelled + dt.timedelta(days=dice.randint(1, 60))
    form.write(360, 66, f'{issued:%Y年%m月%d日}', 10)
    return form


def _invoice_journey(
    form: Form, dice: random.Random, said: Mapping[str, str], travelled: dt.date, clock: str
) -> None:
    for x, name in ((80, said['from_station']), (300, said['to_station'])):
        form.write(x, 100, f'{name}站', 16)
        form.write(x + 4, 114, _STATIONS[name], 9)
    form.write(235, 98, said['train_number'], 14, BLACK, 'c')
    form.rule((200, 102, 270, 102))
    form.write(60, 142, f'{travelled:%Y年%m月%d日}', 11)
    form.write(150, 142, f'{clock}开', 11)
    form.write(230, 142, f'{dice.randint(1, 16):02d}车{dice.randint(1, 20):02d}{dice.choice("ABCDF")}号', 11)
    form.write(330, 142, '二等座', 11)
    form.write(60, 192, f'3205991990****{digits(dice, 4)}', 10)
    form.write(170, 192, person(dice)['name'], 10)
    form.write(60, 212, '电子客票号：', 10)
    form.write(120, 212, said['ticket_number'], 10)
    form.write(60, 234, '购买方名称：云州市顺达贸易有限公司', 9)
    form.write(270, 234, '统一社会信用代码：913205990000000000', 9)


def taxi_receipt(dice: random.Random) -> Paper:
    """What the meter prints, in the order of one city or another."""
    ridden, hour = day(dice, 2015, 2024), dice.randint(5, 21)
    said = {
        'invoice_code': f'1{dice.choice(("11", "31", "44"))}0{digits(dice, 8)}', 'invoice_number': digits(dice, 8),
        'issue_date': ridden.isoformat(), 'boarding_time': f'{hour:02d}:{dice.randint(0, 29):02d}',
        'alighting_time': f'{hour:02d}:{dice.randint(30, 59)}', 'plate': plate(dice),
        'total': f'{dice.randint(10, 180)}.{dice.choice(("00", "50"))}',
    }  # fmt: skip
    form = Form(high=420, wide=190, ink=BLUE)
    title = dice.choice(('云州市出租汽车专用发票', '海东省国家税务局通用机打发票 出租', '云州市出租汽车统一车票'))
    form.label(95, 30, title, 10, 'c')
    form.seals.append((95.0, 66.0, 46.0, 28.0, '云州市税务局监制', '发票专用', ''))
    rows = dice.choice((_plain_rows, _span_rows, _surcharge_rows))(dice, said)
    for place, (label, value) in enumerate(rows):
        form.label(20, 104 + 22 * place, label, 10)
        form.write(24 + 10 * len(label), 104 + 22 * place, value, 11)
    return Paper(K.TAXI_RECEIPT, form, said)


_Rows = tuple[tuple[str, str], ...]


def _plain_rows(dice: random.Random, said: dict[str, str]) -> _Rows:
    return (
        ('发票代码', said['invoice_code']), ('发票号码', said['invoice_number']), ('车号', said['plate']),
        ('证号', digits(dice, 6)), ('日期', said['issue_date']), ('上车', said['boarding_time']),
        ('下车', said['alighting_time']), ('单价', '2.50'), ('里程', f'{dice.randint(3, 60)}.{dice.randint(0, 9)}'),
        ('等候', '00:02:10'), ('金额', f'{said["total"]}元'),
    )  # fmt: skip


def _span_rows(dice: random.Random, said: dict[str, str]) -> _Rows:
    """Both times beside one label, the day without its century, the plate without its province."""
    said['plate'] = said['plate'][1:]
    return (
        ('代码', said['invoice_code']), ('号码', said['invoice_number']), ('电话', f'0512{digits(dice, 8)}'),
        ('车号', said['plate']), ('日期', said['issue_date'][2:]),
        ('时间', f'{said["boarding_time"]}-{said["alighting_time"]}'), ('单价', '2.30元/km'),
        ('里程', f'{dice.randint(3, 60)}.{dice.randint(0, 9)}km'), ('等候', '00:00:00'), ('金额', f'￥{said["total"]}'),
        ('卡号', ''), ('原额', ''), ('余额', ''),
    )  # fmt: skip


def _surcharge_rows(dice: random.Random, said: dict[str, str]) -> _Rows:
    """The fare, what is added to it, and what was paid."""
    fare = f'{float(said["total"]) - 1:.2f}'
    return (
        ('发票代码', said['invoice_code']), ('发票号码', said['invoice_number']), ('车牌号', said['plate']),
        ('乘车日期', said['issue_date'].replace('-', '年', 1).replace('-', '月') + '日'),
        ('上车时间', said['boarding_time']), ('下车时间', said['alighting_time']), ('单价', '2.60'),
        ('里程', f'{dice.randint(3, 60)}.{dice.randint(0, 9)}'), ('金额', f'{fare}元'), ('燃油附加费', '1.00元'),
        ('预约叫车服务费', '0.00元'), ('实收金额', f'{said["total"]}元'),
    )  # fmt: skip


MAKERS: Mapping[K, Callable[[random.Random], Paper]] = {K.TRAIN_TICKET: train_ticket, K.TAXI_RECEIPT: taxi_receipt}
"""Who makes a paper of which kind."""
