"""The photos of a case with what they say about themselves and what was measured on them, and what to look at."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.rules.photos import SERIOUS, Flag, PlateMatch
from claimdesk.services.photos import PhotoView
from claimdesk.ui import icons, text, theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.photo_measuring import LATEST
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, StateBadge, card_column, clear, plain_tip, separator
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage

PICTURE = QSize(96, 72)
_PLATES = {
    PlateMatch.SAME: ('green', 'circle-check'),
    PlateMatch.OTHER: ('red', 'triangle-alert'),
    PlateMatch.UNSURE: ('slate', 'circle-question-mark'),
}


class PhotosCard(QWidget):
    """One line for each photo; a click opens it. What nobody has measured is measured in the background, once."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page
        self._seen: object = None
        self._known: dict[tuple[int, int], QPixmap] = {}
        self._tried: frozenset[tuple[int, int]] = frozenset()
        self.measuring = False
        self._ticket: Any = None
        column = card_column(self, bottom=theme.SPACE_12)
        self._head = SectionHeader(_("Photos"))
        self.measure_button = Button(_("Measure the photos"), self.measure, icon='search')
        self.measure_button.setToolTip(_("Sharpness, exposure, plates, and photos like these in other cases"))
        self.measure_button.hide()
        self.stop_button = Button(_("Stop"), self.stop, kind='link')
        self.stop_button.hide()
        self._progress = PlainLabel('', 'caption', tabular=True)
        for widget in (self._progress, self.stop_button, self.measure_button):
            self._head.add(widget)
        column.addWidget(self._head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.SPACE_8)
        column.addLayout(self._rows)

    def show_case(self, file: CaseFile, photos: Sequence[PhotoView]) -> None:
        """Show the photos."""
        if photos != self._seen:
            self._seen = list(photos)
            self._fill(photos)
        waiting = frozenset((one.document_id, one.position) for one in photos if not one.measured)
        wanted = bool(waiting) and file.may(Permission.ATTACH_DOCUMENTS) and not self.measuring
        self.measure_button.setVisible(wanted)
        if wanted and not waiting <= self._tried:
            self.measure()

    def _fill(self, photos: Sequence[PhotoView]) -> None:
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
        pills = _pills(photo)
        if pills:
            place = QWidget()
            flow = FlowLayout(place, theme.SPACE_4)
            for tone, picture_name, said, tip in pills:
                badge = StateBadge()
                badge.set_pill(tone, picture_name, said)
                badge.setToolTip(plain_tip(tip))
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

    def measure(self) -> None:
        """Measure the photos that nobody has measured, in the background."""
        desk, actor, case_id = self._page.desk, self._page.desk.signed_in, self._page.case_id
        self.measure_button.hide()
        # Those that cannot be measured are not tried again and again.
        self._tried |= frozenset((one.document_id, one.position) for one in self._photos() if not one.measured)
        self.measuring = True
        self.stop_button.show()
        self._ticket = self._page.run(
            lambda progress: desk.photos.measure(actor, case_id, desk.readings.look_at_photo, progress),
            self._measured, self._not_measured, self._say_progress, latest=LATEST,
            title=_("Measuring photos"),
        )  # fmt: skip

    def stop(self) -> None:
        """Stop measuring; what is done stays done."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ended()
        self._page.reload()

    def _photos(self) -> Sequence[PhotoView]:
        return self._seen if isinstance(self._seen, list) else ()

    def _say_progress(self, done: int, total: int, _name: str) -> None:
        self._progress.setText(_("measuring {done} of {total}").format(done=min(done + 1, total), total=total))

    def _measured(self, _count: int) -> None:
        self._ended()
        self._page.reload()

    def _not_measured(self, error: ClaimDeskError) -> None:
        self._ended()
        self.measure_button.show()
        self._page.show_error(error)

    def _ended(self) -> None:
        self.measuring, self._ticket = False, None
        self._progress.setText('')
        self.stop_button.hide()

    def _open(self, photo: PhotoView) -> None:
        self._page.shell.navigate_to.emit('inbox', {'document_id': photo.document_id})


def _pills(photo: PhotoView) -> list[tuple[str, str, str, str]]:
    """Tone, picture, words and tip of what is said of a photo: its plate first, then what to look at."""
    pills = []
    if photo.match in _PLATES:
        words = _("{plate}: {match}").format(plate=photo.matched, match=label(photo.match))
        read = '\n'.join(one.text if one.sure else f'{one.text} ({_("unsure")})' for one in photo.plates)
        pills.append((*_PLATES[photo.match], words, read))
    for flag in photo.flags:
        if flag in (Flag.OTHER_PLATE, Flag.UNSURE_PLATE):
            continue  # its pill stands there already
        cases = {Flag.OTHER_CASE: photo.other_cases, Flag.LOOKS_LIKE: photo.like_cases}.get(flag, ())
        look = ('red', 'triangle-alert') if flag in SERIOUS else ('slate', 'info')
        said = f'{label(flag)}: {cases[0]}' if cases else label(flag)
        pills.append((*look, said, '\n'.join(cases)))
    return pills


def photo_words(photo: PhotoView) -> str:
    """What the photo says about itself, in one line."""
    parts = [_("taken {time}").format(time=text.moment(photo.taken_at)) if photo.taken_at is not None else '']
    parts += [photo.place, photo.camera]
    if photo.software:
        parts.append(_("saved by {program}").format(program=photo.software))
    return ' · '.join(part for part in parts if part)
