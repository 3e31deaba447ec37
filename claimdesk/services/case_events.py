"""The events by which the clocks of a case run: shown, recorded and corrected by people, never forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, CaseEvent
from claimdesk.models.rows import get
from claimdesk.rules.clocks import BY_HAND, CORRECTABLE, EventKind, pauses_of
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import events_of, has_event, record_event, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import Stage, label

K = EventKind
_AGAIN = frozenset({K.NOTICE_ARRIVED, K.SUPPLEMENT_ARRIVED, K.NOTIFIED, K.RESCUE_ASKED, K.RESCUE_PAID, K.APPRAISED})
"""What may happen more than once on a case."""


@dataclass(frozen=True, slots=True)
class EventView:
    """One event. `voided`: a wrong time, kept beside the right one. `correctable` says whether people may change it."""

    id: int
    kind: EventKind
    at: dt.datetime
    recorded_at: dt.datetime
    recorded_by: str
    note: str
    voided: bool
    correctable: bool


class CaseEvents:
    """What happened on a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[EventView]:
        """Every event of the case in the order in which it happened, those that were corrected included."""
        with self._office.database.read() as session:
            names = dict(session.execute(select(Account.id, Account.name)).all())
            rows = session.scalars(
                select(CaseEvent)
                .where(CaseEvent.case_id == case_id)
                .order_by(CaseEvent.happened_at, CaseEvent.id)
            )
            return [
                EventView(
                    id=row.id,
                    kind=EventKind(row.kind),
                    at=row.happened_at,
                    recorded_at=row.recorded_at,
                    recorded_by=names.get(row.recorded_by or 0, ''),
                    note=row.note,
                    voided=row.voided,
                    correctable=EventKind(row.kind) in CORRECTABLE and not row.voided,
                )
                for row in rows
            ]

    def to_record(self, actor: Actor, case_id: int) -> list[EventKind]:
        """What a person may still record by hand on the case."""
        with self._office.database.read() as session:
            known = {event.kind for event in events_of(session, case_id)}
        return [kind for kind in BY_HAND if kind in _AGAIN or kind not in known]

    def record(self, actor: Actor, case_id: int, kind: EventKind, at: dt.datetime, note: str = '') -> None:
        """Record that `kind` happened at `at`. Raises `NotAllowed`, and `InvalidInput` by field."""
        require(actor, Permission.EDIT_CASE)
        if kind not in BY_HAND:
            raise InvalidInput(_("“{event}” is recorded by the work itself.").format(event=label(kind)))
        with self._office.write(actor, N_("recorded an event")) as session:
            case = _open_case(session, case_id)
            self._check(case, at)
            if kind not in _AGAIN and has_event(session, case.id, kind):
                raise InvalidInput(
                    _("“{event}” is recorded already.").format(event=label(kind)), _("Correct its time instead.")
                )
            _check_pause(session, case, kind, at)
            record_event(session, case, kind, at, actor, self._office, note.strip()[:400])
            touch(session, case, self._office)

    def correct(self, actor: Actor, event_id: int, at: dt.datetime, reason: str) -> None:
        """Put another time in the place of an event's; the wrong one is kept. Raises `InvalidInput` by field."""
        require(actor, Permission.EDIT_CASE)
        with self._office.write(actor, N_("corrected the time of an event")) as session:
            event, case = self._void(session, event_id, reason)
            self._check(case, at)
            if at == event.happened_at:
                raise InvalidInput(_("This is the time that is recorded."), '', {'at': _("Enter another time.")})
            record_event(session, case, EventKind(event.kind), at, actor, self._office, reason.strip()[:400])
            touch(session, case, self._office)

    def take_back(self, actor: Actor, event_id: int, reason: str) -> None:
        """Take an event back that did not happen; it is kept as such. Raises `InvalidInput` by field."""
        require(actor, Permission.EDIT_CASE)
        with self._office.write(actor, N_("took an event back")) as session:
            event, case = self._void(session, event_id, reason)
            if EventKind(event.kind) not in BY_HAND:
                raise InvalidInput(_("“{event}” is recorded by the work itself.").format(event=label(K(event.kind))))
            event.note = reason.strip()[:400]
            touch(session, case, self._office)

    def _void(self, session: Session, event_id: int, reason: str) -> tuple[CaseEvent, Case]:
        if not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        event = get(session, CaseEvent, event_id)
        if event.voided:
            raise InvalidInput(_("Somebody has corrected this already."), _("Look at the new state, then go on."))
        if EventKind(event.kind) not in CORRECTABLE:
            raise InvalidInput(_("The time of “{event}” cannot be changed.").format(event=label(K(event.kind))))
        event.voided = True
        return event, _open_case(session, event.case_id)

    def _check(self, case: Case, at: dt.datetime) -> None:
        problem = ''
        if at > self._office.now():
            problem = _("This time has not come yet.")
        elif at < case.loss_at:
            problem = _("This is before the loss.")
        if problem:
            raise InvalidInput(problem, '', {'at': problem})


def _check_pause(session: Session, case: Case, kind: EventKind, at: dt.datetime) -> None:
    waits = any(pause.end is None for pause in pauses_of(events_of(session, case.id), case.loss_at))
    if kind is K.SUPPLEMENT_ARRIVED and not waits:
        raise InvalidInput(_("No notice of missing documents waits for an answer."), _("Record its arrival first."))
    if kind is K.NOTICE_ARRIVED and waits:
        raise InvalidInput(_("A notice of missing documents waits for its answer already."))


def _open_case(session: Session, case_id: int) -> Case:
    case = get(session, Case, case_id)
    if case.stage is Stage.CLOSED:
        raise InvalidInput(_("The case is closed."), _("Reopen it before changing it."))
    return case
