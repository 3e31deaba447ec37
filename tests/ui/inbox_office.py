"""The small office of papers with the inbox on it, for tests that click, type and drop."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from claimdesk.app import Desk, build
from claimdesk.models import Database
from claimdesk.ocr import FileReading, PageReading, page_count
from claimdesk.paths import data_folder
from claimdesk.services.documents import DocumentView, NewFile
from claimdesk.services.office_generator.morning_post import AtOnce
from claimdesk.services.reading import Readings
from claimdesk.settings import Settings
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.inbox import InboxPage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import DocumentKind, DocumentState
from tests.ocr import paper
from tests.services.paper_office import PaperOffice, paper_office


@dataclass
class InboxOffice:
    """The office, its desk, and the page that the clerk sees."""

    office: PaperOffice
    desk: Desk
    qtbot: QtBot | None
    tasks: Tasks
    shell: Shell

    def take_in(self, *files: tuple[str, bytes], case_id: int | None = None) -> list[DocumentView]:
        """Paper that lies in the inbox, or in a case, before the page is opened."""
        new = [NewFile(name, content, 'drop') for name, content in files]
        key = f'{len(self.inbox())}-{files[0][0]}-{case_id}'[:24]
        return self.desk.documents.add(self.desk.signed_in, new, case_id, key)

    def invoice(self, seed: int, kind: str = 'digital_normal', *, read: bool = True) -> DocumentView:
        """An invoice to a person in the inbox, read from its text layer: the buyer's tax number is missing."""
        made = invoice_to_a_person(seed, kind)
        (view,) = self.take_in((f'invoice {seed}.pdf', paper.as_pdf(made)))
        if read:
            self.desk.readings.read(self.desk.signed_in, view.id)
        return self.get(view.id)

    def page(self) -> InboxPage:
        """The inbox, open and in front."""
        assert self.qtbot is not None
        page = InboxPage(self.desk, self.shell)
        self.qtbot.addWidget(page)
        page.resize(1290, 690)
        page.show()
        page.activateWindow()
        self.qtbot.waitUntil(page.isActiveWindow)
        page.opened()
        return page

    def get(self, document_id: int) -> DocumentView:
        """A document as it is kept now."""
        return self.desk.documents.get(self.desk.signed_in, document_id)

    def inbox(self) -> list[DocumentView]:
        """What lies in the inbox now."""
        return self.desk.documents.inbox(self.desk.signed_in)

    def of_case(self, case_id: int | None = None) -> list[DocumentView]:
        """What lies in the case now."""
        return self.desk.documents.of_case(self.desk.signed_in, case_id or self.office.case_id)

    def said(self) -> list[str]:
        """The toasts so far."""
        return list(self._toasts)

    def undo(self) -> None:
        """What Ctrl+Z does: undo what the last toast spoke of."""
        undo = self._undos[-1]
        assert undo is not None
        undo()

    def __post_init__(self) -> None:
        self._toasts: list[str] = []
        self._undos: list[object] = []
        self.opened: list[tuple[int, str]] = []
        self.badges: list[tuple[str, int]] = []
        self.shell.toasted.connect(self._toasted)
        self.shell.open_case_at.connect(lambda case_id, part: self.opened.append((case_id, part)))
        self.shell.badge.connect(lambda name, count: self.badges.append((name, count)))

    def _toasted(self, sentence: str, undo: object) -> None:
        self._toasts.append(sentence)
        self._undos.append(undo)


class TextLayers(AtOnce):
    """Reads printed invoices from their text layer where it stands; of the rest it knows that it is none."""

    def read(self, source: bytes, **options: Any) -> FileReading:
        if b'/FontFile' in source:  # the tests print invoices with an embedded font, and nothing else
            return super().read(source, **options)
        pages = range(1, page_count(source) + 1)
        return FileReading(options['name'], tuple(PageReading(page, DocumentKind.OTHER) for page in pages))


@contextmanager
def inbox_office(url: str, folder: Path, qtbot: QtBot | None, *, threads: bool = False) -> Iterator[InboxOffice]:
    """Found the office in an empty, migrated database, and sit down at its desk; a benchmark has no `qtbot`."""
    shutil.rmtree(data_folder() / 'drafts', ignore_errors=True)
    office = paper_office(Database(url), folder)
    settings = Settings(database_url=url, files_folder=str(folder / 'files'))
    desk = build(settings, office.context.database)
    desk.actor = office.clerk
    if not threads:
        desk.readings = Readings(desk.context, TextLayers)
    tasks = Tasks() if threads else Tasks.synchronous()
    shell = Shell(tasks)
    try:
        yield InboxOffice(office, desk, qtbot, tasks, shell)
    finally:
        tasks.close()
        desk.close()


def invoice_to_a_person(seed: int, kind: str = 'digital_normal') -> paper.Invoice:
    """An invoice that is no credit note, whose buyer has no tax number."""
    made = paper.make(seed, kind)
    while made.total < 0:
        seed += 1000
        made = paper.make(seed, kind)
    made.buyer_id = ''
    return made


class Typist:
    """Presses keys where the focus is, and counts them; a key with Ctrl or Shift held is one stroke."""

    def __init__(self) -> None:
        self.strokes = 0

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """One key."""
        QTest.keyClick(self._widget(), key, modifiers)
        self.strokes += 1

    def enter(self, times: int = 1) -> None:
        """Enter, so many times."""
        for _ in range(times):
            self.press(Qt.Key.Key_Return)

    def confirm(self) -> None:
        """Ctrl+Enter."""
        self.press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    def type(self, words: str) -> None:
        """Text, over what is selected; any language."""
        write(self._widget(), words)
        self.strokes += len(words)

    @staticmethod
    def _widget() -> QWidget:
        widget = QApplication.focusWidget()
        assert widget is not None
        return widget


def write(widget: QWidget, words: str) -> None:
    """Type `words` into a widget; `QTest.keyClicks` knows ASCII only."""
    for char in words:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, char))


def states(documents: list[DocumentView]) -> list[DocumentState]:
    """How far documents have come."""
    return [document.state for document in documents]
