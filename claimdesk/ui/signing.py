"""Signing with one's password: the dialog that stays open until the signature is made or thought better of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.ui import theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.page import Shell
from claimdesk.ui.widgets import FormGrid, PasswordEdit, PlainLabel, required

if TYPE_CHECKING:
    from claimdesk.app import Desk

Sign = Callable[[str, Progress], object]


class SignDialog(Dialog):
    """Asks for the password and signs in the background; a wrong password is said at its field.

    `fields` are shown above the password and checked with it. `result_of_work` is what the signing returned;
    `conflict` is set where the case changed meanwhile, and then nothing was signed.
    """

    def __init__(
        self,
        parent: QWidget,
        shell: Shell,
        desk: Desk,
        title: str,
        sentence: str,
        action: str,
        work: Sign,
        *,
        amount: str = '',
        fields: FormGrid | None = None,
        width: int = 480,
    ) -> None:
        super().__init__(parent, title, sentence, action, icon='stamp', width=width)
        self._shell, self._work = shell, work
        self.result_of_work: object = None
        self.conflict: Conflict | None = None
        self._fields = fields
        if amount:
            words = PlainLabel(amount, 'section', wrap=True, selectable=True)
            words.setFont(theme.font(theme.SECTION, strong=True, tabular=True))
            self.column.insertWidget(1, words)
        if fields is not None:
            self.column.addWidget(fields)
        self.password = PasswordEdit()
        self.form = FormGrid(1)
        self.form.add(
            'password', _("Your password"), self.password, check=required(self.password.text),
            hint=_("Your signature is made with it and cannot be taken back."),
        )  # fmt: skip
        self.column.addWidget(self.form)
        self._demo = PlainLabel('', 'note', wrap=True)
        self._demo.hide()
        self.column.addWidget(self._demo)
        self.accept_if = self._submit
        if fields is None:
            self.password.setFocus()
        shell.tasks.run(self, lambda _progress: desk.office.view().demo, self._say_demo)

    def _say_demo(self, demo: bool) -> None:
        if demo:
            self._demo.setText(_("In this made-up office everybody's password is: claimdesk"))
            self._demo.show()

    def _submit(self) -> str | None:
        if self._fields is not None and not self._fields.check():
            return None
        if not self.form.check():
            return None
        password, work = self.password.text(), self._work
        self.banner.clear()
        self.ok_button.setEnabled(False)
        self._shell.tasks.run(self, lambda progress: work(password, progress), self._done, self._failed)
        return None

    def _done(self, result: object) -> None:
        self.result_of_work = result
        self.accept()

    def _failed(self, error: ClaimDeskError) -> None:
        self.ok_button.setEnabled(True)
        self.password.clear()
        if isinstance(error, Conflict):
            self.conflict = error
            self.reject()
            return
        left = dict(error.fields) if isinstance(error, InvalidInput) else {}
        for form in filter(None, (self._fields, self.form)):
            own = {name: words for name, words in left.items() if name in form.names()}
            if own:
                form.show_errors(own)
                left = {name: words for name, words in left.items() if name not in own}
        if left or not isinstance(error, InvalidInput) or not error.fields:
            self.banner.show_error(error)
        self.password.setFocus()

    def show_error(self, error: ClaimDeskError) -> None:
        """What goes wrong beside the signature shows in the dialog's banner."""
        self.banner.show_error(error)
