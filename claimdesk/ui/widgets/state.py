"""The due state of a case: always colour, icon and words, as a badge and in table cells."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from claimdesk.ui import icons, theme
from claimdesk.ui.fitting import fitted
from claimdesk.vocabulary import DueState

STATE_ROLE = Qt.ItemDataRole.UserRole + 1
_PICTURE = 14
UNBOUND = 10_000
"""More room than any words take."""


def paint_pill(painter: QPainter, area: QRect, tone: str, picture: str, words: str) -> None:
    """Paint a tinted pill with an icon and words, left-aligned in `area`; no tint for an empty `tone`."""
    metrics = painter.fontMetrics()
    room = area.width() - _PICTURE - 18
    words, wide = fitted(painter.font().key(), words, room)
    height = min(area.height(), metrics.height() + 4)
    top = area.top() + (area.height() - height) // 2
    width = wide + _PICTURE + 18
    if tone:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour(f'{tone}_soft'))
        painter.drawRoundedRect(QRectF(area.left(), top, width, height), 4, 4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    ink = tone or 'secondary'
    painter.drawPixmap(
        area.left() + 6, area.top() + (area.height() - _PICTURE) // 2, icons.pixmap(picture, ink, _PICTURE)
    )
    painter.setPen(theme.colour(ink))
    text_area = QRect(area.left() + _PICTURE + 11, area.top(), room + 2, area.height())
    painter.drawText(text_area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)


def paint_state(painter: QPainter, area: QRect, state: DueState, words: str) -> None:
    """Paint a due state with its colour, icon and words."""
    tone, picture = theme.DUE_TONES[state]
    paint_pill(painter, area, tone, picture, words)


class StateBadge(QWidget):
    """A due state as a small pill. For other states use `set_pill(tone, icon, words)`."""

    def __init__(self, state: DueState = DueState.ON_TIME, words: str = '', parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_state(state, words)

    def set_state(self, state: DueState, words: str) -> None:
        """Show another due state."""
        self.set_pill(*theme.DUE_TONES[state], words)

    def set_pill(self, tone: str, picture: str, words: str) -> None:
        """Show any state: a tone of the theme ('green', 'red', '' …), an icon and words."""
        self._tone, self._picture, self._words = tone, picture, words
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        # Measured as it is painted: the metrics that cut words short are not always those of the widget.
        _words, wide = fitted(self.font().key(), self._words, UNBOUND)
        return QSize(wide + _PICTURE + 20, QFontMetrics(self.font()).height() + 6)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_pill(painter, self.rect(), self._tone, self._picture, self._words)


class StateDelegate(QStyledItemDelegate):
    """Paints a cell whose `STATE_ROLE` is a `DueState` and whose text are its words."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        state = index.data(STATE_ROLE)
        if state is None:
            super().paint(painter, option, index)
            return
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colour('accent_soft'))
        paint_state(painter, option.rect.adjusted(4, 0, -4, 0), DueState(state), index.data() or '')
        painter.restore()
