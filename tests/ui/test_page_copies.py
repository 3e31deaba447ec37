"""At the bench: the password of a protected PDF, and the sheet cut out of a photo, with its way back."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from claimdesk.services.documents import NewFile
from claimdesk.ui.pages.inbox.unlock_dialog import UnlockDialog
from claimdesk.vocabulary import DocumentState
from tests.scanning.test_sheet import photo
from tests.services.paper_office import picture
from tests.services.test_page_copies import protected
from tests.ui.inbox_office import InboxOffice, inbox_office


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def add(desk: InboxOffice, name: str, content: bytes) -> int:
    (document,) = desk.desk.documents.add(desk.desk.signed_in, [NewFile(name, content, 'drop')], None, name)
    return document.id


def test_a_protected_pdf_asks_for_its_password_at_the_bench(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = add(desk, 'bill.pdf', protected())
    page = desk.page()
    notice = page.bench.form.notice
    assert notice.sentence == 'The PDF is protected by a password.'

    def run(dialog: UnlockDialog) -> bool:
        dialog.open()
        desk.qtbot.waitUntil(dialog.isActiveWindow)
        for typed in ('', 'wrong', '0826'):
            dialog.password.setText(typed)
            QTest.keyClick(dialog.password, Qt.Key.Key_Return)
            assert (dialog.opened is not None) is (typed == '0826')
            assert dialog.isVisible() is (typed != '0826')
        return True

    monkeypatch.setattr(UnlockDialog, 'run', run)
    page.bench.unlock_wanted.emit()
    opened = desk.get(number)
    assert len(opened.pages) == 2
    assert opened.state is not DocumentState.UNREADABLE
    assert notice.sentence != 'The PDF is protected by a password.'


def test_the_sheet_is_cut_out_by_key_and_comes_back(desk: InboxOffice) -> None:
    number = add(desk, 'photo.jpg', photo('wood'))
    page = desk.page()
    before = desk.get(number).pages
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page, Qt.Key.Key_X, both)
    assert desk.get(number).pages == before
    assert page.bench.pages.notice.sentence == 'This is the sheet in the photo.'
    QTest.keyClick(page, Qt.Key.Key_X, both)
    assert desk.get(number).pages != before
    assert desk.said()[-1] == 'The sheet is cut out; the photo is kept.'
    desk.undo()
    assert [one.sha256 for one in desk.get(number).pages] == [one.sha256 for one in before]


def test_where_no_sheet_stands_out_the_corners_are_set_by_hand(desk: InboxOffice) -> None:
    number = add(desk, 'scan.png', picture(size=(300, 400)))
    page = desk.page()
    before = desk.get(number).pages
    page.tools.cut_out()
    assert 'No sheet stands out' in page.bench.pages.notice.sentence
    canvas = page.bench.pages.canvas
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    cut = desk.get(number).pages
    assert cut != before
    with Image.open(io.BytesIO(desk.desk.documents.page_image(desk.desk.signed_in, number, 0, 900))) as image:
        assert image.width / image.height == pytest.approx(0.846 * 300 / (0.84 * 400), rel=0.02)
