"""Lines with prices and classes, many at once, and a second look at them; on both databases."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.models import Database
from claimdesk.rules.loss import ReviewRule
from claimdesk.rules.workflow import Move
from claimdesk.services.assessment import LossDetail, LossView, NewLoss
from claimdesk.services.loss_reviews import ReviewView
from claimdesk.vocabulary import LetterKind, LossKind, LossReviewKind, LossReviewState, MedicalClass, Role, Stage
from tests.reports.pages import squeezed, texts
from tests.services.role_office import RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.ASSESSMENT)
    return made


def add(office: RoleOffice, name: str = '前保险杠', **detail: object) -> LossView:
    made = LossDetail(**detail)  # type: ignore[arg-type]
    assessor = office.people[Role.ASSESSOR]
    return office.desk.assessment.add(
        assessor, office.case_id, LossKind.PARTS, name, D(1000), D(900), detail=made
    )


def ask(office: RoleOffice, kind: LossReviewKind = LossReviewKind.PRICE_CHECK) -> ReviewView:
    return office.desk.loss_reviews.ask(office.people[Role.ASSESSOR], office.case_id, kind, '配件价格')


def test_a_price_makes_the_amount_and_the_share_belongs_to_class_b(office: RoleOffice) -> None:
    line = add(office, quantity=D('1.5'), unit='件', unit_price=D('333.33'), own_share=D('0.1'))
    assert (line.claimed, line.detail.own_share) == (D('500.00'), None)
    assessor = office.people[Role.ASSESSOR]
    classed = LossDetail(quantity=D(1), medical_class=MedicalClass.B, own_share=D('0.1'))
    fields = {'kind': LossKind.MEDICAL, 'name': '药费', 'claimed': D(70), 'confirmed': None}
    edited = office.desk.assessment.edit(assessor, line.id, line.version, **fields, detail=classed)
    assert (edited.claimed, edited.detail) == (D(70), classed)
    kept = office.desk.assessment.edit(assessor, line.id, edited.version, **fields)
    assert kept.detail == classed
    for wrong in (LossDetail(quantity=D(0)), LossDetail(unit_price=D(-1)), LossDetail(own_share=D(2))):
        with pytest.raises(InvalidInput):
            office.desk.assessment.edit(assessor, line.id, kept.version, **fields, detail=wrong)


def test_many_lines_come_and_go_all_or_none(office: RoleOffice) -> None:
    assessor, assessment = office.people[Role.ASSESSOR], office.desk.assessment
    with pytest.raises(InvalidInput):
        assessment.add_many(
            assessor, office.case_id, [NewLoss(LossKind.PARTS, '大灯', D(1)), NewLoss(LossKind.PARTS, ' ', D(2))]
        )
    assert assessment.items(assessor, office.case_id) == []
    added = assessment.add_many(
        assessor, office.case_id, [NewLoss(LossKind.PARTS, name, D(10)) for name in ('大灯', '叶子板', '水箱')]
    )
    assert [line.name for line in assessment.items(assessor, office.case_id)] == ['大灯', '叶子板', '水箱']
    with pytest.raises(Exception, match='changed'):
        assessment.remove_many(assessor, [(added[0].id, 1), (added[1].id, 9)])
    assert len(assessment.items(assessor, office.case_id)) == 3
    assessment.remove_many(assessor, [(line.id, line.version) for line in added])
    assert assessment.items(assessor, office.case_id) == []


def test_somebody_else_checks_prices_and_what_changed_is_kept(office: RoleOffice) -> None:
    line, review = add(office), ask(office)
    with pytest.raises(InvalidInput, match='under way'):
        ask(office)
    with pytest.raises(NotAllowed, match='somebody else'):
        office.desk.loss_reviews.answer(office.people[Role.ASSESSOR], review.id, review.version, {})
    with pytest.raises(NotAllowed):
        office.desk.loss_reviews.answer(office.people[Role.FINANCE], review.id, review.version, {})
    approver = office.people[Role.APPROVER]
    with pytest.raises(InvalidInput):
        office.desk.loss_reviews.answer(approver, review.id, review.version, {line.id: D(700)})
    done = office.desk.loss_reviews.answer(approver, review.id, review.version, {line.id: D(700)}, '副厂件')
    assert (done.state, done.reviewed_by, done.answer) == (LossReviewState.CHANGED, approver.name, '副厂件')
    assert [(one.name, one.before, one.after) for one in done.changes] == [('前保险杠', D(900), D(700))]
    assert office.desk.assessment.items(approver, office.case_id)[0].confirmed == D(700)
    words = ''.join(texts(office.desk.letters.preview(approver, office.case_id, LetterKind.LOSS_LIST)))
    assert squeezed('副厂件') in words
    assert '700.00' in words


def test_an_open_or_a_needed_review_holds_the_assessment(office: RoleOffice) -> None:
    add(office)
    review = ask(office, LossReviewKind.REINSPECTION)
    with pytest.raises(InvalidInput, match='waits for its answer'):
        office.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
    office.desk.loss_reviews.withdraw(office.people[Role.ASSESSOR], review.id, review.version)
    manager, start = office.people[Role.MANAGER], office.desk.context.today() - dt.timedelta(days=30)
    office.desk.loss_reviews.save_rule(manager, start, ReviewRule(D(900), None))
    with pytest.raises(InvalidInput, match='needs this first'):
        office.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
    review = ask(office)
    agreed = office.desk.loss_reviews.answer(office.people[Role.APPROVER], review.id, review.version, {})
    assert agreed.state is LossReviewState.AGREED
    office.move(Role.ASSESSOR, Move.FINISH_ASSESSMENT)
    assert office.case.stage is Stage.ADJUSTMENT
    with pytest.raises(NotAllowed):
        office.desk.loss_reviews.save_rule(office.people[Role.ASSESSOR], start, ReviewRule(None, None))
