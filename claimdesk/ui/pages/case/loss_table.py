"""The table of loss items, with the keys of a spreadsheet: Enter goes down, Ctrl+V pastes, Ctrl+Z undoes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.widgets import DataTable

_OWN = (QKeySequence.StandardKey.Paste, QKeySequence.StandardKey.Undo)


class LossTable(DataTable):
    """Emits `paste_wanted` and `undo_wanted`, which the page's own keys would otherwise take."""

    paste_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__('case-loss-lines', parent, row_height=theme.ROW_ROOMY)
        self.setProperty('framed', True)
        self.setProperty('cells', 'apart')
        self.setAccessibleName(_("Loss items"))
        by = QAbstractItemView.EditTrigger
        self.setEditTriggers(by.AnyKeyPressed | by.EditKeyPressed | by.DoubleClicked)
        self.setTabKeyNavigation(True)
        self.setMinimumHeight(260)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wanted.emit()
        elif event.matches(QKeySequence.StandardKey.Undo):
            self.undo_wanted.emit()
        else:
            super().keyPressEvent(event)

    def go_on_after(self, delegate: QAbstractItemDelegate) -> None:
        """Edit with `delegate`; Enter goes on to the row below, as in a spreadsheet."""
        self.setItemDelegate(delegate)
        delegate.closeEditor.connect(self._closed)

    def _closed(self, _editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        here = self.currentIndex()
        below = here.siblingAtRow(here.row() + 1)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache and below.isValid():
            self.setCurrentIndex(below)


def _is_own(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and any(event.matches(key) for key in _OWN)
