"""A sketch on the screen: shown, or drawn on with marks and lines, each step undone and done again."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from claimdesk.language import _
from claimdesk.sketch import HEIGHT, WIDTH, Mark, PlacedMark, Point, Shape, Sketch, Template, shapes
from claimdesk.ui import theme
from claimdesk.vocabulary import label

TURN, STEP = 15.0, 10.0
_ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -STEP),
    Qt.Key.Key_Down: (0.0, STEP),
}


class SketchView(QWidget):
    """A sketch in its own proportions, as wide as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sketch = Sketch()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(_("Sketch"))

    @property
    def sketch(self) -> Sketch:
        """What is drawn."""
        return self._sketch

    def show_sketch(self, sketch: Sketch) -> None:
        """Show a sketch."""
        self._sketch = sketch
        told = ', '.join(label(one.mark) for one in sketch.marks)
        self.setAccessibleDescription(_("{place}: {marks}").format(place=label(sketch.template), marks=told))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, int(360 * HEIGHT / WIDTH))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(width * HEIGHT / WIDTH)

    def area(self) -> QRectF:
        """Where on the widget the sheet lies."""
        scale = min(self.width() / WIDTH, self.height() / HEIGHT)
        wide, tall = WIDTH * scale, HEIGHT * scale
        return QRectF((self.width() - wide) / 2, (self.height() - tall) / 2, wide, tall)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.area()
        painter.setPen(QPen(theme.colour('border_strong'), 1))
        painter.setBrush(theme.colour('surface'))
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setClipRect(area)
        for shape in shapes(self._sketch):
            self._draw(painter, shape, area)
        self.paint_more(painter, area)

    def paint_more(self, painter: QPainter, area: QRectF) -> None:
        """What lies over the sketch."""

    def _draw(self, painter: QPainter, shape: Shape, area: QRectF) -> None:
        scale = area.width() / WIDTH
        points = QPolygonF([QPointF(area.x() + x * scale, area.y() + y * scale) for x, y in shape.points])
        ink = theme.colour('secondary' if shape.faint else 'text')
        pen = QPen(ink, max(1.0, shape.thick * scale))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if shape.dashed:
            pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(ink if shape.filled else Qt.BrushStyle.NoBrush)
        if shape.closed:
            painter.drawPolygon(points)
        else:
            painter.drawPolyline(points)


