"""The copy of a letter that stays in the case: printed and brought to the store first, then numbered and written down.

Nobody waits for a printer or a store inside the transaction. The number is foretold, and taken in the transaction that
writes the letter down; where another desk took it meanwhile, the letter is printed anew.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import Conflict
from claimdesk.language import _
from claimdesk.models import Account, Case, Document, DocumentPage, Letter, Message, Office
from claimdesk.progress import Progress, quiet
from claimdesk.rules.letters import LETTERS, LetterText
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.files import digest, keep_file
from claimdesk.services.letter_contents import Material
from claimdesk.services.sequences import next_number, number_ahead
from claimdesk.vocabulary import Channel, DocumentState, LetterKind

if TYPE_CHECKING:
    from claimdesk.reports.letters import LetterPage

SOURCE = 'letter'
"""The `source` of a document that is a letter of the office's own."""
MOST_TRIES = 5
"""How often a letter is printed anew because another desk was faster with its number."""
_SEQUENCE = 'letter'
Sent = TypeVar('Sent')


@dataclass(frozen=True, slots=True)
class LetterCopy:
    """A letter as it is printed, and the number on it."""

    number: str
    content: bytes
    pages: int


class NumberTaken(Conflict):
    """Another letter went out under the number that was printed."""

    def __init__(self) -> None:
        super().__init__(
            _("Other letters were sent at the same moment, and this one got no number."), _("Send it again.")
        )


def page_of(
    session: Session,
    office: OfficeContext,
    actor: Actor,
    case: Case,
    text: LetterText,
    material: Material,
    *,
    draft: bool = False,
) -> LetterPage:
    """The letter ready to print, without a number yet."""
    from claimdesk.reports.letters import LetterPage
    from claimdesk.reports.paper import Head

    now = office.now().astimezone(SHANGHAI)
    name = session.get_one(Office, case.office_id).name
    handler = session.get(Account, actor.id if material.internal else case.owner_id or 0)
    return LetterPage(
        head=Head(name, text.title, case.number, actor.name, now),
        number='',
        addressee=material.addressee,
        address=material.address,
        body=text.body,
        parts=material.parts,
        closing=text.closing,
        office=name,
        day=now.date(),
        handler=handler.name if handler is not None else actor.name,
        handler_phone=handler.phone if handler is not None else '',
        signers=material.signers,
        draft=draft,
    )


def send_printed(
    office: OfficeContext,
    office_id: int,
    page: LetterPage,
    write: Callable[[LetterCopy], Sent],
    progress: Progress = quiet,
) -> Sent:
    """Print `page` with the office's next number, bring it to the store, then let `write` write it down.

    `write` is one transaction, and is called again with another number where it raises `NumberTaken`. Raises
    `Unavailable`, what `write` raises, and `NumberTaken` where other desks were faster each time.
    """
    for last in (*[False] * (MOST_TRIES - 1), True):
        copy = _printed(office, office_id, page, progress)
        try:
            return write(copy)
        except NumberTaken:
            if last:
                raise
    raise AssertionError('the last try returns or raises')


def _printed(office: OfficeContext, office_id: int, page: LetterPage, progress: Progress) -> LetterCopy:
    from claimdesk.ocr import page_count
    from claimdesk.reports.letters import letter_pdf

    with office.database.read() as session:
        ahead = number_ahead(session, office_id, _SEQUENCE, page.day.year)
        number = _number(session, office_id, page.day.year, ahead)
    content = letter_pdf(replace(page, number=number), progress)
    office.files.bring(digest(content), content)
    return LetterCopy(number, content, page_count(content))


def keep_letter(
    session: Session,
    office: OfficeContext,
    actor: Actor,
    case: Case,
    kind: LetterKind,
    text: LetterText,
    material: Material,
    channel: Channel,
    copy: LetterCopy,
    *,
    reason: str = '',
    arrived_at: dt.datetime | None = None,
    turn: int = 0,
) -> Letter:
    """Take the number of `copy`, put it into the case and write down that it went out; all in the caller's transaction.

    Raises `NumberTaken`.
    """
    now = office.now()
    earlier = session.scalar(
        select(func.count()).select_from(Letter).where(Letter.case_id == case.id, Letter.kind == kind)
    )
    year = now.astimezone(SHANGHAI).year
    number = _number(session, case.office_id, year, next_number(session, case.office_id, _SEQUENCE, year))
    if number != copy.number:
        raise NumberTaken
    letter = Letter(
        office_id=case.office_id,
        case_id=case.id,
        kind=kind,
        number=number,
        turn=turn or (earlier or 0) + 1,
        addressee=material.addressee[:120],
        body='\n'.join(filter(None, (text.body, text.closing))),
        details=dict(material.details),
        reason=reason,
        channel=channel,
        sent_by=actor.id,
        sent_at=now,
        arrived_at=arrived_at,
    )
    letter.document_id = _keep_copy(session, office, actor, case, f'{text.title} {number}', copy)
    session.add(letter)
    if LETTERS[kind].to_customer:
        session.add(
            Message(
                case_id=case.id,
                channel=channel,
                incoming=False,
                with_whom=material.addressee[:60],
                body=f'{text.title} {number}\n{letter.body}',
                at=arrived_at or now,
                written_by=actor.id,
            )
        )
    session.flush()
    return letter


def _number(session: Session, office_id: int, year: int, value: int) -> str:
    return f'{session.get_one(Office, office_id).code}{year}-L{value:06d}'


def _keep_copy(
    session: Session, office: OfficeContext, actor: Actor, case: Case, title: str, copy: LetterCopy
) -> int:
    sha256, now = digest(copy.content), office.now()
    keep_file(session, office.files, sha256, copy.content, f'{title}.pdf', now)
    document = Document(
        office_id=case.office_id,
        case_id=case.id,
        state=DocumentState.CONFIRMED,
        title=title[:200],
        source=SOURCE,
        added_by=actor.id,
        added_at=now,
        confirmed_by=actor.id,
        confirmed_at=now,
    )
    document.pages = [DocumentPage(position=index, sha256=sha256, page_index=index) for index in range(copy.pages)]
    session.add(document)
    session.flush()
    return document.id
