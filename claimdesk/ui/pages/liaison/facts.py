"""What a row of the coordinators' desk says: its badge, its facts, its text, and what happened so far."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from claimdesk.language import _, ngettext
from claimdesk.rules.clocks import due_words
from claimdesk.rules.disputes import cause_words
from claimdesk.services.call_backs import AnswerView, CallBackView, FollowUpView
from claimdesk.services.disputes import MatterView
from claimdesk.services.lawsuits import LawsuitView
from claimdesk.services.recoveries import RecoveryView
from claimdesk.services.risk import ReferralView
from claimdesk.ui import text
from claimdesk.vocabulary import CallBackState, DueState, RiskOutcome, label

Row = MatterView | CallBackView | FollowUpView | LawsuitView | RecoveryView | ReferralView

_DONE = ('grey', 'check')
_FOUND = {
    RiskOutcome.CONFIRMED: ('red', 'circle-alert'),
    RiskOutcome.CLEARED: ('green', 'circle-check'),
    RiskOutcome.OPEN_ENDED: ('grey', 'circle-question-mark'),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as a pill: tone, icon and words; `due` where it is a due state."""

    tone: str
    icon: str
    words: str
    due: DueState | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """A row in words. `history` are lines of what happened, the newest first."""

    title: str
    badge: Badge
    pairs: tuple[tuple[str, str], ...]
    body: str = ''
    history: tuple[tuple[str, str], ...] = ()


def facts_of(row: Row, now: dt.datetime) -> Facts:
    """What `row` says at `now`."""
    return _TOLD[type(row)](row, now)


def due_of(row: Row) -> tuple[DueState, dt.datetime | None]:
    """How near the row's limit is, and when it is; ON_TIME and None for one without a limit."""
    if isinstance(row, LawsuitView):
        day = row.next_day
        return (day.due_state, day.due_at) if day else (DueState.ON_TIME, None)
    if isinstance(row, RecoveryView):
        return row.due_state, row.limitation
    if isinstance(row, ReferralView):
        return DueState.ON_TIME, row.due_at
    return row.due_state, row.due_at


def _due(state: DueState, at: dt.datetime | None, now: dt.datetime) -> Badge:
    return Badge('', '', due_words(state, at, now), state)


def _matter(row: MatterView, now: dt.datetime) -> Facts:
    badge = _due(row.due_state, row.due_at, now)
    if row.answered_at is not None:
        badge = Badge(*_DONE, label(row.outcome) if row.outcome else _("Answered"))
    asked = ''
    if row.extension_asked:
        decided = {None: _("not decided"), True: _("granted"), False: _("declined")}[row.extended]
        asked = _("{name}: {reason} ({decision})").format(
            name=row.extension_asked, reason=row.extension_reason, decision=decided
        )
    pairs = (
        (_("Complainant"), row.complainant),
        (_("Taken on"), text.moment(row.received_at)),
        (_("Kind of answer"), label(row.complexity)),
        (_("Answer by"), text.day(row.due_at)),
        (_("Coordinator"), row.owner),
        (_("More time asked for"), asked),
        (_("Answered"), text.moment(row.answered_at) if row.answered_at else ''),
        (_("Root cause"), cause_words(row.root_cause) if row.root_cause else ''),
        (_("Answer"), row.answer),
    )
    talks = tuple(
        (f'{text.moment(talk.at)} · {label(talk.channel)} · {talk.written_by}', talk.body) for talk in row.talks
    )
    return Facts(label(row.kind), badge, _said(pairs), row.content, talks)


def _call(row: CallBackView, now: dt.datetime) -> Facts:
    badge = _due(row.due_state, row.due_at, now)
    if row.state is CallBackState.DONE:
        badge = Badge('red' if (row.score or 5) <= 2 else 'green', 'phone', _of_five(row.score))
    elif row.state is CallBackState.UNREACHABLE:
        badge = Badge('grey', 'phone', label(row.state))
    attempts = ngettext("{count} attempt", "{count} attempts", row.attempts).format(count=row.attempts)
    if row.attempted_at is not None:
        attempts = f'{attempts}, {text.short_moment(row.attempted_at, now)}'
    pairs = (
        (_("Call"), f'{row.reporter_name} {row.phone}'.strip()),
        (_("Paid on"), text.day(row.paid_at)),
        (_("Call by"), text.day(row.due_at)),
        (_("Attempts"), attempts if row.attempts else ''),
        (_("Caller"), row.owner),
        (_("Comment"), row.comment),
    )
    return Facts(_("Call after the payment"), badge, _said(pairs), '', _scores(row.answers))


