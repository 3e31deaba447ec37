"""Beside the trail: one entry before and after, or what a verification found, with a way to what is broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.services.findings import Finding, Health
from claimdesk.services.office_trail import TrailRow
from claimdesk.ui import icons, text, theme
from claimdesk.ui.widgets import Busy, Button, PlainLabel, clear, panel_scroll, separator

WIDTH = 400
SIGNS = {
    Health.GOOD: ('circle-check', 'green'),
    Health.NOTE: ('info', 'secondary'),
    Health.BROKEN: ('octagon-alert', 'red'),
}


class TrailPanel(QWidget):
    """Emits `case_wanted(id)` and `entry_wanted(id)`."""

    case_wanted = Signal(int)
    entry_wanted = Signal(int)

    def __init__(self, cancel: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(separator(upright=True))
        content = QWidget()
        outer.addWidget(panel_scroll(content), 1)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(theme.SPACE_16, theme.SPACE_16, theme.SPACE_16, theme.SPACE_16)
        self._column.setSpacing(theme.SPACE_8)
        self.busy = Busy(self, cancel)
        self.findings: tuple[Finding, ...] = ()
        """What is shown now, if it is a verification."""
        self.show_nothing()

    def show_nothing(self) -> None:
        """Nothing is chosen."""
        self.findings = ()
        self._begin(_("No entry is chosen"))
        self._say(_("Choose an entry to see what it changed, before and after."), 'secondary')
        self._column.addStretch(1)

    def show_entry(self, row: TrailRow) -> None:
        """One entry in full."""
        self.findings = ()
        self._begin(row.action)
        self._say(f'{row.who} · {text.moment(row.at)}', 'secondary')
        thing = row.thing if not row.case_number else f'{row.thing} · {row.case_number}'
        self._say(thing, 'secondary')
        if row.case_id is not None:
            self._column.addWidget(self._link(_("Open the case"), partial(self.case_wanted.emit, row.case_id)))
        self._column.addWidget(separator())
        for one in row.changes:
            self._say(one.field, 'caption')
            self._say(f'{one.before or text.DASH} → {one.after or text.DASH}')
        if not row.changes:
            self._say(_("; ").join(row.details) or _("The save itself, its time and person say all."), 'secondary')
        self._column.addWidget(separator())
        self._say(row.place, 'caption')
        self._column.addStretch(1)

    def show_progress(self, done: int, total: int, sentence: str) -> None:
        """The verification is on its way."""
        self.busy.say(sentence, done, total)

    def stop_progress(self) -> None:
        """It has ended, one way or the other."""
        self.busy.stop()

    def show_findings(self, findings: Sequence[Finding], at: dt.datetime) -> None:
        """What a verification found, the broken things first."""
        self.stop_progress()
        self.findings = tuple(findings)
        broken = [one for one in findings if one.health is Health.BROKEN]
        title = _("Everything is in order")
        if broken:
            title = ngettext("{n} thing is broken", "{n} things are broken", len(broken)).format(n=len(broken))
        self._begin(title)
        self._say(_("Verified {at}").format(at=text.moment(at)), 'secondary')
        self._column.addWidget(separator())
        for one in sorted(findings, key=lambda one: one.health is not Health.BROKEN):
            self._column.addWidget(self._finding(one))
        self._column.addStretch(1)

    def _finding(self, one: Finding) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, theme.SPACE_4, 0, theme.SPACE_4)
        row.setSpacing(theme.SPACE_8)
        icon, colour = SIGNS[one.health]
        sign = QLabel()
        sign.setPixmap(icons.pixmap(icon, colour, icons.SMALL))
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(one.subject, 'strong', wrap=True, selectable=True))
        words.addWidget(PlainLabel(one.sentence, '', wrap=True, selectable=True))
        if one.health is Health.BROKEN:
            links = QHBoxLayout()
            if one.case_id is not None:
                links.addWidget(self._link(_("Open the case"), partial(self.case_wanted.emit, one.case_id)))
            if one.entry_id is not None:
                links.addWidget(self._link(_("Show the entry"), partial(self.entry_wanted.emit, one.entry_id)))
            links.addStretch(1)
            words.addLayout(links)
        row.addLayout(words, 1)
        return holder

    def _begin(self, title: str) -> None:
        clear(self._column)
        self._column.addWidget(PlainLabel(title, 'section', wrap=True))

    def _say(self, words: str, kind: str = '') -> None:
        self._column.addWidget(PlainLabel(words, kind, wrap=True, selectable=True))

    @staticmethod
    def _link(words: str, do: Callable[[], object]) -> Button:
        return Button(words, do, kind='link')
