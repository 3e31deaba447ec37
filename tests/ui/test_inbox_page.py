"""The inbox: paper comes in by every way, waits on the pile, is sorted, and survives whatever happens."""

import io
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.services.context import Actor
from claimdesk.ui.pages.inbox import InboxPage, taking_in
from claimdesk.vocabulary import DocumentKind, DocumentState
from tests.ocr import paper
from tests.services.paper_office import pdf, picture
from tests.ui.inbox_office import InboxOffice, inbox_office, states

CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


@pytest.fixture
def threaded(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot, threads=True) as office:
        yield office


def drop(page: InboxPage, *paths: Path) -> None:
    """Let files fall onto the page, as a file manager does."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    move, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(300, 300), move, data, left, none)
    QApplication.sendEvent(page, entering)
    if entering.isAccepted():
        QApplication.sendEvent(page, QDropEvent(QPointF(300, 300), move, data, left, none, QEvent.Type.Drop))


def folder_of(tmp_path: Path, **files: bytes) -> Path:
    folder = tmp_path / 'papers'
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name.replace('_', '.')).write_bytes(content)
    return folder


def test_the_empty_inbox_teaches_the_ways_in(desk: InboxOffice) -> None:
    page = desk.page()
    assert page.stack.currentWidget() is page.welcome
    assert 'Drop papers here' in page.welcome.accessibleName()
    assert page.welcome.scan_button.isVisible()


def test_dropped_files_and_folders_are_taken_in_and_read(desk: InboxOffice, tmp_path: Path) -> None:
    page = desk.page()
    folder = folder_of(tmp_path, a_pdf=paper.as_pdf(paper.make(1, 'digital_normal')), b_png=picture(), c_txt=b'no')
    drop(page, folder)
    assert [one.title for one in desk.inbox()] == ['a', 'b']
    assert desk.inbox()[0].state is DocumentState.TO_CHECK
    assert desk.inbox()[0].kind is DocumentKind.DIGITAL_NORMAL
    assert desk.inbox()[0].source == 'drop'
    assert 'c.txt' in page.banner.sentence
    assert page.stack.currentIndex() == 0
    assert desk.badges[-1] == ('inbox', 2)


@pytest.mark.parametrize(('form', 'pages'), [('PNG', 1), ('JPEG', 1), ('TIFF', 3), ('BMP', 1), ('WEBP', 1)])
def test_every_kind_of_picture_is_taken(desk: InboxOffice, tmp_path: Path, form: str, pages: int) -> None:
    frames = [Image.new('RGB', (80, 60), (250, 250, 250 - 9 * number)) for number in range(pages)]
    out = io.BytesIO()
    more = {'save_all': True, 'append_images': frames[1:]} if pages > 1 else {}
    frames[0].save(out, form, **more)
    path = tmp_path / f'x.{form.lower()}'
    path.write_bytes(out.getvalue())
    page = desk.page()
    drop(page, path)
    (view,) = desk.inbox()
    assert (len(view.pages), view.problem) == (pages, '')


def test_a_torn_file_is_kept_with_one_sentence(desk: InboxOffice, tmp_path: Path) -> None:
    page = desk.page()
    drop(page, *folder_of(tmp_path, torn_pdf=pdf('one')[:200]).iterdir())
    (view,) = desk.inbox()
    assert view.state is DocumentState.UNREADABLE
    assert 'damaged' in view.problem
    assert 'cannot be opened' in desk.said()[-1]
    assert 'damaged' in page.bench.form.notice.sentence


def test_hostile_files_spoil_nothing(desk: InboxOffice, tmp_path: Path) -> None:
    page = desk.page()
    bomb = io.BytesIO()
    Image.new('1', (20000, 20000)).save(bomb, 'PNG')
    names = {'empty_pdf': b'', 'bomb_png': bomb.getvalue(), 'noise_jpg': bytes(range(256)) * 9, 'good_pdf': pdf('good')}
    drop(page, folder_of(tmp_path, **names))
    kept = {one.title: one for one in desk.inbox()}
    assert set(kept) == {'bomb', 'noise', 'good'}
    assert kept['good'].state is DocumentState.TO_CHECK
    assert states([kept['bomb'], kept['noise']]) == [DocumentState.UNREADABLE] * 2
    assert 'empty' in page.banner.sentence


def test_a_copied_picture_and_copied_files_are_pasted(desk: InboxOffice, tmp_path: Path) -> None:
    page = desk.page()
    image = QImage(120, 90, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    QGuiApplication.clipboard().setImage(image)
    QTest.keyClick(page, Qt.Key.Key_V, CONTROL)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in folder_of(tmp_path, a_pdf=pdf('a')).iterdir()])
    QGuiApplication.clipboard().setMimeData(data)
    QTest.keyClick(page, Qt.Key.Key_V, CONTROL)
    assert [(one.title, one.source) for one in desk.inbox()] == [('Pasted picture', 'paste'), ('a', 'paste')]


def test_nothing_to_paste_is_said(desk: InboxOffice) -> None:
    page = desk.page()
    QGuiApplication.clipboard().setText('words')
    QTest.keyClick(page, Qt.Key.Key_V, CONTROL)
    assert 'clipboard' in page.banner.sentence


def test_files_are_opened(desk: InboxOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = desk.page()
    paths = sorted(folder_of(tmp_path, a_pdf=pdf('a'), b_pdf=pdf('b')).iterdir())
    monkeypatch.setattr('claimdesk.ui.dialogs.open_files', lambda *_a, **_k: paths)
    QTest.keyClick(page, Qt.Key.Key_O, CONTROL)
    assert [one.source for one in desk.inbox()] == ['open', 'open']


def test_very_many_files_are_asked_about_once(
    desk: InboxOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = desk.page()
    monkeypatch.setattr(taking_in, 'MANY', 1)
    asked: list[str] = []
    monkeypatch.setattr('claimdesk.ui.dialogs.ask', lambda _p, title, *_a, **_k: asked.append(title) or False)
    drop(page, folder_of(tmp_path, a_pdf=pdf('a'), b_pdf=pdf('b')))
    assert asked == ['Take in 2 files?']
    assert desk.inbox() == []


def test_paper_for_a_case_goes_into_that_case_and_the_way_back_is_open(desk: InboxOffice, tmp_path: Path) -> None:
    page = desk.page()
    page.arrive({'case_id': desk.office.case_id})
    assert desk.office.case_number in page.welcome.accessibleName()
    drop(page, folder_of(tmp_path, a_pdf=pdf('a')))
    (view,) = desk.of_case()
    assert (view.title, desk.inbox()) == ('a', [])
    assert page.bench.form.filing.place is not None
    assert page.bench.form.filing.place.case_id == desk.office.case_id
    page.back_to_case()
    assert desk.opened == [(desk.office.case_id, 'documents')]


def test_the_pile_is_sorted_oldest_first_and_survives_a_restart(desk: InboxOffice) -> None:
    desk.take_in(('b.pdf', pdf('b')))
    desk.office.watch.forward(minutes=5)
    desk.take_in(('a.pdf', pdf('a')))
    for _again in range(2):
        assert [one.title for one in desk.page().model.documents] == ['b', 'a']


def test_what_another_desk_adds_appears_in_place(desk: InboxOffice) -> None:
    first = desk.invoice(1)
    page = desk.page()
    page.bench.form.go_to('seller_name')
    desk.invoice(2)
    page.changed({'document'}, set())
    assert len(page.model.documents) == 2
    assert page.bench.sheet is not None
    assert page.bench.sheet.document.id == first.id
    assert page.bench.form.current() == 'seller_name'


def test_pages_are_turned_removed_and_moved_and_all_of_it_is_undone(desk: InboxOffice) -> None:
    (view,) = desk.take_in(('a.pdf', pdf('one', 'two', 'three')))
    page = desk.page()
    marks = [one.page_index for one in desk.get(view.id).pages]
    QTest.keyClick(page, Qt.Key.Key_R, CONTROL)
    assert [one.rotation for one in desk.get(view.id).pages] == [90, 0, 0]
    desk_pages = page.bench.pages
    QTest.keyClick(page, Qt.Key.Key_PageDown)
    assert desk_pages.position == 1
    QTest.keyClick(page, Qt.Key.Key_Down, ALT)
    assert [one.page_index for one in desk.get(view.id).pages] == [0, 2, 1]
    assert desk_pages.position == 2
    desk.undo()
    assert [one.page_index for one in desk.get(view.id).pages] == marks
    desk_pages.strip.setCurrentRow(0)
    desk_pages.strip.setFocus()
    QTest.keyClick(desk_pages.strip, Qt.Key.Key_Delete)
    assert [one.page_index for one in desk.get(view.id).pages] == [1, 2]
    desk.undo()
    assert [(one.page_index, one.rotation) for one in desk.get(view.id).pages] == [(0, 90), (1, 0), (2, 0)]


def test_pages_are_dragged_into_another_order(desk: InboxOffice) -> None:
    (view,) = desk.take_in(('a.pdf', pdf('one', 'two', 'three')))
    page = desk.page()
    page.bench.pages.strip.reordered.emit([2, 0, 1])
    assert [one.page_index for one in desk.get(view.id).pages] == [2, 0, 1]


def test_a_document_is_split_and_put_together_again(desk: InboxOffice) -> None:
    desk.take_in(('a.pdf', pdf('one', 'two', 'three')))
    page = desk.page()
    page.bench.pages.go_to(1)
    page.bench.pages.split_wanted.emit(page.bench.pages.position)
    assert [len(one.pages) for one in desk.inbox()] == [1, 2]
    desk.undo()
    assert [len(one.pages) for one in desk.inbox()] == [3]


def test_selected_documents_are_merged_and_parted_again(desk: InboxOffice) -> None:
    desk.take_in(('a.pdf', pdf('one')))
    desk.take_in(('b.pdf', pdf('two', 'three')))
    page = desk.page()
    page.pile.selectAll()
    QTest.keyClick(page, Qt.Key.Key_M, CONTROL)
    assert [len(one.pages) for one in desk.inbox()] == [3]
    desk.undo()
    assert [(one.title, len(one.pages)) for one in desk.inbox()] == [('a', 1), ('b', 2)]


def test_documents_are_removed_and_brought_back(desk: InboxOffice) -> None:
    desk.take_in(('a.pdf', pdf('one')))
    page = desk.page()
    page.pile.setFocus()
    QTest.keyClick(page.pile, Qt.Key.Key_Delete)
    assert desk.inbox() == []
    assert page.stack.currentWidget() is page.welcome
    desk.undo()
    assert [one.title for one in desk.inbox()] == ['a']


def test_edits_asked_for_quickly_happen_one_after_the_other(threaded: InboxOffice, qtbot: QtBot) -> None:
    (view,) = threaded.take_in(('a.png', picture()))
    page = threaded.page()
    qtbot.waitUntil(lambda: page.bench.sheet is not None, timeout=20_000)
    page.mailroom.queue.stop()
    for _ in range(3):
        page.tools.turn(90)
    qtbot.waitUntil(lambda: threaded.get(view.id).pages[0].rotation == 270, timeout=20_000)
    assert page.banner.sentence == ''


def test_escape_skips_to_the_next_document_that_is_ready(desk: InboxOffice) -> None:
    first, second = desk.invoice(1), desk.invoice(2)
    page = desk.page()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert page.bench.sheet is not None
    assert page.bench.sheet.document.id == second.id
    QTest.keyClick(page, Qt.Key.Key_Escape)
    assert page.bench.sheet.document.id == first.id


def test_arrow_keys_walk_through_the_pile_and_enter_goes_to_work(desk: InboxOffice) -> None:
    desk.invoice(1)
    second = desk.invoice(2)
    page = desk.page()
    page.pile.setFocus()
    QTest.keyClick(page.pile, Qt.Key.Key_Down)
    assert page.bench.sheet is not None
    assert page.bench.sheet.document.id == second.id
    assert page.pile.hasFocus()
    QTest.keyClick(page.pile, Qt.Key.Key_Return)
    assert page.bench.form.current() == page.bench.form.open_fields()[0]


def test_the_next_document_is_at_hand_before_it_is_wanted(desk: InboxOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.invoice(1)
    second = desk.invoice(2)
    page = desk.page()
    assert second.id in page.sheets._ahead
    key = page.pictures.key(second, 0, page.bench.pages._width)
    assert key in page.pictures._large


def test_reading_is_cancelled_and_goes_on_when_asked(threaded: InboxOffice, qtbot: QtBot) -> None:
    for number in range(3):
        threaded.invoice(number, read=False)
    page = threaded.page()
    queue = page.mailroom.queue
    qtbot.waitUntil(lambda: queue.reading != 0, timeout=20_000)
    (running,) = [one for one in threaded.tasks.running() if one.title == 'Reading']
    threaded.tasks.cancel(running.key)
    qtbot.waitUntil(lambda: 'stopped' in page.banner.sentence, timeout=20_000)
    waiting = [one for one in threaded.inbox() if one.state is DocumentState.WAITING]
    assert waiting
    assert not any(queue.waits(one.id) for one in waiting)
    QTest.mouseClick(page.banner._action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(one.state is DocumentState.TO_CHECK for one in threaded.inbox()), timeout=200_000)


def test_as_many_documents_are_read_at_once_as_there_are_processes(
    threaded: InboxOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = [threaded.invoice(number, read=False) for number in range(4)]
    threaded.desk.settings = replace(threaded.desk.settings, ocr_jobs=2)
    both, begun, read = threading.Barrier(2, timeout=20), [], threaded.desk.readings.read

    def together(actor: Actor, document_id: int, *more: Any) -> object:
        begun.append(document_id)
        if len(begun) <= 2:
            both.wait()
        return read(actor, document_id, *more)

    monkeypatch.setattr(threaded.desk.readings, 'read', together)
    threaded.page()
    qtbot.waitUntil(lambda: states(threaded.inbox()) == 4 * [DocumentState.TO_CHECK], timeout=60_000)
    assert sorted(begun) == [view.id for view in views]
    assert set(begun[:2]) == {view.id for view in views[:2]}
    assert threaded.tasks.wait(60)


def test_a_real_engine_reads_a_real_picture(threaded: InboxOffice, qtbot: QtBot) -> None:
    made = paper.make(4, 'digital_normal')
    out = io.BytesIO()
    paper.as_picture(made).save(out, 'PNG')
    threaded.take_in(('photo.png', out.getvalue()))
    page = threaded.page()
    qtbot.waitUntil(lambda: states(threaded.inbox()) == [DocumentState.TO_CHECK], timeout=200_000)
    qtbot.waitUntil(lambda: 'invoice_number' in page.bench.form.rows, timeout=20_000)
    assert page.bench.form.rows['invoice_number'].value == made.number
    assert threaded.tasks.wait(60)


def test_the_same_request_twice_adds_nothing_twice(desk: InboxOffice, tmp_path: Path) -> None:
    paths = list(folder_of(tmp_path, a_pdf=pdf('a')).iterdir())
    for _again in range(2):
        taken = taking_in.take_in(desk.desk, paths, None, 'drop', 'one-key', lambda *_a: None)
    assert len(taken.documents) == 1
    assert len(desk.inbox()) == 1


def test_a_reader_that_does_not_work_is_said_once_and_tried_again_when_asked(
    desk: InboxOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = desk.invoice(1, read=False)
    asked: list[int] = []
    read = desk.desk.readings.read

    def broken(_actor: object, document_id: int, *_more: object) -> None:
        asked.append(document_id)
        raise Unavailable('The engine does not start.', 'Install it again.')

    monkeypatch.setattr(desk.desk.readings, 'read', broken)
    page = desk.page()
    page.refresh_list()
    assert asked == [view.id]
    assert page.banner.sentence == 'The engine does not start.'
    monkeypatch.setattr(desk.desk.readings, 'read', read)
    QTest.mouseClick(page.banner._action, Qt.MouseButton.LeftButton)
    assert desk.get(view.id).state is DocumentState.TO_CHECK


def test_a_document_is_read_again_with_the_engine_that_was_named(desk: InboxOffice) -> None:
    (view,) = desk.take_in(('a.pdf', pdf('one')))
    page = desk.page()
    page.pile.choose(view.id)
    for engine, kept in (('tesseract', 'tesseract'), ('auto', 'auto')):
        page.reader.read_selected(engine)
        latest = desk.desk.readings.latest(desk.desk.signed_in, view.id)
        assert latest is not None
        assert latest.engine == kept


def test_a_zip_dropped_gives_its_papers_and_names_the_rest(desk: InboxOffice, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / 'pile.zip', 'w') as archive:
        archive.writestr('mail/one.pdf', pdf('one'))
        archive.writestr('../../two.png', picture())
        archive.writestr('letter.docx', b'x')
    page = desk.page()
    drop(page, tmp_path / 'pile.zip')
    assert sorted(one.title for one in desk.inbox()) == ['one', 'two']
    assert 'letter.docx' in page.banner.sentence
    assert {one.source for one in desk.inbox()} == {'drop'}


def test_more_files_than_a_pile_are_said(desk: InboxOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking_in, 'MOST', 2)
    page = desk.page()
    drop(page, folder_of(tmp_path, a_pdf=pdf('a'), b_pdf=pdf('b'), c_pdf=pdf('c')))
    assert len(desk.inbox()) == 2
    assert 'first 2 files' in page.banner.sentence
