"""Lines of a loss out of the lines of a paper: sums, discounts, prices, classes, and papers that are not whole."""

from decimal import Decimal

import pytest

from claimdesk.rules.loss_lines import PaperLine, loss_lines, medical_class
from claimdesk.vocabulary import LossKind, MedicalClass


def names(lines: list[PaperLine], total: str | None) -> list[tuple[str, Decimal]]:
    found = loss_lines(lines, Decimal(total) if total else None)
    return [(line.name, line.claimed) for line in found]


def test_each_line_is_claimed_with_its_quantity_and_its_price_where_they_fit() -> None:
    bumper, labour = loss_lines(
        [
            PaperLine('前保险杠', Decimal('1300'), '2', '件', '650.00'),
            PaperLine('拆装工时', Decimal('113.00'), '1', '项', '100.00'),
        ],
        Decimal('1413'),
    )
    assert (bumper.quantity, bumper.unit, bumper.unit_price, bumper.kind) == (2, '件', Decimal('650.00'), None)
    assert (labour.unit_price, labour.claimed, labour.kind) == (None, Decimal('113.00'), LossKind.LABOUR)


def test_a_discount_lessens_the_line_above_it() -> None:
    lines = [PaperLine('大灯', Decimal('800')), PaperLine('大灯', Decimal('-80')), PaperLine('机油', Decimal('100'))]
    assert names(lines, '820') == [('大灯', Decimal('720')), ('机油', Decimal('100'))]
    assert names([PaperLine('折扣', Decimal('-80')), PaperLine('大灯', Decimal('800'))], '720') == []


def test_a_kind_of_expense_that_adds_up_the_lines_beneath_is_left_out() -> None:
    printed = (('西药费', '30'), ('甲硝唑', '10'), ('头孢', '20'), ('床位费', '5'))
    lines = [PaperLine(name, Decimal(amount)) for name, amount in printed]
    assert names(lines, '35') == [('甲硝唑', Decimal('10')), ('头孢', Decimal('20')), ('床位费', Decimal('5'))]


def test_lines_that_do_not_make_the_total_are_not_offered() -> None:
    lines = [PaperLine('大灯', Decimal('800')), PaperLine('机油', Decimal('100'))]
    assert names(lines, '950') == []
    assert len(names(lines, '900.04')) == len(names(lines, None)) == 2
    assert names([PaperLine('', Decimal('800'))], '800') == []


@pytest.mark.parametrize(('words', 'known'), [
    ('甲', MedicalClass.A), ('乙类', MedicalClass.B), ('自费', MedicalClass.C), ('有自付', MedicalClass.B),
    ('无自付', MedicalClass.A), ('全自付', MedicalClass.C), ('', None), ('限二线用药', None),
])  # fmt: skip
def test_classes_of_expenses_are_known_by_what_hospitals_print(words: str, known: MedicalClass | None) -> None:
    assert medical_class(words) is known
