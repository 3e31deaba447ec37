"""The place for documents is chosen, tried, filled and checked in the settings; a real S3 server stands behind it."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.models import Database
from claimdesk.rules.storage import PlaceKind
from claimdesk.services.documents import NewFile
from claimdesk.services.files import digest
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.pages.settings_storage import StorageSection
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Role
from tests.s3 import BUCKET, KEY, SECRET, S3Server, s3_server
from tests.services.paper_office import pdf
from tests.ui.list_office import ListOffice, list_office

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
PAPERS = [pdf(f'paper {number}') for number in range(3)]


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_CONFIG_HOME', str(tmp_path / 'config'))
    theme.apply(qapp, 'light')
    made = list_office(Database(sqlite_url), tmp_path, cases=1)
    for number, content in enumerate(PAPERS):
        made.desk.documents.add(made.people[Role.SERVICE], [NewFile('收据.pdf', content)], made.case_id, f'k{number}')
    yield made
    made.desk.close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[S3Server]:
    with s3_server(tmp_path / 's3') as running:
        yield running


def shown(
    office: ListOffice, qtbot: QtBot, role: Role = Role.ADMINISTRATOR, tasks: Tasks | None = None
) -> StorageSection:
    page = office.show(qtbot, SettingsPage, role, tasks)
    page.arrive('storage')
    section: Any = page.section()
    return section


def type_bucket(section: StorageSection, server: S3Server, qtbot: QtBot, **other: str) -> None:
    section.kind.set_value(PlaceKind.S3)
    typed = {'endpoint': server.endpoint, 'bucket': BUCKET, 'key_id': KEY, **other}
    for name, words in typed.items():
        if name in section.lines:
            section.lines[name].setFocus()
            qtbot.keyClicks(section.lines[name], words)
    qtbot.keyClicks(section.secret, other.get('secret', SECRET))


def press(section: StorageSection, qtbot: QtBot, button: Any) -> None:
    assert button.isEnabled()
    button.setFocus()
    qtbot.keyClick(button, Key.Key_Space)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob('*') if path.is_file())


def test_the_office_moves_into_a_bucket_and_nothing_is_lost(
    office: ListOffice, server: S3Server, qtbot: QtBot, tmp_path: Path
) -> None:
    section = shown(office, qtbot)
    assert not section.save_button.isEnabled()
    assert not section.moving.isVisible()
    type_bucket(section, server, qtbot)
    press(section, qtbot, section.test_button)
    assert section.answer.sentence == 'The place works.'
    assert section.has_unsaved()
    qtbot.keyClick(section.page, Key.Key_S, CONTROL)
    assert section.answer.sentence == 'Documents are kept here from now on.'
    assert section.secret.text() == ''
    assert not section.has_unsaved()
    assert kept(server.bucket) == []
    assert section.moving.isVisible()
    press(section, qtbot, section.moving.move_button)
    assert section.moving.answer.sentence.startswith('3 files were moved')
    assert not section.moving.move_button.isVisible()
    assert kept(server.bucket) == sorted(map(digest, PAPERS))
    assert kept(tmp_path / 'files') == []
    press(section, qtbot, section.checking.check_button)
    assert section.checking.answer.sentence == '3 files are as they were kept.'


def test_what_is_wrong_is_said_at_the_field_or_above_the_form(
    office: ListOffice, server: S3Server, qtbot: QtBot
) -> None:
    section = shown(office, qtbot)
    section.kind.set_value(PlaceKind.S3)
    press(section, qtbot, section.test_button)
    assert 'https://' in section.form.error('endpoint')
    assert section.form.error('bucket')
    type_bucket(section, server, qtbot, secret='wrong')
    press(section, qtbot, section.save_button)
    assert section.answer.sentence.endswith(f'does not accept the key {KEY}.')
    assert section.form.error('endpoint') == ''
    assert section.has_unsaved()
    assert office.desk.storage.view(office.desk.signed_in).version == 0


def test_a_move_is_stopped_and_goes_on(office: ListOffice, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / 'share').mkdir()
    tasks = Tasks()
    try:
        section = shown(office, qtbot, tasks=tasks)
        qtbot.waitUntil(lambda: section._view is not None)
        section.kind.set_value(PlaceKind.FOLDER)
        section.folder.line.setText(str(tmp_path / 'share'))
        section.folder.line.editingFinished.emit()
        section.save()
        qtbot.waitUntil(lambda: section.moving.move_button.isVisible())
        mover, move = office.desk.files_move, office.desk.files_move._one

        def slow(*file: Any) -> Any:
            moved = move(*file)
            time.sleep(0.2)
            return moved

        mover._one = slow  # type: ignore[method-assign]
        section.moving.move_files()
        qtbot.waitUntil(lambda: bool(kept(tmp_path / 'share')))
        assert section.moving.stop_button.isVisible()
        assert not section.moving.move_button.isEnabled()
        press(section, qtbot, section.moving.stop_button)
        assert not section.moving.stop_button.isVisible()
        mover._one = move  # type: ignore[method-assign]
        section.moving.move_files()
        qtbot.waitUntil(lambda: not section.moving.move_button.isVisible(), timeout=10_000)
        assert kept(tmp_path / 'share') == sorted(map(digest, PAPERS))
    finally:
        tasks.close()


def test_a_handler_only_enters_the_secret_of_this_computer(office: ListOffice, server: S3Server, qtbot: QtBot) -> None:
    section = shown(office, qtbot)
    type_bucket(section, server, qtbot)
    press(section, qtbot, section.save_button)
    office.desk.settings._secrets.clear()
    mine = shown(office, qtbot, Role.SURVEYOR)
    assert not mine.save_button.isVisible()
    assert not mine.test_button.isVisible()
    assert mine.lines['endpoint'].isReadOnly()
    assert not mine.checking.isVisible()
    qtbot.keyClicks(mine.secret, 'wrong')
    press(mine, qtbot, mine.secret_button)
    assert 'does not accept' in mine.answer.sentence
    mine.secret.clear()
    qtbot.keyClicks(mine.secret, SECRET)
    press(mine, qtbot, mine.secret_button)
    assert mine.answer.sentence == 'This computer knows the secret now.'
    office.desk.documents.add(office.desk.signed_in, [NewFile('x.pdf', pdf('more'))], None, 'more')
    assert kept(server.bucket) == [digest(pdf('more'))]


def test_broken_files_are_listed_and_orphans_removed(
    office: ListOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / 'files'
    (folder / digest(PAPERS[0])[:2] / digest(PAPERS[0])).write_bytes(b'changed')
    orphan = folder / 'ab' / ('ab' + '0' * 62)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b'never recorded')
    at = (office.watch() - dt.timedelta(days=3)).timestamp()
    os.utime(orphan, (at, at))
    section = shown(office, qtbot)
    group = section.checking
    press(section, qtbot, group.check_button)
    assert group.answer.sentence == '1 file is missing or was changed.'
    assert [group.table.item(row, 0).text() for row in range(group.table.rowCount())] == ['Broken', 'To know']
    monkeypatch.setattr(Dialog, 'run', lambda _dialog: True)
    press(section, qtbot, group.sweep_button)
    assert not orphan.exists()
    assert group.table.rowCount() == 1
    assert not group.sweep_button.isVisible()


def test_what_is_typed_survives_another_language(office: ListOffice, server: S3Server, qtbot: QtBot) -> None:
    section = shown(office, qtbot)
    type_bucket(section, server, qtbot, prefix='claims/')
    kept_typed = section.page.keep()
    again = office.show(qtbot, SettingsPage, Role.ADMINISTRATOR)
    again.restore(kept_typed)
    again.arrive('storage')
    other: Any = again.section()
    assert (other.lines['endpoint'].text(), other.lines['prefix'].text()) == (server.endpoint, 'claims/')
    assert other.has_unsaved()
