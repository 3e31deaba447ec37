"""The front of a case file as one PDF: the case, what is in the file and where; and sheets in the place of pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from claimdesk.language import _, ngettext
from claimdesk.reports.book import Jump, Mark
from claimdesk.reports.paper import BODY, SMALL, Fact, Head, Paper
from claimdesk.reports.sheet import DARK, GREY, PALE
from claimdesk.reports.typesetting import cut

ROW, INDENT, NUMBERS = 17.0, 14.0, 44.0


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of the file: what it is called and is, its pages, and where they begin (from 0, without the front)."""

    title: str
    kind: str
    pages: int
    first: int


@dataclass(frozen=True, slots=True)
class Section:
    """A needed document with what was filed for it; `note` says what a reader of the list should know."""

    title: str
    entries: tuple[Entry, ...]
    note: str = ''


@dataclass(frozen=True, slots=True)
class Lost:
    """A page that could not be taken over: of which document, which page (from 1), where (from 0), and why."""

    title: str
    page: int
    place: int
    sentence: str


def front(
    head: Head, facts: Sequence[Fact], note: str, sections: Sequence[Section], lost: Sequence[Lost]
) -> tuple[bytes, list[Jump]]:
    """The first sheets, and where a click on them leads. Page numbers count these sheets."""
    sheets = 1
    while True:
        paper, jumps = _written(head, facts, note, sections, lost, sheets)
        if paper.pages == sheets:
            return paper.finish(), jumps
        sheets = paper.pages


def bookmarks(sections: Sequence[Section]) -> list[Mark]:
    """Bookmarks: needed document, document, page."""
    return [
        Mark(
            section.title,
            section.entries[0].first,
            tuple(Mark(entry.title, entry.first, _pages(entry)) for entry in section.entries),
        )
        for section in sections
        if section.entries
    ]


def instead_of_a_page(head: Head, title: str, page: int, sentence: str, advice: str) -> bytes:
    """A sheet that stands where a page should be, and says why it is not there."""
    paper = Paper(head)
    paper.gap(120)
    paper.section(_("This page is missing"), _("{title}, page {page}").format(title=title, page=page))
    paper.gap(6)
    paper.text(sentence, size=13, bold=True)
    paper.gap(4)
    paper.text(advice, shade=DARK)
    paper.gap(14)
    paper.text(_("The original file is kept unchanged in ClaimDesk."), size=SMALL, shade=GREY)
    return paper.finish()


def _written(
    head: Head, facts: Sequence[Fact], note: str, sections: Sequence[Section], lost: Sequence[Lost], sheets: int
) -> tuple[Paper, list[Jump]]:
    paper, jumps = Paper(head), list[Jump]()
    paper.gap(6)
    paper.facts(facts, columns=3)
    if note:
        paper.gap(6)
        paper.text(note, size=SMALL, shade=DARK)
    count = sum(entry.pages for section in sections for entry in section.entries)
    paper.section(_("List of contents"), ngettext("{count} page", "{count} pages", count).format(count=count))
    for section in sections:
        _row(paper, jumps, section.title, section.note, section.entries[0].first if section.entries else None, sheets)
        for entry in section.entries:
            pages = ngettext("{count} page", "{count} pages", entry.pages).format(count=entry.pages)
            said = f'{entry.kind} · {pages}'
            _row(paper, jumps, entry.title, said, entry.first, sheets, indent=INDENT)
    if lost:
        paper.section(_("Pages that could not be taken over"))
        for one in lost:
            title = _("{title}, page {page}").format(title=one.title, page=one.page)
            _row(paper, jumps, title, '', one.place, sheets)
            paper.text(one.sentence, size=SMALL, shade=DARK, indent=INDENT)
    return paper, jumps


def _row(
    paper: Paper, jumps: list[Jump], title: str, said: str, page: int | None, sheets: int, indent: float = 0
) -> None:
    paper.need(ROW + (0 if indent else ROW))
    paper.gap(ROW)
    bold, size = not indent, BODY if not indent else BODY - 1
    right = paper.right - NUMBERS
    wide = paper.width - NUMBERS - indent
    paper.sheets.put(paper.left + indent, paper.y + 4, cut(title, wide * 0.62, size, bold), size, bold=bold)
    if said:
        paper.sheets.put(right, paper.y + 4, cut(said, wide * 0.36, SMALL), SMALL, align='right', shade=GREY)
    if page is not None:
        paper.sheets.put(paper.right, paper.y + 4, str(sheets + page + 1), size, align='right', bold=bold)
        jumps.append(Jump(paper.pages - 1, (paper.left, paper.y, paper.right, paper.y + ROW), page))
    paper.sheets.rule(paper.left, paper.y, paper.right, 0.25, PALE)


def _pages(entry: Entry) -> tuple[Mark, ...]:
    if entry.pages < 2:
        return ()
    return tuple(
        Mark(_("Page {page}").format(page=place + 1), entry.first + place) for place in range(entry.pages)
    )
