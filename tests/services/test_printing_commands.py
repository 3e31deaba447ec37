"""Printing without a screen: the commands for report, summary and due times, and what they say when they cannot."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook

from claimdesk import cli
from claimdesk.app import build
from claimdesk.models import Database, StoredFile
from claimdesk.services.documents import NewFile
from claimdesk.settings import Settings
from tests.reports.pages import texts
from tests.services.paper_office import PaperOffice, paper_office, pdf

Command = Callable[..., tuple[int, str, str]]


def nothing(args: argparse.Namespace) -> int:
    raise AssertionError('no screen is wanted')


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def run(office: PaperOffice, database_url: str, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command on the office: exit code, standard output, standard error."""

    def command(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(['--language', 'en', '--database', database_url, *words], nothing, nothing)
        except SystemExit as left:
            code = int(left.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return command


def test_the_monthly_report_is_written_in_both_formats(run: Command, tmp_path: Path) -> None:
    folder = str(tmp_path / 'o')
    code, out, err = run('report', 'monthly', '--month', '2026-03', '--format', 'xlsx,pdf', '--out', folder)
    assert (code, err) == (0, '')
    workbook, paper = map(Path, out.splitlines())
    assert load_workbook(workbook).sheetnames[0] == 'Overview'
    assert 'Commandline' in texts(paper.read_bytes())[0]


@pytest.mark.parametrize('month', ['2019-01', '2999-12'])
def test_a_month_without_cases_is_one_clear_sentence(run: Command, tmp_path: Path, month: str) -> None:
    code, out, err = run('report', 'monthly', '--month', month, '--out', str(tmp_path / 'o'))
    assert (code, out) == (1, '')
    assert err.startswith(f'There is nothing to report for {month}. The office has cases from 2026-03 to ')
    assert len(err.splitlines()) == 1
    assert not (tmp_path / 'o').exists()


@pytest.mark.parametrize('month', ['march', '2026-13', '2026', ''])
def test_what_is_no_month_is_wrong_usage(run: Command, tmp_path: Path, month: str) -> None:
    code, _out, err = run('report', 'monthly', '--month', month, '--out', str(tmp_path))
    assert code == 2
    assert 'must look like 2026-11' in err


@pytest.mark.parametrize('formats', ['docx', 'xlsx,html', ','])
def test_an_unknown_format_is_said(run: Command, tmp_path: Path, formats: str) -> None:
    code, _out, err = run('report', 'monthly', '--month', '2026-03', '--format', formats, '--out', str(tmp_path / 'o'))
    assert code == 1
    assert 'xlsx, pdf, or both' in err


def test_a_folder_that_cannot_be_written_is_one_clear_sentence(run: Command, tmp_path: Path) -> None:
    (tmp_path / 'file').write_text('here')
    for words in (
        ('report', 'monthly', '--month', '2026-03', '--out', str(tmp_path / 'file' / 'o')),
        ('summary', 'CY2026-000001', '--out', str(tmp_path / 'file' / 's.pdf')),
        ('summary', 'CY2026-000001', '--out', str(tmp_path)),
    ):
        code, out, err = run(*words)
        assert (code, out) == (1, '')
        assert 'could not be written' in err
        assert len(err.splitlines()) == 1


def test_the_summary_of_a_case_is_written(run: Command, office: PaperOffice, tmp_path: Path) -> None:
    path = tmp_path / 'summary.pdf'
    code, out, err = run('summary', office.case_number.lower(), '--out', str(path))
    assert (code, out, err) == (0, f'{path}\n', '')
    assert office.case_number in texts(path.read_bytes())[0]


def test_the_papers_of_a_case_are_written_and_what_is_missing_is_named(
    run: Command, office: PaperOffice, tmp_path: Path
) -> None:
    files = [NewFile('good.pdf', pdf('good words')), NewFile('torn.pdf', pdf('torn')[:150])]
    build(Settings(), office.context.database).documents.add(office.clerk, files, office.case_id, 'papers')
    path = tmp_path / 'file.pdf'
    code, out, err = run('case', 'export-file', office.case_number, '--out', str(path), '--blackout', '--marks')
    assert (code, out) == (1, f'{path}  2 pages\n')
    assert err.startswith('torn, page 1: ')
    assert 'goodwords' in texts(path.read_bytes())[-2]


@pytest.mark.parametrize('command', [('summary', 'XX2026-000009', '--out', 'never.pdf'), ('due', 'XX2026-000009')])
def test_an_unknown_case_is_one_clear_sentence(run: Command, command: tuple[str, ...]) -> None:
    code, out, err = run(*command)
    assert (code, out) == (1, '')
    assert err == 'There is no case XX2026-000009. Check the number, or search for the name.\n'


def test_every_clock_of_a_case_as_json(run: Command, office: PaperOffice) -> None:
    code, out, err = run('due', office.case_number, '--json')
    assert (code, err) == (0, '')
    clocks = json.loads(out)
    assert clocks
    for clock in clocks:
        assert {'id', 'name', 'citation', 'mark', 'started_at', 'pauses', 'due', 'state', 'explanation'} <= clock.keys()
        assert dt.datetime.fromisoformat(clock['started_at']).tzinfo is not None
        assert clock['explanation']


def test_every_clock_of_a_case_in_words(run: Command, office: PaperOffice) -> None:
    code, out, _err = run('due', office.case_number)
    assert code == 0
    assert 'Target of this step' in out


def test_reminders_are_sent_by_command(run: Command, office: PaperOffice) -> None:
    code, out, err = run('remind')
    assert (code, err) == (0, '')
    assert out.splitlines()[-1].endswith('sent.')


def test_files_are_checked_by_command(run: Command, office: PaperOffice) -> None:
    code, said, _errors = run('files', 'check')
    assert (code, said.split(maxsplit=2)[-1].strip()) == (0, 'Files: 0 files are as they were kept.')
    if office.context.database.path is not None:
        office.context.database.path.with_name('office-files').mkdir()
    with office.context.database.write('test') as session:
        session.add(
            StoredFile(
                sha256='a' * 64, size=1, media_type='image/png', name='收据.png', stored_at=office.watch()
            )
        )
    code, said, _errors = run('files', 'check', '--json')
    assert (code, [(one['part'], one['health']) for one in json.loads(said)]) == (
        1, [('file', 'broken'), ('orphan', 'note')],
    )  # fmt: skip
