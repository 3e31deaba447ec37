"""Decisions that need more than a click: signing, returning with a code, the close gate, asking an approver."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk.amounts import to_capital
from claimdesk.language import _
from claimdesk.progress import Progress
from claimdesk.rules.authority import ReturnReason
from claimdesk.rules.workflow import MOVES, Move
from claimdesk.services.context import Actor
from claimdesk.services.documents import DocumentView
from claimdesk.services.requests import RequestView
from claimdesk.services.sign_off import SignOffs
from claimdesk.services.workflow import MoveView
from claimdesk.ui import dialogs, icons, text, theme
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.moves import consequence
from claimdesk.ui.signing import SignDialog
from claimdesk.ui.widgets import Button, Combo, FormGrid, PlainLabel, TextArea, required

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class Deciding(QObject):
    """Works on a `CasePage`; every decision reads the case again."""

    def __init__(self, page: CasePage) -> None:
        super().__init__(page)
        self._page = page

    # Signing

    def sign(self, view: MoveView, file: CaseFile) -> None:
        """Approve, pass up, or record the head office's decision, with the password."""
        if view.move is Move.HEAD_OFFICE:
            documents, actor, case_id = self._page.desk.documents, self._page.desk.signed_in, self._page.case_id
            self._page.run(
                lambda _progress: documents.of_case(actor, case_id), partial(self._head_office, view, file)
            )
        elif view.move is Move.PASS_UP:
            self._pass_up(view, file)
        else:
            self._approve(view, file)

    def _approve(self, view: MoveView, file: CaseFile) -> None:
        sign_off, actor, case_id, version = self._service(file)

        def work(password: str, _progress: Progress) -> None:
            sign_off.approve(actor, case_id, version, password)

        dialog = SignDialog(
            self._page, self._page.shell, self._page.desk, _("Approve and sign?"), consequence(view.move),
            _("Sign and approve"), work, amount=_amount(file.waiting_amount),
        )  # fmt: skip
        self._after(dialog, dialog.run(), _("Approved and signed."))

    def _pass_up(self, view: MoveView, file: CaseFile) -> None:
        sign_off, actor, case_id, version = self._service(file)
        form, note = FormGrid(1), TextArea(lines=2)
        form.add('reason', _("Why it goes up"), note, check=required(note.value))
        note.set_value(_("Beyond my authority"))

        def work(password: str, _progress: Progress) -> str:
            return sign_off.pass_up(actor, case_id, version, password, note.value())

        dialog = SignDialog(
            self._page, self._page.shell, self._page.desk, _("Endorse and pass up?"), consequence(view.move),
            _("Sign and pass up"), work, amount=_amount(file.waiting_amount), fields=form,
        )  # fmt: skip
        note.setFocus()
        done = dialog.run()
        self._after(dialog, done, _("It is with {name} now.").format(name=dialog.result_of_work))

    def _head_office(self, view: MoveView, file: CaseFile, documents: list[DocumentView]) -> None:
        sign_off, actor, case_id, version = self._service(file)
        form, reference, letter, note = FormGrid(1), QLineEdit(), Combo(searchable=False), TextArea(lines=2)
        reference.setMaxLength(80)
        for one in documents:
            letter.add(one.id, one.title)
        letter.set_value(documents[-1].id if documents else None)
        form.add('reference', _("Number of the letter"), reference, check=required(reference.text))
        form.add(
            'document', _("The letter in the file of the case"), letter,
            check=lambda: '' if letter.value() is not None else _("File the head office's letter first."),
        )  # fmt: skip
        form.add('reason', _("What it says"), note, check=required(note.value))

        def work(password: str, _progress: Progress) -> None:
            sign_off.record_head_office(
                actor, case_id, version, password, reference=reference.text(), document_id=letter.value(),
                note=note.value(),
            )  # fmt: skip

        dialog = SignDialog(
            self._page, self._page.shell, self._page.desk, _("Record the head office's decision?"),
            consequence(view.move), _("Sign and record"), work, amount=_amount(file.waiting_amount), fields=form,
        )  # fmt: skip
        reference.setFocus()
        self._after(dialog, dialog.run(), _("The head office's decision is recorded and signed."))

    def _service(self, file: CaseFile) -> tuple[SignOffs, Actor, int, int]:
        page = self._page
        return page.desk.sign_off, page.desk.signed_in, page.case_id, file.moves.version

    def _after(self, dialog: SignDialog, done: bool, words: str) -> None:
        page = self._page
        if done:
            page.saving.own_change = True
            page.shell.status.emit(words)
            page.shell.toast(words)
            page.shell.refresh.emit()
        if dialog.conflict is not None:
            page.banner.show_error(dialog.conflict)
        if done or dialog.conflict is not None:
            page.reload()

    # Returning

    def give_back(self) -> None:
        """Return the calculation: the office's codes, then words of one's own."""
        sign_off, actor = self._page.desk.sign_off, self._page.desk.signed_in
        self._page.run(lambda _progress: sign_off.return_reasons(actor), self._ask_code, latest='return reasons')

    def _ask_code(self, reasons: tuple[ReturnReason, ...]) -> None:
        file = self._page.file
        if file is None:
            return
        title = _(MOVES[Move.RETURN_CALCULATION].title)
        dialog = Dialog(self._page, title, consequence(Move.RETURN_CALCULATION), title)
        form, code, note = FormGrid(1), Combo(searchable=False), TextArea(lines=3)
        for one in reasons:
            code.add(one.code, f'{one.code}  {one.words}')
        form.add('code', _("Reason"), code, check=lambda: '' if code.value() is not None else _("Choose a reason."))
        form.add('note', _("What the adjuster should do"), note)
        dialog.column.addWidget(form)
        dialog.accept_if = lambda: '' if form.check() else None
        code.setFocus()
        if not dialog.run():
            return
        sign_off, case_id, version = self._page.desk.sign_off, self._page.case_id, file.moves.version
        chosen, words = code.value(), note.value()
        self._page.saving.act(
            lambda actor: sign_off.give_back(actor, case_id, version, chosen, words),
            _("The calculation is back with the adjuster."),
        )

    # The close gate

    def override(self, view: MoveView, file: CaseFile) -> None:
        """Say what is open, and end the case all the same if there is a reason for it."""
        title = _(view.title)
        sentence = '\n'.join(
            (_("This is still open:"), *(f'• {reason}' for reason in view.reasons), '',
             _("You may close it all the same. Your reason is kept in the timeline."))
        )  # fmt: skip
        override = dialogs.ask_reason(
            self._page, _("{action} with something open?").format(action=title), sentence, title,
            label=_("Why it is closed all the same"), danger=True,
        )  # fmt: skip
        if override is None:
            return
        reason = override
        if view.needs_reason:
            answer = dialogs.ask_reason(self._page, title, consequence(view.move), title, danger=True)
            if answer is None:
                return
            reason = answer
        workflow, case_id, version = self._page.desk.workflow, self._page.case_id, file.moves.version
        self._page.saving.act(
            lambda actor: workflow.make(actor, case_id, version, view.move, reason, override=override),
            _("Done: {action}.").format(action=title),
        )

    # Asking an approver

    def ask(self, view: MoveView) -> None:
        """Ask an approver for a move that one may not make alone."""
        title = _(view.title)
        reason = dialogs.ask_reason(
            self._page,
            _("Ask an approver: {action}").format(action=title),
            _("An approver who has not worked on the case decides. You both stand in the timeline."),
            _("Ask"),
        )
        if reason is not None:
            requests, case_id = self._page.desk.requests, self._page.case_id
            self._page.saving.act(
                lambda actor: requests.ask(actor, case_id, view.move, reason), _("An approver has been asked.")
            )

    def decline(self, request: RequestView) -> None:
        """Say no to a request."""
        answer = dialogs.ask_reason(
            self._page, _("Decline the request"),
            _("{name} sees your reason.").format(name=request.requested_by), _("Decline"),
        )  # fmt: skip
        if answer is not None:
            requests = self._page.desk.requests
            self._page.saving.act(
                lambda actor: requests.decline(actor, request.id, request.version, answer),
                _("The request is declined."),
            )


