"""The keys of the desk: the window's own in one table, and the sheet that shows them all (F1)."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from claimdesk.language import N_, _
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets.labels import PlainLabel

WINDOW: tuple[tuple[str, str], ...] = (
    ('Ctrl+K', N_('Search everything, or type a command')),
    ('Ctrl+N', N_('Register a case')),
    ('Ctrl+Shift+S', N_('Scan or open documents')),
    ('Alt+1', N_('Go to a page: Alt+1 to Alt+6')),
    ('Ctrl+Tab', N_('Next open case')),
    ('Ctrl+Shift+Tab', N_('Previous open case')),
    ('Ctrl+W', N_('Close the case')),
    ('F5', N_('Read everything again')),
    ('F8', N_('Reminders')),
    ('Ctrl+Z', N_('Undo what was just done')),
    ('F1', N_('This list of keys')),
)
LISTS: tuple[tuple[str, str], ...] = (
    ('Enter', N_('Open the marked row')),
    ('Space', N_('Preview the marked row')),
    ('Ctrl+C', N_('Copy the marked rows as a table')),
    ('Esc', N_('Close the preview, the popup or the search')),
)


def show_keys(parent: QWidget, page_title: str, page_keys: Iterable[tuple[str, str]]) -> None:
    """Show all keys: everywhere, in lists, and on the page in front."""
    sheet(parent, page_title, page_keys).run()


def sheet(parent: QWidget, page_title: str, page_keys: Iterable[tuple[str, str]]) -> Dialog:
    """The list of keys as a dialog."""
    dialog = Dialog(parent, _("Keys"), '', _("Close"), cancel='', width=880)
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.SPACE_16)
    grid.setVerticalSpacing(6)
    left = [(keys, _(words)) for keys, words in WINDOW]
    right = [(keys, _(words)) for keys, words in LISTS]
    own = [(keys, words) for keys, words in page_keys if words]
    _fill(grid, 0, 0, _("Everywhere"), left)
    row = _fill(grid, 0, 3, _("In lists"), right)
    if own:
        _fill(grid, row + 1, 3, page_title, own)
    grid.setColumnMinimumWidth(2, theme.SPACE_24)
    grid.setColumnStretch(1, 1)
    grid.setColumnStretch(4, 1)
    dialog.column.addLayout(grid)
    return dialog


def _fill(grid: QGridLayout, row: int, column: int, title: str, pairs: Iterable[tuple[str, str]]) -> int:
    grid.addWidget(PlainLabel(title, 'caption'), row, column, 1, 2)
    for keys, words in pairs:
        row += 1
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
        grid.addWidget(PlainLabel(shown, 'strong'), row, column)
        grid.addWidget(PlainLabel(words), row, column + 1)
    return row + 1
