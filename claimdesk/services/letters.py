"""The letters of a case: worded by the office's texts, seen before they go, numbered and kept when they are sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, Document, Letter, Office
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.letters import LETTERS, LetterText, fill, from_json, rule_key, text_problems, to_json
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import has_event, record_event, touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.document_pages import as_pdf
from claimdesk.services.letter_contents import Material, gather, why_not_yet
from claimdesk.services.letter_copies import LetterCopy, keep_letter, page_of, send_printed
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.vocabulary import Channel, LetterKind, Stage

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
            case = self._to_send(session, case_id, version, kind)
            material = gather(session, self._office, actor, case, kind, note)
            page = page_of(session, self._office, actor, case, text, material)

        def write(copy: LetterCopy) -> LetterView:
            with self._office.write(actor, N_("sent a letter")) as session:
                case = self._to_send(session, case_id, version, kind)
                letter = keep_letter(session, self._office, actor, case, kind, text, material, channel, copy)
                event = _EVENTS.get(kind)
                if event is not None and not has_event(session, case.id, event):
                    record_event(session, case, event, letter.sent_at, actor, self._office, letter.number)
                touch(session, case, self._office)
                session.flush()
                return letter_view(letter, actor.name)

        return send_printed(self._office, case.office_id, page, write, progress)

    def _to_send(self, session: Session, case_id: int, version: int, kind: LetterKind) -> Case:
        case = get_for_edit(session, Case, case_id, version)
        if case.stage is Stage.CLOSED and LETTERS[kind].to_customer:
            raise InvalidInput(_("Case {number} is closed.").format(number=case.number), _("Reopen it first."))
        return case

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
