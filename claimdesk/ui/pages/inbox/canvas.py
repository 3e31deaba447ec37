"""The page on the left of the bench: zoomed to the field in focus, its box lit, a place on it marked with the mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPixmap,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QWidget

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.later import later

if TYPE_CHECKING:
    from claimdesk.ui.pages.inbox.cut_frame import CutFrame

Box = tuple[float, float, float, float]
PAGE_WIDTH = 1000.0
NEAR = 11.0
"""Pixels around a corner or an edge within which the mouse takes hold of it."""
LEAST, MOST, STEP = 0.08, 8.0, 1.25
PAPER = '#fdfdfb'
"""Paper stays paper in the dark: only its surroundings change."""
_SHARPEN_AFTER_MS = 120
_DRAG_FROM = 6
READABLE = 34.0
"""How high a line of print is brought near, in pixels."""


FRAME_KEYS = frozenset(
    {
        Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_N,
        Qt.Key.Key_Insert, Qt.Key.Key_Delete, Qt.Key.Key_Backspace,
        Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on the page that belongs to a field; `tone` is a colour of the theme."""

    name: str
    box: Box
    tone: str = 'accent'


class PageCanvas(QGraphicsView):
    """Shows one page. The scene is `PAGE_WIDTH` wide, whatever the picture's pixels are.

    `marked` is emitted with a box (fractions of the page) when the handler has drawn one, `wants_width` with the
    device pixels that the page now covers, `spot_clicked` with the name of a field whose box was clicked.
    """

    marked = Signal(object)
    wants_width = Signal(float)
    spot_clicked = Signal(str)
    zoomed = Signal()
    _frame: CutFrame | None = None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = QGraphicsScene(self)
        self.setScene(self._scene)
        self._page = QGraphicsPixmapItem()
        self._page.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
        self._scene.addItem(self._page)
        self._high = PAGE_WIDTH * 1.414
        self._fit = 'page'
        self._spots: tuple[Spot, ...] = ()
        self._lit = ''
        self._selection: QRectF | None = None
        self._pressed: QPointF | None = None
        self._panning: QPoint | None = None
        self.message = ''
        self.setFrameShape(QGraphicsView.Shape.NoFrame)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(_("Page"))
        self._sharpen = later(self, _SHARPEN_AFTER_MS, lambda: self.wants_width.emit(self.covered_width()))
        self._dress()

    # What is shown

    def show_page(self, picture: QImage | None, message: str = '') -> None:
        """Show another page (None: a skeleton, or `message` where it cannot be shown), zoomed as before."""
        self._selection = None
        self.sharpen(picture, message)
        self._apply_fit()

    def sharpen(self, picture: QImage | None, message: str = '') -> None:
        """The same page again, in more pixels: nothing moves."""
        self.message = message
        if picture is None or picture.isNull():
            self._page.setPixmap(QPixmap())
        else:
            self._page.setPixmap(QPixmap.fromImage(picture))
            factor = PAGE_WIDTH / picture.width()
            self._page.setTransform(QTransform.fromScale(factor, factor))
            self._high = picture.height() * factor
        margin = 16.0
        self._scene.setSceneRect(-margin, -margin, PAGE_WIDTH + 2 * margin, self._high + 2 * margin)
        self.viewport().update()

    @property
    def has_picture(self) -> bool:
        """Whether a page is to be seen."""
        return not self._page.pixmap().isNull()

    def set_spots(self, spots: Sequence[Spot], lit: str = '') -> None:
        """Mark the places of the fields; the one called `lit` stands out."""
        self._spots, self._lit = tuple(spots), lit
        self.viewport().update()

    def covered_width(self) -> float:
        """How many device pixels the page is wide now."""
        return self.transform().m11() * PAGE_WIDTH * self.devicePixelRatioF()

    def set_frame(self, frame: CutFrame | None) -> None:
        """Show boxes that say where the page is cut; while they are shown, mouse and keys belong to them."""
        self._frame = frame
        self._selection = None
        if frame is not None:
            frame.changed.connect(self.viewport().update)
        self.viewport().update()

    # Zoom

    @property
    def fit(self) -> str:
        """'page', 'width' or '' when the handler has zoomed."""
        return self._fit

    def set_fit(self, fit: str) -> None:
        """Show the whole page or its whole width, also after the window changes its size."""
        self._fit = fit
        self._apply_fit()

    def zoom(self, factor: float) -> None:
        """Larger or smaller by `factor`, within bounds."""
        self._fit = ''
        scale = self.transform().m11()
        self._scale_to(min(MOST, max(LEAST, scale * factor)))

    def approach(self, box: Box) -> None:
        """Bring a place near: the page at least as wide as the view, the box large enough to read, in the middle."""
        area = self._in_scene(box)
        room = self.viewport().size()
        near = min(room.width() * 0.55 / max(area.width(), 60.0), READABLE / max(area.height(), 12.0))
        wide = room.width() / (PAGE_WIDTH + 24)
        self._fit = ''
        self._scale_to(min(2.6 * wide, max(wide, near)))
        self.centerOn(area.center())

    def _apply_fit(self) -> None:
        room = self.viewport().size()
        wide = room.width() / (PAGE_WIDTH + 36)
        if self._fit == 'page':
            self._scale_to(max(LEAST, min(wide, room.height() / (self._high + 36))))
            self.centerOn(PAGE_WIDTH / 2, self._high / 2)
        elif self._fit == 'width':
            self._scale_to(max(LEAST, wide))
        else:
            self._sharpen.start()

    def _scale_to(self, scale: float) -> None:
        self.setTransform(QTransform.fromScale(scale, scale))
        self._sharpen.start()
        self.zoomed.emit()

    # The marked place

    def selection(self) -> Box | None:
        """The place that the handler has marked, as fractions of the page."""
        if self._selection is None:
            return None
        area = self._selection
        return (
            area.x() / PAGE_WIDTH, area.y() / self._high, area.width() / PAGE_WIDTH, area.height() / self._high,
        )  # fmt: skip

    def clear_selection(self) -> bool:
        """Forget the marked place; False if there was none."""
        had = self._selection is not None
        self._selection = None
        self.viewport().update()
        return had

    # Hand and eye

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.MiddleButton or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._panning = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton and self._frame is not None and self.has_picture:
            self._frame.press(self._share(event), self._reach())
        elif event.button() == Qt.MouseButton.LeftButton and self.has_picture:
            self._pressed = self.mapToScene(event.position().toPoint())
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        here = event.position().toPoint()
        if self._panning is not None:
            moved = here - self._panning
            self._panning = here
            across, down = self.horizontalScrollBar(), self.verticalScrollBar()
            across.setValue(across.value() - moved.x())
            down.setValue(down.value() - moved.y())
        elif self._frame is not None:
            self._frame.move(self._share(event))
        elif self._pressed is not None:
            page = QRectF(0, 0, PAGE_WIDTH, self._high)
            drawn = QRectF(self._pressed, self.mapToScene(here)).normalized() & page
            far = (self.mapFromScene(self._pressed) - here).manhattanLength() >= _DRAG_FROM
            self._selection = drawn if far and not drawn.isEmpty() else None
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._panning is not None:
            self._panning = None
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        elif self._frame is not None:
            self._frame.release()
        elif self._pressed is not None:
            pressed, self._pressed = self._pressed, None
            box = self.selection()
            if box is not None:
                self.marked.emit(box)
            else:
                hit = next((spot for spot in self._spots if self._in_scene(spot.box).contains(pressed)), None)
                if hit is not None:
                    self.spot_clicked.emit(hit.name)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(STEP if event.angleDelta().y() > 0 else 1 / STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            event.ignore()
        elif self._frame is None or not self._frame.key(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if self._frame is not None and isinstance(event, QKeyEvent):
            held = event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab) and event.type() == QEvent.Type.KeyPress
            if held and self._frame.key(event):
                return True
            # The arrows, Enter and Esc are for the boxes here, whatever they do elsewhere on the page.
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.type() == QEvent.Type.ShortcutOverride and plain and event.key() in FRAME_KEYS:
                event.accept()
                return True
        return super().event(event)

    def _share(self, event: QMouseEvent) -> tuple[float, float]:
        at = self.mapToScene(event.position().toPoint())
        return min(1.0, max(0.0, at.x() / PAGE_WIDTH)), min(1.0, max(0.0, at.y() / self._high))

    def _reach(self) -> tuple[float, float]:
        near = NEAR / self.transform().m11()
        return near / PAGE_WIDTH, near / self._high

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._apply_fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if theme.is_palette_change(event):
            self._dress()

    def _dress(self) -> None:
        self.setBackgroundBrush(theme.colour('sunken'))

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        super().drawBackground(painter, rect)
        page = QRectF(0, 0, PAGE_WIDTH, self._high)
        painter.fillRect(page, QColor(PAPER))
        if not self.has_picture and not self.message:
            self._draw_skeleton(painter)
        pen = QPen(theme.colour('border_strong'), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRect(page)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        if self.message and not self.has_picture:
            painter.setPen(QColor('#59626e'))
            painter.setFont(theme.font(30))
            area = QRectF(80, 0, PAGE_WIDTH - 160, self._high)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self.message)
        if self._frame is not None:
            self._frame.paint(painter, PAGE_WIDTH, self._high, self.transform().m11())
            return
        for spot in self._spots:
            if spot.name != self._lit:
                self._draw_spot(painter, spot, 26, 70, 1.0)
        for spot in self._spots:
            if spot.name == self._lit:
                self._draw_spot(painter, spot, 40, 255, 2.0)
        if self._selection is not None:
            self._outline(painter, self._selection, QColor('#1b5fc9'), 30, 255, 1.5, Qt.PenStyle.DashLine)

    def _draw_spot(self, painter: QPainter, spot: Spot, fill: int, line: int, width: float) -> None:
        # The paper is white in both schemes, so its marks have the colours of the light one.
        colour = QColor(getattr(theme.LIGHT, spot.tone))
        area = self._in_scene(spot.box).adjusted(-4, -3, 4, 3)
        self._outline(painter, area, colour, fill, line, width, Qt.PenStyle.SolidLine)

    @staticmethod
    def _outline(
        painter: QPainter, area: QRectF, colour: QColor, fill: int, line: int, width: float, style: Qt.PenStyle
    ) -> None:
        inner, edge = QColor(colour), QColor(colour)
        inner.setAlpha(fill)
        edge.setAlpha(line)
        pen = QPen(edge, width, style)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(inner)
        painter.drawRoundedRect(area, 3, 3)

    def _draw_skeleton(self, painter: QPainter) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor('#e7e9ec'))
        painter.drawRoundedRect(QRectF(PAGE_WIDTH * 0.3, 70, PAGE_WIDTH * 0.4, 36), 8, 8)
        for number in range(int((self._high - 220) // 64)):
            width = PAGE_WIDTH * (0.8 if number % 3 else 0.62)
            painter.drawRoundedRect(QRectF(90, 170 + number * 64, width, 20), 8, 8)

    def _in_scene(self, box: Box) -> QRectF:
        x, y, width, height = box
        return QRectF(x * PAGE_WIDTH, y * self._high, width * PAGE_WIDTH, height * self._high)
