"""Invoices that the tests print themselves: two standard forms as drawing lists, drawn as PDF or as a picture."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from claimdesk.amounts import to_capital
from claimdesk.identifiers import CREDIT_ALPHABET, credit_check_character
from claimdesk.paths import resource

WIDE, HIGH = 610.0, 394.0
CODE_KINDS = {
    'vat_special': '01', 'vat_normal': '04', 'vat_electronic': '10', 'digital_special': '31', 'digital_normal': '32',
}  # fmt: skip
BROWN, BLACK, RED = (150, 70, 20), (15, 15, 15), (225, 30, 30)


def font_file() -> Path:
    """The project's own text font."""
    return resource('fonts', 'NotoSansSC-Regular.ttf')


@dataclass(frozen=True)
class Line:
    """One line of an invoice as it is to be printed."""

    name: str
    specification: str
    unit: str
    quantity: str
    unit_price: str
    amount: Decimal
    rate: str
    tax: Decimal | None


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

    @property
    def amount(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def tax(self) -> Decimal | None:
        taxes = [line.tax for line in self.lines if line.tax is not None]
        return sum(taxes, Decimal(0)) if taxes else None

    @property
    def total(self) -> Decimal:
        return self.amount + (self.tax or Decimal(0))

    @property
    def capital(self) -> str:
        words = to_capital(abs(self.total)).replace('元', self.yuan)
        return f'（负数）{words}' if self.total < 0 else words

    def truth(self) -> dict[str, str]:
        """Field → value as `claimdesk read` names them."""
        fields = {
            'invoice_code': self.code, 'invoice_number': self.number, 'issue_date': self.date,
            'check_code': self.check_code, 'buyer_name': self.buyer, 'buyer_tax_id': self.buyer_id,
            'seller_name': self.seller, 'seller_tax_id': self.seller_id, 'amount': f'{self.amount:.2f}',
            'tax': '***' if self.tax is None else f'{self.tax:.2f}', 'total': f'{self.total:.2f}',
            'total_capital': self.capital,
        }  # fmt: skip
        return {name: value for name, value in fields.items() if value}


@dataclass
class Drawing:
    """Things to draw in points from the upper left corner: texts, lines, pictures, seals."""

    texts: list[tuple[float, float, str, float, tuple[int, int, int], str]] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)
    code: tuple[float, float, float, str] | None = None
    seals: list[tuple[float, float, float, float, str]] = field(default_factory=list)
    high: float = HIGH

    def text(self, x: float, y: float, text: str, size: float = 9, colour: object = BLACK, align: str = 'l') -> None:
        self.texts.append((x, y, text, size, colour, align))  # type: ignore[arg-type]


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


def draw(invoice: Invoice) -> Drawing:
    """The drawing list of the form that belongs to the kind."""
    return _digital(invoice) if invoice.kind.startswith('digital') else _older(invoice)


def _seal_and_code(invoice: Invoice, out: Drawing, seller_seal: tuple[float, float]) -> None:
    out.seals.append((WIDE / 2, 38, 42, 26, '全国统一发票监制章'))
    if not invoice.kind.startswith('digital'):
        out.seals.append((*seller_seal, 46, 30, '发票专用章'))
    if invoice.with_code:
        kind = CODE_KINDS[invoice.kind]
        amount = invoice.total if kind in ('31', '32') else invoice.amount
        day = invoice.date.replace('-', '')
        text = f'01,{kind},{invoice.code},{invoice.number},{amount:.2f},{day},{invoice.check_code},A1B2,'
        out.code = (24, 14, 58, text)


