"""The pile of documents on the left of the inbox: a thumbnail, what it is, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QImage, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from claimdesk.language import _, ngettext
from claimdesk.ui import icons, text, theme
from claimdesk.ui.pages.inbox.pictures import Pictures
from claimdesk.ui.widgets import paint_pill
from claimdesk.vocabulary import DocumentKind, DocumentState, label

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView

DOCUMENT_ROLE = Qt.ItemDataRole.UserRole + 1
_NOWHERE = QModelIndex()
ROW = 78
THUMB = QSize(48, 62)
LOOKS = {
    DocumentState.WAITING: ('slate', 'hourglass'),
    DocumentState.TO_CHECK: ('amber', 'eye'),
    DocumentState.CONFIRMED: ('green', 'circle-check'),
    DocumentState.UNREADABLE: ('red', 'octagon-alert'),
}
READING = ('slate', 'scan-text')


class PileModel(QAbstractListModel):
    """The documents in the order in which they came. `reading` says which one is being read now, `held_by` who
    else has one on the bench; `total` is how many there are, of which the first are shown."""

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._documents: list[DocumentView] = []
        self._pictures = pictures
        self.reading: Callable[[], int] = lambda: 0
        self.queued: Callable[[int], bool] = lambda _document_id: False
        self.held_by: Callable[[int], str] = lambda _document_id: ''
        self.total = 0
        self.more_wanted: Callable[[], object] = lambda: None
        pictures.ready.connect(self._picture_came)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._documents)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._documents):
            return None
        document = self._documents[index.row()]
        if role == DOCUMENT_ROLE:
            return document
        if role == Qt.ItemDataRole.DisplayRole:
            return document.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f'{document.title}, {self.kind_words(document)}, {self.state_of(document)[2]}'
        if role == Qt.ItemDataRole.ToolTipRole:
            return '\n'.join(filter(None, (document.cover, document.problem))) or None
        return None

    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> bool:
        return not parent.isValid() and len(self._documents) < self.total

    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex) -> None:
        self.total = 0  # until they have come
        self.more_wanted()

    @property
    def documents(self) -> list[DocumentView]:
        """What is shown, from the top."""
        return list(self._documents)

    def show(self, documents: Sequence[DocumentView]) -> bool:
        """Show these; True if rows came, went or moved (the view then has to find its place again)."""
        fresh = list(documents)
        if [one.id for one in fresh] == [one.id for one in self._documents]:
            self._documents = fresh
            self.touch()
            return False
        self.beginResetModel()
        self._documents = fresh
        self.endResetModel()
        return True

    def touch(self) -> None:
        """States have changed: paint anew."""
        if self._documents:
            self.dataChanged.emit(self.index(0), self.index(len(self._documents) - 1))

    def row_of(self, document_id: int) -> int:
        """Where a document is, or -1."""
        return next((row for row, one in enumerate(self._documents) if one.id == document_id), -1)

    def thumbnail(self, document: DocumentView) -> QImage | None:
        """The picture of the first page, once it is there."""
        return self._pictures.thumbnail(document) if document.pages else None

    def state_of(self, document: DocumentView) -> tuple[str, str, str]:
        """Tone, picture and words of how far a document has come."""
        other = self.held_by(document.id)
        if other:
            return 'slate', 'user-round', other
        if document.id == self.reading():
            return (*READING, _("Reading…"))
        tone, picture = LOOKS[document.state]
        if document.state is DocumentState.WAITING and not self.queued(document.id):
            return tone, 'circle-pause', _("Not read")
        return tone, picture, label(document.state)

    def kind_words(self, document: DocumentView) -> str:
        """What kind of paper it is, as far as anybody knows."""
        if document.state in (DocumentState.WAITING, DocumentState.UNREADABLE) and document.kind is DocumentKind.OTHER:
            return ngettext("{n} page", "{n} pages", len(document.pages)).format(n=len(document.pages))
        if len(document.pages) > 1:
            pages = ngettext("{n} page", "{n} pages", len(document.pages)).format(n=len(document.pages))
            return f'{label(document.kind)} · {pages}'
        return label(document.kind)

    def _picture_came(self, _key: object) -> None:
        self.touch()


class PileDelegate(QStyledItemDelegate):
    """Paints one document of the pile."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        document = index.data(DOCUMENT_ROLE)
        model = index.model()
        if document is None or not isinstance(model, PileModel):
            return
        painter.save()
        area = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour('accent_soft'))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, theme.colour('hover'))
        widget = option.widget
        current = isinstance(widget, QAbstractItemView) and widget.currentIndex() == index
        if current:
            painter.fillRect(area.left(), area.top(), 3, area.height(), theme.colour('accent'))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, theme.colour('border'))
        place = QRect(area.left() + 12, area.top() + (ROW - THUMB.height()) // 2, THUMB.width(), THUMB.height())
        paint_thumbnail(painter, place, model.thumbnail(document), document.state is DocumentState.UNREADABLE)
        left = place.right() + 12
        width = area.right() - left - 10
        painter.setFont(theme.font(strong=True))
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        metrics = painter.fontMetrics()
        line = QRect(left, area.top() + 9, width, 20)
        vertical = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(line, vertical, metrics.elidedText(document.title, Qt.TextElideMode.ElideMiddle, width))
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour('secondary'))
        metrics = painter.fontMetrics()
        line.translate(0, 20)
        words = model.kind_words(document)
        painter.drawText(line, vertical, metrics.elidedText(words, Qt.TextElideMode.ElideRight, width))
        line.translate(0, 22)
        when = text.short_moment(document.added_at)
        tone, picture, words = model.state_of(document)
        if metrics.horizontalAdvance(when) + metrics.horizontalAdvance(words) + 44 < width:
            painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), when)
        paint_pill(painter, QRect(left - 6, area.top() + 51, width, 20), tone, picture, words)
        painter.restore()


