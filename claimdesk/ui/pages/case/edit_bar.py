"""A strip under the tab in front that says which fields are not saved yet, and saves or discards them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets import Button, ElidedLabel


class EditBar(QWidget):
    """Hidden while everything is saved."""

    def __init__(
        self, save: Callable[[], object], discard: Callable[[], object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty('surface', 'status')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_24, theme.SPACE_8, theme.SPACE_24, theme.SPACE_8)
        row.setSpacing(theme.SPACE_12)
        picture = QLabel()
        picture.setPixmap(icons.pixmap('pencil', 'accent_text'))
        self._words = ElidedLabel()
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.discard_button = Button(_("Discard"), discard, kind='quiet')
        self.save_button = Button(_("Save"), save, icon='save', tip=_("Save (Ctrl+S)"))
        row.addWidget(picture)
        row.addWidget(self._words, 1)
        row.addWidget(self.discard_button)
        row.addWidget(self.save_button)
        self.hide()

    def show_fields(self, names: list[str]) -> None:
        """Say that these fields are not saved; nothing for none."""
        self.setVisible(bool(names))
        words = _("Not saved yet: {fields}. Kept as a draft on this computer.")
        self._words.setText(words.format(fields=_(", ").join(names)))
        self._words.setAccessibleName(self._words.text())
