"""What people corrected is a set that scores the present reader; on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from claimdesk.errors import Cancelled, NotAllowed
from claimdesk.models import Database, ReadingRecord
from claimdesk.ocr import FieldReading
from claimdesk.services.confirmed_values import same_value
from claimdesk.services.context import Actor
from claimdesk.services.corrections import Corrections, Score
from claimdesk.services.documents import Documents
from claimdesk.services.files import FolderStore
from claimdesk.services.invoices import Invoices
from tests.services.paper_office import PaperOffice, paper_office
from tests.services.read_papers import KIND, Reader, receipt


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


@pytest.fixture
def reader(office: PaperOffice) -> Reader:
    return Reader(office)


def score(reader: Reader, *, everything: bool = False) -> Score:
    office = reader.office
    return Corrections(office.context).score(office.auditor, reader.readings.again, everything=everything)


def corrected(reader: Reader, number: str = '0000000001') -> int:
    """A paper whose serial number was read wrong and confirmed right, and that is read so ever since."""
    document, _view = reader.take(receipt(number, '77123', '2026'))
    reader.confirm(document, serial_number='77123')
    return document


def test_only_corrected_papers_are_in_the_set(reader: Reader) -> None:
    right, _view = reader.take(receipt('0000000009', '88888', '88888'))
    reader.confirm(right)
    corrected(reader)
    corrections, auditor = Corrections(reader.office.context), reader.office.auditor
    assert (corrections.count(auditor), corrections.count(auditor, everything=True)) == (1, 2)


def test_what_was_typed_without_being_read_counts_only_with_everything(reader: Reader, database: Database) -> None:
    corrected(reader)
    with database.write('test') as session:
        session.execute(delete(ReadingRecord))
    assert score(reader).kinds == []
    assert [(one.fields, one.right_before, one.right) for one in score(reader, everything=True).kinds] == [(5, 0, 4)]


def test_the_reader_of_then_and_the_one_of_today(reader: Reader) -> None:
    corrected(reader)
    (then,) = score(reader).kinds
    assert (then.kind, then.documents, then.fields) == (KIND, 1, 5)
    assert (then.right_before, then.right, then.sure_but_wrong) == (4, 4, 0)
    reader.page = receipt('0000000001', '77123', '77123')
    now = score(reader)
    assert [(one.right_before, one.right) for one in now.kinds] == [(4, 5)]
    assert (now.wrong, now.worse, now.skipped) == ([], [], [])


def test_what_is_sure_and_wrong_is_named(reader: Reader) -> None:
    document = corrected(reader)
    page = receipt('0000000001', '77123', '99999')
    wrong = FieldReading('serial_number', '99999', 0.97, 'x')
    reader.page = replace(page, fields={**page.fields, 'serial_number': wrong})
    found = score(reader)
    assert [(one.document_id, one.field, one.read, one.confirmed) for one in found.sure_but_wrong] == [
        (document, 'serial_number', '99999', '77123')
    ]
    assert found.kinds[0].sure_but_wrong == 1
    assert found.sure_but_wrong[0].case_number == reader.office.case_number


def test_what_a_person_left_out_and_the_reader_is_sure_of_is_wrong(reader: Reader) -> None:
    corrected(reader)
    page = receipt('0000000001', '77123', '77123')
    reader.page = replace(page, fields={**page.fields, 'cash_paid': FieldReading('cash_paid', '12.00', 0.99, 'x')})
    found = score(reader)
    assert [(one.field, one.read, one.confirmed) for one in found.sure_but_wrong] == [('cash_paid', '12.00', '')]


def test_what_was_right_and_is_not_any_more_is_named(reader: Reader) -> None:
    corrected(reader)
    page = receipt('0000000001', '77123', '77123')
    reader.page = replace(page, fields={name: one for name, one in page.fields.items() if name != 'total'})
    assert [(one.field, one.read) for one in score(reader).worse] == [('total', '')]


def test_a_lesson_of_the_paper_itself_does_not_count(reader: Reader) -> None:
    document, _view = reader.take(receipt('0000000001', '77123'))
    reader.confirm(document, serial_number='77123')
    assert [one.right for one in score(reader).kinds] == [4]


def test_papers_taken_out_or_back_and_lost_files_are_skipped_with_words(reader: Reader) -> None:
    office = reader.office
    documents, gone = Documents(office.context), [corrected(reader, f'000000000{number}') for number in range(3)]
    for document in gone[:2]:
        Invoices(office.context).unconfirm(office.clerk, document, documents.get(office.clerk, document).version)
    documents.remove(office.clerk, gone[0], documents.get(office.clerk, gone[0]).version)
    sentences = {one.document_id: one.sentence for one in score(reader, everything=True).skipped}
    assert sentences == {gone[0]: 'It was taken out.', gone[1]: 'Its confirmation was taken back.'}
    store = office.context.files
    if isinstance(store, FolderStore):
        store.path(documents.get(office.clerk, gone[2]).pages[0].sha256).unlink()
        found = score(reader, everything=True)
        assert 'missing' in {one.document_id: one.sentence for one in found.skipped}[gone[2]]
        assert found.kinds == []


def test_nothing_is_kept_by_scoring(reader: Reader) -> None:
    document = corrected(reader)
    before = reader.readings.latest(reader.office.clerk, document)
    reader.page = receipt('0000000001', '77123', '99999')
    score(reader)
    assert reader.readings.latest(reader.office.clerk, document) == before


def test_it_tells_how_far_it_is_is_cancelled_and_asks_for_permission(reader: Reader) -> None:
    corrected(reader)
    corrections, office = Corrections(reader.office.context), reader.office
    told: list[tuple[int, int]] = []
    corrections.score(office.auditor, reader.readings.again, lambda done, total, _words='': told.append((done, total)))
    assert (told[0], told[-1]) == ((0, 1), (1, 1))

    def stop(_done: int, _total: int, _sentence: str = '') -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        corrections.score(office.auditor, reader.readings.again, stop)
    nobody = Actor(1, '无', 'none', office.auditor.office_id, None, frozenset())
    with pytest.raises(NotAllowed):
        corrections.score(nobody, reader.readings.again)


@pytest.mark.parametrize(
    'field, one, other, same',
    [
        ('total', '¥1,130.00', '1130.00', True),
        ('total', '1130.00', '1130.10', False),
        ('total_capital', '壹仟圆整', '壹仟元整', True),
        ('total_capital', '壹仟圆整', '贰仟圆整', False),
        ('seller_name', '甲公司（北京）', '甲公司(北京)', True),
        ('check_code', 'ab 12', 'AB12', True),
        ('issue_date', '2026-03-01', '2026-03-02', False),
        ('total', '', '', True),
        ('tax', '***', '', True),
        ('tax', '免税', '***', True),
        ('tax', '***', '5.00', False),
    ],
)
def test_values_are_compared_by_what_they_say(field: str, one: str, other: str, same: bool) -> None:
    assert same_value(field, one, other) == same
