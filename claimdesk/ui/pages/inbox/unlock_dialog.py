"""Asking for the password of a protected PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.widgets import FormGrid, PasswordEdit, required

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.page import Page


class UnlockDialog(Dialog):
    """Shows itself with `run`; `opened` is then the document with its pages. A wrong password keeps it open."""

    def __init__(self, page: Page, document: DocumentView) -> None:
        super().__init__(
            page.window(), _("Open the protected PDF"),
            _("A copy without the password is filed beside the file that came. The password is not kept."), _("Open"),
        )  # fmt: skip
        self._page, self._document = page, document
        self.opened: DocumentView | None = None
        self.password = PasswordEdit()
        self.form = FormGrid(1)
        self.form.add('password', _("Password of the PDF"), self.password, check=required(self.password.text))
        self.column.addWidget(self.form)
        self.password.setFocus()
        self.accept_if = self._submit

    def _submit(self) -> str | None:
        if not self.form.check():
            return None
        desk, document, password = self._page.desk, self._document, self.password.text()
        self.banner.clear()
        self.ok_button.setEnabled(False)
        self._page.shell.tasks.run(
            self,
            lambda _progress: desk.page_copies.unlock(desk.signed_in, document.id, document.version, password),
            self._done, self._failed,
        )  # fmt: skip
        return None

    def _done(self, document: DocumentView) -> None:
        self.opened = document
        self.accept()

    def _failed(self, error: ClaimDeskError) -> None:
        self.ok_button.setEnabled(True)
        self.password.selectAll()
        self.password.setFocus()
        if not isinstance(error, InvalidInput) or not error.fields or self.form.show_errors(error.fields):
            self.banner.show_error(error)
