"""What waits for one person beside the steps of cases: decisions, surveys and visits, customers, courts, the bank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from claimdesk.amounts import money_text
from claimdesk.language import _, ngettext
from claimdesk.models import (
    Account,
    Base,
    Calculation,
    CallBack,
    Case,
    Complaint,
    FollowUp,
    Lawsuit,
    LawsuitDay,
    LossReview,
    MoveRequest,
    PayeeAccount,
    Payment,
    PaymentBatch,
    RiskReferral,
    SurveyDispatch,
)
from claimdesk.rules.permissions import Permission
from claimdesk.rules.workflow import MOVES, Move
from claimdesk.services.assigning import handlers_of
from claimdesk.services.case_facts import standing_of
from claimdesk.services.case_filters import midnight
from claimdesk.services.case_rows import ROW_COLUMNS, RowReader
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext
from claimdesk.services.limits_beside import answer_due
from claimdesk.services.loss_reviews import NEEDED
from claimdesk.services.work_items import MOST_ROWS, Deed, Urgency, WorkItem, by_limit, timed
from claimdesk.vocabulary import CallBackState, DispatchState, DueState, LossReviewState, PaymentState, label

Found = tuple[Sequence[WorkItem], int]
"""The first rows of a kind, and how many there are."""


@dataclass(frozen=True)
class Looker:
    """Who looks and when; `own` are they and those they stand in for, `whose` the same, but empty for who leads."""

    session: Session
    office: OfficeContext
    reader: RowReader
    actor: Actor
    own: Collection[int]
    whose: Collection[int]
    now: dt.datetime


@dataclass(frozen=True)
class _Said:
    """What a row of one of these tables says on the workbench."""

    action: str
    note: str
    due_at: dt.datetime | None = None
    part: str = 'overview'
    deed: Deed = Deed.OPEN
    page: str = ''
    arguments: object = None


def beside_groups(look: Looker) -> Iterator[tuple[Urgency, Found]]:
    """The groups that have something in them, their rows by the nearest limit."""
    actor = look.actor
    yield Urgency.DECISION, _together(_decisions(look))
    yield Urgency.VISITS, _visits(look)
    if actor.may(Permission.MESSAGE) or actor.may(Permission.COMPLAINT):
        yield Urgency.CUSTOMERS, _together(_customers(look))
    if actor.may(Permission.PAY):
        yield Urgency.BANK, _together(_bank(look))


def _together(found: Iterator[Found]) -> Found:
    items: list[WorkItem] = []
    count = 0
    for some, how_many in found:
        items += some
        count += how_many
    return by_limit(items), count


def _read(look: Looker, query: Select[Any], entity: type[Base], say: Callable[[Any, Row[Any]], _Said]) -> Found:
    """The rows of `entity`, whose case `query` joins, each as `say` puts it from the entity and the whole row."""
    found = look.session.execute(query.limit(MOST_ROWS)).all()
    if not found:
        return (), 0
    items = []
    for row, case in zip(found, look.reader.read(found), strict=True):
        one = getattr(row, entity.__name__)
        said = say(one, row)
        state, words = timed(said.due_at, look.now)
        items.append(
            WorkItem(
                f'{entity.__tablename__}:{one.id}', case, case.number, said.action, said.part, said.note, state, words,
                said.due_at, said.deed, said.page, said.arguments, one.id, one.version,
            )
        )  # fmt: skip
    count = len(items)
    if count == MOST_ROWS:
        count = look.session.scalar(query.with_only_columns(func.count()).order_by(None)) or count
    return items, count


def _of_cases(entity: Any, *more: Any) -> Select[Any]:
    return select(*ROW_COLUMNS, entity, *more).join_from(entity, Case, Case.id == entity.case_id)


def _theirs(look: Looker, owner: Any) -> list[ColumnElement[bool]]:
    return [owner.in_(look.whose)] if look.whose else []


# Decisions


def _decisions(look: Looker) -> Iterator[Found]:
    actor = look.actor
    yield _requests(look)
    if actor.may(Permission.APPROVE):
        yield _advances(look)
    if actor.may(Permission.CHECK_ACCOUNT):
        yield _accounts(look)
    if actor.may(Permission.GRANT_TIME):
        yield _extensions(look)
    if actor.may(Permission.INVESTIGATE):
        yield _referrals(look)
    kinds = [kind for kind, permission in NEEDED.items() if actor.may(permission)]
    if kinds:
        query = _of_cases(LossReview).where(
            LossReview.state == LossReviewState.OPEN, LossReview.kind.in_(kinds), LossReview.asked_by != actor.id
        )
        yield _read(look, query.order_by(LossReview.id), LossReview, lambda one, _row: _Said(
            label(one.kind), one.question, part='loss'
        ))  # fmt: skip


def _requests(look: Looker) -> Found:
    """Moves that somebody else asks for, on cases that this person has not worked on."""
    actor, session = look.actor, look.session
    moves = [move.value for move, rule in MOVES.items() if actor.may(rule.permission)]
    query = _of_cases(MoveRequest).where(
        MoveRequest.decided_by.is_(None), MoveRequest.requested_by != actor.id, MoveRequest.move.in_(moves)
    )
    query = query.add_columns(Account.name.label('asked')).join(Account, Account.id == MoveRequest.requested_by)
    items, count = _read(look, query.order_by(MoveRequest.id), MoveRequest, lambda one, row: _Said(
        _("Decide: {move}").format(move=label(Move(one.move))),
        _("{name} asks: {reason}").format(name=row.asked, reason=one.reason),
    ))  # fmt: skip
    free = [item for item in items if item.row and actor.id not in handlers_of(session, item.row.id)]
    return free, count - (len(items) - len(free))


def _advances(look: Looker) -> Found:
    """Advances that somebody else calculated and that this person's authority covers."""
    actor, today = look.actor, look.office.today()
    query = _of_cases(Calculation).where(
        Calculation.kind == literal_column("'advance'"), Calculation.state == literal_column("'pending'"),
        Calculation.reversed_at.is_(None), Calculation.made_by != actor.id,
    )  # fmt: skip
    items, count = _read(look, query.order_by(Calculation.id), Calculation, lambda one, row: _Said(
        _("Approve the advance"), _("{amount} yuan").format(amount=money_text(one.payable)), row.due_at, 'money'
    ))  # fmt: skip
    if not items:
        return (), 0
    amounts = dict(
        look.session.execute(
            select(Calculation.id, Calculation.payable).where(Calculation.id.in_([item.beside_id for item in items]))
        ).all()
    )
    covered = [
        item
        for item in items
        if item.row is not None
        and standing_of(look.session, actor, item.row.line, today).covers(amounts[item.beside_id])
    ]
    return covered, count - (len(items) - len(covered))


