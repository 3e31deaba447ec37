"""What was said with customers: calls, texts, letters, notes; and answers on satisfaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, Message, Satisfaction
from claimdesk.models.rows import get
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import has_event, record_event, touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import Channel, Stage


@dataclass(frozen=True, slots=True)
class MessageView:
    """One conversation; `incoming` is None for an internal note."""

    id: int
    channel: Channel
    incoming: bool | None
    with_whom: str
    body: str
    at: dt.datetime
    written_by: str


@dataclass(frozen=True, slots=True)
class SatisfactionView:
    """A customer's answer, 1 (bad) to 5 (good)."""

    score: int
    comment: str
    answered_at: dt.datetime


class Messages:
    """The talk about a case."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[MessageView]:
        """The conversations of the case, the newest first."""
        query = (
            select(Message, Account.name)
            .outerjoin(Account, Account.id == Message.written_by)
            .where(Message.case_id == case_id)
            .order_by(Message.at.desc(), Message.id.desc())
        )
        with self._office.database.read() as session:
            return [
                MessageView(row.id, row.channel, row.incoming, row.with_whom, row.body, row.at, name or '')
                for row, name in session.execute(query)
            ]

    def note(
        self, actor: Actor, case_id: int, channel: Channel, body: str, incoming: bool | None = None, with_whom: str = ''
    ) -> None:
        """Record a conversation or an internal note. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.MESSAGE)
        if not body.strip():
            raise InvalidInput(_("Write what was said."), '', {'body': _("Write what was said.")})
        with self._office.write(actor, N_("recorded a conversation")) as session:
            case = get(session, Case, case_id)
            session.add(
                Message(
                    case_id=case_id,
                    channel=channel,
                    incoming=None if channel is Channel.NOTE else incoming,
                    with_whom=with_whom.strip(),
                    body=body.strip(),
                    at=self._office.now(),
                    written_by=actor.id,
                )
            )
            if channel is not Channel.NOTE and case.stage is not Stage.CLOSED:
                _first_contact(session, case, actor, self._office)
            touch(session, case, self._office)

    def satisfaction(self, actor: Actor, case_id: int) -> list[SatisfactionView]:
        """The customer's answers after the payment, the newest first."""
        query = (
            select(Satisfaction).where(Satisfaction.case_id == case_id).order_by(Satisfaction.answered_at.desc())
        )
        with self._office.database.read() as session:
            return [SatisfactionView(row.score, row.comment, row.answered_at) for row in session.scalars(query)]

    def note_satisfaction(self, actor: Actor, case_id: int, score: int, comment: str = '') -> None:
        """Record a customer's answer, 1 to 5. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.MESSAGE)
        if score not in range(1, 6):
            raise InvalidInput(_("The score runs from 1 to 5."), '', {'score': _("The score runs from 1 to 5.")})
        with self._office.write(actor, N_("recorded the customer's satisfaction")) as session:
            case = get(session, Case, case_id)
            session.add(
                Satisfaction(
                    case_id=case_id,
                    score=score,
                    comment=comment.strip(),
                    answered_at=self._office.now(),
                    asked_by=actor.id,
                )
            )
            touch(session, case, self._office)


def _first_contact(session: Session, case: Case, actor: Actor, office: OfficeContext) -> None:
    if not has_event(session, case.id, EventKind.CONTACTED):
        record_event(session, case, EventKind.CONTACTED, office.now(), actor, office)
