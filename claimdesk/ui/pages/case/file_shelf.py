"""All pages of a case as small pictures, under the needed documents that they were filed for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
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
from claimdesk.services.case_file_pdf import FilePart
from claimdesk.ui import icons, theme
from claimdesk.ui.pages.inbox.pictures import Pictures
from claimdesk.ui.pages.inbox.pile import paint_thumbnail

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView, PageView

CELL, HEAD = QSize(106, 144), 34
PLACE = Qt.ItemDataRole.UserRole + 1
_LEFT_TO_THE_WINDOW = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape, Qt.Key.Key_Delete)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the case file: of which document, and its place in it (from 0)."""

    document: DocumentView
    position: int

    @property
    def page(self) -> PageView:
        """Which page of which file it is, and how it is turned."""
        return self.document.pages[self.position]

    @property
    def words(self) -> str:
        """Which page it is, for people."""
        if len(self.document.pages) == 1:
            return self.document.title
        return _("{title}, page {page}").format(title=self.document.title, page=self.position + 1)


def leaves_of(parts: Sequence[FilePart]) -> list[Leaf]:
    """Every page of the case file in its order."""
    return [
        Leaf(document, page.position) for part in parts for document in part.documents for page in document.pages
    ]


class Shelf(QListWidget):
    """`chosen` with the number of the leaf (from 0) that is to be seen. Pictures come as they are scrolled to."""

    chosen = Signal(int)

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pictures = pictures
        self.leaves: list[Leaf] = []
        self._rows: list[int] = []
        self._quiet = False
        self._marked: frozenset[tuple[str, int]] = frozenset()
        self.setFlow(QListWidget.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setItemDelegate(_LeafDelegate(self))
        self.setAccessibleName(_("Pages of the case file"))
        self.currentRowChanged.connect(self._row_changed)
        pictures.ready.connect(lambda _key: self.viewport().update())

    def show_parts(self, parts: Sequence[FilePart]) -> None:
        """Show these pages."""
        self._quiet = True
        self.clear()
        self.leaves, self._rows = leaves_of(parts), []
        for part in parts:
            head = QListWidgetItem(part.title, self)
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            for document in part.documents:
                for page in document.pages:
                    item = QListWidgetItem(self)
                    leaf = Leaf(document, page.position)
                    item.setData(PLACE, len(self._rows))
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, leaf.words)
                    item.setToolTip(leaf.words)
                    self._rows.append(self.row(item))
        self._quiet = False

    def show_marked(self, pages: frozenset[tuple[str, int]]) -> None:
        """Show which pages bear marks: SHA-256 and page in the file."""
        self._marked = pages
        self.viewport().update()

    def is_marked(self, leaf: Leaf) -> bool:
        """Whether the page bears a mark."""
        return (leaf.page.sha256, leaf.page.page_index) in self._marked

    def go_to(self, place: int) -> None:
        """Mark another leaf, without a signal."""
        self._quiet = True
        self.setCurrentRow(self._rows[place] if 0 <= place < len(self._rows) else -1)
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _LEFT_TO_THE_WINDOW:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.doItemsLayout()

    def _row_changed(self, row: int) -> None:
        place = self.item(row).data(PLACE) if row >= 0 else None
        if not self._quiet and place is not None:
            self.chosen.emit(place)


class _LeafDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        shelf = self.parent()
        if index.data(PLACE) is None and isinstance(shelf, Shelf):
            return QSize(shelf.viewport().width() - 1, HEAD)
        return CELL

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        shelf, place = self.parent(), index.data(PLACE)
        if not isinstance(shelf, Shelf):
            return
        painter.save()
        if place is None:
            painter.setFont(theme.font(theme.SECONDARY, strong=True))
            painter.setPen(theme.colour('secondary'))
            area = option.rect.adjusted(8, 8, -8, 0)
            words = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, area.width())
            painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), words)
        else:
            self._paint_leaf(painter, option, shelf, place)
        painter.restore()

    @staticmethod
    def _paint_leaf(painter: QPainter, option: QStyleOptionViewItem, shelf: Shelf, place: int) -> None:
        leaf = shelf.leaves[place]
        area = option.rect.adjusted(2, 2, -2, -2)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.colour('accent'))
            painter.setBrush(theme.colour('accent_soft'))
            painter.drawRoundedRect(area, 4, 4)
        picture = shelf.pictures.thumbnail(leaf.document, leaf.position)
        paint_thumbnail(painter, QRect(area.left() + 8, area.top() + 6, area.width() - 16, area.height() - 46), picture)
        if shelf.is_marked(leaf):
            painter.drawPixmap(area.right() - 20, area.top() + 4, icons.pixmap('highlighter', 'orange', 14))
        painter.setFont(theme.font(theme.SECONDARY))
        middle = int(Qt.AlignmentFlag.AlignCenter)
        painter.setPen(theme.colour('accent_text' if chosen else 'text'))
        room = area.width() - 8
        words = painter.fontMetrics().elidedText(leaf.document.title, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(QRect(area.left() + 4, area.bottom() - 36, room, 18), middle, words)
        painter.setPen(theme.colour('accent_text' if chosen else 'secondary'))
        count = len(leaf.document.pages)
        if count > 1:
            number = f'{leaf.position + 1} / {count}'
            painter.drawText(QRect(area.left() + 4, area.bottom() - 19, room, 18), middle, number)
