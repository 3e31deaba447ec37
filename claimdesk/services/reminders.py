"""Reminding people of time limits, once each and at a decent hour; urging somebody by hand, with the answer kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update

from claimdesk.errors import ClaimDeskError, InvalidInput
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, Reminder, Turn
from claimdesk.models.rows import get, get_for_edit
from claimdesk.progress import Progress, quiet
from claimdesk.rules.clocks import due_state, due_words
from claimdesk.rules.permissions import Permission
from claimdesk.services.cases import RowResult
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.recount import recount, stale
from claimdesk.services.reminder_beside import CLOCKS_BESIDE
from claimdesk.services.reminder_round import TURN, remind
from claimdesk.services.reminder_targets import Standins
from claimdesk.vocabulary import DueState, RemindedAs, ReminderKind, Stage, label

MOST = 200
"""So many reminders are shown; the others are counted."""
_NEVER = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class ReminderView:
    """A reminder as its reader sees it: `words` say what about, `due` how near the limit is now.

    `sent_by` is '' where the office's clocks sent it. One that somebody sent is answered; `answer` is '' until then.
    """

    id: int
    version: int
    case_id: int
    number: str
    insured: str
    kind: ReminderKind
    told_as: RemindedAs
    state: DueState
    due: str
    words: str
    at: dt.datetime
    to: str
    sent_by: str
    answer: str
    answered_at: dt.datetime | None
    seen_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for one person: the first reminders, the most pressing on top, and how many there are."""

    reminders: tuple[ReminderView, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Urged:
    """Who was urged, and by which reminder."""

    reminder_id: int
    to: str


@dataclass(frozen=True, slots=True)
class UrgeResult(RowResult):
    """How urging went for one of many cases; `reminder_id` is None where nobody was urged."""

    reminder_id: int | None = None


class Reminders:
    """Reminders and urging."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def round(self, progress: Progress = quiet, every: dt.timedelta | None = None) -> int:
        """Send what is due to be said now, counting time limits anew first where a rule has changed.

        How many reminders were sent. Nothing happens while another program of the office does the same, nor within
        `every` after the last round of any of them.
        """
        if every is not None and self._office.now() - self._last_round() < every:
            return 0
        if stale(self._office):
            recount(self._office, progress)
        return remind(self._office, progress)

    def _last_round(self) -> dt.datetime:
        with self._office.database.read() as session:
            row = session.get(Turn, TURN)
        return row.finished_at if row is not None and row.finished_at is not None else _NEVER

    def recount(self, progress: Progress = quiet) -> int:
        """Count the due times of all open cases by the rules of now; how many changed."""
        return recount(self._office, progress)

    def waiting(self, actor: Actor) -> Waiting:
        """What this person has been told and has not seen yet; urging first, then the longest overdue."""
        now = self._office.now()
        unseen = (
            Reminder.account_id == actor.id,
            Reminder.seen_at.is_(None),
            Reminder.ended_at.is_(None),
            Reminder.deliver_at <= now,
        )
        with self._office.database.read() as session:
            rows = session.execute(
                _WITH_CASE.where(*unseen)
                .order_by(Reminder.kind != ReminderKind.URGED, Reminder.due_at, Reminder.id)
                .limit(MOST)
            ).all()
            count = len(rows)
            if count == MOST:
                count = session.scalar(select(func.count()).select_from(Reminder).where(*unseen)) or 0
            names = dict(session.execute(select(Account.id, Account.name)).all())
        return Waiting(tuple(_view(row, names, now) for row in rows), count)

    def of_case(self, actor: Actor, case_id: int) -> list[ReminderView]:
        """Who was urged on the case and what was answered, the newest first."""
        now = self._office.now()
        with self._office.database.read() as session:
            rows = session.execute(
                _WITH_CASE.where(Reminder.case_id == case_id, Reminder.kind == ReminderKind.URGED).order_by(
                    Reminder.id.desc()
                )
            ).all()
            names = dict(session.execute(select(Account.id, Account.name)).all())
        return [_view(row, names, now) for row in rows]

    def see(self, actor: Actor, reminder_ids: Sequence[int] | None = None) -> list[int]:
        """Take reminders of this person off the list, or all of them; those that went, so that it can be undone."""
        now = self._office.now()
        mine = [Reminder.account_id == actor.id, Reminder.seen_at.is_(None), Reminder.deliver_at <= now]
        if reminder_ids is not None:
            mine.append(Reminder.id.in_(reminder_ids))
        with self._office.write(actor, N_("saw reminders")) as session:
            found = list(session.scalars(select(Reminder.id).where(*mine)))
            session.execute(update(Reminder).where(*mine).values(seen_at=now))
        return found

    def put_back(self, actor: Actor, reminder_ids: Sequence[int]) -> None:
        """Put reminders back on this person's list."""
        with self._office.write(actor, N_("saw reminders")) as session:
            session.execute(
                update(Reminder)
                .where(Reminder.id.in_(reminder_ids), Reminder.account_id == actor.id)
                .values(seen_at=None)
            )

    def urge(self, actor: Actor, case_id: int, words: str = '', to: int | None = None) -> Urged:
        """Urge the handler of a case, or `to`; whoever stands in for somebody absent is urged instead.

        It is shown when the office next opens, never at night. Raises `NotAllowed`, and
        `InvalidInput` where the same person was urged by this one today already.
        """
        require(actor, Permission.URGE)
        now = self._office.now()
        day = now.astimezone(SHANGHAI).date()
        with self._office.write(actor, N_("urged somebody")) as session:
            case = get(session, Case, case_id)
            if case.stage is Stage.CLOSED:
                raise InvalidInput(_("Case {number} is closed.").format(number=case.number), _("Nobody need be urged."))
            standins = Standins(session, case.office_id, day)
            wanted = to if to is not None else case.owner_id
            person = standins.for_person(wanted) if wanted is not None else standins.lead_of(case.team_id)
            if person is None:
                raise InvalidInput(_("The case has no handler to urge."), _("Choose a handler first."))
            if person == actor.id:
                raise InvalidInput(_("The case is yours."), _("There is nobody else to urge."))
            name = get(session, Account, person).name
            key = f'{case.id}:urge:{actor.id}:{person}:{day.isoformat()}'
            if session.scalar(select(Reminder.id).where(Reminder.key == key)) is not None:
                raise InvalidInput(
                    _("You have urged {name} on this case today.").format(name=name), _("Call, or wait for the answer.")
                )
            reminder = Reminder(
                case_id=case.id,
                account_id=person,
                key=key,
                kind=ReminderKind.URGED,
                told_as=RemindedAs.HANDLER if person == wanted else RemindedAs.SUBSTITUTE,
                clock=case.due_clock,
                due_at=case.due_at if case.due_clock else None,
                created_at=now,
                deliver_at=self._office.calendar.next_awake(now),
                sent_by=actor.id,
                words=words.strip()[:400],
            )
            session.add(reminder)
            session.flush()
            return Urged(reminder.id, name)

    def urge_many(
        self, actor: Actor, case_ids: Sequence[int], words: str = '', progress: Progress = quiet
    ) -> list[UrgeResult]:
        """Urge the handlers of many cases, each for itself: one that cannot be urged does not stop the others."""
        require(actor, Permission.URGE)
        with self._office.database.read() as session:
            numbers = dict(session.execute(select(Case.id, Case.number).where(Case.id.in_(case_ids))).all())
        results = []
        for done, case_id in enumerate(case_ids):
            progress(done, len(case_ids), _("Urging"))
            number = numbers.get(case_id, '')
            try:
                urged = self.urge(actor, case_id, words)
            except ClaimDeskError as error:
                results.append(UrgeResult(case_id, number, error.sentence))
            else:
                results.append(UrgeResult(case_id, number, '', urged.reminder_id))
        return results

    def slips(self, actor: Actor, reminder_ids: Sequence[int], progress: Progress = quiet) -> bytes:
        """The slips of these urgings as PDF, one page for each. Raises `NotFound` where none of them is left."""
        from claimdesk.services.urging_slip import slips_pdf

        return slips_pdf(self._office, actor, reminder_ids, progress)

    def answer(self, actor: Actor, reminder_id: int, version: int, words: str) -> None:
        """Answer somebody who urged; the answer stands with the case. Raises `InvalidInput` and `Conflict`."""
        if not words.strip():
            raise InvalidInput(_("Say how it stands."), '', {'answer': _("Please fill this in.")})
        with self._office.write(actor, N_("answered who urged")) as session:
            reminder = get_for_edit(session, Reminder, reminder_id, version)
            if reminder.account_id != actor.id or reminder.kind is not ReminderKind.URGED:
                raise InvalidInput(_("This is not yours to answer."))
            if reminder.answered_at is not None:
                raise InvalidInput(_("This has been answered already."))
            now = self._office.now()
            reminder.answer, reminder.answered_at = words.strip()[:400], now
            reminder.seen_at = reminder.seen_at or now


_WITH_CASE = select(Reminder, Case.number, Case.insured_name).join(Case, Case.id == Reminder.case_id)


def _view(row: tuple[Reminder, str, str], names: dict[int, str], now: dt.datetime) -> ReminderView:
    reminder, number, insured = row
    state = due_state(reminder.due_at, now)
    return ReminderView(
        id=reminder.id,
        version=reminder.version,
        case_id=reminder.case_id,
        number=number,
        insured=insured,
        kind=reminder.kind,
        told_as=reminder.told_as,
        state=state,
        due=due_words(state, reminder.due_at, now) if reminder.due_at is not None else label(reminder.kind),
        words=reminder.words or _(CLOCKS_BESIDE.get(reminder.clock, '')) or label(reminder.kind),
        at=max(reminder.created_at, reminder.deliver_at),
        to=names.get(reminder.account_id, ''),
        sent_by=names.get(reminder.sent_by or 0, ''),
        answer=reminder.answer,
        answered_at=reminder.answered_at,
        seen_at=reminder.seen_at,
    )
