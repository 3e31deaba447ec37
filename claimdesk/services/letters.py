"""The letters of a case: worded by the office's texts, seen before they go, numbered and kept when they are sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, Document, DocumentPage, Letter, Message, Office, StoredFile
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.letters import LETTERS, LetterText, fill, from_json, rule_key, text_problems, to_json
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import has_event, record_event, touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.document_pages import as_pdf
from claimdesk.services.files import digest
from claimdesk.services.letter_contents import Material, gather, why_not_yet
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.services.sequences import next_number
from claimdesk.vocabulary import Channel, DocumentState, LetterKind, Stage

if TYPE_CHECKING:
    from claimdesk.reports.letters import LetterPage

SOURCE = 'letter'
"""The `source` of a document that is a letter of the office's own."""

_EVENTS = {LetterKind.PAYMENT_NOTICE: EventKind.NOTIFIED, LetterKind.REFUSAL: EventKind.REFUSAL_SENT}
"""What the sending of a letter means for the clocks, the first time."""


@dataclass(frozen=True, slots=True)
class LetterOffer:
    """A letter of the standard set; `why_not` says what is missing before it can be made, '' where nothing is."""

    kind: LetterKind
    to_customer: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as it went out. `arrived_at` is None until the arrival is recorded; `turn` counts those of its kind."""

    id: int
    version: int
    kind: LetterKind
    number: str
    turn: int
    addressee: str
    body: str
    reason: str
    channel: Channel
    sent_by: str
    sent_at: dt.datetime
    arrived_at: dt.datetime | None
    document_id: int | None
    details: Mapping[str, Any]


class Letters:
    """Making, previewing, sending and printing the letters of a case, and wording them for the office."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    # Looking

    def offers(self, actor: Actor, case_id: int) -> list[LetterOffer]:
        """Every letter of the set, and whether it can be made of the case now. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            return [
                LetterOffer(kind, rule.to_customer, why_not_yet(session, case, kind)) for kind, rule in LETTERS.items()
            ]

    def of_case(self, actor: Actor, case_id: int) -> list[LetterView]:
        """The letters that went out, the newest first."""
        with self._office.database.read() as session:
            return letter_views(session, case_id)

    def text(self, actor: Actor, case_id: int, kind: LetterKind, note: str = '') -> LetterText:
        """The letter's words for this case, ready to be sent as they are or changed. Raises `InvalidInput`."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            material = gather(session, self._office, actor, case, kind, note)
            return filled(text_at(session, actor.office_id, kind, self._office.today()), material)

    def preview(
        self,
        actor: Actor,
        case_id: int,
        kind: LetterKind,
        text: LetterText | None = None,
        note: str = '',
        progress: Progress = quiet,
    ) -> bytes:
        """The letter as it would go out, as PDF, marked as a draft. Raises `InvalidInput` if it cannot be made yet."""
        from claimdesk.reports.letters import letter_pdf

        progress(0, 0, _("Gathering the file"))
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            material = gather(session, self._office, actor, case, kind, note)
            words = text or filled(text_at(session, actor.office_id, kind, self._office.today()), material)
            page = page_of(session, self._office, actor, case, words, material, draft=LETTERS[kind].to_customer)
        return letter_pdf(page, progress)

    def pdf(self, actor: Actor, letter_id: int, progress: Progress = quiet) -> bytes:
        """A letter that went out, as PDF: the copy in the file, or printed again from its words."""
        from claimdesk.reports.letters import letter_pdf

        with self._office.database.read() as session:
            letter = get(session, Letter, letter_id)
            document = session.get(Document, letter.document_id) if letter.document_id else None
            if document is not None:
                return as_pdf(session, self._office, document)
            case = get(session, Case, letter.case_id)
            text = LetterText(_(letter.kind.label_source), letter.body, '')
            material = Material({}, (), letter.addressee)
            page = page_of(session, self._office, actor, case, text, material)
            day = letter.sent_at.astimezone(SHANGHAI).date()
            numbered = replace(page, number=letter.number, day=day)
        return letter_pdf(numbered, progress)

    # Sending

    def send(
        self,
        actor: Actor,
        case_id: int,
        version: int,
        kind: LetterKind,
        text: LetterText,
        channel: Channel = Channel.LETTER,
        note: str = '',
        progress: Progress = quiet,
    ) -> LetterView:
        """Number the letter, keep it as a document of the case and note that it went out.

        The first notice of payment or of refusal is also an event of the clocks. Notices of missing documents go out
        through `Notices.send`. Raises `NotAllowed`, `Conflict`, `InvalidInput`.
        """
        rule = LETTERS[kind]
        require(actor, Permission.MESSAGE if rule.to_customer else Permission.ATTACH_DOCUMENTS)
        if kind is LetterKind.SUPPLEMENT:
            raise InvalidInput(_("A notice of missing documents is sent from the list of documents."))
        progress(0, 0, _("Gathering the file"))
        with self._office.database.read() as session:
            material = gather(session, self._office, actor, get(session, Case, case_id), kind, note)
        with self._office.write(actor, N_("sent a letter")) as session:
            case = get_for_edit(session, Case, case_id, version)
            if case.stage is Stage.CLOSED and rule.to_customer:
                raise InvalidInput(_("Case {number} is closed.").format(number=case.number), _("Reopen it first."))
            letter = keep_letter(session, self._office, actor, case, kind, text, material, channel, progress=progress)
            event = _EVENTS.get(kind)
            if event is not None and not has_event(session, case.id, event):
                record_event(session, case, event, letter.sent_at, actor, self._office, letter.number)
            touch(session, case, self._office)
            session.flush()
            return letter_view(letter, actor.name)

    # Wording

    def wording(self, actor: Actor, kind: LetterKind, day: dt.date) -> LetterText:
        """The office's words of a letter on `day`, with their placeholders."""
        with self._office.database.read() as session:
            return text_at(session, actor.office_id, kind, day)

    def reword(
        self, actor: Actor, kind: LetterKind, valid_from: dt.date, text: LetterText, version: int | None = None
    ) -> None:
        """Let the letter say `text` from `valid_from` on. Raises `NotAllowed`, `InvalidInput` by field, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        wrong = text_problems(kind, text)
        if wrong:
            raise InvalidInput(_("Some fields need your attention."), '', wrong)
        with self._office.write(actor, N_("reworded a letter")) as session:
            set_rule(session, actor.office_id, rule_key(kind), valid_from, to_json(text), version)

    def sample(self, actor: Actor, kind: LetterKind, text: LetterText, progress: Progress = quiet) -> bytes:
        """The letter with made-up figures, to see how its words look on paper."""
        from claimdesk.reports.letters import letter_pdf
        from claimdesk.services.letter_sample import sample_page

        with self._office.database.read() as session:
            office = session.get_one(Office, actor.office_id).name
        now = self._office.now().astimezone(SHANGHAI)
        return letter_pdf(sample_page(kind, text, office, actor.name, now), progress)


def text_at(session: Session, office_id: int, kind: LetterKind, day: dt.date) -> LetterText:
    """The office's words of a letter on `day`; the program's where the office is silent."""
    return from_json(kind, rule_at(session, office_id, rule_key(kind), day, None))


def filled(text: LetterText, material: Material) -> LetterText:
    """The words with what the case puts into their places."""
    return LetterText(*(fill(words, material.values) for words in (text.title, text.body, text.closing)))


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


def keep_letter(
    session: Session,
    office: OfficeContext,
    actor: Actor,
    case: Case,
    kind: LetterKind,
    text: LetterText,
    material: Material,
    channel: Channel,
    *,
    reason: str = '',
    arrived_at: dt.datetime | None = None,
    turn: int = 0,
    progress: Progress = quiet,
) -> Letter:
    """Number the letter, put its PDF into the case and write down that it went out; all in the caller's transaction."""
    from claimdesk.reports.letters import letter_pdf

    now = office.now()
    page = page_of(session, office, actor, case, text, material)
    earlier = session.scalar(
        select(func.count()).select_from(Letter).where(Letter.case_id == case.id, Letter.kind == kind)
    )
    number = _number(session, case.office_id, now.astimezone(SHANGHAI).year)
    content = letter_pdf(replace(page, number=number), progress)
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
    letter.document_id = _keep_copy(session, office, actor, case, f'{text.title} {number}', content)
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


