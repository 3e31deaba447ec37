"""Places that a search has found in the papers of a case: where each is, and the words around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
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
from claimdesk.services.document_text import Hit
from claimdesk.ui import theme

ROW = 52
_HIT = Qt.ItemDataRole.UserRole + 1
_LEFT_TO_THE_WINDOW = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape)


class HitList(QListWidget):
    """`chosen` with the number of the hit (from 0) that is to be seen."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quiet = False
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_HitDelegate(self))
        self.setAccessibleName(_("Places found"))
        self.currentRowChanged.connect(lambda row: None if self._quiet or row < 0 else self.chosen.emit(row))

    def show_hits(self, hits: Sequence[Hit], pages: Mapping[int, int]) -> None:
        """Show the hits; `pages` says how many pages each document has."""
        self._quiet = True
        self.clear()
        for hit in hits:
            several = pages.get(hit.document_id, 1) > 1
            where = (
                _("{title}, page {page}").format(title=hit.title, page=hit.position + 1) if several else hit.title
            )
            item = QListWidgetItem(where, self)
            item.setData(_HIT, hit)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f'{where}: {hit.excerpt}')
            item.setToolTip(where)
        self._quiet = False

    def go_to(self, place: int) -> None:
        """Mark another hit, without a signal."""
        self._quiet = True
        self.setCurrentRow(place)
        self._quiet = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _LEFT_TO_THE_WINDOW:
            event.ignore()
        else:
            super().keyPressEvent(event)


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        hit = index.data(_HIT)
        if not isinstance(hit, Hit):
            return
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme.colour('accent_soft'))
        area = option.rect.adjusted(12, 6, -10, -6)
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour('secondary'))
        where = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(QRect(area.left(), area.top(), area.width(), 18), int(Qt.AlignmentFlag.AlignVCenter), where)
        self._paint_excerpt(painter, QRect(area.left(), area.top() + 19, area.width(), 20), hit)
        painter.setPen(theme.colour('border'))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()

    @staticmethod
    def _paint_excerpt(painter: QPainter, area: QRect, hit: Hit) -> None:
        """The words around the hit, so that the hit itself is seen: what has no room is cut at its left."""
        plain, strong = theme.font(), theme.font(strong=True)
        before = hit.excerpt[: hit.start]
        found, after = hit.excerpt[hit.start :][: hit.length], hit.excerpt[hit.start + hit.length :]
        painter.setFont(strong)
        wide = painter.fontMetrics().horizontalAdvance(found)
        painter.setFont(plain)
        room = max(0, (area.width() - wide) // 2)
        before = painter.fontMetrics().elidedText(before, Qt.TextElideMode.ElideLeft, room)
        x = area.left()
        for words, font, tone in ((before, plain, 'text'), (found, strong, 'accent_text'), (after, plain, 'text')):
            painter.setFont(font)
            painter.setPen(theme.colour(tone))
            left = area.right() - x
            words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, left)
            painter.drawText(QRect(x, area.top(), left, area.height()), int(Qt.AlignmentFlag.AlignVCenter), words)
            x += painter.fontMetrics().horizontalAdvance(words)
