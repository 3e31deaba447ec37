"""Made-up invoices of every kind with their truth, drawn by the office's own press, and worn by scanner and phone."""

from __future__ import annotations

import datetime as dt
import io
import random
import zipfile
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
from PIL import Image, ImageFilter

from claimdesk.identifiers import CREDIT_ALPHABET, credit_check_character
from claimdesk.papers.form import WIDE
from claimdesk.paths import resource
from claimdesk.services.office_generator import printing
from claimdesk.services.office_generator.paper import InvoicePaper, Side, forms_of
from claimdesk.services.office_generator.paper import PaperLine as Line
from claimdesk.vocabulary import DocumentKind


def font_file() -> Path:
    """The project's own text font."""
    return resource('fonts', 'NotoSansSC-Regular.ttf')


@dataclass
class Invoice:
    """What is printed, and so what must be read."""

    kind: str
    number: str
    code: str
    date: str
    check_code: str
    buyer: str
    buyer_id: str
    seller: str
    seller_id: str
    lines: list[Line]
    note: str = ''
    with_code: bool = True
    yuan: str = '元'
    service: str = ''

    @property
    def total(self) -> Decimal:
        """What is to be paid."""
        return printed(self).total

    def truth(self) -> dict[str, str]:
        """Field → value as `claimdesk read` names them."""
        paper = printed(self)
        fields = {
            'invoice_code': self.code, 'invoice_number': self.number, 'issue_date': self.date,
            'check_code': self.check_code, 'buyer_name': self.buyer, 'buyer_tax_id': self.buyer_id,
            'seller_name': self.seller, 'seller_tax_id': self.seller_id, 'amount': f'{paper.amount:.2f}',
            'tax': '***' if paper.tax is None else f'{paper.tax:.2f}', 'total': f'{paper.total:.2f}',
            'total_capital': paper.capital,
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value}


def credit_code(dice: random.Random) -> str:
    """A tax number with a right check digit that belongs to nobody."""
    first = '91' + ''.join(dice.choice('0123456789') for _ in range(6))
    body = ''.join(dice.choice(CREDIT_ALPHABET[:10] * 3 + CREDIT_ALPHABET[10:]) for _ in range(9))
    return first + body + credit_check_character(first + body)


PLACES = ['北京', '上海市', '广州', '成都', '武汉市', '深圳市', '杭州', '南京', '西安', '重庆', '哈尔滨']
TRADES = ['汽车维修服务', '医药连锁', '商贸', '科技', '物业管理', '建材', '救援服务', '餐饮管理', '医疗器械']


def company(dice: random.Random, *, hard: bool = False) -> str:
    """A company name; `hard` draws from all common characters instead of the usual ones of names."""
    usual = '鑫泰华盛源通达瑞祥和康宁益民宏远博雅晨曦云帆锦程天成广信安邦嘉禾绿野星河海纳百川卓越创新科诚信德润丰'
    if hard:
        pool = [bytes([0xB0 + a, 0xA1 + b]).decode('gb2312') for a in range(39) for b in range(94)]
        usual = ''.join(pool)
    place = dice.choice(PLACES)
    middle = ''.join(dice.choice(usual) for _ in range(dice.randint(2, 4)))
    trade = dice.choice(TRADES)
    form = dice.choice(['有限公司', '有限公司', '有限责任公司', '股份有限公司', '有限公司第一分公司'])
    if dice.random() < 0.2:
        return f'{middle}{trade}（{place.rstrip("市")}）{form}'
    return place + middle + trade + form


GOODS = [
    ('*汽车零部件*前保险杠', '件'), ('*汽车零部件*左前大灯总成', '个'), ('*劳务*钣金喷漆工时费', '工时'),
    ('*运输服务*拖车费', '次'), ('*化学药品制剂*头孢克肟分散片', '盒'), ('*医疗仪器器械*腰椎固定支具', '个'),
    ('*现代服务*技术咨询服务费', '项'), ('*餐饮服务*餐费', ''), ('*住宿服务*住宿费', '天'), ('*金属制品*卷帘门', '樘'),
]  # fmt: skip


