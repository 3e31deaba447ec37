"""The window round the pages: its life from first start to sign-out, tabs, keys, faults, language and theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from claimdesk import language
from claimdesk.errors import Unavailable
from claimdesk.models import Database
from claimdesk.settings import Settings
from claimdesk.ui import dialogs, keys, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.faults import Faults
from claimdesk.ui.first_run import FirstRun
from claimdesk.ui.page import Page, Shell
from claimdesk.ui.pages import Entry
from claimdesk.ui.pages.payments import PaymentsPage
from claimdesk.ui.pages.register import RegisterPage
from claimdesk.ui.signin import SignIn
from claimdesk.ui.start import Start, describe
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets import EmptyState, PlainLabel
from claimdesk.ui.window import Window
from claimdesk.vocabulary import Role
from tests.ui.list_office import ListOffice, list_office

Key, CONTROL, ALT = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def office(
    sqlite_url: str, tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ListOffice]:
    monkeypatch.setenv('XDG_DATA_HOME', str(tmp_path / 'data'))
    monkeypatch.setenv('XDG_CONFIG_HOME', str(tmp_path / 'config'))
    QSettings().clear()
    made = list_office(Database(sqlite_url), tmp_path / 'files', cases=3)
    yield made
    made.desk.close()


@pytest.fixture
def start(office: ListOffice, qapp: QApplication, qtbot: QtBot) -> Iterator[Start]:
    made = begin(office, qapp, qtbot)
    enter(made, office, Role.MANAGER)
    yield made
    end(made)


def begin(office: ListOffice, qapp: QApplication, qtbot: QtBot) -> Start:
    """A desk whose office is open, before anybody has signed in."""
    made = Start(qapp, Settings(language='en', theme='light'), tasks=Tasks.synchronous())
    # The end of a test closes the window; nobody is there to be asked about edits.
    qtbot.addWidget(made.window, before_close_func=lambda window: setattr(window, 'may_leave', lambda: True))
    made.window.resize(1366, 768)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(made.window.isActiveWindow)
    made._ask_who(describe(office.desk))
    return made


def enter(start: Start, office: ListOffice, role: Role) -> None:
    start._enter(office.people[role])


def end(start: Start) -> None:
    start._stop_feed()
    start.window.leave()
    start.tasks.close()


def before(start: Start) -> Any:
    return start.window.stack.currentWidget()


# From the first start to the end


def test_a_computer_that_was_never_used_is_asked_which_office(qapp: QApplication, qtbot: QtBot) -> None:
    start = Start(qapp, Settings(language='en'), tasks=Tasks.synchronous())
    qtbot.addWidget(start.window)
    start.window.show()
    start._first_run()
    assert isinstance(before(start), FirstRun)
    start.wish('language', 'zh_CN')
    assert isinstance(before(start), FirstRun)
    assert language.current() == 'zh_CN'
    end(start)


def test_a_damaged_settings_file_is_said_where_it_is_seen(qapp: QApplication, qtbot: QtBot) -> None:
    start = Start(qapp, Settings(language='en', notice='The settings file was damaged.'), tasks=Tasks.synchronous())
    qtbot.addWidget(start.window)
    start._first_run()
    assert before(start).banner.sentence == 'The settings file was damaged.'
    end(start)


def test_an_office_that_cannot_be_opened_offers_two_ways_out(
    office: ListOffice, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(language='en', database_url='postgresql://desk@db/claimdesk')
    start = Start(qapp, settings, tasks=Tasks.synchronous())
    qtbot.addWidget(start.window)
    start.window.show()
    answers: list[Any] = [Unavailable('The server does not answer.', 'Check the network.')]

    def connect(_settings: Settings) -> Any:
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    monkeypatch.setattr('claimdesk.app.connect', connect)
    start._connect()
    assert isinstance(before(start), EmptyState)
    words = [label.text() for label in before(start).findChildren(PlainLabel)]
    assert 'The server does not answer.' in words
    # A switch of theme meanwhile does not leave an empty window.
    start.wish('theme', 'dark')
    assert isinstance(before(start), EmptyState)
    answers[0] = office.desk
    before(start)._button.click()
    assert isinstance(before(start), SignIn)
    before(start)
    start._cannot_open(Unavailable('The server does not answer.'))
    next(one for one in before(start).findChildren(type(before(start)._button)) if 'another' in one.text()).click()
    assert isinstance(before(start), FirstRun)
    start.tasks.close()


def test_a_signed_in_person_sees_the_pages_of_their_role(start: Start, office: ListOffice) -> None:
    everything = ['work', 'cases', 'inbox', 'payments', 'liaison', 'reports', 'trail', 'settings']
    assert start.window.rail.names() == everything
    start.wish('sign out', '')
    enter(start, office, Role.FINANCE)
    assert 'inbox' not in start.window.rail.names()
    assert 'payments' in start.window.rail.names()
    assert not start.window.top.register.isVisible()


def test_signing_out_throws_everything_away(start: Start, office: ListOffice) -> None:
    start.window.open_case(office.case_id)
    start.wish('sign out', '')
    assert isinstance(before(start), SignIn)
    assert start.window.pages() == []
    assert office.desk.actor is None
    assert not start.window.top.search.isVisible()
    assert not start.window.rail.isVisible()


def test_unsaved_work_is_asked_about_before_signing_out(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    type_something(start)
    asked: list[str] = []
    monkeypatch.setattr(dialogs, 'leave_unsaved', lambda _parent, what: asked.append(what) or False)
    start.wish('sign out', '')
    assert asked == ['New case']
    assert start.window.desk is not None
    monkeypatch.setattr(dialogs, 'leave_unsaved', lambda _parent, _what: True)
    start.wish('sign out', '')
    assert isinstance(before(start), SignIn)


def type_something(start: Start) -> RegisterPage:
    start.window.go('register')
    page = start.window.front()
    assert isinstance(page, RegisterPage)
    page._place.setText('人民路 318 号')
    page._cause.setText('追尾')
    return page


def test_the_window_does_not_close_over_unsaved_work(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    type_something(start)
    monkeypatch.setattr(dialogs, 'leave_unsaved', lambda _parent, _what: False)
    assert not start.window.close()
    monkeypatch.setattr(dialogs, 'leave_unsaved', lambda _parent, _what: True)
    assert start.window.close()


# Pages and tabs


def test_pages_are_reached_by_number_and_keep_their_state(start: Start, qtbot: QtBot) -> None:
    window = start.window
    qtbot.keyClick(window, Key.Key_4, ALT)
    page = window.front()
    assert isinstance(page, PaymentsPage)
    page.chips['paid'].click()
    qtbot.keyClick(window, Key.Key_2, ALT)
    assert window.front() is not page
    qtbot.keyClick(window, Key.Key_4, ALT)
    assert window.front() is page
    assert page.chips['paid'].isChecked()


def test_cases_open_as_tabs_that_are_walked_and_closed_by_key(start: Start, office: ListOffice, qtbot: QtBot) -> None:
    window = start.window
    other = office.register('other')
    window.open_case(office.case_id)
    window.open_case(other)
    window.open_case(office.case_id)
    assert window.tabs.count() == 3
    assert window.front() is window._pages[f'case:{office.case_id}']
    qtbot.keyClick(window, Key.Key_Tab, CONTROL)
    assert window.front() is window._pages[f'case:{other}']
    qtbot.keyClick(window, Key.Key_Tab, CONTROL | SHIFT)
    assert window.front() is window._pages[f'case:{office.case_id}']
    qtbot.keyClick(window, Key.Key_W, CONTROL)
    assert f'case:{office.case_id}' not in window._pages
    qtbot.keyClick(window, Key.Key_W, CONTROL)
    assert window.tabs.count() == 1
    assert not window.tabs.isVisible()
    qtbot.keyClick(window, Key.Key_W, CONTROL)
    assert window.front() is not None


def test_a_tab_with_edits_asks_before_it_closes(start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    page = type_something(start)
    monkeypatch.setattr(dialogs, 'leave_unsaved', lambda _parent, _what: False)
    qtbot.keyClick(start.window, Key.Key_W, CONTROL)
    assert start.window.front() is page
    monkeypatch.setattr(dialogs, 'leave_unsaved', lambda _parent, _what: True)
    qtbot.keyClick(start.window, Key.Key_W, CONTROL)
    assert start.window.front() is not page


def test_every_key_of_the_window_is_on_the_list(start: Start, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Dialog] = []
    monkeypatch.setattr(Dialog, 'run', lambda dialog: shown.append(dialog) or True)
    start.window.go('payments')
    qtbot.keyClick(start.window, Key.Key_F1)
    words = ' '.join(label.text() for label in shown[0].findChildren(PlainLabel))
    for sequence, _does in keys.WINDOW:
        assert sequence in words
    assert 'Do the next thing with this payment' in words
    shown[0].deleteLater()


def test_f5_reads_the_page_in_front_again(start: Start, qtbot: QtBot) -> None:
    page = start.window.front()
    assert page is not None
    calls: list[int] = []
    page.refresh = lambda: calls.append(1)  # type: ignore[method-assign]
    qtbot.keyClick(start.window, Key.Key_F5)
    assert calls == [1]


def test_what_was_done_is_undone_by_key(start: Start, qtbot: QtBot) -> None:
    undone: list[int] = []
    start.shell.toast('It is done.', lambda: undone.append(1))
    assert start.window.toast.isVisible()
    qtbot.keyClick(start.window, Key.Key_Z, CONTROL)
    assert undone == [1]
    assert not start.window.toast.isVisible()
    qtbot.keyClick(start.window, Key.Key_Z, CONTROL)
    start.shell.toast('Only said.')
    qtbot.keyClick(start.window, Key.Key_Z, CONTROL)
    assert undone == [1]


def test_undo_in_a_field_belongs_to_the_field(start: Start, qtbot: QtBot) -> None:
    undone: list[int] = []
    page = type_something(start)
    start.shell.toast('It is done.', lambda: undone.append(1))
    page._place.setFocus()
    qtbot.keyClicks(page._place, 'x')
    qtbot.keyClick(page._place, Key.Key_Z, CONTROL)
    assert undone == []
    assert 'x' not in page._place.text()


# Language and theme


def test_a_switch_of_language_keeps_tabs_front_and_edits(start: Start, office: ListOffice) -> None:
    window = start.window
    window.open_case(office.case_id)
    type_something(start)
    start.wish('language', 'zh_CN')
    assert [str(window.tabs.tabData(at)) for at in range(1, window.tabs.count())] == [
        f'case:{office.case_id}', 'register',
    ]  # fmt: skip
    page = window.front()
    assert isinstance(page, RegisterPage)
    assert page._place.text() == '人民路 318 号'
    assert page.title != 'New case'
    assert window.top.person.text() == office.people[Role.MANAGER].name
    assert Settings.load().language == 'zh_CN'
    start.wish('language', 'en')
    assert window.front().title == 'New case'  # type: ignore[union-attr]


def test_a_switch_of_theme_keeps_edits_and_dresses_everything(start: Start, qapp: QApplication) -> None:
    type_something(start)
    start.wish('theme', 'dark')
    page = start.window.front()
    assert isinstance(page, RegisterPage)
    assert page._place.text() == '人民路 318 号'
    assert page.palette().window().color() == QColor(theme.DARK.window)
    assert Settings.load().theme == 'dark'
    start.wish('theme', 'light')


def test_badges_survive_a_switch(start: Start) -> None:
    start.shell.badge.emit('reports', 7)
    start.wish('theme', 'dark')
    assert start.window.rail.count('reports') == 7
    start.wish('theme', 'light')


def test_the_rail_stands_on_top_after_every_switch(start: Start, qtbot: QtBot) -> None:
    """Buttons of before that are still waiting to be deleted must not push the new ones down."""
    start.window.rail.show_pages({name: start.window._rail_pages[name] for name in start.window.rail.names()})
    start.window.rail.layout().activate()
    tops = [start.window.rail._buttons[name].geometry().top() for name in start.window.rail.names()]
    qtbot.waitUntil(lambda: start.window.rail._buttons['work'].geometry().top() < 120)
    assert tops == sorted(tops)


@pytest.mark.parametrize('code', ['en', 'zh_CN'])
def test_no_name_on_the_rail_is_cut_off(start: Start, code: str) -> None:
    start.wish('language', code)
    for button in start.window.rail._buttons.values():
        button.setChecked(True)
        metrics = button.fontMetrics()
        assert metrics.horizontalAdvance(button.text()) <= button.width() - 4


@pytest.mark.parametrize('size', [(1366, 768), (2560, 1440)])
@pytest.mark.parametrize('code', ['en', 'zh_CN'])
def test_every_page_fits_and_draws_without_a_complaint(start: Start, size: tuple[int, int], code: str) -> None:
    start.wish('language', code)
    start.window.resize(*size)
    for name in [*start.window.rail.names(), 'register']:
        start.window.go(name)
        page = start.window.front()
        assert page is not None
        assert not page.grab().isNull()
        assert page.minimumSizeHint().width() + start.window.rail.width() <= size[0]
        assert start.window.size().width() == size[0]


# When something goes wrong


class Broken(Page):
    """A page that fails in every way."""

    def __init__(self, desk: Any, shell: Shell) -> None:
        super().__init__(desk, shell)
        self.title = 'Broken'

    def work(self, error: Exception) -> None:
        def fail(_progress: Any) -> None:
            raise error

        self.run(fail)


def broken_window(qapp: QApplication, qtbot: QtBot, office: ListOffice, tasks: Tasks) -> tuple[Window, Broken]:
    theme.apply(qapp, 'light')
    window = Window(Shell(tasks), {'work': Entry('Work', 'house', f'{__name__}:Broken')}, {})
    qtbot.addWidget(window)
    page = Broken(office.desk_of(Role.MANAGER), window.shell)
    qtbot.addWidget(page)
    page.show()
    return window, page


def test_an_error_of_the_handler_shows_in_the_banner_of_the_page(
    qapp: QApplication, qtbot: QtBot, office: ListOffice
) -> None:
    tasks = Tasks.synchronous()
    _window, page = broken_window(qapp, qtbot, office, tasks)
    page.work(Unavailable('The database does not answer.', 'Try again.'))
    assert page.banner.sentence == 'The database does not answer.'
    tasks.close()


def test_a_fault_becomes_a_number_details_and_a_line_in_the_log(
    qapp: QApplication, qtbot: QtBot, office: ListOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import logging
    import sys

    tasks = Tasks.synchronous()
    _window, page = broken_window(qapp, qtbot, office, tasks)
    shown: list[tuple[str, ...]] = []
    monkeypatch.setattr(dialogs, 'show_details', lambda _parent, *words: shown.append(words))
    monkeypatch.setattr(sys, 'excepthook', sys.excepthook)
    faults = Faults(folder=tmp_path / 'log')
    handlers = list(logging.getLogger().handlers)
    faults.install()
    try:
        tasks.fault = faults.report
        page.work(ZeroDivisionError('secret of a case'))
        ((number, _error),) = faults.reported
        title, sentence, details, _copy = shown[0]
        assert number in title
        assert str(faults.file) in sentence
        assert 'ZeroDivisionError' in details
        assert number in faults.file.read_text('utf-8')
    finally:
        for handler in [one for one in logging.getLogger().handlers if one not in handlers]:
            logging.getLogger().removeHandler(handler)
            handler.close()
        from PySide6.QtCore import qInstallMessageHandler

        qInstallMessageHandler(None)
        tasks.close()


@pytest.mark.parametrize('payload', ['<img src=file:///etc/passwd>', '<b>bold</b>', '&amp;'])
def test_words_of_users_are_never_html(qapp: QApplication, qtbot: QtBot, payload: str) -> None:
    dialog = Dialog(None, payload, payload, payload)
    qtbot.addWidget(dialog)
    for label in dialog.findChildren(PlainLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText
    assert dialog.ok_button.text().replace('&&', '&') == payload


def test_no_widget_flashes_up_as_a_window_of_its_own(start: Start, qapp: QApplication, office: ListOffice) -> None:
    start.window.open_case(office.case_id)
    for name in [*start.window.rail.names(), 'register']:
        start.window.go(name)
    strangers = [
        one for one in qapp.topLevelWidgets() if one.isVisible() and one is not start.window and one.parent() is None
    ]
    assert strangers == []


def test_a_search_field_closes_again_on_escape(start: Start, qtbot: QtBot) -> None:
    qtbot.keyClick(start.window, Key.Key_K, CONTROL)
    field = start.window.palette_box.field
    assert isinstance(field, QLineEdit)
    assert field.isVisible()
    qtbot.keyClick(field, Key.Key_Escape)
    assert not field.isVisible()
