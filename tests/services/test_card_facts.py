"""Cards and licences offer their case what it does not know; nothing is overwritten unasked, all can be undone."""

import datetime as dt
from pathlib import Path

import pytest
from sqlalchemy import select

from claimdesk.errors import InvalidInput, NotAllowed
from claimdesk.identifiers import luhn_check_digit
from claimdesk.models import AuditEntry, Case, CaseMotor, CaseParty, Database, PayeeAccount, Policy
from claimdesk.services.card_facts import CardFacts, CardOffer
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Invoices
from claimdesk.services.payee_accounts import PayeeAccounts
from claimdesk.vocabulary import DocumentKind
from tests.services.paper_office import PaperOffice, paper_office, pdf

CARD = '622202020011223344' + luhn_check_digit('622202020011223344')
LICENCE = {
    'name': '沈知远', 'id_number': '320599198001010015', 'sex': '男', 'birth_date': '1980-01-01', 'address': '云州市',
    'first_issue_date': '2010-05-01', 'licence_class': 'C1', 'valid_from': '2020-05-01', 'valid_until': '2030-05-01',
}  # fmt: skip


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def cards(office: PaperOffice) -> CardFacts:
    return CardFacts(office.context)


def confirmed(office: PaperOffice, kind: DocumentKind, fields: dict[str, str]) -> int:
    (view,) = Documents(office.context).add(office.clerk, [NewFile('card.pdf', pdf('card'), 'scan')], None, str(kind))
    invoices = Invoices(office.context)
    invoices.confirm_other(office.clerk, view.id, view.version, office.case_id, kind, 'Card', '', fields)
    return view.id


def offered(office: PaperOffice, cards: CardFacts, document_id: int) -> CardOffer:
    offer = cards.offered(office.clerk, document_id)
    assert offer is not None
    return offer


def reporter(office: PaperOffice) -> CaseParty:
    with office.context.database.read() as session:
        place = session.scalars(select(CaseParty).where(CaseParty.case_id == office.case_id)).first()
        assert place is not None
        assert place.party
        return place


def test_what_is_missing_is_filled_and_what_differs_has_to_be_chosen(office: PaperOffice, cards: CardFacts) -> None:
    with office.context.write(office.clerk, 'test') as session:
        place = session.scalars(select(CaseParty).where(CaseParty.case_id == office.case_id)).first()
        assert place is not None
        place.party.address, place.party.id_number = '旧地址 1 号', ''
        name = place.party.name
    number = confirmed(
        office, DocumentKind.ID_CARD,
        {'name': name, 'id_number': '320599198001010015', 'address': '云州市人民路 2 号', 'birth_date': '1980-01-01'},
    )  # fmt: skip
    offer = offered(office, cards, number)
    assert [(fact.key, fact.differs) for fact in offer.facts] == [
        ('person.id_number', False), ('person.born_on', False), ('person.address', True),
    ]  # fmt: skip
    assert offer.facts[0].said == '320***********0015'
    assert offer.missing == ('person.id_number', 'person.born_on')
    taken = cards.take_over(office.clerk, number, offer.missing)
    person = reporter(office).party
    assert (person.id_number, person.address) == ('320599198001010015', '旧地址 1 号')
    assert person.born_on == dt.date(1980, 1, 1)
    cards.take_over(office.clerk, number, ['person.address'])
    assert reporter(office).party.address == '云州市人民路 2 号'
    assert cards.of_case(office.clerk, office.case_id) == []
    cards.give_back(office.clerk, taken)
    person = reporter(office).party
    assert (person.id_number, person.born_on) == ('', None)
    with office.context.database.read() as session:
        told = session.scalars(select(AuditEntry.action).where(AuditEntry.kind == 'party')).all()
    assert 'took over what a card says' in told


