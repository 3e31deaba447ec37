"""What happens to paper while nobody looks: the watched folder, the reading of what waits, the count on the rail."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from claimdesk.errors import ClaimDeskError, Unavailable
from claimdesk.language import _, ngettext
from claimdesk.paths import data_folder
from claimdesk.progress import Progress
from claimdesk.rules.permissions import Permission
from claimdesk.ui.reading_queue import ReadingQueue

if TYPE_CHECKING:
    from claimdesk.app import Desk
    from claimdesk.scanning import Arrival, FolderWatch
    from claimdesk.ui.page import Shell

POLL_MS = 3000
AT_ONCE_MS = 30
"""Between two looks while many files wait: each takes a few, and the desk stays alive between them."""
TAKEN_FILE = 'watched-folder.json'
PAPER = frozenset({'document', 'document_page', 'reading'})
"""The tables whose changes concern the inbox."""


@dataclass(frozen=True, slots=True)
class Came:
    """What one look into the folder brought: ids of new documents, and a sentence for each file that stayed there.

    `known` files were in the office already; with `more`, others wait for the next look.
    """

    document_ids: tuple[int, ...]
    problems: tuple[str, ...]
    known: int = 0
    more: bool = False


class Mailroom(QObject):
    """One per signed-in desk. `arrived` with the ids of documents that came by themselves."""

    arrived = Signal(object)

    def __init__(self, desk: Desk, shell: Shell, parent: QObject | None = None) -> None:
        super().__init__(parent or shell)
        self._desk = desk
        self._shell = shell
        self.queue = ReadingQueue(desk, shell.tasks, self)
        self._watch: FolderWatch | None = None
        self._watched: tuple[str, str] = ('', '')
        self._arrived_so_far = 0
        self._known_so_far = 0
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
        desk, settings = self._desk, self._desk.settings
        wanted = (settings.watch_folder.strip(), settings.watch_after)
        if not wanted[0] or not desk.signed_in.may(Permission.ATTACH_DOCUMENTS):
            self._watch, self._watched, self._lost = None, ('', ''), False
            self._timer.start(POLL_MS)
            return
        if wanted != self._watched:
            self._watch, self._watched, self._lost = watched(desk), wanted, False
        watch = self._watch
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
        self._arrived_so_far += len(came.document_ids)
        self._known_so_far += came.known
        if came.document_ids:
            self.count()
            self.read(list(came.document_ids))
            self.arrived.emit(came.document_ids)
        if not came.more:
            self._tell_of_arrivals()
        self._timer.start(AT_ONCE_MS if came.more else POLL_MS)

    def _tell_of_arrivals(self) -> None:
        """Say once what many looks brought."""
        count, known = self._arrived_so_far, self._known_so_far
        self._arrived_so_far = self._known_so_far = 0
        said = []
        if count:
            words = ngettext(
                "A document has arrived from the watched folder.",
                "{n} documents have arrived from the watched folder.", count,
            )  # fmt: skip
            said.append(words.format(n=count))
        if known:
            words = ngettext(
                "A file from the watched folder is in the office already and was not taken in again.",
                "{n} files from the watched folder are in the office already and were not taken in again.", known,
            )  # fmt: skip
            said.append(words.format(n=known))
        if said:
            self._shell.toast(' '.join(said))

    def _no_folder(self, error: ClaimDeskError) -> None:
        if not self._lost:
            self._lost = True
            self._shell.toast(str(error))
        self._timer.start(POLL_MS)


def watched(desk: Desk) -> FolderWatch | None:
    """The folder that the settings name, looked into from now on; None where there is none."""
    from claimdesk.scanning import FolderWatch, TakenFiles

    settings = desk.settings
    folder = settings.watch_folder.strip()
    if not folder:
        return None
    taken = TakenFiles.of(data_folder() / TAKEN_FILE, Path(folder)) if settings.watch_after == 'leave' else None
    return FolderWatch(Path(folder), taken)


def take_from(desk: Desk, watch: FolderWatch, progress: Progress) -> Came:
    """Take some of what has arrived in the folder into the inbox. Raises `Unavailable` when the folder is gone.

    The same file is never added twice, also after a crash between keeping it and moving it away: its request key is
    made of its name, its content and its time. A file that a document holds already, as copiers send it again, adds
    none. When the office cannot keep a file just now, it comes again at a later look.
    """
    added: list[int] = []
    problems: list[str] = []
    known = 0
    for arrival in watch.poll():
        try:
            came = _take_one(desk, arrival, problems, progress)
        except Unavailable as error:
            watch.put_back(arrival)
            problems.append(str(error))
            continue
        if came is None:
            known += 1
        added += came or []
        if came or came is None:
            with _noting(problems):
                watch.done(arrival)
    with _noting(problems):
        watch.settle()
    return Came(tuple(added), (*problems, *watch.complaints()), known, watch.more)


def _take_one(desk: Desk, arrival: Arrival, problems: list[str], progress: Progress) -> list[int] | None:
    """The ids of the documents that the file gives; None where the office has this very file. Raises `Unavailable`."""
    from claimdesk.scanning.archive import Paper, unpacked
    from claimdesk.services.documents import NewFile

    documents, actor = desk.documents, desk.signed_in
    if documents.has_file(actor, arrival.content):
        return None
    key, added = _key(arrival.path, arrival.content), list[int]()
    try:
        for number, one in enumerate(unpacked(arrival.path.name, arrival.content, progress)):
            if isinstance(one, Paper):
                file = NewFile(one.name, one.content, 'folder')
                added += [view.id for view in documents.add(actor, [file], None, f'{key}-{number}', progress)]
            elif one.reason:
                problems.append(one.reason)
    except Unavailable:
        raise
    except ClaimDeskError as error:
        problems.append(str(error))
    return added


@contextmanager
def _noting(problems: list[str]) -> Iterator[None]:
    """What goes wrong here is told, and keeps nothing else from going on."""
    try:
        yield
    except ClaimDeskError as error:
        problems.append(str(error))


def _key(path: Path, content: bytes) -> str:
    mark = hashlib.sha256(content)
    mark.update(path.name.encode('utf-8', 'surrogateescape'))
    try:
        mark.update(str(path.stat().st_mtime_ns).encode())
    except OSError:
        mark.update(b'gone')
    return f'f{mark.hexdigest()[:25]}'
