"""Letters and checklists by hand: reworded for the office, made for a case, sent and kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from claimdesk.rules.letters import default_text
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import LetterKind, Line, Role
from tests.ui.case_office import CaseOffice, case_office, when_asked


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def settings(qtbot: QtBot, office: CaseOffice, name: str, role: Role = Role.MANAGER) -> SettingsPage:
    office.desk.actor = office.people[role]
    page = SettingsPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.resize(1300, 800)
    page.show()
    page.arrive(name)
    return page


def test_a_reworded_letter_is_what_the_case_says(qtbot: QtBot, office: CaseOffice) -> None:
    page = settings(qtbot, office, 'letters')
    section = page.section('letters')
    assert section.text() == default_text(LetterKind.SUPPLEMENT)
    assert not section.dated.save_button.isEnabled()
    section.body.setPlainText('您好，{insured}：\n{documents}\n{nothing}')
    assert 'nothing' in section.form.error('body')
    section.body.setPlainText('您好，{insured}：\n{documents}')
    assert section.form.error('body') == ''
    section.dated.save_button.click()
    assert not section.has_unsaved()
    clerk = office.people[Role.SERVICE]
    assert office.desk.notices.text(clerk, office.case_id).body.startswith('您好，')
    section.dated.back_button.click()
    assert section.text() == default_text(LetterKind.SUPPLEMENT)


def test_who_may_not_change_the_letters_only_reads_them(qtbot: QtBot, office: CaseOffice) -> None:
    section = settings(qtbot, office, 'letters', Role.SERVICE).section('letters')
    assert section.body.isReadOnly()
    assert not section.dated.save_button.isEnabled()


def test_a_list_with_a_document_of_the_offices_own(qtbot: QtBot, office: CaseOffice) -> None:
    section = settings(qtbot, office, 'checklists').section('checklists')
    before = section.table.rowCount()
    section.table.setCurrentCell(0, 0)
    section.add()
    assert section.table.rowCount() == before + 1
    section.table.item(1, 0).setText('行车记录仪视频')
    section.move_row(1)
    assert section.table.item(2, 0).text() == '行车记录仪视频'
    section.dated.save_button.click()
    lists = office.desk.checklist.lists(office.desk.signed_in, office.desk.context.today())
    assert lists[Line.MOTOR][2].name == '行车记录仪视频'
    undos: list[object] = []
    page = section.page
    page.shell.toasted.connect(lambda _words, undo: undos.append(undo))
    section.table.setCurrentCell(2, 0)
    section.remove()
    assert section.table.rowCount() == before
    undos[-1]()
    assert section.table.rowCount() == before + 1


def test_a_print_is_kept_in_the_file(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    page.letters.open_menu()
    offered = {str(action.data()): action.isEnabled() for action in page.letters.menu.actions() if action.data()}
    page.letters.menu.close()
    assert offered['report_record']
    assert not offered['refusal']

    def keep(dialog: QWidget) -> None:
        dialog.shown.setPlainText('报案人已核对。')
        dialog.ok_button.click()

    when_asked(keep)
    page.letters.begin(LetterKind.REPORT_RECORD)
    sent = office.desk.letters.of_case(office.desk.signed_in, office.case_id)
    assert [(one.kind, one.body, one.turn) for one in sent] == [(LetterKind.REPORT_RECORD, '报案人已核对。', 1)]
    page.arrive('documents')
    tab = page.tabs['documents']
    assert not tab._letters_box.isHidden()
    assert tab._loose_box.isHidden()


def test_a_document_is_asked_for_and_all_that_are_here_are_verified(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('documents')
    tab = page.tabs['documents']

    def name(dialog: QWidget) -> None:
        dialog.findChild(type(dialog.focusWidget())).setText('道路救援记录')
        dialog.ok_button.click()

    when_asked(name)
    tab.add_button.click()
    item = next(one for one in page.file.checklist if one.name == '道路救援记录')
    tab.checklist.set_state(item, type(item.state)('received'))
    assert not tab.notice.send_button.isEnabled()
    assert '道路救援记录' in tab.notice._why.text()
    tab.verify_button.click()
    assert tab.notice.send_button.isEnabled()
    assert next(one for one in page.file.checklist if one.id == item.id).state == 'verified'


def test_the_office_says_from_which_loss_prices_are_checked(qtbot: QtBot, office: CaseOffice) -> None:
    section = settings(qtbot, office, 'reviews').section('reviews')
    assert not section.dated.save_button.isEnabled()
    section.price.setText('5000')
    section.price.editingFinished.emit()
    section._light()
    section.dated.save_button.click()
    rule = office.desk.loss_reviews.rule(office.desk.signed_in, office.desk.context.today())
    assert (rule.price_check_from, rule.reinspection_from) == (5000, None)
    assert not section.has_unsaved()
