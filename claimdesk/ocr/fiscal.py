"""The QR code of a fiscal receipt: the Ministry of Finance's own form, and the addresses that provinces print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qsl, unquote, urlsplit

from claimdesk.ocr.values import iso_date
from claimdesk.vocabulary import DocumentKind

MEDICAL_TYPE = '06'
"""The third and fourth digit of a receipt code: medical receipts."""
_KINDS = {'01': DocumentKind.MEDICAL_OUTPATIENT, '02': DocumentKind.MEDICAL_INPATIENT}
_CODE_KEYS = re.compile(r'(?i)pjdm|dm$|bill_?(batch_?)?code|batchcode|fpdm|^code$|^c$')
_NUMBER_KEYS = re.compile(r'(?i)pjhm|hm$|bill_?no|bill_?num(ber)?|^number$|^no$|^n$')
_CHECK_KEYS = re.compile(r'(?i)jym|check_?(code)?|random|^rc?$')
_TOTAL_KEYS = re.compile(r'(?i)^(je|money|amount|amt|total(amt|amount)?)$')
_DATE_KEYS = re.compile(r'(?i)^(kprq|rq|date|(bill_?|ivc_?|issue_?)date)$')


@dataclass(frozen=True, slots=True)
class FiscalCode:
    """What the code of a fiscal receipt says; `said` are its fields as the reader names them."""

    said: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> DocumentKind | None:
        """The code does not tell outpatient from inpatient; the page does."""
        return None

    @property
    def number(self) -> str:
        """Code and number of the receipt."""
        return f'{self.said.get("receipt_code", "")}-{self.said.get("receipt_number", "")}'

    def is_of_another(self, read: Mapping[str, str]) -> bool:
        """Whether the code is about another receipt than the one that was `read`: their numbers are far apart."""
        number, said = read.get('receipt_number', ''), self.said.get('receipt_number', '')
        if not number or not said:
            return False
        if len(number) != len(said):
            return not (number in said or said in number) and read.get('issue_date', '') != self.said.get('issue_date')
        return sum(a != b for a, b in zip(number, said, strict=True)) > 2


def parse(text: str) -> FiscalCode | None:
    """`CZ-EI-<region>,<version>,<code>,<number>,<check code>,<yyyymmdd>,<total>`, or an address with those parts.

    Addresses are only taken apart, never opened. None for anything else.
    """
    text = text.strip()
    if re.match(r'(?i)CZ-EI', text):
        return _official(text)
    if re.match(r'(?i)https?://', text):
        return _address(text)
    return None


def kind_of_code(code: str) -> DocumentKind | None:
    """The kind that a receipt code of 8 digits tells: region, type 06 (medical), sort, year."""
    return _KINDS.get(code[4:6]) if len(code) == 8 and code[2:4] == MEDICAL_TYPE else None


def _official(text: str) -> FiscalCode | None:
    parts = [part.strip() for part in text.split(',')]
    said: dict[str, str] = {}
    rest = list(parts[1:])
    if rest and re.fullmatch(r'\d+(\.\d+)+', rest[0]) and not re.fullmatch(r'\d+\.\d{2}', rest[0]):
        rest.pop(0)
    for name, shape in (('receipt_code', r'\d{6,12}'), ('receipt_number', r'\d{8,12}'), ('check_code', r'\w{4,10}')):
        if rest and re.fullmatch(shape, rest[0]):
            said[name] = rest.pop(0)
    for part in rest:
        if re.fullmatch(r'20\d{6}', part) and 'issue_date' not in said:
            _put(said, 'issue_date', _day(part))
        elif re.fullmatch(r'-?\d+\.\d{1,2}', part) and 'total' not in said:
            _put(said, 'total', _amount(part))
    return FiscalCode(said) if 'receipt_number' in said else None


def _address(text: str) -> FiscalCode | None:
    try:
        parts = urlsplit(text)
        query = parse_qsl(parts.query) + parse_qsl(urlsplit(unquote(parts.fragment)).query)
    except ValueError:
        return None
    said: dict[str, str] = {}
    for key, value in query:
        value = value.strip()
        for name, keys, shape in (
            ('receipt_code', _CODE_KEYS, r'\d{8}'),
            ('receipt_number', _NUMBER_KEYS, r'\d{10}'),
            ('check_code', _CHECK_KEYS, r'[0-9A-Za-z]{6}'),
        ):
            if keys.search(key) and re.fullmatch(shape, value):
                said.setdefault(name, value)
        if _TOTAL_KEYS.search(key) and re.fullmatch(r'\d+(\.\d{1,2})?', value):
            _put(said, 'total', _amount(value))
        if _DATE_KEYS.search(key) and re.fullmatch(r'20\d{2}-?\d{2}-?\d{2}', value):
            _put(said, 'issue_date', iso_date(value))
    return FiscalCode(said) if {'receipt_code', 'receipt_number'} <= set(said) else None


def _put(said: dict[str, str], name: str, value: str) -> None:
    if value:
        said[name] = value


def _day(text: str) -> str:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return ''


def _amount(text: str) -> str:
    try:
        return str(Decimal(text).quantize(Decimal('0.01')))
    except InvalidOperation:
        return ''
