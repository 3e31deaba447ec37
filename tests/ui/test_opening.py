"""The window on the screen: painted before the desk is there, where it was and in the colours of last time."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QCloseEvent, QColor, QIcon, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from claimdesk.__main__ import _wants_desk
from claimdesk.settings import Settings
from claimdesk.ui.frame import BAR, Frame, remember_colours
from claimdesk.ui.start import Start
from claimdesk.ui.tasks import Tasks


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    QSettings().clear()
    yield
    QSettings().clear()


@pytest.fixture
def frame(qtbot: QtBot) -> Frame:
    made = Frame()
    qtbot.addWidget(made)
    return made


class Refusing(QWidget):
    """A desk that will not be closed."""

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()


def test_it_is_painted_when_it_comes_back(qtbot: QtBot) -> None:
    painted: list[bool] = []

    class Told(Frame):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            painted.append(True)

    frame = Told()
    qtbot.addWidget(frame)
    frame.show_painted()
    assert painted
    assert frame.isVisible()


def test_the_outline_has_the_colours_of_last_time(qtbot: QtBot) -> None:
    remember_colours('#102030', '#405060', '#708090')
    frame = Frame()
    qtbot.addWidget(frame)
    picture = frame.grab().toImage()
    assert picture.pixelColor(500, BAR // 2) == QColor('#405060')
    assert picture.pixelColor(500, 300) == QColor('#102030')


def test_a_desk_of_its_own_theme_remembers_its_colours(qapp: QApplication) -> None:
    kept = {}
    for choice in ('light', 'dark'):
        start = Start(qapp, Settings(language='en', theme=choice), tasks=Tasks.synchronous())
        kept[choice] = QSettings().value('window/colours')
        start.window.deleteLater()
        start.tasks.close()
    assert kept['light'] != kept['dark']


def test_it_opens_where_it_was_closed(frame: Frame, qtbot: QtBot) -> None:
    frame.show()
    frame.resize(1000, 700)
    assert frame.close()
    again = Frame()
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (1000, 700)


def test_it_stays_open_while_the_desk_does(frame: Frame) -> None:
    desk = Refusing()
    frame.move_in(desk)
    frame.show()
    assert not frame.close()
    assert frame.isVisible()
    frame.takeCentralWidget()
    desk.deleteLater()


def test_the_desk_gives_it_title_and_icon(frame: Frame) -> None:
    desk = QWidget()
    desk.setWindowTitle('Work')
    frame.move_in(desk)
    assert frame.windowTitle() == 'Work'
    desk.setWindowTitle('Cases')
    desk.setWindowIcon(QIcon())
    assert frame.windowTitle() == 'Cases'


@pytest.mark.parametrize(
    ('words', 'wanted'),
    [
        ([], True),
        (['--demo'], True),
        (['--database', 'sqlite:///a.db', '--demo'], True),
        (['--database=sqlite:///a.db'], True),
        (['--database'], False),
        (['--version'], False),
        (['due', 'CY2026-000318'], False),
        (['--database', 'sqlite:///a.db', 'db', 'check'], False),
    ],
)
def test_only_the_desk_opens_a_window(words: list[str], wanted: bool) -> None:
    assert _wants_desk(words) is wanted


def test_nothing_of_the_desk_is_imported_before_the_paint() -> None:
    code = 'import sys, claimdesk.__main__, claimdesk.ui.frame; print(*[m for m in sys.modules if "claimdesk" in m])'
    seen = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, check=True).stdout.split()
    assert sorted(seen) == ['claimdesk', 'claimdesk.__main__', 'claimdesk.ui', 'claimdesk.ui.frame']
