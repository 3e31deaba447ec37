"""Sitting down at the desk: name and password, one click in the demo office, and a new password."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from claimdesk.app import Desk, build
from claimdesk.models import Database, Office
from claimdesk.services.accounts import NewPerson
from claimdesk.services.context import Actor
from claimdesk.services.passwords import ATTEMPTS
from claimdesk.settings import Settings
from claimdesk.ui import theme
from claimdesk.ui.page import Shell
from claimdesk.ui.password import PasswordDialog
from claimdesk.ui.signin import SignIn
from claimdesk.ui.tasks import Tasks
from claimdesk.vocabulary import Role

Key = Qt.Key
PASSWORD = 'a long password'


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qapp: QApplication) -> Iterator[Desk]:
    theme.apply(qapp, 'light')
    QSettings().remove('last login')
    made = build(Settings(files_folder=str(tmp_path)), Database(sqlite_url))
    made.office.found('江南理赔中心', '沈若溪', 'shen', PASSWORD)
    yield made
    made.close()


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks.synchronous()
    yield made
    made.close()


def sign_in(desk: Desk, tasks: Tasks, qtbot: QtBot, **more: object) -> SignIn:
    page = SignIn(
        tasks, '江南理赔中心', desk.accounts.demo_people(), desk.accounts.sign_in, desk.accounts.sign_in_demo, **more
    )
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.setFocus()
    return page


def test_name_and_password_open_the_desk_by_keyboard(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    page, seen = sign_in(desk, tasks, qtbot), []
    page.signed_in.connect(seen.append)
    assert page.login.hasFocus()
    qtbot.keyClicks(page.login, 'shen')
    qtbot.keyClick(page.login, Key.Key_Return)
    assert page.password.hasFocus()
    qtbot.keyClicks(page.password, PASSWORD)
    qtbot.keyClick(page.password, Key.Key_Return)
    (actor,) = seen
    assert isinstance(actor, Actor)
    assert actor.name == '沈若溪'
    assert page.password.text() == ''


def test_the_name_is_remembered_and_the_password_is_not(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    page = sign_in(desk, tasks, qtbot)
    page.login.setText('shen')
    page.password.setText(PASSWORD)
    page.submit()
    again = sign_in(desk, tasks, qtbot)
    assert again.login.text() == 'shen'
    assert again.password.hasFocus()
    assert PASSWORD not in str([QSettings().value(key) for key in QSettings().allKeys()])


def test_a_wrong_password_is_said_without_telling_which_was_wrong(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    page, said = sign_in(desk, tasks, qtbot), []
    for login, password in (('shen', 'wrong'), ('nobody', PASSWORD)):
        page.login.setText(login)
        page.password.setText(password)
        page.submit()
        said.append(page.banner.sentence)
        assert page.password.hasFocus()
        assert page.password.selectedText() == password
    assert said[0] == said[1] != ''


def test_too_many_wrong_passwords_lock_the_account_for_a_while(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    page = sign_in(desk, tasks, qtbot)
    page.login.setText('shen')
    for _try in range(ATTEMPTS):
        page.password.setText('wrong')
        page.submit()
    page.password.setText(PASSWORD)
    page.submit()
    assert 'locked' in page.banner.sentence


def test_empty_fields_are_named(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    page = sign_in(desk, tasks, qtbot)
    page.submit()
    assert page.form.error('login')
    assert page.form.error('password')
    assert page.banner.sentence == ''


def test_a_hidden_password_shows_on_demand(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    page = sign_in(desk, tasks, qtbot)
    assert page.password.echoMode() is QLineEdit.EchoMode.Password
    page.password._eye.trigger()
    assert page.password.echoMode() is QLineEdit.EchoMode.Normal


def test_in_the_demo_office_one_click_is_enough(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    with desk.context.database.write('test') as session:
        session.query(Office).one().demo = True
    admin = desk.accounts.sign_in('shen', PASSWORD)
    desk.accounts.create(admin, NewPerson('lu', '陆景行', (Role.SURVEYOR,), PASSWORD))
    page, seen = sign_in(desk, tasks, qtbot), []
    page.signed_in.connect(seen.append)
    card = next(one for one in page.cards if one.accessibleName() == '陆景行, Surveyor')
    qtbot.keyClick(card, Key.Key_Space)
    assert [actor.name for actor in seen] == ['陆景行']


def test_nobody_gets_in_by_a_click_where_people_really_work(desk: Desk) -> None:
    assert desk.accounts.demo_people() == []


def test_another_office_can_be_opened(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    asked: list[int] = []
    page = sign_in(desk, tasks, qtbot, other_office=lambda: asked.append(1))
    next(button for button in page.findChildren(type(page.button)) if 'another office' in button.text()).click()
    assert asked == [1]


def password_dialog(desk: Desk, tasks: Tasks, qtbot: QtBot) -> PasswordDialog:
    desk.actor = desk.accounts.sign_in('shen', PASSWORD)
    page = sign_in(desk, tasks, qtbot)
    dialog = PasswordDialog(page, Shell(tasks), desk)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_the_password_is_changed_and_the_old_one_no_longer_opens(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    dialog = password_dialog(desk, tasks, qtbot)
    for field, typed in ((dialog.old, PASSWORD), (dialog.new, 'another sentence'), (dialog.again, 'another sentence')):
        qtbot.keyClicks(field, typed)
    dialog.ok_button.click()
    assert not dialog.isVisible()
    assert desk.accounts.sign_in('shen', 'another sentence').name == '沈若溪'


@pytest.mark.parametrize(
    'old, new, again, field',
    [
        ('wrong one', 'another sentence', 'another sentence', 'old'),
        (PASSWORD, 'short', 'short', 'password'),
        (PASSWORD, 'another sentence', 'another sentense', 'again'),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said_at_its_field(
    desk: Desk, tasks: Tasks, qtbot: QtBot, old: str, new: str, again: str, field: str
) -> None:
    dialog = password_dialog(desk, tasks, qtbot)
    dialog.old.setText(old)
    dialog.new.setText(new)
    dialog.again.setText(again)
    dialog.ok_button.click()
    assert dialog.isVisible()
    assert dialog.form.error(field)
    assert dialog.ok_button.isEnabled()
    assert desk.accounts.sign_in('shen', PASSWORD).name == '沈若溪'


def test_the_clock_of_the_lock_is_the_offices(desk: Desk, tasks: Tasks, qtbot: QtBot) -> None:
    page = sign_in(desk, tasks, qtbot)
    page.login.setText('shen')
    for _try in range(ATTEMPTS):
        page.password.setText('wrong')
        page.submit()
    later = desk.context.now() + dt.timedelta(minutes=6)
    desk.context.database.now = lambda: later
    object.__setattr__(desk.context, 'now', lambda: later)
    seen: list[Actor] = []
    page.signed_in.connect(seen.append)
    page.password.setText(PASSWORD)
    page.submit()
    assert len(seen) == 1
