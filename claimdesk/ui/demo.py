"""The main job without a screen: a throw-away office, an invoice, a case to its end, and what comes of it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from claimdesk import language, whole_file
from claimdesk.app import Desk, create_demo_office
from claimdesk.errors import ClaimDeskError, Unavailable, Unreadable
from claimdesk.language import _
from claimdesk.paths import data_kept_in
from claimdesk.progress import Progress
from claimdesk.settings import Settings
from claimdesk.ui.demo_walk import Walk
from claimdesk.vocabulary import INVOICE_KINDS, DocumentKind, LossKind, Role

SIZE = (1440, 900)
PATIENCE = 180.0
FILES = ('summary.pdf', 'report.xlsx', 'report.pdf', 'reading.json', 'desk.png', 'case.png', 'verify.png')


def run_demo(out: Path, invoice: Path | None) -> int:
    """Leave the results in `out`, all of them or none; returns the exit code.

    Raises `ClaimDeskError` with one sentence for an invoice that cannot be read or a folder that cannot be written.
    """
    os.environ.setdefault('QT_QPA_PLATFORM', 'offscreen')
    with tempfile.TemporaryDirectory(prefix='claimdesk-demo-', ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        with data_kept_in(work / 'data'):
            results = _Demo(work, _paper(work, invoice)).run()
        _say(_("Writing the results"))
        for name in FILES:
            whole_file.write_bytes(out / name, results[name])
    _say(_("Done: {folder}").format(folder=out))
    return 0


def _paper(work: Path, invoice: Path | None) -> Path:
    if invoice is not None:
        if not invoice.is_file():
            raise Unreadable(_("There is no file {name}.").format(name=invoice), _("Check its name."))
        return invoice
    from claimdesk.services.office_generator.invoicing import demo_invoice

    made = work / 'invoice.pdf'
    made.write_bytes(demo_invoice())
    return made


class _Demo:
    """One run: the desk opened in `work`, with `paper` as its post of the day."""

    def __init__(self, work: Path, paper: Path) -> None:
        self._work, self._paper = work, paper
        self._results: dict[str, bytes] = {}

    def run(self) -> dict[str, bytes]:
        """Do the job; the files by name."""
        _say(_("Reading {name}").format(name=self._paper.name))
        fields = self._read()
        _say(_("Making the demo office"))
        database = self._work / 'office.db'
        desk = create_demo_office(Settings(database_url=f'sqlite:///{database}', language=_code()), _counting())
        try:
            self._carry_on(desk, fields)
        finally:
            desk.close()
        return self._results

    def _read(self) -> dict[str, str]:
        from claimdesk.services.reading import read_files

        reading = next(iter(read_files([self._paper])))
        if reading['error']:
            raise Unreadable(str(reading['error']))
        pages = [page for page in reading['pages'] if page['kind'] in INVOICE_KINDS]
        if not pages:
            raise Unreadable(
                _("{name} was read, but no invoice was recognised on it.").format(name=self._paper.name),
                _("Give it a VAT invoice or a digital invoice, as PDF or as a picture."),
            )
        self._results['reading.json'] = (json.dumps(reading, ensure_ascii=False, indent=1) + '\n').encode()
        return {name: field['value'] for name, field in pages[0]['fields'].items()}

    def _carry_on(self, desk: Desk, fields: dict[str, str]) -> None:
        walk = Walk(desk)
        _say(_("Taking the report"))
        walk.register(fields)
        walk.survey()
        screens = _Screens(desk, walk.person(Role.MANAGER))
        try:
            _say(_("Checking the invoice into case {number}").format(number=walk.number))
            self._results['verify.png'] = screens.check_in(self._paper, walk.case_id)
            self._results['desk.png'] = screens.picture_of('cases')
            self._results['case.png'] = screens.picture_of_case(walk.case_id)
        finally:
            screens.close()
        for words, step in (
            (_("Settling the loss"), walk.assess),
            (_("Calculating"), walk.adjust),
            (_("Approving"), walk.approve),
            (_("Paying"), walk.pay),
            (_("Closing the case"), walk.close),
        ):
            _say(words)
            step()
        self._print(desk, walk)

    def _print(self, desk: Desk, walk: Walk) -> None:
        actor = walk.person(Role.MANAGER)
        _say(_("Printing the claim summary"))
        self._results['summary.pdf'] = desk.summaries.pdf(actor, walk.case_id)
        _say(_("Making the monthly report"))
        month = desk.context.today().replace(day=1)
        for path in desk.reporting.write_monthly(actor, month, ('xlsx', 'pdf'), self._work / 'report', _counting()):
            self._results[f'report{path.suffix}'] = path.read_bytes()


class _Screens:
    """The desk's own window, drawn where nobody sees it."""

    def __init__(self, desk: Desk, actor: Any) -> None:
        from PySide6.QtCore import QSettings, qInstallMessageHandler

        from claimdesk.ui import theme
        from claimdesk.ui.faults import log_qt
        from claimdesk.ui.page import Shell
        from claimdesk.ui.start import make_application, roles_in_words, use_language
        from claimdesk.ui.tasks import Tasks
        from claimdesk.ui.window import Window

        # What the user's own windows remember stays as it is.
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        folder = desk.context.database.path
        if folder is not None:
            QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(folder.parent))
        qInstallMessageHandler(log_qt)
        self._application = make_application()
        use_language(self._application, _code())
        theme.apply(self._application, 'light')
        theme.ensure_chinese_font()
        self._desk = desk
        desk.actor = actor
        self._tasks = Tasks()
        self._tasks.fault = _raise
        self._window = Window(Shell(self._tasks))
        self._window.resize(*SIZE)
        self._window.show()
        office = desk.office.view()
        self._window.status.set_office(office.name, office.server)
        self._window.enter(desk, roles_in_words(actor))

    def check_in(self, paper: Path, case_id: int) -> bytes:
        """Take `paper` into the case, look at it on the bench, confirm it there; the picture of the bench."""
        from claimdesk.services.documents import NewFile

        desk, actor = self._desk, self._desk.signed_in
        file = NewFile(paper.name, paper.read_bytes(), 'drop')
        (document,) = desk.documents.add(actor, [file], case_id, 'demo-paper')
        self._window.go('inbox', {'document_id': document.id})
        page: Any = self._window.front()
        bench = page.bench
        self._until(lambda: bench.sheet is not None and bench.sheet.reading is not None)
        self._settle()
        picture = self._picture()
        form = bench.form
        for name in list(form.open_fields()):
            bench.confirm_field(name)
        form.filing.loss.set_value(LossKind.PARTS)
        done: list[Any] = []
        bench.finished.connect(done.append)
        bench.confirm()
        self._settle()
        if not done:
            self._confirm_as_read(document.id, case_id, DocumentKind(form.chosen_kind()), form.values())
        return picture

    def _confirm_as_read(self, document_id: int, case_id: int, kind: DocumentKind, values: dict[str, str]) -> None:
        """What the bench leaves to a person is kept as it was read; the service says what cannot be kept at all."""
        desk, actor = self._desk, self._desk.signed_in
        version = desk.documents.get(actor, document_id).version
        desk.invoices.confirm(actor, document_id, version, case_id, kind, values, loss_kind=LossKind.PARTS)

    def picture_of(self, page: str) -> bytes:
        """The window with a page of the rail in front."""
        self._window.go(page)
        self._settle()
        return self._picture()

    def picture_of_case(self, case_id: int) -> bytes:
        """The window with a case in front."""
        self._window.open_case(case_id)
        self._settle()
        return self._picture()

    def close(self) -> None:
        """Throw the window away and end its threads."""
        self._window.leave()
        self._tasks.close()
        self._window.deleteLater()
        self._application.processEvents()

    def _settle(self) -> None:
        """Let everything arrive that is on its way, twice: what arrives may ask for more."""
        for _round in range(3):
            self._tasks.wait(PATIENCE)
            self._turn(0.15)

    def _turn(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._application.processEvents()
            time.sleep(0.005)

    def _until(self, condition: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise Unavailable(_("The document was not read in time."), _("Try again on a computer less busy."))
            self._turn(0.02)

    def _picture(self) -> bytes:
        from PySide6.QtCore import QBuffer, QByteArray, QIODevice

        self._window.toast.hide()
        content = QByteArray()
        buffer = QBuffer(content)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._window.grab().save(buffer, 'PNG')
        buffer.close()
        return bytes(content.data())


def _raise(error: BaseException) -> ClaimDeskError:
    raise error


def _code() -> Any:
    return language.current()


def _counting() -> Progress:
    def tell(done: int, total: int, sentence: str = '') -> None:
        if sys.stderr.isatty() and total:
            sys.stderr.write(f'\r  {100 * done // total:3d} % {sentence}\x1b[K')
            sys.stderr.write('\r\x1b[K' if done >= total else '')
            sys.stderr.flush()

    return tell


def _say(words: str) -> None:
    sys.stderr.write(f'{words}\n')
    sys.stderr.flush()