def make(seed: int, kind: str = '', *, hard: bool = False) -> Invoice:
    """A believable invoice, the same for the same seed."""
    dice = random.Random(seed)
    kind = kind or dice.choice(['vat_special', 'vat_normal', 'vat_electronic', 'digital_special', 'digital_normal'])
    digital = kind.startswith('digital')
    year = dice.randint(2022, 2025) if digital else dice.randint(2015, 2022)
    date = f'{year}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}'
    free = dice.random() < 0.15 and not kind.endswith('special')
    red = dice.random() < 0.1
    rate = '免税' if free else dice.choice(['3%', '6%', '9%', '13%', '1%'])
    lines = []
    for _ in range(dice.choice([1, 1, 1, 2, 3, 5]) if not digital else dice.choice([1, 1, 2, 3, 6, 8])):
        goods, unit = dice.choice(GOODS)
        if dice.random() < 0.2:
            goods += '（' + ''.join(dice.choice('加厚型进口原厂配件高级定制加强版') for _ in range(8)) + '）'
        count = dice.randint(1, 9)
        amount = Decimal(dice.randint(500, 900_000)) / 100
        amount = -amount if red else amount
        count_text = str(-count if red else count)
        tax = None if free else (amount * Decimal(rate.rstrip('%')) / 100).quantize(Decimal('0.01'))
        price = f'{abs(amount) / count:.8f}'.rstrip('0').rstrip('.')
        lines.append(Line(goods, dice.choice(['', 'A6100', 'XL-20', '无']), unit, count_text, price, amount, rate, tax))
    digits = lambda n: ''.join(dice.choice('0123456789') for _ in range(n))  # noqa: E731
    year_digits = str(year)[2:]
    code = ''
    if kind == 'vat_special':
        code = digits(4) + year_digits + digits(1) + '130'
    elif not digital:
        code = '0' + digits(4) + year_digits + '001' + {'vat_electronic': '11', 'vat_normal': '04'}[kind]
    person = dice.random() < 0.25 and not kind.endswith('special')
    return Invoice(
        kind=kind,
        number=f'{str(year)[2:]}{digits(18)}' if digital else digits(8),
        code=code,
        date=date,
        check_code='' if digital or kind == 'vat_special' else digits(20),
        buyer=dice.choice(['个人', '张伟', '欧阳晓明', '李桂兰']) if person else company(dice, hard=hard),
        buyer_id='' if person else credit_code(dice),
        seller=company(dice, hard=hard),
        seller_id=credit_code(dice),
        lines=lines,
        note=dice.choice(['', '订单号:65047079890', '车牌号:京A12345 出险日期:2024-01-02']),
        with_code=dice.random() < 0.6,
        yuan=dice.choice('元圆'),
    )


def variants(seed: int) -> dict[str, Invoice]:
    """One invoice of each layout that differs from the plain ones, by what is special about it."""
    dice = random.Random(seed)
    digital, older, special = (make(seed, kind) for kind in ('digital_normal', 'vat_electronic', 'digital_special'))
    count = Decimal(dice.randint(2, 9))
    price = Decimal(dice.randint(1_000, 90_000)) / 100

    def line(name: str, amount: Decimal, rate: str, tax: Decimal | None = None, **cells: str) -> Line:
        if tax is None and rate.endswith('%'):
            tax = (amount * Decimal(rate.rstrip('%')) / 100).quantize(Decimal('0.01'))
        blank = {'specification': '', 'unit': '', 'quantity': '', 'unit_price': ''}
        return Line(name=name, amount=amount, rate=rate, tax=tax, **(blank | cells))

    part = line('*汽车零部件*前保险杠', count * price, '13%', unit='件', quantity=f'{count}', unit_price=f'{price}')
    toll_days = {'specification': '苏E8K318', 'unit': '客车', 'quantity': '20240104', 'unit_price': '20240105'}
    bank = '购方开户银行:中国工商银行苏州分行; 银行账号:1102020409000123456; 销方开户银行:招商银行;'
    many = [line(f'*汽车零部件*配件{number:02d}', price + number, '13%', unit='件', quantity='1',
                 unit_price=f'{price + number}') for number in range(dice.randint(9, 16))]  # fmt: skip
    name = '内蒙古自治区呼和浩特市赛罕区鑫泰华盛汽车维修服务有限责任公司第一分公司'
    red = replace(part, amount=-part.amount, tax=-(part.tax or Decimal(0)), quantity=f'-{count}')
    return {
        'bank in the note': replace(digital, note=bank, lines=[part]),
        'many lines': replace(special, lines=many),
        'toll': replace(older, service='通行费', lines=[line('*经营租赁*通行费', price, '3%', **toll_days)]),
        'discount': replace(special, lines=[part, line('*汽车零部件*前保险杠', -price, '13%')]),
        'not taxed': replace(digital, lines=[line('*预付卡销售*充值', price, '不征税')]),
        'free of tax': replace(digital, service='医疗服务', lines=[line('*医疗服务*检查费', price, '免税')]),
        'red': replace(older, lines=[red]),
        'several rates': replace(special, lines=[part, line('*劳务*钣金喷漆', 3 * price, '6%')]),
        'long names': replace(digital, buyer=name, buyer_id=credit_code(dice)),
    }


def printed(invoice: Invoice) -> InvoicePaper:
    """The invoice as the office's own press prints it."""
    address, bank = '北京市朝阳区某某路12号 010-88886666', '工商银行某某支行 0200001234567890123'
    buyer = Side(invoice.buyer, invoice.buyer_id, *((address, bank) if invoice.buyer_id else ()))
    return InvoicePaper(
        kind=DocumentKind(invoice.kind), province='北京市', number=invoice.number, code=invoice.code,
        issued_on=dt.date.fromisoformat(invoice.date), check_code=invoice.check_code, buyer=buyer,
        seller=Side(invoice.seller, invoice.seller_id, address, bank), lines=tuple(invoice.lines), note=invoice.note,
        clerk='刘洋', service=invoice.service, yuan=invoice.yuan, with_code=invoice.with_code,
    )  # fmt: skip


