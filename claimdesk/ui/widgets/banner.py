"""A strip on top of a page that says what happened, what to do next, and offers to do it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.ui import icons, theme
from claimdesk.ui.widgets.buttons import Button, IconButton
from claimdesk.ui.widgets.labels import PlainLabel

Kind = Literal['error', 'warning', 'notice', 'success']
_LOOKS = {
    'error': ('red', 'octagon-alert'),
    'warning': ('orange', 'triangle-alert'),
    'notice': ('slate', 'info'),
    'success': ('green', 'circle-check'),
}


class Banner(QWidget):
    """Hidden until something is to be said; stays until it is closed, answered or replaced. `closed` by a person."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind: Kind = 'notice'
        self._do: Callable[[], object] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.SPACE_16, theme.SPACE_8, theme.SPACE_8, theme.SPACE_8)
        row.setSpacing(theme.SPACE_12)
        self._picture = QLabel()
        self._picture.setFixedSize(icons.MEDIUM, icons.MEDIUM)
        self._sentence = PlainLabel('', 'strong', wrap=True, selectable=True)
        self._advice = PlainLabel('', '', wrap=True, selectable=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._sentence)
        words.addWidget(self._advice)
        self._action = Button('', self._act)
        self._close = IconButton('x', _("Close"), self._shut)
        row.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        row.addWidget(self._action, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def show_message(
        self,
        sentence: str,
        advice: str = '',
        kind: Kind = 'notice',
        action: str = '',
        do: Callable[[], object] | None = None,
    ) -> None:
        """Say `sentence` and `advice`; `action` is the label of a button that calls `do`."""
        self._kind = kind
        self._do = do
        self._sentence.setText(sentence)
        self._advice.setText(advice)
        self._advice.setVisible(bool(advice))
        self._action.set_text(action)
        self._action.setVisible(bool(action))
        tone, picture = _LOOKS[kind]
        self._picture.setPixmap(icons.pixmap(picture, tone, icons.MEDIUM))
        self.setAccessibleName(f'{sentence} {advice}'.strip())
        self.show()
        self.update()

    def show_error(
        self, error: ClaimDeskError, action: str = '', do: Callable[[], object] | None = None
    ) -> None:
        """Say what went wrong and what to do next."""
        self.show_message(error.sentence, error.advice, 'error', action, do)

    def clear(self) -> None:
        """Say nothing any more."""
        self._do = None
        self.hide()

    def _shut(self) -> None:
        self.clear()
        self.closed.emit()

    @property
    def sentence(self) -> str:
        """What is being said now, or ''."""
        return '' if self.isHidden() else self._sentence.text()

    def paintEvent(self, _event: QPaintEvent) -> None:
        tone = _LOOKS[self._kind][0]
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour(f'{tone}_soft'))
        painter.fillRect(0, 0, 3, self.height(), QColor(theme.colour(tone)))

    def _act(self) -> None:
        do = self._do
        if do is not None:
            self.clear()
            do()
