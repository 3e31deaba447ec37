"""People's corrections teach where papers of an issuer hold their values; seen and forgotten; on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from claimdesk.errors import NotAllowed
from claimdesk.models import Database
from claimdesk.ocr import FieldReading
from claimdesk.services.documents import Documents
from claimdesk.services.invoices import Invoices
from claimdesk.services.learned import Learned
from claimdesk.services.reading_view import FieldView, ReadingView
from tests.services.paper_office import PaperOffice, paper_office
from tests.services.read_papers import HOSPITAL, Reader, receipt, run


@pytest.fixture
def office(database: Database, tmp_path: Path) -> PaperOffice:
    return paper_office(database, tmp_path)


def serial(view: ReadingView) -> FieldView | None:
    return next((field for field in view.fields if field.name == 'serial_number' and field.value), None)


@pytest.fixture
def reader(office: PaperOffice) -> Reader:
    return Reader(office)


def test_a_correction_helps_with_the_next_paper_of_the_issuer(reader: Reader) -> None:
    first, view = reader.take(receipt('0000000001', '77123'))
    assert serial(view) is None
    reader.confirm(first, serial_number='77123')
    _second, after = reader.take(receipt('0000000002', '99456'))
    found = serial(after)
    assert found is not None
    assert (found.value, found.status, found.source) == ('99456', 'check', 'text_layer+layout')
    assert found.box is not None
    assert 'Earlier papers' in found.reason


def test_what_was_read_right_teaches_nothing(reader: Reader) -> None:
    first, _view = reader.take(receipt('0000000001', '77123', '77123'))
    reader.confirm(first)
    assert reader.places() == []


def test_every_paper_that_bears_it_out_counts_and_two_make_exact_characters_sure(reader: Reader) -> None:
    for number in range(1, 3):
        document, _view = reader.take(receipt(f'000000000{number}', f'7712{number}'))
        reader.confirm(document, serial_number=f'7712{number}')
    assert [(one.field, one.label, one.papers, one.issuer) for one in reader.places()] == [
        ('serial_number', '诊疗流水', 2, HOSPITAL)
    ]
    page = receipt('0000000003', '99456', '99456')
    page.fields['serial_number'] = replace(page.fields['serial_number'], confidence=0.9, reason='Only in part.')
    found = serial(reader.take(page)[1])
    assert found is not None
    assert (found.status, found.source) == ('sure', 'text_layer+layout')


def test_a_paper_never_bears_out_itself(reader: Reader) -> None:
    first, _view = reader.take(receipt('0000000001', '77123'))
    reader.confirm(first, serial_number='77123')
    assert serial(reader.readings.read(reader.office.clerk, first)) is None


def test_another_hospital_with_the_same_form_gets_the_hint_and_another_form_does_not(reader: Reader) -> None:
    first, _view = reader.take(receipt('0000000001', '77123'))
    reader.confirm(first, serial_number='77123')
    assert serial(reader.take(receipt('0000000002', '99456', hospital='青川市中医医院'))[1]) is not None
    other = receipt('0000000003', '99456', hospital='青川市中医医院')
    foreign = replace(other, rows=((run('江北省门诊发票存根', 0.3, 0.05),), *other.rows[1:]))
    assert serial(reader.take(foreign)[1]) is None


def test_a_lesson_that_misled_is_forgotten_and_the_right_place_learned(reader: Reader) -> None:
    first, _view = reader.take(receipt('0000000001', '77123'))
    reader.confirm(first, serial_number='77123')
    page = receipt('0000000002', '99456')
    page = replace(page, rows=(*page.rows, (run('结算流水', 0.1, 0.4), run('55511', 0.3, 0.4))))
    second, view = reader.take(page)
    assert [field.value for field in view.fields if field.name == 'serial_number'] == ['99456']
    reader.confirm(second, serial_number='55511')
    assert [(one.label, one.papers) for one in reader.places()] == [('结算流水', 1)]


def test_a_drawn_box_says_which_of_several_places_it_is(reader: Reader) -> None:
    page = receipt('0000000001', '88.50')
    doubled = replace(page, rows=(*page.rows, (run('预交', 0.1, 0.4), run('88.50', 0.3, 0.4))))
    doubled.fields['total'] = FieldReading('total', '8.50', 0.8, 'text_layer')
    document, _view = reader.take(doubled)
    reader.again = '88.50'
    reader.readings.reread(reader.office.clerk, document, 0, (0.29, 0.39, 0.1, 0.04), 'total')
    reader.confirm(document, total='88.50')
    assert [(one.field, one.label) for one in reader.places()] == [('total', '预交')]


def test_without_a_box_a_value_that_stands_several_times_teaches_nothing(reader: Reader) -> None:
    page = receipt('0000000001', '88.50')
    page.fields['total'] = FieldReading('total', '8.50', 0.8, 'text_layer')
    document, _view = reader.take(page)
    reader.confirm(document, total='88.50')
    assert reader.places() == []


def test_taking_a_confirmation_back_takes_its_lesson_back(reader: Reader) -> None:
    first, _view = reader.take(receipt('0000000001', '77123'))
    reader.confirm(first, serial_number='77123')
    version = Documents(reader.office.context).get(reader.office.clerk, first).version
    Invoices(reader.office.context).unconfirm(reader.office.clerk, first, version)
    assert reader.places() == []


def test_only_who_manages_the_office_forgets(reader: Reader) -> None:
    first, _view = reader.take(receipt('0000000001', '77123'))
    reader.confirm(first, serial_number='77123')
    (one,) = reader.places()
    with pytest.raises(NotAllowed):
        Learned(reader.office.context).forget(reader.office.auditor, one.ids)
    assert Learned(reader.office.context).forget(reader.office.clerk, one.ids) == 1
    assert reader.places() == []
    assert serial(reader.take(receipt('0000000002', '99456'))[1]) is None


def test_no_value_is_kept_with_what_was_learned(reader: Reader, database: Database) -> None:
    first, _view = reader.take(receipt('0000000001', '77123'))
    reader.confirm(first, serial_number='77123')
    with database.engine.connect() as connection:
        assert '77123' not in str(connection.exec_driver_sql('SELECT * FROM learned_place').all())
