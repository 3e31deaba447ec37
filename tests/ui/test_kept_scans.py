"""Scanned pages outlive the desk that scanned them: written as they come, offered by the next one, taken in once."""

import datetime as dt
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.paths import data_folder, data_kept_in
from claimdesk.ui import dialogs
from claimdesk.ui.pages.inbox.kept_scans import KeptScan, KeptScans
from claimdesk.ui.pages.inbox.scan_dialog import ScanDialog
from tests.services.paper_office import picture
from tests.ui.inbox_office import InboxOffice, inbox_office
from tests.ui.test_scan_dialog import PaperScanner

BEGUN = dt.datetime(2026, 3, 2, 6, 20, tzinfo=dt.UTC)
DESK = """
import datetime as dt, pathlib, sys
from claimdesk.ui.pages.inbox.kept_scans import KeptScan
kept = KeptScan(pathlib.Path(sys.argv[1]))
kept.begin(None, dt.datetime.fromisoformat(sys.argv[2]), as_one=True)
for name in sys.argv[3:]:
    kept.keep(pathlib.Path(name).read_bytes())
print('kept', flush=True)
sys.stdin.read()
"""


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    QSettings().remove('scan')
    with data_kept_in(tmp_path / 'own'), inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def folder_of(desk: InboxOffice) -> Path:
    """Where a scan of this person would be kept."""
    return KeptScans(desk.desk).new()._folder


def killed_while_scanning(desk: InboxOffice, tmp_path: Path, pages: int, *, kill: bool = True) -> subprocess.Popen[str]:
    """Another desk of the same person that has scanned some pages, and is killed then."""
    names = []
    for number in range(pages):
        (tmp_path / f'{number}.png').write_bytes(picture(size=(100 + number, 140)))
        names.append(str(tmp_path / f'{number}.png'))
    other = subprocess.Popen(
        [sys.executable, '-c', DESK, str(folder_of(desk)), BEGUN.isoformat(), *names],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert other.stdout is not None
    assert other.stdout.readline() == 'kept\n'
    if kill:
        os.kill(other.pid, signal.SIGKILL)
        other.communicate()
    return other


@pytest.mark.skipif(sys.platform == 'win32', reason='kills with a signal')
def test_pages_of_a_desk_that_was_killed_are_offered_and_taken_in(
    desk: InboxOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_while_scanning(desk, tmp_path, 3)
    monkeypatch.setattr(desk.desk, 'scanner', lambda: PaperScanner(0))
    page = desk.page()
    assert page.banner.sentence == '3 pages of the scan of 2026-03-02 14:20 were not taken in.'

    def run(dialog: ScanDialog) -> bool:
        assert dialog.shown.count() == 3
        dialog.form.bundle.set_value('one')
        QTest.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
        return True

    monkeypatch.setattr(ScanDialog, 'run', run)
    page.banner._action.click()
    (view,) = desk.inbox()
    assert (len(view.pages), view.source) == (3, 'scan')
    assert KeptScans(desk.desk).left() == []
    assert list((data_folder() / 'scans').iterdir()) == []


@pytest.mark.skipif(sys.platform == 'win32', reason='kills with a signal')
def test_pages_of_a_desk_that_lives_are_left_to_it(desk: InboxOffice, tmp_path: Path) -> None:
    other = killed_while_scanning(desk, tmp_path, 1, kill=False)
    try:
        assert KeptScans(desk.desk).left() == []
    finally:
        os.kill(other.pid, signal.SIGKILL)
        other.communicate()
    assert [one.count for one in KeptScans(desk.desk).left()] == [1]


def test_each_page_is_on_the_disk_as_soon_as_it_comes(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    class Watched(PaperScanner):
        def scan(self, device: str, options: object, progress: object = None) -> Iterator[bytes]:
            for page in super().scan(device, options, progress):  # type: ignore[arg-type]
                seen.append(len(list((data_folder() / 'scans').glob('*/*.page'))))
                yield page

    monkeypatch.setattr(desk.desk, 'scanner', lambda: Watched(3))
    kept = KeptScans(desk.desk).new()
    dialog = ScanDialog(desk.page(), kept, None)
    desk.qtbot.addWidget(dialog)  # type: ignore[union-attr]
    dialog.scan()
    assert seen == [0, 1, 2]
    dialog.shown.item(0).setSelected(True)
    dialog.drop_marked()
    assert len(list((data_folder() / 'scans').glob('*/*.page'))) == 2
    monkeypatch.setattr(dialogs, 'ask', lambda *_args, **_kwargs: True)
    dialog.reject()
    assert list((data_folder() / 'scans').iterdir()) == []


def test_what_could_not_be_taken_in_is_offered_again(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.desk, 'scanner', lambda: PaperScanner(2))
    page = desk.page()

    def run(dialog: ScanDialog) -> bool:
        dialog.scan()
        QTest.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
        return True

    def fails(*_args: object) -> object:
        raise Unavailable('The database is gone.', 'Wait.')

    monkeypatch.setattr(ScanDialog, 'run', run)
    with monkeypatch.context() as gone:
        gone.setattr(desk.desk.documents, 'add', fails)
        page.counter.scan()
    assert page.banner.sentence == 'The database is gone.'
    assert [one.count for one in KeptScans(desk.desk).left()] == [2]


def test_taking_in_twice_after_a_crash_in_between_adds_nothing(desk: InboxOffice) -> None:
    kept = KeptScans(desk.desk).new()
    assert isinstance(kept, KeptScan)
    assert 20 <= len(kept.key) <= 24
    assert kept.key == KeptScan(kept._folder).key
