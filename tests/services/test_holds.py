"""A document is on one bench at a time, on both databases; a crash keeps it for no longer than the hold lasts."""

import threading
from pathlib import Path

import pytest

from claimdesk.errors import InvalidInput
from claimdesk.models import Account, AccountRole, Database
from claimdesk.services.context import Actor
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.holds import HOLD, Holds
from claimdesk.services.invoices import Invoices
from claimdesk.vocabulary import DocumentKind, Role
from tests.services.paper_office import START, PaperOffice, paper_office, pdf


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def colleague(office: PaperOffice) -> Actor:
    with office.context.database.write('test') as session:
        row = Account(
            office_id=office.clerk.office_id, login='li', name='李娜', password_hash='-', created_at=START,
            roles=[AccountRole(role=role) for role in Role if role is not Role.AUDITOR],
        )  # fmt: skip
        session.add(row)
        session.flush()
        return Actor(row.id, row.name, row.login, row.office_id, None, office.clerk.roles)


@pytest.fixture
def papers(office: PaperOffice) -> list[int]:
    files = [NewFile(f'{number}.pdf', pdf(f'page {number}'), 'drop') for number in range(2)]
    return [view.id for view in Documents(office.context).add(office.clerk, files, None, 'papers')]


def test_the_second_desk_hears_the_name_and_gets_the_paper_once_it_is_given_back(
    office: PaperOffice, colleague: Actor, papers: list[int]
) -> None:
    here, there = Holds(office.context), Holds(office.context)
    assert here.take(office.clerk, papers[0]) == ''
    assert there.take(colleague, papers[0]) == '沈若溪'
    assert there.of_others(colleague) == {papers[0]: '沈若溪'}
    assert here.of_others(office.clerk) == {}
    here.give_back(office.clerk)
    assert there.take(colleague, papers[0]) == ''


def test_opening_another_paper_gives_the_first_one_back(
    office: PaperOffice, colleague: Actor, papers: list[int]
) -> None:
    here, there = Holds(office.context), Holds(office.context)
    here.take(office.clerk, papers[0])
    here.take(office.clerk, papers[1])
    assert there.take(colleague, papers[0]) == ''
    assert there.take(colleague, papers[1]) == '沈若溪'


def test_a_crashed_desk_keeps_a_paper_no_longer_than_the_hold_and_a_renewed_one_goes_on(
    office: PaperOffice, colleague: Actor, papers: list[int]
) -> None:
    here, there = Holds(office.context), Holds(office.context)
    here.take(office.clerk, papers[0])
    office.watch.forward(seconds=HOLD.total_seconds() - 1)
    assert here.take(office.clerk, papers[0]) == ''
    office.watch.forward(seconds=2)
    assert there.take(colleague, papers[0]) == '沈若溪'
    office.watch.forward(seconds=HOLD.total_seconds())
    assert there.of_others(colleague) == {}
    assert there.take(colleague, papers[0]) == ''


def test_of_two_desks_that_open_at_once_one_gets_the_paper(
    office: PaperOffice, colleague: Actor, papers: list[int]
) -> None:
    desks = [(Holds(office.context), office.clerk), (Holds(office.context), colleague)]
    for paper in papers * 5:
        start, answers = threading.Barrier(2), []

        def open_it(
            holds: Holds, actor: Actor, paper: int = paper, start: threading.Barrier = start,
            answers: list[str] = answers,
        ) -> None:  # fmt: skip
            start.wait()
            answers.append(holds.take(actor, paper))

        racers = [threading.Thread(target=open_it, args=desk) for desk in desks]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()
        assert answers.count('') == 1, answers
        for holds, actor in desks:
            holds.give_back(actor)


def test_nobody_confirms_what_another_person_has_on_the_bench(
    office: PaperOffice, colleague: Actor, papers: list[int]
) -> None:
    view = Documents(office.context).get(office.clerk, papers[0])
    Holds(office.context).take(colleague, papers[0])
    invoices = Invoices(office.context)

    def confirm() -> object:
        return invoices.confirm_other(office.clerk, view.id, view.version, office.case_id, DocumentKind.OTHER, 'x')

    with pytest.raises(InvalidInput, match='李娜'):
        confirm()
    office.watch.forward(seconds=HOLD.total_seconds() + 1)
    assert confirm()
