"""Hospital receipts with a label that the reader does not know, and a desk whose engine says what a test wants."""

from __future__ import annotations

from typing import Any

from claimdesk.ocr import Box, FieldReading, FileReading, PageReading, TextRun
from claimdesk.services.documents import Documents, NewFile
from claimdesk.services.invoices import Invoices
from claimdesk.services.learned import Learned, LearnedView
from claimdesk.services.reading import Readings
from claimdesk.services.reading_view import ReadingView
from claimdesk.vocabulary import DocumentKind
from tests.services.paper_office import PaperOffice, pdf

KIND = DocumentKind.MEDICAL_OUTPATIENT
HOSPITAL = '江南省第二人民医院'


def run(text: str, x: float, y: float) -> TextRun:
    return TextRun(text, Box(x, y, 0.012 * len(text), 0.02))


def receipt(number: str, serial: str, read_serial: str = '', hospital: str = HOSPITAL) -> PageReading:
    """A receipt whose serial number stands behind a label that the reader does not know."""
    said = {
        'receipt_number': (number, 0.99), 'issue_date': ('2026-03-01', 0.99), 'hospital_name': (hospital, 0.97),
        'total': ('88.50', 0.99), **({'serial_number': (read_serial, 0.8)} if read_serial else {}),
    }  # fmt: skip
    return PageReading(
        1,
        KIND,
        fields={name: FieldReading(name, value, sure, 'text_layer') for name, (value, sure) in said.items()},
        rows=(
            (run('江南省医疗门诊收费票据', 0.3, 0.05),),
            (run('票据号码', 0.1, 0.1), run(number, 0.3, 0.1), run('开票日期', 0.6, 0.1), run('2026-03-01', 0.7, 0.1)),
            (run('诊疗流水', 0.1, 0.2), run(serial, 0.3, 0.2)),
            (run(hospital, 0.1, 0.8), run('88.50', 0.7, 0.8)),
        ),
        text_source='text_layer',
    )


class Reader:
    """The desk's reading, with an engine that says what a test wants."""

    def __init__(self, office: PaperOffice) -> None:
        self.office = office
        self.page = PageReading(1, KIND)
        self.readings = Readings(office.context, lambda: self)  # type: ignore[arg-type,return-value]

    def read(self, _source: bytes, **options: Any) -> FileReading:
        return FileReading(options['name'], (self.page,))

    def reread(self, _source: bytes, _page: int, box: Any, field: str, *, rotation: int = 0) -> FieldReading:
        return FieldReading(field, self.again, 0.9, 'reread', Box(*box))

    again = ''

    def close(self) -> None:
        """As the pool of a desk that closes."""

    def take(self, page: PageReading) -> tuple[int, ReadingView]:
        """Take in a paper that is read like this: the document and its reading."""
        self.page = page
        content = pdf(str(page.fields['receipt_number'].value))
        number = page.fields['receipt_number'].value
        view = Documents(self.office.context).add(self.office.clerk, [NewFile('收据.pdf', content)], None, number)[0]
        return view.id, self.readings.read(self.office.clerk, view.id)

    def confirm(self, document_id: int, **fields: str) -> None:
        """Confirm it with what was read, corrected by `fields`."""
        version = Documents(self.office.context).get(self.office.clerk, document_id).version
        latest = self.readings.latest(self.office.clerk, document_id)
        assert latest is not None
        said = {name: value for name, value in latest.values().items() if value} | fields
        Invoices(self.office.context).confirm(
            self.office.clerk, document_id, version, self.office.case_id, KIND, said
        )

    def places(self) -> list[LearnedView]:
        return Learned(self.office.context).places(self.office.auditor)