def as_pdf(invoice: Invoice) -> bytes:
    """The invoice as a PDF with a text layer."""
    return printing.as_pdf(printed(invoice))


def as_ofd(
    invoice: Invoice, *, tags: dict[str, str] | None = None, attached: str = '', enclosed: dict[str, str] | None = None,
    writing: str = 'runs',
) -> bytes:
    """The invoice as an OFD file: its texts, custom data under Chinese names, an attached invoice, and other parts.

    `writing`: runs of text, an object for each of the `characters`, or runs `without steps` from one to the next.
    """
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    custom = ''.join(f'<ofd:CustomData Name="{name}">{value}</ofd:CustomData>' for name, value in (tags or {}).items())
    forms = forms_of(printed(invoice))
    parts = {
        'OFD.xml': f'<ofd:OFD {space}><ofd:DocBody><ofd:DocInfo><ofd:CustomDatas>{custom}</ofd:CustomDatas>'
        '</ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>',
        'Doc_0/Document.xml': f'<ofd:Document {space}><ofd:Pages>'
        + ''.join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(forms)))
        + '</ofd:Pages></ofd:Document>',
    }
    for number, form in enumerate(forms):
        texts = ''.join(_ofd_text(place, *text, writing) for place, text in enumerate(form.texts, 1000 * (number + 1)))
        parts[f'Doc_0/Pages/Page_{number}/Content.xml'] = (
            f'<ofd:Page {space}><ofd:Area><ofd:PhysicalBox>0 0 {WIDE} {form.high}</ofd:PhysicalBox></ofd:Area>'
            f'<ofd:Content><ofd:Layer>{texts}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    if attached:
        parts['Doc_0/Attachs/original_invoice.xml'] = attached
    return zipped(parts | (enclosed or {}))


def _ofd_text(
    place: int, x: float, y: float, words: str, size: float, _colour: object, align: str, writing: str
) -> str:
    steps = [size * (1.0 if ord(char) > 0x2E7F else 0.5) for char in words]
    x -= sum(steps) * {'l': 0.0, 'c': 0.5, 'r': 1.0}[align]
    if writing == 'characters':
        starts = [x + sum(steps[:index]) for index in range(len(words))]
        return ''.join(
            _ofd_text(place, start, y, char, size, _colour, 'l', '') for char, start in zip(words, starts, strict=True)
        )
    delta = '' if writing == 'without steps' else f' DeltaX="{" ".join(f"{step:.2f}" for step in steps[:-1])}"'
    return (
        f'<ofd:TextObject ID="{place}" Boundary="{x:.2f} {y - size:.2f} {sum(steps):.2f} {size:.2f}" Size="{size}">'
        f'<ofd:TextCode X="0" Y="{size}"{delta}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
    )


def zipped(parts: dict[str, str]) -> bytes:
    """A zip file with those parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return out.getvalue()


def as_picture(invoice: Invoice, *, dpi: int = 170, font: Path | None = None, index: int = 0) -> Image.Image:
    """The first page of the invoice as a clean picture."""
    return printing.as_picture(printed(invoice), dpi, str(font or ''), index)


def worn(image: Image.Image, seed: int, *, strength: float = 1.0, turn: int = 0) -> bytes:
    """The picture as an office scanner or a phone would give it: slanted, soft, noisy, JPEG."""
    dice = random.Random(seed)
    border = round(image.width * 0.04)
    sheet = Image.new('RGB', (image.width + 2 * border, image.height + 2 * border), (236, 236, 234))
    sheet.paste(image, (border, border))
    wide, high = sheet.size
    shift = 0.018 * strength
    corners = [(0, 0), (0, high), (wide, high), (wide, 0)]
    moved = [(x + dice.uniform(-shift, shift) * wide, y + dice.uniform(-shift, shift) * high) for x, y in corners]
    sheet = sheet.transform(
        sheet.size, Image.Transform.PERSPECTIVE, perspective(corners, moved), Image.Resampling.BICUBIC,
        fillcolor=(230, 230, 228),
    )  # fmt: skip
    sheet = sheet.rotate(dice.uniform(-1.6, 1.6) * strength, Image.Resampling.BICUBIC, fillcolor=(230, 230, 228))
    sheet = sheet.filter(ImageFilter.GaussianBlur(dice.uniform(0.4, 0.9) * strength))
    values = np.asarray(sheet).astype(np.float32)
    noise = np.random.default_rng(seed)
    values += noise.normal(0, 6 * strength, values.shape)
    values *= np.linspace(1.0, dice.uniform(0.82, 1.0), wide)[None, :, None]
    sheet = Image.fromarray(values.clip(0, 255).astype(np.uint8))
    if turn:
        sheet = sheet.rotate(turn, expand=True)
    out = io.BytesIO()
    sheet.save(out, 'JPEG', quality=dice.randint(42, 75))
    return out.getvalue()


def perspective(
    target: list[tuple[float, float]], source: list[tuple[float, float]]
) -> tuple[float, ...]:
    """The eight numbers by which Pillow finds, for a point near `target`, its like near `source`."""
    rows, right = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return tuple(np.linalg.solve(np.array(rows), np.array(right)))
