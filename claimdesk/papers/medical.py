"""Hospitals' papers that nobody issued: electronic receipts, paper forms of several provinces, lists."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from decimal import Decimal

from claimdesk.papers.form import Form
from claimdesk.papers.medical_askew import WITH_LINES
from claimdesk.papers.medical_electronic import HABITS, Habit
from claimdesk.papers.medical_forms import STYLES
from claimdesk.papers.medical_goods import (
    FAMILY_NAMES,
    GIVEN_NAMES,
    GOODS,
    HOSPITALS,
    REGIONS,
    SUMMARY,
    expense_of,
)
from claimdesk.papers.medical_paper import MedicalLine, MedicalPaper
from claimdesk.papers.medical_printed import PATTERNS
from claimdesk.vocabulary import DocumentKind

__all__ = ['STYLES', 'MedicalLine', 'MedicalPaper', 'forms_of', 'make']

FEN = Decimal('0.01')


def make(seed: int, kind: DocumentKind | None = None, style: str = '') -> MedicalPaper:
    """A believable paper, the same for the same seed."""
    dice = random.Random(f'{seed}/{kind}/{style}')
    kind = kind or dice.choice((DocumentKind.MEDICAL_OUTPATIENT, DocumentKind.MEDICAL_INPATIENT))
    fitting = [name for name, one in STYLES.items() if kind in one.kinds]
    style = style or dice.choice([*fitting, 'electronic'] if 'electronic' in fitting else fitting)
    stay = kind is not DocumentKind.MEDICAL_OUTPATIENT
    visited = dt.date(2019, 1, 1) + dt.timedelta(days=dice.randrange(2450))
    left = visited + dt.timedelta(days=dice.randint(3, 25)) if stay else visited
    issued = left + dt.timedelta(days=dice.choice((0, 0, 0, 1, 3)))
    lines = _lines(dice, kind, style)
    total = sum((line.amount for line in lines), Decimal(0))
    own = sum((line.amount for line in lines if line.medical_class == '自费'), Decimal(0))
    fund = ((total - own) * Decimal(dice.choice((0, 50, 60, 70, 85))) / 100).quantize(FEN)
    other = ((total - fund) * Decimal(dice.choice((0, 0, 0, 10))) / 100).quantize(FEN)
    if 'other_paid' in STYLES[style].without:
        other = Decimal('0.00')
    account = ((total - fund - other) * Decimal(dice.choice((0, 0, 30, 100))) / 100).quantize(FEN)
    province, region = dice.choice(REGIONS)
    electronic = style.startswith(('list', 'electronic'))
    sort = '02' if stay else '01'
    digits = _digits(dice)
    return MedicalPaper(
        kind=kind, style=style, province=STYLES[style].province or province, region=region,
        code=f'{region}06{sort}{issued:%y}' if electronic else '',
        number=('00' + digits(8)) if electronic else digits(dice.choice((8, 10))),
        check_code=''.join(dice.choice(dice.choice(('0123456789', '0123456789abcdef'))) for _ in range(6))
        if electronic else '',
        issued_on=issued, patient=dice.choice(FAMILY_NAMES) + dice.choice(GIVEN_NAMES), hospital=dice.choice(HOSPITALS),
        visited_on=visited, left_on=left,
        person_number=dice.choice((digits(8), digits(10), f'ZY{digits(10)}' if stay else f'M{digits(9)}')),
        serial_number=_serial(style, issued, digits), lines=lines, fund=fund, other=other,
        account=account, self_paid=max(Decimal(0), total - fund - other - own), own_expense=own,
        without=STYLES[style].without, grouped=HABITS.get(style, Habit('')).grouped or style == WITH_LINES,
        code_style=dice.choice(('official', 'official', 'address', '')) if electronic else '',
    )  # fmt: skip


def _serial(style: str, issued: dt.date, digits: Callable[[int], str]) -> str:
    if HABITS.get(style, Habit('')).serial < len(f'{issued:%Y%m%d}') + 12:
        return f'07QIKH{digits(8)}P{issued:%Y%m%d}{digits(10)}'
    return f'{issued:%Y%m%d}{digits(6)}'


def _digits(dice: random.Random) -> Callable[[int], str]:
    return lambda count: ''.join(dice.choice('0123456789') for _ in range(count))


def _lines(dice: random.Random, kind: DocumentKind, style: str) -> tuple[MedicalLine, ...]:
    habit = HABITS.get(style, Habit(''))
    if kind is DocumentKind.MEDICAL_INPATIENT or habit.summed or style in PATTERNS:
        unit, count = ('项', f'{1:{habit.count}}') if habit.summed else ('', '')
        names = dice.sample(SUMMARY, dice.randint(3 if habit.summed else 5, 12))
        return tuple(
            MedicalLine(name, '', unit, count, '', Decimal(dice.randint(500, 900_000)) / 100, '') for name in names
        )
    many = dice.randint(2, 12)
    if kind is DocumentKind.MEDICAL_LIST:
        many = dice.randint(8, 30) if style == 'list of a day' else dice.randint(25, 70)
    lines = []
    for _place in range(many):
        name, specification, unit, low, high = dice.choice(GOODS)
        quantity = dice.randint(1, 9)
        price = Decimal(dice.randint(low * 100, high * 100)) / 100
        share = dice.choice(('甲', '甲', '乙', '乙', '丙', '自费'))
        counted = f'{quantity:{habit.count}}'
        lines.append(MedicalLine(name, specification, unit, counted, f'{price}', quantity * price, share))
    return tuple(sorted(lines, key=lambda line: expense_of(line.name)) if style == 'list by kind' else lines)


def forms_of(paper: MedicalPaper) -> list[Form]:
    """The pages of the paper."""
    return STYLES[paper.style].draw(paper)
