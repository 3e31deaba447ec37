"""A case by phone: under a minute of keys, checked while typing, kept through a crash, never registered twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from claimdesk.errors import Unavailable
from claimdesk.models import Database
from claimdesk.paths import data_kept_in
from claimdesk.services.intake import Registered
from claimdesk.ui import text, theme
from claimdesk.ui.drafts import Drafts
from claimdesk.ui.pages.register import DRAFT, RegisterPage
from claimdesk.vocabulary import Role
from tests.ui.list_office import ListOffice, list_office

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
KEYS_A_MINUTE = 150
"""A slow typist's strokes in a minute."""


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, qapp: QApplication) -> Iterator[ListOffice]:
    theme.apply(qapp, 'light')
    made = list_office(Database(sqlite_url), tmp_path / 'files', cases=1)
    # The fields read times as of today's clock, so the office lives today as well.
    now = dt.datetime.now(dt.UTC)
    with made.desk.context.database.write('test') as session:
        from claimdesk.models import Policy

        policy = session.get_one(Policy, made.policy_id)
        policy.starts_at, policy.ends_at = now - dt.timedelta(days=30), now + dt.timedelta(days=300)
    made.watch.time = now
    with data_kept_in(tmp_path / 'data'):
        yield made
    made.desk.close()


def shown(office: ListOffice, qtbot: QtBot) -> RegisterPage:
    return office.show(qtbot, RegisterPage, Role.SERVICE)


class Hand:
    """A hand on the keyboard that counts its strokes."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot, self.strokes = qtbot, 0

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.strokes += 1
        self._qtbot.keyClick(QApplication.focusWidget(), key, modifier)

    def type(self, words: str) -> None:
        self.strokes += len(words)
        self._qtbot.keyClicks(QApplication.focusWidget(), words)


def find(page: RegisterPage, qtbot: QtBot, hand: Hand, words: str = 'E8K318') -> None:
    hand.type(words)
    qtbot.waitUntil(lambda: page._found.count() > 0)
    hand.key(Key.Key_Return)


def yesterday() -> str:
    return f'{dt.datetime.now(text.OFFICE_ZONE) - dt.timedelta(days=1):%m%d} 1030'


def tell(page: RegisterPage, hand: Hand) -> None:
    """From the reporter's name on: all that the caller says."""
    hand.key(Key.Key_Tab)
    hand.key(Key.Key_Tab)
    hand.type(yesterday())
    hand.key(Key.Key_Tab)
    hand.type('rear-end')
    hand.key(Key.Key_Tab)
    hand.type('Renmin Road 318')


