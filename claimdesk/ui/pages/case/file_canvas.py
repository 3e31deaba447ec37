"""The page in hand with the marks on it: highlights, frames, notes, and what will be black on copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QMouseEvent, QPainter, QPen

from claimdesk.ui import theme
from claimdesk.ui.pages.inbox.canvas import PAGE_WIDTH, Box, PageCanvas
from claimdesk.vocabulary import MarkKind

# A mark lies on white paper in both schemes.
YELLOW, RED, AMBER, PAPER_YELLOW, BLACK = '#ffe633', '#d11a1a', '#a86a00', '#fff7cc', '#000000'
NOTE_ROOM, NOTE_PIXELS = 300.0, 15


@dataclass(frozen=True, slots=True)
class Shown:
    """A mark on the page as it stands: `box` in fractions of the page."""

    id: int
    kind: MarkKind
    box: Box
    note: str = ''


class FileCanvas(PageCanvas):
    """As `PageCanvas`; `mark_clicked` with the id of the mark that was clicked, 0 where there is none."""

    mark_clicked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.marks: tuple[Shown, ...] = ()
        self.chosen = 0

    def show_marks(self, marks: Sequence[Shown], chosen: int = 0) -> None:
        """Show these marks, the one with the id `chosen` standing out."""
        self.marks, self.chosen = tuple(marks), chosen
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed = self._pressed
        drawn = self.selection() is not None
        super().mouseReleaseEvent(event)
        if pressed is not None and not drawn:
            hit = next((mark for mark in reversed(self.marks) if self._in_scene(mark.box).contains(pressed)), None)
            self.mark_clicked.emit(hit.id if hit is not None else 0)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.has_picture:
            for mark in self.marks:
                self._draw_mark(painter, mark)
            for mark in self.marks:
                if mark.note:
                    self._draw_note(painter, mark)
        super().drawForeground(painter, rect)

    def _draw_mark(self, painter: QPainter, mark: Shown) -> None:
        area = self._in_scene(mark.box)
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if mark.kind is MarkKind.HIGHLIGHT:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            painter.fillRect(area, QColor(YELLOW))
        elif mark.kind is MarkKind.BLACKOUT:
            # Whoever checks a copy must see what goes: here it is veiled, on copies it is black.
            veil = QColor(BLACK)
            veil.setAlpha(150)
            painter.fillRect(area, veil)
            painter.fillRect(area, QBrush(QColor(BLACK), Qt.BrushStyle.BDiagPattern))
        else:
            painter.setPen(_pen(RED if mark.kind is MarkKind.BOX else AMBER, 2.5))
            painter.drawRect(area)
        painter.restore()
        if mark.id == self.chosen:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(_pen(theme.LIGHT.accent, 2, Qt.PenStyle.DashLine))
            painter.drawRect(area.adjusted(-5, -5, 5, 5))

    def _draw_note(self, painter: QPainter, mark: Shown) -> None:
        area = self._in_scene(mark.box)
        painter.setFont(theme.font(NOTE_PIXELS))
        flags = int(Qt.TextFlag.TextWordWrap)
        room = QRectF(0, 0, NOTE_ROOM, 400)
        words = QRectF(painter.fontMetrics().boundingRect(room.toRect(), flags, mark.note))
        paper = QRectF(0, 0, words.width() + 14, words.height() + 10)
        left = max(4.0, min(area.left(), PAGE_WIDTH - paper.width() - 4))
        top = area.bottom() + 4
        if top + paper.height() > self._high - 4:
            top = max(4.0, area.top() - paper.height() - 4)
        paper.moveTopLeft(QPointF(left, top))
        painter.setPen(_pen(AMBER, 1))
        painter.setBrush(QColor(PAPER_YELLOW))
        painter.drawRoundedRect(paper, 3, 3)
        painter.setPen(QColor('#2b2205'))
        painter.drawText(paper.adjusted(7, 5, -7, -5), flags, mark.note)


def _pen(colour: str, width: float, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    pen = QPen(QColor(colour), width, style)
    pen.setCosmetic(True)
    return pen
