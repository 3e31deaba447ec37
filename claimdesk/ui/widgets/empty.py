"""What a page says when there is nothing to show: why, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from claimdesk.ui import icons, theme
from claimdesk.ui.widgets.buttons import Button
from claimdesk.ui.widgets.labels import PlainLabel

WIDEST = 520


class EmptyState(QWidget):
    """An icon, a sentence, an advice, and perhaps one button, in the middle of an empty place."""

    def __init__(
        self,
        icon: str,
        sentence: str,
        advice: str = '',
        action: str = '',
        do: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setSpacing(theme.SPACE_8)
        column.setContentsMargins(theme.SPACE_24, theme.SPACE_24, theme.SPACE_24, theme.SPACE_24)
        centre = Qt.AlignmentFlag.AlignHCenter
        self._icon = icon
        self._picture = QLabel()
        self._sentence = PlainLabel('', 'section', wrap=True)
        self._advice = PlainLabel('', 'secondary', wrap=True)
        self._do = do
        self._button = Button('', self._act)
        for label in (self._sentence, self._advice):
            label.setAlignment(centre)
        column.addStretch(2)
        for widget in (self._picture, self._sentence, self._advice):
            column.addWidget(widget, 0, centre)
        column.addSpacing(theme.SPACE_4)
        column.addWidget(self._button, 0, centre)
        column.addStretch(3)
        self.say(sentence, advice, action, do, icon)

    def add_way(self, button: Button) -> None:
        """Offer another, quieter way out below the button."""
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(
        self,
        sentence: str,
        advice: str = '',
        action: str = '',
        do: Callable[[], object] | None = None,
        icon: str = '',
    ) -> None:
        """Say something else."""
        self._icon = icon or self._icon
        self._do = do
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._fit()
        self._button.set_text(action)
        self._button.setVisible(bool(action))
        self.setAccessibleName(f'{sentence} {advice}'.strip())
        self._paint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_palette_change(event):
            self._paint()

    def _fit(self) -> None:
        # A label that is centred by its layout is not given the height that its wrapped lines need.
        for label in (self._sentence, self._advice):
            label.ensurePolished()
            label.setFixedWidth(min(WIDEST, label.fontMetrics().size(0, label.text()).width() + theme.SPACE_8))
            label.setFixedHeight(max(0, label.heightForWidth(label.width())))

    def _paint(self) -> None:
        self._picture.setPixmap(icons.pixmap(self._icon, 'border_strong', icons.LARGE))

    def _act(self) -> None:
        if self._do is not None:
            self._do()