def _accounts(look: Looker) -> Found:
    """Changed accounts that somebody else entered, as long as a prepared payment waits for them."""
    waits = select(Payment.payee_account_id).where(Payment.state == PaymentState.PREPARED)
    query = _of_cases(PayeeAccount).where(
        PayeeAccount.needs_check,
        PayeeAccount.checked_by.is_(None),
        PayeeAccount.entered_by != look.actor.id,
        PayeeAccount.id.in_(waits),
    )
    return _read(look, query.order_by(PayeeAccount.id), PayeeAccount, lambda one, row: _Said(
        _("Check the changed account"), _("{name}, {bank}").format(name=one.name, bank=one.bank_name), row.due_at,
        'payment', page='payments', arguments={'case_id': one.case_id},
    ))  # fmt: skip


def _extensions(look: Looker) -> Found:
    query = _of_cases(Complaint, Case).where(
        Complaint.answered_at.is_(None),
        Complaint.extension_asked_by.is_not(None),
        Complaint.extension_asked_by != look.actor.id,
        Complaint.extension_granted.is_(None),
    )
    return _read(look, query.order_by(Complaint.received_at), Complaint, lambda one, row: _Said(
        _("Decide on more time"), one.extension_reason,
        answer_due(row.Case, one.received_at, one.complexity, look.office), 'disputes', page='liaison',
        arguments=('complaints', one.id),
    ))  # fmt: skip


def _referrals(look: Looker) -> Found:
    query = _of_cases(RiskReferral).where(RiskReferral.outcome.is_(None), RiskReferral.owner_id.in_(look.own))
    return _read(look, query.order_by(RiskReferral.due_at, RiskReferral.id), RiskReferral, lambda one, _row: _Said(
        _("Look into the risk signals"), one.reason or label(one.level), one.due_at, 'risk', page='liaison',
        arguments=('referrals', one.id),
    ))  # fmt: skip


# Surveys


def _visits(look: Looker) -> Found:
    """Dispatches without an answer, without an appointment, or to be visited today or earlier: of this person, and of
    absent surveyors whom they replace."""
    tomorrow = midnight(look.now.astimezone(SHANGHAI).date() + dt.timedelta(days=1))
    accepted = SurveyDispatch.state == DispatchState.ACCEPTED
    query = _of_cases(SurveyDispatch).where(
        SurveyDispatch.surveyor_id.in_(look.own if look.actor.may(Permission.SURVEY) else [look.actor.id]),
        or_(
            SurveyDispatch.state == DispatchState.OFFERED,
            and_(accepted, SurveyDispatch.appointment_at < tomorrow),
            and_(accepted, SurveyDispatch.appointment_at.is_(None)),
        ),
    )
    order = (SurveyDispatch.appointment_at.is_(None), SurveyDispatch.appointment_at, SurveyDispatch.id)
    return _read(look, query.order_by(*order), SurveyDispatch, _visit)


