"""The time limits of a case with their arithmetic in words, and whose limits they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.clockwork import STEP, ClockView
from claimdesk.ui import text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.tab import card
from claimdesk.ui.widgets import PlainLabel, StateBadge


def show_clocks(parent: QWidget, number: str, clocks: Sequence[ClockView]) -> None:
    """Show every clock of the case."""
    clocks_dialog(parent, number, clocks).run()


def clocks_dialog(parent: QWidget, number: str, clocks: Sequence[ClockView]) -> Dialog:
    """The list of clocks as a dialog."""
    dialog = Dialog(
        parent, _("Time limits of {number}").format(number=number), '', _("Close"), cancel='', width=680
    )
    if not clocks:
        dialog.column.addWidget(PlainLabel(_("No time limit has begun in this case."), 'secondary', wrap=True))
        return dialog
    content = QWidget()
    content.setProperty('surface', 'page')
    column = QVBoxLayout(content)
    column.setContentsMargins(0, 0, theme.SPACE_8, 0)
    column.setSpacing(theme.SPACE_12)
    for clock in clocks:
        column.addWidget(_clock(clock))
    column.addStretch(1)
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setMinimumHeight(min(560, content.sizeHint().height() + theme.SPACE_24))
    area.setAccessibleName(_("Time limits"))
    dialog.column.addWidget(area, 1)
    return dialog


def whose(clock: ClockView) -> str:
    """Whose limit this is: the law's with its article, or the office's own target, never one for the other."""
    if clock.statutory:
        return _("Statutory limit: {citation}").format(citation=clock.citation)
    if clock.mark == 'A':
        return _("The office's own target; the law says promptly: {citation}").format(citation=clock.citation)
    if clock.id == STEP:
        return _("The office's own target, not a legal limit")
    return _("The office's own target, not a legal limit ({citation})").format(citation=clock.citation)


def _clock(clock: ClockView) -> QWidget:
    box, column = card(spacing=6)
    row = QHBoxLayout()
    row.setSpacing(theme.SPACE_12)
    row.addWidget(PlainLabel(clock.name, 'strong', wrap=True), 1)
    row.addWidget(StateBadge(clock.state, clock.words))
    column.addLayout(row)
    column.addWidget(PlainLabel(whose(clock), 'caption', wrap=True, selectable=True))
    lines = [_("Began {time}.").format(time=text.moment(clock.started_at))]
    lines += [_pause(start, end) for start, end in clock.pauses]
    lines += clock.explanation
    if clock.due is not None:
        lines.append(_("Due {time}.").format(time=text.moment(clock.due)))
    if clock.internal_due is not None and clock.internal_due != clock.due:
        lines.append(_("Aim at {time}, before the days of rest.").format(time=text.moment(clock.internal_due)))
    for line in lines:
        column.addWidget(PlainLabel(line, '', wrap=True, selectable=True))
    if clock.provisional:
        column.addWidget(PlainLabel(_("Provisional"), 'note'))
    return box


def _pause(start: dt.datetime, end: dt.datetime | None) -> str:
    if end is None:
        return _("Paused since {start}: the office waits for documents.").format(start=text.moment(start))
    return _("Paused from {start} to {end}.").format(start=text.moment(start), end=text.moment(end))
