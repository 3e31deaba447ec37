"""The photos of a case with what they say about themselves: when, where, with what, and what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _, ngettext
from claimdesk.rules.photos import SERIOUS
from claimdesk.services.photos import PhotoView
from claimdesk.ui import icons, text, theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, StateBadge, clear, plain_tip, separator
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

PICTURE = QSize(96, 72)


class PhotosCard(QWidget):
    """One line for each photo; a click opens it."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._seen: object = None
        self._known: dict[tuple[int, int], QPixmap] = {}
        self.setProperty('surface', 'card')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.SPACE_16, theme.SPACE_12, theme.SPACE_16, theme.SPACE_12)
        column.setSpacing(theme.SPACE_8)
        self._head = SectionHeader(_("Photos"))
        column.addWidget(self._head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.SPACE_8)
        column.addLayout(self._rows)

    def show_case(self, file: CaseFile, photos: Sequence[PhotoView]) -> None:
        """Show the photos."""
        if photos == self._seen:
            return
        self._seen = list(photos)
        clear(self._rows)
        doubtful = sum(any(flag in SERIOUS for flag in photo.flags) for photo in photos)
        words = ngettext("{count} to look at", "{count} to look at", doubtful).format(count=doubtful)
        self._head.set_note(words if doubtful else '')
        for place, photo in enumerate(photos):
            if place:
                self._rows.addWidget(separator())
            self._rows.addWidget(self._row(photo))
        if not photos:
            hint = _("No photo yet. Add files in the documents and say that they are photos.")
            self._rows.addWidget(PlainLabel(hint, 'secondary', wrap=True))

    def _row(self, photo: PhotoView) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        picture = PlainLabel()
        picture.setFixedSize(PICTURE)
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setPixmap(icons.pixmap('image', 'secondary', icons.LARGE))
        self._want(picture, photo)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        open_it = partial(self._open, photo)
        title = photo.title if len(photo.title) <= 40 else f'{photo.title[:39]}…'
        words.addWidget(Button(title, open_it, kind='link', tip=_("Open the photo")), 0, Qt.AlignmentFlag.AlignLeft)
        words.addWidget(PlainLabel(photo_words(photo), 'caption', wrap=True, selectable=True))
        if photo.flags:
            place = QWidget()
            flow = FlowLayout(place, theme.SPACE_4)
            for flag in photo.flags:
                badge = StateBadge()
                serious = flag in SERIOUS
                badge.set_pill('red' if serious else 'slate', 'triangle-alert' if serious else 'info', label(flag))
                badge.setToolTip(plain_tip('\n'.join(photo.other_cases)))
                flow.addWidget(badge)
            words.addWidget(place)
        words.addStretch(1)
        row.addLayout(words, 1)
        return holder

    def _want(self, picture: PlainLabel, photo: PhotoView) -> None:
        key = (photo.document_id, photo.position)
        if key in self._known:
            picture.setPixmap(self._known[key])
            return
        ratio = theme.pixel_ratio()
        documents, actor = self._page.desk.documents, self._page.desk.signed_in
        width = round(PICTURE.width() * ratio)
        self._page.shell.tasks.run(
            picture,
            lambda _progress: documents.page_image(actor, photo.document_id, photo.position, width),
            lambda content: picture.setPixmap(self._keep(key, content, ratio)),
            lambda _error: None,
        )

    def _keep(self, key: tuple[int, int], content: bytes, ratio: float) -> QPixmap:
        made = QPixmap()
        made.loadFromData(content)
        smooth = Qt.TransformationMode.SmoothTransformation
        made = made.scaled(PICTURE * ratio, Qt.AspectRatioMode.KeepAspectRatio, smooth)
        made.setDevicePixelRatio(ratio)
        self._known[key] = made
        return made

    def _open(self, photo: PhotoView) -> None:
        self._page.shell.navigate_to.emit('inbox', {'document_id': photo.document_id})


def photo_words(photo: PhotoView) -> str:
    """What the photo says about itself, in one line."""
    parts = [_("taken {time}").format(time=text.moment(photo.taken_at)) if photo.taken_at is not None else '']
    parts += [photo.place, photo.camera]
    if photo.software:
        parts.append(_("saved by {program}").format(program=photo.software))
    return ' · '.join(part for part in parts if part)
