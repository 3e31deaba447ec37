"""What was said with customers: calls, texts, letters, notes; complaints and answers on satisfaction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, Complaint, Message, Satisfaction
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import touch
from claimdesk.services.context import Actor, OfficeContext, require
from claimdesk.vocabulary import Channel


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
class ComplaintView:
    """A complaint; `answered_at` is None while it is open."""

    id: int
    version: int
    complainant: str
    content: str
    received_at: dt.datetime
    owner: str
    answer: str
    answered_at: dt.datetime | None


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
            touch(session, case, self._office)

    def complaints(self, actor: Actor, case_id: int) -> list[ComplaintView]:
        """The complaints about the case, the newest first."""
        query = (
            select(Complaint, Account.name)
            .outerjoin(Account, Account.id == Complaint.owner_id)
            .where(Complaint.case_id == case_id)
            .order_by(Complaint.received_at.desc())
        )
        with self._office.database.read() as session:
            return [
                ComplaintView(
                    row.id,
                    row.version,
                    row.complainant,
                    row.content,
                    row.received_at,
                    name or '',
                    row.answer,
                    row.answered_at,
                )
                for row, name in session.execute(query)
            ]

    def complain(self, actor: Actor, case_id: int, complainant: str, content: str) -> None:
        """Take a complaint. Raises `NotAllowed` and `InvalidInput`."""
        require(actor, Permission.COMPLAINT)
        if not content.strip():
            raise InvalidInput(_("Write what the complaint is about."), '', {'content': _("Enter this.")})
        with self._office.write(actor, N_("took a complaint")) as session:
            case = get(session, Case, case_id)
            session.add(
                Complaint(
                    case_id=case_id,
                    complainant=complainant.strip() or case.insured_name,
                    content=content.strip(),
                    received_at=self._office.now(),
                    owner_id=actor.id,
                )
            )
            touch(session, case, self._office)

    def answer_complaint(self, actor: Actor, complaint_id: int, version: int, answer: str) -> None:
        """Answer a complaint, which ends it. Raises `NotAllowed`, `InvalidInput`, `Conflict`."""
        require(actor, Permission.COMPLAINT)
        if not answer.strip():
            raise InvalidInput(_("Write the answer."), '', {'answer': _("Enter this.")})
        with self._office.write(actor, N_("answered a complaint")) as session:
            row = get_for_edit(session, Complaint, complaint_id, version, answer=answer)
            row.answer, row.answered_at, row.owner_id = answer.strip(), self._office.now(), actor.id
            touch(session, get(session, Case, row.case_id), self._office)

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
