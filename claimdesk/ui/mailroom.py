"""What happens to paper while nobody looks: the watched folder, the reading of what waits, the count on the rail."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.rules.permissions import Permission
from claimdesk.ui.reading_queue import ReadingQueue

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.scanning import FolderWatch
    from claimdesk.ui.page import Shell

POLL_MS = 3000
PAPER = frozenset({'document', 'document_page', 'reading'})
"""The tables whose changes concern the inbox."""


@dataclass(frozen=True, slots=True)
class Came:
    """What one look into the folder brought: ids of new documents, and a sentence for each file that stayed there."""

    document_ids: tuple[int, ...]
    problems: tuple[str, ...]


class Mailroom(QObject):
    """One per signed-in desk. `arrived` with the ids of documents that came by themselves."""

    arrived = Signal(object)

    def __init__(self, desk: Desk, shell: Shell, parent: QObject | None = None) -> None:
        super().__init__(parent or shell)
        self._desk = desk
        self._shell = shell
        self.queue = ReadingQueue(desk, shell.tasks, self)
        self._watch: FolderWatch | None = None
        self._folder = ''
        self._lost = False
        self._warmed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look)

    def serves(self, desk: Desk) -> bool:
        """Whether it belongs to this desk."""
        return self._desk is desk

    def start(self) -> None:
        """Count what waits, and watch the folder from now on."""
        self.count()
        self.look()

    def stop(self) -> None:
        """Watch and read nothing more."""
        self._timer.stop()
        self.queue.stop()
        self._shell.tasks.cancel_all(self)
        self._shell.tasks.cancel_all(self.queue)

    def changed(self, kinds: set[str], _case_ids: set[int]) -> None:
        """Rows changed on some desk."""
        if kinds & PAPER:
            self.count()

    def count(self) -> None:
        """Show on the rail how many documents wait in the inbox."""
        desk, shell = self._desk, self._shell
        if desk.signed_in.may(Permission.ATTACH_DOCUMENTS):
            shell.tasks.run(
                self,
                lambda _progress: desk.documents.waiting(desk.signed_in),
                lambda waiting: shell.badge.emit('inbox', waiting),
                lambda _error: None,
                latest='count',
            )

    def warm(self) -> None:
        """Load the reading engine, once, in the background."""
        if not self._warmed:
            self._warmed = True
            self.queue.warm()

    def read(self, document_ids: list[int], *, first: bool = False, engine: str = 'auto') -> None:
        """Have these documents read."""
        if document_ids:
            self._warmed = True
            self.queue.add(document_ids, engine, first=first)

    def look(self) -> None:
        """Look once into the watched folder."""
        wanted = self._desk.settings.watch_folder.strip()
        if not wanted or not self._desk.signed_in.may(Permission.ATTACH_DOCUMENTS):
            self._watch, self._folder, self._lost = None, '', False
            self._timer.start(POLL_MS)
            return
        if wanted != self._folder:
            from claimdesk.scanning import FolderWatch

            self._watch, self._folder, self._lost = FolderWatch(Path(wanted)), wanted, False
        watch, desk = self._watch, self._desk
        if watch is not None:
            self._shell.tasks.run(
                self, lambda progress: take_from(desk, watch, progress), self._came, self._no_folder, latest='folder'
            )

    def _came(self, came: Came) -> None:
        if self._lost:
            self._lost = False
            self._shell.toast(_("The watched folder is there again."))
        for problem in came.problems[:1]:
            self._shell.toast(problem)
        if came.document_ids:
            count = len(came.document_ids)
            self._shell.toast(
                ngettext(
                    "A document has arrived from the watched folder.",
                    "{n} documents have arrived from the watched folder.",
                    count,
                ).format(n=count)
            )
            self.count()
            self.read(list(came.document_ids))
            self.arrived.emit(came.document_ids)
        self._timer.start(POLL_MS)

    def _no_folder(self, error: ClaimDeskError) -> None:
        if not self._lost:
            self._lost = True
            self._shell.toast(str(error))
        self._timer.start(POLL_MS)


def take_from(desk: Desk, watch: FolderWatch, progress: Progress) -> Came:
    """Take what has arrived in the folder into the inbox. Raises `Unavailable` when the folder is gone.

    The same file is never added twice, also after a crash between keeping it and moving it away: its request key is
    made of its name, its content and its time.
    """
    from claimdesk.services.documents import NewFile

    added: list[int] = []
    problems: list[str] = []
    for arrival in watch.poll():
        try:
            key = _key(arrival.path, arrival.content)
            file = NewFile(arrival.path.name, arrival.content, 'folder')
            added += [view.id for view in desk.documents.add(desk.signed_in, [file], None, key, progress)]
            watch.done(arrival)
        except ClaimDeskError as error:
            problems.append(str(error))
    return Came(tuple(added), tuple(problems))


def _key(path: Path, content: bytes) -> str:
    mark = hashlib.sha256(content)
    mark.update(path.name.encode('utf-8', 'surrogateescape'))
    try:
        mark.update(str(path.stat().st_mtime_ns).encode())
    except OSError:
        mark.update(b'gone')
    return f'f{mark.hexdigest()[:31]}'
