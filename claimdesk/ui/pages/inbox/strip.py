"""The pages of a document as a strip of thumbnails: turn, remove, reorder, split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDropEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from claimdesk.language import _
from claimdesk.ui import theme
from claimdesk.ui.pages.inbox.pictures import Pictures
from claimdesk.ui.pages.inbox.pile import paint_thumbnail

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView

CELL = QSize(66, 88)
_OF_THE_PAGE = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape)
POSITION_ROLE = Qt.ItemDataRole.UserRole + 1


class PageStrip(QListWidget):
    """`chosen` with the place of the page that is to be seen; `reordered` with the old places in their new order."""

    chosen = Signal(int)
    reordered = Signal(list)
    remove_wanted = Signal(list)

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self._document: DocumentView | None = None
        self._quiet = False
        self.editable = True
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(False)
        self.setFixedHeight(CELL.height() + 18)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_PageDelegate(self))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(_("Pages of the document"))
        self.currentRowChanged.connect(self._row_changed)
        pictures.ready.connect(lambda _key: self.viewport().update())

    def show_document(self, document: DocumentView | None, position: int) -> None:
        """Show the pages of a document, the one at `position` marked; hidden where there is only one."""
        self._document = document
        self._quiet = True
        self.clear()
        pages = document.pages if document is not None else ()
        for page in pages:
            item = QListWidgetItem()
            item.setData(POSITION_ROLE, page.position)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, _("Page {n}").format(n=page.position + 1))
            self.addItem(item)
        if pages:
            self.setCurrentRow(min(position, len(pages) - 1))
        self._quiet = False
        self.setVisible(len(pages) > 1)

    @property
    def document(self) -> DocumentView | None:
        """Whose pages these are."""
        return self._document

    @property
    def pictures(self) -> Pictures:
        """Where the thumbnails come from."""
        return self._pictures

    def go_to(self, position: int) -> None:
        """Mark another page, without a signal."""
        self._quiet = True
        self.setCurrentRow(position)
        self._quiet = False

    def marked(self) -> list[int]:
        """The places of the selected pages."""
        return sorted(self.row(item) for item in self.selectedItems())

    def dropEvent(self, event: QDropEvent) -> None:
        if event.source() is not self or not self.editable:
            event.ignore()
            return
        super().dropEvent(event)
        QTimer.singleShot(0, self, self._tell_order)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.editable:
            self.remove_wanted.emit(self.marked())
        elif event.key() in _OF_THE_PAGE or event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _tell_order(self) -> None:
        order = [self.item(row).data(POSITION_ROLE) for row in range(self.count())]
        if order != sorted(order):
            self.reordered.emit(order)

    def _row_changed(self, row: int) -> None:
        if not self._quiet and row >= 0:
            self.chosen.emit(row)


class _PageDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        strip = self.parent()
        if not isinstance(strip, PageStrip) or strip.document is None:
            return
        position = index.data(POSITION_ROLE)
        if position is None or position >= len(strip.document.pages):
            return
        painter.save()
        area = option.rect.adjusted(2, 2, -2, -2)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour('accent_soft'))
        place = QRect(area.left() + 6, area.top() + 3, area.width() - 12, area.height() - 20)
        paint_thumbnail(painter, place, strip.pictures.thumbnail(strip.document, position))
        painter.setFont(theme.font(theme.SECONDARY, tabular=True))
        current = strip.currentRow() == index.row()
        painter.setPen(theme.colour('accent_text' if current else 'secondary'))
        line = QRect(area.left(), area.bottom() - 16, area.width(), 16)
        painter.drawText(line, int(Qt.AlignmentFlag.AlignCenter), str(index.row() + 1))
        painter.restore()
