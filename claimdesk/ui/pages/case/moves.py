"""Making a move: what must be asked first, and where a move leads that cannot be made yet."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from claimdesk.language import _
from claimdesk.rules.workflow import Move
from claimdesk.services.workflow import MoveView
from claimdesk.ui import dialogs
from claimdesk.ui.dialogs import Dialog
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.widgets import MoneyEdit, PlainLabel

_NEEDS_ALL_DOCUMENTS = (Move.SUBMIT_CALCULATION, Move.APPROVE, Move.CLOSE)
_WORKPLACE = {
    Move.REGISTER: ('overview', 'estimate'),
    Move.DISPATCH_SURVEY: ('overview', ''),
    Move.FINISH_SURVEY: ('loss', 'survey'),
    Move.FINISH_ASSESSMENT: ('loss', 'items'),
    Move.SUBMIT_CALCULATION: ('money', 'inputs'),
    Move.APPROVE: ('money', ''),
    Move.PASS_UP: ('money', ''),
    Move.HEAD_OFFICE: ('money', ''),
    Move.RETURN_CALCULATION: ('money', ''),
    Move.PAY: ('payment', ''),
    Move.CLOSE: ('payment', ''),
    Move.SEND_REFUSAL: ('messages', ''),
}


_STAGE_TAB = {
    'survey': 'loss', 'assessment': 'loss', 'adjustment': 'money', 'approval': 'money', 'payment': 'payment',
    'closing': 'payment', 'closed': 'timeline',
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What the handler said when asked about a move."""

    reason: str = ''
    estimate: Decimal | None = None


def workplace(move: Move, file: CaseFile) -> tuple[str, str]:
    """The tab, and the part of it, where what stands against `move` can be done."""
    if move in _NEEDS_ALL_DOCUMENTS and file.case.missing_documents:
        return 'documents', 'checklist'
    return _WORKPLACE.get(move, ('overview', ''))


def tab_of_stage(stage: str) -> str:
    """The tab where the work of a stage is done."""
    return _STAGE_TAB.get(stage, 'overview')


def ask_about(parent: QWidget, view: MoveView, file: CaseFile) -> Answer | None:
    """Ask what the move needs: an estimate, a reason, or to go on at all; None if the handler thought better of it."""
    title = _(view.title)
    if view.needs_reason:
        reason = dialogs.ask_reason(
            parent, title, consequence(view.move), title, danger=view.move in _ENDS, suggestions=_suggestions(view.move)
        )
        return None if reason is None else Answer(reason)
    if view.needs_estimate:
        sentence = _("The first estimate is frozen for the statistics; later ones need a reason.")
        estimate = ask_estimate(parent, title, sentence)
        return None if estimate is None else Answer(estimate=estimate)
    sentence = consequence(view.move)
    if sentence and not dialogs.ask(parent, _("{action}?").format(action=title), sentence, title):
        return None
    return Answer()


def ask_estimate(parent: QWidget, title: str, sentence: str) -> Decimal | None:
    """Ask for the first estimate."""
    dialog = Dialog(parent, title, sentence, title)
    dialog.column.addWidget(PlainLabel(_("First estimate"), 'caption'))
    field = MoneyEdit()
    field.setAccessibleName(_("First estimate"))
    dialog.column.addWidget(field)
    dialog.accept_if = lambda: field.problem() or ('' if field.value() is not None else _("Enter an amount."))
    field.setFocus()
    return field.value() if dialog.run() else None


_ENDS = frozenset({Move.CANCEL_REPORT, Move.CANCEL_CASE, Move.REFUSE, Move.ZERO_CLOSE})

NEXT = 'next'
"""The part of a case's page that is no part: its next move."""


def consequence(move: Move) -> str:
    """What the move brings about, said before it is made; '' where nothing needs to be asked."""
    return {
        Move.APPROVE: _(
            "The claimant is told the decision, and payment is due by law within ten days of the agreement."
        ),
        Move.PASS_UP: _(
            "You endorse the calculation with your signature; somebody with more authority decides on it."
        ),
        Move.HEAD_OFFICE: _(
            "The amount is beyond the office. The head office's letter must be in the file; you sign that it came."
        ),
        Move.CANCEL_REPORT: _("The report is cancelled and the case is archived. An approver can reopen it."),
        Move.CANCEL_CASE: _("The case is cancelled and archived. An approver can reopen it."),
        Move.REFUSE: _(
            "The claim is refused. The notice with reasons must be sent within three days (Insurance Law, article 24)."
        ),
        Move.ZERO_CLOSE: _("The case is closed and nothing is paid. An approver can reopen it."),
        Move.REOPEN: _("The case goes back to loss assessment, and its clocks run on."),
        Move.RETURN_CALCULATION: _("The adjuster sees your reason and calculates again."),
        Move.CLOSE: _("The case is archived; nothing can be filed or changed in it unless it is reopened."),
        Move.SEND_REFUSAL: _("The refusal notice goes out with the reason that was given, and the case is archived."),
    }.get(move, '')


def _suggestions(move: Move) -> tuple[str, ...]:
    return {
        Move.CANCEL_REPORT: (_("Reported by mistake"), _("Reported twice"), _("The customer gives the claim up")),
        Move.CANCEL_CASE: (_("The customer gives the claim up"), _("Settled by the other party's insurer")),
        Move.ZERO_CLOSE: (_("The loss is below the deductible"), _("The customer gives the claim up")),
        Move.REOPEN: (_("New documents have arrived"), _("The customer disagrees with the payment")),
    }.get(move, ())
