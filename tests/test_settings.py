"""The workstation's settings: written whole, checked when another hand wrote them, passwords never in the file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import keyring
import pytest

from claimdesk.errors import InvalidInput, Unavailable
from claimdesk.settings import FILE_NAME, USUAL_JOBS, Settings, with_password, without_password


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / 'config' / FILE_NAME


def kept(path: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text('utf-8'))['settings']
    return values


def test_without_a_file_the_defaults_hold(path: Path) -> None:
    settings = Settings.load(path)
    assert (settings.database_url, settings.language, settings.theme) == ('', 'zh_CN', 'system')
    assert settings.ocr_jobs == USUAL_JOBS
    assert settings.notice == ''


def test_what_is_saved_is_loaded(path: Path) -> None:
    Settings(database_url='sqlite:////srv/office.db', language='en', theme='dark', ocr_jobs=3).save(path)
    again = Settings.load(path)
    assert (again.database_url, again.language, again.theme, again.ocr_jobs) == (
        'sqlite:////srv/office.db', 'en', 'dark', 3,
    )  # fmt: skip
    assert [one.name for one in path.parent.iterdir()] == [FILE_NAME]


def test_a_password_never_reaches_the_file(path: Path) -> None:
    Settings(database_url='postgresql://desk:s3cret@db/claimdesk').save(path)
    assert 's3cret' not in path.read_text('utf-8')
    assert kept(path)['database_url'] == 'postgresql://desk@db/claimdesk'


@pytest.mark.parametrize('content', ['', '{', '[]', '{"settings": 3}', '{"settings": "abc"}', 'null', '\x00\x01'])
def test_a_damaged_file_is_set_aside_and_said(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, 'utf-8')
    settings = Settings.load(path)
    assert settings.language == 'zh_CN'
    assert settings.notice
    assert any('damaged' in one.name for one in path.parent.iterdir())


def test_of_a_hand_edited_file_what_makes_sense_is_used(path: Path) -> None:
    Settings(theme='dark').save(path)
    content = json.loads(path.read_text('utf-8'))
    content['settings'].update(language='klingon', ocr_jobs=2)
    path.write_text(json.dumps(content), 'utf-8')
    settings = Settings.load(path)
    assert (settings.language, settings.theme, settings.ocr_jobs) == ('zh_CN', 'dark', 2)
    assert 'language' in settings.notice


@pytest.mark.parametrize('values', [{'ocr_jobs': 0}, {'ocr_jobs': 99}, {'language': 'xx'}, {'theme': 'pink'}])
def test_nonsense_is_refused_by_field(path: Path, values: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput) as refused:
        Settings(**values).save(path)
    assert list(refused.value.fields) == list(values)
    assert not path.exists()


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(theme='dark').save(path)

    def full(_handle: int) -> None:
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(Unavailable, match='could not be saved'):
        Settings(theme='light').save(path)
    assert Settings.load(path).theme == 'dark'
    assert [one.name for one in path.parent.iterdir()] == [FILE_NAME]


def test_the_environment_goes_first_and_is_not_written_down(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(theme='dark', language='zh_CN').save(path)
    monkeypatch.setenv('CLAIMDESK_THEME', 'light')
    settings = Settings.load(path)
    assert settings.theme == 'light'
    settings.save()
    assert kept(path)['theme'] == 'dark'
    monkeypatch.setenv('CLAIMDESK_OCR_JOBS', 'many')
    with pytest.raises(InvalidInput, match='CLAIMDESK_OCR_JOBS'):
        Settings.load(path)


def test_one_option_is_changed_without_undoing_what_another_window_wrote(path: Path) -> None:
    Settings(theme='dark').save(path)
    mine, other = Settings.load(path), Settings.load(path)
    other.change(export_folder='/srv/exports')
    mine.change(theme='light')
    again = Settings.load(path)
    assert (again.theme, again.export_folder) == ('light', '/srv/exports')
    assert mine.theme == 'light'
    mine.change_file(database_url='sqlite:////srv/other.db')
    assert mine.database_url == ''
    assert Settings.load(path).database_url == 'sqlite:////srv/other.db'


def test_a_refused_change_changes_nothing(path: Path) -> None:
    Settings().save(path)
    settings = Settings.load(path)
    with pytest.raises(InvalidInput):
        settings.change(ocr_jobs=99)
    assert settings.ocr_jobs == 1 == Settings.load(path).ocr_jobs


@pytest.mark.parametrize(
    'url', ['postgresql://desk@db:5433/claimdesk', 'postgresql://u%40x@db/n', 'sqlite:////srv/office.db']
)
def test_addresses_lose_and_gain_a_password_and_nothing_else(url: str) -> None:
    assert without_password(url) == url
    if url.startswith('postgresql'):
        secret = with_password(url, 'p@ss:/w')
        assert 'p%40ss%3A%2Fw@' in secret
        assert without_password(secret) == url


def test_the_password_of_this_session_is_enough_without_a_keyring(path: Path) -> None:
    settings = Settings(database_url='postgresql://desk@db/claimdesk')
    assert settings.url_with_password() == settings.database_url
    assert settings.remember_password('p@ss') is False
    assert settings.url_with_password() == 'postgresql://desk:p%40ss@db/claimdesk'


def test_a_keyring_keeps_the_password_for_the_next_start(monkeypatch: pytest.MonkeyPatch) -> None:
    ring: dict[tuple[str, str], str] = {}
    monkeypatch.setattr(keyring, 'set_password', lambda service, name, word: ring.update({(service, name): word}))
    monkeypatch.setattr(keyring, 'get_password', lambda service, name: ring.get((service, name)))
    assert Settings(database_url='postgresql://desk@db/claimdesk').remember_password('p@ss')
    again = Settings(database_url='postgresql://desk@db/claimdesk')
    assert again.url_with_password() == 'postgresql://desk:p%40ss@db/claimdesk'
    assert Settings(database_url='postgresql://desk@db/other').url_with_password().count(':') == 1


def test_the_secret_of_a_store_comes_from_the_environment_the_session_or_the_keyring(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []

    def keyring(account: str) -> str:
        asked.append(account)
        return 'from the keyring' if account == 's3:known' else ''

    monkeypatch.setattr('claimdesk.settings._from_keyring', keyring)
    settings = Settings()
    assert [settings.secret('s3:known') for _twice in range(2)] == ['from the keyring'] * 2
    assert asked == ['s3:known'], 'it is asked for every file'
    assert settings.secret('s3:other') == ''
    assert not settings.remember_secret('s3:other', 'typed'), 'there is no keyring in a test'
    assert settings.secret('s3:other') == 'typed'
    monkeypatch.setenv('CLAIMDESK_FILES_SECRET', 'from outside')
    assert Settings().secret('s3:third') == 'from outside'
    assert 'typed' not in repr(settings)
