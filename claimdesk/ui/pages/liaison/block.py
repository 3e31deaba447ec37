"""A row of the coordinators' desk as a block: title and state, facts, text, its actions as buttons, and its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.ui import theme
from claimdesk.ui.pages.liaison.actions import Action
from claimdesk.ui.pages.liaison.facts import Badge, Row, facts_of
from claimdesk.ui.widgets import Button, KeyValue, PlainLabel, StateBadge, plain_tip, separator
from claimdesk.ui.widgets.flow import FlowLayout


class RowBlock(QWidget):
    """Shows one row. `columns` is in how many columns its facts stand."""

    def __init__(
        self, row: Row, actions: Sequence[Action], now: dt.datetime, columns: int = 1, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        facts = facts_of(row, now)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACE_8)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(facts.title, 'strong', wrap=True), 1)
        head.addWidget(badge_of(facts.badge), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        if facts.body:
            column.addWidget(PlainLabel(facts.body, '', wrap=True, selectable=True))
        pairs = KeyValue(columns)
        pairs.set_pairs(facts.pairs)
        column.addWidget(pairs)
        self.buttons = [_button(action, main=place == 0) for place, action in enumerate(actions)]
        if self.buttons:
            box = QWidget()
            flow = FlowLayout(box)
            for button in self.buttons:
                flow.addWidget(button)
            column.addWidget(box)
        if facts.history:
            column.addWidget(separator())
        for when, what in facts.history:
            column.addWidget(PlainLabel(when, 'caption', wrap=True))
            if what:
                column.addWidget(PlainLabel(what, '', wrap=True, selectable=True))


def badge_of(said: Badge) -> StateBadge:
    """The pill of a row."""
    badge = StateBadge()
    if said.due is not None:
        badge.set_state(said.due, said.words)
    else:
        badge.set_pill(said.tone, said.icon, said.words)
    return badge


def _button(action: Action, *, main: bool) -> Button:
    button = Button(action.words, action.do, kind='primary' if main else '', icon=action.icon)
    button.setEnabled(not action.why_not)
    button.setToolTip(plain_tip(action.why_not))
    return button
