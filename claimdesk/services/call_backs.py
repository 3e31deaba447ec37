"""After a payment: the call to the customer with a short questionnaire, and what follows a low score."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import CallBack, Case, FollowUp, Message, Satisfaction
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.after_payment import (
    KEY,
    OVERALL,
    CallBackRules,
    as_value,
    check_answers,
    check_rules,
    is_low,
    question_words,
    rules_from,
    workdays_after,
)
from claimdesk.rules.clocks import EventKind, due_state
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import record_event, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.disputes import root_causes
from claimdesk.services.least_busy import least_busy
from claimdesk.services.limits_beside import call_due
from claimdesk.services.names import names_of
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.vocabulary import CallBackState, Channel, DueState, Role

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class AnswerView:
    """A question as it was asked, and the score that the customer gave, 1 (bad) to 5 (good)."""

    question: str
    score: int


@dataclass(frozen=True, slots=True)
class CallBackView:
    """A call to make or made. `questions` are the codes to ask, in force when the payment was made."""

    id: int
    version: int
    case_id: int
    case_number: str
    insured_name: str
    reporter_name: str
    phone: str
    owner: str
    paid_at: dt.datetime
    due_at: dt.datetime
    due_state: DueState
    state: CallBackState
    attempts: int
    attempted_at: dt.datetime | None
    questions: tuple[str, ...]
    most_attempts: int
    answers: tuple[AnswerView, ...]
    score: int | None
    comment: str
    finished_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """A customer who was not content, and what is done about it; `closed_at` is None while it is open."""

    id: int
    version: int
    case_id: int
    case_number: str
    insured_name: str
    phone: str
    owner: str
    score: int
    comment: str
    answers: tuple[AnswerView, ...]
    opened_at: dt.datetime
    due_at: dt.datetime
    due_state: DueState
    root_cause: str
    fix: str
    contacted_at: dt.datetime | None
    second_score: int | None
    closed_at: dt.datetime | None


class CallBacks:
    """Asking customers how it was."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> tuple[list[CallBackView], list[FollowUpView]]:
        """The calls about the case and what followed, the newest first."""
        with self._office.database.read() as session:
            return (
                self._calls(session, CallBack.case_id == case_id),
                self._follow_ups(session, FollowUp.case_id == case_id),
            )

    def open(self, actor: Actor) -> list[CallBackView]:
        """The calls to make, the nearest due first."""
        with self._office.database.read() as session:
            return self._calls(session, CallBack.state == CallBackState.OPEN)

    def follow_ups(self, actor: Actor) -> list[FollowUpView]:
        """The open follow-ups, the nearest due first."""
        with self._office.database.read() as session:
            return self._follow_ups(session, FollowUp.closed_at.is_(None))

    def not_reached(self, actor: Actor, call_id: int, version: int, note: str = '') -> None:
        """Nobody answered. After as many attempts as the office wants, the call is given up.

        Raises `NotAllowed`, `InvalidInput`, `Conflict`.
        """
        require(actor, Permission.MESSAGE)
        with self._office.write(actor, N_("tried to call a customer back")) as session:
            row, case, rules = self._open_call(session, call_id, version)
            now = self._office.now()
            row.attempts, row.attempted_at = row.attempts + 1, now
            if row.attempts >= rules.attempts:
                row.state, row.finished_at, row.finished_by = CallBackState.UNREACHABLE, now, actor.id
            words = _("Call-back no. {number}: not reached. {note}").format(number=row.attempts, note=note).strip()
            session.add(_said(case, words, actor, now))
            touch(session, case, self._office)

    def finish(
        self, actor: Actor, call_id: int, version: int, scores: Mapping[str, int], comment: str = ''
    ) -> bool:
        """Record the answers; whether a follow-up was opened. The first question's score counts as satisfaction.

        Raises `NotAllowed`, `InvalidInput` by question, `Conflict`.
        """
        require(actor, Permission.MESSAGE)
        with self._office.write(actor, N_("called a customer back")) as session:
            row, case, rules = self._open_call(session, call_id, version)
            check_answers(scores, rules)
            now = self._office.now()
            first = OVERALL if OVERALL in rules.questions else rules.questions[0]
            row.answers = [[question, scores[question]] for question in rules.questions]
            row.score, row.comment, row.state = scores[first], comment.strip()[:400], CallBackState.DONE
            row.attempts, row.attempted_at = row.attempts + 1, now
            row.finished_at, row.finished_by = now, actor.id
            session.add(
                Satisfaction(
                    case_id=case.id, score=row.score, comment=row.comment, answered_at=now, asked_by=actor.id
                )
            )
            record_event(session, case, EventKind.CALLED_BACK, now, actor, self._office)
            low = is_low(scores, rules)
            if low:
                self._follow(session, case, row, min(scores.values()), rules)
            touch(session, case, self._office)
            return low

    def work_on(self, actor: Actor, follow_id: int, version: int, root_cause: str, fix: str) -> None:
        """Keep the root cause and what was put right. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        require(actor, Permission.COMPLAINT)
        with self._office.write(actor, N_("worked on a follow-up")) as session:
            row = _open_follow_up(session, follow_id, version)
            wrong = {}
            if root_cause not in root_causes(session, actor.office_id, self._office.today()):
                wrong['root_cause'] = _("Choose a root cause.")
            if not fix.strip():
                wrong['fix'] = _("Write what was put right.")
            if wrong:
                raise InvalidInput(_("Some fields need your attention."), '', wrong)
            row.root_cause, row.fix = root_cause, fix.strip()
            touch(session, get(session, Case, row.case_id), self._office)

    def second_call(self, actor: Actor, follow_id: int, version: int, score: int, note: str = '') -> None:
        """The customer was called again, which ends the follow-up. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.COMPLAINT)
        if score not in range(1, 6):
            raise InvalidInput(_("The score runs from 1 to 5."), '', {'score': _("The score runs from 1 to 5.")})
        with self._office.write(actor, N_("called a customer a second time")) as session:
            row = _open_follow_up(session, follow_id, version)
            if not row.root_cause or not row.fix:
                raise InvalidInput(
                    _("First put it right: name the root cause and what was done."), _("Then call the customer again.")
                )
            now, case = self._office.now(), get(session, Case, row.case_id)
            row.second_score, row.contacted_at = score, now
            row.closed_at, row.closed_by = now, actor.id
            words = _("Second call after a low score: {score} of 5. {note}").format(score=score, note=note).strip()
            session.add(_said(case, words, actor, now))
            touch(session, case, self._office)

    def rules(self, actor: Actor) -> CallBackRules:
        """The questionnaire in force today."""
        with self._office.database.read() as session:
            return _rules(session, actor.office_id, self._office.today())

    def save_rules(self, actor: Actor, rules: CallBackRules, valid_from: dt.date, version: int | None = None) -> None:
        """Let this questionnaire hold from `valid_from` on. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        check_rules(rules)
        with self._office.write(actor, N_("changed the questionnaire")) as session:
            set_rule(session, actor.office_id, KEY, valid_from, as_value(rules), version)

    def _open_call(self, session: Session, call_id: int, version: int) -> tuple[CallBack, Case, CallBackRules]:
        row = get_for_edit(session, CallBack, call_id, version)
        if row.state is not CallBackState.OPEN:
            raise InvalidInput(_("This call has been dealt with."), _("Refresh the list."))
        case = get(session, Case, row.case_id)
        return row, case, _rules(session, case.office_id, row.paid_at.date())

    def _follow(self, session: Session, case: Case, call: CallBack, score: int, rules: CallBackRules) -> None:
        owner = least_busy(
            session, self._office, case.office_id, (Role.COORDINATOR, Role.MANAGER), FollowUp.owner_id,
            FollowUp.closed_at.is_(None),
        )  # fmt: skip
        now = self._office.now()
        session.add(
            FollowUp(
                case_id=case.id,
                call_back_id=call.id,
                owner_id=owner,
                score=score,
                opened_at=now,
                due_at=workdays_after(now, rules.follow_up_days, self._office.calendar),
            )
        )

    def _calls(self, session: Session, condition: ColumnElement[bool]) -> list[CallBackView]:
        rows = session.execute(
            select(CallBack, Case)
            .join(Case, Case.id == CallBack.case_id)
            .where(condition)
            .order_by(CallBack.finished_at.is_not(None), CallBack.due_at, CallBack.id)
            .limit(MOST_ROWS)
        ).all()
        names = names_of(session, (row.owner_id for row, _case in rows))
        now = self._office.now()
        views = []
        for row, case in rows:
            rules = _rules(session, case.office_id, row.paid_at.date())
            views.append(
                CallBackView(
                    id=row.id,
                    version=row.version,
                    case_id=case.id,
                    case_number=case.number,
                    insured_name=case.insured_name,
                    reporter_name=case.reporter_name,
                    phone=case.reporter_phone,
                    owner=names.get(row.owner_id, ''),
                    paid_at=row.paid_at,
                    due_at=row.due_at,
                    due_state=due_state(row.due_at, now, done=row.state is not CallBackState.OPEN),
                    state=row.state,
                    attempts=row.attempts,
                    attempted_at=row.attempted_at,
                    questions=rules.questions,
                    most_attempts=rules.attempts,
                    answers=_answers(row),
                    score=row.score,
                    comment=row.comment,
                    finished_at=row.finished_at,
                )
            )
        return views

    def _follow_ups(self, session: Session, condition: ColumnElement[bool]) -> list[FollowUpView]:
        rows = session.execute(
            select(FollowUp, CallBack, Case)
            .join(CallBack, CallBack.id == FollowUp.call_back_id)
            .join(Case, Case.id == FollowUp.case_id)
            .where(condition)
            .order_by(FollowUp.closed_at.is_not(None), FollowUp.due_at, FollowUp.id)
            .limit(MOST_ROWS)
        ).all()
        names = names_of(session, (row.owner_id for row, *_rest in rows))
        now = self._office.now()
        return [
            FollowUpView(
                id=row.id,
                version=row.version,
                case_id=case.id,
                case_number=case.number,
                insured_name=case.insured_name,
                phone=case.reporter_phone,
                owner=names.get(row.owner_id, ''),
                score=row.score,
                comment=call.comment,
                answers=_answers(call),
                opened_at=row.opened_at,
                due_at=row.due_at,
                due_state=due_state(row.due_at, now, done=row.closed_at is not None),
                root_cause=row.root_cause,
                fix=row.fix,
                contacted_at=row.contacted_at,
                second_score=row.second_score,
                closed_at=row.closed_at,
            )
            for row, call, case in rows
        ]


def open_call_back(session: Session, office: OfficeContext, case: Case) -> None:
    """A case has been paid: somebody calls the customer, unless that is on somebody's list already."""
    if case.paid_at is None:
        return
    waits = session.scalar(
        select(CallBack.id).where(CallBack.case_id == case.id, CallBack.state == CallBackState.OPEN)
    )
    if waits is not None:
        return
    is_open = CallBack.state == CallBackState.OPEN
    session.add(
        CallBack(
            case_id=case.id,
            owner_id=least_busy(session, office, case.office_id, (Role.SERVICE,), CallBack.owner_id, is_open),
            paid_at=case.paid_at,
            due_at=call_due(case, case.paid_at, office),
        )
    )


def _rules(session: Session, office_id: int, day: dt.date) -> CallBackRules:
    return rules_from(rule_at(session, office_id, KEY, day, None))


def _open_follow_up(session: Session, follow_id: int, version: int) -> FollowUp:
    row = get_for_edit(session, FollowUp, follow_id, version)
    if row.closed_at is not None:
        raise InvalidInput(_("This follow-up has been closed."), _("Refresh the list."))
    return row


def _answers(row: CallBack) -> tuple[AnswerView, ...]:
    return tuple(AnswerView(question_words(question), score) for question, score in row.answers or ())


def _said(case: Case, words: str, actor: Actor, now: dt.datetime) -> Message:
    return Message(
        case_id=case.id,
        channel=Channel.PHONE,
        incoming=False,
        with_whom=case.reporter_name,
        body=words,
        at=now,
        written_by=actor.id,
    )
