"""A PDF before it is paper: made in the background, looked at, printed, saved, or opened elsewhere."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QKeySequence, QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from claimdesk import whole_file
from claimdesk.errors import ClaimDeskError, Unavailable
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.ui import dialogs, printing, theme
from claimdesk.ui.page import Page
from claimdesk.ui.widgets import Banner, Busy, Button, IconButton, PlainLabel, separator

Produce = Callable[[Progress], bytes]
SMALLEST, LARGEST, STEP = 0.25, 4.0, 1.25


def preview_pdf(page: Page, title: str, produce: Produce, file_name: str, *, modal: bool = False) -> None:
    """Show what `produce` makes in a window of its own, called `title`; `file_name` is offered when it is saved.

    `produce` runs in the background and can be cancelled; the window goes with `page`. A `modal` one stands over the
    dialog that opened it.
    """
    preview = Preview(page, title, produce, file_name)
    if modal:
        preview.setWindowModality(Qt.WindowModality.ApplicationModal)
    preview.show()
    preview.make()


class Preview(QDialog):
    """The window: pages below, what can be done with them above."""

    def __init__(self, page: Page, title: str, produce: Produce, file_name: str) -> None:
        super().__init__(page, Qt.WindowType.Window)
        self._page, self._produce, self._file_name = page, produce, file_name
        self._tasks = page.shell.tasks
        self._content = b''
        self._saved: Path | None = None
        self._document = QPdfDocument(self)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f'{title} · ClaimDesk')
        self._place()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._bar = self._tool_bar(title)
        column.addWidget(self._bar)
        self.banner = Banner(self)
        column.addWidget(self.banner)
        self.view = QPdfView(self)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setPageSpacing(theme.SPACE_12)
        self.view.setFrameShape(QPdfView.Shape.NoFrame)
        self.view.setAccessibleName(title)
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme.colour('sunken'))
        self.view.setPalette(palette)
        self.view.setDocument(self._document)
        self.view.pageNavigator().currentPageChanged.connect(self._page_turned)
        column.addWidget(self.view, 1)
        self.view.installEventFilter(self)
        self._busy = Busy(self.view, self.close)
        self._add_keys()
        self.fit_width()
        self._enable(False)

    def _place(self) -> None:
        room = self.screen().availableGeometry()
        self.resize(min(1040, room.width() - 80), min(1120, room.height() - 80))
        self.setMinimumSize(680, 480)

    def _tool_bar(self, title: str) -> QWidget:
        bar = QWidget()
        bar.setProperty('surface', 'bar')
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        bar.setFixedHeight(48)
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.SPACE_12, 0, theme.SPACE_12, 0)
        row.setSpacing(theme.SPACE_4)
        self.number = QLineEdit()
        self.number.setAccessibleName(_("Page"))
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.setFont(theme.font(tabular=True))
        self.number.setFixedWidth(48)
        self.number.editingFinished.connect(self._number_typed)
        self.count = PlainLabel('', 'secondary')
        self.zoom = PlainLabel('', 'secondary', tabular=True)
        self.zoom.setMinimumWidth(48)
        self.zoom.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.width_button = Button(_("Fit width"), self.fit_width, kind='quiet', tip=_("Fit width"))
        self.page_button = Button(_("Whole page"), self.fit_page, kind='quiet', tip=_("Whole page"))
        for button in (self.width_button, self.page_button):
            button.setCheckable(True)
        self.open_button = IconButton('external-link', _("Open with another program (Ctrl+O)"), self.open_elsewhere)
        self.save_button = Button(_("Save as…"), self.save, icon='save', tip='Ctrl+S')
        self.print_button = Button(_("Print…"), self.print, kind='primary', icon='printer', tip='Ctrl+P')
        for widget in (
            IconButton('chevron-left', _("Previous page (Page Up)"), partial(self.turn, -1)),
            self.number,
            self.count,
            IconButton('chevron-right', _("Next page (Page Down)"), partial(self.turn, 1)),
            _gap(),
            IconButton('zoom-out', _("Smaller (Ctrl+-)"), partial(self.scale, 1 / STEP)),
            self.zoom,
            IconButton('zoom-in', _("Larger (Ctrl++)"), partial(self.scale, STEP)),
            self.width_button,
            self.page_button,
        ):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.open_button, self.save_button, self.print_button):
            row.addWidget(widget)
            row.addSpacing(theme.SPACE_4)
        return bar

    def _add_keys(self) -> None:
        for keys, do in (
            ('PgUp', partial(self.turn, -1)),
            ('PgDown', partial(self.turn, 1)),
            ('Ctrl+Home', lambda: self.go(0)),
            ('Ctrl+End', lambda: self.go(self._document.pageCount() - 1)),
            ('Ctrl++', partial(self.scale, STEP)),
            ('Ctrl+=', partial(self.scale, STEP)),
            ('Ctrl+-', partial(self.scale, 1 / STEP)),
            ('Ctrl+0', self.fit_width),
            ('Ctrl+1', self.fit_page),
            ('Ctrl+S', self.save),
            ('Ctrl+P', self.print),
            ('Ctrl+O', self.open_elsewhere),
            ('Ctrl+W', self.close),
        ):
            action = QAction(self)
            action.setShortcut(QKeySequence(keys))
            action.triggered.connect(lambda _checked=False, do=do: do())
            self.addAction(action)

    # Making it

    def make(self) -> None:
        """Make the PDF in the background and show it."""
        self.banner.clear()
        words = _("Making the pages…")
        self._busy.say(words)
        self._tasks.run(
            self, self._produce, self._made, self._not_made,
            lambda done, total, said: self._busy.say(said or words, done, total),
        )  # fmt: skip

    def _made(self, content: bytes) -> None:
        self._busy.stop()
        try:
            document, buffer = printing.open_pdf(content)
        except ClaimDeskError as error:
            self._not_made(error)
            return
        self._content, old = content, self._document
        for part in (document, buffer):
            part.setParent(self)
        self._document = document
        self.view.setDocument(document)
        old.deleteLater()
        pages = document.pageCount()
        self.count.setText(_("of {count}").format(count=pages))
        self._enable(True)
        self._page_turned(0)
        self._say_zoom()
        self.view.setFocus()

    def _not_made(self, error: ClaimDeskError) -> None:
        self._busy.stop()
        self.banner.show_error(error, _("Try again"), self.make)

    def _enable(self, ready: bool) -> None:
        for child in self._bar.findChildren(QWidget):
            child.setEnabled(ready)
        for action in self.actions():
            action.setEnabled(ready or action.shortcut() == QKeySequence('Ctrl+W'))
        if not ready:
            self.count.setText('')

    # Looking at it

    def page(self) -> int:
        """The page in view, from 0."""
        return self.view.pageNavigator().currentPage()

    def go(self, page: int) -> None:
        """Bring the top of a page into view, from 0."""
        navigator, count = self.view.pageNavigator(), self._document.pageCount()
        page = max(0, min(count - 1, page))
        if page == navigator.currentPage():
            # The view scrolls only when the page changes: go away and come back.
            navigator.jump(page - 1 if page else min(1, count - 1), QPointF(0, 0))
        navigator.jump(page, QPointF(0, 0))
        if count == 1:
            self.view.verticalScrollBar().setValue(0)

    def turn(self, pages: int) -> None:
        """Go on or back by so many pages."""
        self.go(self.page() + pages)

    def scale(self, factor: float) -> None:
        """Larger or smaller than now."""
        self._set_zoom(max(SMALLEST, min(LARGEST, self._factor() * factor)))

    def fit_width(self) -> None:
        """As wide as the window."""
        self._set_mode(QPdfView.ZoomMode.FitToWidth)

    def fit_page(self) -> None:
        """A whole page in the window."""
        self._set_mode(QPdfView.ZoomMode.FitInView)

    def _set_zoom(self, factor: float) -> None:
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(factor)
        self._say_zoom()

    def _set_mode(self, mode: QPdfView.ZoomMode) -> None:
        page = self.page()
        self.view.setZoomMode(mode)
        self.go(page)
        self._say_zoom()

    def _factor(self) -> float:
        """How large it is shown now, whichever way that came about."""
        mode = self.view.zoomMode()
        if mode is QPdfView.ZoomMode.Custom or not self._content:
            return self.view.zoomFactor()
        size = self._document.pagePointSize(max(0, self.page())) * self.logicalDpiX() / 72
        margins = self.view.documentMargins()
        wide = (self.view.viewport().width() - margins.left() - margins.right()) / size.width()
        high = (self.view.viewport().height() - 2 * self.view.pageSpacing()) / size.height()
        return wide if mode is QPdfView.ZoomMode.FitToWidth else min(wide, high)

    def _say_zoom(self) -> None:
        mode = self.view.zoomMode()
        self.width_button.setChecked(mode is QPdfView.ZoomMode.FitToWidth)
        self.page_button.setChecked(mode is QPdfView.ZoomMode.FitInView)
        self.zoom.setText(f'{self._factor():.0%}' if self._content else '')

    def _page_turned(self, page: int) -> None:
        self.number.setText(str(page + 1))

    def _number_typed(self) -> None:
        typed = self.number.text().strip()
        if typed.isdecimal():
            self.go(int(typed) - 1)
        self._page_turned(max(0, self.page()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.Resize:
            self._say_zoom()
            if self.view.zoomMode() is QPdfView.ZoomMode.FitInView:
                page = self.page()
                QTimer.singleShot(0, self, lambda: self.go(page))
        return super().eventFilter(watched, event)

    # Taking it away

    def print(self) -> None:
        """Ask for the printer and print in the background."""
        if not printing.printers():
            self.banner.show_message(
                _("There is no printer on this computer."),
                _("Add one in the system's settings, or save the document as PDF and print it elsewhere."),
                'warning',
                _("Save as PDF…"),
                self.save,
            )
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(Path(self._file_name).stem)
        printing.fit_paper(printer, self._document.pagePointSize(0))
        printer.setFromTo(1, self._document.pageCount())
        asked = QPrintDialog(printer, self)
        asked.setOption(QPrintDialog.PrintDialogOption.PrintCurrentPage)
        if asked.exec():
            self.send_to(printer)
        asked.deleteLater()

    def send_to(self, printer: QPrinter) -> None:
        """Print on `printer` as it is set up."""
        content, current = self._content, max(0, self.page())
        self.print_button.setEnabled(False)
        self._tasks.run(
            self, lambda progress: printing.print_pdf(content, printer, current, progress), self._printed,
            self._not_printed, title=_("Printing {name}").format(name=self._file_name),
        )  # fmt: skip

    def _printed(self, sheets: int) -> None:
        self.print_button.setEnabled(True)
        words = ngettext("{count} page was sent to the printer.", "{count} pages were sent to the printer.", sheets)
        self.banner.show_message(words.format(count=sheets), kind='success')

    def _not_printed(self, error: ClaimDeskError) -> None:
        self.print_button.setEnabled(True)
        self.banner.show_error(error, _("Save as PDF…"), self.save)

    def save(self) -> None:
        """Ask where, and write it there whole."""
        folder = self._page.desk.settings.export_folder
        path = dialogs.save_file(self, _("Save as PDF"), self._file_name, _("PDF documents (*.pdf)"), folder)
        if path is not None:
            content = self._content
            self._tasks.run(
                self, lambda _progress: whole_file.write_bytes(path, content), partial(self._was_saved, path),
                self.banner.show_error, latest='save',
            )  # fmt: skip

    def _was_saved(self, path: Path, _nothing: None) -> None:
        self._saved = path
        self.banner.show_message(
            _("Saved as {file}.").format(file=path.name), str(path.parent), 'success', _("Open the folder"),
            partial(open_with_system, path.parent),
        )  # fmt: skip

    def open_elsewhere(self) -> None:
        """Show it in the system's own viewer: the saved file, else a copy that goes when the program ends."""
        content, saved, name = self._content, self._saved, self._file_name

        def copy(_progress: Progress) -> Path:
            if saved is not None and saved.exists():
                return saved
            path = _shown_folder() / name
            whole_file.write_bytes(path, content)
            return path

        self._tasks.run(self, copy, self._open_copy, self.banner.show_error, latest='open')

    def _open_copy(self, path: Path) -> None:
        if not open_with_system(path):
            self.banner.show_error(
                Unavailable(_("No program on this computer opens PDF files."), _("Save it and open it elsewhere."))
            )

    def closeEvent(self, event: QCloseEvent) -> None:
        self._tasks.cancel_all(self)
        super().closeEvent(event)


def open_with_system(path: Path) -> bool:
    """Let the system open a file or a folder; False where it cannot."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


@cache
def _shown_folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix='claimdesk-'))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _gap() -> QWidget:
    gap = separator(upright=True)
    gap.setFixedHeight(20)
    return gap
