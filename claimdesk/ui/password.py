"""Changing one's own password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import _
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Shell
from claimdesk.ui.widgets import FormGrid, PasswordEdit, required

if TYPE_CHECKING:
    from claimdesk.app import Desk


class PasswordDialog(Dialog):
    """Old password, new one twice; the check runs in the background because it is slow on purpose."""

    def __init__(self, parent: QWidget, shell: Shell, desk: Desk) -> None:
        super().__init__(parent, _("Change password"), '', _("Change password"))
        self._shell, self._desk = shell, desk
        self.old, self.new, self.again = PasswordEdit(), PasswordEdit(), PasswordEdit()
        self.form = FormGrid(1)
        self.form.add('old', _("Old password"), self.old, check=required(self.old.text))
        self.form.add('password', _("New password"), self.new, check=required(self.new.text))
        self.form.add('again', _("New password again"), self.again, check=self._same)
        self.column.addWidget(self.form)
        self.accept_if = self._submit

    def _same(self) -> str:
        return '' if self.new.text() == self.again.text() else _("The two passwords differ.")

    def _submit(self) -> str | None:
        if not self.form.check():
            return None
        actor, old, new = self._desk.signed_in, self.old.text(), self.new.text()
        self.banner.clear()
        self.ok_button.setEnabled(False)
        self._shell.tasks.run(
            self, lambda _progress: self._desk.accounts.change_password(actor, old, new), self._done, self._failed
        )
        return None

    def _done(self, _nothing: object) -> None:
        self._shell.toast(_("Your password is changed."))
        self.accept()

    def _failed(self, error: ClaimDeskError) -> None:
        self.ok_button.setEnabled(True)
        if not isinstance(error, InvalidInput) or not error.fields or self.form.show_errors(error.fields):
            self.banner.show_error(error)


def change_password(parent: QWidget, shell: Shell, desk: Desk) -> None:
    """Ask for the old and the new password and change it."""
    PasswordDialog(parent, shell, desk).run()
