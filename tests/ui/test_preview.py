"""A PDF is looked at, turned, zoomed, printed and saved; whatever fails is said in the window."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from reportlab.pdfgen import canvas

from claimdesk.errors import Cancelled, Unavailable, Unreadable
from claimdesk.settings import Settings
from claimdesk.ui import dialogs, preview, printing, theme
from claimdesk.ui.page import Page, Shell
from claimdesk.ui.preview import Preview
from claimdesk.ui.tasks import Tasks

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
A4 = (595.28, 841.89)


def pdf(pages: int = 3, *, across: bool = False) -> bytes:
    out = io.BytesIO()
    size = A4[::-1] if across else A4
    drawing = canvas.Canvas(out, pagesize=size, invariant=1)
    for number in range(pages):
        drawing.setFont('Helvetica', 60)
        drawing.drawString(60, size[1] - 120, f'page {number + 1}')
        drawing.rect(20, 20, size[0] - 40, size[1] - 40)
        drawing.showPage()
    drawing.save()
    return out.getvalue()


@pytest.fixture
def page(qapp: QApplication, qtbot: QtBot) -> Iterator[Page]:
    theme.apply(qapp, 'light')
    tasks = Tasks.synchronous()
    made = Page(SimpleNamespace(settings=Settings()), Shell(tasks))  # type: ignore[arg-type]
    qtbot.addWidget(made)
    yield made
    tasks.close()


def opened(page: Page, qtbot: QtBot, produce: Any = lambda _progress: pdf()) -> Preview:
    shown = Preview(page, 'Claim summary', produce, 'summary.pdf')
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    shown.make()
    return shown


def test_the_pages_show_and_turn_by_key(page: Page, qtbot: QtBot) -> None:
    shown = opened(page, qtbot)
    assert (shown.number.text(), shown.count.text()) == ('1', 'of 3')
    qtbot.keyClick(shown, Key.Key_PageDown)
    assert shown.number.text() == '2'
    qtbot.keyClick(shown, Key.Key_End, CONTROL)
    assert shown.number.text() == '3'
    qtbot.keyClick(shown, Key.Key_PageDown)
    assert shown.number.text() == '3'
    qtbot.keyClick(shown, Key.Key_Home, CONTROL)
    qtbot.keyClick(shown, Key.Key_PageUp)
    assert shown.number.text() == '1'


def test_a_page_number_can_be_typed(page: Page, qtbot: QtBot) -> None:
    shown = opened(page, qtbot)
    shown.number.setText('2')
    qtbot.keyClick(shown.number, Key.Key_Return)
    assert shown.page() == 1
    for typed in ('99', 'x', ''):
        shown.number.setText(typed)
        qtbot.keyClick(shown.number, Key.Key_Return)
        assert shown.number.text() == str(shown.page() + 1)


def test_zoom_goes_both_ways_and_back_to_the_width(page: Page, qtbot: QtBot) -> None:
    shown = opened(page, qtbot)
    assert shown.width_button.isChecked()
    width = shown._factor()
    qtbot.keyClick(shown, Key.Key_Plus, CONTROL)
    assert shown.view.zoomFactor() == pytest.approx(width * preview.STEP)
    assert not shown.width_button.isChecked()
    for _press in range(20):
        shown.scale(preview.STEP)
    assert shown.view.zoomFactor() == preview.LARGEST
    qtbot.keyClick(shown, Key.Key_0, CONTROL)
    assert shown.width_button.isChecked()
    assert shown._factor() == pytest.approx(width)
    qtbot.keyClick(shown, Key.Key_1, CONTROL)
    assert shown.page_button.isChecked()
    assert shown._factor() < width


def test_what_cannot_be_made_is_said_and_can_be_tried_again(page: Page, qtbot: QtBot) -> None:
    answers = [Unavailable('The database does not answer.'), None]

    def produce(_progress: Any) -> bytes:
        problem = answers.pop(0)
        if problem is not None:
            raise problem
        return pdf(1)

    shown = opened(page, qtbot, produce)
    assert shown.banner.sentence == 'The database does not answer.'
    assert not shown.print_button.isEnabled()
    shown.banner._action.click()
    assert shown.banner.sentence == ''
    assert shown.print_button.isEnabled()
    assert shown.count.text() == 'of 1'


def test_something_that_is_no_pdf_is_said(page: Page, qtbot: QtBot) -> None:
    shown = opened(page, qtbot, lambda _progress: b'%PDF-1.4 torn')
    assert shown.banner.sentence == 'The PDF cannot be shown.'
    with pytest.raises(Unreadable):
        printing.open_pdf(b'')


def test_it_is_saved_whole_or_not_at_all(
    page: Page, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened(page, qtbot)
    place = tmp_path / 'deep' / 'summary.pdf'
    monkeypatch.setattr(dialogs, 'save_file', lambda *_args: place)
    qtbot.keyClick(shown, Key.Key_S, CONTROL)
    assert place.read_bytes() == pdf()
    assert 'summary.pdf' in shown.banner.sentence
    monkeypatch.setattr('os.fsync', _full)
    place.write_bytes(b'older')
    qtbot.keyClick(shown, Key.Key_S, CONTROL)
    assert 'could not be written' in shown.banner.sentence
    assert place.read_bytes() == b'older'
    assert [one.name for one in place.parent.iterdir()] == ['summary.pdf']


def _full(_handle: int) -> None:
    raise OSError(28, 'No space left on device')


def test_without_a_printer_there_is_another_way(
    page: Page, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened(page, qtbot)
    monkeypatch.setattr(printing, 'printers', list)
    monkeypatch.setattr(dialogs, 'save_file', lambda *_args: tmp_path / 'instead.pdf')
    qtbot.keyClick(shown, Key.Key_P, CONTROL)
    assert shown.banner.sentence == 'There is no printer on this computer.'
    shown.banner._action.click()
    assert (tmp_path / 'instead.pdf').read_bytes() == pdf()


def to_file(path: Path) -> QPrinter:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer


def test_what_is_printed_is_what_was_seen(page: Page, qtbot: QtBot, tmp_path: Path) -> None:
    shown = opened(page, qtbot, lambda _progress: pdf(2))
    printer = to_file(tmp_path / 'paper.pdf')
    printing.fit_paper(printer, shown._document.pagePointSize(0))
    shown.send_to(printer)
    assert shown.banner.sentence == '2 pages were sent to the printer.'
    printed = pypdf.PdfReader(tmp_path / 'paper.pdf')
    assert len(printed.pages) == 2
    assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] == [595, 842]
    (tmp_path / 'seen.pdf').write_bytes(pdf(2))
    assert ink(tmp_path / 'paper.pdf') == pytest.approx(ink(tmp_path / 'seen.pdf'), rel=0.1)


def ink(path: Path) -> float:
    """How dark the first page is, through another renderer."""
    shades = subprocess.run(
        ['pdftoppm', '-r', '150', '-gray', '-f', '1', '-l', '1', str(path)], check=True, capture_output=True
    ).stdout
    head, _newline, pixels = shades.partition(b'255\n')
    assert head.startswith(b'P5')
    return sum(255 - shade for shade in pixels) / len(pixels)


def test_pages_across_are_printed_across(qapp: QApplication, tmp_path: Path) -> None:
    content = pdf(1, across=True)
    document, _buffer = printing.open_pdf(content)
    printer = to_file(tmp_path / 'paper.pdf')
    printing.fit_paper(printer, document.pagePointSize(0))
    assert printing.print_pdf(content, printer, 0, lambda *_told: None) == 1
    box = pypdf.PdfReader(tmp_path / 'paper.pdf').pages[0].mediabox
    assert box.width > box.height


def test_the_chosen_pages_alone_are_printed(qapp: QApplication, tmp_path: Path) -> None:
    printer = to_file(tmp_path / 'paper.pdf')
    assert list(printing.wanted_pages(printer, 4, 2)) == [0, 1, 2, 3]
    printer.setPrintRange(QPrinter.PrintRange.CurrentPage)
    assert list(printing.wanted_pages(printer, 4, 2)) == [2]
    printer.setPrintRange(QPrinter.PrintRange.PageRange)
    printer.setFromTo(2, 3)
    assert list(printing.wanted_pages(printer, 4, 0)) == [1, 2]
    printer.setPageOrder(QPrinter.PageOrder.LastPageFirst)
    assert list(printing.wanted_pages(printer, 4, 0)) == [2, 1]


def test_printing_can_be_stopped(qapp: QApplication, tmp_path: Path) -> None:
    told: list[int] = []

    def progress(done: int, _total: int, _sentence: str = '') -> None:
        told.append(done)
        if done == 1:
            raise Cancelled

    with pytest.raises(Cancelled):
        printing.print_pdf(pdf(3), to_file(tmp_path / 'paper.pdf'), 0, progress)
    assert told == [0, 1]


def test_another_program_gets_a_copy_or_the_saved_file(
    page: Page, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened(page, qtbot)
    asked: list[Path] = []
    monkeypatch.setattr(preview, 'open_with_system', lambda path: asked.append(path) or True)
    qtbot.keyClick(shown, Key.Key_O, CONTROL)
    assert asked[0].name == 'summary.pdf'
    assert asked[0].read_bytes() == pdf()
    monkeypatch.setattr(dialogs, 'save_file', lambda *_args: tmp_path / 'kept.pdf')
    shown.save()
    shown.open_elsewhere()
    assert asked[1] == tmp_path / 'kept.pdf'
    monkeypatch.setattr(preview, 'open_with_system', lambda _path: False)
    shown.open_elsewhere()
    assert 'No program' in shown.banner.sentence


def test_the_window_goes_with_its_page(page: Page, qtbot: QtBot, qapp: QApplication) -> None:
    preview.preview_pdf(page, 'Report', lambda _progress: pdf(1), 'report.pdf')
    (shown,) = page.findChildren(Preview)
    assert shown.isVisible()
    assert shown.windowTitle() == 'Report · ClaimDesk'
    shown.activateWindow()
    qtbot.waitUntil(shown.isActiveWindow)
    qtbot.keyClick(shown, Key.Key_W, CONTROL)
    assert not shown.isVisible()
