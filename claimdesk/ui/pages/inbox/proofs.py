"""What the figures on a paper prove about each other, worked out anew with every key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from claimdesk.amounts import add_lines, from_capital, money_text
from claimdesk.errors import InvalidInput
from claimdesk.identifiers import credit_code_ok, id_number_ok
from claimdesk.language import _
from claimdesk.services.invoice_fields import NO_TAX, money_of
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind

MONEY = ('amount', 'tax', 'total')
PAYERS = ('insurance_fund_paid', 'other_paid', 'account_paid', 'cash_paid')
RATE_TOLERANCE = Decimal('0.06')


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that must hold between `fields`. `words` say it in figures, `short` fits beside a field."""

    name: str
    ok: bool
    words: str
    short: str
    fields: tuple[str, ...]


def proofs(
    values: Mapping[str, str], items: Sequence[Mapping[str, str]], kind: DocumentKind = DocumentKind.VAT_NORMAL
) -> list[Proof]:
    """Everything that can be proved or disproved of these values; nothing is said where a value is not there."""
    total = 'amount' if kind in INVOICE_KINDS else 'total'
    found = [
        _sum(values), _capital(values), _split(values), _lines(values, items, total), _rates(items), _year(values),
        *(_tax_number(name, values.get(name, '')) for name in ('buyer_tax_id', 'seller_tax_id')),
    ]  # fmt: skip
    return [proof for proof in found if proof is not None]


def amount_of(words: str) -> Decimal | None:
    """The amount that was typed; None for nothing, a sign of no tax, or no amount."""
    try:
        return money_of(words)
    except InvalidInput:
        return None


def capital_of(words: str) -> Decimal | None:
    """The amount that Chinese capitals say, or None."""
    value = from_capital(re.sub(r'[（）()]|负数?', '', words))
    return -abs(value) if value is not None and '负' in words else value


def _sum(values: Mapping[str, str]) -> Proof | None:
    amount, total = amount_of(values.get('amount', '')), amount_of(values.get('total', ''))
    tax_words = values.get('tax', '').strip()
    tax = amount_of(tax_words)
    if tax is None and tax_words in NO_TAX:
        tax = Decimal(0)
    if amount is None or tax is None or total is None:
        return None
    made = f'{money_text(amount)} + {money_text(tax)}'
    if amount + tax == total:
        return Proof('sum', True, f'{made} = {money_text(total)}', made, MONEY)
    words = _("{sum} = {right}, not {total}").format(
        sum=made, right=money_text(amount + tax), total=money_text(total)
    )
    return Proof('sum', False, words, _("the sum is {right}").format(right=money_text(amount + tax)), MONEY)


def _capital(values: Mapping[str, str]) -> Proof | None:
    words, total = values.get('total_capital', '').strip(), amount_of(values.get('total', ''))
    if not words or total is None:
        return None
    said = capital_of(words)
    fields = ('total', 'total_capital')
    if said == total:
        return Proof('capital', True, _("Words = {total}").format(total=money_text(total)), _("words"), fields)
    if said is None:
        return Proof('capital', False, _("The total in words is not an amount."), _("not an amount"), fields)
    return Proof(
        'capital', False, _("Words say {said}, figures {total}").format(said=money_text(said), total=money_text(total)),
        _("words say {said}").format(said=money_text(said)), fields,
    )  # fmt: skip


def _split(values: Mapping[str, str]) -> Proof | None:
    """Who paid a hospital's receipt: together the total."""
    there = [name for name in PAYERS if amount_of(values.get(name, '')) is not None]
    total = amount_of(values.get('total', ''))
    if total is None or not {'insurance_fund_paid', 'cash_paid'} <= set(there):
        return None
    made = sum((amount_of(values[name]) or Decimal(0) for name in there), Decimal(0))
    fields = ('total', *there)
    if made == total:
        words = _("Who paid = {total}").format(total=money_text(total))
        return Proof('split', True, words, _("who paid"), fields)
    words = _("Who paid makes {made}, not {total}").format(made=money_text(made), total=money_text(total))
    return Proof('split', False, words, _("the sum is {right}").format(right=money_text(made)), fields)


def _lines(values: Mapping[str, str], items: Sequence[Mapping[str, str]], total: str) -> Proof | None:
    there = [item for item in items if any(item.values())]
    lines = [(item.get('name', ''), one) for item in there if (one := amount_of(item.get('amount', ''))) is not None]
    amount = amount_of(values.get(total, ''))
    if not lines or amount is None or len(lines) < len(there):
        return None
    plain = sum((one for _name, one in lines), Decimal(0))
    made = plain if plain == amount else add_lines(lines)
    if made == amount:
        return Proof('lines', True, _("Lines = {amount}").format(amount=money_text(amount)), _("lines"), (total,))
    words = _("The lines make {made}, not {amount}").format(made=money_text(made), amount=money_text(amount))
    return Proof('lines', False, words, _("the lines make {made}").format(made=money_text(made)), (total, 'items'))


def _rates(items: Sequence[Mapping[str, str]]) -> Proof | None:
    seen = False
    for number, item in enumerate(items, start=1):
        match = re.fullmatch(r'(\d{1,2}(?:\.\d+)?)%', item.get('tax_rate', '').strip())
        amount, tax = amount_of(item.get('amount', '')), amount_of(item.get('tax', ''))
        if not match or amount is None or tax is None:
            continue
        seen = True
        right = (amount * Decimal(match[1]) / 100).quantize(Decimal('0.01'))
        if abs(right - tax) > RATE_TOLERANCE:
            words = _("Line {number}: {rate}% of {amount} is {right}, not {tax}").format(
                number=number, rate=match[1], amount=money_text(amount), right=money_text(right), tax=money_text(tax)
            )
            return Proof('rate', False, words, _("tax rate"), ('items',))
    return Proof('rate', True, _("Tax rates hold"), _("tax rate"), ('items',)) if seen else None


def _tax_number(name: str, code: str) -> Proof | None:
    code = code.strip().upper()
    if len(code) != 18:
        return None
    ok = credit_code_ok(code) or id_number_ok(code)
    who = _("Buyer") if name == 'buyer_tax_id' else _("Seller")
    words = _("{who}: check digit right") if ok else _("{who}: check digit wrong")
    return Proof(name, ok, words.format(who=who), _("check digit") if ok else _("check digit wrong"), (name,))


def _year(values: Mapping[str, str]) -> Proof | None:
    number, date = values.get('invoice_number', '').strip(), values.get('issue_date', '').strip()
    if not re.fullmatch(r'\d{20}', number) or not re.fullmatch(r'\d{4}-\d{2}-\d{2}', date):
        return None
    if number[:2] == date[2:4]:
        return None
    words = _("The number begins with {begin}, the date with {year}").format(begin=number[:2], year=date[:4])
    return Proof('number_year', False, words, _("year does not fit"), ('invoice_number', 'issue_date'))
