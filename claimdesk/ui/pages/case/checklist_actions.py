"""What is done with the checklist of a case: documents verified, rejected, waived, asked for; each with its Undo."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from claimdesk.language import _
from claimdesk.services.checklist import ChecklistView
from claimdesk.services.context import Actor
from claimdesk.ui import dialogs
from claimdesk.vocabulary import ChecklistState

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class ChecklistActions:
    """Saves what a handler decides about the documents that the case needs."""

    def __init__(self, page: CasePage) -> None:
        self._page = page

    def set_state(self, item: ChecklistView, state: ChecklistState, reason: str = '') -> None:
        """Say whether a needed document is here."""
        checklist = self._page.desk.checklist
        self._page.saving.act(
            lambda actor: checklist.set_state(actor, item.id, item.version, state, reason),
            f'{item.name}: {_(state.label_source)}',
            undo=lambda now: partial(self._set_back, now, item),
        )

    def _set_back(self, now: ChecklistView, before: ChecklistView) -> None:
        checklist = self._page.desk.checklist
        self._page.saving.act(
            lambda actor: checklist.set_state(actor, now.id, now.version, before.state, before.reason),
            _("The change has been undone."),
        )

    def verify_all(self) -> None:
        """Say of every document that is here that it is in order; Undo takes it back."""
        checklist, case_id = self._page.desk.checklist, self._page.case_id
        self._page.saving.act(
            lambda actor: checklist.verify_all(actor, case_id),
            _("All documents that are here are verified."),
            undo=lambda verified: partial(self._unverify, verified),
        )

    def _unverify(self, verified: Sequence[ChecklistView]) -> None:
        checklist = self._page.desk.checklist

        def work(actor: Actor) -> None:
            for view in verified:
                checklist.set_state(actor, view.id, view.version, ChecklistState.RECEIVED)

        self._page.saving.act(work, _("The change has been undone."))

    def ask_for_another(self) -> None:
        """Ask in this case for a document that the office's list does not name."""
        name = dialogs.ask_text(
            self._page,
            _("Ask for another document"),
            _("It stands on the list of this case, and in the notice while it is missing."),
            _("Ask for it"),
            label=_("Document"),
            check=lambda typed: '' if typed.strip() else _("Enter this."),
        )
        if not name:
            return
        checklist, case_id = self._page.desk.checklist, self._page.case_id
        self._page.saving.act(
            lambda actor: checklist.add(actor, case_id, name),
            _("Asked for: {name}").format(name=name),
            undo=lambda added: partial(self._take_off, added),
        )

    def _take_off(self, item: ChecklistView) -> None:
        checklist = self._page.desk.checklist
        self._page.saving.act(
            lambda actor: checklist.remove(actor, item.id, item.version), _("The change has been undone.")
        )
