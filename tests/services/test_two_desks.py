"""Two desks with the same paper at the same moment: one thing happens, and nobody sees a fault; on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from claimdesk.errors import ClaimDeskError, Conflict, InvalidInput
from claimdesk.models import Case, CaseMotor, CaseParty, Database, Document, LossItem, PageText, StoredFile
from claimdesk.services.assessment import Assessments
from claimdesk.services.card_facts import CardFacts
from claimdesk.services.context import OfficeContext
from claimdesk.services.document_views import DocumentView
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Invoices
from claimdesk.services.loss_offers import LossOffers
from claimdesk.services.page_texts import keep_page_texts
from claimdesk.services.sheet_cuts import SheetCuts
from claimdesk.vocabulary import DocumentKind, Outcome, Stage
from tests.services.paper_office import PaperOffice, paper_office, pdf, picture
from tests.services.read_papers import receipt
from tests.services.test_card_facts import LICENCE, confirmed

Deed = Callable[[OfficeContext], object]


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def at_once(office: PaperOffice, *deeds: Deed) -> list[object]:
    """What the deeds of several desks come to where each has begun to write before any has saved.

    On SQLite, which has one writer, the others wait until the first has saved.
    """
    begun = threading.Barrier(len(deeds))

    class Waiting(Database):
        @contextmanager
        def write(self, *words: Any) -> Iterator[Any]:
            with super().write(*words) as session:
                yield session
                with suppress(threading.BrokenBarrierError):
                    begun.wait(1)

    def run(deed: Deed) -> object:
        database = Waiting(office.context.database.url.render_as_string(hide_password=False))
        try:
            return deed(replace(office.context, database=database))
        except ClaimDeskError as error:
            return error
        finally:
            database.close()

    with ThreadPoolExecutor(len(deeds)) as desks:
        return list(desks.map(run, deeds))


def count(office: PaperOffice, kind: Any) -> int:
    with office.context.database.read() as session:
        return session.scalar(select(func.count()).select_from(kind)) or 0


def taken_in(office: PaperOffice, key: str, content: bytes) -> DocumentView:
    return Documents(office.context).add(office.clerk, [NewFile('a.pdf', content, 'drop')], None, key)[0]


def test_the_same_file_comes_in_at_two_desks(office: PaperOffice) -> None:
    content = pdf('the same')
    said = at_once(
        office,
        *(lambda desk, key=key: Documents(desk).add(office.clerk, [NewFile('a.pdf', content, 'drop')], None, key)
          for key in ('one', 'two')),
    )  # fmt: skip
    assert [type(one) for one in said] == [list, list]
    assert (count(office, Document), count(office, StoredFile)) == (2, 1)


def test_the_same_request_sent_twice_adds_once(office: PaperOffice) -> None:
    def add(desk: OfficeContext) -> object:
        return Documents(desk).add(office.clerk, [NewFile('a.pdf', pdf('once'), 'drop')], None, 'one')[0].id

    first, second = at_once(office, add, add)
    assert first == second
    assert count(office, Document) == 1


def test_the_same_page_is_read_at_two_desks(office: PaperOffice) -> None:
    sha256 = taken_in(office, 'a', pdf('read')).pages[0].sha256

    def keep(desk: OfficeContext) -> object:
        with desk.database.write('read a document') as session:
            keep_page_texts(session, [(sha256, 0, 0)], [receipt('0000000001', '77123')])
        return None

    assert at_once(office, keep, keep) == [None, None]
    assert count(office, PageText) == 1


def test_a_sheet_is_cut_at_two_desks(office: PaperOffice) -> None:
    sheet = taken_in(office, 'a', picture())
    corners = ((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9))

    def cut(desk: OfficeContext) -> object:
        return SheetCuts(desk).cut(office.clerk, sheet.id, sheet.version, 0, [corners, corners])

    said = at_once(office, cut, cut)
    assert sorted(type(one).__name__ for one in said) == ['Conflict', 'list']
    assert count(office, Document) == 2


def test_two_papers_of_one_case_are_confirmed_at_two_desks(office: PaperOffice) -> None:
    """Nobody is told to look again for what somebody else did to another paper."""
    papers = [taken_in(office, key, pdf(key)) for key in ('a', 'b')]
    said = at_once(
        office,
        *(lambda desk, one=one: Invoices(desk).confirm_other(
            office.clerk, one.id, one.version, office.case_id, DocumentKind.OTHER) for one in papers),
    )  # fmt: skip
    assert [getattr(one, 'sentence', '') for one in said] == ['', '']


def estimate(office: PaperOffice) -> int:
    view = taken_in(office, 'estimate', pdf('estimate'))
    Invoices(office.context).confirm_other(
        office.clerk, view.id, view.version, office.case_id, DocumentKind.REPAIR_ESTIMATE,
        fields={'total': '1500.00'},
        items=[{'name': '前保险杠', 'amount': '1200.00'}, {'name': '喷漆', 'amount': '300.00'}],
    )  # fmt: skip
    return view.id


def test_one_paper_is_taken_into_the_loss_at_two_desks_once(office: PaperOffice) -> None:
    paper = estimate(office)
    said = at_once(
        office,
        lambda desk: LossOffers(desk).take(office.clerk, office.case_id, paper, by_line=False),
        lambda desk: LossOffers(desk).take(office.clerk, office.case_id, paper, by_line=True),
    )
    assert sorted(type(one).__name__ for one in said) == ['Conflict', 'list']
    assert Assessments(office.context).totals(office.clerk, office.case_id).claimed == Decimal(1500)


def test_a_paper_whose_confirmation_was_taken_back_meanwhile_is_not_taken_into_the_loss(office: PaperOffice) -> None:
    paper = estimate(office)
    view = Documents(office.context).get(office.clerk, paper)
    Invoices(office.context).unconfirm(office.clerk, paper, view.version)
    with pytest.raises(Conflict):
        LossOffers(office.context).take(office.clerk, office.case_id, paper, by_line=True)
    assert count(office, LossItem) == 0


def test_a_card_fills_in_nothing_that_somebody_else_filled_in_meanwhile(office: PaperOffice) -> None:
    cards = CardFacts(office.context)
    paper = confirmed(office, DocumentKind.DRIVING_LICENCE, LICENCE)
    offer = cards.offered(office.clerk, paper)
    assert offer is not None
    with office.context.write(office.clerk, 'test') as session:
        session.get_one(CaseMotor, office.case_id).driver_name = '何书言'
    with pytest.raises(Conflict):
        cards.take_over(office.clerk, paper, offer.missing, offer.mark)
    with office.context.database.read() as session:
        assert session.get_one(CaseMotor, office.case_id).driver_name == '何书言'


def test_what_a_card_said_is_not_taken_back_in_a_closed_case(office: PaperOffice) -> None:
    cards = CardFacts(office.context)
    paper = confirmed(office, DocumentKind.DRIVING_LICENCE, LICENCE)
    taken = cards.take_over(office.clerk, paper, ['motor.driver_name'])
    with office.context.write(office.clerk, 'test') as session:
        case = session.get_one(Case, office.case_id)
        case.stage, case.outcome, case.closed_at = Stage.CLOSED, Outcome.ZERO, office.watch()
    with pytest.raises(InvalidInput):
        cards.give_back(office.clerk, taken)


def test_one_person_is_corrected_by_two_cards_at_two_desks(office: PaperOffice) -> None:
    with office.context.write(office.clerk, 'test') as session:
        place = session.scalars(select(CaseParty).where(CaseParty.case_id == office.case_id)).first()
        assert place is not None
        place.party.id_number, name = '', place.party.name
    card = {'name': name, 'id_number': '320599198001010015', 'birth_date': '1980-01-01'}
    paper = confirmed(office, DocumentKind.ID_CARD, card)

    def take(desk: OfficeContext) -> object:
        return CardFacts(desk).take_over(office.clerk, paper, ['person.id_number', 'person.born_on'])

    said = at_once(office, take, take)
    assert sorted(type(one).__name__ for one in said) in (['Conflict', 'TakenOver'], ['InvalidInput', 'TakenOver'])
