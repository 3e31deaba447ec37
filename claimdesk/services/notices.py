"""The one-time notice of missing documents, its arrival, and the arrival of what was asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from claimdesk.errors import InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Case, Letter
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import EventKind
from claimdesk.rules.letters import LetterText
from claimdesk.rules.permissions import Permission
from claimdesk.services.checklist import ABSENT, checklist_views, event_times, needed_by, open_notice
from claimdesk.services.clockwork import has_event, record_event, touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.letter_contents import Material, gather
from claimdesk.services.letter_copies import LetterCopy, keep_letter, page_of, send_printed
from claimdesk.services.letters import LetterView, filled, letter_view, letter_views, text_at
from claimdesk.vocabulary import Channel, ChecklistState, LetterKind, Stage

KIND = LetterKind.SUPPLEMENT
"""The kind of letter that these notices are."""


@dataclass(frozen=True, slots=True)
class NoticeStanding:
    """How the case stands with its notices.

    `sent` counts them, `on_its_way` is the one whose arrival is not recorded, `waiting_since` when the one arrived
    whose answer is awaited, and `problems` say what has to be done before a notice may go out.
    """

    sent: int
    on_its_way: LetterView | None
    waiting_since: dt.datetime | None
    problems: tuple[str, ...]
    notices: tuple[LetterView, ...] = ()


class Notices:
    """Telling the claimant once what is missing."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def standing(self, actor: Actor, case_id: int) -> NoticeStanding:
        """How the case stands with its notices. Raises `NotFound`."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            notices = letter_views(session, case_id, (KIND,))
            return NoticeStanding(
                sent=times_told(session, case_id),
                on_its_way=next((one for one in notices if one.arrived_at is None), None),
                waiting_since=open_notice(session, case_id),
                problems=tuple(_problems(session, case)),
                notices=tuple(notices),
            )

    def text(self, actor: Actor, case_id: int) -> LetterText:
        """The notice as it would go out now: every missing document, once. Raises `InvalidInput` if none is."""
        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            material = gather(session, self._office, actor, case, KIND)
            return filled(text_at(session, actor.office_id, KIND, self._office.today()), material)

    def preview(
        self, actor: Actor, case_id: int, text: LetterText | None = None, progress: Progress = quiet
    ) -> bytes:
        """The notice as PDF, marked as a draft. Raises `InvalidInput` if nothing is missing."""
        from claimdesk.reports.letters import letter_pdf

        with self._office.database.read() as session:
            case = get(session, Case, case_id)
            material = gather(session, self._office, actor, case, KIND)
            words = text or filled(text_at(session, actor.office_id, KIND, self._office.today()), material)
            page = page_of(session, self._office, actor, case, words, material, draft=True)
        return letter_pdf(page, progress)

    def send(
        self,
        actor: Actor,
        case_id: int,
        version: int,
        arrived_at: dt.datetime | None = None,
        reason: str = '',
        channel: Channel = Channel.LETTER,
        text: LetterText | None = None,
        progress: Progress = quiet,
    ) -> LetterView:
        """Send the notice of everything that is missing; clocks pause from `arrived_at`, or when it is recorded later.

        Insurance Law art. 22: the claimant is told once, and at once of everything. So what is here must have been
        judged and the list must be the office's whole one before, and a second notice demands a reason. Raises
        `NotAllowed`, `Conflict`, `InvalidInput`.
        """
        require(actor, Permission.SEND_NOTICE)
        with self._office.database.read() as session:
            case, material = self._to_send(session, actor, case_id, version, arrived_at, reason)
            words = text or filled(text_at(session, actor.office_id, KIND, self._office.today()), material)
            _check_names(words, material.details['missing'])
            page = page_of(session, self._office, actor, case, words, material)

        def write(copy: LetterCopy) -> LetterView:
            with self._office.write(actor, N_("sent the notice of missing documents")) as session:
                case, _again = self._to_send(session, actor, case_id, version, arrived_at, reason)
                letter = keep_letter(
                    session, self._office, actor, case, KIND, words, material, channel, copy,
                    reason=reason.strip()[:400], arrived_at=arrived_at, turn=times_told(session, case.id) + 1,
                )  # fmt: skip
                if arrived_at is not None:
                    self._arrived(session, actor, case, letter, arrived_at)
                touch(session, case, self._office)
                session.flush()
                return letter_view(letter, actor.name)

        return send_printed(self._office, case.office_id, page, write, progress)

    def _to_send(
        self, session: Session, actor: Actor, case_id: int, version: int, arrived_at: dt.datetime | None, reason: str
    ) -> tuple[Case, Material]:
        """The case and what its notice says, where one may go out now; its version guards what stands in it."""
        case = get_for_edit(session, Case, case_id, version)
        if arrived_at is not None:
            _check_time(case, arrived_at, self._office.now(), 'arrived_at')
        _refuse_closed(case)
        material = gather(session, self._office, actor, case, KIND)
        problems = _problems(session, case)
        if problems:
            raise InvalidInput(problems[0], ' '.join(problems[1:]))
        if times_told(session, case.id) and not reason.strip():
            raise InvalidInput(
                _("The claimant has already been told once what is missing (Insurance Law, article 22)."),
                _("Give the reason for a second notice."),
                {'reason': _("Give the reason for a second notice.")},
            )
        return case, material

    def arrived(self, actor: Actor, letter_id: int, version: int, at: dt.datetime) -> LetterView:
        """Record that a notice which was sent reached the claimant at `at`. Raises `Conflict`, `InvalidInput`."""
        require(actor, Permission.SEND_NOTICE)
        with self._office.write(actor, N_("recorded the arrival of a notice")) as session:
            letter = get_for_edit(session, Letter, letter_id, version)
            case = get(session, Case, letter.case_id)
            _check_time(case, at, self._office.now(), 'at')
            if letter.arrived_at is not None:
                raise InvalidInput(_("The arrival of this notice is recorded already."))
            if at < letter.sent_at.replace(second=0, microsecond=0):
                raise InvalidInput(
                    _("A notice does not arrive before it is sent."),
                    '',
                    {'at': _("It was sent on {time}.").format(time=_local(letter.sent_at))},
                )
            letter.arrived_at = at
            self._arrived(session, actor, case, letter, at)
            touch(session, case, self._office)
            session.flush()
            return next(one for one in letter_views(session, case.id, (KIND,)) if one.id == letter.id)

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

    def _arrived(self, session: Session, actor: Actor, case: Case, letter: Letter, at: dt.datetime) -> None:
        note = ' '.join(filter(None, (letter.number, letter.reason)))
        record_event(session, case, EventKind.NOTICE_ARRIVED, at, actor, self._office, note)
        if case.compulsory and not has_event(session, case.id, EventKind.DOCUMENTS_TOLD):
            record_event(session, case, EventKind.DOCUMENTS_TOLD, at, actor, self._office, letter.number)


def times_told(session: Session, case_id: int) -> int:
    """How many notices the claimant has been sent; one that was recorded without a letter counts too."""
    sent = session.scalar(
        select(func.count()).select_from(Letter).where(Letter.case_id == case_id, Letter.kind == KIND)
    )
    return max(sent or 0, len(event_times(session, case_id, EventKind.NOTICE_ARRIVED)))


def _problems(session: Session, case: Case) -> list[str]:
    """What has to be done before a notice may name everything."""
    views = checklist_views(session, case)
    listed = {view.code for view in views}
    unlisted = [_(one.name) for one in needed_by(session, case) if one.required and one.code not in listed]
    unjudged = [view.name for view in views if view.required and view.state is ChecklistState.RECEIVED]
    told = []
    if unlisted:
        told.append(
            _("The office's list also asks for {names}: take it over first.").format(names=_(", ").join(unlisted))
        )
    if unjudged:
        sentence = _("These are here but not judged yet: {names}. Verify or reject them: one notice names everything.")
        told.append(sentence.format(names=_(", ").join(unjudged)))
    return told


def _check_names(text: LetterText, missing: Sequence[str]) -> None:
    left_out = [name for name in missing if name not in text.body and name not in text.closing]
    if left_out:
        raise InvalidInput(
            _("The notice must name everything that is missing; this is left out: {names}.").format(
                names=_(", ").join(left_out)
            ),
            _("Put it back, or say on the list that it is not needed."),
        )


def absent_required(session: Session, case: Case) -> list[str]:
    """The required documents of a case that are not here, by name."""
    return [view.name for view in checklist_views(session, case) if view.required and view.state in ABSENT]


def _refuse_closed(case: Case) -> None:
    if case.stage is Stage.CLOSED:
        raise InvalidInput(_("Case {number} is closed.").format(number=case.number), _("Reopen it first."))


def _check_time(case: Case, at: dt.datetime, now: dt.datetime, field: str) -> None:
    _refuse_closed(case)
    if at > now:
        sentence = _("This time lies in the future.")
    elif at < case.reported_at:
        sentence = _("This time lies before the case was reported.")
    else:
        return
    raise InvalidInput(_("Some fields need your attention."), '', {field: sentence})


def _local(at: dt.datetime) -> str:
    return at.astimezone(SHANGHAI).strftime('%Y-%m-%d %H:%M')
