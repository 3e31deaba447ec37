"""What one key does with a row of the workbench: the next move, taking a case, accepting a survey, or going there."""

from __future__ import annotations

from PySide6.QtCore import QObject

from claimdesk.language import _
from claimdesk.rules.workflow import MOVES
from claimdesk.services.work_items import Deed, WorkItem
from claimdesk.services.workflow import CaseMoves, MoveView
from claimdesk.ui import dialogs
from claimdesk.ui.page import Page
from claimdesk.ui.pages.case.moves import NEXT, consequence
from claimdesk.vocabulary import label


class NextDeed(QObject):
    """Does what a row wants, where that needs nothing but a yes; leads to where it is done otherwise."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page

    def do(self, item: WorkItem) -> None:
        """Do the next thing with a row that belongs to a case."""
        case_id = item.case_id
        if case_id is None:
            return
        if item.deed is Deed.ACCEPT:
            self._accept(item)
        elif item.deed is Deed.TAKE:
            self._take(item, case_id)
        elif item.deed is Deed.MOVE:
            actor, workflow = self._page.desk.signed_in, self._page.desk.workflow
            self._page.run(
                lambda _progress: workflow.moves(actor, case_id), lambda moves: self._move(item, case_id, moves),
                latest='moves',
            )  # fmt: skip

    def _accept(self, item: WorkItem) -> None:
        actor, dispatches = self._page.desk.signed_in, self._page.desk.dispatches
        self._page.run(
            lambda _progress: dispatches.accept(actor, item.beside_id, item.version),
            lambda _view: self._done(_("{number}: the survey is yours. Agree on a time next."), item),
        )

    def _take(self, item: WorkItem, case_id: int) -> None:
        actor, hand_overs = self._page.desk.signed_in, self._page.desk.hand_overs
        self._page.run(
            lambda _progress: hand_overs.take(actor, case_id, item.version),
            lambda _none: self._done(_("{number} is your case now."), item),
        )

    def _move(self, item: WorkItem, case_id: int, moves: CaseMoves) -> None:
        view = moves.next
        if view is None or not _only_a_yes(view):
            # The case asks for what is missing: a reason, the first estimate, the signature.
            self._page.shell.open_case_at.emit(case_id, f'{item.part}/{NEXT}')
            return
        title = _(view.title)
        stage = label(MOVES[view.move].to_stage)
        sentence = consequence(view.move) or _("The case goes on to {stage}.").format(stage=stage)
        insured = item.row.insured_name if item.row is not None else ''
        if not dialogs.ask(self._page, f'{title}: {item.number} {insured}'.rstrip(), sentence, title):
            return
        actor, workflow = self._page.desk.signed_in, self._page.desk.workflow
        said = _("{number}: {move}. The case is now at {stage}.").format(number='{number}', move=title, stage=stage)
        self._page.run(
            lambda _progress: workflow.make(actor, case_id, moves.version, view.move),
            lambda _none: self._done(said, item),
        )

    def _done(self, words: str, item: WorkItem) -> None:
        self._page.shell.toast(words.format(number=item.number))
        self._page.shell.refresh.emit()
        self._page.refresh()


def _only_a_yes(view: MoveView) -> bool:
    asks = view.needs_reason or view.needs_estimate or view.needs_delay or view.signed
    return view.allowed and not asks
