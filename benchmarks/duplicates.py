"""Duplicates: pairs of one invoice in two forms, different invoices that look alike, and the search among many pages.

    python -m benchmarks.duplicates [--quick]
    python -m benchmarks.duplicates --pairs-from N     pairs of invoices that nobody has looked at while building

The papers are made here. What a reader would have read is taken from their truth, with values left out or misread on
purpose, for a thousand pages are not read by an engine in minutes; OFD and XML files are really read. So the figures
say how well the comparison works on what was read, not how well is read. Pages are really drawn, worn and looked at.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import insert, select

from benchmarks.measured import Measured, beside
from benchmarks.run import Run
from claimdesk.models import Database, Document, DocumentPage, PageLook
from claimdesk.models.schema import upgrade
from claimdesk.ocr import ALIKE, FieldReading, FileReading, PageReading, bands_of, difference, read
from claimdesk.services.documents import Documents, DocumentView, NewFile
from claimdesk.services.duplicates import Duplicate
from claimdesk.services.invoices import Invoices
from claimdesk.services.office_generator import printing
from claimdesk.services.page_looks import BANDS, near_pages
from claimdesk.services.reading import Readings
from claimdesk.vocabulary import DocumentKind
from tests.ocr.conditions import CLEAN_DPI, CONDITIONS
from tests.ocr.paper import Invoice, as_ofd, as_pdf, make, printed
from tests.services.paper_office import PaperOffice, paper_office

ALARM = frozenset({'number', 'file', 'page'})
"""What says that two papers are one; a like seller, day and total is only a remark."""
FORMS = ('scan', '150 dpi, q40', '100 dpi', 'grey', 'bitonal', 'stamps', 'folded', 'photo', 'on A4', 'slant +3', 'ofd',
         'xml')  # fmt: skip
NUMBERS = ('invoice_number', 'invoice_code', 'check_code')
LEFT_OUT = (
    (), (), (), (), NUMBERS, NUMBERS, NUMBERS, (*NUMBERS, 'total'), (*NUMBERS, 'issue_date', 'amount'), ('misread',),
)  # fmt: skip
"""What is not read of every tenth paper; 'misread' is a number with one wrong digit, of which the reader is unsure."""
KINDS = ('digital_normal', 'vat_normal', 'digital_special', 'vat_special', 'vat_electronic')
BATCH = 100
LOOKED_FOR = 40
TUNED_ON = 5000
"""The comparison was tuned on the pairs made from this number on."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How many pairs, different invoices and pages."""

    pairs: int
    different: int
    pages: int


USUAL, QUICK = Extent(100, 1000, 200_000), Extent(12, 100, 20_000)


class Reads:
    """A reader that has read what it is told."""

    def __init__(self, reading: FileReading) -> None:
        self._reading = reading

    def read(self, _content: bytes, **_options: Any) -> FileReading:
        """The reading that was told."""
        return self._reading

    def close(self) -> None:
        """Nothing to end."""


def suite(run: Run) -> Iterator[Measured]:
    """All figures; the goals are the issue's own."""
    yield from measure(QUICK if run.quick else USUAL)


def measure(extent: Extent) -> Iterator[Measured]:
    """Pairs, different invoices, and the search among many pages."""
    with tempfile.TemporaryDirectory() as folder:
        office = _office(Path(folder))
        yield from pairs(office, extent.pairs)
        office.context.database.close()
    with tempfile.TemporaryDirectory() as folder:
        office = _office(Path(folder))
        yield from different(office, extent.different)
        yield from among_many(office, extent.pages)
        office.context.database.close()


def fresh(first: int) -> Iterator[Measured]:
    """The pairs of papers made from `first` on."""
    with tempfile.TemporaryDirectory() as folder:
        office = _office(Path(folder))
        yield from pairs(office, USUAL.pairs, first)
        office.context.database.close()


def pairs(office: PaperOffice, count: int, first: int = TUNED_ON) -> Iterator[Measured]:
    """The PDF of an invoice is known, every other one confirmed; then it comes again in another form."""
    known: dict[int, int] = {}
    missed: list[str] = []
    spent = []
    for place in range(count):
        invoice = blue(place, first)
        view = take_in(office, f'{place}.pdf', as_pdf(invoice))
        have_read(office, view, invoice)
        if place % 2:
            confirm(office, view, invoice)
        known[place] = view.id
    for place in range(count):
        invoice, form = blue(place, first), FORMS[place % len(FORMS)]
        if form in ('ofd', 'xml'):
            content = as_ofd(invoice) if form == 'ofd' else as_xml(invoice)
            view = take_in(office, f'{place}.{form}', content)
            reading = read(content, name=view.title)
            Readings(office.context, as_read(reading)).read(office.clerk, view.id)
        else:
            content = CONDITIONS[form](printing.as_picture(printed(invoice), CLEAN_DPI), place)
            view = take_in(office, f'{place}.jpg', content)
            have_read(office, view, invoice, LEFT_OUT[place % 7 + place % 4], seed=place)
        begun = time.perf_counter()
        found = alarms(office, view)
        spent.append(1000 * (time.perf_counter() - begun))
        if known[place] not in {one.document_id for one in found}:
            missed.append(f'{place} {form}')
        elif {one.document_id for one in found} != {known[place]}:
            missed.append(f'{place} {form}, and others')
    if missed:
        print('missed:', '; '.join(missed))
    yield beside('Duplicates, pairs missed', len(missed), '', 'pairs', count, 0.0, count)
    yield Measured('Duplicates, looking for one', median(spent), 'ms', '', None, None, None, count)


