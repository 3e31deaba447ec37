"""The main job without a screen: a throw-away office, an invoice, a case to its end, and what comes of it."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from claimdesk import whole_file
from claimdesk.app import Desk, create_demo_office
from claimdesk.errors import Unreadable
from claimdesk.language import _
from claimdesk.paths import data_kept_in
from claimdesk.progress import Progress
from claimdesk.settings import Settings
from claimdesk.ui.demo_walk import Walk
from claimdesk.ui.headless import UnseenWindow, without_screen
from claimdesk.vocabulary import INVOICE_KINDS, LossKind, Role

FILES = ('summary.pdf', 'report.xlsx', 'report.pdf', 'reading.json', 'desk.png', 'case.png', 'verify.png')


def run_demo(out: Path, invoice: Path | None) -> int:
    """Leave the results in `out`, all of them or none; returns the exit code.

    Raises `ClaimDeskError` with one sentence for an invoice that cannot be read or a folder that cannot be written.
    """
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
        desk = create_demo_office(Settings(database_url=f'sqlite:///{database}'), _counting())
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
        without_screen(self._work)
        window = UnseenWindow(desk, walk.person(Role.MANAGER))
        try:
            _say(_("Checking the invoice into case {number}").format(number=walk.number))
            self._results['verify.png'] = _check_in(window, desk, self._paper, walk.case_id)
            window.go('cases')
            self._results['desk.png'] = window.picture()
            window.open_case(walk.case_id)
            self._results['case.png'] = window.picture()
        finally:
            window.close()
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


def _check_in(window: UnseenWindow, desk: Desk, paper: Path, case_id: int) -> bytes:
    """Take `paper` into the case, look at it on the bench, confirm it there; the picture of the bench."""
    from claimdesk.services.documents import NewFile

    actor = desk.signed_in
    file = NewFile(paper.name, paper.read_bytes(), 'drop')
    (document,) = desk.documents.add(actor, [file], case_id, 'demo-paper')
    page: Any = window.go('inbox', {'document_id': document.id})
    bench, form = page.bench, page.bench.form
    window.until(lambda: bench.sheet is not None and bench.sheet.reading is not None)
    picture = window.picture()
    for name in list(form.open_fields()):
        bench.confirm_field(name)
    form.filing.loss.set_value(LossKind.PARTS)
    done: list[Any] = []
    bench.finished.connect(done.append)
    bench.confirm()
    window.settle()
    if not done:
        # What the bench leaves to a person is kept as it was read; the service says what cannot be kept at all.
        version = desk.documents.get(actor, document.id).version
        desk.invoices.confirm(
            actor, document.id, version, case_id, form.chosen_kind(), form.values(), loss_kind=LossKind.PARTS
        )
    return picture


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
