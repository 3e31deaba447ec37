"""The command line: help in both languages, exit codes, errors in one sentence, and a frozen program's own door."""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from claimdesk import __main__, __version__, cli
from claimdesk.errors import Cancelled, Unavailable
from claimdesk.models import lock_probe, sqlite_file
from tests.services.paper_office import pdf

Answer = tuple[int, str, str]
COMMANDS = ('demo', 'read', 'report', 'summary', 'db', 'office', 'due', 'risk')


@pytest.fixture
def opened() -> list[argparse.Namespace]:
    return []


@pytest.fixture
def run(opened: list[argparse.Namespace], capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command: exit code, standard output, standard error. What needs a screen is noted in `opened`."""

    def note(args: argparse.Namespace) -> int:
        opened.append(args)
        return 0

    def command(*words: str) -> Answer:
        try:
            code = cli.main(['--language', 'en', *words], note, note)
        except SystemExit as left:
            code = int(left.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return command


def test_without_a_command_the_desk_opens(run: Callable[..., Answer], opened: list[argparse.Namespace]) -> None:
    assert run()[0] == 0
    assert run('--demo', '--database', 'sqlite:///x.db')[0] == 0
    assert [(args.demo, args.database) for args in opened] == [(False, None), (True, 'sqlite:///x.db')]


def test_the_version_is_said(run: Callable[..., Answer]) -> None:
    assert run('--version') == (0, f'ClaimDesk {__version__}\n', '')


def test_the_help_names_every_command(run: Callable[..., Answer]) -> None:
    code, out, _err = run('--help')
    assert code == 0
    assert all(re.search(rf'^\s+{name}\s', out, re.M) for name in COMMANDS)


@pytest.mark.parametrize('command', COMMANDS)
def test_every_command_has_a_help_of_its_own(run: Callable[..., Answer], command: str) -> None:
    code, out, _err = run(command, '--help')
    assert code == 0
    assert out.startswith(f'usage: claimdesk {command}')


def test_the_help_speaks_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(['--language=zh_CN', 'read', '--help'], lambda _args: 0, lambda _args: 0)
    assert re.search('[一-鿿]', capsys.readouterr().out)


@pytest.mark.parametrize(
    'words',
    [
        ('fly',), ('read',), ('read', 'x', '--engine', 'magic'), ('read', 'x', '--jobs', '0'), ('db', 'destroy'),
        ('demo',), ('office', 'generate'), ('office', 'generate', '--cases', '-3'), ('report', 'yearly'),
        ('--language', 'xx'),
    ],
    ids=' '.join,
)  # fmt: skip
def test_wrong_usage_is_exit_code_2(run: Callable[..., Answer], words: tuple[str, ...]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, '')
    assert 'usage:' in err


def test_an_error_is_one_sentence_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_args: argparse.Namespace) -> int:
        raise Unavailable('The database does not answer.', 'Check the network.')

    assert cli.main(['--language', 'en'], fail, fail) == 1
    assert capsys.readouterr() == ('', 'The database does not answer. Check the network.\n')


@pytest.mark.parametrize('stop', [Cancelled, KeyboardInterrupt])
def test_stopped_by_hand_is_exit_code_130(capsys: pytest.CaptureFixture[str], stop: type[BaseException]) -> None:
    def stopped(_args: argparse.Namespace) -> int:
        raise stop

    assert cli.main(['--language', 'en'], stopped, stopped) == 130
    assert capsys.readouterr().err == 'Stopped.\n'


def test_a_database_is_made_and_checked(run: Callable[..., Answer], tmp_path: Path) -> None:
    url = f'sqlite:///{tmp_path}/deep/office.db'
    assert run('--database', url, 'db', 'upgrade')[:2] == (0, 'The database is up to date.\n')
    assert run('--database', url, 'db', 'check')[:2] == (0, 'The database is in order.\n')


def test_a_database_of_somebody_else_is_not_touched(run: Callable[..., Answer], tmp_path: Path) -> None:
    (tmp_path / 'notes.db').write_text('shopping list')
    code, _out, err = run('--database', f'sqlite:///{tmp_path}/notes.db', 'db', 'check')
    assert code == 1
    assert 'Traceback' not in err
    assert (tmp_path / 'notes.db').read_text() == 'shopping list'


def test_a_server_that_is_not_there_is_said(run: Callable[..., Answer]) -> None:
    code, out, err = run('--database', 'postgresql://desk@127.0.0.1:1/claimdesk', 'db', 'check')
    assert (code, out) == (1, '')
    assert err.strip()
    assert 'Traceback' not in err


def test_an_office_is_generated_once(run: Callable[..., Answer], tmp_path: Path) -> None:
    url = f'sqlite:///{tmp_path}/office.db'
    assert run('--database', url, 'office', 'generate', '--cases', '20')[:2] == (0, '20 cases are ready.\n')
    code, out, err = run('--database', url, 'office', 'generate', '--cases', '20')
    assert (code, out) == (1, '')
    assert 'already an office' in err


def test_broken_files_are_named_and_the_others_are_read(run: Callable[..., Answer], tmp_path: Path) -> None:
    good, broken, gone = tmp_path / 'good.pdf', tmp_path / 'broken.pdf', tmp_path / 'gone.pdf'
    good.write_bytes(pdf('nothing that an invoice says'))
    broken.write_bytes(b'%PDF-1.4 torn')
    code, out, _err = run('read', '--json', str(broken), str(gone), str(good))
    answers = [json.loads(line) for line in out.splitlines()]
    assert code == 1
    assert [Path(one['file']).name for one in answers] == ['broken.pdf', 'gone.pdf', 'good.pdf']
    assert answers[0]['error']
    assert answers[1]['error']
    assert answers[2]['error'] is None
    assert [page['page'] for page in answers[2]['pages']] == [1]


def test_the_installation_checks_itself(run: Callable[..., Answer]) -> None:
    code, out, err = run('--self-test')
    assert (code, err) == (0, '')
    lines = out.splitlines()
    assert lines[-1] == f'ClaimDesk {__version__} is in order.'
    assert any('6320.00' in line for line in lines)
    assert any('.xlsx' in line for line in lines)
    assert any('.pdf' in line for line in lines)


def test_a_frozen_program_tries_locks_by_starting_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trial = tmp_path / 'trial.db'
    holder = sqlite3.connect(trial, isolation_level=None)
    holder.execute('CREATE TABLE t (n INTEGER)')
    monkeypatch.setattr(sys, 'argv', ['claimdesk', __main__.PROBE, str(trial)])
    assert __main__.main() == lock_probe.ENTERED
    holder.execute('BEGIN IMMEDIATE')
    assert __main__.main() == lock_probe.LOCKED
    # From a checkout another Python is asked, which gives the same answer.
    assert sqlite_file._second_desk(trial) == lock_probe.LOCKED
    holder.execute('ROLLBACK')
    assert sqlite_file._second_desk(trial) == lock_probe.ENTERED
    sqlite_file.probe_locks(tmp_path / 'office.db')
    assert sorted(one.name for one in tmp_path.iterdir()) == ['trial.db']
    holder.close()


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    """`claimdesk ... | head -1`: the pipe closes early."""
    (tmp_path / 'x.pdf').write_bytes(b'no')
    files = [str(tmp_path / 'x.pdf')] * 3
    process = subprocess.Popen(
        [sys.executable, '-m', 'claimdesk', '--language', 'en', 'read', '--json', *files],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert process.wait(120) == 1
    assert 'Traceback' not in err
