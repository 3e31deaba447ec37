"""The foot of the form: the keys in a line, and the buttons that end the work on a document."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.widgets import Button, ElidedLabel


class Foot(QWidget):
    """Confirm and skip for a document that is open, taking back for one that is confirmed."""

    def __init__(
        self, confirm: Callable[[], object], skip: Callable[[], object], take_back: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_12, theme.SPACE_4, theme.SPACE_12, theme.SPACE_12)
        row.setSpacing(theme.SPACE_8)
        self._keys = ElidedLabel('', 'caption')
        self.skip_button = Button(_("Skip"), skip, kind='quiet', tip=_("Esc"))
        self.back_button = Button(_("Take confirmation back"), take_back, icon='undo-2')
        self.confirm_button = Button(_("Confirm"), confirm, kind='primary', icon='check', tip='Ctrl+Enter')
        # Enter presses them too, not only the space bar.
        self.confirm_button.setAutoDefault(True)
        self.skip_button.setAutoDefault(True)
        row.addWidget(self._keys, 1)
        row.addWidget(self.skip_button)
        row.addWidget(self.back_button)
        row.addWidget(self.confirm_button)

    def show_for(self, *, confirmed: bool, may_confirm: bool) -> None:
        """Offer what fits the state of the document."""
        self.confirm_button.setVisible(not confirmed and may_confirm)
        self.skip_button.setVisible(not confirmed)
        self.back_button.setVisible(confirmed and may_confirm)

    def set_busy(self, busy: bool) -> None:
        """While it is being saved nothing can be pressed twice."""
        self.confirm_button.setEnabled(not busy)
        self.back_button.setEnabled(not busy)

    def hint(self, words: str) -> None:
        """Say which keys work now."""
        self._keys.setText(words)
