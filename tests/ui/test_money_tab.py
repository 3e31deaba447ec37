"""The money tab by keyboard: covers, live sheet, sources, what-if, rows, advance, injury items, figures."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from claimdesk.rules.adjustment import Part, Request, adjust
from claimdesk.rules.adjustment.compulsory import Compulsory
from claimdesk.rules.adjustment.figures import KEY
from claimdesk.rules.adjustment.injury import Dependant, Injury
from claimdesk.rules.adjustment.inputs import specs
from claimdesk.services.injuries import ProvinceYear
from claimdesk.ui import theme
from claimdesk.ui.page import Shell
from claimdesk.ui.pages.case.figure_fields import RowsEdit, WholeEdit
from claimdesk.ui.pages.case.injury import _KINDS, InjuryDialog, _items
from claimdesk.ui.pages.case.page import CasePage
from claimdesk.ui.pages.settings import SettingsPage
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import ClauseVersion, LossKind, Role, Stage
from tests.services.role_office import PASSWORD
from tests.ui.case_office import CaseOffice, case_office, when_asked

D = Decimal
ENTER, CONTROL, ALT = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    theme.apply(qapp)
    made = case_office(sqlite_url, tmp_path)
    made.bring_to(Stage.ADJUSTMENT)
    yield made
    made.desk.close()


def money_of(qtbot: QtBot, office: CaseOffice, role: Role = Role.ADJUSTER) -> tuple[CasePage, Any]:
    page = office.page(qtbot, role)
    page.arrive('money')
    return page, page.tabs['money']


def type_into(qtbot: QtBot, field: QWidget, words: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, words)


def shown(qtbot: QtBot, money: Any, amount: str) -> None:
    qtbot.waitUntil(lambda: money.sheet.payable.text() == amount)


def test_the_first_field_has_the_focus_and_the_sheet_follows_the_keys(qtbot: QtBot, office: CaseOffice) -> None:
    page, money = money_of(qtbot, office)
    shown(qtbot, money, '¥2,300.00')
    assert page.focusWidget() is money.form.part_field('own_damage', 'loss')
    type_into(qtbot, money.form.part_field('own_damage', 'deductible'), '0')
    shown(qtbot, money, '¥2,800.00')
    qtbot.keyClick(page, Qt.Key.Key_S, CONTROL)
    assert not page.has_unsaved()
    (kept,) = office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)
    assert kept.payable == D(2800)
    assert [one.kind for one in kept.sources[0]['deductible']] == ['hand']


def test_a_value_too_large_is_said_at_its_field(qtbot: QtBot, office: CaseOffice) -> None:
    _page, money = money_of(qtbot, office)
    loss = money.form.part_field('own_damage', 'loss')
    type_into(qtbot, loss, '9999')
    shown(qtbot, money, '¥9,499.00')
    money.save_button.click()
    key = next(name for name in money.form.names() if money.form.field(name) is loss)
    assert '2,800.00' in money.form.error(key)


def test_covers_are_chosen_with_the_space_key(qtbot: QtBot, office: CaseOffice) -> None:
    office.desk.assessment.add(
        office.people[Role.ADJUSTER], office.case_id, LossKind.THIRD_PARTY, '护栏', D(5000), D(5000)
    )
    _page, money = money_of(qtbot, office)
    shown(qtbot, money, '¥4,400.00')
    own, others = money.cover_boxes()
    assert (own.isChecked(), others.isChecked()) == (True, True)
    own.setFocus()
    qtbot.keyClick(own, Qt.Key.Key_Space)
    # All loss items are the third party's now: (7,800 − 2,000) × 70 %.
    shown(qtbot, money, '¥4,060.00')
    assert [part.kind for part in money.form.request().parts] == ['third_party']
    (only,) = [box for box in money.cover_boxes() if box.isChecked()]
    qtbot.keyClick(only, Qt.Key.Key_Space)
    assert [box.isChecked() for box in money.cover_boxes()] == [False, True]


def test_what_if_stands_beside_the_real_one_and_is_not_kept(qtbot: QtBot, office: CaseOffice) -> None:
    page, money = money_of(qtbot, office)
    shown(qtbot, money, '¥2,300.00')
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_W, ALT)
    deductible = money.form.part_field('own_damage', 'deductible')
    type_into(qtbot, deductible, '1000')
    shown(qtbot, money, '¥2,300.00 → ¥1,800.00')
    assert money.sheet.capital.text() == 'Difference: −500.00'
    money.save()
    assert office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id) == []
    money.leave_button.click()
    shown(qtbot, money, '¥2,300.00')
    assert deductible.value() == D(500)
    assert not page.has_unsaved()
    money.what_if_button.click()
    type_into(qtbot, deductible, '1000')
    shown(qtbot, money, '¥2,300.00 → ¥1,800.00')
    money.take_button.click()
    shown(qtbot, money, '¥1,800.00')
    money.save_button.click()
    (kept,) = office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)
    assert kept.payable == D(1800)


def test_f4_opens_the_document_that_a_value_comes_from(
    qtbot: QtBot, office: CaseOffice
) -> None:
    from claimdesk.services.documents import NewFile
    from tests.services.paper_office import pdf

    desk, clerk = office.desk, office.people[Role.SERVICE]
    (document,) = desk.documents.add(clerk, [NewFile('invoice.pdf', pdf())], office.case_id, 'paper')
    desk.invoices.confirm_other(clerk, document.id, document.version, office.case_id, document.kind)
    desk.assessment.add(
        office.people[Role.ADJUSTER], office.case_id, LossKind.LABOUR, '工时', D(200), D(200), document.id
    )
    page, money = money_of(qtbot, office)
    went: list[tuple[str, Any]] = []
    page.shell.navigate_to.connect(lambda where, what: went.append((where, what)))
    loss = money.form.part_field('own_damage', 'loss')
    loss.setFocus()
    qtbot.keyClick(loss, Qt.Key.Key_F4)
    place = {'document_id': document.id, 'field': 'total', 'page': 1, 'box': None}
    assert went == [('inbox', place)]


def test_the_file_that_changed_after_saving_is_said_and_taken(qtbot: QtBot, office: CaseOffice) -> None:
    page, money = money_of(qtbot, office)
    money.save_button.click()
    office.desk.assessment.add(
        office.people[Role.ADJUSTER], office.case_id, LossKind.LABOUR, '工时', D(200), D(200)
    )
    page.reload()
    shown(qtbot, money, '¥2,300.00')
    assert 'Repair cost confirmed' in money._stale.text()
    money.renew_button.click()
    shown(qtbot, money, '¥2,500.00')


def test_rows_are_added_and_taken_away_by_keyboard(qtbot: QtBot) -> None:
    spec = next(one for one in specs(Compulsory) if one.name == 'victims')
    rows = RowsEdit(spec)
    qtbot.addWidget(rows)
    rows.show()
    rows._add.click()
    name, death = rows._rows[0][:2]
    name.insert('甲')
    name.textEdited.emit('甲')
    type_into(qtbot, death, '1000')
    qtbot.keyClick(death, ENTER)
    assert [one.name for one in rows.value()] == ['甲', '']
    assert rows.value()[0].death == D(1000)
    kept = rows.text()
    rows.set_value(())
    rows.setText(kept)
    assert rows.value()[0].death == D(1000)
    type_into(qtbot, rows._rows[0][1], 'x')
    assert 'Death and disability' in rows.problem()


def test_a_whole_number(qtbot: QtBot) -> None:
    field = WholeEdit(10)
    qtbot.addWidget(field)
    for typed, value, wrong in (('8', 8, False), ('', None, False), ('11', None, True), ('1.5', None, True)):
        field.setText(typed)
        assert (field.value(), bool(field.problem())) == (value, wrong)


def test_an_advance_from_the_question_to_the_signature(qtbot: QtBot, office: CaseOffice) -> None:
    page, money = money_of(qtbot, office)
    money.advances.ask()
    assert '2,300.00' in money.advances.most.text()
    type_into(qtbot, money.advances.amount, '1000')
    money.advances.reason.set_value('车主等钱修车')
    money.advances.send_button.click()
    (asked,) = office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)
    assert asked.payable == D(1000)

    office.desk.actor = office.people[Role.APPROVER]
    page.reload()
    button = next(one for one in money.advances.findChildren(QWidget) if one.accessibleName() == 'Approve…')

    def sign(dialog: Any) -> None:
        dialog.password.setText(PASSWORD)
        dialog.ok_button.click()

    when_asked(sign)
    button.click()
    (asked,) = office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)
    assert asked.decided_by == office.people[Role.APPROVER].name
    assert page.file is not None


def test_injury_items_go_into_the_loss_assessment(qtbot: QtBot, office: CaseOffice) -> None:
    office.desk.injuries.set(
        office.people[Role.ADMINISTRATOR], ProvinceYear('江苏', 2025, D(60000), D(36000), D(9000), '统计公报')
    )
    page, money = money_of(qtbot, office)

    def fill(dialog: InjuryDialog) -> None:
        dialog.whose.setText('周宁')
        type_into(qtbot, dialog.form.field('age'), '61')
        type_into(qtbot, dialog.form.field('grade'), '10')
        qtbot.waitUntil(lambda: bool(dialog.form.error('income')))
        dialog.province.setCurrentIndex(0)
        dialog.province.activated.emit(0)
        qtbot.waitUntil(lambda: dialog.sheet.payable.text() == '¥114,000.00')
        dialog.ok_button.click()

    when_asked(fill)
    money.injury_button.click()
    lines = office.desk.assessment.items(office.people[Role.AUDITOR], office.case_id)
    assert (lines[-1].name, lines[-1].confirmed) == ('Compensation for disability', D(114000))
    assert lines[-1].kind is LossKind.DISABILITY
    assert page.file is not None


def test_figures_are_changed_from_a_day_on(qtbot: QtBot, office: CaseOffice) -> None:
    office.desk.actor = office.people[Role.ADMINISTRATOR]
    page = SettingsPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.show()
    page.arrive('figures')
    section = page.section('figures')
    main = section.fields['liability.main']
    assert main.text() == '70%'
    type_into(qtbot, main, '80')
    assert section.has_unsaved()
    type_into(qtbot, main, '')
    main.clear()
    main.textEdited.emit('')
    assert not section.dated.save_button.isEnabled()
    type_into(qtbot, main, '80')
    section.save()
    (version,) = office.desk.rules.versions(office.people[Role.AUDITOR], KEY)
    assert version.value == {'liability.main': '0.8'}


def test_provinces_are_entered_and_taken_in_from_a_file(qtbot: QtBot, office: CaseOffice, tmp_path: Path) -> None:
    office.desk.actor = office.people[Role.ADMINISTRATOR]
    page = SettingsPage(office.desk, Shell(Tasks.synchronous()))
    qtbot.addWidget(page)
    page.show()
    page.arrive('injury')
    section = page.section('injury')
    section.province.setText('江苏')
    type_into(qtbot, section.year, '2025')
    section.save()
    assert 'at least one' in section.form.error('income')
    income = section.form.field('income')
    assert isinstance(income, QLineEdit)
    type_into(qtbot, income, '60000')
    section.save()
    file = tmp_path / 'provinces.csv'
    file.write_text('province,year,income,spending,monthly_wage,source\n浙江,2025,70000,,9500,公报\n', encoding='utf-8')
    section.take_in(file)
    rows = office.desk.injuries.provinces(office.people[Role.AUDITOR])
    assert {(one.province, one.income, one.monthly_wage) for one in rows} == {
        ('江苏', D(60000), None), ('浙江', D(70000), D(9500)),
    }  # fmt: skip
    file.write_text('province,year,income,spending,monthly_wage\n浙江,2025,viel,,\n', encoding='utf-8')
    section.take_in(file)
    assert len(office.desk.injuries.provinces(office.people[Role.AUDITOR])) == 2

def test_every_item_of_the_damages_has_a_kind_of_loss() -> None:
    all_of_it = Injury(
        age=40, died=True, income=D(1), spending=D(1), monthly_wage=D(1), dependants=(Dependant('子', 8, 2),),
        medical=D(1), lost_daily=D(1), lost_days=1, care_daily=D(1), care_days=1, transport=D(1), meals=D(1),
        nutrition=D(1), aids=D(1), mental=D(1),
    )  # fmt: skip
    hurt = Injury(age=40, grade=10, income=D(100))
    for inputs in (all_of_it, hurt):
        result = adjust(Request(ClauseVersion.MOTOR_COMPULSORY, (Part('injury', '', inputs),)))
        items = _items(result)
        assert {step.name for step in items} <= set(_KINDS)
        assert sum(step.amount for step in items) == result.payable
