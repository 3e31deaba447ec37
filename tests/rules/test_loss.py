"""Amounts of a loss: quantity times price, classes of medical expense, tables pasted from a spreadsheet."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claimdesk.rules.loss import by_class, line_amount, quantity_words
from claimdesk.rules.loss_paste import number, pasted_lines
from claimdesk.vocabulary import LossKind, MedicalClass

D = Decimal


@pytest.mark.parametrize(
    ('quantity', 'price', 'amount'),
    [('2', '150.00', '300.00'), ('1.5', '33.33', '50.00'), ('0.5', '0.01', '0.01'), ('3', '0', '0.00')],
)
def test_quantity_times_price_is_half_up_to_the_fen(quantity: str, price: str, amount: str) -> None:
    assert line_amount(D(quantity), D(price)) == D(amount)


def test_medical_expenses_by_class() -> None:
    sums = by_class(
        [
            (MedicalClass.A, None, D('800.00')),
            (MedicalClass.B, D('0.1'), D('500.00')),
            (MedicalClass.B, None, D('100.00')),
            (MedicalClass.C, D('0.1'), D('70.00')),
            (None, None, D('999.00')),
        ]
    )
    assert sums is not None
    assert (sums.a, sums.b, sums.b_own, sums.c) == (D('800.00'), D('600.00'), D('50.00'), D('70.00'))
    assert sums.own == D('120.00')
    assert by_class([(None, None, D('5.00'))]) is None


def test_a_table_with_headings_in_any_order() -> None:
    text = (
        '序号\t单价\t配件名称\t数量\t单位\t备注\n'
        '1\t1,200.50\t前保险杠\t2\t个\t原厂\n'
        '2\t80\t钣金工时\t3.5\t小时\t\n'
        '合计\t\t\t\t\t'
    )
    bumper, labour = pasted_lines(text)
    assert (bumper.name, bumper.quantity, bumper.unit, bumper.unit_price) == ('前保险杠', D(2), '个', D('1200.50'))
    assert (bumper.claimed, bumper.note) == (D('2401.00'), '原厂')
    assert (labour.kind, labour.claimed) == (LossKind.LABOUR, D('280.00'))


@pytest.mark.parametrize(
    ('text', 'found'),
    [
        ('前大灯\t1,500', [('前大灯', D(1), None, D('1500.00'))]),
        ('1\t前大灯\t1500\n2\t翼子板\t600', [('前大灯', D(1), None, D(1500)), ('翼子板', D(1), None, D(600))]),
        ('前大灯\t2\t750', [('前大灯', D(2), D(750), D(1500))]),
        ('前大灯\t2\t750\t1500', [('前大灯', D(2), D(750), D(1500))]),
        ('前大灯\t2\t750\t1400', [('前大灯', D(2), None, D(1400))]),
        ('名称\t金额\n前大灯\t￥1，500.00元\n总计\t1500', [('前大灯', D(1), None, D(1500))]),
        ('好的，下午到', []),
        ('', []),
    ],
)
def test_a_table_without_headings_is_read_by_what_it_holds(
    text: str, found: list[tuple[str, Decimal, Decimal | None, Decimal]]
) -> None:
    assert [(one.name, one.quantity, one.unit_price, one.claimed) for one in pasted_lines(text)] == found


@given(st.text(alphabet='前大灯0123456789.,\t\n¥ 合计', max_size=200))
def test_no_clipboard_breaks_it(text: str) -> None:
    for line in pasted_lines(text):
        assert line.name
        assert line.claimed >= 0
        assert line.quantity > 0


@given(st.decimals(min_value=0, max_value=999_999, places=2))
def test_a_number_is_read_back_from_how_it_is_written(amount: Decimal) -> None:
    assert number(f'¥{amount:,.2f}') == amount
    assert quantity_words(amount) == f'{amount.normalize():f}'
