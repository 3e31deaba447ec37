"""Documents of more than one page: each repeats what makes the document one of its kind, the last shows the sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from claimdesk.ocr.candidate import Earlier
from claimdesk.ocr.kinds import kind_of
from claimdesk.ocr.reading import PageReading


def number_of(page: PageReading) -> str:
    """What makes the document of a page one of its kind, '' if it was not read."""
    return kind_of(page.kind).number_of(page)


def _ends(page: PageReading) -> bool:
    return kind_of(page.kind).ends(page.fields)


def carried_on(earlier: Earlier, page: PageReading) -> Earlier:
    """What a page leaves for the next one to be judged with: its lines and those before, while no total has come."""
    number = number_of(page)
    if not number or _ends(page):
        return Earlier()
    return Earlier(number, (*earlier.items, *page.items) if earlier.number == number else page.items, page.kind)


def whole_documents(pages: Sequence[PageReading]) -> tuple[PageReading, ...]:
    """The pages, the first of each longer document with the sums that stand on its last one (without their place)."""
    done = list(pages)
    first = 0
    for place in range(1, len(done)):
        number = number_of(done[place])
        if not number or number != number_of(done[first]) or _ends(done[first]):
            first = place
        elif _ends(done[place]):
            page = done[place]
            names = kind_of(page.kind).sums
            sums = {name: replace(page.fields[name], box=None) for name in names if name in page.fields}
            about = tuple(check for check in page.checks if set(check.fields) & {*names, 'items'})
            kept = tuple(check for check in done[first].checks if not set(check.fields) & {*names, 'items'})
            done[first] = replace(done[first], fields=done[first].fields | sums, checks=(*kept, *about))
            first = place
    return tuple(done)
