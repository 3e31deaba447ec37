"""Asking an approver: anybody on a case may ask that it be reopened, refused, cancelled or closed; another decides."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, MoveRequest
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import MOVES, TWO_PEOPLE, Move
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require


@dataclass(frozen=True, slots=True)
class RequestView:
    """What somebody asked for and what became of it; `granted` is None while nobody has decided."""

    id: int
    version: int
    case_id: int
    case_number: str
    move: Move
    reason: str
    requested_by: str
    requested_by_id: int
    requested_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    granted: bool | None
    answer: str


class Requests:
    """Moves that one person asks for and another decides; granting one is making the move (`services.workflow`)."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[RequestView]:
        """The requests on a case, the newest first."""
        with self._office.database.read() as session:
            return _views(session, MoveRequest.case_id == case_id)

    def waiting(self, actor: Actor) -> list[RequestView]:
        """Every request that waits for an answer, the oldest first."""
        with self._office.database.read() as session:
            return _views(session, MoveRequest.decided_by.is_(None))[::-1]

    def ask(self, actor: Actor, case_id: int, move: Move, reason: str) -> None:
        """Ask an approver for `move`. Raises `NotAllowed`, and `InvalidInput` where it was asked for already."""
        require(actor, Permission.EDIT_CASE)
        if move not in TWO_PEOPLE:
            raise InvalidInput(_("This step needs no request."), _("Make it from the case."))
        if not reason.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        try:
            with self._office.write(actor, N_("asked an approver")) as session:
                case = get(session, Case, case_id)
                if case.stage not in MOVES[move].from_stages:
                    raise InvalidInput(_("The case is not at a stage where this is possible."), _("Refresh the case."))
                session.add(
                    MoveRequest(
                        case_id=case_id,
                        move=move.value,
                        reason=reason.strip(),
                        requested_by=actor.id,
                        requested_at=self._office.now(),
                    )
                )
                touch(session, case, self._office)
        except IntegrityError as error:
            raise InvalidInput(
                _("This has been asked for already."), _("Wait for the answer, or call the approver.")
            ) from error

    def decline(self, actor: Actor, request_id: int, version: int, answer: str) -> None:
        """Say no, with the reason. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        if not answer.strip():
            raise InvalidInput(_("Give a reason."), '', {'reason': _("Give a reason.")})
        with self._office.write(actor, N_("declined a request")) as session:
            row = get_for_edit(session, MoveRequest, request_id, version)
            require(actor, MOVES[Move(row.move)].permission)
            if row.decided_by is not None:
                raise InvalidInput(_("This request has been answered already."), _("Refresh the case."))
            if row.requested_by == actor.id:
                raise InvalidInput(
                    _("You asked for this, so somebody else must decide."), _("Another approver answers it.")
                )
            row.granted, row.decided_by, row.decided_at = False, actor.id, self._office.now()
            row.answer = answer.strip()
            touch(session, get(session, Case, row.case_id), self._office)


def grant_request(session: Session, case_id: int, move: Move, actor: Actor, now: dt.datetime) -> None:
    """The move is being made: whoever asked for it has been answered."""
    row = session.scalar(
        select(MoveRequest).where(
            MoveRequest.case_id == case_id, MoveRequest.move == move.value, MoveRequest.decided_by.is_(None)
        )
    )
    if row is not None:
        row.granted, row.decided_by, row.decided_at = True, actor.id, now


def _views(session: Session, condition: ColumnElement[bool]) -> list[RequestView]:
    asker, decider = aliased(Account), aliased(Account)
    rows = session.execute(
        select(MoveRequest, Case.number, asker.name, decider.name)
        .join(Case, Case.id == MoveRequest.case_id)
        .join(asker, asker.id == MoveRequest.requested_by)
        .outerjoin(decider, decider.id == MoveRequest.decided_by)
        .where(condition)
        .order_by(MoveRequest.id.desc())
    )
    return [
        RequestView(
            row.id, row.version, row.case_id, number, Move(row.move), row.reason, asked, row.requested_by,
            row.requested_at, decided or '', row.decided_at, row.granted, row.answer,
        )
        for row, number, asked, decided in rows
    ]  # fmt: skip
