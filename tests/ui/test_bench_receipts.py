"""Hospitals' receipts on the bench: their own fields and proofs, confirmed by keys as a medical expense."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from claimdesk.papers import medical, press
from claimdesk.vocabulary import DocumentKind, DocumentState, LossKind
from tests.ui.inbox_office import InboxOffice, Typist, inbox_office


@pytest.fixture
def desk(sqlite_url: str, tmp_path: Path, qtbot: QtBot) -> Iterator[InboxOffice]:
    with inbox_office(sqlite_url, tmp_path, qtbot) as office:
        yield office


def test_a_receipt_is_confirmed_by_keys_with_its_own_fields(desk: InboxOffice) -> None:
    made = medical.make(8, DocumentKind.MEDICAL_OUTPATIENT, 'electronic')
    content = press.as_pdf(medical.forms_of(made))
    (view,) = desk.take_in(('receipt.pdf', content), case_id=desk.office.case_id)
    desk.desk.readings.read(desk.desk.signed_in, view.id)
    page = desk.page()
    page.arrive({'case_id': desk.office.case_id})
    form = page.bench.form
    assert form.chosen_kind() is DocumentKind.MEDICAL_OUTPATIENT
    assert {'receipt_number', 'hospital_name', 'insurance_fund_paid', 'own_expense'} <= set(form.rows)
    assert not form._title_line.isVisible()
    assert form.filing.loss_kind() is LossKind.MEDICAL
    typist = Typist()
    while form.open_fields():
        typist.enter()
    typist.confirm()
    kept = desk.get(view.id)
    assert kept.state is DocumentState.CONFIRMED
    assert kept.fields['insurance_fund_paid'] == f'{made.fund:.2f}'
    page.arrive({'document_id': view.id})
    assert page.bench.form.values()['cash_paid'] == f'{made.cash:.2f}'
