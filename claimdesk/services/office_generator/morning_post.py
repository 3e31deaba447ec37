"""Reads the invoices that came in this morning, in this process: their text layers need no engine and no worker."""

from __future__ import annotations

from claimdesk.language import _
from claimdesk.ocr import EngineChoice, FileReading, ReaderPool, read
from claimdesk.ocr.workers import Source
from claimdesk.progress import Progress, quiet
from claimdesk.services.accounts import Accounts
from claimdesk.services.context import OfficeContext
from claimdesk.services.office_generator.folders import Folders
from claimdesk.services.reading import Readings


class AtOnce(ReaderPool):
    """Reads where it stands; for papers that this program has drawn itself, which crash no reader."""

    def read(
        self,
        source: Source,
        *,
        name: str = '',
        engine: EngineChoice | str = EngineChoice.AUTO,
        progress: Progress = quiet,
    ) -> FileReading:
        """One file; see `claimdesk.ocr.read`."""
        return read(source, name=name, engine=engine, progress=progress)


def read_post(office: OfficeContext, folders: Folders, progress: Progress) -> None:
    """Read what waits to be read, so that somebody can check it at once."""
    accounts, readings = Accounts(office), Readings(office, AtOnce)
    for done, (document_id, clerk) in enumerate(folders.to_read):
        progress(done, len(folders.to_read), _("Reading invoices"))
        readings.read(accounts.sign_in_demo(clerk.id), document_id)