def different(office: PaperOffice, count: int) -> Iterator[Measured]:
    """Different invoices one after the other: batches of one seller, form and day with consecutive numbers.

    Every fifth has no number that was read; in one batch all amounts are the same, and there all numbers were read.
    """
    said, remarks = [], 0
    for place in range(count):
        invoice, equal = of_a_batch(place)
        view = take_in(office, f'{place}.pdf', as_pdf(invoice))
        have_read(office, view, invoice, NUMBERS if place % 5 == 4 and not equal else (), seed=place)
        found = duplicates(office, view)
        said += [f'{place}: {one.kind} {one.document_id}' for one in found if one.kind in ALARM]
        remarks += any(one.kind == 'similar' for one in found)
        if place % 5 != 4 or equal:
            confirm(office, view, invoice)
    if said:
        print('false alarms:', '; '.join(said[:20]))
    yield beside('Duplicates, false alarms', len(said), '', 'different invoices', count, 0.0, count)
    yield Measured('Duplicates, same seller, day and total remarked', remarks, '', '', None, None, None, count)


def among_many(office: PaperOffice, count: int) -> Iterator[Measured]:
    """The search by bands beside comparing all pages; a quarter of them are invoices on the commonest form."""
    database, dice = office.context.database, random.Random(7)
    with database.read() as session:
        looks = [bits for bits in session.scalars(select(PageLook.bits)) if bits is not None]
        document_ids = list(session.scalars(select(Document.id).order_by(Document.id).limit(LOOKED_FOR)))
        held = session.scalar(select(DocumentPage.sha256).limit(1))
    with database.write('benchmark') as session:
        for begin in range(0, count, 20_000):
            rows = []
            for index in range(begin, min(count, begin + 20_000)):
                bits = _another(looks, dice)
                bands = {column.key: band for column, band in zip(BANDS, bands_of(bits), strict=True)}
                rows.append({'sha256': held, 'page_index': index + 1, 'rotation': 0, 'bits': bits, **bands})
            session.execute(insert(PageLook), rows)
    spent, scanned = [], []
    with database.read() as session:
        for document_id in document_ids:
            begun = time.perf_counter()
            near_pages(session, document_id)
            spent.append(1000 * (time.perf_counter() - begun))
        for look in looks[:2]:
            begun = time.perf_counter()
            rows_seen = session.execute(select(PageLook.sha256, PageLook.page_index, PageLook.bits))
            _near = [row for row in rows_seen if row.bits and difference(look, row.bits) <= ALIKE]
            scanned.append(1000 * (time.perf_counter() - begun))
    yield beside(
        f'Like pages among {count:,}', median(spent), 'ms', 'comparing all', median(scanned), 0.5, len(spent)
    )


def blue(seed: int, first: int = TUNED_ON) -> Invoice:
    """An invoice that is no credit note; digital where it will come again as OFD or XML."""
    form = FORMS[seed % len(FORMS)]
    kind = 'digital_normal' if form in ('ofd', 'xml') else KINDS[seed % len(KINDS)]
    made = make(first + seed, kind)
    while made.total <= 0 or made.service:
        seed += 10_000
        made = make(first + seed, kind)
    return made


def of_a_batch(place: int) -> tuple[Invoice, bool]:
    """The invoice at that place of its batch, and whether all amounts of the batch are the same."""
    batch, index = divmod(place, BATCH)
    first, equal = blue(900 + 5 * batch + batch % 5), batch == 3
    dice = random.Random(place)
    lines = first.lines if equal else [
        replace(line, amount=(amount := Decimal(dice.randint(500, 900_000)) / 100),
                tax=None if line.tax is None else (amount * Decimal('0.06')).quantize(Decimal('0.01')))
        for line in first.lines
    ]  # fmt: skip
    number = str(int(first.number) + index).zfill(len(first.number))
    return replace(first, number=number, lines=lines), equal