def _number(session: Session, office_id: int, year: int) -> str:
    code = session.get_one(Office, office_id).code
    return f'{code}{year}-L{next_number(session, office_id, "letter", year):06d}'


def _keep_copy(
    session: Session, office: OfficeContext, actor: Actor, case: Case, title: str, content: bytes
) -> int:
    from claimdesk.ocr import page_count

    sha256, now = digest(content), office.now()
    if session.get(StoredFile, sha256) is None:
        session.add(
            StoredFile(
                sha256=sha256, size=len(content), media_type='application/pdf', name=f'{title}.pdf'[:255], stored_at=now
            )
        )
        session.flush()
    office.files.put(session, sha256, content)
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
    document.pages = [
        DocumentPage(position=index, sha256=sha256, page_index=index) for index in range(page_count(content))
    ]
    session.add(document)
    session.flush()
    return document.id


def letter_views(session: Session, case_id: int, kinds: Sequence[LetterKind] = tuple(LetterKind)) -> list[LetterView]:
    """The letters of a case, the newest first."""
    rows = session.execute(
        select(Letter, Account.name)
        .join(Account, Account.id == Letter.sent_by)
        .where(Letter.case_id == case_id, Letter.kind.in_(kinds))
        .order_by(Letter.sent_at.desc(), Letter.id.desc())
    )
    return [letter_view(row, name) for row, name in rows]


def letter_view(row: Letter, sent_by: str) -> LetterView:
    """One letter, shaped for reading."""
    return LetterView(
        id=row.id,
        version=row.version,
        kind=row.kind,
        number=row.number,
        turn=row.turn,
        addressee=row.addressee,
        body=row.body,
        reason=row.reason,
        channel=row.channel,
        sent_by=sent_by,
        sent_at=row.sent_at,
        arrived_at=row.arrived_at,
        document_id=row.document_id,
        details=dict(row.details),
    )
