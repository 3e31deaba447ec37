"""The bank's files: references that survive copying, answers of many shapes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.rules.bank_file import (
    DEFAULT,
    Answer,
    Field,
    account_fits,
    account_problem,
    columns_of,
    payment_of,
    read_line,
    reference_of,
    template_from,
    template_plain,
    template_problems,
)


@given(st.integers(1, 10**12))
def test_a_reference_names_its_payment_wherever_it_stands(payment_id: int) -> None:
    reference = reference_of(payment_id)
    assert payment_of(reference) == payment_id
    assert payment_of(f'赔款 {reference.lower()} 附言') == payment_id


@given(st.integers(1, 10**8), st.integers(2, 9), st.integers(1, 9))
def test_a_slip_in_a_digit_names_nothing(payment_id: int, place: int, by: int) -> None:
    reference = reference_of(payment_id)
    digits = list(reference[2:])
    digits[place % len(digits)] = str((int(digits[place % len(digits)]) + by) % 10)
    assert payment_of('CD' + ''.join(digits)) is None


@pytest.mark.parametrize(
    'status, answer',
    [
        ('成功', Answer.PAID),
        ('交易成功', Answer.PAID),
        ('已入账', Answer.PAID),
        ('未成功', Answer.UNCLEAR),
        ('不成功', Answer.UNCLEAR),
        ('unsuccess', Answer.UNCLEAR),
        ('交易失败', Answer.FAILED),
        ('退票', Answer.FAILED),
        ('处理中', Answer.UNCLEAR),
        ('', Answer.UNCLEAR),
    ],
)
def test_what_the_bank_says_is_understood_or_said_to_be_unclear(status: str, answer: Answer) -> None:
    columns = columns_of(DEFAULT, ['状态'])
    assert read_line(DEFAULT, columns, 2, [status]).answer is answer


@pytest.mark.parametrize(
    'amount, read',
    [('2,300.00', Decimal('2300.00')), ('￥5', Decimal('5.00')), ('1.234', None), ('一百', None), ('', None)],
)
def test_an_amount_is_read_exactly_or_not_at_all(amount: str, read: Decimal | None) -> None:
    assert read_line(DEFAULT, {'amount': 0}, 2, [amount]).amount == read


def test_columns_are_found_by_their_heading_in_any_order() -> None:
    found = columns_of(DEFAULT, ['处理结果', '收款 账号', '客户参考号', '金额', '备注'])
    assert (found['status'], found['account'], found['reference'], found['amount']) == (0, 1, 2, 3)


@pytest.mark.parametrize(
    'theirs, fits', [('12345678901', True), ('', True), ('8901', True), ('12345678902', False), ('8902', False)]
)
def test_an_account_that_the_bank_hides_is_compared_by_its_end(theirs: str, fits: bool) -> None:
    assert account_fits('12345678901', theirs) is fits


@pytest.mark.parametrize(
    'account, good',
    [
        ('6222021234567890128', True),
        ('6222021234567890123', False),
        ('12345678', True),
        ('1234567', False),
        ('11111111', False),
        ('12345678x', False),
        ('1' + '2' * 30, False),
    ],
)
def test_accounts_are_checked(account: str, good: bool) -> None:
    assert (account_problem(account) == '') is good


def test_a_template_is_kept_and_read_back_the_same() -> None:
    assert template_from(template_plain(DEFAULT)) == DEFAULT
    assert template_from(None) == DEFAULT
    assert template_problems(DEFAULT) == {}


@pytest.mark.parametrize(
    'more, field',
    [
        ({'name': ' '}, 'name'),
        ({'columns': (('户名', Field.PAYEE),)}, 'columns'),
        ({'format': 'pdf'}, 'format'),
        ({'encoding': 'latin-1'}, 'encoding'),
        ({'paid_words': ()}, 'paid_words'),
        ({'paid_words': ('失败',)}, 'paid_words'),
    ],
)
def test_a_wrong_template_is_named_by_field(more: dict[str, object], field: str) -> None:
    assert set(template_problems(replace(DEFAULT, **more))) == {field}