def _follow_up(row: FollowUpView, now: dt.datetime) -> Facts:
    badge = _due(row.due_state, row.due_at, now)
    if row.closed_at is not None:
        badge = Badge(*_DONE, _of_five(row.second_score))
    pairs = (
        (_("Lowest score"), _of_five(row.score)),
        (_("Comment"), row.comment),
        (_("Phone"), row.phone),
        (_("Second call by"), text.day(row.due_at)),
        (_("Coordinator"), row.owner),
        (_("Root cause"), cause_words(row.root_cause) if row.root_cause else ''),
        (_("Put right"), row.fix),
        (_("Second call"), text.moment(row.contacted_at) if row.contacted_at else ''),
    )
    return Facts(_("Customer not content"), badge, _said(pairs), '', _scores(row.answers))


def _lawsuit(row: LawsuitView, now: dt.datetime) -> Facts:
    day = row.next_day
    badge = Badge('', 'stamp', _("No day set"))
    if row.closed_at is not None:
        badge = Badge(*_DONE, _("Closed"))
    elif day is not None:
        badge = Badge('', '', f'{label(day.kind)} · {due_words(day.due_state, day.due_at, now)}', day.due_state)
    pairs = (
        (_("Court"), row.court),
        (_("Number at the court"), row.number),
        (_("We are"), label(row.side)),
        (_("Other side"), row.opponent),
        (_("Claimed"), text.money(row.claimed, sign=True) if row.claimed is not None else ''),
        (_("In charge"), row.owner),
        (_("Awarded"), text.money(row.awarded, sign=True) if row.awarded is not None else ''),
        (_("Closed"), text.moment(row.closed_at) if row.closed_at else ''),
    )
    days = tuple(
        (
            f'{text.moment(one.due_at)} · {label(one.kind)}',
            _("done by {name}").format(name=one.done_by) if one.done_at else one.note,
        )
        for one in reversed(row.days)
    )
    return Facts(_("Lawsuit"), badge, _said(pairs), row.outcome, days)


def _recovery(row: RecoveryView, now: dt.datetime) -> Facts:
    if row.closed_at is not None:
        badge = Badge(*_DONE, label(row.outcome) if row.outcome else _("Closed"))
    elif row.limitation is not None:
        badge = _due(row.due_state, row.limitation, now)
    else:
        badge = Badge('', 'clock', _("No limitation runs"))
    pairs = (
        (_("Debtor"), row.debtor),
        (_("Expected"), text.money(row.expected, sign=True)),
        (_("Received so far"), text.money(row.received, sign=True)),
        (_("Outstanding"), text.money(row.outstanding, sign=True)),
        (_("Limitation ends"), text.day(row.limitation) if row.limitation else ''),
        (_("In charge"), row.owner),
        (_("Closing note"), row.closing_note),
    )
    money = tuple(
        (
            f'{text.day(one.received_on)} · {one.recorded_by}',
            ' · '.join(
                part
                for part in (text.money(one.amount, sign=True), one.reference, _("voided") if one.voided else '')
                if part
            ),
        )
        for one in reversed(row.receipts)
    )
    return Facts(label(row.kind), badge, _said(pairs), row.basis, money)


def _referral(row: ReferralView, now: dt.datetime) -> Facts:
    if row.outcome is not None:
        badge = Badge(*_FOUND[row.outcome], label(row.outcome))
    else:
        badge = Badge('amber', 'search', _("Being looked into"))
    pairs = (
        (_("Level"), _("{level}, {score} points").format(level=label(row.level), score=row.score)),
        (_("Signals"), _(", ").join(row.rules)),
        (_("Asked by"), row.raised_by or _("the office's table of rules")),
        (_("Asked"), text.moment(row.raised_at)),
        (_("Finding by"), text.day(row.due_at)),
        (_("Looked into by"), row.decided_by or row.owner),
        (_("Finding"), row.finding),
    )
    return Facts(_("Case to look into"), badge, _said(pairs), row.reason)


def _said(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, words) for name, words in pairs if words)


def _of_five(score: int | None) -> str:
    return '' if score is None else _("{score} of 5").format(score=score)


def _scores(answers: tuple[AnswerView, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((answer.question, _of_five(answer.score)) for answer in answers)


_TOLD: dict[type, Callable[[Any, dt.datetime], Facts]] = {
    MatterView: _matter,
    CallBackView: _call,
    FollowUpView: _follow_up,
    LawsuitView: _lawsuit,
    RecoveryView: _recovery,
    ReferralView: _referral,
}
