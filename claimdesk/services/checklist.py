"""Which documents a case needs and which are here; the one-time notice of what is missing, and the supplement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput, NotFound
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, CaseEvent, ChecklistItem, Document, Message
from claimdesk.models.rows import get_for_edit
from claimdesk.rules.checklist import DOCUMENT_NAMES, needed_documents
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.permissions import Permission
from claimdesk.services.clockwork import has_event, record_event, touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.vocabulary import Channel, ChecklistState, DocumentKind, DocumentState, Stage

ABSENT = (ChecklistState.MISSING, ChecklistState.REJECTED)
PRESENT = (ChecklistState.RECEIVED, ChecklistState.VERIFIED)


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """A document that answers a line of the checklist."""

    id: int
    title: str
    state: DocumentState


@dataclass(frozen=True, slots=True)
class ChecklistView:
    """One needed document of a case and whether it is here; `checked_by` set it so."""

    id: int
    version: int
    code: str
    name: str
    required: bool
    state: ChecklistState
    reason: str
    checked_by: str
    checked_at: dt.datetime | None
    documents: tuple[FiledDocument, ...]


@dataclass(frozen=True, slots=True)
class AbsentDocument:
    """A required document that is not here, or was rejected for `reason`; `name` is shown as it is."""

    name: str
    state: ChecklistState
    reason: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of missing documents as it went out; `second` says that an earlier one had been sent."""

    text: str
    missing: tuple[str, ...]
    arrived_at: dt.datetime
    second: bool