def test_a_driving_licence_names_the_driver_and_shows_what_he_may_drive(office: PaperOffice, cards: CardFacts) -> None:
    number = confirmed(office, DocumentKind.DRIVING_LICENCE, LICENCE)
    offer = offered(office, cards, number)
    assert [fact.said for fact in offer.facts if not fact.key] == ['C1', '2020-05-01 – 2030-05-01']
    cards.take_over(office.clerk, number, offer.keys)
    with office.context.database.read() as session:
        motor = session.get_one(CaseMotor, office.case_id)
        assert (motor.driver_name, motor.driver_licence) == ('沈知远', '320599198001010015')


@pytest.mark.parametrize('insured', [True, False])
def test_a_vehicle_licence_is_of_the_insured_or_of_the_other_vehicle(
    office: PaperOffice, cards: CardFacts, insured: bool
) -> None:
    with office.context.database.read() as session:
        plate = session.get_one(Case, office.case_id).plate
    number = confirmed(
        office, DocumentKind.VEHICLE_LICENCE,
        {'plate': plate if insured else '浙B23456', 'vin': 'LZZ00000012345678', 'model': '云驰牌YC1234',
         'owner': '云州陆氏贸易有限公司', 'engine_number': 'E4T15B20613001'},
    )  # fmt: skip
    offer = offered(office, cards, number)
    cards.take_over(office.clerk, number, offer.keys)
    with office.context.database.read() as session:
        motor = session.get_one(CaseMotor, office.case_id)
        policy = session.get_one(Policy, office.policy_id)
        assert (motor.other_plate, policy.vin) == (('', 'LZZ00000012345678') if insured else ('浙B23456', ''))
        assert (motor.vehicle_owner, motor.engine_number) == (
            ('云州陆氏贸易有限公司', 'E4T15B20613001') if insured else ('', '')
        )


def test_a_bank_card_becomes_an_account_whose_second_needs_another_person(
    office: PaperOffice, cards: CardFacts
) -> None:
    number = confirmed(office, DocumentKind.BANK_CARD, {'card_number': CARD, 'bank_name': '中国工商银行'})
    offer = offered(office, cards, number)
    assert [fact.said for fact in offer.facts] == ['*' * 15 + CARD[-4:]]
    taken = cards.take_over(office.clerk, number, offer.keys)
    suggested = PayeeAccounts(office.context).suggest(office.clerk, office.case_id)
    assert (suggested.bank_name, suggested.account_number[-4:]) == ('中国工商银行', CARD[-4:])
    with office.context.database.read() as session:
        account = session.scalars(select(PayeeAccount)).one()
        assert (account.account_number, account.needs_check) == (CARD, False)
    cards.give_back(office.clerk, taken)
    with office.context.database.read() as session:
        assert session.scalars(select(PayeeAccount)).all() == []


def test_who_may_not_and_what_is_not_there_is_refused(office: PaperOffice, cards: CardFacts) -> None:
    number = confirmed(office, DocumentKind.DRIVING_LICENCE, LICENCE)
    offer = cards.offered(office.auditor, number)
    assert offer is not None
    assert offer.keys == ()
    with pytest.raises(NotAllowed):
        cards.take_over(office.auditor, number, ['motor.driver_name'])
    with pytest.raises(InvalidInput):
        cards.take_over(office.clerk, number, ['person.name'])
    (other,) = Documents(office.context).add(office.clerk, [NewFile('x.pdf', pdf('x'), 'scan')], None, 'x')
    assert cards.offered(office.clerk, other.id) is None


def test_a_newer_change_is_not_undone(office: PaperOffice, cards: CardFacts) -> None:
    number = confirmed(office, DocumentKind.DRIVING_LICENCE, LICENCE)
    taken = cards.take_over(office.clerk, number, ['motor.driver_name'])
    with office.context.write(office.clerk, 'test') as session:
        session.get_one(CaseMotor, office.case_id).driver_name = '别人'
    cards.give_back(office.clerk, taken)
    with office.context.database.read() as session:
        assert session.get_one(CaseMotor, office.case_id).driver_name == '别人'