class SketchCanvas(SketchView):
    """Click puts the chosen mark, dragging draws a line or moves a mark; arrows move, `[` and `]` turn, Del removes.

    Emits `changed` after each step.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.tool: Mark | None = Mark.OWN_CAR
        self._done: list[Sketch] = []
        self._undone: list[Sketch] = []
        self._line: list[Point] = []
        self._marked = -1
        self._drag: Sketch | None = None

    def begin_with(self, sketch: Sketch) -> None:
        """Begin with a sketch; nothing can be undone yet."""
        self._done, self._undone, self._marked = [], [], -1
        self.show_sketch(sketch)
        self.changed.emit()

    def change(self, sketch: Sketch) -> None:
        """Take one more step."""
        if sketch != self._sketch:
            self._done.append(self._sketch)
            self._undone.clear()
            self.show_sketch(sketch)
            self.changed.emit()

    @property
    def can_undo(self) -> bool:
        """Whether a step can be taken back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a step that was taken back can be taken again."""
        return bool(self._undone)

    def undo(self) -> None:
        """Take the last step back."""
        if self._done:
            self._undone.append(self._sketch)
            self._marked = -1
            self.show_sketch(self._done.pop())
            self.changed.emit()

    def redo(self) -> None:
        """Take the step again."""
        if self._undone:
            self._done.append(self._sketch)
            self.show_sketch(self._undone.pop())
            self.changed.emit()

    def put_mark(self, mark: Mark, x: float = WIDTH / 2, y: float = HEIGHT / 2) -> None:
        """Put a mark, which can then be moved and turned."""
        before = len(self._sketch.marks)
        self.change(self._sketch.with_mark(PlacedMark(mark, x, y)))
        if len(self._sketch.marks) > before:
            self._marked = before

    def choose_place(self, template: Template) -> None:
        """Draw on another template; marks and lines stay."""
        self.change(Sketch(template, self._sketch.marks, self._sketch.strokes, self._sketch.note))

    def turn(self, degrees: float) -> None:
        """Turn the chosen mark."""
        self._move(turn=degrees)

    def remove(self) -> None:
        """Remove the chosen mark, or else the last line."""
        marks, strokes = list(self._sketch.marks), list(self._sketch.strokes)
        if 0 <= self._marked < len(marks):
            marks.pop(self._marked)
        elif strokes:
            strokes.pop()
        self._marked = -1
        self.change(Sketch(self._sketch.template, tuple(marks), tuple(strokes), self._sketch.note))

    def _move(self, right: float = 0, down: float = 0, turn: float = 0) -> None:
        if not 0 <= self._marked < len(self._sketch.marks):
            return
        marks = list(self._sketch.marks)
        one = marks[self._marked]
        x, y = min(WIDTH, max(0.0, one.x + right)), min(HEIGHT, max(0.0, one.y + down))
        marks[self._marked] = PlacedMark(one.mark, x, y, (one.angle + turn) % 360)
        self.change(Sketch(self._sketch.template, tuple(marks), self._sketch.strokes, self._sketch.note))

    def _point(self, event: QMouseEvent) -> Point:
        area, place = self.area(), event.position()
        x = (place.x() - area.x()) / area.width() * WIDTH
        y = (place.y() - area.y()) / area.height() * HEIGHT
        return min(WIDTH, max(0.0, x)), min(HEIGHT, max(0.0, y))

    def _mark_at(self, x: float, y: float) -> int:
        near = [
            (abs(one.x - x) + abs(one.y - y), place)
            for place, one in enumerate(self._sketch.marks)
            if abs(one.x - x) < 55 and abs(one.y - y) < 45
        ]
        return min(near)[1] if near else -1

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x, y = self._point(event)
        self._marked = self._mark_at(x, y)
        if self._marked >= 0:
            self._drag = self._sketch
        elif self.tool is None:
            self._line = [(x, y)]
        else:
            self.put_mark(self.tool, x, y)
            self._drag = None
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x, y = self._point(event)
        if self._line:
            last = self._line[-1]
            if abs(last[0] - x) + abs(last[1] - y) >= 4:
                self._line.append((x, y))
                self.update()
        elif self._drag is not None and 0 <= self._marked < len(self._sketch.marks):
            marks = list(self._sketch.marks)
            one = marks[self._marked]
            marks[self._marked] = PlacedMark(one.mark, x, y, one.angle)
            self.show_sketch(Sketch(self._drag.template, tuple(marks), self._drag.strokes, self._drag.note))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._line:
            line, self._line = tuple(self._line), []
            self.change(self._sketch.with_stroke(line))
        elif self._drag is not None:
            moved, before = self._sketch, self._drag
            self._drag = None
            self._sketch = before
            self.change(moved)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS:
            self._move(*_ARROWS[Qt.Key(event.key())])
        elif event.text() in ('[', ']'):
            self.turn(-TURN if event.text() == '[' else TURN)
        elif event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove()
        else:
            super().keyPressEvent(event)

    def paint_more(self, painter: QPainter, area: QRectF) -> None:
        scale = area.width() / WIDTH
        if self._line:
            painter.setPen(QPen(theme.colour('accent'), 4 * scale))
            painter.drawPolyline([QPointF(area.x() + x * scale, area.y() + y * scale) for x, y in self._line])
        if 0 <= self._marked < len(self._sketch.marks):
            one = self._sketch.marks[self._marked]
            painter.setPen(QPen(theme.colour('accent'), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            middle = QPointF(area.x() + one.x * scale, area.y() + one.y * scale)
            painter.drawEllipse(middle, 62 * scale, 62 * scale)
        if self.hasFocus():
            painter.setPen(QPen(theme.colour('accent'), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(1, 1, -1, -1))
