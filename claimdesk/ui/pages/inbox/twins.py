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
    """Fills the note about duplicates.

    `changed` when both copies are kept, `open_document` with the other one's id, `remove_document` when this copy is
    one too many.
    """

    changed = Signal()
    open_document = Signal(int)
    remove_document = Signal()

    def __init__(self, page: Page, form: FormPane) -> None:
        super().__init__(form)
        self._page = page
        self._form = form
        self._sheet: Sheet | None = None
        form.duplicates.open_wanted.connect(self._open)
        form.duplicates.compare_wanted.connect(self._compare)
        form.duplicates.keep_wanted.connect(self.keep_both)
        form.duplicates.remove_wanted.connect(self.remove_document)

    def look(self, sheet: Sheet | None) -> None:
        """Ask the office, in the background."""
        self._sheet = sheet
        if sheet is None:
            return
        desk, document = self._page.desk, sheet.document
        values = invoice_values(self._form.chosen_kind(), self._form.values())
        hashes = [page.sha256 for page in document.pages]
        self._page.run(
            lambda _progress: desk.invoices.duplicates(desk.signed_in, values, hashes, document.id),
            lambda found: self._show(document.id, found), lambda _error: None, latest='duplicates',
        )  # fmt: skip

    def keep_both(self) -> None:
        """Ctrl+D: keep this copy beside the other one, with a reason."""
        note = self._form.duplicates
        if self._sheet is None or self._sheet.confirmed or not any(one.blocking for one in note.found):
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

    def compare(self) -> None:
        """F6: see this paper beside the one that it seems to be."""
        self._form.duplicates.compare_first()

    def _show(self, document_id: int, found: list[Duplicate]) -> None:
        if self._sheet is not None and self._sheet.document.id == document_id:
            may = self._page.desk.signed_in.may(Permission.ACCEPT_DUPLICATE)
            self._form.duplicates.show_found(found, may_keep=may, only_said=self._sheet.confirmed)

    def _open(self, twin: Duplicate) -> None:
        if twin.case_id is not None:
            self._page.shell.open_case_at.emit(twin.case_id, 'documents')
        else:
            self.open_document.emit(twin.document_id)

    def _compare(self, twin: Duplicate) -> None:
        from claimdesk.ui.pages.inbox.compare import CompareDialog

        if self._sheet is None:
            return
        dialog = CompareDialog(self._page, self._sheet.document, self._form.values(), twin)
        if dialog.run():
            self._open(twin)
        dialog.deleteLater()