def _older(invoice: Invoice) -> Drawing:
    out = Drawing()
    paper = invoice.kind != 'vat_electronic'
    titles = {'vat_special': '增值税专用发票', 'vat_normal': '增值税普通发票', 'vat_electronic': '增值税电子普通发票'}
    title = '北京' + titles[invoice.kind]
    out.text(WIDE / 2, 40, title, 19, BROWN, 'c')
    _older_head(invoice, out, paper)
    for y in (84, 148, 165, 272, 292, 360):
        out.lines.append((24, y, 590, y))
    for x in (24, 590):
        out.lines.append((x, 84, x, 360))
    out.lines += [(42, 84, 42, 148), (346, 84, 346, 148), (364, 84, 364, 148), (42, 292, 42, 360), (346, 292, 346, 360)]
    for x, text in ((33, '购买方'), (355, '密码区')):
        for index, char in enumerate(text):
            out.text(x, 100 + 18 * index, char, 8.5, BROWN, 'c')
    for x, text in ((33, '销售方'), (355, '备注')):
        for index, char in enumerate(text):
            out.text(x, 308 + 18 * index, char, 8.5, BROWN, 'c')
    dice = random.Random(invoice.number)
    for index in range(4):
        out.text(372, 98 + 14 * index, ''.join(dice.choice('0123456789<>*/+-') for _ in range(27)), 10)
    _older_parties(invoice, out)
    edges = (24, 170, 222, 252, 308, 375, 455, 482, 590)
    for x in edges[1:-1]:
        out.lines.append((x, 148, x, 272))
    heads = ('货物或应税劳务、服务名称', '规格型号', '单位', '数 量', '单 价', '金　额', '税率', '税　额')
    for index, head in enumerate(heads):
        out.text((edges[index] + edges[index + 1]) / 2, 160, head, 8.5, BROWN, 'c')
    _rows(invoice, out, edges, 177, 12.5, 16)
    out.text(92, 268, '合　　　　计', 8.5, BROWN, 'c')
    out.text(453, 268, f'￥{invoice.amount:.2f}', 9.5, BLACK, 'r')
    out.text(588, 268, '***' if invoice.tax is None else f'￥{invoice.tax:.2f}', 9.5, BLACK, 'r')
    out.text(92, 286, '价税合计（大写）', 8.5, BROWN, 'c')
    out.text(184, 286, '⊗' + invoice.capital, 9.5)
    out.text(440, 286, '（小写）', 8.5, BROWN)
    out.text(476, 286, f'￥{invoice.total:.2f}', 9.5)
    out.text(368, 308, invoice.note, 8.5)
    for x, text in ((32, '收款人: 王芳'), (190, '复核: 李娜'), (315, '开票人: 刘洋'), (440, '销售方:（章）')):
        out.text(x, 374, text, 8.5, BROWN)
    _seal_and_code(invoice, out, (520, 345))
    return out


def _older_head(invoice: Invoice, out: Drawing, paper: bool) -> None:
    year, month, day = invoice.date.split('-')
    if paper:
        out.text(120, 36, invoice.code, 14)
        out.text(440, 36, '№', 14, BROWN)
        out.text(458, 36, invoice.number, 15)
        out.text(545, 34, invoice.code, 7)
        out.text(545, 44, invoice.number, 7)
        out.text(455, 62, '开票日期：', 8.5, BROWN)
        out.text(500, 62, f'{year}年{month}月{day}日')
        if invoice.check_code:
            groups = ' '.join(invoice.check_code[i : i + 5] for i in range(0, 20, 5))
            out.text(90, 74, '校验码 ' + groups, 8.5)
    else:
        rows = (('发票代码:', invoice.code), ('发票号码:', invoice.number), ('开票日期:', f'{year}年{month}月{day}日'))
        for index, (label, value) in enumerate(rows):
            out.text(434, 25 + 14.5 * index, label, 8.5, BROWN)
            out.text(475, 25 + 14.5 * index, value)
        groups = ' '.join(invoice.check_code[i : i + 5] for i in range(0, 20, 5))
        out.text(434, 69, '校 验 码:', 8.5, BROWN)
        out.text(475, 69, groups)
        out.text(28, 78, '机器编号:', 8.5, BROWN)
        out.text(72, 78, '661533632869')


