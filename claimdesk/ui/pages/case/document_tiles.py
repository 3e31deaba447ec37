"""Documents as small pictures that open, move, and go; the pictures come in the background."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QAbstractButton, QMenu

from claimdesk.language import _, ngettext
from claimdesk.services.documents import DocumentView
from claimdesk.ui import icons, text, theme
from claimdesk.ui.widgets import plain_tip
from claimdesk.vocabulary import DocumentState, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.documents import DocumentsTab
    from claimdesk.ui.pages.case.page import CasePage

WIDTH, HEIGHT, PICTURE = 132, 168, 104
_LOOK = {
    DocumentState.WAITING: ('slate', 'hourglass'),
    DocumentState.TO_CHECK: ('orange', 'eye'),
    DocumentState.CONFIRMED: ('green', 'circle-check'),
    DocumentState.UNREADABLE: ('red', 'circle-alert'),
}


class Thumbnails:
    """Pictures of first pages, by document and version."""

    def __init__(self, page: CasePage) -> None:
        self._page = page
        self._known: dict[tuple[int, int], QPixmap] = {}

    def want(self, tile: Tile, document: DocumentView) -> None:
        """Show the picture of a document on `tile` as soon as it is there."""
        key = (document.id, document.version)
        if key in self._known:
            tile.set_picture(self._known[key])
            return
        if document.state is DocumentState.UNREADABLE or not document.pages:
            return
        ratio = theme.pixel_ratio()
        documents, actor = self._page.desk.documents, self._page.desk.signed_in
        self._page.shell.tasks.run(
            tile,
            lambda _progress: documents.page_image(actor, document.id, 0, round(PICTURE * ratio)),
            lambda content: tile.set_picture(self._keep(key, content, ratio)),
            lambda _error: None,
        )

    def _keep(self, key: tuple[int, int], content: bytes, ratio: float) -> QPixmap:
        picture = QPixmap()
        picture.loadFromData(content)
        picture.setDevicePixelRatio(ratio)
        self._known[key] = picture
        return picture


class Tile(QAbstractButton):
    """One document. Enter or a click opens it, Delete removes it, F2 renames it, the menu files it."""

    def __init__(self, tab: DocumentsTab, document: DocumentView, *, editable: bool) -> None:
        super().__init__(tab)
        self._tab, self.document, self._editable = tab, document, editable
        self._picture: QPixmap | None = None
        self.setFixedSize(QSize(WIDTH, HEIGHT))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setText(document.title)
        words = f'{document.title}, {label(document.kind)}, {label(document.state)}'
        self.setAccessibleName(words)
        self.setToolTip(plain_tip('\n'.join(_tip(document))))
        if document.removed:
            self.clicked.connect(lambda _checked=False: self.open_menu(QPoint(8, HEIGHT // 2)))
        else:
            self.clicked.connect(lambda _checked=False: tab.open_document(document.id))
        tab.thumbnails.want(self, document)

    def set_picture(self, picture: QPixmap) -> None:
        """Show the first page."""
        self._picture = picture
        self.update()

    def menu(self) -> QMenu:
        """What can be done with the document."""
        tab, document = self._tab, self.document
        menu = QMenu(self)
        if document.removed:
            menu.addAction(icons.icon('undo-2'), _("Bring back"), partial(tab.restore, document)).setEnabled(
                self._editable
            )
            return menu
        menu.addAction(icons.icon('eye'), _("Open"), partial(tab.open_document, document.id))
        menu.addAction(icons.icon('layers'), _("Leaf through"), partial(tab.file_tools.leaf_at, document.id))
        changes = self._editable and document.state is not DocumentState.CONFIRMED
        under = menu.addMenu(_("File under"))
        for item in tab.needed():
            action = under.addAction(item.name.replace('&', '&&'), partial(tab.file_under, document, item.code))
            action.setCheckable(True)
            action.setChecked(item.code == document.checklist_code)
        under.setEnabled(changes)
        if document.checklist_code:
            menu.addAction(_("Take out from under its line"), partial(tab.file_under, document, '')).setEnabled(changes)
        menu.addAction(icons.icon('pencil'), _("Rename…"), partial(tab.rename, document)).setEnabled(self._editable)
        menu.addAction(icons.icon('trash-2'), _("Remove"), partial(tab.remove, document)).setEnabled(changes)
        if not changes and self._editable:
            menu.addSeparator()
            menu.addAction(_("Confirmed: take its confirmation back on the bench first")).setEnabled(False)
        return menu

    def open_menu(self, place: QPoint) -> None:
        """Show the menu."""
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(place))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.open_menu(event.pos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        changes = self._editable and not self.document.removed
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() == Qt.Key.Key_Delete and changes and self.document.state is not DocumentState.CONFIRMED:
            self._tab.remove(self.document)
        elif event.key() == Qt.Key.Key_F2 and changes:
            self._tab.rename(self.document)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge = 'accent' if self.hasFocus() else 'border_strong' if self.underMouse() else 'border'
        painter.setPen(QPen(theme.colour(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(theme.colour('hover' if self.underMouse() else 'surface'))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 6, 6)
        area = QRect((WIDTH - PICTURE) // 2, 8, PICTURE, 112)
        painter.setOpacity(0.5 if self.document.removed else 1.0)
        self._paint_picture(painter, area)
        painter.setOpacity(1.0)
        painter.setPen(theme.colour('secondary' if self.document.removed else 'text'))
        name = painter.fontMetrics().elidedText(self.document.title, Qt.TextElideMode.ElideMiddle, WIDTH - 16)
        painter.drawText(QRect(8, 122, WIDTH - 16, 20), int(Qt.AlignmentFlag.AlignCenter), name)
        tone, picture = _LOOK[self.document.state]
        painter.setFont(theme.font(theme.SECONDARY))
        painter.setPen(theme.colour(tone))
        words = painter.fontMetrics().elidedText(label(self.document.state), Qt.TextElideMode.ElideRight, WIDTH - 38)
        left = (WIDTH - painter.fontMetrics().horizontalAdvance(words) - 18) // 2
        painter.drawPixmap(left, 146, icons.pixmap(picture, tone, 14))
        painter.drawText(QRect(left + 18, 143, WIDTH - left - 22, 20), int(Qt.AlignmentFlag.AlignVCenter), words)

    def _paint_picture(self, painter: QPainter, area: QRect) -> None:
        if self._picture is None or self._picture.isNull():
            painter.fillRect(area, theme.colour('sunken'))
            middle = area.center() - QPoint(16, 16)
            painter.drawPixmap(middle, icons.pixmap('file-text', 'secondary', icons.LARGE))
            return
        size = self._picture.deviceIndependentSize()
        scale = min(area.width() / size.width(), area.height() / size.height())
        width, height = int(size.width() * scale), int(size.height() * scale)
        place = QRect(area.center().x() - width // 2, area.center().y() - height // 2, width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, self._picture)
        painter.setPen(QPen(theme.colour('border'), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place)


def _tip(document: DocumentView) -> list[Any]:
    pages = ngettext("{count} page", "{count} pages", len(document.pages)).format(count=len(document.pages))
    lines = [document.title, f'{label(document.kind)} · {label(document.state)} · {pages}']
    lines.append(_("Added by {name}, {time}").format(name=document.added_by, time=text.moment(document.added_at)))
    if document.confirmed_at is not None:
        lines.append(
            _("Confirmed by {name}, {time}").format(name=document.confirmed_by, time=text.moment(document.confirmed_at))
        )
    lines += [_("The same page is in case {number}").format(number=same.case_number) for same in document.same_file_in]
    return [*lines, document.problem] if document.problem else lines
