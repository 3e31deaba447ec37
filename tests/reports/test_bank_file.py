"""The bank's file: no cell becomes a formula, and a long number keeps its digits."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from claimdesk.reports.bank_file import safe_cell, write_csv, write_workbook

ACCOUNT = '6222021234567890128'


@pytest.mark.parametrize('text', ['=1+1', '+86', '-1', '@x', '\tx', '＝1'])
def test_no_cell_becomes_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


def test_a_plain_cell_stays_as_it_is_on_one_line() -> None:
    assert safe_cell('中国银行\r\n苏州') == '中国银行 苏州'


def test_a_workbook_keeps_text_and_amounts_apart(tmp_path: Path) -> None:
    write_workbook(tmp_path / 'a.xlsx', '代发', ['账号', '户名', '金额'], [(ACCOUNT, '=1+1', Decimal('2300.10'))])
    _heading, line = load_workbook(tmp_path / 'a.xlsx').worksheets[0].iter_rows()
    assert [(cell.value, cell.data_type) for cell in line] == [(ACCOUNT, 's'), ('=1+1', 's'), (2300.1, 'n')]


def test_a_csv_is_written_in_the_banks_encoding(tmp_path: Path) -> None:
    write_csv(tmp_path / 'a.csv', ['账号', '金额'], [(ACCOUNT, Decimal('5'))], 'gb18030')
    assert (tmp_path / 'a.csv').read_bytes().decode('gb18030') == f'账号,金额\r\n{ACCOUNT},5.00\r\n'
