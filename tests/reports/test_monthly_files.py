"""The monthly report as files: every figure with its definition, in the PDF and in the workbook."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from claimdesk.errors import Cancelled
from claimdesk.reports.monthly import Indicator, MonthlyReport, Table
from claimdesk.reports.monthly_pdf import KEY, MOST_ON_PAPER, monthly_pdf
from claimdesk.reports.monthly_xlsx import write_monthly
from tests.reports.pages import squeezed, texts

AT = dt.datetime(2026, 11, 25, 15, 20, tzinfo=dt.timezone(dt.timedelta(hours=8)))
MONTHS = tuple(dt.date(2025 + (n + 11) // 12, (n + 11) % 12 + 1, 1) for n in range(12))
UNITS = ('count', 'money', 'days', 'share', 'score')


def indicator(name: str, unit: str, value: Decimal | None = Decimal('0.5')) -> Indicator:
    trend = (None, *(Decimal(n) / 4 for n in range(10)), value)
    return Indicator(
        name, 'Speed', f'Name of {name}', unit, value, None, Decimal(2), trend, f'Σ{name} ÷ cases', 'B', f'From {name}'
    )


def report(overdue: int = 3, insured: str = '张*明') -> MonthlyReport:
    names = (*KEY, 'report_to_documents')
    cases = tuple(
        (f'CY2026-{n:06d}', insured, 'Motor', 'Survey', '李娜', 'Payment', AT, 3 + n, 0, Decimal(100))
        for n in range(overdue)
    )
    return MonthlyReport(
        office='=朝阳理赔中心',
        month=MONTHS[-1],
        months=MONTHS,
        made_at=AT,
        made_by='王敏',
        indicators=tuple(indicator(name, UNITS[place % 5]) for place, name in enumerate(names)),
        by_line=Table(
            'By line',
            tuple(zip(
                ('Line', 'Reports', 'Cases', 'Closed', 'Paid', 'Amount', 'Mean', 'Cycle', 'Rate', 'Open', 'Reserve'),
                ('text', 'count', 'count', 'count', 'count', 'money', 'money', 'days', 'share', 'count', 'money'),
                strict=True,
            )),
            (('Motor', 3, 2, 1, 1, Decimal(900), None, Decimal('1.5'), Decimal('0.9'), 1, Decimal(5)),),
            'Lines are defined.',
            ('Total', 3, 2, 1, 1, Decimal(900), None, Decimal('1.5'), Decimal('0.9'), 1, Decimal(5)),
        ),
        by_handler=Table(
            'By handler', (('Handler', 'text'), ('Open', 'count')), (('=李娜', 4),), 'Handlers are defined.',
        ),
        by_stage_and_age=Table(
            'By stage',
            (('Stage', 'text'), ('0-7', 'count'), ('over 7', 'count'), ('Open', 'count'), ('Reserve', 'money')),
            (('Survey', 2, 3, 5, Decimal(10)), ('Payment', 0, 0, 0, Decimal(0))), 'Stages are defined.',
            ('Total', 2, 3, 5, Decimal(10)),
        ),
        overdue=Table(
            'Overdue cases',
            tuple(zip(
                ('Number', 'Insured', 'Line', 'Stage', 'Handler', 'Limit', 'Due', 'Days', 'Missing', 'Reserve'),
                ('text', 'text', 'text', 'text', 'text', 'text', 'time', 'count', 'count', 'money'), strict=True,
            )),
            cases, 'The longest are listed.',
        ),
        chain_holds=True,
        overdue_count=overdue + 5000,
        chain='Self-check: it adds up.',
    )  # fmt: skip


def test_the_pdf_prints_every_indicator_with_its_definition_and_source() -> None:
    made = report()
    text = ''.join(texts(monthly_pdf(made)))
    for number, one in enumerate(made.indicators, 1):
        assert text.count(squeezed(one.name)) >= 2
        assert squeezed(f'{number}{one.name}{one.definition}{one.mark}{one.source}') in text
    for table in (made.by_line, made.by_handler, made.by_stage_and_age, made.overdue):
        assert squeezed(table.footnote) in text
        assert all(squeezed(str(row[0])) in text for row in table.rows)
    assert squeezed(made.chain) in text


def test_a_long_list_is_cut_on_paper_and_says_how_long_it_is() -> None:
    text = ''.join(texts(monthly_pdf(report(overdue=300))))
    assert f'CY2026-{MOST_ON_PAPER - 1:06d}' in text
    assert f'CY2026-{MOST_ON_PAPER:06d}' not in text
    assert '5,300inall' in text
    assert squeezed(f'Printed are the {MOST_ON_PAPER} longest overdue; the workbook lists 300.') in text


def test_an_empty_month_is_told_in_words_and_dashes() -> None:
    made = report(overdue=0)
    text = ''.join(texts(monthly_pdf(made)))
    assert squeezed('No case is past a time limit.') in text
    assert '–' in text


def test_the_workbook_has_the_sheets_figures_and_charts(tmp_path: Path) -> None:
    made = report()
    write_monthly(made, tmp_path / 'm.xlsx')
    book = load_workbook(tmp_path / 'm.xlsx')
    assert book.sheetnames == [
        'Overview', 'Twelve months', 'By line', 'By handler', 'By stage', 'Overdue cases', 'Definitions',
    ]  # fmt: skip
    assert [len(sheet._charts) for sheet in book] == [4, 0, 2, 0, 1, 0, 0]
    head, *lines = (row for row in book['Overview'].iter_rows(values_only=True) if row[2])
    assert head == (
        'No.', 'Group', 'Indicator', 'Unit', 'This month', 'Month before', 'Year to date', 'Source', 'Definition',
    )  # fmt: skip
    assert lines[0] == (1, 'Speed', 'Name of reported', 'cases', 0.5, '–', 2, 'B', 'Σreported ÷ cases')
    assert [row[2] for row in lines] == [one.name for one in made.indicators]
    head, *lines = (row for row in book['Twelve months'].iter_rows(values_only=True) if row[2])
    assert [month.date() for month in head[4:]] == list(MONTHS)
    assert lines[0][4:] == ('–', *(n / 4 for n in range(10)), 0.5)
    definitions = [row for row in book['Definitions'].iter_rows(values_only=True) if isinstance(row[0], int)]
    assert [row[2] for row in definitions] == [one.name for one in made.indicators]
    assert all(row[4] and row[5] and row[6] for row in definitions)
    assert book['By handler']['A5'].value == '=李娜'
    assert all(cell.data_type != 'f' for sheet in book for row in sheet.iter_rows() for cell in row)
    listed = [row for row in book['Overdue cases'].iter_rows(values_only=True) if str(row[0]).startswith('CY')]
    assert listed[0][6] == AT.replace(tzinfo=None)


def _bounds(area: str) -> tuple[int, int, int, int]:
    left, top, right, bottom = range_boundaries(area)
    return top, bottom, left, right


def test_charts_point_at_the_figures(tmp_path: Path) -> None:
    write_monthly(report(), tmp_path / 'm.xlsx')
    book = load_workbook(tmp_path / 'm.xlsx')
    names = {one.name for one in report().indicators}
    for sheet in book:
        for chart in sheet._charts:
            for series in chart.series:
                name, area = series.val.numRef.f.rsplit('!', 1)
                values = list(book[name.strip("'")].iter_rows(*_bounds(area), values_only=True))
                assert any(isinstance(value, int | float) for row in values for value in row)
                if sheet.title == 'Overview':
                    assert name == "'Twelve months'"
                    assert book['Twelve months'][series.tx.strRef.f.rsplit('!', 1)[1].replace('$', '')].value in names


@pytest.mark.parametrize('make', [lambda made, path, stop: write_monthly(made, path, stop),
                                  lambda made, path, stop: monthly_pdf(made, stop)])  # fmt: skip
def test_making_it_can_be_stopped(tmp_path: Path, make: object) -> None:
    def stop(done: int, total: int, sentence: str = '') -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        make(report(), tmp_path / 'm.xlsx', stop)
    assert list(tmp_path.iterdir()) == []


def test_names_with_rare_characters_and_payloads_survive_both_files(tmp_path: Path) -> None:
    made = report(insured='=𠮷䶮㐂\u202e\x00')
    write_monthly(made, tmp_path / 'm.xlsx')
    values = [row[1] for row in load_workbook(tmp_path / 'm.xlsx')['Overdue cases'].iter_rows(values_only=True)]
    assert '=𠮷䶮㐂\u202e□' in values
    assert '=𠮷䶮㐂□' in ''.join(texts(monthly_pdf(made)))
