"""The inbox: paper comes in from everywhere, waits on a pile, and is checked on the bench beside it."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _
from claimdesk.services.filing import Place
from claimdesk.services.inbox import InboxFilter, Pile
from claimdesk.services.invoices import Confirmed
from claimdesk.ui.mailroom import PAPER, Mailroom
from claimdesk.ui.page import Command, Page, Shell
from claimdesk.ui.pages.inbox.bench import Bench
from claimdesk.ui.pages.inbox.card_note import CardNote
from claimdesk.ui.pages.inbox.counter import Counter
from claimdesk.ui.pages.inbox.cover_dialog import choose_and_print
from claimdesk.ui.pages.inbox.holding import Holding
from claimdesk.ui.pages.inbox.keys import add_keys
from claimdesk.ui.pages.inbox.page_edits import PageEdits
from claimdesk.ui.pages.inbox.pictures import Pictures
from claimdesk.ui.pages.inbox.pile import PileModel, PileView
from claimdesk.ui.pages.inbox.pile_side import PileSide
from claimdesk.ui.pages.inbox.reader import Reader
from claimdesk.ui.pages.inbox.sheet import Sheet, load
from claimdesk.ui.pages.inbox.sheets import Sheets, after, find
from claimdesk.ui.pages.inbox.taking_in import Taken, has_paper
from claimdesk.ui.pages.inbox.tools import Tools
from claimdesk.ui.pages.inbox.walk import Walk
from claimdesk.ui.pages.inbox.welcome import DropVeil, Welcome
from claimdesk.ui.pages.photo_measuring import PhotoMeasuring
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.services.documents import DocumentView

PILE_WIDTH = 236
SHOWN_AT_ONCE = 200
"""So many documents come with each piece of the pile."""


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
        self._listed = False
        self._limit = SHOWN_AT_ONCE
        self.pictures = Pictures(desk, shell.tasks, self)
        self.model = PileModel(self.pictures)
        self.model.setParent(self)
        self.model.reading = lambda: self.mailroom.queue.reading
        self.model.queued = self.mailroom.queue.waits
        self.holding, self.walk = Holding(self), Walk(self)
        self.model.held_by = self.holding.holder
        self.model.more_wanted = self._show_more
        self.pile = PileView(self.model)
        self.bench = Bench(self, self.pictures)
        self.edits = PageEdits(self, self._edited)
        self.counter = Counter(self, lambda: self._case.case_id if self._case is not None else None, self._taken_in)
        self.sheets = Sheets(self, self.bench)
        self.card, self.photos = CardNote(self), PhotoMeasuring(self)
        self.reader = Reader(self, self.pile, self.bench, self.mailroom)
        self.side = PileSide(self.pile, self.counter, self.back_to_case, self.show_inbox, self.print_covers)
        self.tools = Tools(self, self.pile, self.bench, self.edits)
        counter = self.counter
        self.welcome = Welcome(
            counter.scan, counter.open_files, counter.paste, counter.choose_folder, self.back_to_case, self.show_inbox
        )
        self._veil = DropVeil(self)
        self._build()
        self._connect()
        add_keys(self)

    def _build(self) -> None:
        self.stack = QStackedWidget()
        work = QSplitter(Qt.Orientation.Horizontal)
        work.setChildrenCollapsible(False)
        work.addWidget(self.side)
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

    def _connect(self) -> None:
        pile, bench = self.pile, self.bench
        self.sheets.loaded.connect(self._show)
        self.sheets.failed.connect(self._cannot_show)
        self.reader.moved.connect(self._reading_moved)
        self.holding.answered.connect(self.walk.hold_answered)
        self.holding.changed.connect(self.model.touch)
        self.side.filter.changed.connect(self._filtered)
        pile.chosen.connect(self.walk.to)
        pile.entered_bench.connect(bench.begin)
        bench.finished.connect(self._finished)
        bench.finished.connect(self.card.confirmed)
        bench.finished.connect(self.photos.confirmed)
        bench.skipped.connect(self.walk.skip)
        bench.gone.connect(self._gone)
        bench.open_document.connect(self.choose)
        bench.taken_back.connect(self._taken_back)

    # What the window asks

    def opened(self) -> None:
        self.mailroom.warm()
        self.counter.offer_left()
        self.refresh_list()

    def arrive(self, arguments: Any) -> None:
        if arguments == 'scan':
            self.counter.scan()
        elif isinstance(arguments, dict) and 'document_id' in arguments:
            self.bench.checks.want(int(arguments['document_id']), str(arguments.get('finding', '')))
            self.bench.wanted.want(arguments)
            self._open_document(int(arguments['document_id']))
        elif isinstance(arguments, dict) and 'case_id' in arguments:
            self._open_case(int(arguments['case_id']))

    def changed(self, kinds: set[str], ids: set[int]) -> None:
        if kinds & PAPER and self._listed:
            self.refresh_list()

    def keep(self) -> Any:
        self.bench.draft.keep()
        sheet = self.bench.sheet
        return {
            'case': self._case, 'pinned': self._pinned, 'wanted': sheet.document.id if sheet else 0,
            'field': self.bench.form.current(),
        }  # fmt: skip

    def restore(self, kept: Any) -> None:
        self._scope(kept['case'])
        self._pinned, self._wanted = kept['pinned'], kept['wanted']

    def closing(self) -> None:
        self.bench.draft.keep()
        self.holding.close()
        self.shell.tasks.cancel_all(self.pictures)
        super().closing()

    def commands(self) -> list[Command]:
        return [
            Command(_("Scan documents"), self.counter.scan, 'scan-line', 'Ctrl+Shift+S'),
            Command(_("Open documents"), self.counter.open_files, 'folder-open', 'Ctrl+O'),
            Command(_("Paste a document"), self.counter.paste, 'clipboard-paste', 'Ctrl+V'),
            Command(_("Remove blank pages"), self.tools.remove_blank, 'file-stack', 'Ctrl+Shift+B'),
            Command(_("Print cover sheets"), self.print_covers, 'qr-code', 'Ctrl+Shift+P'),
            Command(_("Put the cut sheet together again"), self.tools.whole_sheet, 'layers'),
            Command(_("Read again"), lambda: self.reader.read_selected('auto'), 'refresh-cw'),
            Command(_("Read with Tesseract only"), lambda: self.reader.read_selected('tesseract'), 'scan-text'),
            Command(_("Read with RapidOCR only"), lambda: self.reader.read_selected('rapid'), 'scan-text'),
        ]

    # The pile

    def refresh_list(self) -> None:
        """Read the pile again, in the background."""
        desk, case, pinned = self.desk, self._case, self._pinned
        wanted, limit = self.side.filter.wanted(), self._limit

        def work(_progress: Any) -> Pile:
            actor = desk.signed_in
            if case is None:
                return desk.inbox.pile(actor, wanted, limit)
            papers = [
                one for one in desk.documents.of_case(actor, case.case_id)
                if one.state is not DocumentState.CONFIRMED or one.id == pinned
            ]  # fmt: skip
            return Pile(tuple(papers), len(papers), Counted(one.state for one in papers))

        self.run(work, self._show_list, latest='list')

    def _show_more(self) -> None:
        self._limit += SHOWN_AT_ONCE
        self.refresh_list()

    def _filtered(self) -> None:
        self._limit = SHOWN_AT_ONCE
        self.refresh_list()

    def _show_list(self, pile: Pile) -> None:
        self._listed = True
        documents = list(pile.documents)
        self.edits.note(documents)
        before = self.model.documents
        self.pile.show_documents(documents)
        self.sheets.keep_only(documents)
        self.reader.read_waiting(documents)
        self.model.total = pile.total
        if self._case is None:
            self.shell.badge.emit('inbox', sum(pile.counts.values()))
        self.side.count(pile)
        self._follow(documents, before)

    def _follow(self, documents: list[DocumentView], before: Sequence[DocumentView]) -> None:
        """Keep the bench on its document, or go to one that is there."""
        wanted, self._wanted = self._wanted, 0
        sheet = self.bench.sheet
        if wanted and (sheet is None or sheet.document.id != wanted) and find(documents, wanted) is not None:
            self.choose(wanted)
        elif sheet is not None and (same := find(documents, sheet.document.id)) is not None:
            self.pile.choose(same.id)
            if same != sheet.document:
                self.sheets.load(same.id)
            else:
                self.model.touch()
        elif documents:
            self.walk.go_on(sheet.document if sheet is not None else None, before, documents)
        else:
            self.bench.clear()
            self.holding.open(0)
            self._teach()
        if documents or self._narrowed():
            self.stack.setCurrentIndex(0)

    def _teach(self) -> None:
        number = self._case.number if self._case is not None else ''
        self.welcome.say(number, self._dealt_with, self.desk.settings.watch_folder)
        self.stack.setCurrentIndex(1)
        (self.welcome.back_button if number and self._dealt_with else self.welcome.scan_button).setFocus()

    def choose(self, document_id: int) -> None:
        """Bring a document onto the bench."""
        if not self.pile.choose(document_id):
            self._open_document(document_id)
            return
        sheet = self.bench.sheet
        if sheet is None or sheet.document.id != document_id:
            self.sheets.load(document_id)

    def _show(self, sheet: Sheet) -> None:
        document = sheet.document
        if document.id != self.pile.current_id():
            return
        by_hand, self.walk.by_hand = self.walk.by_hand, False
        queued = self.mailroom.queue.waits(document.id)
        self.bench.show_sheet(sheet, self._case, queued=queued, focus=not by_hand and self.isVisible())
        self.holding.open(0 if sheet.confirmed else document.id)
        documents = self.model.documents
        following = after(document, documents, self.walk.free([one for one in documents if one.id != document.id]))
        if following is not None:
            self.sheets.look_ahead(following)

    def _narrowed(self) -> bool:
        return self._case is None and self.side.filter.wanted() != InboxFilter()

    def print_covers(self) -> None:
        """Print cover sheets for the case in view, or for kinds of paper."""
        case = self._case
        choose_and_print(self, case.case_id if case is not None else None, case.number if case is not None else '')

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
        self.pile.show_documents(left)
        self.walk.go_on(document, documents, left)
        self.refresh_list()

    def _gone(self, error: ClaimDeskError) -> None:
        self.shell.toast(error.sentence)
        self.sheets.forget()
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
        self.sheets.keep(sheet)
        self.refresh_list()

    def _scope(self, case: Place | None) -> None:
        self._case = case
        self.side.show_case(case.number if case is not None else '')

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

    def _reading_moved(self) -> None:
        self.model.touch()
        if self._listed:
            self.refresh_list()

    # Paper comes

    def _edited(self, documents: list[DocumentView]) -> None:
        if any(one.removed for one in documents):
            self.sheets.forget()
        self.refresh_list()

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
