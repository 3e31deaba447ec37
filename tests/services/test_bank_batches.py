"""Batches and the bank's answer: nothing twice under any interleaving, every difference listed; on both databases."""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from claimdesk.errors import ClaimDeskError, InvalidInput, NotAllowed, Unreadable
from claimdesk.models import AccountReveal, Database, Payment
from claimdesk.rules.bank_file import DEFAULT, Outcome, reference_of
from claimdesk.services.bank_batches import Batches, Reconciliation
from claimdesk.services.payment import PaymentView
from claimdesk.vocabulary import PaymentState, Role, Stage
from tests.services.role_office import RoleOffice, role_office

D = Decimal


@pytest.fixture
def office(database: Database, tmp_path: Path) -> RoleOffice:
    made = role_office(database, tmp_path)
    made.bring_to(Stage.PAYMENT)
    return made


def prepare(office: RoleOffice, key: str = 'one', name: str = '欧阳', amount: Decimal | None = None) -> PaymentView:
    return office.desk.payment.prepare(
        office.people[Role.FINANCE], office.case_id, payee_name=name, bank_name='中国银行',
        account_number='12345678901', request_key=key, amount=amount,
    )  # fmt: skip


def state(office: RoleOffice, payment: PaymentView) -> PaymentState:
    with office.desk.context.database.read() as session:
        return session.get_one(Payment, payment.id).state


def answer(path: Path, *lines: tuple[str, str, str]) -> Path:
    with path.open('w', encoding='utf-8-sig', newline='') as file:
        writer = csv.writer(file)
        writer.writerow(['中国银行回单'])
        writer.writerow(['客户参考号', '金额', '状态', '银行流水号', '失败原因'])
        for number, line in enumerate(lines):
            writer.writerow([*line, f'BOC-{number}', '户名不符' if line[2] == '失败' else ''])
    return path


def sent(office: RoleOffice, *payments: PaymentView) -> None:
    office.desk.batches.make(office.people[Role.FINANCE], [one.id for one in payments])


def imported(office: RoleOffice, path: Path) -> Reconciliation:
    return office.desk.batches.import_answer(office.people[Role.FINANCE], path)


def test_a_batch_is_a_file_of_text_and_whose_numbers_it_holds_is_kept(office: RoleOffice, tmp_path: Path) -> None:
    finance, payment = office.people[Role.FINANCE], prepare(office, name='=HYPERLINK("http://x")')
    made = office.desk.batches.make(finance, [payment.id])
    assert (made.batch.payments, made.batch.amount, made.batch.open) == (1, D(2300), 1)
    path = office.desk.batches.write(finance, made.batch.id, tmp_path / 'out.xlsx')
    sheet = load_workbook(path).worksheets[0]
    heading, line = sheet.iter_rows()
    assert [cell.value for cell in heading] == [name for name, _what in DEFAULT.columns]
    assert [cell.value for cell in line][:5] == [
        reference_of(payment.id), '=HYPERLINK("http://x")', '12345678901', '中国银行', 2300,
    ]  # fmt: skip
    assert line[1].data_type != 'f'
    with office.desk.context.database.read() as session:
        assert session.scalars(select(AccountReveal.seen_by)).all() == [finance.id]


def test_a_csv_file_guards_its_cells(office: RoleOffice, tmp_path: Path) -> None:
    finance = office.people[Role.FINANCE]
    template = replace(DEFAULT, format='csv', encoding='gb18030')
    office.desk.money_rules.set_template(
        office.people[Role.ADMINISTRATOR], template, office.desk.context.today(), None
    )
    made = office.desk.batches.make(finance, [prepare(office, name='=1+1').id])
    path = office.desk.batches.write(finance, made.batch.id, tmp_path / 'out.csv')
    (line,) = list(csv.reader(path.read_text(encoding='gb18030').splitlines()))[1:]
    assert line[1:5] == ["'=1+1", '12345678901', '中国银行', '2300.00']


def test_what_is_in_a_batch_is_in_no_other_and_is_not_taken_back(office: RoleOffice) -> None:
    finance, payment = office.people[Role.FINANCE], prepare(office)
    sent(office, payment)
    with pytest.raises(InvalidInput, match='None of these'):
        office.desk.batches.make(finance, [payment.id])
    (view,) = office.desk.payment.of_case(finance, office.case_id)
    assert view.batch
    with pytest.raises(InvalidInput, match='with the bank'):
        office.desk.payment.cancel(finance, view.id, view.version)


def test_one_that_cannot_go_does_not_stop_the_others(office: RoleOffice) -> None:
    one, two = prepare(office, 'one', amount=D(300)), prepare(office, 'two', name='修理厂', amount=D(2000))
    made = office.desk.batches.make(office.people[Role.FINANCE], [two.id, one.id, 999_999])
    assert [bool(result.sentence) for result in made.results] == [False, True, True]
    assert made.batch.amount == D(300)


def test_only_finance_sends_and_receives(office: RoleOffice, tmp_path: Path) -> None:
    payment = prepare(office)
    for role in Role:
        if role is not Role.FINANCE:
            with pytest.raises(NotAllowed):
                office.desk.batches.make(office.people[role], [payment.id])
            with pytest.raises(NotAllowed):
                office.desk.batches.import_answer(office.people[role], answer(tmp_path / 'a.csv'))


