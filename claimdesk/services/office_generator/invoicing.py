"""Invoices of garages, hospitals and suppliers for the losses of a case, as they are printed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from claimdesk.services.office_generator.dice import Dice
from claimdesk.services.office_generator.identities import card_number, credit_code, person_name
from claimdesk.services.office_generator.paper import InvoicePaper, PaperLine, Side
from claimdesk.services.office_generator.printing import as_pdf
from claimdesk.services.office_generator.stock import stock
from claimdesk.vocabulary import DocumentKind

FEN = Decimal('0.01')
PROVINCES = {'苏': ('江苏省', '32'), '浙': ('浙江省', '33')}
DEMO_SEED = 61_803


def seller_side(name: str, city: str, road: str) -> Side:
    """The seller as printed; the same name has the same numbers on every invoice."""
    dice = Dice(name)
    bank = dice.among(stock().places['banks']).format(city=city, district='')
    address = f'{city}{road} {dice.randint(1, 600)} 号 0512-6000{dice.digits(4)}'
    return Side(name, credit_code(dice), address, f'{bank} {card_number(dice)}')


def invoice_paper(
    kind: DocumentKind,
    region: str,
    issued_on: dt.date,
    buyer: Side,
    seller: Side,
    lost: Sequence[tuple[str, Decimal]],
    note: str,
    dice: Dice,
) -> InvoicePaper:
    """An invoice for `lost`: what was done and what it costs with tax, in yuan. `region` is 苏E and the like."""
    province, digits = PROVINCES[region[:1]]
    digital = kind in (DocumentKind.DIGITAL_SPECIAL, DocumentKind.DIGITAL_NORMAL)
    year = f'{issued_on:%y}'
    number = f'{year}{digits}20000000{dice.digits(8)}' if digital else dice.digits(8)
    code = {
        DocumentKind.VAT_SPECIAL: f'{digits}00{year}{dice.digits(1)}130',
        DocumentKind.VAT_NORMAL: f'0{digits}00{year}00104',
        DocumentKind.VAT_ELECTRONIC: f'0{digits}00{year}00111',
    }.get(kind, '')
    checked = kind in (DocumentKind.VAT_NORMAL, DocumentKind.VAT_ELECTRONIC)
    rate = None if '医院' in seller.name or '卫生' in seller.name else Decimal('0.13')
    return InvoicePaper(
        kind=kind,
        province=province,
        number=number,
        code=code,
        issued_on=issued_on,
        check_code=dice.digits(20) if checked else '',
        buyer=buyer,
        seller=seller,
        lines=tuple(_line(name, cost, rate, dice) for name, cost in lost),
        note=note,
        clerk=person_name(dice),
    )


def _line(name: str, cost: Decimal, rate: Decimal | None, dice: Dice) -> PaperLine:
    labour = any(word in name for word in ('工时', '喷漆', '定位', '施救', '清理', '修复', '护理', '手术', '检查'))
    count = dice.randint(2, 12) if '工时' in name else 1
    if rate is None:
        amount, tax = cost, None
    else:
        amount = (cost / (1 + rate)).quantize(FEN, ROUND_HALF_UP)
        tax = cost - amount
    family = '*医疗服务*' if rate is None else '*劳务*' if labour else '*汽车零配件*'
    return PaperLine(
        name=f'{family}{name}',
        specification='',
        unit='次' if rate is None else '工时' if '工时' in name else '项' if labour else '件',
        quantity=str(count),
        unit_price=f'{amount / count:.8f}'.rstrip('0').rstrip('.'),
        amount=amount,
        rate='免税' if rate is None else f'{rate * 100:.0f}%',
        tax=tax,
    )


def demo_invoice() -> bytes:
    """A made-up repair invoice (数电票, PDF with text layer), the same each time: what the demo reads by default."""
    dice = Dice(DEMO_SEED)
    places = stock().places
    city = places['cities'][0]
    seller = seller_side(places['garages'][0], city['name'], city['districts'][1]['roads'][0])
    lost = [
        ('前保险杠总成', Decimal('1860.00')),
        ('右前大灯总成', Decimal('2380.00')),
        ('右前翼子板', Decimal('760.00')),
        ('钣金喷漆工时', Decimal('1320.00')),
    ]
    paper = invoice_paper(
        DocumentKind.DIGITAL_NORMAL, city['plate'], dt.date(2025, 6, 18), Side('沈知远', ''), seller, lost,
        '车牌号：苏E8K318　出险日期：2025-06-09', dice,
    )  # fmt: skip
    return as_pdf(paper)
