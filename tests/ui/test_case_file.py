"""The case file on screen: chosen, written and shown as one PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from claimdesk.ocr import Box, FileReading, PageReading, TextRun
from claimdesk.services.documents import NewFile
from claimdesk.services.page_texts import keep_page_texts
from claimdesk.services.reading import Readings
from claimdesk.ui import dialogs, theme
from claimdesk.ui.pages.case.file_window import FileWindow
from claimdesk.ui.pages.case.page import CasePage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import DocumentKind, MarkKind, Role
from tests.services.paper_office import pdf, picture
from tests.services.test_reading import RecordedPool
from tests.ui.case_office import CaseOffice, case_office, when_asked

Keys = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def add(office: CaseOffice, name: str, content: bytes) -> None:
    office.desk.documents.add(office.people[Role.SERVICE], [NewFile(name, content)], office.case_id, name)


def at_documents(office: CaseOffice, qtbot: QtBot) -> CasePage:
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('documents')
    return page


def test_a_key_writes_the_chosen_papers_as_one_pdf(
    office: CaseOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(office, 'wanted.pdf', pdf('wanted words'))
    add(office, 'other.png', picture())
    page = at_documents(office, qtbot)
    path = tmp_path / 'out.pdf'
    monkeypatch.setattr(dialogs, 'save_file', lambda *_arguments: path)

    def choose(dialog: QWidget) -> None:
        tree = dialog.tree
        assert 'documents, 2 pages' in dialog._count.text()
        qtbot.keyClick(tree, Keys.Key_End)
        qtbot.keyClick(tree, Keys.Key_Space)
        assert '1 document, 1 page' in dialog._count.text()
        qtbot.keyClick(tree, Keys.Key_Return)
        dialog.ok_button.click()

    when_asked(choose)
    qtbot.keyClick(page, Keys.Key_E, CONTROL | SHIFT)
    qtbot.waitUntil(path.exists)
    texts = [found.extract_text() for found in PdfReader(path).pages]
    assert 'wanted words' in texts[-1]
    assert 'other' not in ''.join(texts)
    assert 'Saved as out.pdf' in page.banner.sentence


def test_pages_that_are_lost_are_named(
    office: CaseOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(office, 'torn.pdf', pdf('torn')[:150])
    page = at_documents(office, qtbot)
    monkeypatch.setattr(dialogs, 'save_file', lambda *_arguments: tmp_path / 'out.pdf')
    when_asked(lambda dialog: dialog.ok_button.click())
    page.tabs['documents'].file_tools.file_button.click()
    assert '1 page could not be taken over' in page.banner.sentence
    assert 'torn, page 1' in page.banner.accessibleName()


def test_nothing_chosen_cannot_be_written_and_an_empty_case_says_so(office: CaseOffice, qtbot: QtBot) -> None:
    page = at_documents(office, qtbot)
    page.tabs['documents'].file_tools.export()
    assert 'no document in this case' in page.banner.sentence
    add(office, 'one.pdf', pdf('one'))
    page.reload()

    def none(dialog: QWidget) -> None:
        dialog._tick_all(False)
        assert not dialog.ok_button.isEnabled()
        dialog._tick_all(True)
        assert dialog.ok_button.isEnabled()

    when_asked(none)
    page.tabs['documents'].file_tools.export()


def leafing(qtbot: QtBot, page: CasePage) -> FileWindow:
    window = next(window for window in page.findChildren(FileWindow) if window.isVisible())

    def in_front() -> bool:
        window.activateWindow()
        return window.isActiveWindow()

    qtbot.waitUntil(in_front)
    return window


def say(office: CaseOffice, name: str, *words: str, page: int = 0) -> None:
    """Keep words as what was read on a page."""
    documents = office.desk.documents.of_case(office.people[Role.SERVICE], office.case_id)
    document = next(one for one in documents if one.title == name)
    rows = tuple((TextRun(line, Box(0.1, 0.1 * number, 0.6, 0.04)),) for number, line in enumerate(words, 1))
    stored = [[one.sha256, one.page_index, one.rotation] for one in document.pages]
    with office.desk.context.database.write('test') as session:
        keep_page_texts(session, stored, [PageReading(page + 1, DocumentKind.OTHER, rows=rows, text_source='rapid')])


def test_all_pages_are_leafed_through_by_key(office: CaseOffice, qtbot: QtBot) -> None:
    add(office, 'one.pdf', pdf('one', 'two'))
    add(office, 'picture.png', picture())
    page = at_documents(office, qtbot)
    qtbot.keyClick(page, Keys.Key_F, CONTROL | SHIFT)
    window = leafing(qtbot, page)
    assert [window.shelf.item(row).text() for row in range(window.shelf.count())] == [
        'Not filed under a needed document', '', '', '',
    ]  # fmt: skip
    assert window._where.text() == 'one, page 1'
    qtbot.keyClick(window, Keys.Key_PageDown)
    assert (window._where.text(), window._number.text()) == ('one, page 2', '2 / 3')
    qtbot.keyClick(window.shelf, Keys.Key_End)
    assert window._where.text() == 'picture'
    assert window.canvas.has_picture
    qtbot.keyClick(window, Keys.Key_Home, CONTROL)
    assert window._number.text() == '1 / 3'
    window.close()


def test_words_are_found_lit_and_stepped_through(office: CaseOffice, qtbot: QtBot) -> None:
    add(office, 'one.pdf', pdf('one', 'two'))
    add(office, 'picture.png', picture())
    say(office, 'one', '桡骨远端骨折', page=1)
    page = at_documents(office, qtbot)
    tools = page.tabs['documents'].file_tools
    qtbot.keyClick(page, Keys.Key_F, CONTROL)
    assert tools.search.hasFocus()
    tools.search.setText('骨')
    qtbot.keyClick(tools.search, Keys.Key_Return)
    window = leafing(qtbot, page)
    assert window._told.text() == '2 places · 1 page\n2 pages have not been read yet.'
    assert (window._where.text(), window.search.count.text()) == ('one, page 2', '1 / 2')
    (first, second), lit = window.canvas._spots, window.canvas._lit
    assert lit == first.name != second.name
    qtbot.keyClick(window, Keys.Key_F3)
    assert (window.search.count.text(), window.canvas._lit) == ('2 / 2', second.name)
    qtbot.keyClick(window, Keys.Key_F3)
    assert window.search.count.text() == '1 / 2'
    window.search.field.setText('没有')
    window.search.find()
    assert 'Nothing found' in window._told.text()
    assert window.canvas._spots == ()
    qtbot.keyClick(window.search.field, Keys.Key_Escape)
    qtbot.waitUntil(lambda: window.side.currentWidget() is window.shelf)
    window.close()


# Marks


def opened(office: CaseOffice, qtbot: QtBot, term: str = '') -> FileWindow:
    page = at_documents(office, qtbot)
    page.tabs['documents'].file_tools.search.setText(term)
    page.tabs['documents'].file_tools.leaf_through()
    return leafing(qtbot, page)


def kept(office: CaseOffice) -> list[tuple[MarkKind, str]]:
    marks = office.desk.page_marks.of_case(office.people[Role.SERVICE], office.case_id)
    return [(mark.kind, mark.note) for mark in marks]


def draw(qtbot: QtBot, window: FileWindow, box: tuple[float, float, float, float]) -> None:
    """Draw a box (fractions of the page) with the mouse."""
    canvas = window.canvas
    area = canvas._in_scene(box)
    first, last = canvas.mapFromScene(area.topLeft()), canvas.mapFromScene(area.bottomRight())
    qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=first)
    qtbot.mouseMove(canvas.viewport(), last)
    qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=last)


def test_a_tool_marks_what_is_drawn_and_undo_takes_it_back(office: CaseOffice, qtbot: QtBot) -> None:
    add(office, 'picture.png', picture(size=(400, 500)))
    window = opened(office, qtbot)
    qtbot.keyClick(window, Keys.Key_H, CONTROL)
    assert window.marks.buttons[MarkKind.HIGHLIGHT].isChecked()
    draw(qtbot, window, (0.2, 0.2, 0.4, 0.1))
    assert kept(office) == [(MarkKind.HIGHLIGHT, '')]
    (shown,) = window.canvas.marks
    assert [round(side, 1) for side in shown.box] == [0.2, 0.2, 0.4, 0.1]
    qtbot.keyClick(window, Keys.Key_Z, CONTROL)
    assert kept(office) == []
    assert window.canvas.marks == ()
    qtbot.keyClick(window, Keys.Key_Escape)
    assert not window.marks.buttons[MarkKind.HIGHLIGHT].isChecked()
    assert window.isVisible()
    window.close()


def test_a_mark_is_moved_annotated_removed_and_each_undone_by_key(
    office: CaseOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(office, 'picture.png', picture(size=(400, 500)))
    window = opened(office, qtbot)
    draw(qtbot, window, (0.2, 0.2, 0.4, 0.1))
    qtbot.keyClick(window, Keys.Key_B, CONTROL)
    (before,) = window.canvas.marks
    qtbot.keyClick(window, Keys.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(window, Keys.Key_Down, Qt.KeyboardModifier.AltModifier | SHIFT)
    (moved,) = window.canvas.marks
    assert moved.box[0] > before.box[0]
    assert moved.box[3] > before.box[3]
    monkeypatch.setattr(dialogs, 'ask_text', lambda *_words, **_more: '请核对')
    qtbot.keyClick(window, Keys.Key_F2)
    assert kept(office) == [(MarkKind.BOX, '请核对')]
    qtbot.keyClick(window, Keys.Key_Delete)
    assert kept(office) == []
    wanted = [[(MarkKind.BOX, '请核对')], [(MarkKind.BOX, '')], [(MarkKind.BOX, '')], []]
    for state in wanted:
        qtbot.keyClick(window, Keys.Key_Z, CONTROL)
        assert kept(office) == state
        assert window.banner.sentence == ''
    window.close()


def test_all_places_found_are_blacked_out_and_a_copy_offers_it(
    office: CaseOffice, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(office, 'one.pdf', pdf('one', 'two'))
    say(office, 'one', '身份证号320501', '另320501')
    window = opened(office, qtbot, '320501')
    assert window.search.count.text() == '1 / 2'
    qtbot.keyClick(window, Keys.Key_D, CONTROL | SHIFT)
    assert kept(office) == [(MarkKind.BLACKOUT, '')] * 2
    qtbot.keyClick(window, Keys.Key_F6)
    assert window.marks.chosen == window.canvas.marks[0].id
    path = tmp_path / 'copy.pdf'
    monkeypatch.setattr(dialogs, 'save_file', lambda *_arguments: path)

    def agree(dialog: QWidget) -> None:
        assert dialog.blackout.isChecked()
        assert dialog.blackout.isVisible()
        assert not dialog.marks.isVisible()
        dialog.ok_button.click()

    when_asked(agree)
    qtbot.keyClick(window, Keys.Key_E, CONTROL | SHIFT)
    qtbot.waitUntil(path.exists)
    assert 'blacked out on 1 of them' in window.banner.accessibleName()
    assert 'one' not in PdfReader(path).pages[-2].extract_text()
    window.close()


def test_who_may_not_mark_sees_why(office: CaseOffice, qtbot: QtBot) -> None:
    add(office, 'picture.png', picture())
    page = office.page(qtbot, Role.AUDITOR)
    page.arrive('documents')
    page.tabs['documents'].file_tools.leaf_through()
    window = leafing(qtbot, page)
    button = window.marks.buttons[MarkKind.BLACKOUT]
    assert not button.isEnabled()
    assert button.toolTip()
    window.close()


def test_the_window_may_close_while_pages_are_on_their_way(office: CaseOffice, qtbot: QtBot) -> None:
    add(office, 'one.pdf', pdf(*(f'page {number}' for number in range(12))))
    say(office, 'one', '桡骨远端骨折', page=3)
    tasks = Tasks()
    page = office.page(qtbot, Role.SERVICE, tasks)
    page.arrive('documents')
    qtbot.waitUntil(lambda: page.file is not None)
    page.tabs['documents'].file_tools.search.setText('骨折')
    page.tabs['documents'].file_tools.leaf_through()
    window = leafing(qtbot, page)
    qtbot.waitUntil(lambda: window._where.text() == 'one, page 4')
    qtbot.waitUntil(lambda: window.canvas.has_picture)
    window.marks.add(MarkKind.BOX, [(0.1, 0.1, 0.2, 0.2)])
    window.go_to(0)
    window.close()
    page.closing()
    tasks.close()
    assert kept(office) in ([], [(MarkKind.BOX, '')])


@pytest.mark.parametrize('threads', [False, True])
def test_papers_that_were_not_read_are_read_on_request(office: CaseOffice, qtbot: QtBot, threads: bool) -> None:
    add(office, 'one.pdf', pdf('one'))
    add(office, 'two.pdf', pdf('two'))
    say(office, 'two', '骨折')
    reading = FileReading('', (PageReading(1, DocumentKind.OTHER, text='手术记录'),))
    office.desk.__dict__['readings'] = Readings(office.desk.context, lambda: RecordedPool(reading))
    tasks = Tasks() if threads else Tasks.synchronous()
    page = office.page(qtbot, Role.SERVICE, tasks)
    page.arrive('documents')
    page.tabs['documents'].file_tools.search.setText('手术')
    page.tabs['documents'].file_tools.leaf_through()
    window = leafing(qtbot, page)
    qtbot.waitUntil(lambda: 'Nothing found' in window._told.text())
    assert '1 page has not been read yet' in window._told.text()
    window.read_button.click()
    qtbot.waitUntil(lambda: window.search.count.text() == '1 / 1')
    qtbot.waitUntil(lambda: window._where.text() == 'one')
    assert not window.read_button.isVisible()
    window.close()
    page.closing()
    tasks.close()
