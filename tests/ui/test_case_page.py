"""The case page: a case driven through all its stages by real widgets, edits that clash, drafts that survive."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from claimdesk.rules.workflow import Move
from claimdesk.ui import theme
from claimdesk.ui.pages.case import loss_model
from claimdesk.ui.pages.case.page import NAMES, CasePage
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets import Combo, MoneyEdit, TextArea
from claimdesk.vocabulary import Channel, LossKind, Role, Stage
from tests.services.paper_office import picture
from tests.services.role_office import NAME, PASSWORD
from tests.ui.case_office import CaseOffice, case_office, when_asked

Keys = Qt.Key
ENTER = Qt.Key.Key_Return
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def type_into(qtbot: QtBot, field: QWidget, words: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, words)


def press_next(qtbot: QtBot, page: CasePage) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.bar.setFocus()
    qtbot.keyClick(page.bar, ENTER, CONTROL)


def agree(dialog: object) -> None:
    dialog.ok_button.click()


def sign(dialog: QWidget) -> None:
    dialog.password.setText(PASSWORD)
    dialog.ok_button.click()


def give_reason(words: str) -> object:
    def act(dialog: QWidget) -> None:
        dialog.findChild(TextArea).set_value(words)
        dialog.ok_button.click()

    return act


def test_a_case_goes_from_report_to_archive_by_hand(qtbot: QtBot, office: CaseOffice) -> None:
    # Reported this minute, so that no step of it is late yet.
    office.case_id = office.register('fresh')
    page = office.page(qtbot, Role.SERVICE)
    assert page.head.next_button.text() == 'Register'

    def estimate(dialog: QWidget) -> None:
        dialog.findChild(MoneyEdit).setText('6000')
        dialog.ok_button.click()

    when_asked(estimate)
    press_next(qtbot, page)
    assert office.stage() == 'registered'
    press_next(qtbot, page)
    assert office.stage() == 'survey'
    assert not page.head.next_button.isEnabled()
    assert 'Surveyor' in page.head.reasons.text()

    page = office.page(qtbot, Role.SURVEYOR)
    assert page.head.reasons.text() == 'Write the survey report first.'
    press_next(qtbot, page)
    assert page.front_tab.name == 'loss'
    form = page.tabs['loss'].survey.form
    visited = form.field('visited_at')
    assert visited.hasFocus()
    qtbot.keyClicks(visited, '2026-03-02 10:30')
    type_into(qtbot, form.field('finding'), 'bumper broken')
    qtbot.keyClick(form.field('finding'), Keys.Key_S, CONTROL)
    assert not page.has_unsaved()
    press_next(qtbot, page)
    assert office.stage() == 'assessment'

    page = office.page(qtbot, Role.ASSESSOR)
    page.arrive('loss')
    tab = page.tabs['loss']
    for column, words in (('name', 'Bumper'), ('claimed', '3,000'), ('confirmed', '2800')):
        row = 0 if tab.model.lines else len(tab.model.lines)
        index = tab.model.index(row, loss_model.NAMES.index(column))
        tab.table.setCurrentIndex(index)
        tab.table.edit(index)
        editor = tab.table.viewport().findChild(QLineEdit)
        editor.selectAll()
        qtbot.keyClicks(editor, words)
        qtbot.keyClick(editor, ENTER)
        qtbot.waitUntil(lambda: tab.table.viewport().findChild(QLineEdit) is None)
    assert [(line.name, line.claimed, line.confirmed) for line in tab.model.lines] == [('Bumper', 3000, 2800)]
    assert 'Confirmed 2,800.00' in tab.loss.totals.text()
    press_next(qtbot, page)
    assert office.stage() == 'adjustment'

    page = office.page(qtbot, Role.ADJUSTER)
    press_next(qtbot, page)
    assert page.front_tab.name == 'documents'
    office.everything_here()
    page.changed({'checklist_item'}, {office.case_id})
    press_next(qtbot, page)
    assert page.front_tab.name == 'money'
    money = page.tabs['money']
    type_into(qtbot, money.form.part_field('own_damage', 'third_party_paid'), '300')
    qtbot.waitUntil(lambda: money.sheet.payable.text() == '¥2,000.00')
    assert money.sheet.capital.text() == '贰仟元整'
    money.save_button.click()
    assert not page.has_unsaved()
    press_next(qtbot, page)
    assert office.stage() == 'approval'

    page = office.page(qtbot, Role.APPROVER)
    page.arrive('money')
    when_asked(sign)
    page.tabs['money'].approve_button.click()
    assert office.stage() == 'payment'

    page = office.page(qtbot, Role.FINANCE)
    press_next(qtbot, page)
    payment = page.tabs['payment']
    type_into(qtbot, payment.form.field('bank_name'), 'Bank of China')
    account = payment.form.field('account_number')
    type_into(qtbot, account, '6222021234567890')
    payment.form.field('bank_name').setFocus()
    payment.prepare_button.click()
    assert 'check digit' in payment.form.error('account_number')
    type_into(qtbot, account, '12345678901')
    payment.prepare_button.click()
    payment.prepare_button.click()
    type_into(qtbot, payment.paid_form.field('bank_reference'), 'REF-1')
    payment.paid_button.click()
    assert len(office.desk.payment.of_case(office.people[Role.FINANCE], office.case_id)) == 1
    press_next(qtbot, page)
    assert office.stage() == 'closing'
    when_asked(agree)
    press_next(qtbot, page)
    assert office.stage() == 'closed'
    assert page.head.next_button.isHidden()
    assert 'Closed, paid' in page.head.clock.text()
    assert [step.state for step in page.head.track._steps] == ['done'] * 8 + ['current']


def test_side_ways_need_a_reason_and_say_who_may(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.SURVEY)
    page = office.page(qtbot, Role.SURVEYOR)
    assert page.head.side_moves() == {'cancel_case': False, 'refuse': False, 'zero_close': False}
    words = [action.text() for action in page.head._menu.actions()]
    assert any('Approver' in line for line in words)
    page = office.page(qtbot, Role.APPROVER)

    def nothing_first(dialog: QWidget) -> None:
        dialog.ok_button.click()
        assert dialog.isVisible()
        assert dialog.banner.sentence == 'Please give a reason.'

    when_asked(nothing_first)
    page.make_side(Move.ZERO_CLOSE)
    assert office.stage() == 'survey'
    when_asked(give_reason('below the deductible'))
    page.make_side(Move.ZERO_CLOSE)
    assert office.stage() == 'closed'
    page.make_side(Move.REOPEN)
    assert office.stage() == 'closed'
    office.desk.requests.ask(office.people[Role.SERVICE], office.case_id, Move.REOPEN, 'new papers')
    page.reload()
    when_asked(give_reason('new papers'))
    page.make_side(Move.REOPEN)
    assert office.stage() == 'assessment'


def test_the_auditor_sees_all_and_changes_nothing(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.AUDITOR)
    assert not page.head.next_button.isEnabled()
    assert not any(page.head.side_moves().values())
    for name in NAMES:
        page.arrive(name)
        tab = page.front_tab
        assert tab.name == name
        for form in tab.forms():
            for field_name in form.names():
                field = form.field(field_name)
                locked = field.isReadOnly() if isinstance(field, QLineEdit | QPlainTextEdit) else not field.isEnabled()
                assert locked or field.isHidden() or form.isHidden(), f'{name}.{field_name}'
    assert 'Your role may not' in page.tabs['overview']._why.text()
    assert page.file.case.assigned_why in page.tabs['overview'].assigned.text()
    assert 'Why this handler: ' in page.tabs['overview'].assigned.text()
    assert page.tabs['loss'].model.rowCount() == 0


def test_edits_are_saved_and_undone(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    toasts: list[tuple[str, object]] = []
    page.shell.toasted.connect(lambda words, undo: toasts.append((words, undo)))
    form = page.tabs['overview'].accident
    type_into(qtbot, form.field('place'), 'Harbour road 5')
    assert page.has_unsaved()
    assert 'Place' in page.edit_bar._words.text()
    qtbot.keyClick(form.field('place'), Keys.Key_S, CONTROL)
    clerk = office.people[Role.SERVICE]
    assert office.desk.cases.page(clerk, office.case_id).place == 'Harbour road 5'
    assert page.edit_bar.isHidden()
    toasts[-1][1]()
    assert office.desk.cases.page(clerk, office.case_id).place == '人民路 318 号'
    assert form.field('place').text() == '人民路 318 号'


def test_what_is_wrong_is_said_as_a_field_is_left(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    form = page.tabs['overview'].accident
    type_into(qtbot, form.field('reporter_phone'), '12')
    form.field('place').setFocus()
    assert form.error('reporter_phone') == 'This is not a phone number.'
    page.front_tab.save()
    assert office.desk.cases.page(office.people[Role.SERVICE], office.case_id).reporter_phone == '13800001234'


def test_two_pages_of_one_case_compare_what_both_changed(qtbot: QtBot, office: CaseOffice) -> None:
    mine, theirs = office.page(qtbot, Role.SERVICE), office.page(qtbot, Role.SERVICE)
    type_into(qtbot, mine.tabs['overview'].accident.field('cause'), 'Mine')
    type_into(qtbot, theirs.tabs['overview'].accident.field('cause'), 'Theirs')
    type_into(qtbot, theirs.tabs['overview'].accident.field('police_number'), 'P-7')
    theirs.front_tab.save()
    mine.front_tab.save()
    form = mine.tabs['overview'].accident
    assert form.field('cause').text() == 'Mine'
    assert form.field('police_number').text() == 'P-7'
    assert 'Theirs' in form._notes['cause'].text()
    assert mine.banner.sentence
    when_asked(agree)
    mine.banner._action.click()
    mine.front_tab.save()
    case = office.desk.cases.page(office.people[Role.SERVICE], office.case_id)
    assert (case.cause, case.police_number) == ('Mine', 'P-7')


def test_a_harmless_race_is_saved_without_a_question(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    type_into(qtbot, page.tabs['overview'].accident.field('cause'), 'Hail')
    clerk = office.people[Role.SERVICE]
    version = office.desk.cases.page(clerk, office.case_id).version
    office.desk.cases.edit(clerk, office.case_id, version, {'police_number': 'P-8'})
    page.front_tab.save()
    case = office.desk.cases.page(clerk, office.case_id)
    assert (case.cause, case.police_number) == ('Hail', 'P-8')
    assert page.banner.sentence == ''


def test_a_draft_survives_a_crash_and_is_offered(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    type_into(qtbot, page.tabs['overview'].accident.field('place'), 'Nowhere lane')
    qtbot.waitUntil(lambda: page.unsaved._kept)
    again = office.page(qtbot, Role.SERVICE)
    assert again.banner.sentence == 'There are edits of this case that were not saved.'
    again.banner._action.click()
    assert again.tabs['overview'].accident.field('place').text() == 'Nowhere lane'
    again.front_tab.save()
    third = office.page(qtbot, Role.SERVICE)
    qtbot.waitUntil(lambda: not again.unsaved._kept)
    assert office.page(qtbot, Role.SERVICE).banner.sentence == ''
    assert third.has_unsaved() is False


def test_a_switch_of_language_keeps_what_was_typed(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('messages')
    page.tabs['messages']._body.setPlainText('half a sentence')
    kept = page.keep()
    page.closing()
    again = office.page(qtbot, Role.SERVICE)
    again.restore(kept)
    again.reload()
    assert again.front_tab.name == 'messages'
    assert again.tabs['messages']._body.value() == 'half a sentence'


def test_words_of_users_are_shown_as_they_are(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    assert NAME in page.title
    assert NAME in page.head._who.text()
    for name in NAMES:
        page.arrive(name)
    rich = [
        label.text() for label in page.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText
        and label.text()
    ]  # fmt: skip
    assert rich == []


def test_dropped_files_become_documents_and_can_be_taken_back(
    qtbot: QtBot, office: CaseOffice, tmp_path: Path
) -> None:
    tasks = Tasks()
    page = office.page(qtbot, Role.SERVICE, tasks)
    qtbot.waitUntil(lambda: page.file is not None)
    page.arrive('documents')
    tab = page.tabs['documents']
    path = tmp_path / 'scan.png'
    path.write_bytes(picture('red'))
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    toasts: list[object] = []
    page.shell.toasted.connect(lambda _words, undo: toasts.append(undo))
    event = QDropEvent(
        QPointF(20, 20), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    tab.dropEvent(event)
    qtbot.waitUntil(lambda: len(tab._documents) == 1)
    assert tab._documents[0].title == 'scan'
    toasts[-1]()
    qtbot.waitUntil(lambda: tab._documents == [])
    assert not tab._removed_box.isHidden()
    page.closing()
    assert tasks.close()


def test_a_zip_dropped_on_a_case_gives_its_papers_and_names_the_rest(
    qtbot: QtBot, office: CaseOffice, tmp_path: Path
) -> None:
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('documents')
    tab = page.tabs['documents']
    with zipfile.ZipFile(tmp_path / 'mail.zip', 'w') as archive:
        archive.writestr('../one.png', picture('red'))
        archive.writestr('letter.docx', b'x')
    tab.add_files([tmp_path / 'mail.zip', tmp_path / 'gone.png'], 'drop')
    assert [document.title for document in tab._documents] == ['one']
    assert 'gone.png' in page.banner.sentence


def test_a_second_notice_asks_for_its_reason(qtbot: QtBot, office: CaseOffice) -> None:
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('documents')
    notice = page.tabs['documents'].notice
    when_asked(agree)
    notice.send_button.click()
    assert office.desk.notices.standing(office.people[Role.SERVICE], office.case_id).sent == 1
    assert 'told' in notice._words.text()
    when_asked(agree)
    notice.arrived_button.click()
    assert notice.arrived_button.isHidden()

    def second(dialog: QWidget) -> None:
        dialog.ok_button.click()
        assert dialog.banner.sentence == 'Give the reason for a second notice.'
        dialog.findChild(TextArea).set_value('a page was missing')
        dialog.ok_button.click()

    when_asked(second)
    notice.send_button.click()
    assert office.desk.notices.standing(office.people[Role.SERVICE], office.case_id).sent == 2
    assert 'a page was missing' in ' '.join(one.text() for one in notice.findChildren(QLabel))


def test_a_removed_loss_item_comes_back(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    office.desk.assessment.add(
        office.people[Role.ASSESSOR], office.case_id, LossKind.LABOUR, '工时', Decimal(900)
    )
    page = office.page(qtbot, Role.ASSESSOR)
    page.arrive('loss')
    tab = page.tabs['loss']
    undos: list[object] = []
    page.shell.toasted.connect(lambda _words, undo: undos.append(undo))
    tab.table.setCurrentIndex(tab.model.index(0, 1))
    tab.loss.remove()
    assert tab.model.lines == []
    undos[-1]()
    assert [(line.kind, line.name, line.claimed) for line in tab.model.lines] == [(LossKind.LABOUR, '工时', 900)]
    tab.loss.confirm_all()
    assert tab.model.lines[0].confirmed == 900
    undos[-1]()
    assert tab.model.lines[0].confirmed is None


def test_clocks_say_whose_limit_they_are(qtbot: QtBot, office: CaseOffice) -> None:
    from claimdesk.ui.pages.case.clocks import ClocksDialog

    clerk = office.people[Role.SERVICE]
    version = office.desk.cases.page(clerk, office.case_id).version
    office.desk.notices.send(clerk, office.case_id, version, office.watch())
    office.desk.documents.add(clerk, [], office.case_id, 'none')
    page = office.page(qtbot, Role.SERVICE)
    dialog = ClocksDialog(page)
    qtbot.addWidget(dialog)
    words = '\n'.join(label.text() for label in dialog.findChildren(QLabel))
    assert "The office's own target, not a legal limit" in words
    for clock in page.file.clocks:
        assert clock.statutory <= (clock.mark == 'A')


def test_a_missing_case_says_so(qtbot: QtBot, office: CaseOffice) -> None:
    office.case_id = 999_999
    page = office.page(qtbot, Role.SERVICE)
    assert page._whole.currentIndex() == 1
    assert page.head.isHidden()
    assert 'no such case' in page._missing.accessibleName()


def test_a_move_that_lost_a_race_is_made_again_with_the_same_answers(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.SURVEY)
    page = office.page(qtbot, Role.APPROVER)
    office.desk.messages.note(office.people[Role.SERVICE], office.case_id, Channel.NOTE, 'seen')
    when_asked(give_reason('below the deductible'))
    page.make_side(Move.ZERO_CLOSE)
    assert office.stage() == 'survey'
    assert page.banner.sentence == 'Somebody else has changed this since you opened it.'
    page.banner._action.click()
    assert office.stage() == 'closed'
    assert office.case.outcome_reason == 'below the deductible'


def test_the_kind_of_a_loss_is_chosen_in_its_cell(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    office.enter_loss()
    page = office.page(qtbot, Role.ASSESSOR)
    page.arrive('loss')
    table, model = page.tabs['loss'].table, page.tabs['loss'].model
    index = model.index(0, loss_model.NAMES.index('kind'))
    table.setCurrentIndex(index)
    table.edit(index)
    editor = table.viewport().findChild(Combo)
    editor.set_value(LossKind.LABOUR)
    qtbot.keyClick(editor, ENTER)
    qtbot.waitUntil(lambda: model.lines[0].kind is LossKind.LABOUR)
    assert model.lines[0].confirmed == 2800


def test_an_approver_sees_the_amount_before_approving(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.APPROVAL)
    page = office.page(qtbot, Role.APPROVER)
    said: list[str] = []
    when_asked(lambda dialog: said.extend(one.text() for one in dialog.findChildren(QLabel)))
    press_next(qtbot, page)
    assert '¥2,300.00  贰仟叁佰元整' in said
    assert office.stage() == 'approval'


def test_a_prepared_payment_is_undone(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.PAYMENT)
    page = office.page(qtbot, Role.FINANCE)
    page.arrive('payment')
    tab = page.tabs['payment']
    undos: list[object] = []
    page.shell.toasted.connect(lambda _words, undo: undos.append(undo))
    type_into(qtbot, tab.form.field('bank_name'), 'Bank')
    type_into(qtbot, tab.form.field('account_number'), '12345678901')
    tab.prepare_button.click()
    assert tab.form.isHidden()
    undos[-1]()
    assert not tab.form.isHidden()
    assert tab.live is None


def test_a_case_opened_at_a_tab_shows_what_is_on_it(qtbot: QtBot, office: CaseOffice) -> None:
    tasks = Tasks()
    page = office.page(qtbot, Role.SERVICE, tasks)
    page.arrive('documents')  # before the case has been read
    qtbot.waitUntil(lambda: 'documents' not in page._stale, timeout=10_000)
    assert page.front_tab.name == 'documents'
    assert any(label.text() == 'Claim application' for label in page.front_tab.findChildren(QLabel))
    page.closing()
    assert tasks.close()
