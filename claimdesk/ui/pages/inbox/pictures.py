"""Pictures of pages, made in the background and kept as long as they are likely to be seen again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from claimdesk.errors import ClaimDeskError
from claimdesk.ui import theme
from claimdesk.ui.tasks import Ticket

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.tasks import Tasks

THUMBNAIL = 150
WIDTHS = (900, 1300, 1900, 2700, 3800)
"""The widths in device pixels that a page is drawn in: the next one above what is seen is sharp and not wasteful."""

Key = tuple[str, int, int, int]
_MOST_SMALL, _MOST_LARGE, _AT_ONCE = 500, 8, 2


def sharp_width(pixels: float) -> int:
    """The width to ask for so that `pixels` device pixels are filled sharply."""
    return next((width for width in WIDTHS if width >= pixels), WIDTHS[-1])


class Pictures(QObject):
    """Ask with `get`; what is not there yet is fetched and `ready` is emitted with its key."""

    ready = Signal(object)

    def __init__(self, desk: Desk, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._tasks = tasks
        self._small: OrderedDict[Key, QImage] = OrderedDict()
        self._large: OrderedDict[Key, QImage] = OrderedDict()
        self._problems: dict[Key, str] = {}
        self._fetching: dict[Key, Ticket] = {}
        self._later: OrderedDict[Key, tuple[int, int]] = OrderedDict()

    def thumbnail(self, document: DocumentView, position: int = 0) -> QImage | None:
        """A small picture of a page, or None while it is on its way or cannot be made."""
        return self.get(document, position, min(320, round(THUMBNAIL * theme.pixel_ratio())))

    def get(self, document: DocumentView, position: int, width: int) -> QImage | None:
        """The page at `position`, `width` device pixels wide or as wide as it is, or None as above."""
        key = self.key(document, position, width)
        shelf = self._shelf(width)
        if key in shelf:
            shelf.move_to_end(key)
            return shelf[key]
        if key not in self._fetching and key not in self._problems:
            if self._is_small(width) and len(self._fetching) >= _AT_ONCE:
                self._later[key] = (document.id, position)
                self._later.move_to_end(key)
            else:
                self._fetch(key, document.id, position)
        return None

    def nearest(self, document: DocumentView, position: int) -> QImage | None:
        """Any picture of this page that is here already, the sharpest one, to show until the right one comes."""
        mark = self.key(document, position, 0)[:3]
        found = [picture for shelf in (self._small, self._large) for key, picture in shelf.items() if key[:3] == mark]
        return max(found, key=QImage.width, default=None)

    def problem(self, document: DocumentView, position: int, width: int) -> str:
        """Why the picture cannot be made, or ''."""
        return self._problems.get(self.key(document, position, width), '')

    @staticmethod
    def key(document: DocumentView, position: int, width: int) -> Key:
        """What a picture is known by: the page's content and turn, and the width."""
        page = document.pages[position]
        return page.sha256, page.page_index, page.rotation, width

    def _shelf(self, width: int) -> OrderedDict[Key, QImage]:
        return self._small if self._is_small(width) else self._large

    @staticmethod
    def _is_small(width: int) -> bool:
        return width < WIDTHS[0]

    def _fetch(self, key: Key, document_id: int, position: int) -> None:
        documents, actor = self._desk.documents, self._desk.signed_in
        self._fetching[key] = self._tasks.run(
            self,
            lambda _progress: QImage.fromData(documents.page_image(actor, document_id, position, key[3])),
            lambda picture: self._came(key, picture),
            lambda error: self._failed(key, error),
        )
        if not self._fetching[key].running:
            self._fetching.pop(key)

    def _came(self, key: Key, picture: QImage) -> None:
        shelf = self._shelf(key[3])
        shelf[key] = picture
        while len(shelf) > (_MOST_SMALL if self._is_small(key[3]) else _MOST_LARGE):
            shelf.popitem(last=False)
        self._next(key)

    def _failed(self, key: Key, error: ClaimDeskError) -> None:
        self._problems[key] = str(error)
        self._next(key)

    def _next(self, key: Key) -> None:
        self._fetching.pop(key, None)
        self.ready.emit(key)
        while self._later and len(self._fetching) < _AT_ONCE:
            later, (document_id, position) = self._later.popitem()
            self._fetch(later, document_id, position)