def paint_thumbnail(painter: QPainter, place: QRect, picture: QImage | None, broken: bool = False) -> None:
    """A small page: its picture fitted in, or blank paper while it is on its way."""
    if picture is None or picture.isNull():
        painter.fillRect(place, theme.colour('sunken'))
        name = 'octagon-alert' if broken else 'file-text'
        painter.drawPixmap(place.center() - QPoint(8, 8), icons.pixmap(name, 'red' if broken else 'disabled'))
    else:
        size = picture.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
        inner = QRect(place.center() - QPoint(size.width() // 2, size.height() // 2), size)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(inner, picture)
        place = inner
    painter.setPen(theme.colour('border'))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(place.adjusted(0, 0, -1, -1))


class PileView(QListView):
    """`chosen` with the id of the document that came to be the current one; the others say what is wanted of the
    selected documents."""

    chosen = Signal(int)
    entered_bench = Signal()
    merge_wanted = Signal()
    remove_wanted = Signal()
    rename_wanted = Signal()
    read_wanted = Signal(str)

    def __init__(self, model: PileModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pile = model
        self._quiet = False
        self.setModel(model)
        self.setItemDelegate(PileDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(_("Documents"))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)

    def show_documents(self, documents: Sequence[DocumentView]) -> None:
        """Show these, with selection and place as they were."""
        selected, current, place = set(self.selected_ids()), self.current_id(), self.verticalScrollBar().value()
        self._quiet = True
        if self._pile.show(documents):
            for row, document in enumerate(self._pile.documents):
                if document.id in selected:
                    self.selectionModel().select(self._pile.index(row), QItemSelectionModel.SelectionFlag.Select)
            row = self._pile.row_of(current)
            if row >= 0:
                self.selectionModel().setCurrentIndex(
                    self._pile.index(row), QItemSelectionModel.SelectionFlag.NoUpdate
                )
            self.verticalScrollBar().setValue(place)
        self._quiet = False

    def choose(self, document_id: int) -> bool:
        """Make a document the current and only selected one, without a signal; False if it is not here."""
        row = self._pile.row_of(document_id)
        self._quiet = True
        if row >= 0:
            self.setCurrentIndex(self._pile.index(row))
        else:
            self.selectionModel().clear()
        self._quiet = False
        return row >= 0

    def current_id(self) -> int:
        """The current document, or 0."""
        document = self.currentIndex().data(DOCUMENT_ROLE) if self.currentIndex().isValid() else None
        return document.id if document is not None else 0

    def selected(self) -> list[DocumentView]:
        """The selected documents, from the top."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._pile.documents[row] for row in rows]

    def selected_ids(self) -> list[int]:
        """Their ids."""
        return [document.id for document in self.selected()]

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        if not self._quiet and current.isValid():
            self.chosen.emit(current.data(DOCUMENT_ROLE).id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
            self.entered_bench.emit()
        elif event.key() == Qt.Key.Key_Delete and plain:
            self.remove_wanted.emit()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Escape):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _open_menu(self, place: QPoint) -> None:
        chosen = self.selected()
        if not chosen:
            return
        menu = QMenu(self)
        _add(menu, 'pencil', _("Rename…"), self.rename_wanted.emit, enabled=len(chosen) == 1)
        _add(menu, 'merge', _("Merge into one document"), self.merge_wanted.emit, 'Ctrl+M', len(chosen) > 1)
        menu.addSeparator()
        _add(menu, 'refresh-cw', _("Read again"), lambda: self.read_wanted.emit('auto'))
        _add(menu, 'scan-text', _("Read with Tesseract only"), lambda: self.read_wanted.emit('tesseract'))
        _add(menu, 'scan-text', _("Read with RapidOCR only"), lambda: self.read_wanted.emit('rapid'))
        menu.addSeparator()
        _add(menu, 'trash-2', _("Remove"), self.remove_wanted.emit, 'Del')
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.viewport().mapToGlobal(place))


def _add(
    menu: QMenu, icon: str, words: str, do: Callable[[], object], key: str = '', enabled: bool = True
) -> QAction:
    action = menu.addAction(icons.icon(icon), f'{words}\t{key}' if key else words)
    action.setEnabled(enabled)
    action.triggered.connect(lambda _checked=False: do())
    return action
