"""The office's letters: one frame for all of them, from the addressee to the signature, with what they list between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.grid import Column
from claimdesk.reports.paper import BODY, LEAD, SMALL, Fact, Head, Paper, Picture
from claimdesk.reports.sheet import DARK, GREY
from claimdesk.reports.sketch import draw_sketch
from claimdesk.reports.typesetting import wrap
from claimdesk.sketch import HEIGHT, WIDTH, Sketch

PARAGRAPH = 6.0


@dataclass(frozen=True, slots=True)
class Table:
    """A table inside a letter; `total` is a last row that stands out."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a letter below its body: whatever of these it has, in this order. A part without content is left out.

    `columns` says how many facts or pictures stand side by side; `tall` how high a picture is, in points.
    """

    title: str = ''
    facts: tuple[Fact, ...] = ()
    text: str = ''
    table: Table | None = None
    sketch: Sketch | None = None
    pictures: tuple[Picture, ...] = ()
    note: str = ''
    columns: int = 3
    tall: float = 150.0

    def __bool__(self) -> bool:
        return bool(self.facts or self.text or self.table or self.sketch or self.pictures or self.note)


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter, ready to print. `number` is '' for a draft; `signers` are lines to sign on instead of the office's."""

    head: Head
    number: str
    addressee: str
    address: str
    body: str
    parts: tuple[Part, ...]
    closing: str
    office: str
    day: dt.date
    handler: str
    handler_phone: str = ''
    signers: tuple[str, ...] = ()
    draft: bool = False


def letter_pdf(letter: LetterPage, progress: Progress = quiet) -> bytes:
    """The letter as PDF."""
    paper = Paper(letter.head, progress=progress)
    _number(paper, letter)
    if letter.addressee:
        paper.gap(8)
        paper.text(_("{name}:").format(name=letter.addressee), bold=True)
        if letter.address:
            paper.text(letter.address, size=SMALL, shade=DARK)
    paper.gap(4)
    paragraphs(paper, letter.body)
    for part in letter.parts:
        if part:
            _part(paper, part)
    if letter.closing:
        paper.gap(8)
        paragraphs(paper, letter.closing)
    if letter.signers:
        paper.signatures(letter.signers)
    else:
        _signature(paper, letter)
    return paper.finish()


def paragraphs(paper: Paper, words: str, size: float = BODY) -> None:
    """Paragraphs with a little room between; the lines of a list are set in."""
    for paragraph in words.splitlines():
        if not paragraph.strip():
            paper.gap(PARAGRAPH)
            continue
        listed = paragraph[:1].isdigit() and paragraph.lstrip('0123456789')[:1] in ('.', '、')
        paper.text(paragraph.strip(), size=size, indent=18 if listed else 0)
        paper.gap(2 if listed else PARAGRAPH)


def _number(paper: Paper, letter: LetterPage) -> None:
    said = _("No. {number}").format(number=letter.number) if letter.number else ''
    if letter.draft:
        said = _("Draft: the number is given when it is sent")
    if said:
        paper.gap(12)
        paper.sheets.put(paper.right, paper.y, said, SMALL, align='right', shade=GREY if letter.draft else DARK)


def _part(paper: Paper, part: Part) -> None:
    if part.title:
        paper.section(part.title)
    if part.facts:
        paper.facts(part.facts, columns=part.columns)
    if part.text:
        paper.gap(4)
        paragraphs(paper, part.text)
    if part.table is not None:
        paper.gap(4)
        paper.table(part.table.columns, part.table.rows, part.table.total)
    if part.note:
        paper.gap(3)
        paper.text(part.note, size=SMALL, shade=DARK)
    if part.sketch is not None:
        _sketch(paper, part.sketch)
    if part.pictures:
        paper.gap(4)
        paper.pictures(part.pictures, columns=part.columns, height=part.tall)


def _sketch(paper: Paper, sketch: Sketch) -> None:
    wide = min(paper.width, 330.0)
    tall = wide * HEIGHT / WIDTH
    paper.need(tall + 24)
    left = paper.left + (paper.width - wide) / 2
    paper.gap(8)
    draw_sketch(paper.sheets, left, paper.y - tall, wide, sketch)
    paper.sheets.frame(left, paper.y - tall, wide, tall, 0.4, GREY)
    paper.gap(tall + 6)
    if sketch.note:
        for line in wrap(sketch.note, paper.width, SMALL, most=3):
            paper.gap(SMALL * LEAD)
            paper.sheets.put((paper.left + paper.right) / 2, paper.y, line, SMALL, align='centre', shade=DARK)


def _signature(paper: Paper, letter: LetterPage) -> None:
    """The office, its seal, the day and whom to ask, kept together at the right."""
    paper.need(96)
    paper.gap(34)
    middle = paper.right - 100
    paper.sheets.put(middle, paper.y, letter.office, BODY + 0.5, bold=True, align='centre')
    paper.gap(17)
    paper.sheets.put(middle, paper.y, _("(seal)"), SMALL, align='centre', shade=GREY)
    paper.gap(17)
    paper.sheets.put(middle, paper.y, long_day(letter.day), BODY, align='centre')
    paper.gap(20)
    ask = _("Handled by {name}").format(name=letter.handler)
    if letter.handler_phone:
        ask = _("{ask}, telephone {phone}").format(ask=ask, phone=letter.handler_phone)
    paper.sheets.put(paper.left, paper.y, ask, SMALL, shade=DARK)
    paper.gap(6)


def long_day(day: dt.date) -> str:
    """`25 November 2026` as letters write it: in Chinese 2026年11月25日."""
    return _("{year}-{month}-{day}").format(year=day.year, month=f'{day.month:02d}', day=f'{day.day:02d}')


def columns(titles: Sequence[str], shares: Sequence[float], right: Sequence[int] = ()) -> tuple[Column, ...]:
    """Columns with their headings and shares of the width; those of `right` are amounts."""
    return tuple(
        Column(title, share, 'right' if place in right else 'left')
        for place, (title, share) in enumerate(zip(titles, shares, strict=True))
    )
