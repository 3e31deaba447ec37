"""A PDF onto paper: which printers there are, and its pages drawn at the printer's own resolution."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from claimdesk.errors import Unavailable, Unreadable
from claimdesk.language import _
from claimdesk.progress import Progress

# A laser printer shows no more, and a page at 1,200 dpi would take half a gigabyte.
MOST_DPI = 600
_POINTS_PER_INCH = 72


def printers() -> list[str]:
    """The names of the printers of this computer."""
    return [name for name in QPrinterInfo.availablePrinterNames() if name]


def open_pdf(content: bytes) -> tuple[QPdfDocument, QBuffer]:
    """The document, and the buffer that must live as long. Raises `Unreadable`."""
    buffer = QBuffer()
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(buffer)
    if document.status() is not QPdfDocument.Status.Ready or document.pageCount() < 1:
        raise Unreadable(_("The PDF cannot be shown."), _("Make it again, or save it and open it elsewhere."))
    return document, buffer


def fit_paper(printer: QPrinter, page: QSizeF) -> None:
    """Ask for paper of the size of `page` (in points), upright or across as it is."""
    across = page.width() > page.height()
    upright = page.transposed() if across else page
    size = QPageSize(upright, QPageSize.Unit.Point, '', QPageSize.SizeMatchPolicy.FuzzyMatch)
    turn = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    printer.setPageLayout(QPageLayout(size, turn, QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point))
    printer.setFullPage(True)


def print_pdf(content: bytes, printer: QPrinter, current: int, progress: Progress) -> int:
    """Print the pages that the print dialog chose (`current` is the page in view, from 0); how many sheets it made.

    Runs off the UI thread. Raises `Unreadable`, `Unavailable`, and `Cancelled` through `progress`.
    """
    document, _buffer = open_pdf(content)
    pages = list(wanted_pages(printer, document.pageCount(), current))
    painter = QPainter()
    try:
        for number, page in enumerate(pages):
            progress(number, len(pages), _("Printing page {n} of {count}").format(n=number + 1, count=len(pages)))
            size = document.pagePointSize(page)
            across = size.width() > size.height()
            printer.setPageOrientation(
                QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
            )
            if number == 0:
                begun = painter.begin(printer)
            else:
                begun = printer.newPage()
            if not begun:
                raise Unavailable(
                    _("The printer does not take the job."), _("Check that it is on, or save as PDF instead.")
                )
            painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
            _draw(document, page, painter, printer)
        progress(len(pages), len(pages))
    except BaseException:
        if painter.isActive():
            printer.abort()
        raise
    finally:
        if painter.isActive():
            painter.end()
        document.close()
    return len(pages)


def wanted_pages(printer: QPrinter, count: int, current: int) -> Iterator[int]:
    """The pages to print in the order of printing, from 0, each as often as the printer cannot do by itself."""
    which = printer.printRange()
    if which is QPrinter.PrintRange.CurrentPage:
        pages = [current]
    elif which is QPrinter.PrintRange.PageRange:
        ranges = printer.pageRanges()
        pages = [page for page in range(count) if ranges.isEmpty() or ranges.contains(page + 1)]
    else:
        pages = list(range(count))
    if printer.pageOrder() is QPrinter.PageOrder.LastPageFirst:
        pages.reverse()
    copies = 1 if printer.supportsMultipleCopies() else max(1, printer.copyCount())
    if printer.collateCopies():
        for _copy in range(copies):
            yield from pages
    else:
        for page in pages:
            yield from [page] * copies


def _draw(document: QPdfDocument, page: int, painter: QPainter, printer: QPrinter) -> None:
    """Draw one page in the middle of the paper, as large as the paper allows."""
    dpi = min(MOST_DPI, printer.resolution())
    points = document.pagePointSize(page)
    drawn = document.render(page, (points * dpi / _POINTS_PER_INCH).toSize())
    behind = QPainter(drawn)
    behind.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationOver)
    behind.fillRect(drawn.rect(), Qt.GlobalColor.white)
    behind.end()
    drawn.convertTo(QImage.Format.Format_RGB32)
    paper = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
    place = QRectF(QPointF(0, 0), points.scaled(paper.size(), Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(paper.center())
    painter.drawImage(place, drawn, QRectF(drawn.rect()))
