"""Searching the papers of a case: the field, the places found, and the one in hand lit on its page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.document_text import Found, Hit
from claimdesk.services.page_marks import Place
from claimdesk.ui import theme
from claimdesk.ui.later import later
from claimdesk.ui.pages.case.file_hits import HitList
from claimdesk.ui.pages.case.file_shelf import Leaf
from claimdesk.ui.pages.inbox.canvas import Box, Spot
from claimdesk.ui.widgets import IconButton, PlainLabel, SearchEdit

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage
    from claimdesk.ui.tasks import Ticket

PAUSE_MS, FIELD = 250, 240
HIT = 'hit'


class FileSearch(QObject):
    """`found` after each search, `wanted` when the page of the hit in hand is to be seen, `reading_changed` when papers
    begin or end to be read."""

    found = Signal()
    wanted = Signal()
    reading_changed = Signal()

    def __init__(self, page: CasePage, term: str, window: Any) -> None:
        super().__init__(window)
        self._page, self._window = page, window
        self._all, self._at = Found(), -1
        self._answered = ''
        self._reading: Ticket | None = None
        page.shell.tasks.changed.connect(self._reading_changed)
        self.field = SearchEdit(_("Search in the papers"))
        self.field.setText(term)
        self.field.setFixedWidth(FIELD)
        self.list = HitList()
        self.count = PlainLabel('', 'secondary', tabular=True)
        self._before = IconButton('chevron-up', _("Hit before (Shift+F3)"), partial(self.step, -1))
        self._next = IconButton('chevron-down', _("Next hit (F3)"), partial(self.step, 1))
        self.bar = QWidget()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_4)
        for widget in (self.field, self._before, self._next, self.count):
            row.addWidget(widget)
        self._pause = later(self, PAUSE_MS, self.find)
        self.field.textEdited.connect(lambda _typed: self._pause.start())
        self.field.textChanged.connect(lambda typed: self._pause.start() if not typed else None)
        self.field.returnPressed.connect(self._entered)
        self.list.chosen.connect(self.go_to)
        self._say()

    @property
    def term(self) -> str:
        """What is searched for."""
        return self.field.text().strip()

    @property
    def hit(self) -> Hit | None:
        """The place in hand."""
        return self._all.hits[self._at] if 0 <= self._at < len(self._all.hits) else None

    def find(self) -> None:
        """Look for what is typed."""
        self._pause.stop()
        if not self.term:
            self._show('', Found())
            return
        actor, case_id, texts, term = (
            self._page.desk.signed_in, self._page.case_id, self._page.desk.document_text, self.term,
        )  # fmt: skip
        self._page.shell.tasks.run(
            self, lambda _progress: texts.find(actor, case_id, term), partial(self._show, term),
            partial(self._failed, term),
            latest='find',
        )  # fmt: skip

    def go_to(self, place: int) -> None:
        """Take a place in hand."""
        self._at = place
        self.list.go_to(place)
        self._say()
        self.wanted.emit()

    def step(self, by: int) -> None:
        """The place before or after; round from the last to the first."""
        if self._all.hits:
            self.go_to((self._at + by) % len(self._all.hits))

    @property
    def unread(self) -> int:
        """Of how many pages that were searched nobody knows the words."""
        return self._all.unread if self.term else 0

    def read_unread(self) -> None:
        """Read the papers that were not read yet, and search again; progress and Cancel show in the status bar."""
        desk, actor, case_id = self._page.desk, self._page.desk.signed_in, self._page.case_id

        def work(progress: Progress) -> None:
            waiting = desk.document_text.unread(actor, case_id)
            for done, document_id in enumerate(waiting):
                progress(done, len(waiting), _("Reading documents"))
                desk.readings.read(actor, document_id, partial(_only_stop, progress, done, len(waiting)))

        self._reading = self._page.shell.tasks.run(
            self, work, None, self._window.banner.show_error, self._say_reading, title=_("Reading documents")
        )
        self._reading_changed()

    def stop_reading(self) -> None:
        """Read no further; what was read stays."""
        if self._reading is not None:
            self._reading.cancel()
            self._reading_changed()

    @property
    def reading(self) -> bool:
        """Whether papers are being read."""
        return self._reading is not None and self._reading.running

    def _say_reading(self, done: int, total: int, _said: str) -> None:
        words = _("Reading document {number} of {total}")
        self._window.say(words.format(number=min(done + 1, total), total=total))

    def _reading_changed(self) -> None:
        """Search again once the reading has ended, however it did: a status bar can stop it too."""
        if self._reading is not None and not self._reading.running:
            self._reading = None
            self.find()
        self.reading_changed.emit()

    def to_field(self) -> None:
        """Let something be typed."""
        self.field.setFocus()
        self.field.selectAll()

    def spots(self, leaf: Leaf) -> tuple[list[Spot], str]:
        """What was found on a page, and the name of what is in hand there."""
        spots = [
            Spot(f'{HIT}{number}', box)
            for number, hit in enumerate(self._all.hits)
            if (hit.document_id, hit.position) == (leaf.document.id, leaf.position)
            for box in hit.boxes
        ]
        return spots, f'{HIT}{self._at}'

    def boxes(self, leaf: Leaf) -> tuple[Box, ...]:
        """Where the place in hand lies on a page; nothing on another page."""
        hit = self.hit
        here = hit is not None and (hit.document_id, hit.position) == (leaf.document.id, leaf.position)
        return hit.boxes if hit is not None and here else ()

    def places(self) -> list[Place]:
        """Every place found of which it is known where it lies."""
        return [Place(hit.document_id, hit.position, box) for hit in self._all.hits for box in hit.boxes]

    def words(self) -> str:
        """What came of the search, in words; '' while nothing is searched for."""
        found = self._all
        if not self.term:
            return ''
        if self._answered != self.term:
            return _("Searching…")
        said = _("Nothing found. Fewer characters find more.")
        if found.hits:
            places = ngettext("{count} place", "{count} places", len(found.hits)).format(count=len(found.hits))
            pages = ngettext("{count} page", "{count} pages", found.pages).format(count=found.pages)
            said = f'{places}{"+" if found.more else ""} · {pages}'
        if not found.unread:
            return said
        unread = ngettext("{count} page has not been read yet.", "{count} pages have not been read yet.", found.unread)
        return f'{said}\n{unread.format(count=found.unread)}'

    def _show(self, term: str, found: Found) -> None:
        self._answered, self._all, self._at = term, found, -1
        self.list.show_hits(found.hits, self._window.page_counts())
        self._say()
        self.found.emit()
        if found.hits:
            self.go_to(0)

    def _failed(self, term: str, error: ClaimDeskError) -> None:
        self._window.banner.show_error(error)
        self._show(term, Found())

    def _say(self) -> None:
        hits = self._all.hits
        for button in (self._before, self._next):
            button.setEnabled(bool(hits))
        more = '+' if self._all.more else ''
        self.count.setText(f'{self._at + 1} / {len(hits)}{more}' if hits else '')

    def _entered(self) -> None:
        if self._pause.isActive():
            self.find()
        else:
            self.step(1)


def _only_stop(progress: Progress, at: int, total: int, _done: int, _of: int, _said: str = '') -> None:
    """Progress within one document: only whether to stop is of interest."""
    progress(at, total)