def test_the_answer_is_recorded_and_every_difference_is_listed(office: RoleOffice, tmp_path: Path) -> None:
    one = prepare(office, 'one', amount=D(300))
    two = prepare(office, 'two', amount=D(500))
    three = prepare(office, 'three', amount=D(700))
    four = prepare(office, 'four', amount=D(800))
    sent(office, one, two, three, four)
    found = imported(
        office,
        answer(
            tmp_path / 'a.csv',
            (one.reference, '300.00', '成功'),
            (two.reference, '500.01', '成功'),
            (three.reference, '700.00', '失败'),
            ('CD999999999', '1.00', '成功'),
        ),
    )
    assert [(line.outcome, line.ours, line.theirs) for line in found.lines] == [
        (Outcome.PAID, D(300), D(300)),
        (Outcome.AMOUNT, D(500), D('500.01')),
        (Outcome.RETURNED, D(700), D(700)),
        (Outcome.UNKNOWN, None, D(1)),
        (Outcome.UNANSWERED, D(800), None),
    ]
    assert [state(office, payment) for payment in (one, two, three, four)] == [
        PaymentState.PAID, PaymentState.PREPARED, PaymentState.RETURNED, PaymentState.PREPARED,
    ]  # fmt: skip
    assert office.case.paid_amount == D(300)


def test_the_same_answer_again_changes_nothing_and_says_so(office: RoleOffice, tmp_path: Path) -> None:
    payment = prepare(office)
    sent(office, payment)
    path = answer(tmp_path / 'a.csv', (payment.reference, '2300', '成功'))
    assert imported(office, path).earlier is None
    again = imported(office, path)
    assert ([line.outcome for line in again.lines], again.earlier) == ([Outcome.KNOWN], office.watch())
    assert office.case.paid_amount == D(2300)


def test_a_payment_that_was_not_sent_is_not_paid_by_an_answer(office: RoleOffice, tmp_path: Path) -> None:
    payment = prepare(office)
    (line,) = imported(office, answer(tmp_path / 'a.csv', (payment.reference, '2300', '成功'))).lines
    assert (line.outcome, state(office, payment)) == (Outcome.STATE, PaymentState.PREPARED)


def test_a_workbook_is_read_like_a_csv(office: RoleOffice, tmp_path: Path) -> None:
    payment = prepare(office)
    sent(office, payment)
    book = Workbook()
    book.active.append(['状态', '附言', '金额', '收款账号'])
    book.active.append(['成功', f'赔款{payment.reference}', 2300, '***8901'])
    book.save(tmp_path / 'a.xlsx')
    (line,) = imported(office, tmp_path / 'a.xlsx').lines
    assert (line.outcome, line.line) == (Outcome.PAID, 2)


@pytest.mark.parametrize(
    'content, error',
    [(b'\xff\xfe\x00\x01\x81', Unreadable), (b'PK\x03\x04broken', Unreadable), (b'a,b\n1,2\n', InvalidInput)],
)
def test_what_is_no_answer_is_refused(
    office: RoleOffice, tmp_path: Path, content: bytes, error: type[ClaimDeskError]
) -> None:
    path = tmp_path / 'a.csv'
    path.write_bytes(content)
    with pytest.raises(error):
        imported(office, path)


def race(office: RoleOffice, act: Callable[[RoleOffice, Batches, int], object]) -> list[object]:
    """Two desks do the same at the same moment; what came of each."""
    database = office.desk.context.database
    others = [Database(database.url.render_as_string(hide_password=False), now=office.watch) for _desk in range(2)]
    start, told = threading.Barrier(2), []

    def go(other: Database, place: int) -> None:
        batches = Batches(replace(office.desk.context, database=other))
        start.wait()
        try:
            told.append(act(office, batches, place))
        except ClaimDeskError as error:
            told.append(error)

    threads = [threading.Thread(target=go, args=(other, place)) for place, other in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for other in others:
        other.close()
    return told


def test_two_desks_put_a_payment_into_one_batch(office: RoleOffice) -> None:
    payment, finance = prepare(office), office.people[Role.FINANCE]
    told = race(office, lambda _office, batches, _place: batches.make(finance, [payment.id]))
    assert sum(not isinstance(one, ClaimDeskError) for one in told) == 1
    batches = office.desk.batches.recent(finance)
    assert [(one.payments, one.open) for one in batches] == [(1, 1)]


def test_two_desks_import_one_answer_and_it_is_paid_once(office: RoleOffice, tmp_path: Path) -> None:
    payment, finance = prepare(office), office.people[Role.FINANCE]
    sent(office, payment)
    path = answer(tmp_path / 'a.csv', (payment.reference, '2300', '成功'))
    told = race(office, lambda _office, batches, _place: batches.import_answer(finance, path))
    outcomes = sorted(line.outcome for found in told if isinstance(found, Reconciliation) for line in found.lines)
    assert outcomes == [Outcome.KNOWN, Outcome.PAID]
    assert office.case.paid_amount == D(2300)


def test_parts_prepared_on_two_desks_never_exceed_the_whole(office: RoleOffice) -> None:
    from claimdesk.services.payment import Payments

    finance = office.people[Role.FINANCE]

    def act(_office: RoleOffice, batches: Batches, place: int) -> object:
        return Payments(batches._office).prepare(
            finance, office.case_id, payee_name='欧阳', bank_name='中国银行', account_number='12345678901',
            request_key=f'part {place}', amount=D(1500),
        )  # fmt: skip

    told = race(office, act)
    assert sum(isinstance(one, PaymentView) for one in told) == 1
    assert sum(one.amount for one in office.desk.payment.of_case(finance, office.case_id)) == D(1500)