class Checklist:
    """Keeping the list of documents of a case, and telling the claimant once what is missing."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[ChecklistView]:
        """The needed documents of a case: missing ones first, then in the order of the list."""
        with self._office.database.read() as session:
            return _views(session, _case(session, case_id))

    def set_state(
        self, actor: Actor, item_id: int, version: int, state: ChecklistState, reason: str = ''
    ) -> ChecklistView:
        """Say whether a needed document is here. Rejecting or waiving one needs a reason (`InvalidInput`).

        One that was absent and is here now has arrived: the first starts the claim, one asked for ends the waiting.
        Raises `NotAllowed`, `NotFound`, `Conflict`.
        """
        require(actor, Permission.VERIFY_DOCUMENTS)
        if state in (ChecklistState.REJECTED, ChecklistState.WAIVED) and not reason.strip():
            raise InvalidInput(
                _("Say why this document is rejected or not needed."), '', {'reason': _("Enter this.")}
            )
        with self._office.write(actor, N_("changed the checklist")) as session:
            item = get_for_edit(session, ChecklistItem, item_id, version, state=state)
            case = _case(session, item.case_id)
            arrived = item.state in ABSENT and state in PRESENT
            _set(item, state, reason, actor, self._office)
            session.flush()
            if arrived:
                papers_arrived(session, case, self._office.now(), actor, self._office)
            else:
                _note_complete(session, case, self._office.now(), actor, self._office)
            touch(session, case, self._office)
            session.flush()
            return next(view for view in _views(session, case) if view.id == item.id)

    def notice_text(self, actor: Actor, case_id: int) -> str:
        """The notice as it would go out now: every missing document, once. Raises `InvalidInput` if none is."""
        with self._office.database.read() as session:
            return _notice(session, _case(session, case_id))[0]

    def notices_sent(self, actor: Actor, case_id: int) -> int:
        """How many notices of missing documents the claimant of this case has received."""
        with self._office.database.read() as session:
            return len(_times(session, case_id, EventKind.NOTICE_ARRIVED))

    def waiting_since(self, actor: Actor, case_id: int) -> dt.datetime | None:
        """When the notice arrived whose answer the office still waits for, or None."""
        with self._office.database.read() as session:
            return open_notice(session, case_id)

    def send_notice(
        self,
        actor: Actor,
        case_id: int,
        version: int,
        arrived_at: dt.datetime,
        reason: str = '',
        channel: Channel = Channel.LETTER,
    ) -> NoticeView:
        """Record that the notice of all missing documents reached the claimant at `arrived_at`; clocks pause.

        Insurance Law art. 22: the claimant is told once, and at once of everything. A second notice therefore demands
        a reason. Raises `NotAllowed`, `Conflict`, `InvalidInput`.
        """
        require(actor, Permission.SEND_NOTICE)
        with self._office.write(actor, N_("sent the notice of missing documents")) as session:
            case = get_for_edit(session, Case, case_id, version)
            _check_time(case, arrived_at, self._office.now(), 'arrived_at')
            text, missing = _notice(session, case)
            earlier = _times(session, case.id, EventKind.NOTICE_ARRIVED)
            if earlier and not reason.strip():
                raise InvalidInput(
                    _("The claimant has already been told once what is missing (Insurance Law, article 22)."),
                    _("Give the reason for a second notice."),
                    {'reason': _("Give the reason for a second notice.")},
                )
            record_event(session, case, EventKind.NOTICE_ARRIVED, arrived_at, actor, self._office, reason.strip())
            session.add(
                Message(
                    case_id=case.id,
                    channel=channel,
                    incoming=False,
                    with_whom=case.insured_name[:60],
                    body=text,
                    at=arrived_at,
                    written_by=actor.id,
                )
            )
            touch(session, case, self._office)
            return NoticeView(text, missing, arrived_at, bool(earlier))

    def supplement_arrived(self, actor: Actor, case_id: int, version: int, at: dt.datetime, note: str = '') -> None:
        """Record that the documents asked for reached the office at `at`; paused clocks run on.

        Raises `NotAllowed`, `Conflict`, and `InvalidInput` when no notice is open or the time does not fit.
        """
        require(actor, Permission.ATTACH_DOCUMENTS)
        with self._office.write(actor, N_("recorded the arrival of documents")) as session:
            case = get_for_edit(session, Case, case_id, version)
            _check_time(case, at, self._office.now(), 'at')
            since = open_notice(session, case.id)
            if since is None:
                raise InvalidInput(_("No notice of missing documents is open in this case."))
            if at < since:
                raise InvalidInput(
                    _("The documents cannot have arrived before the notice did."),
                    '',
                    {'at': _("The notice arrived on {time}.").format(time=_local(since))},
                )
            record_event(session, case, EventKind.SUPPLEMENT_ARRIVED, at, actor, self._office, note.strip())
            touch(session, case, self._office)


def create_for(session: Session, case: Case, office: OfficeContext) -> list[str]:
    """List the documents that `case` needs, for its line and kind of loss; returns what the required ones are called.

    Called again after the kind of loss has changed, it adds what is newly needed and takes nothing away.
    """
    names = []
    listed = set(session.scalars(select(ChecklistItem.code).where(ChecklistItem.case_id == case.id)))
    for needed in needed_documents(case.line, injury=case.injury, cause=case.cause):
        if needed.code in listed:
            continue
        session.add(ChecklistItem(case_id=case.id, code=needed.code, required=needed.required))
        if needed.required:
            names.append(_(needed.name))
    session.flush()
    if names:
        _void_complete(session, case)
    return names


def tick(session: Session, case: Case, code: str, actor: Actor, office: OfficeContext) -> None:
    """Note that the needed document `code` is here, unless somebody has judged it already.

    Raises `InvalidInput` when the case has no such line.
    """
    item = session.scalar(select(ChecklistItem).where(ChecklistItem.case_id == case.id, ChecklistItem.code == code))
    if item is None:
        raise InvalidInput(_("The checklist of this case has no such document."), _("Choose one of its lines."))
    if item.state in ABSENT:
        _set(item, ChecklistState.RECEIVED, '', actor, office)
    session.flush()


def untick(session: Session, case: Case, code: str, actor: Actor, office: OfficeContext) -> None:
    """Note that the needed document `code` is no longer here, where no other document answers it."""
    item = session.scalar(select(ChecklistItem).where(ChecklistItem.case_id == case.id, ChecklistItem.code == code))
    if item is None or item.state is not ChecklistState.RECEIVED:
        return
    others = session.scalar(
        select(Document.id)
        .where(
            Document.case_id == case.id,
            Document.checklist_code == code,
            Document.removed_at.is_(None),
        )
        .limit(1)
    )
    if others is None:
        _set(item, ChecklistState.MISSING, '', actor, office)
        session.flush()
        _void_complete(session, case)


def papers_arrived(session: Session, case: Case, at: dt.datetime, actor: Actor, office: OfficeContext) -> None:
    """Record what the arrival of claim papers at `at` means for the clocks.

    The first papers start the claim (Judicial Interpretation II, art. 15); papers after a notice end its pause; and
    when nothing is missing any more the documents are complete.
    """
    received = max(at, case.reported_at)
    if not has_event(session, case.id, EventKind.CLAIM_RECEIVED):
        record_event(session, case, EventKind.CLAIM_RECEIVED, received, actor, office)
    since = open_notice(session, case.id)
    if since is not None:
        arrived = received if received >= since else office.now()
        record_event(session, case, EventKind.SUPPLEMENT_ARRIVED, arrived, actor, office)
    session.flush()
    _note_complete(session, case, received, actor, office)


def code_for_kind(session: Session, case: Case, kind: DocumentKind) -> str:
    """The line of the checklist that a paper of `kind` answers, an absent one first; '' when there is none."""
    answered = {
        needed.code
        for needed in needed_documents(case.line, injury=case.injury, cause=case.cause)
        if kind in needed.kinds
    }
    items = session.scalars(
        select(ChecklistItem)
        .where(ChecklistItem.case_id == case.id, ChecklistItem.code.in_(answered))
        .order_by(ChecklistItem.id)
    ).all()
    absent = [item.code for item in items if item.state in ABSENT]
    return absent[0] if absent else items[0].code if items else ''


def open_notice(session: Session, case_id: int) -> dt.datetime | None:
    """When the notice arrived whose answer is still awaited, or None."""
    notices = _times(session, case_id, EventKind.NOTICE_ARRIVED)
    answers = _times(session, case_id, EventKind.SUPPLEMENT_ARRIVED)
    if not notices or (answers and answers[-1] >= notices[-1]):
        return None
    return notices[-1]


def checklist_views(session: Session, case: Case) -> list[ChecklistView]:
    """The checklist of `case` shaped for reading, in the order of the list."""
    people = dict(session.execute(select(Account.id, Account.name)).all())
    filed: dict[str, list[FiledDocument]] = {}
    for document in session.scalars(
        select(Document)
        .where(Document.case_id == case.id, Document.checklist_code != '', Document.removed_at.is_(None))
        .order_by(Document.id)
    ):
        filed.setdefault(document.checklist_code, []).append(
            FiledDocument(document.id, document.title, document.state)
        )
    items = session.scalars(select(ChecklistItem).where(ChecklistItem.case_id == case.id).order_by(ChecklistItem.id))
    return [
        ChecklistView(
            id=item.id,
            version=item.version,
            code=item.code,
            name=_(DOCUMENT_NAMES.get(item.code, item.code)),
            required=item.required,
            state=item.state,
            reason=item.reason,
            checked_by=people.get(item.checked_by, '') if item.checked_by else '',
            checked_at=item.checked_at,
            documents=tuple(filed.get(item.code, ())),
        )
        for item in items
    ]


def _views(session: Session, case: Case) -> list[ChecklistView]:
    return sorted(checklist_views(session, case), key=lambda view: not (view.required and view.state in ABSENT))


def _case(session: Session, case_id: int) -> Case:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound(_("There is no such case."), _("Refresh the list."))
    return case


def _set(item: ChecklistItem, state: ChecklistState, reason: str, actor: Actor, office: OfficeContext) -> None:
    item.state, item.reason = state, reason.strip()[:200]
    item.checked_by, item.checked_at = actor.id, office.now()


def _note_complete(session: Session, case: Case, at: dt.datetime, actor: Actor, office: OfficeContext) -> None:
    missing = session.scalar(
        select(ChecklistItem.id)
        .where(ChecklistItem.case_id == case.id, ChecklistItem.required, ChecklistItem.state.in_(ABSENT))
        .limit(1)
    )
    if missing is not None:
        _void_complete(session, case)
    elif not has_event(session, case.id, EventKind.DOCUMENTS_COMPLETE):
        record_event(session, case, EventKind.DOCUMENTS_COMPLETE, at, actor, office)


def _void_complete(session: Session, case: Case) -> None:
    for event in session.scalars(
        select(CaseEvent).where(
            CaseEvent.case_id == case.id,
            CaseEvent.kind == EventKind.DOCUMENTS_COMPLETE.value,
            CaseEvent.voided.is_(False),
        )
    ):
        event.voided = True


def _times(session: Session, case_id: int, kind: EventKind) -> Sequence[dt.datetime]:
    return session.scalars(
        select(CaseEvent.happened_at)
        .where(CaseEvent.case_id == case_id, CaseEvent.kind == kind.value, CaseEvent.voided.is_(False))
        .order_by(CaseEvent.happened_at)
    ).all()


def _check_time(case: Case, at: dt.datetime, now: dt.datetime, field: str) -> None:
    if case.stage is Stage.CLOSED:
        raise InvalidInput(_("Case {number} is closed.").format(number=case.number), _("Reopen it first."))
    if at > now:
        sentence = _("This time lies in the future.")
    elif at < case.reported_at:
        sentence = _("This time lies before the case was reported.")
    else:
        return
    raise InvalidInput(_("Some fields need your attention."), '', {field: sentence})


def _notice(session: Session, case: Case) -> tuple[str, tuple[str, ...]]:
    absent = [
        AbsentDocument(view.name, view.state, view.reason)
        for view in checklist_views(session, case)
        if view.required and view.state in ABSENT
    ]
    if not absent:
        raise InvalidInput(_("Nothing is missing in this case, so there is nothing to ask for."))
    text = notice_words(case.insured_name, case.number, case.compulsory, absent)
    return text, tuple(one.name for one in absent)


def notice_words(insured: str, case_number: str, compulsory: bool, absent: Sequence[AbsentDocument]) -> str:
    """The notice of everything that is missing, as the claimant reads it."""
    lines = [
        _("{number}. {name} (rejected: {reason})").format(number=index, name=one.name, reason=one.reason)
        if one.state is ChecklistState.REJECTED
        else _("{number}. {name}").format(number=index, name=one.name)
        for index, one in enumerate(absent, start=1)
    ]
    head = _("Dear {name}, to decide on claim {case} we still need the following documents:").format(
        name=insured, case=case_number
    )
    tail = _("This list is complete (Insurance Law, article 22).")
    if not compulsory:
        tail = _(
            "This list is complete (Insurance Law, article 22). The time until your documents reach us does not count"
            " towards the thirty days for our decision."
        )
    return '\n'.join([head, *lines, tail])


def _local(at: dt.datetime) -> str:
    return at.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M')
