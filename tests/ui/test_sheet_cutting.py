"""A sheet of several receipts at the bench: proposed, corrected by mouse and keys, cut with one key, taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from claimdesk.models import Document
from claimdesk.scanning import PageRef, write_pdf
from claimdesk.ui.pages.inbox import InboxPage
from claimdesk.ui.pages.inbox.canvas import PAGE_WIDTH
from claimdesk.ui.pages.inbox.cut_frame import CutFrame
from claimdesk.vocabulary import DocumentState
from tests.services.test_sheet_cuts import card_sheet, saved, taxi_sheet
from tests.ui.inbox_office import InboxOffice, inbox_office


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def to_check(desk: InboxOffice, content: bytes) -> int:
    (view,) = desk.take_in(('sheet.png', content))
    with desk.desk.context.write(desk.desk.signed_in, 'test') as session:
        session.get_one(Document, view.id).state = DocumentState.TO_CHECK
    return view.id


def frame_of(page: InboxPage) -> CutFrame:
    frame = page.tools.cutting.frame
    assert frame is not None
    return frame


def at(page: InboxPage, x: float, y: float) -> QPoint:
    canvas = page.bench.pages.canvas
    return canvas.mapFromScene(x * PAGE_WIDTH, y * PAGE_WIDTH * 1754 / 1240)


def drag(page: InboxPage, start: QPoint, end: QPoint) -> None:
    view = page.bench.pages.canvas.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)


def test_one_key_accepts_what_was_proposed_and_undo_puts_it_together(desk: InboxOffice) -> None:
    number = to_check(desk, taxi_sheet(3))
    page = desk.page()
    assert page.bench.pages.notice.sentence == '3 papers are marked on this sheet.'
    before = desk.get(number).pages
    QTest.keyClick(page, Qt.Key.Key_F7)
    assert len(desk.inbox()) == 3
    assert desk.said()[-1] == '3 papers are cut apart; the sheet is kept.'
    desk.undo()
    assert desk.get(number).pages == before
    assert len(desk.inbox()) == 1


def test_esc_keeps_the_sheet_and_it_is_not_proposed_again(desk: InboxOffice) -> None:
    number = to_check(desk, taxi_sheet(2))
    page = desk.page()
    frame_of(page)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.tools.cutting.frame is None
    assert not page.bench.pages.notice.isVisible()
    page.tools.cutting.look()
    assert page.tools.cutting.frame is None
    assert page.bench.sheet is not None
    assert page.bench.sheet.document.id == number


def test_boxes_are_dragged_added_and_removed(desk: InboxOffice) -> None:
    number = to_check(desk, taxi_sheet(2))
    page = desk.page()
    frame = frame_of(page)
    corner = frame.boxes[1][2]
    drag(page, at(page, *corner), at(page, corner[0] + 0.05, corner[1] + 0.04))
    assert frame.boxes[1][2] == pytest.approx((corner[0] + 0.05, corner[1] + 0.04), abs=0.01)
    drag(page, at(page, 0.5, 0.6), at(page, 0.8, 0.9))
    assert len(frame.boxes) == 3
    assert frame.boxes[2][0] == pytest.approx((0.5, 0.6), abs=0.01)
    canvas = page.bench.pages.canvas
    before = frame.boxes[2][0]
    QTest.keyClick(canvas, Qt.Key.Key_Right)
    assert frame.boxes[2][0][0] > before[0]
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert len(frame.boxes) == 4
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert frame.active == 0
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(frame.boxes) == 2
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert len(desk.inbox()) == 2
    assert desk.get(number).pages[0].page_index == 0


def test_a_card_is_not_proposed_but_cut_when_asked(desk: InboxOffice) -> None:
    to_check(desk, card_sheet())
    page = desk.page()
    assert page.tools.cutting.frame is None
    QTest.keyClick(page, Qt.Key.Key_F7)
    assert len(frame_of(page).boxes) == 2
    assert page.bench.pages.canvas.hasFocus()
    QTest.keyClick(page.bench.pages.canvas, Qt.Key.Key_Return)
    assert len(desk.inbox()) == 2


def test_the_frame_goes_with_its_document(desk: InboxOffice) -> None:
    first = to_check(desk, taxi_sheet(2))
    second = desk.invoice(3)
    page = desk.page()
    page.choose(first)
    frame_of(page)
    page.choose(second.id)
    assert page.tools.cutting.frame is None


def test_after_a_cut_and_after_esc_the_next_sheet_of_the_file_comes_into_view(desk: InboxOffice) -> None:
    blank = saved(Image.new('RGB', (1240, 1754), (250, 250, 250)))
    pages = [taxi_sheet(3), blank, taxi_sheet(2), blank, taxi_sheet(4)]
    number = to_check(desk, write_pdf([PageRef(page) for page in pages]))
    page = desk.page()
    shown = page.bench.pages
    QTest.keyClick(page, Qt.Key.Key_F7)
    assert (shown.position, len(frame_of(page).boxes)) == (1, 2)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert (shown.position, len(frame_of(page).boxes)) == (3, 4)
    shown.go_to(0)
    assert shown.position == 0
    assert page.tools.cutting.frame is None
    shown.go_to(3)
    QTest.keyClick(page, Qt.Key.Key_F7)
    assert len(desk.get(number).pages) == 3
    assert len(desk.inbox()) == 8
