"""Invoices of more than one page: all but the last end with a subtotal, and each repeats the number and the parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claimdesk.ocr.candidate import Earlier
from claimdesk.ocr.reading import PageReading

_SUMS = ('amount', 'tax', 'total', 'total_capital')


def number_of(page: PageReading) -> str:
    """The number of the invoice that a page is of, '' if none was read."""
    number = page.fields.get('invoice_number')
    return number.value if number else ''


def carried_on(earlier: Earlier, page: PageReading) -> Earlier:
    """What a page leaves for the next one to be judged with: its lines and those before, while no total has come."""
    number = number_of(page)
    if not number or 'total' in page.fields:
        return Earlier()
    return Earlier(number, (*earlier.items, *page.items) if earlier.number == number else page.items)


def whole_invoices(pages: Sequence[PageReading]) -> tuple[PageReading, ...]:
    """The pages, the first of each longer invoice with the sums that stand on its last one (without their place)."""
    done = list(pages)
    first = 0
    for place in range(1, len(done)):
        number = number_of(done[place])
        if not number or number != number_of(done[first]) or 'total' in done[first].fields:
            first = place
        elif 'total' in done[place].fields:
            page = done[place]
            sums = {name: replace(page.fields[name], box=None) for name in _SUMS if name in page.fields}
            about = tuple(check for check in page.checks if set(check.fields) & {*_SUMS, 'items'})
            kept = tuple(check for check in done[first].checks if not set(check.fields) & {*_SUMS, 'items'})
            done[first] = replace(done[first], fields=done[first].fields | sums, checks=(*kept, *about))
            first = place
    return tuple(done)
