"""`claimdesk read --learned` scores what people corrected, `claimdesk learned` shows and forgets what it taught."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from claimdesk import cli
from claimdesk.models import Database
from tests.services.paper_office import paper_office
from tests.services.read_papers import HOSPITAL, Reader, receipt

Run = Callable[..., int]


@pytest.fixture
def reader(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """An office where somebody corrected one receipt, and the engine that the command will find."""
    monkeypatch.setattr('claimdesk.settings.settings_folder', lambda: tmp_path)
    database = Database(sqlite_url)
    office = paper_office(database, tmp_path)
    made = Reader(office)
    document, _view = made.take(receipt('0000000001', '77123'))
    made.confirm(document, serial_number='77123')
    monkeypatch.setattr('claimdesk.app._reader_pool', lambda _jobs: made)
    database.close()
    return made


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, reader: Reader) -> Run:
    (tmp_path / 'files').rename(tmp_path / 'office-files')  # where the command looks for them

    def run(*words: str) -> int:
        arguments = ['--language', 'en', '--database', sqlite_url, *words]
        return cli.main(arguments, open_desk=lambda _args: 0, run_demo=lambda _args: 0)

    return run


def test_the_score_is_a_table_and_all_is_well(reader: Reader, run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run('read', '--learned') == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ['papers', 'fields', 'then', 'now', 'sure', 'wrong']
    assert lines[1].split()[-6:] == ['1', '5', '4', '4', '4', '0']


def test_what_is_sure_and_wrong_gives_exit_code_1(
    reader: Reader, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    reader.page.fields['total'] = replace(reader.page.fields['total'], value='99.50')
    assert run('read', '--learned') == 1
    told = capsys.readouterr().out
    assert 'Sure but wrong:\n  CY2026-000001 · 收据 · Total: “99.50”, confirmed “88.50”' in told
    assert 'Right before, not any more:' in told
    assert run('read', '--learned', '--json') == 1
    found = json.loads(capsys.readouterr().out)
    assert [one['read'] for one in found['sure_but_wrong']] == ['99.50']
    assert found['kinds'][0]['sure_but_wrong'] == 1


@pytest.mark.parametrize('words', [('read',), ('read', '--learned', 'a.pdf')])
def test_files_or_the_office_but_not_both(reader: Reader, run: Run, words: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as caught:
        run(*words)
    assert caught.value.code == 2


def test_what_was_learned_is_listed_and_forgotten(
    reader: Reader, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run('learned', 'list') == 0
    assert capsys.readouterr().out.strip().split('\t') == [
        HOSPITAL, 'Outpatient receipt', 'Serial number', '诊疗流水', '1 paper'
    ]
    assert run('learned', 'forget', '别的医院') == 1
    assert 'Nothing was learned' in capsys.readouterr().err
    assert run('learned', 'forget', HOSPITAL) == 0
    assert '1 lesson is forgotten.' in capsys.readouterr().out
    assert run('learned', 'list', '--json') == 0
    assert json.loads(capsys.readouterr().out) == []
