"""Cover sheets: a page with a code that lies on a pile when it is scanned, and says where what follows belongs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing

from claimdesk.language import _
from claimdesk.progress import Progress, quiet
from claimdesk.reports.paper import BODY, Fact, Head, Paper
from claimdesk.reports.sheet import DARK, GREY
from claimdesk.reports.typesetting import wrap

BIG, SMALL_CODE = 210.0, 96.0
NAME = 26.0


@dataclass(frozen=True, slots=True)
class CoverPage:
    """One cover sheet: the name in large letters, what helps to recognise it, and the text of its code."""

    head: Head
    name: str
    facts: tuple[Fact, ...]
    code: str


def cover_sheets_pdf(pages: Sequence[CoverPage], copies: int, progress: Progress = quiet) -> bytes:
    """The cover sheets as one PDF, each `copies` times."""
    paper = Paper(pages[0].head, progress=progress)
    for number, page in enumerate(page for page in pages for _copy in range(copies)):
        if number:
            paper.head = page.head
            paper.new_page()
        _page(paper, page)
    return paper.finish()


def _page(paper: Paper, page: CoverPage) -> None:
    middle = (paper.left + paper.right) / 2
    paper.gap(34)
    for line in wrap(page.name, paper.width, NAME, bold=True, most=2):
        paper.gap(NAME * 1.25)
        paper.sheets.put(middle, paper.y, line, NAME, bold=True, align='centre')
    paper.gap(26 + BIG)
    _code(paper, page.code, middle - BIG / 2, paper.y, BIG)
    paper.gap(16)
    paper.sheets.put(middle, paper.y, page.code, 8.5, align='centre', shade=GREY)
    paper.gap(20)
    if page.facts:
        paper.facts(page.facts, columns=2)
    paper.section(_("How to use it"))
    for step in (
        _("1. Put this sheet on top of the pages that it stands for, its print upwards like theirs."),
        _("2. Scan the whole pile in one go; it may hold many cover sheets, each with its pages behind it."),
        _("3. ClaimDesk splits the pile at each sheet and files what follows; the sheet itself is left out."),
    ):
        paper.text(step, size=BODY, shade=DARK)
        paper.gap(2)
    # The second code is read where a staple, a stain or a fold has spoilt the first.
    _code(paper, page.code, paper.left, paper.bottom + 10, SMALL_CODE)
    paper.sheets.put(
        paper.left + SMALL_CODE + 10, paper.bottom + 24, _("Do not write on the codes; the sheet can be used again."),
        8.5, shade=GREY,
    )  # fmt: skip


def _code(paper: Paper, text: str, x: float, y: float, size: float) -> None:
    widget = QrCodeWidget(text, barLevel='Q', barBorder=2)
    left, low, right, high = widget.getBounds()
    drawing = Drawing(size, size, transform=[size / (right - left), 0, 0, size / (high - low), 0, 0])
    drawing.add(widget)
    renderPDF.draw(drawing, paper.sheets, x, y)
