"""Cards, licences, tickets, receipts and repair lists that nobody issued, each with what stands on it."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal

from claimdesk.papers import cards, travel
from claimdesk.papers.form import BLACK, Form
from claimdesk.papers.made import Paper, day
from claimdesk.papers.repairs import repair_estimate
from claimdesk.vocabulary import DocumentKind as K

__all__ = ['MAKERS', 'Paper', 'make']

_STORES = ('GREEN HILL TRADING SDN BHD', 'SUNNY CORNER ENTERPRISE', 'BLUE RIVER HARDWARE SDN BHD', 'LUCKY STAR MART')
_GOODS = ('NOTE BOOK A5', 'LED BULB 9W', 'GLUE STICK', 'WATER 1.5L', 'PAINT BRUSH', 'CABLE TIE 100')


def make(seed: int, kind: K) -> Paper:
    """A believable paper, the same for the same seed."""
    return MAKERS[kind](random.Random(f'{seed}/{kind}'))


def _receipt(dice: random.Random) -> Paper:
    lines = [(dice.choice(_GOODS), dice.randint(1, 5), Decimal(dice.randint(50, 4000)) / 100) for _ in range(5)]
    goods = sum((many * price for _name, many, price in lines), Decimal(0))
    total = (goods * 20).quantize(Decimal(1)) / 20
    cash = Decimal((int(total) // 50 + 1) * 50)
    bought = day(dice, 2015, 2024)
    said = {'seller_name': dice.choice(_STORES), 'issue_date': bought.isoformat(), 'total': f'{total:.2f}'}
    form = Form(high=430, wide=250)
    form.write(125, 30, said['seller_name'], 12, BLACK, 'c')
    form.write(125, 48, f'NO. {dice.randint(2, 90)}, JALAN BUNGA {dice.randint(2, 9)}', 9, BLACK, 'c')
    form.write(125, 62, 'TAX INVOICE', 10, BLACK, 'c')
    form.write(20, 82, f'Date: {bought:%d/%m/%Y}  {dice.randint(9, 20)}:{dice.randint(10, 59)}', 9)
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


MAKERS: Mapping[K, Callable[[random.Random], Paper]] = {
    **cards.MAKERS,
    **travel.MAKERS,
    K.RECEIPT: _receipt,
    K.REPAIR_ESTIMATE: repair_estimate,
}
"""Who makes a paper of which kind."""
