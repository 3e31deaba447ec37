"""The verification bench: the page on the left, its fields on the right, confirmed by keyboard, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput, NotFound
from claimdesk.language import _, ngettext
from claimdesk.rules.permissions import Permission
from claimdesk.services.filing import Place
from claimdesk.services.invoices import Confirmed
from claimdesk.services.reading_view import FieldView
from claimdesk.ui import text
from claimdesk.ui.later import later
from claimdesk.ui.pages.inbox.canvas import Spot
from claimdesk.ui.pages.inbox.case_checks import CaseChecks
from claimdesk.ui.pages.inbox.case_finder import CaseFinder
from claimdesk.ui.pages.inbox.foot import Foot
from claimdesk.ui.pages.inbox.form import FormPane
from claimdesk.ui.pages.inbox.page_pane import PagePane
from claimdesk.ui.pages.inbox.pictures import Pictures
from claimdesk.ui.pages.inbox.sheet import Sheet
from claimdesk.ui.pages.inbox.sheet_draft import SheetDraft
from claimdesk.ui.pages.inbox.twins import Twins
from claimdesk.ui.pages.inbox.wanted_place import WantedPlace
from claimdesk.ui.widgets import Skeleton
from claimdesk.vocabulary import DocumentState

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.page import Page

COMPARED_AFTER_MS = 250


class Bench(QWidget):
    """Shows one `Sheet`.

    `shown` when another one (or none) is, `finished` with what confirming it did, `skipped` on Esc, `gone` when another
    desk was faster, `read_wanted` to have it read (again), `unlock_wanted` to open a protected PDF, `open_document`
    with the id of another one to look at.
    """

    shown = Signal()
    finished = Signal(object)
    skipped = Signal()
    gone = Signal(object)
    read_wanted = Signal(str)
    unlock_wanted = Signal()
    open_document = Signal(int)
    taken_back = Signal(object)

    def __init__(self, page: Page, pictures: Pictures) -> None:
        super().__init__(page)
        self._page = page
        self._busy = False
        self._restoring = False
        self.held_by = ''
        self.sheet: Sheet | None = None
        self.pages = PagePane(pictures)
        self.form = FormPane()
        self.finder = CaseFinder(page, self.form)
        self.twins = Twins(page, self.form)
        self.checks = CaseChecks(page, self)
        self.wanted = WantedPlace(self)
        self.draft = SheetDraft(self)
        right = QWidget()
        right.setMinimumWidth(440)
        right.setMaximumWidth(760)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.form, 1)
        self.foot = Foot(self.confirm, self.skipped.emit, self.take_back)
        column.addWidget(self.foot)
        self.confirm_button, self.back_button = self.foot.confirm_button, self.foot.back_button
        self.skip_button = self.foot.skip_button
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(self.pages)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 5)
        self.splitter.setStretchFactor(1, 4)
        self.splitter.setSizes([540, 516])
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.splitter)
        self._skeleton = Skeleton(self.form.middle)
        self._compare_timer = later(self, COMPARED_AFTER_MS, self._compare)
        self._connect()

    def _connect(self) -> None:
        form, filing = self.form, self.form.filing
        form.entered.connect(self._entered)
        form.confirmed.connect(self.confirm_field)
        form.edited.connect(self._edited)
        form.kind_chosen.connect(self._kind_chosen)
        filing.settled.connect(self.next_unsure)
        self.finder.changed.connect(self._edited)
        self.twins.changed.connect(self._edited)
        self.twins.open_document.connect(self.open_document)
        self.pages.page_shown.connect(lambda _position: self._light(approach=False))
        self.pages.canvas.marked.connect(lambda _box: self._hint())
        self.pages.canvas.spot_clicked.connect(form.go_to)

    # What is shown

    def show_sheet(self, sheet: Sheet, place: Place | None = None, *, queued: bool = False, focus: bool = True) -> None:
        """Show a document; `place` is the case that the handler came from, `queued` says that it will be read."""
        same = self.sheet is not None and self.sheet.document.id == sheet.document.id
        edits = self.form.edits() if same else None
        current, position = (self.form.current(), self.pages.position) if same else ('', 0)
        before = self.form.filing.place if same and not self.form.filing.suggested else None
        if not same:
            self.draft.keep()
        self.draft.forget_edits()
        self.sheet, self._restoring = sheet, True
        if not same:
            self.held_by = ''
            self._set_busy(self._busy)
        document = sheet.document
        self.form.notice.clear()
        self.form.show_sheet(sheet, self._page.desk.context.today())
        self.finder.begin(sheet, place, before)
        self.pages.show_document(document, min(position, len(document.pages) - 1), editable=not sheet.confirmed)
        if not sheet.confirmed:
            self.draft.put_back(sheet, edits)
        self._restoring = False
        waiting = document.state is DocumentState.WAITING and sheet.reading is None
        self._skeleton.start() if waiting and queued else self._skeleton.stop()
        self._say_state(sheet, queued)
        may_confirm = self._page.desk.signed_in.may(Permission.CONFIRM_READING)
        self.foot.show_for(confirmed=sheet.confirmed, may_confirm=may_confirm)
        self._order()
        self._hint()
        self._compare()
        self._light(approach=False)
        if current:
            self.form.go_to(current)
        elif focus and not waiting:
            self.begin()
        self.wanted.came(document.id)
        self.shown.emit()

    def say_held(self, name: str) -> None:
        """Another person (or nobody: '') checks this document: it can be looked at, not confirmed."""
        if name == self.held_by or self.sheet is None or self.sheet.confirmed:
            return
        self.held_by = name
        self._set_busy(self._busy)
        self.form.notice.clear()
        self._say_state(self.sheet, queued=True)

    def clear(self) -> None:
        """Show nothing."""
        self.draft.keep()
        self.sheet = None
        self.form.forget()
        self.pages.show_document(None)
        self.shown.emit()

    def begin(self) -> None:
        """Put the focus where the work begins: the first unsure field."""
        if self.sheet is None or self.sheet.confirmed:
            self.setFocus()
            return
        self.next_unsure(first=True)

    def _say_state(self, sheet: Sheet, queued: bool) -> None:
        document, notice = sheet.document, self.form.notice
        if self.held_by:
            notice.show_message(_("{name} is checking this document.").format(name=self.held_by), '', 'notice')
        elif sheet.confirmed:
            who = _("Confirmed by {name}, {time}").format(
                name=document.confirmed_by or '–', time=text.moment(document.confirmed_at)
            )
            notice.show_message(who, '', 'success')
        elif sheet.locked:
            notice.show_message(
                _("The PDF is protected by a password."), _("Hospitals and banks say in their mail which one it is."),
                'notice', _("Enter the password…"), self.unlock_wanted.emit,
            )  # fmt: skip
        elif document.state is DocumentState.UNREADABLE:
            notice.show_message(
                document.problem or _("This document cannot be read."),
                _("Choose its kind and enter the fields by hand, or remove it."),
                'error', _("Read again"), lambda: self.read_wanted.emit('auto'),
            )  # fmt: skip
        elif document.state is DocumentState.WAITING and sheet.reading is None and not queued:
            notice.show_message(
                _("This document has not been read."), '', 'notice', _("Read it now"),
                lambda: self.read_wanted.emit('auto'),
            )  # fmt: skip
        elif document.cover:
            notice.show_message(document.cover, '', 'notice')

    def _order(self) -> None:
        QWidget.setTabOrder(self.form.filing.loss, self.confirm_button)
        QWidget.setTabOrder(self.confirm_button, self.skip_button)

    def _hint(self) -> None:
        if self.sheet is None or self.sheet.confirmed:
            self.foot.hint('')
        elif self.pages.canvas.selection() is not None:
            self.foot.hint(_("F2 reads the marked place into the field"))
        else:
            self.foot.hint(_("Enter confirms · Tab next · F3 next unsure · F2 re-read"))

    # The flow

    def confirm_field(self, name: str) -> None:
        """Enter: this field is right; go on to the next unsure one."""
        if self.form.say_right(name):
            self._edited()
            self.next_unsure(after=name)

    def next_unsure(self, *, after: str = '', first: bool = False) -> None:
        """Go to the next field that needs a look, then to the case, then to the button that confirms."""
        if self.sheet is None or self.sheet.confirmed:
            return
        waiting, names = self.form.open_fields(), list(self.form.rows)
        here = after or self.form.current()
        behind = [name for name in waiting if here in names and names.index(name) > names.index(here)]
        if waiting:
            self.form.go_to((behind or waiting)[0])
        elif self.form.filing.place is None or self.form.filing.suggested:
            self.form.filing.case.setFocus(Qt.FocusReason.TabFocusReason)
        elif first and not self.form.rows and not self.form.title.isReadOnly():
            self.form.title.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.confirm_button.setFocus(Qt.FocusReason.TabFocusReason)

    def confirm(self) -> None:
        """Ctrl+Enter: keep the document as it stands, if everything has been looked at."""
        sheet = self.sheet
        if sheet is None or sheet.confirmed or self._busy:
            return
        form, desk = self.form, self._page.desk
        problem, place, document = self._not_yet(), form.filing.place, sheet.document
        if problem or place is None:
            form.notice.show_message(problem, '', 'warning')
            return
        actor, kind, values, items = desk.signed_in, form.chosen_kind(), form.values(), form.items.lines()
        code, loss, reason = form.filing.checklist_code(), form.filing.loss_kind(), form.duplicates.reason
        title, invoice = form.title.text().strip(), form.is_invoice

        def work(_progress: Any) -> Confirmed:
            if invoice:
                return desk.invoices.confirm(
                    actor, document.id, document.version, place.case_id, kind, values, items, reason, code, loss
                )
            return desk.invoices.confirm_other(
                actor, document.id, document.version, place.case_id, kind, title, code, values, items
            )

        self._set_busy(True)
        self._page.run(work, lambda done: self._confirmed(done, place), self._refused)

    def _not_yet(self) -> str:
        """Why it cannot be confirmed yet, with the focus put there; '' if it can."""
        form = self.form
        if self.held_by:
            return _("{name} is checking this document.").format(name=self.held_by)
        waiting = form.open_fields()
        if waiting:
            form.go_to(waiting[0])
            return ngettext(
                "One field has not been looked at.", "{n} fields have not been looked at.", len(waiting)
            ).format(n=len(waiting))
        if form.filing.place is None or form.filing.suggested:
            form.filing.case.setFocus(Qt.FocusReason.TabFocusReason)
            if form.filing.place is None:
                return _("Say to which case this belongs.")
            return _("Look at the suggested case; Enter accepts it.")
        if form.duplicates.blocking:
            return _("This paper was used before: see the note above. Ctrl+D keeps both with a reason.")
        return ''

    def _confirmed(self, done: Confirmed, place: Place) -> None:
        self._set_busy(False)
        self.draft.drop(done.document)
        self.finder.last = place
        self.sheet = None
        self.finished.emit(done)

    def _refused(self, error: ClaimDeskError) -> None:
        self._set_busy(False)
        if isinstance(error, Conflict | NotFound):
            self.gone.emit(error)
            return
        if isinstance(error, InvalidInput) and error.fields:
            shown = self.form.show_problems(error.fields)
            others = [words for name, words in error.fields.items() if name not in self.form.rows]
            self.form.notice.show_message(error.sentence, ' '.join(others) or error.advice, 'warning')
            if shown:
                self._compare()
            return
        self.form.notice.show_error(error)

    def take_back(self) -> None:
        """Take a confirmation back, so that the document can be corrected."""
        sheet = self.sheet
        if sheet is None or not sheet.confirmed or self._busy:
            return
        desk, document = self._page.desk, sheet.document
        self._set_busy(True)
        self._page.run(
            lambda _progress: desk.invoices.unconfirm(desk.signed_in, document.id, document.version),
            self._came_back, self._refused,
        )  # fmt: skip

    def _came_back(self, document: DocumentView) -> None:
        self._set_busy(False)
        self.taken_back.emit(document)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.foot.set_busy(busy or bool(self.held_by))

    # Fields and their places

    def _entered(self, name: str) -> None:
        field = self.form.rows[name].read
        if field.box is not None and field.page != self.pages.position:
            self.pages.go_to(field.page)
        self._light(approach=True)

    def _light(self, *, approach: bool) -> None:
        name = self.form.current()
        spots = [
            Spot(row.name, row.read.box, 'accent' if row.name == name else 'orange' if row.open else 'green')
            for row in self.form.rows.values()
            if row.read.box is not None and row.read.page == self.pages.position
        ]
        self.pages.light(spots, name, approach=approach)

    def reread(self) -> None:
        """F2: read the marked place, or the field's own, again into the field in focus."""
        sheet, name = self.sheet, self.form.current()
        if sheet is None or sheet.confirmed:
            return
        if not name:
            self.form.notice.show_message(_("Put the focus into the field that shall be read again."), '', 'notice')
            return
        row = self.form.rows[name]
        box = self.pages.canvas.selection() or (row.read.box if row.read.page == self.pages.position else None)
        if box is None:
            self.form.notice.show_message(
                _("Mark its place on the page with the mouse, then press F2."),
                '', 'notice',
            )  # fmt: skip
            return
        desk, document, position = self._page.desk, sheet.document, self.pages.position
        self._page.run(
            lambda _progress: desk.readings.reread(desk.signed_in, document.id, position, box, name),
            lambda again: self._reread(document.id, name, again),
            self.form.notice.show_error, latest='reread', title=_("Reading the place again"),
        )  # fmt: skip

    def _reread(self, document_id: int, name: str, again: FieldView) -> None:
        if self.sheet is None or self.sheet.document.id != document_id or name not in self.form.rows:
            return
        self.pages.canvas.clear_selection()
        if not again.value:
            self.form.notice.show_message(_("Nothing could be read at this place."), again.reason, 'notice')
            return
        self.form.notice.clear()
        self.form.rows[name].take_reading(again)
        self._edited()
        self._light(approach=False)
        self._hint()

    def _kind_chosen(self) -> None:
        self._order()
        self.finder.look_again()
        self._compare()

    def _compare(self) -> None:
        self.twins.look(self.sheet)
        self.checks.look(self.sheet)

    def _edited(self) -> None:
        if self._restoring or self.sheet is None:
            return
        self.draft.edited()
        self._compare_timer.start()
