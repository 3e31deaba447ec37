"""Calculating a case: the proposal of the file, the sheet, what is kept, and what stops it; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import Calculation, Case, Coverage, Database, Document, LossItem, Policy, ReadingRecord
from claimdesk.ocr.reading import Box, FieldReading
from claimdesk.rules.adjustment import Request
from claimdesk.services.calculation_kept import canonical
from claimdesk.services.calculation_view import CalculationView
from claimdesk.services.documents import NewFile
from claimdesk.services.proposal import Proposal
from claimdesk.services.reading_view import field_payload, pages_now
from claimdesk.vocabulary import ApprovalState, ClauseVersion, DocumentKind, LossKind, Role, Stage
from tests.services.paper_office import pdf
from tests.services.role_office import RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.ADJUSTMENT)
    return made


def cover(office: RoleOffice, number: int = 0) -> int:
    return office.case.policy.coverages[number].id


def proposal(office: RoleOffice, *numbers: int) -> Proposal:
    chosen = [cover(office, number) for number in numbers]
    return office.desk.adjustment.proposal(office.people[Role.ADJUSTER], office.case_id, chosen)


def with_inputs(request: Request, **values: Any) -> Request:
    part = request.parts[0]
    return replace(request, parts=(replace(part, inputs=replace(part.inputs, **values)), *request.parts[1:]))


def save(office: RoleOffice, request: Request, version: int | None = None) -> CalculationView:
    return office.desk.adjustment.save(
        office.people[Role.ADJUSTER], office.case_id, version or office.case.version, request
    )


def kept(office: RoleOffice) -> list[CalculationView]:
    return office.desk.adjustment.of_case(office.people[Role.AUDITOR], office.case_id)


def add_loss(office: RoleOffice, kind: LossKind, name: str, amount: str, **more: Any) -> None:
    office.desk.assessment.add(office.people[Role.ADJUSTER], office.case_id, kind, name, D(amount), D(amount), **more)


def test_the_file_proposes_loss_limit_deductible_and_share(office: RoleOffice) -> None:
    (own,) = proposal(office).request.parts
    assert (own.kind, own.inputs.loss, own.inputs.limit, own.inputs.deductible) == (
        'own_damage', D(2800), D(180_000), D(500),
    )  # fmt: skip
    (others,) = proposal(office, 1).request.parts
    assert (others.kind, others.inputs.property, others.inputs.limit, others.inputs.liability_ratio) == (
        'third_party', D(2800), D(1_000_000), D('0.7'),
    )  # fmt: skip
    assert others.inputs.compulsory_property == D(2000)


def test_each_loss_item_goes_to_the_cover_that_bears_it(office: RoleOffice) -> None:
    add_loss(office, LossKind.THIRD_PARTY, '护栏', '5000')
    add_loss(office, LossKind.TOWING, '拖车', '400')
    own, others = proposal(office).request.parts
    assert (own.inputs.loss, own.inputs.rescue, others.inputs.property) == (D(2800), D(400), D(5000))
    result = office.desk.adjustment.preview(office.people[Role.AUDITOR], office.case_id, proposal(office).request)
    # (2800 − 500) + 400, and (5000 − 2000) × 70 %.
    assert [sheet.payable for sheet in result.sheets] == [D(2700), D(2100)]


def test_items_of_an_injury_go_where_compulsory_cover_counts_them(office: RoleOffice) -> None:
    for kind, amount in (
        (LossKind.MEDICAL, '20000'), (LossKind.HOSPITAL_MEALS, '600'), (LossKind.DISABILITY, '190000'),
        (LossKind.SOLACE, '5000'), (LossKind.THIRD_PARTY, '3000'),
    ):  # fmt: skip
        add_loss(office, kind, kind.value, amount)
    others = proposal(office).request.parts[1].inputs
    assert (others.medical, others.death, others.property) == (D(20600), D(195000), D(3000))
    assert (others.compulsory_medical, others.compulsory_death, others.compulsory_property) == (
        D(18000), D(180000), D(2000),
    )  # fmt: skip


def test_an_input_names_its_document_and_page(office: RoleOffice) -> None:
    sources = proposal(office).sources[0]
    assert [(one.kind, one.amount) for one in sources['loss']] == [('loss', D(2800))]
    assert sources['limit'][0].kind == 'policy'
    assert sources['limit_used' if 'limit_used' in sources else 'deductible'][0].words


def test_a_loss_names_the_page_on_which_its_amount_was_read(office: RoleOffice) -> None:
    clerk, documents = office.people[Role.SERVICE], office.desk.documents
    (paper,) = documents.add(clerk, [NewFile('bill.pdf', pdf('list', 'sum'))], office.case_id, 'bill')
    add_loss(office, LossKind.TOWING, '拖车', '400', document_id=paper.id)
    before = proposal(office)
    assert 'rescue' not in before.sources[0]
    assert any('not confirmed' in remark and '400.00' in remark for remark in before.remarks)
    office.desk.invoices.confirm_other(clerk, paper.id, paper.version, office.case_id, DocumentKind.OTHER)

    def place() -> tuple[int | None, tuple[float, ...] | None]:
        found = proposal(office).sources[0]['rescue']
        return next((one.page, one.box) for one in found if one.document_id == paper.id)

    assert place() == (None, None)
    total = field_payload(FieldReading('total', '400.00', 0.99, 'text_layer', Box(0.1, 0.1, 0.2, 0.1)))
    blank = {'kind': 'other', 'seconds': 0, 'items': [], 'items_confidence': 0, 'checks': [], 'text': ''}
    told = [{**blank, 'page': 1, 'fields': []}, {**blank, 'page': 2, 'fields': [total]}]
    with office.desk.context.database.write('test') as session:
        pages = pages_now(session.get_one(Document, paper.id))
        payload = {'pages': pages, 'reading': {'error': None, 'pages': told}}
        session.add(
            ReadingRecord(document_id=paper.id, read_at=office.watch(), engine='auto', kind='other', payload=payload)
        )
    assert place() == (2, (0.1, 0.1, 0.2, 0.1))
    saved = save(office, proposal(office).request)
    assert saved.sources[0]['rescue'][0].box == (0.1, 0.1, 0.2, 0.1)


def test_what_was_typed_is_marked_as_entered_by_hand(office: RoleOffice) -> None:
    saved = save(office, with_inputs(proposal(office).request, third_party_paid=D(300)))
    assert [one.kind for one in saved.sources[0]['third_party_paid']] == ['hand']
    assert [one.kind for one in saved.sources[0]['loss']] == ['loss']


def test_salvage_is_proposed_apart_from_the_loss(office: RoleOffice) -> None:
    add_loss(office, LossKind.SALVAGE, '旧件', '100')
    inputs = proposal(office).request.parts[0].inputs
    assert (inputs.loss, inputs.salvage) == (D(2800), D(100))


def test_a_look_keeps_nothing(office: RoleOffice) -> None:
    result = office.desk.adjustment.preview(office.people[Role.AUDITOR], office.case_id, proposal(office).request)
    assert (result.payable, kept(office)) == (D(2300), [])


def test_it_is_kept_with_inputs_steps_and_maker(office: RoleOffice) -> None:
    saved = save(office, with_inputs(proposal(office).request, third_party_paid=D(300)))
    (view,) = kept(office)
    assert view == saved
    assert (view.number, view.payable, view.state) == (1, D(2000), ApprovalState.PENDING)
    assert view.request.parts[0].inputs.third_party_paid == D(300)
    assert view.steps[-1].amount == D(2000)
    assert view.made_by_id == office.people[Role.ADJUSTER].id


def test_until_it_is_handed_in_a_later_one_takes_its_place(office: RoleOffice) -> None:
    save(office, proposal(office).request)
    save(office, with_inputs(proposal(office).request, deductible=D(0)))
    (view,) = kept(office)
    assert (view.number, view.payable) == (1, D(2800))


def test_an_old_screen_calculates_nothing(office: RoleOffice) -> None:
    old = office.case.version
    save(office, proposal(office).request)
    with pytest.raises(Conflict):
        save(office, with_inputs(proposal(office).request, deductible=D(0)), old)
    assert kept(office)[0].payable == D(2300)


def test_nothing_unconfirmed_enters_a_calculation(office: RoleOffice) -> None:
    office.desk.assessment.add(office.people[Role.ADJUSTER], office.case_id, LossKind.LABOUR, '工时', D(300))
    with pytest.raises(InvalidInput, match='not confirmed yet'):
        save(office, proposal(office).request)


def test_no_more_than_was_confirmed_enters_a_calculation(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(office, with_inputs(proposal(office).request, loss=D('2800.01')))
    assert set(refused.value.fields) == {'parts[0].loss'}


def test_one_loss_is_not_asked_for_under_two_covers(office: RoleOffice) -> None:
    both = proposal(office, 0, 1).request
    own, others = both.parts
    twice = replace(both, parts=(own, replace(others, inputs=replace(others.inputs, property=D(2800)))))
    with pytest.raises(InvalidInput, match='attention'):
        save(office, twice)


def test_wrong_inputs_are_named_by_field(office: RoleOffice) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(office, with_inputs(proposal(office).request, deductible=D(-1), absolute_rate=D('1.2')))
    assert set(refused.value.fields) == {'parts[0].deductible', 'parts[0].absolute_rate'}


def test_a_cover_of_another_policy_is_refused(office: RoleOffice) -> None:
    with office.desk.context.database.write('test') as session:
        mine = session.get_one(Policy, office.policy_id)
        strange = Policy(
            office_id=mine.office_id, number='OTHER', line=mine.line, clause=mine.clause, holder_id=mine.holder_id,
            insured_id=mine.insured_id, starts_at=mine.starts_at, ends_at=mine.ends_at,
        )  # fmt: skip
        strange.coverages = [Coverage(code='damage', name='别的', sum_insured=D(1))]
        session.add(strange)
        session.flush()
        other = strange.coverages[0].id
    request = proposal(office).request
    with pytest.raises(InvalidInput, match='does not belong'):
        save(office, replace(request, parts=(replace(request.parts[0], coverage_id=other),)))


def test_a_formula_of_another_clause_is_refused(office: RoleOffice) -> None:
    from claimdesk.rules.adjustment.property_cover import Property

    request = proposal(office).request
    strange = replace(request.parts[0], kind='property', inputs=Property(loss=D(1), limit=D(1)))
    with pytest.raises(InvalidInput, match='clause does not know'):
        save(office, replace(request, parts=(strange,)))


def test_clause_and_figures_are_the_offices_not_the_callers(office: RoleOffice) -> None:
    request = proposal(office).request
    saved = save(office, replace(request, clause=ClauseVersion.MOTOR_2014, advanced=D(999)))
    assert (saved.request.clause, saved.result.advanced) == (ClauseVersion.MOTOR_2020, D(0))


def test_it_is_calculated_at_its_stage_by_the_adjuster_only(office: RoleOffice) -> None:
    request = proposal(office).request
    for role in (Role.APPROVER, Role.MANAGER, Role.FINANCE, Role.AUDITOR):
        with pytest.raises(NotAllowed):
            office.desk.adjustment.save(office.people[role], office.case_id, office.case.version, request)
    office.bring_to(Stage.APPROVAL)
    with pytest.raises(InvalidInput, match='not at the adjustment stage'):
        save(office, request)


def test_the_decision_is_kept_with_the_calculation(office: RoleOffice) -> None:
    office.bring_to(Stage.PAYMENT)
    (view,) = kept(office)
    assert (view.state, view.decided_by) == (ApprovalState.APPROVED, office.people[Role.APPROVER].name)
    assert office.case.payable == view.payable == D(2300)


def test_the_compulsory_case_of_the_accident_comes_first(office: RoleOffice) -> None:
    """What compulsory cover bears is read from the calculation of the accident's compulsory case."""
    database = office.desk.context.database
    add_loss(office, LossKind.THIRD_PARTY, '护栏', '5000')
    with database.write('test') as session:
        mine, case = session.get_one(Policy, office.policy_id), session.get_one(Case, office.case_id)
        compulsory = Policy(
            office_id=mine.office_id, number='COMPULSORY', line=mine.line, clause=ClauseVersion.MOTOR_COMPULSORY,
            holder_id=mine.holder_id, insured_id=mine.insured_id, starts_at=mine.starts_at, ends_at=mine.ends_at,
        )  # fmt: skip
        compulsory.coverages = [Coverage(code='compulsory_property', name='交强险', sum_insured=D(2000))]
        session.add(compulsory)
        session.flush()
        sibling = Case(
            **{
                column.key: getattr(case, column.key)
                for column in Case.__table__.columns
                if column.key not in ('id', 'version', 'number', 'request_key', 'policy_id')
            },
            number='SIBLING', policy_id=compulsory.id,
        )  # fmt: skip
        session.add(sibling)
        session.flush()
        session.add(
            LossItem(
                case_id=sibling.id, position=1, kind=LossKind.THIRD_PARTY, name='护栏', claimed=D(5000),
                confirmed=D(5000),
            )
        )  # fmt: skip
        sibling_id, version = sibling.id, sibling.version
    adjuster = office.people[Role.ADJUSTER]
    request = office.desk.adjustment.proposal(adjuster, sibling_id).request
    other = type(request.parts[0].inputs.vehicles)
    from claimdesk.rules.adjustment.compulsory import Vehicle

    assert other is tuple
    inputs = replace(request.parts[0].inputs, vehicles=(Vehicle('沪B', with_fault=False),))
    first = office.desk.adjustment.save(
        adjuster, sibling_id, version, replace(request, parts=(replace(request.parts[0], inputs=inputs),))
    )
    assert first.payable == D(2000)
    part = next(part for part in proposal(office).request.parts if part.kind == 'third_party')
    # Both vehicles' limits come before the commercial cover: 2,000 with fault, 100 without.
    assert part.inputs.compulsory_property == D(2100)


def test_what_is_signed_is_the_same_for_the_same_content_and_another_for_any_other(office: RoleOffice) -> None:
    saved = save(office, proposal(office).request)
    with office.desk.context.database.read() as session:
        once, again = (canonical(session.get_one(Calculation, saved.id)) for _time in range(2))
    assert once == again
    office.bring_to(Stage.PAYMENT)
    with office.desk.context.database.write('test') as session:
        row = session.get_one(Calculation, saved.id)
        session.refresh(row)
        decided = canonical(row)
        row.payable = D('2300.01')
        changed = canonical(row)
        session.rollback()
    assert decided != changed
    content = json.loads(decided)
    assert (content['payable'], content['inputs']['clause']) == ('2300.00', 'motor_2020')
    assert content['inputs']['parts'][0]['inputs']['loss'] == '2800.00'
