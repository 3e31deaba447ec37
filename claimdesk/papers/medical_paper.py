"""What stands on a hospital's paper that nobody issued, and what a reader should find there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from claimdesk.amounts import to_capital
from claimdesk.papers.medical_goods import expense_of
from claimdesk.vocabulary import DocumentKind


@dataclass(frozen=True, slots=True)
class MedicalLine:
    """One line as it is printed; `medical_class` is 甲, 乙, 丙 or 自费."""

    name: str
    specification: str
    unit: str
    quantity: str
    unit_price: str
    amount: Decimal
    medical_class: str


@dataclass(frozen=True, slots=True)
class MedicalPaper:
    """What stands on a hospital's paper, in yuan. `style` names the form; `code_style` what its QR code holds,
    `without` which fields the form has not; `grouped`: kinds of expense with their sums stand above their lines.

    Who paid (`fund`, `other`, `account`, `cash`) is the total; `self_paid` and `own_expense` divide it another way.
    """

    kind: DocumentKind
    style: str
    province: str
    code: str
    number: str
    check_code: str
    issued_on: dt.date
    patient: str
    hospital: str
    visited_on: dt.date
    left_on: dt.date
    person_number: str
    serial_number: str
    lines: tuple[MedicalLine, ...]
    fund: Decimal
    other: Decimal
    account: Decimal
    self_paid: Decimal
    own_expense: Decimal
    code_style: str = 'official'
    region: str = '42'
    without: frozenset[str] = frozenset()
    grouped: bool = False

    @property
    def printed(self) -> tuple[MedicalLine, ...]:
        """The lines as they are printed, those of sums among them."""
        if not self.grouped:
            return self.lines
        out: list[MedicalLine] = []
        for name, part in groupby(sorted(self.lines, key=_expense), key=_expense):
            members = tuple(part)
            total = sum((line.amount for line in members), Decimal(0))
            out += (MedicalLine(name, '', '项', '1', '', total, ''), *members)
        return tuple(out)

    @property
    def total(self) -> Decimal:
        """What the treatment cost."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def cash(self) -> Decimal:
        """What the patient paid in cash."""
        return self.total - self.fund - self.other - self.account

    @property
    def code_text(self) -> str:
        """What the QR code says; '' where none is printed."""
        if self.code_style == 'official':
            day, total = f'{self.issued_on:%Y%m%d}', f'{self.total:.2f}'
            return f'CZ-EI-{self.region},1.0.0,{self.code},{self.number},{self.check_code},{day},{total}'
        if self.code_style == 'address':
            return (
                f'https://receipt.example.gov.cn/check?pjdm={self.code}&pjhm={self.number}&jym={self.check_code}'
                f'&je={self.total:.2f}'
            )
        return ''

    def truth(self) -> dict[str, str]:
        """Field → value as the reader names them, of what the form shows."""
        said = {
            'receipt_code': self.code, 'receipt_number': self.number, 'check_code': self.check_code,
            'issue_date': self.issued_on.isoformat(), 'patient_name': self.patient, 'hospital_name': self.hospital,
            'total': f'{self.total:.2f}', 'total_capital': to_capital(self.total),
            'insurance_fund_paid': f'{self.fund:.2f}', 'other_paid': f'{self.other:.2f}',
            'account_paid': f'{self.account:.2f}', 'cash_paid': f'{self.cash:.2f}',
            'self_paid': f'{self.self_paid:.2f}', 'own_expense': f'{self.own_expense:.2f}',
            'serial_number': self.serial_number,
        }  # fmt: skip
        if self.kind is DocumentKind.MEDICAL_OUTPATIENT:
            said |= {'visit_date': self.visited_on.isoformat(), 'outpatient_number': self.person_number}
        else:
            said |= {
                'inpatient_number': self.person_number, 'admission_date': self.visited_on.isoformat(),
                'discharge_date': self.left_on.isoformat(),
            }  # fmt: skip
        return {name: value for name, value in said.items() if value and name not in self.without}


def _expense(line: MedicalLine) -> str:
    return expense_of(line.name)
