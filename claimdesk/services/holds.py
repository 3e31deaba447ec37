"""Who has which document on the bench: two people never check the same one, and no crash keeps a paper for long."""

from __future__ import annotations

import datetime as dt
import os
import socket
from uuid import uuid4

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Document, DocumentHold
from claimdesk.models.rows import insert_new
from claimdesk.services.context import Actor, OfficeContext

HOLD = dt.timedelta(seconds=90)
"""So long a document is held unless the hold is renewed: after a crash others wait no longer."""
RENEW = dt.timedelta(seconds=25)
"""How often a desk says that it still has the document."""


class Holds:
    """The holds of one desk, which has one document on its bench at a time."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office
        self._holder = f'{socket.gethostname()[:30]}:{os.getpid()}:{uuid4().hex[:8]}'

    def take(self, actor: Actor, document_id: int) -> str:
        """Hold a document for this desk, give back what it held before: '', or the name of the person who has it.

        Taking what is held already renews it. A document that is gone is held by nobody.
        """
        now = self._office.now()
        free = or_(
            DocumentHold.holder == self._holder,
            DocumentHold.held_until < now,
            # A hold that ends further off than any hold may was taken by a computer whose clock is wrong.
            DocumentHold.held_until > now + 2 * HOLD,
        )
        mine = {'account_id': actor.id, 'holder': self._holder, 'held_until': now + HOLD}
        with self._office.database.write(N_("held a document"), actor.id, actor.name) as session:
            session.execute(
                delete(DocumentHold).where(
                    DocumentHold.holder == self._holder, DocumentHold.document_id != document_id
                )
            )
            if session.get(Document, document_id) is None:
                return ''
            session.execute(insert_new(session, DocumentHold), [{'document_id': document_id, **mine}])
            taken = session.scalars(
                update(DocumentHold)
                .where(DocumentHold.document_id == document_id, free)
                .values(mine)
                .returning(DocumentHold.document_id)
                .execution_options(synchronize_session=False)
            ).all()
            return '' if taken else _names(session, DocumentHold.document_id == document_id).get(document_id, '')

    def give_back(self, actor: Actor) -> None:
        """Hold nothing any more."""
        with self._office.database.write(N_("gave a document back"), actor.id, actor.name) as session:
            session.execute(delete(DocumentHold).where(DocumentHold.holder == self._holder))

    def of_others(self, actor: Actor) -> dict[int, str]:
        """The documents that other desks hold now, each with the name of the person who has it."""
        with self._office.database.read() as session:
            return _names(session, DocumentHold.holder != self._holder, DocumentHold.held_until >= self._office.now())


def refuse_held(session: Session, document_id: int, actor: Actor, now: dt.datetime) -> None:
    """Raise `InvalidInput` while another person has the document on the bench."""
    name = _names(
        session,
        DocumentHold.document_id == document_id,
        DocumentHold.account_id != actor.id,
        DocumentHold.held_until >= now,
    ).get(document_id)
    if name is not None:
        raise InvalidInput(
            _("{name} is checking this document.").format(name=name), _("Go on with the next one.")
        )


def _names(session: Session, *conditions: ColumnElement[bool]) -> dict[int, str]:
    rows = session.execute(
        select(DocumentHold.document_id, Account.name)
        .join(Account, Account.id == DocumentHold.account_id)
        .where(*conditions)
    )
    return dict(rows.all())