def _older_parties(invoice: Invoice, out: Drawing) -> None:
    for top, name, number in ((97, invoice.buyer, invoice.buyer_id), (305, invoice.seller, invoice.seller_id)):
        labels = ('名　　　　称:', '纳税人识别号:', '地 址、 电 话:', '开户行及账号:')
        values = (name, number, '北京市朝阳区某某路12号 010-88886666', '工商银行某某支行 0200001234567890123')
        for index, (label, value) in enumerate(zip(labels, values, strict=True)):
            out.text(48, top + 14.5 * index, label, 8.5, BROWN)
            out.text(108, top + 14.5 * index, value if index < 2 or number else '')


def _rows(
    invoice: Invoice, out: Drawing, edges: tuple[float, ...], top: float, pitch: float, room: int
) -> float:
    y = top
    for line in invoice.lines:
        pieces = [line.name[i : i + room] for i in range(0, len(line.name), room)]
        for index, piece in enumerate(pieces):
            out.text(edges[0] + 2, y + pitch * index, piece, 8.5)
        out.text(edges[1] + 2, y, line.specification, 8.5)
        out.text((edges[2] + edges[3]) / 2, y, line.unit, 8.5, BLACK, 'c')
        out.text(edges[4] - 2, y, line.quantity, 8.5, BLACK, 'r')
        out.text(edges[5] - 2, y, line.unit_price, 8.5, BLACK, 'r')
        out.text(edges[6] - 2, y, f'{line.amount:.2f}', 8.5, BLACK, 'r')
        out.text((edges[6] + edges[7]) / 2, y, line.rate, 8.5, BLACK, 'c')
        out.text(edges[8] - 2, y, '***' if line.tax is None else f'{line.tax:.2f}', 8.5, BLACK, 'r')
        y += pitch * len(pieces)
    return y


def _digital(invoice: Invoice) -> Drawing:
    out = Drawing()
    title = '电子发票（增值税专用发票）' if invoice.kind == 'digital_special' else '电子发票（普通发票）'
    out.text(WIDE / 2, 42, title, 19, BROWN, 'c')
    year, month, day = invoice.date.split('-')
    lines = (('发票号码：', invoice.number), ('开票日期：', f'{year}年{month}月{day}日'))
    for index, (label, value) in enumerate(lines):
        out.text(448, 38 + 18 * index, label, 9, BROWN)
        out.text(494, 38 + 18 * index, value, 9)
    for x, text in ((20, '购买方信息'), (312, '销售方信息')):
        for index, char in enumerate(text):
            out.text(x, 96 + 12 * index, char, 8.5, BROWN, 'c')
    for x, name, number in ((30, invoice.buyer, invoice.buyer_id), (322, invoice.seller, invoice.seller_id)):
        out.text(x, 102, '名称：', 9, BROWN)
        room = 25
        if len(name) > room:
            out.text(x + 28, 96, name[:room], 9)
            out.text(x + 28, 108, name[room:], 9)
        else:
            out.text(x + 28, 102, name, 9)
        out.text(x, 134, '统一社会信用代码/纳税人识别号：', 9, BROWN)
        out.text(x + 144, 134, number, 9)
    edges = (12, 150, 210, 248, 300, 380, 455, 520, 598)
    heads = ('项目名称', '规格型号', '单 位', '数 量', '单 价', '金 额', '税率/征收率', '税 额')
    for index, head in enumerate(heads):
        out.text((edges[index] + edges[index + 1]) / 2, 160, head, 8.5, BROWN, 'c')
    bottom = max(262.0, _rows(invoice, out, edges, 176, 12.5, 15) + 6)
    out.high = bottom + 132
    for y in (84, 148, bottom + 6, bottom + 28, bottom + 82):
        out.lines.append((12, y, 598, y))
    for x in (12, 28, 304, 320, 598):
        out.lines.append((x, 84, x, 148))
    out.text(70, bottom, '合　　　　计', 8.5, BROWN, 'c')
    out.text(453, bottom, f'¥{invoice.amount:.2f}', 9, BLACK, 'r')
    out.text(596, bottom, '***' if invoice.tax is None else f'¥{invoice.tax:.2f}', 9, BLACK, 'r')
    out.text(80, bottom + 20, '价税合计（大写）', 8.5, BROWN, 'c')
    out.text(170, bottom + 20, '⊗ ' + invoice.capital, 9)
    out.text(430, bottom + 20, '（小写）', 8.5, BROWN)
    out.text(466, bottom + 20, f'¥{invoice.total:.2f}', 9)
    for index, char in enumerate('备注'):
        out.text(20, bottom + 46 + 18 * index, char, 8.5, BROWN, 'c')
    out.text(32, bottom + 42, invoice.note, 8.5)
    out.text(60, bottom + 104, '开票人：刘洋', 9, BROWN)
    _seal_and_code(invoice, out, (0, 0))
    return out


