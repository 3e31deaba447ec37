"""The way of a case from report to archive as a row of steps, the current one lit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from claimdesk.ui import icons, theme
from claimdesk.ui.widgets.labels import plain_tip

_DOT = 18


@dataclass(frozen=True)
class Step:
    """One step: `state` is 'done', 'current', 'ahead' or 'skipped'; `tone` tints the current one; `note` is its tip."""

    name: str
    words: str
    state: str
    note: str = ''
    tone: str = 'accent_text'


class StageTrack(QWidget):
    """Paints the steps; `chosen` is emitted with a step's name on a click or Enter (arrow keys move)."""

    chosen = Signal(str)

    def __init__(self, steps: Sequence[Step] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._steps: list[Step] = []
        self._at = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.set_steps(steps)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show another way."""
        self._steps = list(steps)
        self._at = next((at for at, step in enumerate(self._steps) if step.state == 'current'), 0)
        current = self._steps[self._at].words if self._steps else ''
        self.setAccessibleName(current)
        self.setAccessibleDescription(' · '.join(step.words for step in self._steps))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        width = sum(metrics.horizontalAdvance(step.words) + _DOT + 28 for step in self._steps)
        return QSize(width, 32)

    def minimumSizeHint(self) -> QSize:
        return QSize((_DOT + 14) * max(1, len(self._steps)), 32)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() // 2
        for at, (step, area) in enumerate(zip(self._steps, self._areas(), strict=True)):
            if at:
                before = self._steps[at - 1]
                passed = before.state == 'done' and step.state in ('done', 'current')
                painter.setPen(QPen(theme.colour('accent_text' if passed else 'border'), 1.5 if passed else 1))
                left = self._areas()[at - 1].right() - 4
                painter.drawLine(left, middle, area.left() - 4, middle)
            self._paint_step(painter, step, area)
            if self.hasFocus() and at == self._at:
                painter.setPen(QPen(theme.colour('accent'), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(area.adjusted(-3, 3, 0, -3), 6, 6)

    def _paint_step(self, painter: QPainter, step: Step, area: QRect) -> None:
        middle = self.height() // 2
        dot = QRect(area.left(), middle - _DOT // 2, _DOT, _DOT)
        current = step.state == 'current'
        if step.state == 'done':
            painter.drawPixmap(dot.left() + 1, dot.top() + 1, icons.pixmap('circle-check', 'accent_text', icons.SMALL))
        elif current:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(step.tone))
            painter.drawEllipse(dot.center() + QPoint(1, 1), 6, 6)
        else:
            painter.setPen(QPen(theme.colour('border_strong'), 1.5, Qt.PenStyle.SolidLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(dot.center() + QPoint(1, 1), 5, 5)
        painter.setFont(theme.font(strong=current))
        painter.setPen(theme.colour(step.tone if current else 'text' if step.state == 'done' else 'secondary'))
        place = QRect(dot.right() + 5, area.top(), area.right() - dot.right(), area.height())
        if place.width() > 16:
            words = painter.fontMetrics().elidedText(step.words, Qt.TextElideMode.ElideRight, place.width() - 8)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)

    def _areas(self) -> list[QRect]:
        if not self._steps:
            return []
        plain, strong = self.fontMetrics(), QFontMetrics(theme.font(strong=True))
        wanted = [
            (strong if step.state == 'current' else plain).horizontalAdvance(step.words) + _DOT + 14.0
            for step in self._steps
        ]
        room = self.width() - 4
        spare = room - sum(wanted)
        gap = min(36.0, max(10.0, spare / max(1, len(wanted) - 1)))
        needed = sum(wanted) + gap * (len(wanted) - 1)
        if needed > room:
            shrink = (room - gap * (len(wanted) - 1)) / sum(wanted)
            wanted = [width * shrink for width in wanted]
        areas, left = [], 4.0
        for width in wanted:
            areas.append(QRect(int(left), 0, int(width), self.height()))
            left += width + gap
        return areas

    def _index_at(self, place: QPoint) -> int:
        return next((at for at, area in enumerate(self._areas()) if area.contains(place)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = self._index_at(event.position().toPoint())
        if at >= 0:
            self._at = at
            self.chosen.emit(self._steps[at].name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and self._steps:
            move = 1 if event.key() == Qt.Key.Key_Right else -1
            self._at = max(0, min(len(self._steps) - 1, self._at + move))
            self.update()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._steps:
            self.chosen.emit(self._steps[self._at].name)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self._index_at(event.pos())
            step = self._steps[at] if at >= 0 else None
            words = '' if step is None else f'{step.words}\n{step.note}'.strip()
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)
