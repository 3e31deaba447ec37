"""Papers against their case by services: as read and as confirmed, looked at with a reason, by rules of the office."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import Conflict, InvalidInput, NotAllowed
from claimdesk.models import AuditEntry, Case, CaseMotor, Database, Document, PartyRecord, Policy
from claimdesk.papers import everyday, medical, press
from claimdesk.rules.paper_checks import PAGE, Severity
from claimdesk.rules.paper_rules import CheckRules, HospitalEntry, HospitalList
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Invoices
from claimdesk.services.office_generator.morning_post import AtOnce
from claimdesk.services.paper_checks import FindingView, PaperChecks, open_findings
from claimdesk.services.paper_sides import sides_of
from claimdesk.services.reading import Readings
from claimdesk.services.survey import Surveys
from claimdesk.vocabulary import DocumentKind, Liability
from tests.services.paper_office import START, PaperOffice, paper_office, pdf

ESTIMATE = {
    'seller_name': '姑苏汽车修理厂', 'issue_date': '2026-03-01', 'plate': '苏E9K318', 'total': '1200.00',
}  # fmt: skip
TODAY = dt.date(2026, 3, 2)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    made = paper_office(database, tmp_path)
    made.watch.forward(days=1)
    return made


@pytest.fixture
def checks(office: PaperOffice) -> PaperChecks:
    return PaperChecks(office.context)


def confirm(
    office: PaperOffice, text: str, kind: DocumentKind = DocumentKind.REPAIR_ESTIMATE, **fields: str
) -> int:
    (view,) = Documents(office.context).add(office.clerk, [NewFile(f'{text}.pdf', pdf(text))], None, text)
    Invoices(office.context).confirm_other(
        office.clerk, view.id, view.version, office.case_id, kind, text, '', ESTIMATE | fields
    )
    return view.id


def read(office: PaperOffice, content: bytes, key: str) -> int:
    (view,) = Documents(office.context).add(office.clerk, [NewFile('paper.pdf', content)], office.case_id, key)
    Readings(office.context, AtOnce).read(office.clerk, view.id)
    return view.id


def codes(found: list[FindingView]) -> list[str]:
    return [one.code for one in found]


def test_a_confirmed_paper_is_compared_with_its_case(office: PaperOffice, checks: PaperChecks) -> None:
    document = confirm(office, 'estimate')
    found = checks.of_case(office.clerk, office.case_id)
    assert codes(found) == ['plate', 'before_loss']
    plate = found[0]
    assert (plate.document_id, plate.place, plate.severity) == (document, 'plate', Severity.WARNING)
    assert plate.sentence == 'The paper is about 苏E9K318; the case has 苏E8K318.'
    assert checks.count_open(office.clerk, office.case_id) == 2


def test_a_case_without_papers_has_nothing_to_look_at(office: PaperOffice, checks: PaperChecks) -> None:
    assert checks.of_case(office.clerk, office.case_id) == []
    assert checks.count_open(office.auditor, office.case_id) == 0


def test_a_paper_that_agrees_says_nothing(office: PaperOffice, checks: PaperChecks) -> None:
    confirm(office, 'estimate', plate='苏E·8K318', issue_date='2026-03-02')
    assert checks.of_case(office.clerk, office.case_id) == []


def test_a_read_paper_shows_where_each_part_stands(office: PaperOffice, checks: PaperChecks) -> None:
    with office.context.write(office.clerk, 'test') as session:
        case = session.get(Case, office.case_id)
        assert case is not None
        session.add(CaseMotor(case_id=case.id)) if session.get(CaseMotor, case.id) is None else None
    Surveys(office.context).save(
        office.clerk, office.case_id, 0, visited_at=None, place='', liability=Liability.MAIN, finding='受损',
        answers={'impact': 'Underbody'},
    )  # fmt: skip
    made = everyday.make(5, DocumentKind.REPAIR_ESTIMATE)
    document = read(office, press.as_pdf([made.form]), 'read')
    found = checks.of_case(office.clerk, office.case_id)
    assert {one.document_id for one in found} == {document}
    plate = next(one for one in found if one.code == 'plate')
    assert plate.facts['plate'] == made.truth['plate']
    assert plate.spot.box is not None
    with office.context.database.read() as session:
        (side,) = sides_of(session, [session.get_one(Document, document)])
        assert PAGE not in side.paper.unsure, 'the file holds its text'
    assert {'before_loss'} <= set(codes(found))
    outside = [one for one in found if one.code == 'item_outside']
    assert outside
    assert all(one.place.startswith('items.') and one.spot.box is not None for one in outside)


def test_the_bench_compares_what_is_typed_before_the_paper_belongs_to_the_case(
    office: PaperOffice, checks: PaperChecks
) -> None:
    (view,) = Documents(office.context).add(office.clerk, [NewFile('a.pdf', pdf('a'))], None, 'a')
    kind = DocumentKind.REPAIR_ESTIMATE

    def found(**values: str) -> list[FindingView]:
        return checks.of_paper(office.clerk, view.id, office.case_id, kind, values, (), ['total'])

    assert codes(found(plate='苏E9K318')) == ['plate']
    assert codes(found(plate='苏E8K318')) == []
    assert checks.of_case(office.clerk, office.case_id) == []


def test_looked_at_with_a_reason_it_is_counted_no_more(office: PaperOffice, checks: PaperChecks) -> None:
    confirm(office, 'estimate')
    plate = checks.of_case(office.clerk, office.case_id)[0]
    seen = checks.look_at(office.clerk, plate, ' 换了临时牌照 ')
    assert (seen.by, seen.reason) == ('沈若溪', '换了临时牌照')
    found = checks.of_case(office.clerk, office.case_id)
    assert codes(found) == ['before_loss', 'plate']
    assert found[1].seen == seen
    assert checks.count_open(office.clerk, office.case_id) == 1
    with office.context.database.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == 'finding_seen')).one()
        assert (entry.case_id, entry.changes['reason']) == (office.case_id, [None, '换了临时牌照'])
        assert entry.changes['facts'][1]['plate'] == '苏E9K318'
    checks.open_again(office.clerk, seen.id, seen.version)
    assert checks.count_open(office.clerk, office.case_id) == 2


def test_it_is_open_again_once_the_paper_says_something_else(office: PaperOffice, checks: PaperChecks) -> None:
    document = confirm(office, 'estimate')
    checks.look_at(office.clerk, checks.of_case(office.clerk, office.case_id)[0], '已核对')
    view = Documents(office.context).get(office.clerk, document)
    again = Invoices(office.context).unconfirm(office.clerk, document, view.version)
    Invoices(office.context).confirm_other(
        office.clerk, document, again.version, office.case_id, DocumentKind.REPAIR_ESTIMATE, 'x', '',
        ESTIMATE | {'plate': '苏E7K318'},
    )  # fmt: skip
    assert [one.seen for one in checks.of_case(office.clerk, office.case_id)] == [None, None]


def test_a_look_needs_a_reason_a_person_and_an_open_finding(office: PaperOffice, checks: PaperChecks) -> None:
    confirm(office, 'estimate')
    plate, day = checks.of_case(office.clerk, office.case_id)
    with pytest.raises(NotAllowed):
        checks.look_at(office.auditor, plate, 'x')
    for reason in ('  ', 'x' * 201):
        with pytest.raises(InvalidInput) as refused:
            checks.look_at(office.clerk, plate, reason)
        assert 'reason' in refused.value.fields
    seen = checks.look_at(office.clerk, plate, 'x')
    with pytest.raises(InvalidInput):
        checks.look_at(office.clerk, plate, 'y')
    with pytest.raises(Conflict):
        checks.open_again(office.clerk, seen.id, seen.version + 1)
    assert checks.look_at(office.clerk, day, 'z').reason == 'z'
    assert checks.count_open(office.clerk, office.case_id) == 0


def test_warnings_alone_are_counted_for_a_rule(office: PaperOffice) -> None:
    confirm(office, 'card', DocumentKind.ID_CARD, name='赵一鸣')
    with office.context.database.read() as session:
        case = session.get(Case, office.case_id)
        assert case is not None
        assert open_findings(session, case) == 1
        assert open_findings(session, case, warnings_only=True) == 0


def test_hospitals_and_buyers_are_the_offices_own_from_a_day_on(office: PaperOffice, checks: PaperChecks) -> None:
    made = medical.make(8, DocumentKind.MEDICAL_OUTPATIENT, 'electronic')
    document = read(office, press.as_pdf(medical.forms_of(made)), 'receipt')

    def hospital() -> list[str]:
        return [one.code for one in checks.of_case(office.clerk, office.case_id) if one.code.startswith('hospital')]

    assert hospital() == []
    own = HospitalList((HospitalEntry('一家别的医院'),))
    checks.save_hospitals(office.clerk, own, TODAY + dt.timedelta(days=1))
    assert hospital() == []
    checks.save_hospitals(office.clerk, own, TODAY)
    assert hospital() == ['hospital_unlisted']
    name = Readings(office.context, AtOnce).latest(office.clerk, document)
    assert name is not None
    listed = HospitalEntry(name.values()['hospital_name'])
    checks.save_hospitals(office.clerk, HospitalList((listed,)), TODAY)
    assert hospital() == []
    with pytest.raises(NotAllowed):
        checks.save_hospitals(office.auditor, own, TODAY)
    with pytest.raises(InvalidInput):
        checks.save_rules(office.clerk, CheckRules(insured=False, holder=False, others=False), TODAY)


def test_identity_numbers_of_the_case_are_compared(office: PaperOffice, checks: PaperChecks) -> None:
    with office.context.write(office.clerk, 'test') as session:
        policy = session.get(Policy, office.policy_id)
        assert policy is not None
        party = session.get(PartyRecord, policy.insured_id)
        assert party is not None
        party.id_number = '320501198505052345'
    confirm(office, 'card', DocumentKind.ID_CARD, name='陆 景行', id_number='32050119850505234X')
    (found,) = checks.of_case(office.clerk, office.case_id)
    assert found.code == 'id_number'


def test_the_policy_ends_where_its_cover_ends(office: PaperOffice) -> None:
    from claimdesk.services.claim_sides import claim_of

    with office.context.database.read() as session:
        case = session.get(Case, office.case_id)
        assert case is not None
        claim = claim_of(session, case)
    assert claim.loss_on == TODAY
    assert claim.policy_from == (START - dt.timedelta(days=90)).date()
    assert claim.policy_until == (START + dt.timedelta(days=276)).date()
    assert claim.people[:2] == ('陆景行', '沈知远')
    assert claim.plates == ('苏E8K318',)
