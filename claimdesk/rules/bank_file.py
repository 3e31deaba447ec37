"""The bank's files: which columns a payment file has, how our reference is made, and what a line of the answer says.

Each bank wants its own columns, so the template is the office's own rule (mark C). Nothing here reads or writes a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from claimdesk.identifiers import luhn_check_digit, luhn_ok
from claimdesk.language import N_, _
from claimdesk.vocabulary import Word

TEMPLATE_KEY = 'bank_file'
_REFERENCE = re.compile(r'CD(\d{9,})')


class Field(Word):
    """What a column of the payment file holds."""

    REFERENCE = 'reference', N_('Our reference')
    PAYEE = 'payee', N_('Payee')
    ACCOUNT = 'account', N_('Account number')
    BANK = 'bank', N_('Bank')
    AMOUNT = 'amount', N_('Amount')
    PURPOSE = 'purpose', N_('Purpose')
    CASE = 'case', N_('Case number')
    CURRENCY = 'currency', N_('Currency')
    PAYER = 'payer', N_('Payer')


class Answer(Word):
    """What the bank says of a payment."""

    PAID = 'paid', N_('Paid')
    FAILED = 'failed', N_('Returned')
    UNCLEAR = 'unclear', N_('Unclear')


class Outcome(Word):
    """What became of one line of the bank's answer."""

    PAID = 'paid', N_('Recorded as paid')
    RETURNED = 'returned', N_('Recorded as returned')
    KNOWN = 'known', N_('Was recorded before')
    UNKNOWN = 'unknown', N_('No payment with this reference')
    AMOUNT = 'amount', N_('The amount differs')
    ACCOUNT = 'account', N_('The account differs')
    STATE = 'state', N_('The payment is not with the bank')
    UNCLEAR = 'unclear', N_('The answer is not understood')
    UNANSWERED = 'unanswered', N_('The bank has not answered')


FINE = frozenset({Outcome.PAID, Outcome.RETURNED, Outcome.KNOWN})
"""The outcomes that nobody needs to look at."""


@dataclass(frozen=True, slots=True)
class Template:
    """The columns of a payment file in their order, and by which words the bank's answer is read.

    `format` is 'xlsx' or 'csv', `encoding` one of 'utf-8-sig' and 'gb18030' (for csv).
    """

    name: str
    columns: tuple[tuple[str, Field], ...]
    format: str = 'xlsx'
    encoding: str = 'utf-8-sig'
    headings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paid_words: tuple[str, ...] = ()
    failed_words: tuple[str, ...] = ()


DEFAULT = Template(
    name='通用批量代发',
    columns=(
        ('客户参考号', Field.REFERENCE),
        ('收款户名', Field.PAYEE),
        ('收款账号', Field.ACCOUNT),
        ('收款开户行', Field.BANK),
        ('金额', Field.AMOUNT),
        ('币种', Field.CURRENCY),
        ('用途', Field.PURPOSE),
    ),
    headings={
        'reference': ('客户参考号', '客户流水号', '参考号', '附言', 'reference'),
        'amount': ('金额', '交易金额', '发生额', 'amount'),
        'account': ('收款账号', '对方账号', '账号', 'account'),
        'status': ('状态', '交易状态', '处理结果', '结果', 'status'),
        'bank_reference': ('银行流水号', '交易流水号', '流水号', '凭证号', 'bank reference'),
        'reason': ('失败原因', '退票原因', '备注', '摘要', 'reason'),
    },
    paid_words=('成功', '已入账', '交易成功', '处理成功', 'success', 'paid'),
    failed_words=('失败', '退票', '已退回', '交易失败', '拒绝', 'failed', 'returned'),
)
NEEDED = ('reference', 'amount', 'status')
"""The columns without which an answer cannot be read."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One line of the bank's answer. `payment_id` is None where the reference is not one of ours."""

    number: int
    reference: str
    payment_id: int | None
    amount: Decimal | None
    account: str
    answer: Answer
    bank_reference: str
    reason: str


def template_from(value: Any) -> Template:
    """The template as the office keeps it (plain JSON); the program's own where it keeps none."""
    if value is None:
        return DEFAULT
    return Template(
        name=str(value['name']),
        columns=tuple((str(heading), Field(what)) for heading, what in value['columns']),
        format=str(value['format']),
        encoding=str(value['encoding']),
        headings={name: tuple(words) for name, words in value['headings'].items()},
        paid_words=tuple(value['paid_words']),
        failed_words=tuple(value['failed_words']),
    )