def _visit(one: SurveyDispatch, row: Row[Any]) -> _Said:
    note = ' · '.join(filter(None, (label(one.kind), one.place or row.place, one.note)))
    if one.state is DispatchState.OFFERED:
        return _Said(_("Accept the survey"), note, one.appointment_at, 'loss', Deed.ACCEPT)
    action = _("Agree on a time") if one.appointment_at is None else _("Visit and write the report")
    return _Said(action, note, one.appointment_at, 'loss')


# Customers and courts


def _customers(look: Looker) -> Iterator[Found]:
    actor = look.actor
    if actor.may(Permission.COMPLAINT):
        yield _complaints(look)
        yield _read(
            look,
            _of_cases(FollowUp)
            .where(FollowUp.closed_at.is_(None), *_theirs(look, FollowUp.owner_id))
            .order_by(FollowUp.due_at, FollowUp.id),
            FollowUp,
            lambda one, _row: _Said(
                _("Put right what was wrong"), _("score {n} of 5").format(n=one.score), one.due_at,
                'disputes', page='liaison', arguments=('follow_ups', one.id),
            ),
        )  # fmt: skip
        yield _court_days(look)
    yield _read(
        look,
        _of_cases(CallBack)
        .where(CallBack.state == CallBackState.OPEN, *_theirs(look, CallBack.owner_id))
        .order_by(CallBack.due_at, CallBack.id),
        CallBack,
        lambda one, _row: _Said(
            _("Call the customer"), _tried(one.attempts), one.due_at, 'disputes', page='liaison',
            arguments=('calls', one.id),
        ),
    )  # fmt: skip


def _complaints(look: Looker) -> Found:
    query = _of_cases(Complaint, Case).where(Complaint.answered_at.is_(None), *_theirs(look, Complaint.owner_id))
    return _read(look, query.order_by(Complaint.received_at, Complaint.id), Complaint, lambda one, row: _Said(
        _("Answer the complaint"), one.content, answer_due(row.Case, one.received_at, one.complexity, look.office),
        'disputes', page='liaison', arguments=('complaints', one.id),
    ))  # fmt: skip


def _court_days(look: Looker) -> Found:
    query = (
        _of_cases(LawsuitDay, Lawsuit.court)
        .join(Lawsuit, Lawsuit.id == LawsuitDay.lawsuit_id)
        .where(LawsuitDay.done_at.is_(None), Lawsuit.closed_at.is_(None), *_theirs(look, Lawsuit.owner_id))
        .order_by(LawsuitDay.due_at, LawsuitDay.id)
    )
    return _read(look, query, LawsuitDay, lambda one, row: _Said(
        label(one.kind), ' · '.join(filter(None, (row.court, one.note))), one.due_at, 'disputes', page='liaison',
        arguments=('lawsuits', one.lawsuit_id),
    ))  # fmt: skip


def _tried(attempts: int) -> str:
    if not attempts:
        return _("after the payment")
    return ngettext("tried {n} time", "tried {n} times", attempts).format(n=attempts)


# The bank


def _bank(look: Looker) -> Iterator[Found]:
    """What is prepared and in no batch as one row, and each batch that the bank has not answered whole."""
    prepared = Payment.state == PaymentState.PREPARED
    count, amount = look.session.execute(
        select(func.count(), func.sum(Payment.amount)).where(prepared, Payment.batch_id.is_(None))
    ).one()
    if count:
        words = ngettext("{n} payment, {amount} yuan", "{n} payments, {amount} yuan", count)
        words = words.format(n=count, amount=money_text(amount))
        yield [_payments('prepared', _("In no batch"), _("Make a bank file"), words)], 1
    batches = look.session.execute(
        select(PaymentBatch.number, PaymentBatch.made_at, func.count(), func.sum(Payment.amount))
        .join(Payment, Payment.batch_id == PaymentBatch.id)
        .where(prepared)
        .group_by(PaymentBatch.id, PaymentBatch.number, PaymentBatch.made_at)
        .order_by(PaymentBatch.made_at)
        .limit(MOST_ROWS)
    ).all()
    items = []
    for number, made_at, count, amount in batches:
        words = ngettext(
            "{n} payment, {amount} yuan, since {day}", "{n} payments, {amount} yuan, since {day}", count
        ).format(n=count, amount=money_text(amount), day=f'{made_at.astimezone(SHANGHAI):%m-%d %H:%M}')
        items.append(_payments('in_batch', number, _("Read the bank's answer"), words))
    yield items, len(items)


def _payments(state: str, number: str, action: str, note: str) -> WorkItem:
    return WorkItem(
        f'{state}:{number}', None, number, action, '', note, DueState.ON_TIME, '', page='payments', arguments=state
    )
