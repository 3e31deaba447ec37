"""Whether an installation can do its work: an office, a paper read, papers put together, a printed page, a workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from claimdesk import language
from claimdesk.app import connect
from claimdesk.errors import Unavailable
from claimdesk.language import LANGUAGES, _
from claimdesk.reports.book import Book, Mark
from claimdesk.services.context import command_line_actor
from claimdesk.services.office_generator.invoicing import demo_invoice
from claimdesk.services.reading import read_files
from claimdesk.settings import Settings


def run() -> Iterator[str]:
    """Do each part of the work once, in a folder that is thrown away; a sentence for each part that went well.

    Raises the error of the part that did not.
    """
    yield _speak_every_language()
    with tempfile.TemporaryDirectory(prefix='claimdesk-', ignore_cleanup_errors=True) as folder:
        yield from _work(Path(folder))


def _speak_every_language() -> str:
    spoken = language.current()
    for code in LANGUAGES:
        language.use(code)
    language.use(spoken)
    return _("Languages: {names}.").format(names=', '.join(LANGUAGES.values()))


def _work(folder: Path) -> Iterator[str]:
    desk = connect(Settings(database_url=f'sqlite:///{folder / "office.db"}'))
    try:
        desk.office.found('ClaimDesk', 'ClaimDesk', 'self.test', 'a password that nobody needs')
        yield _("An office was founded in a new database.")
        sample = folder / 'invoice.pdf'
        sample.write_bytes(demo_invoice())
        yield _read(sample)
        yield _written(_put_together(sample, folder / 'pages'))
        actor = command_line_actor(desk.office.view().id)
        month = desk.context.today().replace(day=1)
        for path in desk.reporting.write_monthly(actor, month, ('xlsx', 'pdf'), folder):
            yield _written(path)
    finally:
        desk.close()


def _written(path: Path) -> str:
    return _("{name} was written ({size} bytes).").format(name=path.name, size=path.stat().st_size)


def _put_together(sample: Path, folder: Path) -> Path:
    """The sample behind itself, as the papers of a case are put together."""
    folder.mkdir()
    path, content, book = folder / 'file.pdf', sample.read_bytes(), Book(folder)
    try:
        book.add_pdf('sample', content, 0, 0)
        with path.open('wb') as out:
            book.finish(out, sample.name, content, [Mark(sample.name, 0)])
    finally:
        book.close()
    return path


def _read(sample: Path) -> str:
    result = next(iter(read_files([sample])))
    if result['error']:
        raise Unavailable(_("The sample invoice could not be read: {reason}").format(reason=result['error']))
    fields = result['pages'][0]['fields']
    if not fields.get('total', {}).get('value'):
        raise Unavailable(_("The sample invoice was read without its total."))
    return _("An invoice over {total} yuan was read from {name}.").format(
        total=fields['total']['value'], name=sample.name
    )
