"""What can be done with a row of the coordinators' desk: one list of actions, for the desk and for the case page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from claimdesk.language import _
from claimdesk.rules.permissions import Permission, refusal_sentence
from claimdesk.services.call_backs import CallBackView, FollowUpView
from claimdesk.services.context import Actor
from claimdesk.services.disputes import MatterView
from claimdesk.services.lawsuits import LawsuitView
from claimdesk.services.recoveries import RecoveryView
from claimdesk.services.risk import ReferralView
from claimdesk.ui import dialogs, text
from claimdesk.ui.pages.liaison import dialogs as ask
from claimdesk.ui.pages.liaison.facts import Row
from claimdesk.ui.pages.liaison.questionnaire import ask_questionnaire, ask_second_score
from claimdesk.vocabulary import CallBackState, Complexity, label

if TYPE_CHECKING:
    from claimdesk.app import Desk

Save = Callable[[Callable[[Actor], Any], str], object]
"""Carries out a save of the signed-in person in the background, and says the sentence when it is done."""


@dataclass(frozen=True, slots=True)
class Action:
    """A button: `why_not` is '' where it may be pressed. The first of a list is the main one."""

    words: str
    icon: str
    do: Callable[[], object]
    why_not: str = ''


def actions_for(desk: Desk, row: Row, parent: QWidget, save: Save) -> list[Action]:
    """The actions that `row` is open to; none for one that is closed."""
    return _Doing(desk, parent, save).actions(row)


class _Doing:
    """Asks what an action needs to know, then saves it."""

    def __init__(self, desk: Desk, parent: QWidget, save: Save) -> None:
        self._desk, self._parent, self._save = desk, parent, save

    def actions(self, row: Row) -> list[Action]:
        """What can be done with `row`."""
        if isinstance(row, MatterView):
            return self._matter(row)
        if isinstance(row, CallBackView):
            return self._call(row)
        if isinstance(row, FollowUpView):
            return self._follow_up(row)
        if isinstance(row, LawsuitView):
            return self._lawsuit(row)
        if isinstance(row, RecoveryView):
            return self._recovery(row)
        return self._referral(row)

    def _why_not(self, permission: Permission) -> str:
        return '' if self._desk.signed_in.may(permission) else refusal_sentence(permission)

    # Complaints and disputes

    def _matter(self, row: MatterView) -> list[Action]:
        why = self._why_not(Permission.COMPLAINT)
        talk = Action(_("Record a conversation…"), 'message-square', partial(self._talk, row), why)
        if row.answered_at is not None:
            return [talk]
        found = [Action(_("Answer…"), 'check', partial(self._answer, row), why), talk]
        if row.waits_for_extension:
            no = self._why_not(Permission.GRANT_TIME)
            if not no and row.extension_asked_by == self._desk.signed_in.id:
                no = _("You asked for it yourself, so somebody else must decide.")
            found += [
                Action(_("Grant more time"), 'calendar-clock', partial(self._extend, row, granted=True), no),
                Action(_("Decline more time"), 'x', partial(self._extend, row, granted=False), no),
            ]
        elif row.complexity is Complexity.SIMPLE:
            words = _("It is complex")
            found.append(Action(words, 'layers', partial(self._complexity, row, Complexity.COMPLEX), why))
        elif row.complexity is Complexity.COMPLEX and row.extended is None:
            found += [
                Action(_("Ask for more time…"), 'calendar-clock', partial(self._ask_time, row), why),
                Action(_("It is simple"), 'minus', partial(self._complexity, row, Complexity.SIMPLE), why),
            ]
        found.append(Action(_("Hand over…"), 'user-round', partial(self._hand_over, row), why))
        return found

    def _answer(self, row: MatterView) -> None:
        disputes = self._desk.disputes
        asked = ask.ask_answer(self._parent, row.content, disputes.causes(self._desk.signed_in))
        if asked is not None:
            self._save(
                lambda actor: disputes.answer(actor, row.id, row.version, *asked), _("The complaint is answered.")
            )

    def _talk(self, row: MatterView) -> None:
        asked = ask.ask_talk(self._parent, row.complainant)
        if asked is not None:
            channel, body, incoming, whom = asked
            self._save(
                lambda actor: self._desk.disputes.talk(actor, row.id, channel, body, incoming, whom), _("Recorded.")
            )

    def _complexity(self, row: MatterView, complexity: Complexity) -> None:
        self._save(
            lambda actor: self._desk.disputes.set_complexity(actor, row.id, row.version, complexity),
            _("The answer is now due as for: {kind}.").format(kind=label(complexity)),
        )

    def _ask_time(self, row: MatterView) -> None:
        sentence = _("Thirty days more, once; a second person decides.")
        reason = dialogs.ask_reason(self._parent, _("Ask for more time"), sentence, _("Ask"))
        if reason is not None:
            self._save(
                lambda actor: self._desk.disputes.ask_extension(actor, row.id, row.version, reason),
                _("More time is asked for."),
            )

    def _extend(self, row: MatterView, *, granted: bool) -> None:
        self._save(
            lambda actor: self._desk.disputes.decide_extension(actor, row.id, row.version, granted=granted),
            _("More time is granted.") if granted else _("More time is declined."),
        )

    def _hand_over(self, row: MatterView) -> None:
        disputes = self._desk.disputes
        chosen = ask.ask_person(self._parent, disputes.coordinators(self._desk.signed_in), row.owner_id)
        if chosen is not None:
            self._save(lambda actor: disputes.hand_over(actor, row.id, row.version, chosen), _("Handed over."))

    # Calls after a payment

    def _call(self, row: CallBackView) -> list[Action]:
        if row.state is not CallBackState.OPEN:
            return []
        why = self._why_not(Permission.MESSAGE)
        return [
            Action(_("Ask the questions…"), 'phone', partial(self._questions, row), why),
            Action(_("Not reached"), 'x', partial(self._not_reached, row), why),
        ]

    def _questions(self, row: CallBackView) -> None:
        whom = f'{row.insured_name} · {row.reporter_name} {row.phone}'
        asked = ask_questionnaire(self._parent, whom, row.questions)
        if asked is not None:
            scores, comment = asked
            self._save(
                lambda actor: self._desk.call_backs.finish(actor, row.id, row.version, scores, comment),
                _("The answers are saved."),
            )

    def _not_reached(self, row: CallBackView) -> None:
        left = row.most_attempts - row.attempts - 1
        words = _("Noted; try again later.") if left > 0 else _("Noted; after so many attempts the call is given up.")
        self._save(lambda actor: self._desk.call_backs.not_reached(actor, row.id, row.version), words)

    def _follow_up(self, row: FollowUpView) -> list[Action]:
        if row.closed_at is not None:
            return []
        why = self._why_not(Permission.COMPLAINT)
        first = Action(_("Put it right…"), 'pencil', partial(self._fix, row), why)
        call = Action(_("Second call…"), 'phone', partial(self._second_call, row), why)
        if not row.fix:
            sentence = _("First put it right: name the root cause and what was done.")
            return [first, Action(call.words, call.icon, call.do, why or sentence)]
        return [call, first]

    def _fix(self, row: FollowUpView) -> None:
        causes = self._desk.disputes.causes(self._desk.signed_in)
        asked = ask.ask_fix(self._parent, causes, row.root_cause, row.fix)
        if asked is not None:
            self._save(
                lambda actor: self._desk.call_backs.work_on(actor, row.id, row.version, *asked), _("It is saved.")
            )

    def _second_call(self, row: FollowUpView) -> None:
        asked = ask_second_score(self._parent, f'{row.insured_name} · {row.phone}')
        if asked is not None:
            self._save(
                lambda actor: self._desk.call_backs.second_call(actor, row.id, row.version, *asked),
                _("The follow-up is closed."),
            )

    # Courts and recoveries

    def _lawsuit(self, row: LawsuitView) -> list[Action]:
        if row.closed_at is not None:
            return []
        why = self._why_not(Permission.COMPLAINT)
        found = []
        day = row.next_day
        if day is not None:
            words = _("Done: {day}").format(day=label(day.kind))
            found.append(Action(words, 'check', partial(self._day_done, day.id, day.version), why))
        found.append(Action(_("Note a day…"), 'calendar', partial(self._court_day, row), why))
        wait = _("A day in court is still open.") if day is not None else ''
        found.append(Action(_("Close the lawsuit…"), 'archive', partial(self._close_suit, row), why or wait))
        return found

    def _day_done(self, day_id: int, version: int) -> None:
        self._save(lambda actor: self._desk.lawsuits.day_done(actor, day_id, version), _("The day is ticked off."))

    def _court_day(self, row: LawsuitView) -> None:
        asked = ask.ask_court_day(self._parent, self._desk.context.now())
        if asked is not None:
            self._save(
                lambda actor: self._desk.lawsuits.set_day(actor, row.id, row.version, *asked), _("The day is noted.")
            )

    def _close_suit(self, row: LawsuitView) -> None:
        asked = ask.ask_end_of_lawsuit(self._parent, f'{row.court} {row.number}')
        if asked is not None:
            self._save(
                lambda actor: self._desk.lawsuits.close(actor, row.id, row.version, *asked), _("The lawsuit is closed.")
            )

    def _recovery(self, row: RecoveryView) -> list[Action]:
        if row.closed_at is not None:
            return []
        why = self._why_not(Permission.RECOVER)
        found = [Action(_("Money received…"), 'banknote', partial(self._receive, row), why)]
        live = [one for one in row.receipts if not one.voided]
        if live:
            found.append(
                Action(_("Void the last receipt"), 'undo-2', partial(self._void, live[-1].id, live[-1].version), why)
            )
        found.append(Action(_("Close…"), 'archive', partial(self._close_recovery, row), why))
        if not row.outstanding:
            found.reverse()
        return found

    def _receive(self, row: RecoveryView) -> None:
        asked = ask.ask_receipt(self._parent, row.outstanding, self._desk.context.today())
        if asked is not None:
            words = _("{amount} is recorded.").format(amount=text.money(asked[0], sign=True))
            self._save(lambda actor: self._desk.recoveries.receive(actor, row.id, row.version, *asked), words)

    def _void(self, receipt_id: int, version: int) -> None:
        self._save(
            lambda actor: self._desk.recoveries.void_receipt(actor, receipt_id, version), _("The receipt is voided.")
        )

    def _close_recovery(self, row: RecoveryView) -> None:
        note = ''
        if row.outstanding:
            sentence = _("{amount} is still outstanding.").format(amount=text.money(row.outstanding, sign=True))
            asked = dialogs.ask_reason(
                self._parent, _("Close the recovery"), sentence, _("Give the rest up"),
                label=_("Why the rest is given up"),
            )  # fmt: skip
            if asked is None:
                return
            note = asked
        self._save(
            lambda actor: self._desk.recoveries.close(actor, row.id, row.version, note), _("The recovery is closed.")
        )

    # Risk

    def _referral(self, row: ReferralView) -> list[Action]:
        if row.outcome is not None:
            return []
        why = self._why_not(Permission.INVESTIGATE)
        return [Action(_("Record the finding…"), 'search', partial(self._finding, row), why)]

    def _finding(self, row: ReferralView) -> None:
        asked = ask.ask_finding(self._parent, _(", ").join(row.rules) or row.reason)
        if asked is not None:
            self._save(
                lambda actor: self._desk.risk.decide(actor, row.id, row.version, *asked), _("The finding is recorded.")
            )
