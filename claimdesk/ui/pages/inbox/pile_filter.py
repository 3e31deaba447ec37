"""What the pile shows: papers of one state or kind, or only those that this person took in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.services.inbox import InboxFilter
from claimdesk.ui import theme
from claimdesk.ui.widgets import Combo, IconButton
from claimdesk.vocabulary import DocumentKind, DocumentState, label


class PileFilter(QWidget):
    """`changed` when something else is wanted. The button `mine` stands wherever there is room."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_8, theme.SPACE_8)
        row.setSpacing(theme.SPACE_4)
        self.state = Combo(searchable=False)
        self.state.setAccessibleName(_("State"))
        self.state.setToolTip(_("Which documents are shown (Ctrl+F)"))
        self.state.add(None, _("All"))
        for state in (DocumentState.TO_CHECK, DocumentState.WAITING, DocumentState.UNREADABLE):
            self.state.add(state, label(state))
        self.state.add(DocumentState.CONFIRMED, _("Done today"))
        self.kind = Combo(searchable=False)
        self.kind.setAccessibleName(_("Kind of document"))
        self.kind.add(None, _("Any kind"))
        for kind in DocumentKind:
            self.kind.add(kind, label(kind))
        for combo in (self.state, self.kind):
            combo.setMinimumContentsLength(3)
            combo.setCurrentIndex(0)
            combo.view().setMinimumWidth(190)
            combo.value_changed.connect(self.changed)
            row.addWidget(combo, 1)
        self.mine = IconButton('user-round', _("Only what I took in"), self.changed.emit)
        self.mine.setCheckable(True)

    def wanted(self) -> InboxFilter:
        """What is chosen."""
        state, kind = self.state.value(), self.kind.value()  # plain strings: Qt does not keep the words of enums
        return InboxFilter(
            DocumentState(state) if state else None, DocumentKind(kind) if kind else None, self.mine.isChecked()
        )

    def show_all(self) -> None:
        """Take the filter off."""
        self.blockSignals(True)
        self.state.setCurrentIndex(0)
        self.kind.setCurrentIndex(0)
        self.mine.setChecked(False)
        self.blockSignals(False)
        self.changed.emit()

    def focus(self) -> None:
        """Ctrl+F: choose by keyboard."""
        self.state.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.state.showPopup()
