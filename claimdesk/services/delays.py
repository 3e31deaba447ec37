"""Why a step was late: asked before an overdue step is finished, kept with the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, DelayNote
from claimdesk.models.rows import get
from claimdesk.rules.clocks import Clock, Duty
from claimdesk.rules.permissions import Permission
from claimdesk.rules.reminding import REMINDERS_KEY, reminders_from
from claimdesk.services.clockwork import clocks_of
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.services.office_rules import rule_at
from claimdesk.vocabulary import DelayCode, DueState, Stage


@dataclass(frozen=True, slots=True)
class DelayView:
    """Why a step was late, and who said so."""

    stage: Stage
    clock: str
    due_at: dt.datetime
    code: DelayCode
    note: str
    given_by: str
    given_at: dt.datetime


def broken_clock(session: Session, case: Case, office: OfficeContext) -> Clock | None:
    """The first limit that the office broke while the case was at its present stage, if that has not been explained."""
    if case.stage is Stage.CLOSED or case.due_at >= office.now():
        return None
    rules = reminders_from(rule_at(session, case.office_id, REMINDERS_KEY, office.today(), None))
    if not rules.ask_reason or _explained(session, case):
        return None
    broken = [
        clock
        for clock in clocks_of(session, case, office, office.now())
        if clock.state is DueState.OVERDUE
        and clock.rule.counts
        and clock.rule.duty is Duty.OFFICE
        and clock.due >= case.stage_entered_at
    ]
    return min(broken, key=lambda clock: clock.due, default=None)


def _explained(session: Session, case: Case) -> bool:
    query = select(DelayNote.id).where(
        DelayNote.case_id == case.id, DelayNote.stage == case.stage, DelayNote.given_at >= case.stage_entered_at
    )
    return session.scalar(query.limit(1)) is not None


class Delays:
    """The reasons why steps were late."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[DelayView]:
        """Every reason that was given on the case, the oldest first."""
        with self._office.database.read() as session:
            names = dict(session.execute(select(Account.id, Account.name)).all())
            notes = session.scalars(select(DelayNote).where(DelayNote.case_id == case_id).order_by(DelayNote.id))
            return [
                DelayView(
                    note.stage, note.clock, note.due_at, DelayCode(note.code), note.note,
                    names.get(note.given_by, ''), note.given_at,
                )
                for note in notes
            ]  # fmt: skip

    def explain(self, actor: Actor, case_id: int, code: DelayCode, note: str = '') -> None:
        """Say why the step at hand is late. Raises `NotAllowed`, `NotFound`, and `InvalidInput` by field."""
        require(actor, Permission.EXPLAIN_DELAY)
        if code is DelayCode.OTHER and not note.strip():
            raise InvalidInput(_("Say in words what the reason was."), '', {'note': _("Please fill this in.")})
        with self._office.write(actor, N_("said why the step was late")) as session:
            case = get(session, Case, case_id)
            clock = broken_clock(session, case, self._office)
            if clock is None:
                raise InvalidInput(_("Nothing is late at this step, or its reason has been given."))
            session.add(
                DelayNote(
                    case_id=case.id,
                    stage=case.stage,
                    clock=clock.rule.id,
                    due_at=clock.due,
                    code=code.value,
                    note=note.strip()[:400],
                    given_by=actor.id,
                    given_at=self._office.now(),
                )
            )