def test_a_case_is_registered_in_a_minute_of_keys(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    # Who calls is the insured, unless somebody types another name.
    assert page._reporter.text() == office.case.insured_name
    assert page._reporter.hasFocus()
    tell(page, hand)
    said: list[str] = []
    page.shell.status.connect(said.append)
    hand.key(Key.Key_Return, CONTROL)
    assert hand.strokes < KEYS_A_MINUTE / 2
    assert len(said) == 1
    assert page._stack.currentIndex() == 1
    number = said[0].split()[1]
    clerk = office.people[Role.SERVICE]
    case = office.desk.cases.page(clerk, office.desk.cases.find(clerk, number))
    assert (case.cause, case.place) == ('rear-end', 'Renmin Road 318')
    assert case.loss_at.astimezone(text.OFFICE_ZONE).strftime('%m%d %H%M') == yesterday()
    assert case.owner


def test_the_estimate_that_the_caller_gives_is_the_first_reserve(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    tell(page, hand)
    page._estimate.setText('1.2万')
    opened = register(page, office)
    case = office.desk.cases.page(office.people[Role.SERVICE], opened.case_id)
    assert (case.estimate, case.first_estimate) == (Decimal(12000), Decimal(12000))


def register(page: RegisterPage, office: ListOffice) -> Registered:
    made: list[Registered] = []
    really = office.desk.intake.register

    def watched(*args: Any) -> Registered:
        made.append(really(*args))
        return made[-1]

    office.desk.intake.register = watched  # type: ignore[method-assign]
    page.register()
    return made[-1]


def test_without_a_policy_nothing_is_registered(office: ListOffice, qtbot: QtBot) -> None:
    page = shown(office, qtbot)
    page.register()
    assert page.banner.sentence == 'Choose the policy first.'
    assert page._search_field.hasFocus()


def test_a_loss_outside_the_policy_is_said_as_the_field_is_left(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    page._loss_at.setFocus()
    for typed in ('2020-01-01 10:00', f'{office.watch().year + 1}-12-31 10:00', 'soon'):
        page._loss_at.clear()
        hand.type(typed)
        hand.key(Key.Key_Tab)
        assert page.form.error('loss_at')
        page._loss_at.setFocus()
    page._loss_at.clear()
    hand.type(yesterday())
    hand.key(Key.Key_Tab)
    assert page.form.error('loss_at') == ''


def test_what_is_missing_is_marked_and_the_cursor_goes_there(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    page._reporter.clear()
    page.register()
    assert page.form.error('reporter_name')
    assert page.form.error('place')
    assert page._reporter.hasFocus()
    assert page._stack.currentIndex() == 0


def test_a_case_of_the_same_accident_is_shown(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    page._loss_at.set_value(office.case.loss_at)
    page._left('loss_at')
    assert office.case.number in page.similar._advice.text() or 'already' in page.similar.sentence
    opened: list[int] = []
    page.shell.open_case.connect(opened.append)
    page.similar._action.click()
    assert opened


def test_a_report_survives_a_crash(office: ListOffice, qtbot: QtBot, tmp_path: Path) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    tell(page, hand)
    page._story.set_value('倒车时碰到立柱')
    page._keep_draft()
    kept = Drafts().find(DRAFT)
    assert kept is not None
    assert kept['description'] == '倒车时碰到立柱'
    # The program was killed here; it is started again.
    again = shown(office, qtbot)
    assert 'Renmin Road 318' in again.banner.sentence
    again.banner._action.click()
    assert again._place.text() == 'Renmin Road 318'
    assert again._story.value() == '倒车时碰到立柱'
    assert again._policy is not None
    assert again._policy.plate == '苏E8K318'
    again.register()
    assert Drafts().find(DRAFT) is None


def test_registered_just_before_the_crash_it_is_not_opened_twice(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    tell(page, hand)
    page._keep_draft()
    key = page._key
    first = register(page, office)
    # The draft of the crash: the answer never came.
    Drafts().keep(DRAFT, {'key': key, 'policy': first.number, 'reporter_name': 'x', 'place': 'y'})
    again = shown(office, qtbot)
    again.banner._action.click()
    assert again._key == key


def test_a_server_that_goes_away_leaves_the_form(
    office: ListOffice, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    tell(page, hand)

    def gone(*_args: Any) -> Registered:
        raise Unavailable('The database does not answer.', 'What you typed is kept.')

    monkeypatch.setattr(office.desk.intake, 'register', gone)
    page.register()
    assert page.banner.sentence == 'The database does not answer.'
    assert page._place.text() == 'Renmin Road 318'
    assert page.register_button.isEnabled()
    assert page.has_unsaved()


def test_starting_over_can_be_undone(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    tell(page, hand)
    undone: list[Any] = []
    page.shell.toasted.connect(lambda _words, undo: undone.append(undo))
    page._clear.click()
    assert page._place.text() == ''
    assert page._policy is None
    undone[0]()
    assert page._place.text() == 'Renmin Road 318'
    assert page._policy is not None


def test_the_page_is_the_same_after_a_switch_of_language(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    find(page, qtbot, hand)
    tell(page, hand)
    kept = page.keep()
    again = RegisterPage(office.desk_of(Role.SERVICE), page.shell)
    qtbot.addWidget(again)
    again.restore(kept)
    assert again._content() == page._content()
    assert again._key == page._key


def test_nobody_is_found_and_it_says_how_to_look(office: ListOffice, qtbot: QtBot) -> None:
    page, hand = shown(office, qtbot), Hand(qtbot)
    hand.type('ZZ99999')
    qtbot.waitUntil(page._nothing.isVisible)
    assert 'No policy fits' in page._nothing.text()