def take_in(office: PaperOffice, name: str, content: bytes) -> DocumentView:
    """The file in the inbox."""
    return Documents(office.context).add(office.clerk, [NewFile(name, content)], None, name)[0]


def as_read(reading: FileReading) -> Callable[[], Any]:
    """A reader that has read this."""
    return lambda: Reads(reading)


def have_read(
    office: PaperOffice, view: DocumentView, invoice: Invoice, left_out: tuple[str, ...] = (), seed: int = 0
) -> None:
    """Keep the truth of the invoice as its reading, without what is `left_out`; sure of all but a misread number."""
    dice = random.Random(seed)
    fields: dict[str, FieldReading] = {}
    for name, value in invoice.truth().items():
        if name in left_out:
            continue
        misread = name == 'invoice_number' and 'misread' in left_out
        text = value[:-1] + str((int(value[-1]) + 3) % 10) if misread else value
        fields[name] = FieldReading(name, text, 0.6 if misread else 0.98, 'text')
    figures = [one.value for one in fields.values()] + [str(line.amount) for line in invoice.lines]
    # One figure in eight is not read as it stands.
    text = ' '.join(figure if dice.random() > 0.125 or not seed else figure.replace('1', '7') for figure in figures)
    page = PageReading(1, DocumentKind(invoice.kind), fields=fields, text=text)
    reading = FileReading(view.title, (page,))
    Readings(office.context, as_read(reading)).read(office.clerk, view.id)


def confirm(office: PaperOffice, view: DocumentView, invoice: Invoice) -> None:
    """Confirm the invoice as it is printed."""
    now = Documents(office.context).get(office.clerk, view.id)
    fields: Mapping[str, str] = invoice.truth()
    Invoices(office.context).confirm(
        office.clerk, view.id, now.version, office.case_id, DocumentKind(invoice.kind), fields
    )


def duplicates(office: PaperOffice, view: DocumentView) -> list[Duplicate]:
    """What the bench would say of the document as it was read."""
    reading = Readings(office.context).latest(office.clerk, view.id)
    fields = reading.values() if reading is not None else {}
    return Invoices(office.context).duplicates(
        office.clerk, fields, [page.sha256 for page in view.pages], view.id
    )


def alarms(office: PaperOffice, view: DocumentView) -> list[Duplicate]:
    """What says that the document is another one's twin."""
    return [one for one in duplicates(office, view) if one.kind in ALARM]


def as_xml(invoice: Invoice) -> bytes:
    """A digital invoice as the tax administration's XML."""
    said = invoice.truth()
    paths = {
        'EInvoiceData/BuyerInformation/BuyerName': 'buyer_name',
        'EInvoiceData/SellerInformation/SellerName': 'seller_name',
        'EInvoiceData/SellerInformation/SellerIdNum': 'seller_tax_id',
        'EInvoiceData/BasicInformation/TotalAmWithoutTax': 'amount',
        'EInvoiceData/BasicInformation/TotalTax-includedAmount': 'total',
        'TaxSupervisionInfo/InvoiceNumber': 'invoice_number',
        'TaxSupervisionInfo/IssueTime': 'issue_date',
    }
    from lxml import etree

    root = etree.Element('EInvoice')
    for path, name in paths.items():
        here = root
        for part in path.split('/'):
            found = here.find(part)
            here = etree.SubElement(here, part) if found is None else found
        here.text = said.get(name, '')
    return bytes(etree.tostring(root, xml_declaration=True, encoding='UTF-8'))


def _another(looks: list[bytes], dice: random.Random) -> bytes:
    """The look of some other page of an office: of four, two are like nothing else, one is of some form or other, one
    an invoice of the commonest form, as far from others as those that were measured."""
    kind = dice.randrange(4)
    if kind < 2:
        return dice.randbytes(24)
    base = dice.choice(looks) if kind == 3 else random.Random(dice.randrange(300)).randbytes(24)
    value = int.from_bytes(base, 'big')
    for bit in dice.sample(range(192), dice.choice((30, 50, 70, 90))):
        value ^= 1 << bit
    return value.to_bytes(24, 'big')


def _office(folder: Path) -> PaperOffice:
    database = Database(f'sqlite:///{folder}/office.db')
    upgrade(database)
    return paper_office(database, folder)


def main() -> None:
    """Print the figures, one line of JSON each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--quick', action='store_true', help='few of everything')
    parser.add_argument('--pairs-from', type=int, help='only the pairs, of papers made from this number on')
    chosen = parser.parse_args()
    for one in measure(QUICK if chosen.quick else USUAL) if chosen.pairs_from is None else fresh(chosen.pairs_from):
        print(json.dumps(asdict(one), ensure_ascii=False), flush=True)


if __name__ == '__main__':
    main()
