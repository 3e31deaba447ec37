"""`claimdesk files`: where, check and move, with words, JSON and exit codes."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from claimdesk import cli
from claimdesk.app import build
from claimdesk.models import Database
from claimdesk.services.documents import NewFile
from claimdesk.services.files import digest
from claimdesk.settings import SECRET_VARIABLE, Settings
from tests.s3 import BUCKET, KEY, SECRET, s3_server
from tests.services.paper_office import paper_office, pdf

CONTENT = pdf('one')
Run = Callable[..., int]


@pytest.fixture
def run(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command over an office with one document, in the folder beside its database."""
    monkeypatch.setattr('claimdesk.settings.settings_folder', lambda: tmp_path)
    database = Database(sqlite_url)
    office = paper_office(database, tmp_path)
    desk = build(Settings(database_url=sqlite_url), database)
    desk.documents.add(office.clerk, [NewFile('收据.pdf', CONTENT)], office.case_id, 'k')
    desk.close()

    def run(*words: str) -> int:
        arguments = ['--language', 'en', '--database', sqlite_url, 'files', *words]
        return cli.main(arguments, open_desk=lambda _args: 0, run_demo=lambda _args: 0)

    return run


def kept(tmp_path: Path) -> Path:
    return tmp_path / 'office-files' / digest(CONTENT)[:2] / digest(CONTENT)


def test_where_they_are(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run('where') == 0
    assert capsys.readouterr().out.startswith('In a folder beside the database: 1 file, ')
    assert run('where', '--json') == 0
    assert json.loads(capsys.readouterr().out)['place'] == {'kind': 'folder', 'folder': ''}


def test_a_broken_file_gives_exit_code_1(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run('check') == 0
    kept(tmp_path).write_bytes(b'changed')
    assert run('check') == 1
    assert 'CY2026-000001 · 收据.pdf: This file was changed' in capsys.readouterr().out


def test_orphans_go_only_when_asked(run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    orphan = kept(tmp_path).with_name(digest(CONTENT)[:2] + '0' * 62)
    orphan.write_bytes(b'never recorded')
    long_ago = (dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).timestamp()
    os.utime(orphan, (long_ago, long_ago))
    assert run('check') == 0
    assert orphan.exists()
    assert run('check', '--remove-orphans') == 0
    assert '1 file was removed.' in capsys.readouterr().out
    assert not orphan.exists()
    assert kept(tmp_path).exists()


def test_moving_to_a_share_and_back_into_the_database(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run('move', '--to', str(tmp_path / 'not there')) == 1
    assert 'is not there' in capsys.readouterr().err
    (tmp_path / 'share').mkdir()
    assert run('move', '--to', str(tmp_path / 'share')) == 0
    assert '1 file was moved' in capsys.readouterr().out
    assert not kept(tmp_path).exists()
    assert run('move', '--to', 'database', '--json') == 0
    assert json.loads(capsys.readouterr().out)['files'] == 1
    assert run('check') == 0


def test_moving_into_a_bucket(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with s3_server(tmp_path / 's3') as server:
        to = ('move', '--to', f's3://{BUCKET}/claims', '--endpoint', server.endpoint, '--key-id', KEY)
        assert run(*to) == 1
        assert 'does not know the secret' in capsys.readouterr().err
        monkeypatch.setenv(SECRET_VARIABLE, SECRET)
        assert run(*to) == 0
        assert (server.bucket / 'claims' / digest(CONTENT)).read_bytes() == CONTENT
        assert run('check') == 0
        assert run('move') == 0
    assert run('move', '--to', 's3://claims/x', '--key-id', KEY) == 1
    assert '--endpoint' in capsys.readouterr().err
