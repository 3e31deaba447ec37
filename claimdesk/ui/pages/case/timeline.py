"""Timeline tab: who did what on the case, in plain words, the newest first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import N_, _
from claimdesk.services.context import Actor
from claimdesk.services.timeline_entries import TimelineEntry
from claimdesk.ui import text, theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import EMPTY_HEIGHT, CaseTab, card
from claimdesk.ui.widgets import Button, Chip, EmptyState, PlainLabel, clear

PIECE = 60
GROUPS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ('all', N_("Everything"), frozenset()),
    ('way', N_("Stages and clocks"), frozenset({'claim_case', 'case_event', 'task'})),
    ('papers', N_("Documents"), frozenset({'document', 'checklist_item', 'invoice'})),
    ('loss', N_("Survey and loss"), frozenset({'survey_report', 'loss_item', 'reserve_change', 'accident'})),
    ('money', N_("Calculations and payments"), frozenset({'calculation', 'payment'})),
    ('talk', N_("Messages"), frozenset({'message', 'complaint', 'satisfaction'})),
)


class TimelineTab(CaseTab):
    """Shows the audit trail; a chip narrows it to one kind."""

    name = 'timeline'
    icon = 'history'

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._entries: list[TimelineEntry] = []
        self._group = 'all'
        self._shown = PIECE
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_8)
        self.chips: dict[str, Chip] = {}
        for name, words, _kinds in GROUPS:
            chip = Chip(_(words))
            chip.clicked.connect(lambda _checked=False, name=name: self.choose(name))
            self.chips[name] = chip
            row.addWidget(chip)
        row.addStretch(1)
        self.column.addLayout(row)
        self._box, self._list = card(spacing=theme.SPACE_12)
        self._box.setMaximumWidth(1100)
        self.column.addWidget(self._box)
        self._empty = EmptyState('history', _("Nothing of this kind has happened yet."))
        self._empty.setMinimumHeight(EMPTY_HEIGHT)
        self.column.addWidget(self._empty)
        self._more = Button(_("Show older entries"), self._show_more, kind='link')
        self.column.addWidget(self._more)
        self.column.addStretch(1)
        self.choose('all')

    @staticmethod
    def heading(file: CaseFile) -> str:
        return _("Timeline")

    def load(self, actor: Actor, case_id: int) -> list[TimelineEntry]:
        return self.desk.timeline.of_case(actor, case_id)

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        if loaded == self._entries:
            return
        self._entries = loaded
        for name, _words, kinds in GROUPS:
            self.chips[name].set_count(sum(not kinds or bool(kinds & entry.kinds) for entry in loaded))
        self._fill()

    def choose(self, name: str) -> None:
        """Show one kind only."""
        self._group = name
        for other, chip in self.chips.items():
            chip.setChecked(other == name)
        self._shown = PIECE
        self._fill()

    def focus_part(self, part: str) -> None:
        self.chips[self._group].setFocus()

    def _show_more(self) -> None:
        self._shown += PIECE
        self._fill()

    def _fill(self) -> None:
        kinds = next(kinds for name, _words, kinds in GROUPS if name == self._group)
        wanted = [entry for entry in self._entries if not kinds or kinds & entry.kinds]
        clear(self._list)
        day: dt.date | None = None
        for entry in wanted[: self._shown]:
            local = entry.at.astimezone(text.OFFICE_ZONE)
            if local.date() != day:
                day = local.date()
                self._list.addWidget(PlainLabel(day.isoformat(), 'strong'))
            self._list.addWidget(_entry(entry, f'{local:%H:%M}'))
        self._box.setVisible(bool(wanted))
        self._empty.setVisible(not wanted)
        self._more.setVisible(len(wanted) > self._shown)


def _entry(entry: TimelineEntry, clock: str) -> QWidget:
    line = QWidget()
    row = QHBoxLayout(line)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.SPACE_16)
    at = PlainLabel(clock, 'secondary', tabular=True)
    at.setFixedWidth(44)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addWidget(PlainLabel(f'{entry.who} {entry.action}', '', wrap=True, selectable=True))
    for detail in entry.details:
        words.addWidget(PlainLabel(detail, 'caption', wrap=True, selectable=True))
    row.addWidget(at)
    row.addLayout(words, 1)
    row.setAlignment(at, at.alignment().AlignTop)
    return line
