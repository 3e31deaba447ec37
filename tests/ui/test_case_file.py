"""The case file on screen: chosen, written and shown as one PDF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from claimdesk.services.documents import NewFile
from claimdesk.ui import dialogs, theme
from claimdesk.ui.pages.case.page import CasePage
from claimdesk.vocabulary import Role
from tests.services.paper_office import pdf, picture
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
    page.tabs['documents'].file_button.click()
    assert '1 page could not be taken over' in page.banner.sentence
    assert 'torn, page 1' in page.banner.accessibleName()


def test_nothing_chosen_cannot_be_written_and_an_empty_case_says_so(office: CaseOffice, qtbot: QtBot) -> None:
    page = at_documents(office, qtbot)
    page.tabs['documents'].export_file()
    assert 'no document in this case' in page.banner.sentence
    add(office, 'one.pdf', pdf('one'))
    page.reload()

    def none(dialog: QWidget) -> None:
        dialog._tick_all(False)
        assert not dialog.ok_button.isEnabled()
        dialog._tick_all(True)
        assert dialog.ok_button.isEnabled()

    when_asked(none)
    page.tabs['documents'].export_file()
