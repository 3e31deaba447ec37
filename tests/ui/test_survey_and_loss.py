"""Survey and loss by hand: a surveyor sent, a sketch drawn, lines pasted and undone, prices checked."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from claimdesk.services.documents import NewFile
from claimdesk.sketch import Mark, Template
from claimdesk.ui.pages.case.loss_model import NAMES
from claimdesk.ui.pages.case.sketch_canvas import SketchCanvas
from claimdesk.ui.widgets import MoneyEdit, TextArea
from claimdesk.vocabulary import DispatchState, DocumentKind, LossReviewKind, Role, Stage
from tests.ui.case_office import CaseOffice, case_office, when_asked

Keys, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path) -> Iterator[CaseOffice]:
    made = case_office(sqlite_url, tmp_path)
    yield made
    made.desk.close()


def test_a_surveyor_is_sent_and_accepts(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.SURVEY)
    page = office.page(qtbot, Role.SERVICE)
    page.arrive('loss')
    when_asked(lambda dialog: dialog.ok_button.click())
    page.tabs['loss'].dispatch.send_button.click()
    surveyor = office.people[Role.SURVEYOR]
    [sent] = office.desk.dispatches.of_case(surveyor, office.case_id)
    assert (sent.state, sent.surveyor) == (DispatchState.OFFERED, surveyor.name)
    page = office.page(qtbot, Role.SURVEYOR)
    page.arrive('loss')
    tab = page.tabs['loss']
    accept = next(one for one in tab.dispatch.findChildren(QWidget) if one.accessibleName().startswith('Accept '))
    qtbot.mouseClick(accept, Qt.MouseButton.LeftButton)
    assert office.desk.dispatches.of_case(surveyor, office.case_id)[0].state is DispatchState.ACCEPTED


def test_a_sketch_is_drawn_turned_undone_and_kept(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.SURVEY)
    page = office.page(qtbot, Role.SURVEYOR)
    page.arrive('loss')
    tab = page.tabs['loss']

    def draw(dialog: QWidget) -> None:
        canvas = dialog.canvas
        middle = canvas.rect().center()
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
        qtbot.keyClick(canvas, ']')
        qtbot.keyClick(canvas, Keys.Key_Right)
        dialog.choose(None)
        qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(40, 40))
        for step in range(1, 6):
            qtbot.mouseMove(canvas, QPoint(40 + 10 * step, 40 + 10 * step))
        qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(90, 90))
        dialog.choose(Mark.IMPACT)
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 200))
        dialog.undo_button.click()
        dialog.note.setText('由东向西')
        dialog.ok_button.click()

    when_asked(draw)
    tab.sketch.draw()
    report = office.desk.survey.report(office.people[Role.SURVEYOR], office.case_id)
    assert (report.sketch.template, report.sketch.note) == (Template.CROSSROAD, '由东向西')
    assert [(one.mark, one.angle) for one in report.sketch.marks] == [(Mark.OWN_CAR, 15.0)]
    assert not tab.sketch.view.isHidden()


def test_a_step_of_a_sketch_is_taken_again(qtbot: QtBot) -> None:
    canvas = SketchCanvas()
    qtbot.addWidget(canvas)
    canvas.put_mark(Mark.PERSON)
    canvas.turn(30)
    canvas.undo()
    assert canvas.sketch.marks[0].angle == 0
    canvas.redo()
    assert canvas.sketch.marks[0].angle == 30
    canvas.undo()
    canvas.undo()
    assert canvas.sketch.marks == ()
    assert not canvas.can_undo


def test_answers_of_the_form_raise_a_doubt_and_are_kept(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.SURVEY)
    page = office.page(qtbot, Role.SURVEYOR)
    page.arrive('loss')
    card = page.tabs['loss'].survey
    card.form.field('asked_driver_sober').set_value('no')
    card.form.field('asked_mileage').setText('38,000')
    card.form.field('finding').set_value('front')
    assert 'alcohol' in card._doubts.text()
    card.save()
    report = office.desk.survey.report(office.people[Role.SURVEYOR], office.case_id)
    assert report.answers == {'driver_sober': 'no', 'mileage': '38,000'}
    assert not page.has_unsaved()


def test_lines_are_pasted_changed_and_undone_step_by_step(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    page = office.page(qtbot, Role.ASSESSOR)
    page.arrive('loss')
    card = page.tabs['loss'].loss
    QGuiApplication.clipboard().setText('配件\t数量\t单价\n前大灯\t2\t750\n前保险杠\t1\t1200')
    card.table.setFocus()
    qtbot.keyClick(card.table, Keys.Key_V, CONTROL)
    assert [(line.name, line.claimed) for line in card.model.lines] == [('前大灯', 1500), ('前保险杠', 1200)]
    card.model.setData(card.model.index(0, NAMES.index('quantity')), type(card.model.lines[0].claimed)(3))
    assert card.model.lines[0].claimed == 2250
    qtbot.keyClick(card.table, Keys.Key_Z, CONTROL)
    assert card.model.lines[0].claimed == 1500
    qtbot.keyClick(card.table, Keys.Key_Z, CONTROL)
    assert card.model.lines == []
    QGuiApplication.clipboard().setText('只有文字')
    card.paste()
    assert 'no table' in page.banner.sentence


def test_prices_are_checked_by_somebody_else(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    office.enter_loss()
    page = office.page(qtbot, Role.ASSESSOR)
    page.arrive('loss')
    reviews = page.tabs['loss'].reviews

    def question(dialog: QWidget) -> None:
        dialog.findChild(TextArea).set_value('prices of the parts')
        dialog.ok_button.click()

    when_asked(question)
    reviews.ask_buttons[LossReviewKind.PRICE_CHECK].click()
    assert not reviews.ask_buttons[LossReviewKind.PRICE_CHECK].isEnabled()
    page = office.page(qtbot, Role.APPROVER)
    page.arrive('loss')
    [review] = office.desk.loss_reviews.of_case(office.people[Role.APPROVER], office.case_id)

    def answer(dialog: QWidget) -> None:
        dialog.findChild(MoneyEdit).set_value(type(page.tabs['loss'].model.lines[0].claimed)(2500))
        dialog.ok_button.click()
        assert dialog.banner.sentence == 'Say why the amounts change.'
        dialog.findChild(TextArea).set_value('aftermarket part')
        dialog.ok_button.click()

    when_asked(answer)
    page.tabs['loss'].reviews.answer(review)
    assert page.tabs['loss'].model.lines[0].confirmed == 2500


def test_a_confirmed_estimate_is_taken_in_line_by_line(qtbot: QtBot, office: CaseOffice) -> None:
    office.bring_to(Stage.ASSESSMENT)
    clerk = office.people[Role.ASSESSOR]
    [paper] = office.desk.documents.add(clerk, [NewFile('a.txt', b'\x89PNG a')], office.case_id, 'estimate')
    lines = [{'name': '前大灯', 'quantity': '2', 'unit_price': '750.00', 'amount': '1500.00'},
             {'name': '拆装工时', 'amount': '200.00'}]  # fmt: skip
    kind = DocumentKind.REPAIR_ESTIMATE
    office.desk.invoices.confirm_other(
        clerk, paper.id, paper.version, office.case_id, kind, fields={'total': '1700.00'}, items=lines
    )
    page = office.page(qtbot, Role.ASSESSOR)
    page.arrive('loss')
    card = page.tabs['loss'].loss
    menu = card.from_paper.menu()
    whole, by_line = menu.actions()
    assert '1,700.00' in whole.text()
    assert 'Ctrl+Shift+T' in card.from_paper.toolTip()
    menu.aboutToShow.emit()
    assert menu.activeAction() is whole
    by_line.trigger()
    assert [(line.name, line.claimed, line.document_id) for line in card.model.lines] == [
        ('前大灯', 1500, paper.id), ('拆装工时', 200, paper.id),
    ]  # fmt: skip
    assert not card.from_paper.isEnabled()
    card.undo()
    assert card.model.lines == []
    assert card.from_paper.isEnabled()