def template_plain(template: Template) -> dict[str, Any]:
    """The template as plain JSON."""
    return {
        'name': template.name,
        'columns': [[heading, what.value] for heading, what in template.columns],
        'format': template.format,
        'encoding': template.encoding,
        'headings': {name: list(words) for name, words in template.headings.items()},
        'paid_words': list(template.paid_words),
        'failed_words': list(template.failed_words),
    }


def template_problems(template: Template) -> dict[str, str]:
    """What is wrong with the template, by field; empty if nothing is."""
    wrong: dict[str, str] = {}
    if not template.name.strip():
        wrong['name'] = _("Enter this.")
    present = {what for _heading, what in template.columns}
    lacking = [what for what in (Field.REFERENCE, Field.PAYEE, Field.ACCOUNT, Field.AMOUNT) if what not in present]
    if lacking:
        wrong['columns'] = _("The file needs columns for the reference, the payee, the account and the amount.")
    if any(not heading.strip() for heading, _what in template.columns):
        wrong['columns'] = _("Every column needs a heading.")
    if template.format not in ('xlsx', 'csv'):
        wrong['format'] = _("A bank file is xlsx or csv.")
    if template.encoding not in ('utf-8-sig', 'gb18030'):
        wrong['encoding'] = _("A csv file is written in UTF-8 or GB18030.")
    if not template.paid_words or set(template.paid_words) & set(template.failed_words):
        wrong['paid_words'] = _("The words for paid and for returned must be there, and differ.")
    return wrong


def reference_of(payment_id: int) -> str:
    """Our reference of a payment: letters, its number, and a check digit against slips of the pen."""
    digits = f'{payment_id:08d}'
    return f'CD{digits}{luhn_check_digit(digits)}'


def payment_of(reference: str) -> int | None:
    """The payment that a reference names, wherever it stands in the text; None where none of ours is in it."""
    for digits in _REFERENCE.findall(reference.upper().replace(' ', '')):
        if luhn_ok(digits):
            return int(digits[:-1])
    return None


def columns_of(template: Template, headings: Sequence[str]) -> dict[str, int]:
    """Which column of an answer holds what, by its heading; the longest word that fits wins."""
    wanted = {**DEFAULT.headings, **template.headings}
    plain = [re.sub(r'\s', '', heading).lower() for heading in headings]
    found: dict[str, int] = {}
    for name, words in wanted.items():
        for word in words:
            if word.lower().replace(' ', '') in plain:
                found[name] = plain.index(word.lower().replace(' ', ''))
                break
    return found


def read_line(template: Template, columns: Mapping[str, int], number: int, cells: Sequence[str]) -> AnswerLine:
    """What one line of the answer says; `number` is its row in the file."""

    def cell(name: str) -> str:
        place = columns.get(name)
        return cells[place].strip() if place is not None and place < len(cells) else ''

    return AnswerLine(
        number=number,
        reference=cell('reference'),
        payment_id=payment_of(cell('reference')),
        amount=_amount(cell('amount')),
        account=re.sub(r'\D', '', cell('account')),
        answer=_answer(template, cell('status')),
        bank_reference=cell('bank_reference'),
        reason=cell('reason'),
    )


def account_fits(ours: str, theirs: str) -> bool:
    """Whether the account in an answer can be ours: the same number, or, where the bank hides a part, the same end."""
    return not theirs or theirs == ours or (len(theirs) < len(ours) and ours.endswith(theirs[-4:]))


def account_problem(account: str) -> str:
    """What is wrong with an account number (digits only), or ''. A card begins with 62 and has a check digit."""
    if not account.isdigit() or not 8 <= len(account) <= 30:
        return _("An account number has 8 to 30 digits.")
    if account.startswith('62') and 16 <= len(account) <= 19 and not luhn_ok(account):
        return _("The check digit of this card number is wrong; compare it with the card.")
    if len(set(account)) == 1:
        return _("An account number is not one digit only.")
    return ''


def _answer(template: Template, status: str) -> Answer:
    plain = re.sub(r'\s', '', status).lower()
    if not plain:
        return Answer.UNCLEAR
    # Failure is looked for first: "not successful" holds the word "successful".
    for words, answer in ((template.failed_words, Answer.FAILED), (template.paid_words, Answer.PAID)):
        if any(word.lower().replace(' ', '') in plain for word in words):
            return Answer.UNCLEAR if answer is Answer.PAID and re.search(r'未|不|非|not|un', plain) else answer
    return Answer.UNCLEAR


def _amount(text: str) -> Decimal | None:
    plain = re.sub(r'[,，¥￥\s]|CNY|RMB|元', '', text)
    try:
        amount = Decimal(plain)
        return amount.quantize(Decimal('0.01')) if amount.is_finite() and amount == round(amount, 2) else None
    except InvalidOperation:
        return None
