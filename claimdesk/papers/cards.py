"""Identity cards, bank cards, licences to drive and of vehicles: old and new, front and back."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Mapping

from claimdesk.identifiers import luhn_check_digit
from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.made import BLUE, RED, Paper, day, digits, person, plate, vin
from claimdesk.papers.medical_goods import FAMILY_NAMES, GIVEN_NAMES
from claimdesk.vocabulary import DocumentKind as K

NO_BANK = '629999'
"""The first digits of the card numbers: no bank was given them."""
GREY = (60, 60, 60)
_LONG_NAMES = ('买买提·艾力', '古丽娜尔·吐尔逊', '那木海·巴特尔')
_FAR = '江北省青川市西山自治县望城街道桃花坞社区第七居民小组阳光花园二期'


def id_card(dice: random.Random) -> Paper:
    """The front, the back or both on a sheet."""
    said = person(dice) | {'ethnicity': dice.choice(('汉', '回', '满', '土家'))}
    if dice.random() < 0.3:
        said |= {'name': dice.choice(_LONG_NAMES), 'ethnicity': dice.choice(('维吾尔', '蒙古', '哈萨克'))}
    if dice.random() < 0.4:
        said['address'] = f'{_FAR}{dice.randint(2, 30)}幢{dice.randint(1, 4)}单元{dice.randint(101, 902)}室'
    sides = dice.choice(('front', 'front', 'back', 'both'))
    form = Form(high=450 if sides == 'both' else 216, wide=342, ink=BLUE)
    truth: dict[str, str] = {}
    if sides != 'back':
        _front(form, said)
        truth |= said
    if sides != 'front':
        truth |= _back(form, dice, 230 if sides == 'both' else 0)
    return Paper(K.ID_CARD, form, truth)


def _front(form: Form, said: Mapping[str, str]) -> None:
    born = dt.date.fromisoformat(said['birth_date'])
    parts = [said['address'][start : start + 13] for start in range(0, len(said['address']), 13)]
    for y, label, value in (
        (32, '姓名', said['name']), (56, '性别', said['sex']),
        (80, '出生', f'{born.year} 年 {born.month} 月 {born.day} 日'),
        *((104 + 17 * place, '' if place else '住址', part) for place, part in enumerate(parts)),
        (190, '公民身份号码', said['id_number']),
    ):  # fmt: skip
        form.label(24, y, label)
        form.write(110 if label == '公民身份号码' else 58, y, value, 12 if label == '公民身份号码' else 11)
    form.label(104, 56, '民族')
    form.write(134, 56, said['ethnicity'], 11)


def _back(form: Form, dice: random.Random, top: float) -> dict[str, str]:
    first = day(dice, 2006, 2022)
    until = dice.choice(('长期', first.replace(year=first.year + 20, day=min(first.day, 28)).isoformat()))
    said = {'authority': '青川市公安局城东分局', 'valid_from': first.isoformat(), 'valid_until': until}
    form.write(210, top + 50, '中华人民共和国', 16, BLACK, 'c')
    form.write(210, top + 84, '居民身份证', 20, BLACK, 'c')
    for y, label, value in (
        (170, '签发机关', said['authority']),
        (194, '有效期限', f'{first:%Y.%m.%d}-{until.replace("-", ".")}'),
    ):
        form.label(84, top + y, label, 10)
        form.write(140, top + y, value, 11)
    return said


def bank_card(dice: random.Random) -> Paper:
    """A card of a bank, its number in groups of four."""
    long = dice.choice((16, 19, 19))
    first = NO_BANK + digits(dice, long - 7)
    number = first + luhn_check_digit(first)
    said = {
        'card_number': number,
        'bank_name': dice.choice(('中国工商银行', '中国建设银行', '招商银行', '交通银行', '云州农村商业银行')),
        'valid_until': f'{dice.randint(1, 12):02d}/{dice.randint(27, 36)}',
    }
    form = Form(high=216, wide=342)
    form.write(24, 40, said['bank_name'], 16)
    form.write(24, 54, dice.choice(('', 'DEBIT CARD', 'CREDIT CARD')), 8)
    form.write(250, 40, dice.choice(('UnionPay', '银联')), 12)
    form.write(24, 118, ' '.join(number[start : start + 4] for start in range(0, long, 4)), 19)
    form.write(130, 150, dice.choice(('VALID THRU', 'MONTH/YEAR', '有效期至')), 7)
    form.write(190, 150, said['valid_until'], 12)
    form.write(24, 190, dice.choice(('', '持卡人须本人签名有效', 'ATM 95588')), 8)
    return Paper(K.BANK_CARD, form, said)


def driving_licence(dice: random.Random) -> Paper:
    """A licence to drive: with a period, with a number of years, or as the telephone shows it."""
    first = day(dice, 2008, 2022)
    first = first.replace(day=min(first.day, 28))
    start = first.replace(year=first.year + dice.choice((0, 0, 6)))
    years = dice.choice((6, 10))
    until = dice.choice((start.replace(year=start.year + years).isoformat(), '长期'))
    said = person(dice) | {
        'nationality': '中国', 'first_issue_date': first.isoformat(),
        'licence_class': dice.choice(('C1', 'C2', 'B2', 'A2', 'A1A2', 'C1E')),
        'valid_from': start.isoformat(), 'valid_until': until,
    }  # fmt: skip
    style = dice.choice(('period', 'years', 'telephone', 'both pages'))
    form = Form(high=480 if style == 'both pages' else 262, wide=370, ink=GREY)
    if style == 'telephone':
        return Paper(K.DRIVING_LICENCE, form, _on_telephone(form, said))
    form.write(185, 24, '中华人民共和国机动车驾驶证', 13, BLACK, 'c')
    form.label(185, 34, "Driving License of the People's Republic of China", 6, 'c')
    form.label(24, 48, '证号')
    form.write(110, 48, said['id_number'], 12)
    for x, label, name, english in (
        (24, '姓名', 'name', 'Name'), (150, '性别', 'sex', 'Sex'), (240, '国籍', 'nationality', 'Nationality'),
    ):  # fmt: skip
        form.label(x, 74, label)
        form.label(x, 82, english, 6)
        form.write(x + 32, 76, said[name], 11)
    form.label(24, 102, '住址')
    form.label(24, 110, 'Address', 6)
    form.write(56, 104, said['address'], 11)
    for y, label, name, english in (
        (134, '出生日期', 'birth_date', 'Date of Birth'),
        (158, '初次领证日期', 'first_issue_date', 'Date of First Issue'), (182, '准驾车型', 'licence_class', 'Class'),
    ):  # fmt: skip
        form.label(110, y, label)
        form.label(110, y + 8, english, 6)
        form.write(190, y + 1, said[name], 11)
    if style == 'years':
        said['valid_until'] = start.replace(year=start.year + years).isoformat()
        for x, label, value, english in (
            (24, '有效起始日期', said['valid_from'], 'Valid From'), (200, '有效期限', f'{years}年', 'Valid For'),
        ):  # fmt: skip
            form.label(x, 218, label)
            form.label(x, 226, english, 6)
            form.write(x + 12 + 9 * len(label), 218, value, 11)
    else:
        form.label(24, 218, '有效期限')
        form.label(24, 226, 'Valid Period', 6)
        form.write(90, 218, f'{said["valid_from"]}至{said["valid_until"]}', 11)
    form.seals.append((62.0, 160.0, 30.0, 30.0, '江北省青川市公安局', '交通警察支队', ''))
    if style == 'both pages':
        _second_page(form, dice, said)
    return Paper(K.DRIVING_LICENCE, form, said)


def _second_page(form: Form, dice: random.Random, said: Mapping[str, str]) -> None:
    form.write(185, 284, '中华人民共和国机动车驾驶证副页', 12, BLACK, 'c')
    for y, label, value in (
        (312, '证号', said['id_number']), (338, '姓名', said['name']), (364, '档案编号', f'3205{digits(dice, 8)}'),
        (390, '记录', '请于每个记分周期结束后三十日内接受审验'),
    ):  # fmt: skip
        form.label(24, y, label)
        form.write(90, y, value, 11)


def _on_telephone(form: Form, said: dict[str, str]) -> dict[str, str]:
    """The electronic licence: fewer fields, one to a row."""
    form.write(185, 24, '中华人民共和国机动车驾驶证', 13, BLACK, 'c')
    form.write(185, 42, '电子版', 9, BLACK, 'c')
    rows = (
        ('姓名', said['name']), ('性别', said['sex']), ('证号', said['id_number']), ('准驾车型', said['licence_class']),
        ('初次领证日期', said['first_issue_date']), ('有效期限', f'{said["valid_from"]} 至 {said["valid_until"]}'),
        ('状态', '正常'), ('累积记分', '0分'), ('生成时间', '2024-05-06 10:22:31'),
    )  # fmt: skip
    for place, (label, value) in enumerate(rows):
        form.label(24, 66 + 21 * place, label)
        form.write(150, 66 + 21 * place, value, 11)
    return {name: value for name, value in said.items() if name not in ('nationality', 'address', 'birth_date')}


def vehicle_licence(dice: random.Random) -> Paper:
    """The main page, alone or above its second page."""
    registered = day(dice, 2012, 2024)
    said = {
        'plate': dice.choice((plate(dice), f'苏A{dice.choice("DF")}{digits(dice, 5)}')),
        'vehicle_type': dice.choice(('小型轿车', '小型普通客车', '轻型厢式货车', '重型半挂牵引车')),
        'owner': dice.choice((dice.choice(FAMILY_NAMES) + dice.choice(GIVEN_NAMES), '青川市诚信运输有限公司')),
        'address': person(dice)['address'], 'use_character': dice.choice(('非营运', '营运', '货运', '预约出租客运')),
        'model': dice.choice((f'云驰牌YC{digits(dice, 4)}A{digits(dice, 1)}', f'远山汽车牌YS{digits(dice, 4)}LSD')),
        'vin': vin(dice), 'engine_number': f'{dice.choice("ABCDEFGH")}{digits(dice, 7)}',
        'register_date': registered.isoformat(),
        'issue_date': (registered + dt.timedelta(days=dice.randint(0, 400))).isoformat(),
    }  # fmt: skip
    both = dice.random() < 0.4
    form = Form(high=480 if both else 250, wide=370, ink=GREY)
    form.write(185, 22, '中华人民共和国机动车行驶证', 13, BLACK, 'c')
    form.label(185, 32, "Vehicle License of the People's Republic of China", 6, 'c')
    rows = (
        (24, 50, '号牌号码', 'plate', 'Plate No.'), (190, 50, '车辆类型', 'vehicle_type', 'Vehicle Type'),
        (24, 76, '所有人', 'owner', 'Owner'), (24, 102, '住址', 'address', 'Address'),
        (24, 128, '使用性质', 'use_character', 'Use Character'), (160, 128, '品牌型号', 'model', 'Model'),
        (120, 154, '车辆识别代号', 'vin', 'VIN'), (120, 180, '发动机号码', 'engine_number', 'Engine No.'),
        (120, 206, '注册日期', 'register_date', 'Register Date'), (245, 206, '发证日期', 'issue_date', 'Issue Date'),
    )  # fmt: skip
    for x, y, label, name, english in rows:
        form.label(x, y, label)
        form.label(x, y + 8, english, 6)
        form.write(x + 9 * len(label) + 8, y + 1, said[name], 11)
    form.write(24, 160, '江北省青川', 10, RED)
    form.write(24, 176, '市公安局交', 10, RED)
    form.write(24, 192, '通警察支队', 10, RED)
    if both:
        _vehicle_back(form, dice, said)
    return Paper(K.VEHICLE_LICENCE, form, said)


def _vehicle_back(form: Form, dice: random.Random, said: Mapping[str, str]) -> None:
    rows = (
        (24, 276, '号牌号码', said['plate']), (200, 276, '档案编号', f'3205{digits(dice, 8)}'),
        (24, 300, '核定载人数', '5人'), (200, 300, '总质量', '1875kg'), (24, 324, '整备质量', '1450kg'),
        (200, 324, '核定载质量', '--'), (24, 348, '外廓尺寸', '4670×1806×1474mm'),
        (24, 372, '备注', '强制报废期止:2034-05-06'),
        (24, 396, '检验记录', '检验有效期至2026年05月苏A'),
    )  # fmt: skip
    for x, y, label, value in rows:
        form.label(x, y, label)
        form.write(x + 9 * len(label) + 8, y, value, 10)


MAKERS: Mapping[K, Callable[[random.Random], Paper]] = {
    K.ID_CARD: id_card,
    K.BANK_CARD: bank_card,
    K.DRIVING_LICENCE: driving_licence,
    K.VEHICLE_LICENCE: vehicle_licence,
}
"""Who makes a paper of which kind."""
