"""The scan dialog: devices as they answer, profiles, pages as they come, and everything that goes wrong."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.progress import quiet
from claimdesk.scanning import Colour, Device, PageSize, ScanOptions, Source
from claimdesk.scanning.remembered import FILE_NAME, Remembered
from claimdesk.ui import dialogs
from claimdesk.ui.pages.inbox.kept_scans import KeptScans
from claimdesk.ui.pages.inbox.scan_dialog import ScanDialog
from tests.scanning.escl_server import EsclDevice, escl_server
from tests.services.paper_office import picture
from tests.ui.inbox_office import InboxOffice, inbox_office

GLASS = Device('glass', 'Flatbed 1')
FEEDER = Device('feed', 'Feeder 2', (Source.FEEDER, Source.DUPLEX), (100, 300), (Colour.GREY,), 216.0)


class PaperScanner:
    """A scanner that hands out pages and then fails, if it is told to."""

    def __init__(self, pages: int, breaks: bool = False, devices: tuple[Device, ...] = (GLASS, FEEDER)) -> None:
        self.pages, self.breaks, self.found = pages, breaks, devices
        self.asked: list[tuple[str, ScanOptions]] = []

    def devices(self, progress: object = None) -> list[Device]:
        return list(self.found)

    def scan(self, device: str, options: ScanOptions, progress: object = None) -> Iterator[bytes]:
        self.asked.append((device, options))
        for number in range(self.pages):
            yield picture(size=(100 + number, 140))
        if self.breaks:
            raise Unavailable('The paper is jammed.', 'Open the scanner.')


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[InboxOffice]:
    QSettings().remove('scan')
    monkeypatch.setattr('claimdesk.scanning.remembered.settings_folder', lambda: tmp_path)
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def dialog_of(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch, scanner: object) -> ScanDialog:
    monkeypatch.setattr(desk.desk, 'scanner', lambda: scanner)
    page = desk.page()
    dialog = ScanDialog(page, KeptScans(desk.desk).new(), None)
    desk.qtbot.addWidget(dialog)
    return dialog


def offered(combo: object) -> list[object]:
    return [combo.itemData(row) for row in range(combo.count())]  # type: ignore[attr-defined]


def test_pages_are_scanned_as_they_come_and_taken_in(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    scanner = PaperScanner(3)
    monkeypatch.setattr(desk.desk, 'scanner', lambda: scanner)
    page = desk.page()

    def run(dialog: ScanDialog) -> bool:
        form = dialog.form
        form.device.setCurrentIndex(1)
        form.resolution.set_value(300)
        form.source.set_value(Source.DUPLEX)
        QTest.mouseClick(dialog.scan_button, Qt.MouseButton.LeftButton)
        assert dialog.shown.count() == 3
        dialog.shown.item(1).setSelected(True)
        dialog.show()
        dialog.shown.setFocus()
        desk.qtbot.waitUntil(lambda: dialog.shown.hasFocus())
        QTest.keyClick(dialog.shown, Qt.Key.Key_Delete)
        assert dialog.shown.count() == 2
        form.bundle.set_value('one')
        QTest.mouseClick(dialog.ok_button, Qt.MouseButton.LeftButton)
        return True

    monkeypatch.setattr(ScanDialog, 'run', run)
    page.arrive('scan')
    (view,) = desk.inbox()
    assert (len(view.pages), view.source, view.title) == (2, 'scan', 'Scan')
    assert scanner.asked == [('feed', ScanOptions(300, Colour.GREY, Source.DUPLEX, PageSize.A4))]
    assert desk.desk.settings.scanner == 'feed'


def test_a_device_offers_what_it_can_and_the_wish_comes_back_with_the_next(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = dialog_of(desk, monkeypatch, PaperScanner(1)).form
    assert form.options == ScanOptions(200, Colour.COLOUR, Source.GLASS, PageSize.A4)
    form.paper.set_value(PageSize.A3)
    form.device.setCurrentIndex(1)
    assert offered(form.resolution) == [100, 300]
    assert offered(form.source) == [Source.FEEDER, Source.DUPLEX]
    assert PageSize.A3 not in offered(form.paper)
    assert form.options == ScanOptions(300, Colour.GREY, Source.FEEDER, PageSize.WHOLE)
    form.device.setCurrentIndex(0)
    assert form.options == ScanOptions(200, Colour.COLOUR, Source.GLASS, PageSize.A3)


def test_a_jam_keeps_the_pages_that_came_and_scanning_goes_on(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner = PaperScanner(2, breaks=True)
    dialog = dialog_of(desk, monkeypatch, scanner)
    dialog.scan()
    assert (dialog.banner.sentence, dialog.shown.count()) == ('The paper is jammed.', 2)
    assert dialog.ok_button.isEnabled()
    scanner.breaks = False
    dialog.scan()
    assert (dialog.banner.sentence, len(dialog.scanned)) == ('', 4)


def test_no_scanner_is_a_clear_sentence(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = dialog_of(desk, monkeypatch, PaperScanner(0, devices=()))
    assert dialog.banner.sentence == 'No scanner answers.'
    assert not dialog.scan_button.isEnabled()


def test_the_scanner_used_last_can_be_used_before_the_others_are_found(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog_of(desk, monkeypatch, PaperScanner(1)).scan()
    assert desk.desk.settings.scanner == 'glass'
    monkeypatch.setattr(ScanDialog, 'find_devices', lambda _dialog: None)
    scanner = PaperScanner(1)
    dialog = dialog_of(desk, monkeypatch, scanner)
    assert dialog.form.device.currentText() == 'Flatbed 1'
    dialog.scan()
    assert [device for device, _options in scanner.asked] == ['glass']


def test_one_that_no_longer_answers_is_said_and_another_chosen(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog_of(desk, monkeypatch, PaperScanner(1)).scan()
    dialog = dialog_of(desk, monkeypatch, PaperScanner(1, devices=(FEEDER,)))
    assert 'does not answer' in dialog.banner.sentence
    assert dialog.form.device.value() == FEEDER


def test_the_way_of_scanning_is_remembered(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    form = dialog_of(desk, monkeypatch, PaperScanner(1)).form
    wanted = ScanOptions(400, Colour.BLACK, Source.FEEDER, PageSize.A5)
    form.source.set_value(wanted.source)
    form.colour.set_value(wanted.colour)
    form.paper.set_value(wanted.size)
    form.resolution.set_value(wanted.resolution)
    form.keep()
    assert dialog_of(desk, monkeypatch, PaperScanner(1)).form.options == wanted
    QSettings().setValue('scan/colour', 'ultraviolet')
    assert dialog_of(desk, monkeypatch, PaperScanner(1)).form.options.colour is Colour.COLOUR


def test_profiles_are_saved_applied_and_removed(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialog = dialog_of(desk, monkeypatch, PaperScanner(1))
    form, memory = dialog.form, dialog.memory
    assert not form.profile.isEnabled()
    form.source.set_value(Source.DUPLEX)
    form.colour.set_value(Colour.GREY)
    form.bundle.set_value('one')
    monkeypatch.setattr(dialogs, 'ask_text', lambda *_a, **_k: 'Receipts')
    memory.save_button.click()
    assert form.profile.value() == 'Receipts'
    form.source.set_value(Source.GLASS)
    assert form.profile.value() is None
    form.bundle.set_value('each')

    again = dialog_of(desk, monkeypatch, PaperScanner(1))
    again.form.profile.set_value('Receipts')
    assert again.form.options == ScanOptions(200, Colour.GREY, Source.DUPLEX, PageSize.A4)
    assert again.as_one
    assert again.form.profile.value() == 'Receipts'
    monkeypatch.setattr(dialogs, 'ask', lambda *_a, **_k: True)
    again.memory.remove_button.click()
    assert Remembered(tmp_path / FILE_NAME).profiles() == ()
    assert again.form.options.source is Source.DUPLEX


def test_a_profile_without_a_proper_name_is_refused(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = dialog_of(desk, monkeypatch, PaperScanner(1))
    monkeypatch.setattr(dialogs, 'ask_text', lambda *_a, **_k: 'x' * 80)
    dialog.memory.save_profile()
    assert 'needs a name' in dialog.banner.sentence


def test_a_network_scanner_is_added_by_its_address(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialog = dialog_of(desk, monkeypatch, PaperScanner(1))
    with escl_server(EsclDevice()) as device:
        monkeypatch.setattr(dialogs, 'ask_text', lambda *_a, **_k: device.url)
        dialog.memory.address_button.click()
    chosen = dialog.form.device.value()
    assert (chosen.name, chosen.label) == (f'escl:{device.url}', 'ClaimDesk Test Scanner')
    assert Remembered(tmp_path / FILE_NAME).addresses() == (device.url,)


def test_an_address_where_nobody_answers_is_said_and_not_kept(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    dialog = dialog_of(desk, monkeypatch, PaperScanner(1))
    monkeypatch.setattr(dialogs, 'ask_text', lambda *_a, **_k: '127.0.0.1:9')
    dialog.memory.add_address()
    assert 'No network scanner answers at 127.0.0.1:9' in dialog.banner.sentence
    assert Remembered(tmp_path / FILE_NAME).addresses() == ()


@pytest.mark.parametrize('sure', [True, False])
def test_scanned_pages_are_not_thrown_away_unasked(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    dialog = dialog_of(desk, monkeypatch, PaperScanner(2))
    dialog.open()
    desk.qtbot.waitUntil(dialog.isActiveWindow)
    dialog.scan()
    asked: list[str] = []
    monkeypatch.setattr(dialogs, 'ask', lambda _parent, title, *_a, **_k: bool(asked.append(title)) or sure)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert asked == ['Throw away 2 scanned pages?']
    assert dialog.isVisible() is (not sure)
    assert len(dialog.scanned) == 2


def test_scanning_in_the_background_can_be_stopped_and_keeps_what_came(
    sqlite_url: str, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Slow(PaperScanner):
        def scan(self, device: str, options: ScanOptions, progress: object = quiet) -> Iterator[bytes]:
            yield picture()
            while True:
                time.sleep(0.01)
                progress(0, 0, 'still')  # type: ignore[operator]

    with inbox_office(sqlite_url, tmp_path, qtbot, threads=True) as office:
        dialog = dialog_of(office, monkeypatch, Slow(1))
        dialog.show()
        qtbot.waitUntil(lambda: dialog.scan_button.isEnabled())
        dialog.scan()
        qtbot.waitUntil(lambda: dialog.shown.count() == 1)
        assert not dialog.form.isEnabled()
        assert dialog.stop_button.isVisible()
        dialog.stop()
        assert dialog.form.isEnabled()
        assert dialog.ok_button.isEnabled()
        monkeypatch.setattr(dialogs, 'ask', lambda *_a, **_k: True)
        dialog.reject()
