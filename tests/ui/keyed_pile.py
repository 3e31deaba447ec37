"""A pile of mixed receipts and the keys that confirm it, for the test of the bench and for its benchmark."""

from __future__ import annotations

from collections.abc import Callable

from claimdesk.papers import medical, press
from claimdesk.services.documents import DocumentView
from claimdesk.ui.pages.inbox import InboxPage
from claimdesk.vocabulary import DocumentKind
from tests.ocr import paper
from tests.ui.inbox_office import InboxOffice, Typist, invoice_to_a_person

INVOICES = ('digital_normal', 'digital_special', 'vat_electronic', 'vat_special', 'vat_normal')
RECEIPTS = (DocumentKind.MEDICAL_OUTPATIENT, DocumentKind.MEDICAL_INPATIENT)


def take_in_mixed(office: InboxOffice, count: int) -> list[DocumentView]:
    """`count` different papers of the office's case, read: five invoices to each hospital's receipt."""
    views = []
    for seed in range(count):
        if seed % 6 == 5:
            made = medical.make(seed, RECEIPTS[seed // 6 % 2], 'electronic')
            content = press.as_pdf(medical.forms_of(made))
        else:
            content = paper.as_pdf(invoice_to_a_person(seed, INVOICES[seed % 6]))
        (view,) = office.take_in((f'{seed:02}.pdf', content), case_id=office.office.case_id)
        office.desk.readings.read(office.desk.signed_in, view.id)
        views.append(office.get(view.id))
    return views


def confirm_all(page: InboxPage, typist: Typist, count: int, after_each: Callable[[], object]) -> int:
    """Confirm `count` papers with keys only: Enter on what is unsure, a value typed where none was read, Ctrl+Enter.

    Returns how many fields there were.
    """
    fields = 0
    for _paper in range(count):
        form = page.bench.form
        fields += len(form.rows)
        while form.open_fields():
            before = form.open_fields()
            typist.enter()
            assert len(form.open_fields()) < len(before), (before, form.notice.sentence)
        typist.confirm()
        after_each()
    return fields
