"""The very first start: three ways in, each with its checks, its progress and its way back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.errors import InvalidInput, Unavailable
from claimdesk.ui import theme
from claimdesk.ui.first_run import FirstRun, Ways
from claimdesk.ui.tasks import Tasks
from claimdesk.ui.widgets import PlainLabel

Key = Qt.Key


class Offices:
    """What the page asks for, and how it is answered."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self.problem: Exception | None = None

    def ways(self) -> Ways:
        return Ways(self.demo, self.found, self.test, self.join)

    def _answer(self, *asked: Any) -> str:
        self.asked.append(asked)
        if self.problem is not None:
            raise self.problem
        return 'a desk'

    def demo(self, progress: Any) -> str:
        progress(1, 2, 'half')
        return self._answer('demo')

    def found(self, office: str, name: str, login: str, password: str, _progress: Any) -> str:
        return self._answer('found', office, name, login, password)

    def test(self, url: str) -> str:
        self._answer('test', url)
        return 'PostgreSQL 15'

    def join(self, url: str, password: str, _progress: Any) -> str:
        return self._answer('join', url, password)


@pytest.fixture
def offices() -> Offices:
    return Offices()


@pytest.fixture
def page(offices: Offices, qapp: QApplication, qtbot: QtBot) -> Iterator[FirstRun]:
    theme.apply(qapp, 'light')
    tasks = Tasks.synchronous()
    made = FirstRun(tasks, offices.ways())
    qtbot.addWidget(made)
    made.resize(1200, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    yield made
    tasks.close()


def test_the_three_ways_are_shown_whole(page: FirstRun) -> None:
    for choice in (page.demo, page.own, page.server):
        assert choice.height() >= 60
        for label in choice.findChildren(PlainLabel):
            assert choice.rect().contains(label.geometry())


def test_enter_opens_the_demo_office(page: FirstRun, offices: Offices, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.opened) as heard:
        assert page.demo.hasFocus()
        qtbot.keyClick(page.demo, Key.Key_Space)
    assert heard.args == ['a desk']
    assert offices.asked == [('demo',)]


def test_an_office_is_founded_by_keyboard(page: FirstRun, offices: Offices, qtbot: QtBot) -> None:
    qtbot.keyClick(page.own, Key.Key_Space)
    assert page.office.hasFocus()
    for typed in ('Jiangnan', 'Shen', 'shen', 'a long password', 'a long password'):
        field = QApplication.focusWidget()
        qtbot.keyClicks(field, typed)
        if field is not page.again:
            qtbot.keyClick(field, Key.Key_Tab)
    with qtbot.waitSignal(page.opened):
        qtbot.keyClick(page.again, Key.Key_Return)
    assert offices.asked == [('found', 'Jiangnan', 'Shen', 'shen', 'a long password')]


def test_nothing_is_founded_while_something_is_missing(page: FirstRun, offices: Offices, qtbot: QtBot) -> None:
    page.own.click()
    page.office.setText('Jiangnan')
    page.password.setText('one')
    page.again.setText('two')
    page.found()
    assert offices.asked == []
    assert page.found_form.error('name')
    assert page.found_form.error('again') == 'The two passwords differ.'
    assert page.name.hasFocus()


def test_what_the_office_refuses_is_said_at_its_field(page: FirstRun, offices: Offices) -> None:
    page.own.click()
    for field in (page.office, page.name, page.login, page.password, page.again):
        field.setText('short')
    offices.problem = InvalidInput('Too short.', '', {'password': 'The password needs at least 8 characters.'})
    page.found()
    assert page.found_form.error('password') == 'The password needs at least 8 characters.'


def test_a_server_is_tested_before_it_is_joined(page: FirstRun, offices: Offices, qtbot: QtBot) -> None:
    page.server.click()
    assert page.host.hasFocus()
    page.host.setText(' db.office.lan ')
    page.user.setText('desk')
    page.server_password.setText('p@ss/word')
    page.test()
    assert page.banner.sentence == 'The server answers.'
    page.join()
    assert offices.asked == [
        ('test', 'postgresql://desk:p%40ss%2Fword@db.office.lan:5432/claimdesk'),
        ('join', 'postgresql://desk@db.office.lan:5432/claimdesk', 'p@ss/word'),
    ]


def test_an_address_of_numbers_and_colons_is_bracketed(page: FirstRun) -> None:
    page.server.click()
    page.host.setText('fe80::1')
    page.user.setText('desk')
    assert page.url() == 'postgresql://desk@[fe80::1]:5432/claimdesk'


@pytest.mark.parametrize('port', ['', '0', '65536', 'abc', '-1'])
def test_a_port_is_a_number(page: FirstRun, offices: Offices, port: str) -> None:
    page.server.click()
    page.host.setText('db')
    page.user.setText('desk')
    page.port.setText(port)
    page.test()
    assert page.join_form.error('port')
    assert offices.asked == []


def test_what_is_wrong_with_a_server_is_said_with_advice(page: FirstRun, offices: Offices) -> None:
    page.server.click()
    page.host.setText('db')
    page.user.setText('desk')
    offices.problem = Unavailable('The server does not answer.', 'Check the address.')
    page.join()
    assert page.banner.sentence == 'The server does not answer.'
    page._back()
    assert page.banner.sentence == ''
    assert page.demo.hasFocus()


def test_making_the_demo_office_can_be_stopped(offices: Offices, qapp: QApplication, qtbot: QtBot) -> None:
    import threading

    gate, seen = threading.Event(), []
    tasks = Tasks()
    ways = Ways(lambda _progress: gate.wait(5), offices.found, offices.test, offices.join)
    page = FirstRun(tasks, ways)
    qtbot.addWidget(page)
    page.opened.connect(seen.append)
    page.show()
    page.open_demo()
    qtbot.waitUntil(page._busy.isVisible)
    page._stop()
    assert not page._busy.isVisible()
    gate.set()
    tasks.wait()
    assert seen == []
    assert tasks.close()