def as_pdf(invoice: Invoice) -> bytes:
    """The invoice as a PDF with a text layer."""
    drawing = draw(invoice)
    if 'paper' not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont('paper', str(font_file())))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDE, drawing.high), invariant=True)
    canvas.setLineWidth(0.6)
    canvas.setStrokeColorRGB(0.6, 0.3, 0.1)
    for x0, y0, x1, y1 in drawing.lines:
        canvas.line(x0, drawing.high - y0, x1, drawing.high - y1)
    for x, y, text, size, colour, align in drawing.texts:
        canvas.setFillColorRGB(*(part / 255 for part in colour))
        canvas.setFont('paper', size)
        put = {'l': canvas.drawString, 'c': canvas.drawCentredString, 'r': canvas.drawRightString}[align]
        put(x, drawing.high - y, text.replace('⊗', ''))
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def as_picture(invoice: Invoice, *, dpi: int = 170, font: Path | None = None, index: int = 0) -> Image.Image:
    """The invoice as a clean picture."""
    drawing = draw(invoice)
    scale = dpi / 72
    image = Image.new('RGB', (round(WIDE * scale), round(drawing.high * scale)), (253, 253, 251))
    pen = ImageDraw.Draw(image)
    fonts: dict[float, ImageFont.FreeTypeFont] = {}
    for x0, y0, x1, y1 in drawing.lines:
        pen.line([x0 * scale, y0 * scale, x1 * scale, y1 * scale], BROWN, max(1, round(scale * 0.6)))
    anchors = {'l': 'ls', 'c': 'ms', 'r': 'rs'}
    for x, y, text, size, colour, align in drawing.texts:
        if size not in fonts:
            fonts[size] = ImageFont.truetype(str(font or font_file()), size * scale, index=index)
        pen.text((x * scale, y * scale), text, colour, fonts[size], anchors[align])
    if drawing.code:
        x, y, side, text = drawing.code
        code = segno.make(text, error='m', micro=False)
        buffer = io.BytesIO()
        code.save(buffer, kind='png', scale=8, border=1)
        picture = Image.open(buffer).convert('RGB').resize((round(side * scale), round(side * scale)))
        image.paste(picture, (round(x * scale), round(y * scale)))
    for seal in drawing.seals:
        _stamp(image, scale, *seal)
    return image


def _stamp(image: Image.Image, scale: float, x: float, y: float, a: float, b: float, text: str) -> None:
    layer = Image.new('RGBA', image.size, (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    box = [(x - a) * scale, (y - b) * scale, (x + a) * scale, (y + b) * scale]
    pen.ellipse(box, outline=(*RED, 190), width=max(2, round(scale * 1.6)))
    pen.text((x * scale, y * scale), text, (*RED, 190), ImageFont.truetype(str(font_file()), 8 * scale), 'mm')
    image.paste(layer, (0, 0), layer)


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
        sheet.size, Image.Transform.PERSPECTIVE, _perspective(corners, moved), Image.Resampling.BICUBIC,
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


def _perspective(
    target: list[tuple[float, float]], source: list[tuple[float, float]]
) -> tuple[float, ...]:
    rows, right = [], []
    for (x, y), (u, v) in zip(target, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return tuple(np.linalg.solve(np.array(rows), np.array(right)))
