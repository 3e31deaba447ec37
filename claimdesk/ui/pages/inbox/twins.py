"""Looks whether the paper on the bench was used before, as soon as it is shown and whenever its values change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from claimdesk.forms import invoice_values
from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.duplicates import Duplicate
from claimdesk.ui import dialogs

if TYPE_CHECKING:
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.form import FormPane
    from claimdesk.ui.pages.inbox.sheet import Sheet


class Twins(QObject):
    """Fills the note about duplicates. `changed` when both copies are kept, `open_document` with the other one's id."""

    changed = Signal()
    open_document = Signal(int)

    def __init__(self, page: Page, form: FormPane) -> None:
        super().__init__(form)
        self._page = page
        self._form = form
        self._shown = 0
        form.duplicates.open_wanted.connect(self._open)
        form.duplicates.keep_wanted.connect(self.keep_both)

    def look(self, sheet: Sheet | None) -> None:
        """Ask the office, in the background."""
        if sheet is None or sheet.confirmed:
            self._shown = 0
            return
        desk, document = self._page.desk, sheet.document
        self._shown = document.id
        values = invoice_values(self._form.chosen_kind(), self._form.values()) if self._form.is_invoice else {}
        hashes = [page.sha256 for page in document.pages]
        self._page.run(
            lambda _progress: desk.invoices.duplicates(desk.signed_in, values, hashes, document.id),
            lambda found: self._show(document.id, found), lambda _error: None, latest='duplicates',
        )  # fmt: skip

    def keep_both(self) -> None:
        """Ctrl+D: keep this copy beside the other one, with a reason."""
        note = self._form.duplicates
        if not any(one.blocking for one in note.found):
            return
        if not self._page.desk.signed_in.may(Permission.ACCEPT_DUPLICATE):
            self._form.notice.show_message(_("An approver or a manager may keep both copies."), '', 'warning')
            return
        reason = dialogs.ask_reason(
            self._page, _("Keep both copies?"), note.sentence, _("Keep both"),
            suggestions=(_("The amount is shared between two cases"), _("The first copy was filed in the wrong case")),
        )  # fmt: skip
        if reason:
            note.keep_for(reason)
            self._form.notice.clear()
            self.changed.emit()

    def _show(self, document_id: int, found: list[Duplicate]) -> None:
        if self._shown == document_id:
            may = self._page.desk.signed_in.may(Permission.ACCEPT_DUPLICATE)
            self._form.duplicates.show_found(found, may_keep=may)

    def _open(self, twin: Duplicate) -> None:
        if twin.case_id is not None:
            self._page.shell.open_case_at.emit(twin.case_id, 'documents')
        else:
            self.open_document.emit(twin.document_id)