class RequestBar(QWidget):
    """What somebody asked an approver for, above the parts of the case until it is answered."""

    def __init__(self, page: CasePage, deciding: Deciding) -> None:
        super().__init__(page)
        self._page, self._deciding = page, deciding
        self.buttons: list[Button] = []
        self.setProperty('surface', 'panel')
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(theme.SPACE_24, theme.SPACE_8, theme.SPACE_24, theme.SPACE_8)
        self._column.setSpacing(theme.SPACE_4)
        self.hide()

    def show_case(self, file: CaseFile) -> None:
        """Show the requests that wait on this case."""
        while (item := self._column.takeAt(0)) is not None:
            item.widget().hide()
            item.widget().deleteLater()
        self.buttons = []
        for request in file.requests:
            self._column.addWidget(self._row(request, file))
        self.setVisible(bool(file.requests))

    def _row(self, request: RequestView, file: CaseFile) -> QWidget:
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_8)
        picture = PlainLabel()
        picture.setPixmap(icons.pixmap('circle-question-mark', 'amber', icons.SMALL))
        row.addWidget(picture)
        words = _("{name} asks ({time}): {action}. {reason}").format(
            name=request.requested_by, time=text.short_moment(request.requested_at),
            action=_(MOVES[request.move].title), reason=request.reason,
        )  # fmt: skip
        row.addWidget(PlainLabel(words, '', wrap=True, selectable=True), 1)
        view = next((one for one in file.moves.sides if one.move is request.move), None)
        if view is not None and view.permitted and request.requested_by_id != file.actor.id:
            decline = Button(_("Decline…"), partial(self._deciding.decline, request), icon='x')
            grant = Button(_("Grant…"), partial(self._page.make_side, request.move), icon='check', kind='primary')
            grant.setEnabled(view.allowed or view.overridable)
            grant.setToolTip(' '.join(view.reasons))
            for button in (decline, grant):
                row.addWidget(button)
                self.buttons.append(button)
        return whole


def _amount(amount: Decimal | None) -> str:
    return '' if amount is None else f'{text.money(amount, sign=True)}  {to_capital(amount)}'
