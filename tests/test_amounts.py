"""Money to the fen, and the Chinese capitals both ways."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.amounts import from_capital, from_fen, money_text, to_capital, to_fen, yuan

CAPITALS = [
    ('0', '零元整'),
    ('0.05', '伍分'),
    ('0.50', '伍角整'),
    ('10', '壹拾元整'),
    ('68.66', '陆拾捌元陆角陆分'),
    ('100.07', '壹佰元零柒分'),
    ('1005.30', '壹仟零伍元叁角整'),
    ('12600', '壹万贰仟陆佰元整'),
    ('100020', '壹拾万零贰拾元整'),
    ('10000000.01', '壹仟万元零壹分'),
    ('100000005', '壹亿零伍元整'),
    ('-20.10', '负贰拾元零壹角整'),
]


@pytest.mark.parametrize('amount, words', CAPITALS)
def test_capitals_as_banks_write_them(amount: str, words: str) -> None:
    assert to_capital(Decimal(amount)) == words
    assert from_capital(words) == Decimal(amount)


@pytest.mark.parametrize(
    'words, amount',
    [
        ('⊗陆拾捌圆陆角陆分', '68.66'),
        ('人民币（大写）壹仟贰佰元正', '1200'),
        ('壹佰元伍角', '100.50'),
        ('叁拾叁圆零角零分', '33'),
        ('一百二十元', '120'),
    ],
)
def test_capitals_as_paper_writes_them(words: str, amount: str) -> None:
    assert from_capital(words) == Decimal(amount)


@pytest.mark.parametrize('words', ['', '元', '电子发票', '壹贰元整', '***'])
def test_what_says_no_amount(words: str) -> None:
    assert from_capital(words) is None


@given(st.integers(-(10**13), 10**13))
def test_capitals_say_every_amount_both_ways(fen: int) -> None:
    amount = from_fen(fen)
    assert from_capital(to_capital(amount)) == amount
    assert to_fen(amount) == fen


def test_half_a_fen_goes_up_and_a_float_is_refused() -> None:
    assert yuan('1.005') == Decimal('1.01')
    assert yuan(' ￥12，600.00元'.replace('，', ',')) == Decimal('12600.00')
    with pytest.raises(TypeError):
        yuan(0.1)  # type: ignore[arg-type]
    with pytest.raises(ValueError):
        yuan('many')


def test_money_is_written_with_separators() -> None:
    assert money_text(Decimal('1234567.8')) == '1,234,567.80'
