"""Boxes on the page that say where it is cut: their corners and edges are drawn with the mouse or moved by keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from claimdesk.ui import theme

if TYPE_CHECKING:
    from claimdesk.scanning.sheet import Corners

LEAST = 0.02
"""The least width and height of a box that is drawn, in shares of the page."""
STEP, FINE = 0.006, 0.0015
NEW_BOX = ((0.3, 0.35), (0.7, 0.35), (0.7, 0.65), (0.3, 0.65))
Point = tuple[float, float]


class CutFrame(QObject):
    """Holds the boxes as quadrilaterals in shares of the page. `changed` to paint anew; `accepted` and `left` by keys.

    With `one` there is a single box, the sheet in a photo: it is neither removed nor joined by others.
    """

    changed = Signal()
    accepted = Signal()
    left = Signal()

    def __init__(self, boxes: Sequence[Corners], *, one: bool = False, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.boxes: list[list[Point]] = [list(box) for box in boxes]
        self.one = one
        self.active = 0
        self._grip: tuple[str, int] | None = None
        self._from: Point = (0.0, 0.0)
        self._was: list[Point] = []

    def corners(self) -> list[Corners]:
        """The boxes as they stand, in the order in which they were found and added."""
        return [(box[0], box[1], box[2], box[3]) for box in self.boxes]

    # The mouse, in shares of the page; `reach` says within how many of them a corner is held

    def press(self, at: Point, reach: Point) -> None:
        """Take hold of a corner, an edge or a box; on empty paper begin a new box."""
        self._from = at
        for index in (self.active, *range(len(self.boxes))):
            if index < len(self.boxes) and (grip := _grip(self.boxes[index], at, reach)) is not None:
                self.active, self._grip, self._was = index, grip, list(self.boxes[index])
                self.changed.emit()
                return
        inside = [index for index, box in enumerate(self.boxes) if _contains(box, at)]
        if inside:
            self.active, self._grip = inside[0], ('box', 0)
            self._was = list(self.boxes[self.active])
        elif not self.one:
            self._grip = ('new', 0)
        self.changed.emit()

    def move(self, at: Point) -> None:
        """Drag what was taken hold of."""
        if self._grip is None:
            return
        what, number = self._grip
        by = at[0] - self._from[0], at[1] - self._from[1]
        if what == 'new':
            (x, y), (u, v) = self._from, at
            if abs(u - x) >= LEAST and abs(v - y) >= LEAST:
                self.boxes.append([])
                self.active, self._grip = len(self.boxes) - 1, ('drawn', 0)
                self.move(at)
            return
        if what == 'drawn':
            left, right = sorted((self._from[0], at[0]))
            top, low = sorted((self._from[1], at[1]))
            self.boxes[self.active] = [_held(p) for p in ((left, top), (right, top), (right, low), (left, low))]
        else:
            moved = {'corner': (number,), 'edge': (number, (number + 1) % 4), 'box': (0, 1, 2, 3)}[what]
            box = list(self._was)
            for place in moved:
                box[place] = _held((box[place][0] + by[0], box[place][1] + by[1]))
            if _convex(box):
                self.boxes[self.active] = box
        self.changed.emit()

    def release(self) -> None:
        """Let go; a box that is too small to hold a paper is forgotten."""
        if self._grip is not None and self._grip[0] == 'drawn':
            box = self.boxes[self.active]
            if box[2][0] - box[0][0] < LEAST or box[2][1] - box[0][1] < LEAST:
                self.remove()
        self._grip = None
        self.changed.emit()

    # Keys

    def key(self, event: QKeyEvent) -> bool:
        """Whether the key belongs to the boxes."""
        key, modifiers = event.key(), event.modifiers()
        arrows = {
            Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
        }  # fmt: skip
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accepted.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and len(self.boxes) > 1:
            self.active = (self.active + (1 if key == Qt.Key.Key_Tab else -1)) % len(self.boxes)
        elif key in (Qt.Key.Key_Insert, Qt.Key.Key_N) and not self.one:
            self.add()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and not self.one:
            self.remove()
        elif key in arrows and self.boxes:
            step = FINE if modifiers & Qt.KeyboardModifier.AltModifier else STEP
            self._nudge(arrows[Qt.Key(key)], step, grow=bool(modifiers & Qt.KeyboardModifier.ShiftModifier))
        else:
            return False
        self.changed.emit()
        return True

    def add(self) -> None:
        """One more box in the middle of the page."""
        self.boxes.append(list(NEW_BOX))
        self.active = len(self.boxes) - 1
        self.changed.emit()

    def remove(self) -> None:
        """Forget the box in hand."""
        if self.active < len(self.boxes):
            del self.boxes[self.active]
        self.active = max(0, min(self.active, len(self.boxes) - 1))
        self.changed.emit()

    def _nudge(self, way: tuple[int, int], step: float, *, grow: bool) -> None:
        """Move the box in hand, or with `grow` its right and lower side."""
        places = ((1, 2) if way[0] else (2, 3)) if grow else (0, 1, 2, 3)
        box = list(self.boxes[self.active])
        for place in places:
            box[place] = _held((box[place][0] + way[0] * step, box[place][1] + way[1] * step))
        if _convex(box):
            self.boxes[self.active] = box

    # Painting

    def paint(self, painter: QPainter, wide: float, high: float, scale: float) -> None:
        """Draw the boxes on a page of `wide` by `high`; `scale` is how many pixels one of its units has."""
        whole = QPolygonF(QRectF(0, 0, wide, high))
        accent, plain = QColor(theme.LIGHT.accent), QColor(theme.LIGHT.slate)
        for index, box in enumerate(self.boxes):
            colour = accent if index == self.active else plain
            shape = QPolygonF([QPointF(x * wide, y * high) for x, y in box])
            pen = QPen(colour, 2.4 if index == self.active else 1.6)
            pen.setCosmetic(True)
            painter.setPen(pen)
            fill = QColor(colour)
            fill.setAlpha(24)
            painter.setBrush(fill)
            painter.drawPolygon(shape.intersected(whole) if not self.one else shape)
            self._handles(painter, shape, colour, scale)
            if not self.one:
                self._number(painter, shape.toList()[0], str(index + 1), colour, scale)

    @staticmethod
    def _handles(painter: QPainter, shape: QPolygonF, colour: QColor, scale: float) -> None:
        painter.setBrush(QColor('#ffffff'))
        radius = 4.5 / scale
        for corner in shape.toList()[:4]:
            painter.drawEllipse(corner, radius, radius)

    @staticmethod
    def _number(painter: QPainter, at: QPointF, number: str, colour: QColor, scale: float) -> None:
        size = 20 / scale
        area = QRectF(at.x() + 7 / scale, at.y() + 7 / scale, size * max(1.0, 0.7 * len(number)), size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(area, 4 / scale, 4 / scale)
        painter.setPen(QColor('#ffffff'))
        painter.setFont(theme.font(max(1, round(13 / scale)), strong=True))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), number)


def _held(point: Point) -> Point:
    return min(1.0, max(0.0, point[0])), min(1.0, max(0.0, point[1]))


def _grip(box: list[Point], at: Point, reach: Point) -> tuple[str, int] | None:
    for place, (x, y) in enumerate(box):
        if abs(at[0] - x) <= reach[0] and abs(at[1] - y) <= reach[1]:
            return 'corner', place
    for place in range(4):
        if _near_edge(box[place], box[(place + 1) % 4], at, reach):
            return 'edge', place
    return None


def _near_edge(a: Point, b: Point, at: Point, reach: Point) -> bool:
    """Whether `at` is near the line from `a` to `b`, all in pixels."""
    (ax, ay), (bx, by), (x, y) = ((p[0] / reach[0], p[1] / reach[1]) for p in (a, b, at))
    length = ((bx - ax) ** 2 + (by - ay) ** 2) ** 0.5
    if length < 1e-6:
        return False
    along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
    across = abs((x - ax) * (by - ay) - (y - ay) * (bx - ax)) / length
    return 0 <= along <= length and across <= 0.7


def _contains(box: list[Point], at: Point) -> bool:
    return QPolygonF([QPointF(*point) for point in box]).containsPoint(QPointF(*at), Qt.FillRule.OddEvenFill)


def _convex(box: list[Point]) -> bool:
    """Whether the corners still go around clockwise, with no side pushed through another."""
    for place in range(4):
        (ax, ay), (bx, by), (cx, cy) = box[place], box[(place + 1) % 4], box[(place + 2) % 4]
        if (bx - ax) * (cy - by) - (by - ay) * (cx - bx) <= 1e-6:
            return False
    return True
