"""What the hand does on the work page: moving a case on the board, and handing cases over after a preview."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.rules.workflow import STAGE_ROLE, Move
from claimdesk.services.board import BoardColumn, Targets
from claimdesk.services.handover import Plan, Proposal
from claimdesk.services.workflow import MoveView
from claimdesk.ui import dialogs, text
from claimdesk.ui.page import Page
from claimdesk.ui.pages.case.moves import Answer, ask_estimate, consequence
from claimdesk.ui.pages.work_board import BoardView
from claimdesk.ui.pages.work_handover import HandOverDialog
from claimdesk.vocabulary import Role, Stage, label

_SIGNED_ON = 'money'


class Moving(QObject):
    """Reads the board and makes the moves that are asked for there."""

    def __init__(self, page: Page, board: BoardView) -> None:
        super().__init__(page)
        self._page, self._board = page, board
        board.open_wanted.connect(page.shell.open_case)
        board.marked.connect(self._read_targets)
        board.menu_asked.connect(self._ask_where)
        board.move_wanted.connect(self._move)

    def read(self) -> None:
        """Read the stages and their cases."""
        actor, board = self._page.desk.signed_in, self._page.desk.board
        self._page.run(lambda _progress: board.columns(actor), self._show, latest='board')

    def _show(self, columns: list[BoardColumn]) -> None:
        self._board.show_columns(columns)
        if self._page.isVisible() and self._board.isVisible():
            self._board.focus_first()

    def _targets(self, case_id: int, then: Any) -> None:
        actor, board = self._page.desk.signed_in, self._page.desk.board
        self._page.run(lambda _progress: board.targets(actor, case_id), then, self._failed, latest='targets')

    def _read_targets(self, case_id: int) -> None:
        self._targets(case_id, self._show_targets)

    def _show_targets(self, targets: Targets) -> None:
        marked = self._board.marked_case()
        if marked is not None and marked.id == targets.case_id:
            self._board.show_targets(targets)

    def _ask_where(self, case_id: int) -> None:
        self._targets(case_id, self._board.ask_where)

    def _move(self, case_id: int, stage: Stage) -> None:
        self._targets(case_id, lambda targets: self._to(targets, stage))

    def _to(self, targets: Targets, stage: Stage) -> None:
        target = targets.at(stage)
        if target.move is None or target.why_not:
            self._board.say(_("Not to {stage}: {why}").format(stage=label(stage), why=target.why_not))
            return
        view = target.move
        if view.signed:
            self._page.shell.open_case_at.emit(targets.case_id, _SIGNED_ON)
            self._page.shell.toast(_("This decision is signed with your password: sign it here."))
            return
        answer = _ask(self._page, view)
        if answer is None:
            return
        actor, workflow = self._page.desk.signed_in, self._page.desk.workflow
        self._page.run(
            lambda _progress: workflow.make(
                actor, targets.case_id, targets.version, view.move, answer.reason, answer.estimate
            ),
            lambda _nothing: self._moved(view, stage),
            self._failed,
        )

    def _moved(self, view: MoveView, stage: Stage) -> None:
        self._page.shell.toast(_("{move}: the case is now at {stage}.").format(move=_(view.title), stage=label(stage)))
        self._page.shell.refresh.emit()
        self.read()

    def _failed(self, error: ClaimDeskError) -> None:
        self._board.say(' '.join(filter(None, (error.sentence, error.advice))))
        self.read()


def _ask(page: Page, view: MoveView) -> Answer | None:
    """Ask what the move needs; None if the handler thought better of it."""
    title = _(view.title)
    sentence = consequence(view.move)
    if view.needs_reason:
        reason = dialogs.ask_reason(page, title, sentence, title, danger=view.move is not Move.REOPEN)
        return None if reason is None else Answer(reason)
    if view.needs_estimate:
        frozen = _("The first estimate is frozen for the statistics; later ones need a reason.")
        estimate = ask_estimate(page, title, frozen)
        return None if estimate is None else Answer(estimate=estimate)
    if sentence and not dialogs.ask(page, _("{action}?").format(action=title), sentence, title):
        return None
    return Answer()


class HandingOver(QObject):
    """Opens the previews of hand-overs, and takes them back if asked."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self.dialog: HandOverDialog | None = None

    def give(self, person_id: int) -> None:
        """All open cases of a person to others."""
        desk = self._page.desk
        actor = desk.signed_in
        self._page.run(
            lambda _progress: desk.accounts.people(actor), lambda people: self._give(person_id, people), latest='people'
        )

    def _give(self, person_id: int, people: Any) -> None:
        desk = self._page.desk
        actor, hand_overs = desk.signed_in, desk.hand_overs
        name = next((one.name for one in people if one.id == person_id), '')
        choices: list[tuple[object, str]] = [(None, _("the substitute, or whoever has room"))]
        choices += [(one.id, one.name) for one in people if one.id != person_id]

        def plan(wanted: object) -> Plan:
            return hand_overs.plan_person(actor, person_id, wanted if isinstance(wanted, int) else None)

        self._open(
            _("Hand over the cases of {name}").format(name=name),
            _("The most urgent first. Nothing is done before you say so; leave out what should stay."),
            _("To"), choices, plan,
        )  # fmt: skip

    def even(self) -> None:
        """Even out the load of a role."""
        desk = self._page.desk
        actor, hand_overs = desk.signed_in, desk.hand_overs
        roles = [role for role in dict.fromkeys(STAGE_ROLE.values()) if role is not Role.FINANCE]
        choices: list[tuple[object, str]] = [(role, label(role)) for role in roles]

        def plan(wanted: object) -> Plan:
            return hand_overs.plan_balance(actor, Role(str(wanted)))

        self._open(
            _("Even out the load"),
            _("As few cases as needed change hands, those with the most time left first; urgent ones stay."),
            _("Role"), choices, plan,
        )  # fmt: skip

    def _open(self, title: str, sentence: str, choice: str, choices: Any, plan: Any) -> None:
        self.dialog = HandOverDialog(self._page, title, sentence, choice, choices, plan)
        self.dialog.run()
        done = self.dialog.done_proposals
        self.dialog = None
        if not done:
            return
        words = ngettext("{n} case was handed over.", "{n} cases were handed over.", len(done))
        self._page.shell.toast(words.format(n=text.number(len(done))), lambda: self._undo(done))
        self._page.shell.refresh.emit()

    def _undo(self, done: list[Proposal]) -> None:
        desk = self._page.desk
        actor, hand_overs = desk.signed_in, desk.hand_overs
        self._page.run(
            lambda progress: hand_overs.undo(actor, done, progress),
            lambda _results: self._page.shell.refresh.emit(),
            title=_("Giving the cases back"),
        )
