"""A second look at an assessed loss: prices checked, the damage inspected again, by somebody else than who assessed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from claimdesk.amounts import yuan
from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.language import N_, _
from claimdesk.models import Account, Case, LossItem, LossReview
from claimdesk.models.rows import get, get_for_edit
from claimdesk.rules.loss import RULE_KEY, ReviewRule, review_from_json, review_problem, review_to_json
from claimdesk.rules.permissions import Permission
from claimdesk.services.assessment import loss_totals
from claimdesk.services.clockwork import touch
from claimdesk.services.context import SHANGHAI, Actor, OfficeContext, require
from claimdesk.services.office_rules import rule_at, set_rule
from claimdesk.vocabulary import LossReviewKind, LossReviewState, Stage, label

NEEDED = {
    LossReviewKind.PRICE_CHECK: Permission.CHECK_PRICES,
    LossReviewKind.REINSPECTION: Permission.REINSPECT,
}
"""Who may do which review."""

BEFORE_APPROVAL = (Stage.SURVEY, Stage.ASSESSMENT, Stage.ADJUSTMENT)


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that the reviewer set otherwise, in yuan; `before` is None where it was open."""

    item_id: int
    name: str
    before: Decimal | None
    after: Decimal


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as it stands."""

    id: int
    version: int
    kind: LossReviewKind
    state: LossReviewState
    question: str
    asked_by: str
    asked_at: dt.datetime
    reviewed_by: str
    reviewed_at: dt.datetime | None
    answer: str
    changes: tuple[LineChange, ...]
    mine: bool = False


class LossReviews:
    """Asking for a review, and answering it."""

    def __init__(self, office: OfficeContext) -> None:
        self._office = office

    def of_case(self, actor: Actor, case_id: int) -> list[ReviewView]:
        """The reviews of the case, the newest first."""
        with self._office.database.read() as session:
            return _views(session, actor, case_id)

    def ask(self, actor: Actor, case_id: int, kind: LossReviewKind, question: str = '') -> ReviewView:
        """Ask for a second look. Raises `NotAllowed`, and `InvalidInput` where one of that kind is open."""
        require(actor, Permission.ASSESS)
        with self._office.write(actor, N_("asked for a review of the loss")) as session:
            case = _assessed_case(session, case_id)
            if not session.scalar(select(LossItem.id).where(LossItem.case_id == case_id).limit(1)):
                raise InvalidInput(_("Enter the loss first."))
            if _open(session, case_id, kind) is not None:
                raise InvalidInput(_("This review is under way already: {kind}.").format(kind=label(kind)))
            row = LossReview(
                case_id=case_id,
                kind=kind,
                question=question.strip()[:400],
                asked_by=actor.id,
                asked_at=self._office.now(),
                changes=[],
            )
            session.add(row)
            touch(session, case, self._office)
            session.flush()
            return _view(row, actor, _people(session))

    def answer(
        self, actor: Actor, review_id: int, version: int, amounts: Mapping[int, Decimal], answer: str = ''
    ) -> ReviewView:
        """Agree, or set lines otherwise: `amounts` are new confirmed amounts in yuan by line.

        Whoever asked does not review. Raises `NotAllowed`, `Conflict`, `InvalidInput`.
        """
        with self._office.write(actor, N_("reviewed the loss")) as session:
            row = get_for_edit(session, LossReview, review_id, version)
            require(actor, NEEDED[row.kind])
            if row.asked_by == actor.id:
                raise NotAllowed(_("You asked for this review, so somebody else must do it."))
            if row.state is not LossReviewState.OPEN:
                raise InvalidInput(_("This review is over: {state}.").format(state=label(row.state)))
            case = _assessed_case(session, row.case_id)
            changes = _changed(session, case, amounts)
            if changes and not answer.strip():
                raise InvalidInput(
                    _("Say why the amounts change."), '', {'answer': _("Say why the amounts change.")}
                )
            row.state = LossReviewState.CHANGED if changes else LossReviewState.AGREED
            row.changes, row.answer = changes, answer.strip()[:400]
            row.reviewed_by, row.reviewed_at = actor.id, self._office.now()
            touch(session, case, self._office)
            session.flush()
            return _view(row, actor, _people(session))

    def withdraw(self, actor: Actor, review_id: int, version: int) -> ReviewView:
        """Take the question back. Only who asked may. Raises `NotAllowed`, `Conflict`, `InvalidInput`."""
        with self._office.write(actor, N_("took a review back")) as session:
            row = get_for_edit(session, LossReview, review_id, version)
            if row.asked_by != actor.id:
                raise NotAllowed(_("Only who asked for the review takes it back."))
            if row.state is not LossReviewState.OPEN:
                raise InvalidInput(_("This review is over: {state}.").format(state=label(row.state)))
            row.state = LossReviewState.WITHDRAWN
            touch(session, get(session, Case, row.case_id), self._office)
            session.flush()
            return _view(row, actor, _people(session))

    def rule(self, actor: Actor, day: dt.date) -> ReviewRule:
        """From which amounts the office wants a review, on `day`."""
        with self._office.database.read() as session:
            return review_from_json(rule_at(session, actor.office_id, RULE_KEY, day, None))

    def save_rule(self, actor: Actor, valid_from: dt.date, rule: ReviewRule, version: int | None = None) -> None:
        """Let the rule hold from `valid_from` on. Raises `NotAllowed`, `Conflict`."""
        require(actor, Permission.MANAGE_OFFICE)
        with self._office.write(actor, N_("changed a rule of the office")) as session:
            set_rule(session, actor.office_id, RULE_KEY, valid_from, review_to_json(rule), version)


def review_problems(session: Session, case: Case) -> tuple[str, ...]:
    """What of the reviews stands against finishing the assessment."""
    told = [
        _("A review waits for its answer: {kind}.").format(kind=label(kind))
        for kind in LossReviewKind
        if _open(session, case.id, kind) is not None
    ]
    rule = review_from_json(
        rule_at(session, case.office_id, RULE_KEY, case.reported_at.astimezone(SHANGHAI).date(), None)
    )
    confirmed = loss_totals(session, case.id).confirmed
    done = set(
        session.scalars(
            select(LossReview.kind).where(
                LossReview.case_id == case.id,
                LossReview.state.in_((LossReviewState.AGREED, LossReviewState.CHANGED)),
            )
        )
    )
    for kind, amount in (
        (LossReviewKind.PRICE_CHECK, rule.price_check_from),
        (LossReviewKind.REINSPECTION, rule.reinspection_from),
    ):
        if amount is not None and confirmed >= amount and kind not in done and _open(session, case.id, kind) is None:
            told.append(review_problem(label(kind), amount))
    return tuple(told)


def _changed(session: Session, case: Case, amounts: Mapping[int, Decimal]) -> list[dict[str, Any]]:
    changes = []
    for item_id, amount in amounts.items():
        item = get(session, LossItem, item_id)
        if item.case_id != case.id or amount < 0:
            raise InvalidInput(_("This line does not belong to the case."), _("Refresh the case."))
        if item.confirmed == yuan(amount):
            continue
        before = None if item.confirmed is None else str(item.confirmed)
        changes.append({'item': item.id, 'name': item.name, 'before': before, 'after': str(yuan(amount))})
        item.confirmed = yuan(amount)
    return changes


def _open(session: Session, case_id: int, kind: LossReviewKind) -> LossReview | None:
    return session.scalar(
        select(LossReview).where(
            LossReview.case_id == case_id, LossReview.kind == kind, LossReview.state == LossReviewState.OPEN
        )
    )


def _assessed_case(session: Session, case_id: int) -> Case:
    case = get(session, Case, case_id)
    if case.stage not in BEFORE_APPROVAL:
        raise InvalidInput(
            _("The loss is settled: the case has already gone to approval."),
            _("Let the approver return it before changing loss items."),
        )
    return case


def _people(session: Session) -> dict[int, str]:
    return dict(session.execute(select(Account.id, Account.name)).all())


def _views(session: Session, actor: Actor, case_id: int) -> list[ReviewView]:
    people = _people(session)
    rows = session.scalars(
        select(LossReview)
        .where(LossReview.case_id == case_id)
        .order_by(LossReview.asked_at.desc(), LossReview.id.desc())
    )
    return [_view(row, actor, people) for row in rows]


def _view(row: LossReview, actor: Actor, people: Mapping[int, str]) -> ReviewView:
    return ReviewView(
        id=row.id,
        version=row.version,
        kind=row.kind,
        state=row.state,
        question=row.question,
        asked_by=people.get(row.asked_by, ''),
        asked_at=row.asked_at,
        reviewed_by=people.get(row.reviewed_by or 0, ''),
        reviewed_at=row.reviewed_at,
        answer=row.answer,
        changes=tuple(
            LineChange(
                one['item'], one['name'], None if one['before'] is None else yuan(one['before']), yuan(one['after'])
            )
            for one in row.changes
        ),
        mine=row.asked_by == actor.id,
    )
