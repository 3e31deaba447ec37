"""The inbox: paper comes in from everywhere, waits on a pile, and is checked on the bench beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.services.filing import Place
from claimdesk.services.invoices import Confirmed
from claimdesk.ui import dialogs, theme
from claimdesk.ui.mailroom import PAPER, Mailroom
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.inbox.bench import Bench
from claimdesk.ui.pages.inbox.counter import Counter
from claimdesk.ui.pages.inbox.page_edits import PageEdits
from claimdesk.ui.pages.inbox.pictures import Pictures
from claimdesk.ui.pages.inbox.pile import PileModel, PileView
from claimdesk.ui.pages.inbox.sheet import Sheet, load
from claimdesk.ui.pages.inbox.taking_in import Taken, has_paper
from claimdesk.ui.pages.inbox.welcome import DropVeil, Welcome
from claimdesk.ui.reading_queue import AGAIN
from claimdesk.ui.widgets import Button, ElidedLabel, IconButton, separator
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.documents import DocumentView

PILE_WIDTH = 236
MOST_AHEAD = 4


class InboxPage(Page):
    """Shows the inbox, or the unchecked papers of one case when it was opened from there."""

    def __init__(self, desk: Desk, shell: Shell, parent: QWidget | None = None) -> None:
        super().__init__(desk, shell, parent)
        self.icon = 'inbox'
        self.title = _("Inbox")
        self.setAcceptDrops(True)
        self.mailroom = mailroom(desk, shell)
        self._case: Place | None = None
        self._pinned = 0
        self._wanted = 0
        self._dealt_with = False
        self._ahead: dict[int, Sheet] = {}
        # Documents whose reading the handler has stopped: they wait until it is asked for again.
        self._held: set[int] = set()
        self._walking = False
        self._listed = False
        self.pictures = Pictures(desk, shell.tasks, self)
        self.edits = PageEdits(self, self._edited)
        self.model = PileModel(self.pictures)
        self.model.setParent(self)
        self.model.reading = lambda: self.mailroom.queue.reading
        self.model.queued = self.mailroom.queue.waits
        self.pile = PileView(self.model)
        self.bench = Bench(self, self.pictures)
        self.counter = Counter(self, lambda: self._case.case_id if self._case is not None else None, self._taken_in)
        counter = self.counter
        self.welcome = Welcome(counter.scan, counter.open_files, counter.paste, counter.choose_folder)
        self._veil = DropVeil(self)
        self._build()
        self._connect()
        self._add_keys()

    def _build(self) -> None:
        self.stack = QStackedWidget()
        work = QSplitter(Qt.Orientation.Horizontal)
        work.setChildrenCollapsible(False)
        work.addWidget(self._pile_side())
        work.addWidget(self.bench)
        work.setStretchFactor(1, 1)
        work.setSizes([PILE_WIDTH, 1000])
        self._splitters = {'pile': work, 'bench': self.bench.splitter}
        for name, splitter in self._splitters.items():
            kept = QSettings().value(f'inbox/{name}')
            if kept is not None:
                splitter.restoreState(kept)
            splitter.splitterMoved.connect(lambda _at, _which, name=name: self._keep_splitter(name))
        self.stack.addWidget(work)
        self.stack.addWidget(self.welcome)
        self.body.addWidget(self.stack)

    def _pile_side(self) -> QWidget:
        side = QWidget()
        side.setProperty('surface', 'panel')
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setMinimumWidth(190)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(theme.SPACE_12, theme.SPACE_4, theme.SPACE_4, 0)
        head.setSpacing(0)
        self._head = ElidedLabel(_("Inbox"), 'section')
        self._counts = ElidedLabel('', 'caption')
        self._counts.setContentsMargins(theme.SPACE_12, 0, theme.SPACE_12, theme.SPACE_8)
        head.addWidget(self._head, 1)
        for icon, name, do in (
            ('scan-line', _("Scan (Ctrl+Shift+S)"), self.counter.scan),
            ('folder-open', _("Open files (Ctrl+O)"), self.counter.open_files),
            ('clipboard-paste', _("Paste (Ctrl+V)"), self.counter.paste),
        ):
            head.addWidget(IconButton(icon, name, do))
        column.addLayout(head)
        column.addWidget(self._counts)
        self._case_line = QWidget()
        line = QHBoxLayout(self._case_line)
        line.setContentsMargins(theme.SPACE_8, 0, theme.SPACE_8, theme.SPACE_8)
        line.addWidget(Button(_("Back to the case"), self.back_to_case, kind='link', icon='undo-2'))
        line.addStretch(1)
        line.addWidget(IconButton('x', _("Show the whole inbox"), self.show_inbox))
        self._case_line.hide()
        column.addWidget(self._case_line)
        column.addWidget(separator())
        column.addWidget(self.pile, 1)
        return side

    def _connect(self) -> None:
        queue = self.mailroom.queue
        queue.moved.connect(self._reading_moved)
        queue.stopped.connect(self._reading_stopped)
        queue.failed.connect(self.show_error)
        pile, bench, pages = self.pile, self.bench, self.bench.pages
        pile.chosen.connect(self._walked_to)
        pile.entered_bench.connect(bench.begin)
        pile.merge_wanted.connect(self.merge)
        pile.remove_wanted.connect(self.remove)
        pile.rename_wanted.connect(self.rename)
        pile.read_wanted.connect(self.read_again)
        bench.finished.connect(self._finished)
        bench.skipped.connect(self.skip)
        bench.gone.connect(self._gone)
        bench.read_wanted.connect(self._read_this)
        bench.open_document.connect(self.choose)
        bench.taken_back.connect(self._taken_back)
        pages.turn_wanted.connect(self.turn)
        pages.remove_wanted.connect(self._remove_pages)
        pages.split_wanted.connect(self._split)
        pages.reordered.connect(self._reorder)

    def _add_keys(self) -> None:
        bench, pages = self.bench, self.bench.pages
        canvas = pages.canvas
        for keys, do, words in (
            ('Ctrl+Return', bench.confirm, _("Confirm the document and go to the next")),
            ('Ctrl+Enter', bench.confirm, ''),
            ('F3', bench.next_unsure, _("Next unsure field")),
            ('F2', bench.reread, _("Read the marked place again")),
            ('Esc', self.escape, _("Skip the document")),
            ('Ctrl+D', bench.keep_both, _("Keep both copies of a duplicate")),
            ('PgDown', lambda: pages.step(1), _("Next page")),
            ('PgUp', lambda: pages.step(-1), _("Page before")),
            ('Ctrl++', lambda: canvas.zoom(1.25), _("Larger")),
            ('Ctrl+=', lambda: canvas.zoom(1.25), ''),
            ('Ctrl+-', lambda: canvas.zoom(0.8), _("Smaller")),
            ('Ctrl+0', lambda: canvas.set_fit('page'), _("Whole page")),
            ('Ctrl+R', lambda: self.turn(90), _("Turn the page right")),
            ('Ctrl+Shift+R', lambda: self.turn(-90), _("Turn the page left")),
            ('Alt+Up', lambda: self._move_page(-1), _("Move the page forward")),
            ('Alt+Down', lambda: self._move_page(1), _("Move the page back")),
            ('Ctrl+M', self.merge, _("Merge the selected documents")),
            ('Ctrl+Down', lambda: self.step(1), _("Next document")),
            ('Ctrl+Up', lambda: self.step(-1), _("Document before")),
            ('Ctrl+O', self.counter.open_files, _("Open files")),
            ('Ctrl+V', self.counter.paste, _("Paste")),
        ):
            self.add_key(keys, do, words)
        # Plain letters only where nobody types.
        for keys, degrees in (('R', 90), ('Shift+R', -90)):
            action = QAction(pages)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(lambda _checked=False, degrees=degrees: self.turn(degrees))
            pages.addAction(action)

    # What the window asks

    def opened(self) -> None:
        self.mailroom.warm()
        self.refresh_list()

    def arrive(self, arguments: Any) -> None:
        if arguments == 'scan':
            self.counter.scan()
        elif isinstance(arguments, dict) and 'document_id' in arguments:
            self._open_document(int(arguments['document_id']))
        elif isinstance(arguments, dict) and 'case_id' in arguments:
            self._open_case(int(arguments['case_id']))

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if kinds & PAPER and self._listed:
            self.refresh_list()

    def keep(self) -> Any:
        self.bench.keep_draft()
        sheet = self.bench.sheet
        return {
            'case': self._case, 'pinned': self._pinned, 'wanted': sheet.document.id if sheet else 0,
            'field': self.bench.form.current(),
        }  # fmt: skip

    def restore(self, kept: Any) -> None:
        self._scope(kept['case'])
        self._pinned, self._wanted = kept['pinned'], kept['wanted']

    def closing(self) -> None:
        self.bench.keep_draft()
        self.shell.tasks.cancel_all(self.pictures)
        super().closing()

    def commands(self) -> list[Command]:
        return [
            Command(_("Scan documents"), self.counter.scan, 'scan-line', 'Ctrl+Shift+S'),
            Command(_("Open documents"), self.counter.open_files, 'folder-open', 'Ctrl+O'),
            Command(_("Paste a document"), self.counter.paste, 'clipboard-paste', 'Ctrl+V'),
        ]

    # The pile

    def refresh_list(self) -> None:
        """Read the pile again, in the background."""
        desk, case, pinned = self.desk, self._case, self._pinned

        def work(_progress: Any) -> list[DocumentView]:
            actor = desk.signed_in
            if case is None:
                return desk.documents.inbox(actor)
            return [
                one for one in desk.documents.of_case(actor, case.case_id)
                if one.state is not DocumentState.CONFIRMED or one.id == pinned
            ]  # fmt: skip

        self.run(work, self._show_list, latest='list')

    def _show_list(self, documents: list[DocumentView]) -> None:
        self._listed = True
        self.edits.note(documents)
        before = self.model.documents
        self.pile.show_documents(documents)
        self._ahead = {key: one for key, one in self._ahead.items() if one.document in documents}
        unread = [one.id for one in documents if one.state is DocumentState.WAITING and one.id not in self._held]
        fresh = [one for one in unread if not self.mailroom.queue.waits(one)]
        self.mailroom.read(fresh)
        if self._case is None:
            self.shell.badge.emit('inbox', len(documents))
        self._count(documents)
        self._follow(documents, before)

    def _follow(self, documents: list[DocumentView], before: Sequence[DocumentView]) -> None:
        """Keep the bench on its document, or go to one that is there."""
        wanted, self._wanted = self._wanted, 0
        sheet = self.bench.sheet
        if wanted and any(one.id == wanted for one in documents):
            self.choose(wanted)
        elif sheet is not None and (same := _find(documents, sheet.document.id)) is not None:
            self.pile.choose(same.id)
            if same != sheet.document:
                self._load(same.id)
            else:
                self.model.touch()
        elif documents:
            gone = sheet.document if sheet is not None else None
            self.choose(_after(gone, before, documents).id)
        else:
            self.bench.clear()
            self._teach()
        if documents:
            self.stack.setCurrentIndex(0)

    def _count(self, documents: Sequence[DocumentView]) -> None:
        check = sum(1 for one in documents if one.state is DocumentState.TO_CHECK)
        waiting = sum(1 for one in documents if one.state is DocumentState.WAITING)
        parts = [ngettext("{n} document", "{n} documents", len(documents)).format(n=len(documents))]
        if check:
            parts.append(ngettext("{n} to check", "{n} to check", check).format(n=check))
        if waiting:
            parts.append(ngettext("{n} unread", "{n} unread", waiting).format(n=waiting))
        self._counts.setText(' · '.join(parts))

    def _teach(self) -> None:
        number = self._case.number if self._case is not None else ''
        self.welcome.say(number, self._dealt_with, self.desk.settings.watch_folder)
        self.stack.setCurrentIndex(1)
        self.welcome.scan_button.setFocus()

    def choose(self, document_id: int) -> None:
        """Bring a document onto the bench."""
        if not self.pile.choose(document_id):
            self._open_document(document_id)
            return
        sheet = self.bench.sheet
        if sheet is None or sheet.document.id != document_id:
            self._load(document_id)

    def _walked_to(self, document_id: int) -> None:
        """The handler walks through the pile: the focus stays there."""
        self._walking = True
        self.choose(document_id)

    def step(self, by: int) -> None:
        """The next document of the pile, or the one before."""
        documents = self.model.documents
        row = self.model.row_of(self.pile.current_id()) + by
        if 0 <= row < len(documents):
            self.choose(documents[row].id)

    def skip(self) -> None:
        """Esc: leave this document as it is and go to the next one that has been read."""
        documents = self.model.documents
        row = self.model.row_of(self.pile.current_id())
        others = [*documents[row + 1 :], *documents[: max(row, 0)]]
        ready = [one for one in others if one.state is not DocumentState.WAITING] or others
        if ready:
            self.choose(ready[0].id)

    def escape(self) -> None:
        """Esc: first the marked place, then the document."""
        if not self.bench.pages.canvas.clear_selection():
            self.skip()

    def _load(self, document_id: int) -> None:
        ahead = self._ahead.pop(document_id, None)
        if ahead is not None:
            self._show(ahead)
            return
        desk = self.desk
        self.run(lambda _progress: load(desk, document_id), self._show, self._cannot_show, latest='sheet')

    def _show(self, sheet: Sheet) -> None:
        document = sheet.document
        if document.id != self.pile.current_id():
            return
        queued = self.mailroom.queue.waits(document.id)
        walking, self._walking = self._walking, False
        self.bench.show_sheet(sheet, self._case, queued=queued, focus=not walking and self.isVisible())
        self._look_ahead(document)

    def _look_ahead(self, document: DocumentView) -> None:
        """Fetch the next document, its reading and its picture, while this one is being checked."""
        following = _after(document, self.model.documents, [d for d in self.model.documents if d.id != document.id])
        if following is None or following.id in self._ahead or following.state is DocumentState.WAITING:
            return
        desk, document_id = self.desk, following.id
        self.run(
            lambda _progress: load(desk, document_id), self._came_ahead, lambda _error: None, latest='ahead'
        )

    def _came_ahead(self, sheet: Sheet) -> None:
        if _find(self.model.documents, sheet.document.id) == sheet.document:
            self._ahead[sheet.document.id] = sheet
            self.bench.pages.prepare(sheet.document)

    def _cannot_show(self, error: ClaimDeskError) -> None:
        self.bench.clear()
        self.show_error(error)
        self.refresh_list()

    # What the bench says

    def _finished(self, done: Confirmed) -> None:
        document = done.document
        self._dealt_with = True
        desk = self.desk
        self.shell.toast(
            _("{title} is in case {number}.").format(title=document.title, number=document.case_number),
            lambda: self.run(
                lambda _progress: desk.invoices.unconfirm(desk.signed_in, document.id, document.version),
                self._taken_back,
            ),
        )
        self.shell.status.emit(_("Saved"))
        if document.id == self._pinned:
            self._pinned = 0
        documents = self.model.documents
        left = [one for one in documents if one.id != document.id]
        following = _after(document, documents, left)
        self.pile.show_documents(left)
        if following is not None:
            self.choose(following.id)
        self.refresh_list()

    def _gone(self, error: ClaimDeskError) -> None:
        self.shell.toast(error.sentence)
        self._ahead.clear()
        self.bench.sheet = None
        self.refresh_list()

    def _taken_back(self, document: DocumentView) -> None:
        self.shell.toast(_("The confirmation is taken back."))
        self._wanted = document.id
        if self._case is None or document.case_id != self._case.case_id:
            self._open_document(document.id)
        else:
            self.refresh_list()

    # Cases

    def _open_case(self, case_id: int) -> None:
        desk = self.desk
        self._pinned = 0
        self.run(lambda _progress: desk.cases.page(desk.signed_in, case_id), self._case_came, latest='case')

    def _case_came(self, case: Any) -> None:
        self._dealt_with = False
        self._scope(Place(case.id, case.number, case.insured_name, case.plate, case.line, case.stage))
        self.refresh_list()

    def _open_document(self, document_id: int) -> None:
        desk = self.desk

        def work(_progress: Any) -> Sheet:
            return load(desk, document_id)

        self.run(work, self._document_came, latest='document')

    def _document_came(self, sheet: Sheet) -> None:
        self._wanted = self._pinned = sheet.document.id
        self._dealt_with = False
        self._scope(sheet.wanted.place if sheet.wanted is not None else None)
        self._ahead[sheet.document.id] = sheet
        self.refresh_list()

    def _scope(self, case: Place | None) -> None:
        self._case = case
        self._head.setText(_("Papers of {number}").format(number=case.number) if case is not None else _("Inbox"))
        self._case_line.setVisible(case is not None)

    def show_inbox(self) -> None:
        """Leave the case and show everything that waits."""
        self._scope(None)
        self._pinned = 0
        self._dealt_with = False
        self.refresh_list()

    def back_to_case(self) -> None:
        """Go back to the case that the papers belong to."""
        if self._case is not None:
            self.shell.open_case_at.emit(self._case.case_id, 'documents')

    # Reading

    def _reading_moved(self) -> None:
        self.model.touch()
        if self._listed:
            self.refresh_list()

    def _reading_stopped(self, left: int) -> None:
        self._held |= {one.id for one in self.model.documents if one.state is DocumentState.WAITING}
        self.banner.show_message(
            ngettext(
                "Reading was stopped; one document is not read.",
                "Reading was stopped; {n} documents are not read.", left,
            ).format(n=left),
            '', 'notice', _("Go on reading"), self._read_on,
        )  # fmt: skip
        sheet = self.bench.sheet
        if sheet is not None and sheet.document.id in self._held:
            self.bench.show_sheet(sheet, self._case)

    def _read_on(self) -> None:
        self._held.clear()
        self.refresh_list()

    def _read_this(self, engine: str) -> None:
        sheet = self.bench.sheet
        if sheet is not None:
            self._read([sheet.document], engine)

    def read_again(self, engine: str) -> None:
        """Read the selected documents again, with the chosen engine."""
        self._read(self.pile.selected(), engine)

    def _read(self, documents: Sequence[DocumentView], engine: str) -> None:
        wanted = [one.id for one in documents]
        self._held -= set(wanted)
        # What was read already is read again only when its engine is named.
        read = any(one.state is not DocumentState.WAITING for one in documents)
        self.mailroom.read(wanted, first=True, engine=AGAIN if engine == 'auto' and read else engine)

    # Pages

    def turn(self, degrees: int) -> None:
        """Turn the page in view, or the marked pages."""
        document = self._editable()
        if document is not None:
            pages = self.bench.pages
            marked = pages.strip.marked() if len(document.pages) > 1 else []
            positions = marked if pages.position in marked else [pages.position]
            self.edits.turn(document, positions, degrees)

    def _remove_pages(self, positions: list[int]) -> None:
        document = self._editable()
        if document is not None and positions:
            if len(positions) >= len(document.pages):
                self.edits.remove([document])
            else:
                self.edits.remove_pages(document, positions)

    def _split(self, at: int) -> None:
        document = self._editable()
        if document is not None and 0 < at < len(document.pages):
            self.edits.split(document, at)

    def _reorder(self, order: list[int]) -> None:
        document = self._editable()
        if document is not None:
            self.edits.reorder(document, order)

    def _move_page(self, by: int) -> None:
        document = self._editable()
        here = self.bench.pages.position
        if document is None or not 0 <= here + by < len(document.pages):
            return
        order = list(range(len(document.pages)))
        order.insert(here + by, order.pop(here))
        self.bench.pages.position = here + by
        self.edits.reorder(document, order)

    def _editable(self) -> DocumentView | None:
        sheet = self.bench.sheet
        return None if sheet is None or sheet.confirmed else sheet.document

    def merge(self) -> None:
        """Ctrl+M: make one document of the selected ones."""
        chosen = self.pile.selected()
        if len(chosen) > 1:
            self.edits.merge(chosen)

    def remove(self) -> None:
        """Delete: take the selected documents out of the pile."""
        chosen = [one for one in self.pile.selected() if one.state is not DocumentState.CONFIRMED]
        if chosen:
            self.edits.remove(chosen)

    def rename(self) -> None:
        """Ask for another title of the selected document."""
        chosen = self.pile.selected()
        if chosen:
            title = dialogs.ask_text(
                self, _("Rename the document"), '', _("Rename"), label=_("Title"), value=chosen[0].title
            )
            if title:
                self.edits.rename(chosen[0], title)

    def _edited(self, documents: list[DocumentView]) -> None:
        if any(one.removed for one in documents):
            self._ahead.clear()
        self.refresh_list()

    # Paper comes

    def _taken_in(self, taken: Taken) -> None:
        if taken.documents and self.bench.sheet is None:
            self._wanted = taken.documents[0].id
        self._dealt_with = False
        self.refresh_list()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is None and has_paper(event.mimeData()):
            event.acceptProposedAction()
            number = self._case.number if self._case is not None else ''
            self._veil.show_over(
                _("Let go to take it into case {number}").format(number=number) if number else _("Let go to take it in")
            )

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        if self.counter.take_data(event.mimeData(), 'drop'):
            event.acceptProposedAction()

    def _keep_splitter(self, name: str) -> None:
        QSettings().setValue(f'inbox/{name}', self._splitters[name].saveState())


def mailroom(desk: Desk, shell: Shell) -> Mailroom:
    """The mail room of this desk: the one that runs already, or a new one that only reads."""
    running = shell.findChild(Mailroom)
    return running if running is not None and running.serves(desk) else Mailroom(desk, shell)


def _find(documents: Sequence[DocumentView], document_id: int) -> DocumentView | None:
    return next((one for one in documents if one.id == document_id), None)


def _after(
    document: DocumentView | None, before: Sequence[DocumentView], left: Sequence[DocumentView]
) -> DocumentView | None:
    """Which of `left` comes after `document` in the order of `before`: ready ones first, from there on, then from the
    top."""
    ids = [one.id for one in before]
    at = ids.index(document.id) if document is not None and document.id in ids else -1
    behind = {one: place for place, one in enumerate(ids)}
    ranked = sorted(left, key=lambda one: behind.get(one.id, len(ids)) <= at)
    ready = [one for one in ranked if one.state is DocumentState.TO_CHECK]
    return next(iter(ready or ranked), None)
