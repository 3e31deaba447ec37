"""One line of the checklist: its state in colour and words, who said so, what is filed there, and what to do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.services.checklist import ChecklistView
from claimdesk.ui import dialogs, text, theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.pages.case.tab import why_not
from claimdesk.ui.widgets import Button, PlainLabel, StateBadge
from claimdesk.ui.widgets.flow import FlowLayout
from claimdesk.vocabulary import ChecklistState, DocumentState, label

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.documents import DocumentsTab

LOOK = {
    ChecklistState.MISSING: ('orange', 'circle-alert'),
    ChecklistState.RECEIVED: ('slate', 'file-check'),
    ChecklistState.VERIFIED: ('green', 'circle-check'),
    ChecklistState.REJECTED: ('red', 'circle-x'),
    ChecklistState.WAIVED: ('grey', 'minus'),
}
BADGE_WIDTH, ROW_CONTROL = 96, 26


class ChecklistRow(QWidget):
    """A needed document."""

    def __init__(self, tab: DocumentsTab, item: ChecklistView, file: CaseFile) -> None:
        super().__init__(tab)
        self._tab, self.item = tab, item
        self._buttons: list[Button] = []
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.SPACE_12)
        badge = StateBadge()
        tone, picture = LOOK[item.state]
        absent = item.state is ChecklistState.MISSING and not item.required
        badge.set_pill('' if absent else tone, picture, label(item.state))
        badge.setFixedWidth(max(BADGE_WIDTH, badge.sizeHint().width()))
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setContentsMargins(0, 3, 0, 0)
        words.setSpacing(2)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        name = item.name if item.required else _("{name} (if there is one)").format(name=item.name)
        words.addWidget(PlainLabel(name, 'strong' if item.required else '', wrap=True))
        said = _said(item)
        if said:
            words.addWidget(PlainLabel(said, 'caption', wrap=True, selectable=True))
        if item.documents:
            words.addWidget(self._filed())
        row.addLayout(words, 1)
        if not why_not(file, Permission.VERIFY_DOCUMENTS):
            for button in self._actions():
                row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
                button.setFixedHeight(ROW_CONTROL)
        self.setAccessibleName(f'{item.name}: {label(item.state)}')

    def focus(self) -> None:
        """Put the focus on the first thing to do here."""
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _filed(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, theme.SPACE_4)
        for document in self.item.documents:
            picture = 'circle-check' if document.state is DocumentState.CONFIRMED else 'file-text'
            title = document.title if len(document.title) <= 28 else f'{document.title[:27]}…'
            open_it = partial(self._tab.open_document, document.id)
            tip = f'{document.title} · {label(document.state)}'
            button = Button(title, open_it, kind='link', icon=picture, tip=tip)
            self._buttons.append(button)
            flow.addWidget(button)
        return holder

    def _actions(self) -> list[Button]:
        item, made = self.item, []
        state = item.state
        if state in (ChecklistState.RECEIVED, ChecklistState.REJECTED):
            made.append(self._button(_("Verify"), ChecklistState.VERIFIED))
        if state is ChecklistState.MISSING:
            made.append(self._button(_("It is here"), ChecklistState.RECEIVED))
        if state in (ChecklistState.RECEIVED, ChecklistState.VERIFIED):
            made.append(self._button(_("Reject…"), ChecklistState.REJECTED))
        if state in (ChecklistState.MISSING, ChecklistState.REJECTED):
            made.append(self._button(_("Not needed…"), ChecklistState.WAIVED))
        if state in (ChecklistState.WAIVED, ChecklistState.RECEIVED) and not item.documents:
            made.append(self._button(_("Missing again"), ChecklistState.MISSING))
        self._buttons = made + self._buttons
        return made

    def _button(self, words: str, state: ChecklistState) -> Button:
        button = Button(words, partial(self._set, state), kind='quiet')
        button.setAccessibleName(f'{words} {self.item.name}')
        return button

    def _set(self, state: ChecklistState) -> None:
        reason: str | None = ''
        if state is ChecklistState.REJECTED:
            reason = dialogs.ask_reason(
                self,
                _("Reject {name}").format(name=self.item.name),
                _("The reason stands in the notice to the claimant."),
                _("Reject"),
                suggestions=(_("Not legible"), _("Incomplete"), _("Belongs to somebody else")),
            )
        elif state is ChecklistState.WAIVED:
            reason = dialogs.ask_reason(
                self,
                _("{name} is not needed").format(name=self.item.name),
                _("The claim can be decided without it."),
                _("Not needed"),
                suggestions=(_("Small and clear loss"), _("Covered by another document")),
            )
        if reason is not None:
            self._tab.checklist.set_state(self.item, state, reason)


def _said(item: ChecklistView) -> str:
    parts = []
    if item.checked_by and item.checked_at is not None and item.state is not ChecklistState.MISSING:
        parts.append(f'{item.checked_by} · {text.moment(item.checked_at)}')
    if item.reason:
        parts.append(item.reason)
    return ' · '.join(parts)
