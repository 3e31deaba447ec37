"""An invoice out of a layout: heading, parties, sums and lines, the same way for text layer, OFD and OCR."""

from __future__ import annotations

from claimdesk.ocr.candidate import Extract
from claimdesk.ocr.heading import read_heading
from claimdesk.ocr.items import find_table, read_items
from claimdesk.ocr.layout import Layout
from claimdesk.ocr.parties import read_parties
from claimdesk.ocr.sums import SUBTOTAL, read_sums
from claimdesk.vocabulary import DocumentKind

DIGITAL = frozenset({DocumentKind.DIGITAL_NORMAL, DocumentKind.DIGITAL_SPECIAL})


def extract(layout: Layout, source: str, kind: DocumentKind | None) -> Extract:
    """What `layout` says, an invoice of that kind; where the kind is not known, only a page with its table is one."""
    out = Extract(source, kind, text=layout.text())
    table = find_table(layout)
    if out.kind is None and table is None:
        return out
    top = [row for row in layout.rows if table is None or row.y < table.row.y]
    out.fields.update(read_heading(layout, top, out.kind in DIGITAL))
    totals = _totals(layout)
    out.several = totals > 1
    out.goes_on = not totals and bool(layout.find(SUBTOTAL))
    out.fields.update(read_parties(layout, table.row if table else None))
    sums, end = read_sums(layout, table)
    out.fields.update(sums)
    if table is not None and end is not None:
        out.items = read_items(layout, table, end.y)
    for name, found in out.fields.items():
        if found.found is not None:
            out.boxes[name] = layout.box(found.found)
    return out


def _totals(layout: Layout) -> int:
    """How many totals stand on the page, each well below the one before."""
    count, last = 0, -1.0
    for label in layout.find('价税合计'):
        if label.y - last > 0.15:
            count, last = count + 1, label.y
    return count
