"""Documents tab: what the case needs and what is here; paper dropped, pasted, scanned; the one-time notice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.rules.permissions import Permission
from claimdesk.services.case_twins import CaseTwin
from claimdesk.services.checklist import ChecklistView
from claimdesk.services.context import Actor
from claimdesk.services.documents import DocumentView, NewFile
from claimdesk.services.letter_copies import SOURCE as LETTER
from claimdesk.services.notices import NoticeStanding
from claimdesk.services.paper_checks import FindingView
from claimdesk.ui import dialogs, theme
from claimdesk.ui.page import Command
from claimdesk.ui.pages.case.checklist_actions import ChecklistActions
from claimdesk.ui.pages.case.checklist_rows import ChecklistRow
from claimdesk.ui.pages.case.document_tiles import Thumbnails, Tile
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.file_tools import FileTools
from claimdesk.ui.pages.case.findings_card import FINDINGS, FindingsCard
from claimdesk.ui.pages.case.loss import LossTab
from claimdesk.ui.pages.case.notice import NoticeBar
from claimdesk.ui.pages.case.tab import CaseTab, card, why_not
from claimdesk.ui.pages.case.twins_card import TwinsCard
from claimdesk.ui.pages.photo_measuring import PhotoMeasuring
from claimdesk.ui.widgets import Busy, Button, PlainLabel, SectionHeader, clear, plain_tip, separator
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import ChecklistState, DocumentKind

if TYPE_CHECKING:
    from claimdesk.ui.pages.inbox.taking_in import Taken

Loaded = tuple[list[DocumentView], list[DocumentView], NoticeStanding, list[FindingView], list[CaseTwin]]


class DocumentsTab(CaseTab):
    """Files may be dropped anywhere on the tab."""

    name = 'documents'
    icon = 'file-stack'

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        self._file: CaseFile | None = None
        self._documents: list[DocumentView] = []
        self._seen: object = None
        self.setAcceptDrops(True)
        self.thumbnails = Thumbnails(page)
        self._busy = Busy(self, self._stop)
        self._ticket: Any = None
        self._why = PlainLabel('', 'note', wrap=True)
        self.notice = NoticeBar(page)
        self._measuring, self._photos = PhotoMeasuring(page), set[int]()
        self.findings, self.twins = FindingsCard(page), TwinsCard(page)
        self.column.addLayout(self._tools())
        self.column.addWidget(self._why)
        self.column.addWidget(self.notice)
        self.column.addWidget(self.findings)
        self.column.addWidget(self.twins)
        row = QHBoxLayout()
        row.setSpacing(theme.SPACE_16)
        self.checklist = ChecklistActions(page)
        self._list_head = SectionHeader(_("Documents needed"))
        self.verify_button = Button(_("Verify all that are here"), self.checklist.verify_all, icon='circle-check')
        self.add_button = Button(_("Ask for another…"), self.checklist.ask_for_another, icon='plus')
        for button in (self.verify_button, self.add_button):
            self._list_head.add(button)
        list_box, list_column = card(self._list_head, spacing=theme.SPACE_8)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.SPACE_8)
        list_column.addLayout(self._rows)
        left = QVBoxLayout()
        left.addWidget(list_box)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(theme.SPACE_16)
        self._loose_box, self._loose = self._tiles(right, _("Not yet filed under a needed document"))
        self._other_box, self._filed = self._tiles(right, _("Filed documents"))
        self._letters_box, self._letters = self._tiles(right, _("Letters that went out"))
        self._removed_box, self._removed = self._tiles(right, _("Removed"))
        self._drop_hint = PlainLabel(
            _("Drop files anywhere here, paste with Ctrl+V, or scan. Each file becomes one document."),
            'secondary',
            wrap=True,
        )
        right.addWidget(self._drop_hint)
        right.addStretch(1)
        row.addLayout(left, 3)
        row.addLayout(right, 2)
        self.column.addLayout(row)
        self.column.addStretch(1)
        page.add_key('Ctrl+V', self.paste, _("Paste a document"))

    def _tools(self) -> QHBoxLayout:
        tools = QHBoxLayout()
        tools.setSpacing(theme.SPACE_8)
        self.open_button = Button(_("Add files…"), self.choose, icon='upload')
        self.paste_button = Button(_("Paste"), self.paste, icon='clipboard-paste', tip=_("Paste a document (Ctrl+V)"))
        self.scan_button = Button(_("Scan"), self.scan, icon='scan-line', tip=_("Scan into this case"))
        self.cover_button = Button(_("Cover sheets…"), self.print_covers, icon='qr-code')
        for button in (self.open_button, self.paste_button, self.scan_button, self.cover_button):
            tools.addWidget(button)
        tools.addStretch(1)
        self.file_tools = FileTools(self.page)
        tools.addWidget(self.file_tools)
        return tools

    def _tiles(self, column: QVBoxLayout, title: str) -> tuple[QWidget, FlowLayout]:
        box, inner = card(SectionHeader(title), spacing=theme.SPACE_8)
        holder = QWidget()
        flow = FlowLayout(holder)
        inner.addWidget(holder)
        column.addWidget(box)
        return box, flow

    @staticmethod
    def heading(file: CaseFile) -> str:
        here, needed = file.documents_here
        words = _("Documents {here}/{needed}").format(here=here, needed=needed)
        if not file.open_findings:
            return words
        return _("{part} · {count} to look at").format(part=words, count=file.open_findings)

    def commands(self) -> list[Command]:
        found = self.file_tools.commands()
        if not self.open_button.isEnabled():
            return found
        return [
            Command(_("Add files to this case"), self.choose, 'upload'),
            Command(_("Scan into this case"), self.scan, 'scan-line'),
            *found,
        ]

    def load(self, actor: Actor, case_id: int) -> Loaded:
        return (
            self.desk.documents.of_case(actor, case_id),
            self.desk.documents.removed_of_case(actor, case_id),
            self.desk.notices.standing(actor, case_id),
            self.desk.paper_checks.of_case(actor, case_id),
            self.desk.case_twins.of_case(actor, case_id),
        )

    def show_case(self, file: CaseFile, loaded: Any) -> None:
        documents, removed, standing, findings, twins = loaded
        self._file, self._documents = file, documents
        self._measure_photos(documents)
        why = why_not(file, Permission.ATTACH_DOCUMENTS)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        for button in (self.open_button, self.paste_button, self.scan_button):
            button.setEnabled(not why)
            if why:
                button.setToolTip(plain_tip(why))
        self._drop_hint.setVisible(not why)
        self.notice.show_case(file, standing)
        self.findings.show_case(file, findings)
        self.twins.show_found(twins)
        here, needed = file.documents_here
        self._list_head.set_note(_("{here} of {needed} required ones are here").format(here=here, needed=needed))
        judges = not why_not(file, Permission.VERIFY_DOCUMENTS)
        self.add_button.setVisible(judges)
        self.verify_button.setVisible(judges and any(one.state is ChecklistState.RECEIVED for one in file.checklist))
        seen = (file.checklist, documents, removed, file.closed)
        if seen == self._seen:
            return
        self._seen = seen
        self._show_rows(file)
        codes = {item.code for item in file.checklist}
        letters = [document for document in documents if document.source == LETTER]
        loose = [one for one in documents if one.checklist_code not in codes and one.source != LETTER]
        filed = [document for document in documents if document.checklist_code in codes]
        self._show_tiles(self._loose_box, self._loose, loose, editable=not why)
        self._show_tiles(self._other_box, self._filed, filed, editable=not why)
        self._show_tiles(self._letters_box, self._letters, letters, editable=not why)
        self._show_tiles(self._removed_box, self._removed, removed, editable=not why)

    def _show_rows(self, file: CaseFile) -> None:
        focused = self._focused_code()
        clear(self._rows)
        for place, item in enumerate(file.checklist):
            if place:
                self._rows.addWidget(separator())
            row = ChecklistRow(self, item, file)
            self._rows.addWidget(row)
            if item.code == focused:
                row.focus()
        if not file.checklist:
            self._rows.addWidget(PlainLabel(_("This case needs no documents."), 'secondary'))

    def _focused_code(self) -> str:
        widget = QApplication.focusWidget()
        while widget is not None and not isinstance(widget, ChecklistRow):
            widget = widget.parentWidget()
        return widget.item.code if widget is not None else ''

    def _show_tiles(self, box: QWidget, flow: FlowLayout, documents: Sequence[DocumentView], *, editable: bool) -> None:
        while (item := flow.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        for document in documents:
            flow.addWidget(Tile(self, document, editable=editable))
        box.setVisible(bool(documents))
        box.updateGeometry()

    def _measure_photos(self, documents: list[DocumentView]) -> None:
        """Each photo once; the loss tab shows how far it is where that is at it already."""
        new = {one.id for one in documents if one.kind is DocumentKind.PHOTO} - self._photos
        loss = self.page.tabs.get('loss')
        if new and not (isinstance(loss, LossTab) and loss.photos.measuring):
            self._photos |= new
            self._measuring.look(self.page.case_id)

    def focus_part(self, part: str) -> None:
        if part == FINDINGS:
            self.findings.focus()
            self.ensureWidgetVisible(self.findings, 0, 0)
            return
        rows = [self._rows.itemAt(at).widget() for at in range(self._rows.count())]
        first = next((row for row in rows if isinstance(row, ChecklistRow)), None)
        if first is not None:
            first.focus()
            self.ensureWidgetVisible(first)

    # Taking paper in

    def choose(self) -> None:
        """Choose files to add."""
        from claimdesk.ui.pages.inbox.taking_in import FILTER

        papers, everything = _("Documents"), _("All files")
        kinds = f'{papers} ({FILTER});;{everything} (*)'
        paths = dialogs.open_files(self, _("Add files to this case"), kinds)
        if paths:
            self.add_files(paths, 'open')

    def scan(self) -> None:
        """Scan into this case."""
        self.page.shell.navigate_to.emit('inbox', {'case_id': self.page.case_id})

    def print_covers(self) -> None:
        """Print cover sheets that file in this case what is scanned behind them."""
        from claimdesk.ui.pages.inbox.cover_dialog import choose_and_print

        case = self.page.file.case if self.page.file is not None else None
        choose_and_print(self.page, self.page.case_id, case.number if case is not None else '')

    def paste(self) -> None:
        """Take what is on the clipboard: files, or a picture."""
        if self.page.front_tab is not self or not self.open_button.isEnabled():
            return
        from claimdesk.ui.pages.inbox.taking_in import files_of, picture_of

        mime = QGuiApplication.clipboard().mimeData()
        paths = files_of(mime)
        picture = None if paths else picture_of(mime)
        if paths:
            self.add_files(paths, 'paste')
        elif picture is not None:
            self._add((), 'paste', (picture,))
        else:
            self.page.banner.show_message(_("There is no file and no picture on the clipboard."))

    def add_files(self, paths: Sequence[Path], origin: str) -> None:
        """Read files, folders and ZIP files in the background and keep their papers in the case."""
        self._add(tuple(paths), origin)

    def _add(self, paths: Sequence[Path], origin: str, more: Sequence[NewFile] = ()) -> None:
        from claimdesk.ui.pages.inbox import taking_in

        desk, case_id, key = self.desk, self.page.case_id, taking_in.new_key()

        def work(progress: Progress) -> Taken:
            found = taking_in.find_files(paths, progress)
            taken = taking_in.take_in(desk, [*found.paths, *more], case_id, origin, key, progress)
            left_out = taking_in.left_out_words(found.left_out)
            return replace(taken, problems=(*taken.problems, *([left_out] if left_out else [])))

        self._busy.say(_("Adding documents"), 0, len(paths) + len(more))
        self._ticket = self.page.run(
            work, self._added, self._not_added, self._say_progress, title=_("Adding documents")
        )

    def _say_progress(self, done: int, total: int, sentence: str) -> None:
        self._busy.say(_("Adding {name}").format(name=sentence), done, total)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
        self._busy.stop()

    def _added(self, taken: Taken) -> None:
        self._busy.stop()
        added = list(taken.documents)
        if taken.problems:
            self.page.banner.show_message(taken.problems[0], '\n'.join(taken.problems[1:4]), 'warning')
        if not added:
            return
        words = ngettext("{count} document is added.", "{count} documents are added.", len(added))
        self.page.shell.toast(words.format(count=len(added)), partial(self._take_out, added))
        self.page.reload()
        self.page.shell.refresh.emit()

    def _not_added(self, error: ClaimDeskError) -> None:
        self._busy.stop()
        self.page.show_error(error)

    def _take_out(self, added: Sequence[DocumentView]) -> None:
        documents = self.desk.documents

        def work(actor: Actor) -> None:
            for document in added:
                documents.remove(actor, document.id, document.version)

        self.page.saving.act(work, _("The documents are removed again."))

    # One document

    def open_document(self, document_id: int) -> None:
        """Open the document on the verification bench."""
        self.page.shell.navigate_to.emit('inbox', {'document_id': document_id})

    def file_under(self, document: DocumentView, code: str) -> None:
        """File a document under a needed one ('' takes it out from under it)."""
        documents, case_id = self.desk.documents, self.page.case_id
        before = document.checklist_code
        self.page.saving.act(
            lambda actor: documents.attach(actor, document.id, document.version, case_id, code),
            _("Filed: {name}").format(name=document.title),
            undo=lambda now: partial(self.file_under, now, before),
        )

    def needed(self) -> list[ChecklistView]:
        """The needed documents, for a menu."""
        return list(self._file.checklist) if self._file is not None else []

    def rename(self, document: DocumentView) -> None:
        """Name a document differently."""
        title = dialogs.ask_reason(self, _("Rename the document"), document.title, _("Rename"), label=_("Title"))
        if title:
            documents = self.desk.documents
            self.page.saving.act(
                lambda actor: documents.set_title(actor, document.id, document.version, title), _("Renamed.")
            )

    def remove(self, document: DocumentView) -> None:
        """Take a document out of the case; it can be brought back."""
        documents = self.desk.documents
        self.page.saving.act(
            lambda actor: documents.remove(actor, document.id, document.version),
            _("Removed: {name}").format(name=document.title),
            undo=lambda gone: partial(self.restore, gone),
        )

    def restore(self, document: DocumentView) -> None:
        """Bring a removed document back."""
        documents = self.desk.documents
        self.page.saving.act(
            lambda actor: documents.restore(actor, document.id, document.version),
            _("Brought back: {name}").format(name=document.title),
        )

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.open_button.isEnabled() and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._light(True)

    def dragLeaveEvent(self, event: Any) -> None:
        self._light(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self._light(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.add_files(paths, 'drop')

    def _light(self, lit: bool) -> None:
        self.content.setProperty('surface', 'sunken' if lit else 'page')
        theme.restyle(self.content)
