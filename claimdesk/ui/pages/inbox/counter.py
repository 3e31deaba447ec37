"""The counter where paper is handed in: scanned, opened, pasted, dropped, or put into a watched folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from claimdesk.errors import ClaimDeskError
from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.services.documents import NewFile
from claimdesk.ui import dialogs, text
from claimdesk.ui.pages.inbox import taking_in
from claimdesk.ui.pages.inbox.kept_scans import KeptScan, KeptScans, LeftScan
from claimdesk.ui.pages.inbox.taking_in import Found, Taken

if TYPE_CHECKING:
    from claimdesk.ui.page import Page


class Counter(QObject):
    """Takes paper in for a page; `taken` is called with what came of it, `case_id` says into which case."""

    def __init__(self, page: Page, case_id: Callable[[], int | None], taken: Callable[[Taken], object]) -> None:
        super().__init__(page)
        self._page = page
        self._case_id = case_id
        self._taken = taken

    def scan(self) -> None:
        """Show the scan dialog and take in what was scanned."""
        self._scan(self._scans().new(), self._case_id())

    def offer_left(self) -> None:
        """Offer the pages that a desk of this person left behind when it died; asked for in the background."""
        scans = self._scans()
        self._page.run(lambda _progress: scans.left(), self._offer, lambda _error: None, latest='left')

    def _offer(self, left: list[LeftScan]) -> None:
        if not left:
            return
        first = left[0]
        said = ngettext(
            "{n} page of the scan of {time} was not taken in.", "{n} pages of the scan of {time} were not taken in.",
            first.count,
        )  # fmt: skip
        self._page.banner.show_message(
            said.format(n=first.count, time=text.moment(first.begun)),
            _("They were kept on this computer when the program ended. Close this line to be asked later."),
            'notice', _("Take in or throw away…"), lambda: self._take_up(first),
        )  # fmt: skip

    def _take_up(self, left: LeftScan) -> None:
        self._page.banner.clear()
        kept = self._scans().take_up(left)
        self._page.run(
            lambda _progress: kept.open(), lambda pages: self._scan(kept, left.case_id, pages) if pages else None
        )

    def _scan(
        self, kept: KeptScan, case_id: int | None, pages: Sequence[tuple[str, bytes]] | None = None
    ) -> None:
        from claimdesk.ui.pages.inbox.scan_dialog import ScanDialog

        dialog = ScanDialog(self._page, kept, case_id, self._page.window())
        if pages:
            dialog.show_kept(pages)
        if dialog.run() and dialog.scanned:
            self._take_scanned(kept, dialog.scanned, case_id, as_one=dialog.as_one)
        else:
            kept.forget()
        dialog.deleteLater()

    def _take_scanned(self, kept: KeptScan, pictures: list[bytes], case_id: int | None, *, as_one: bool) -> None:
        desk = self._page.desk

        def work(progress: Progress) -> Taken:
            files = taking_in.scanned_files(pictures, as_one=as_one)
            taken = taking_in.take_in(desk, files, case_id, 'scan', kept.key, progress)
            kept.forget() if not taken.problems else kept.release()
            return taken

        def failed(error: ClaimDeskError) -> None:
            kept.release()
            self._page.banner.show_error(error, _("Try again"), self.offer_left)

        self._page.run(work, lambda taken: self._done(taken, ''), failed, title=_("Taking in"))

    def _scans(self) -> KeptScans:
        return KeptScans(self._page.desk)

    def open_files(self) -> None:
        """Choose files and take them in."""
        kinds = _("Documents ({kinds})").format(kinds=taking_in.FILTER)
        paths = dialogs.open_files(self._page, _("Take in documents"), kinds)
        if paths:
            self.take(paths, 'open')

    def paste(self) -> None:
        """Take in what was copied: files or a picture."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None or not self.take_data(data, 'paste'):
            self._page.banner.show_message(
                _("There is no picture or file on the clipboard."),
                _("Copy a picture, or files in the file manager, then paste again."),
            )

    def take_data(self, data: QMimeData, origin: str) -> bool:
        """Take in what was dragged or copied; False if it is no paper."""
        paths = taking_in.files_of(data)
        picture = None if paths else taking_in.picture_of(data)
        if paths:
            self.take(paths, origin)
        elif picture is not None:
            self._add(lambda: [picture], origin)
        return bool(paths) or picture is not None

    def take(self, paths: Sequence[Path], origin: str) -> None:
        """Take in files and whole folders; asks once where they are very many."""
        given = tuple(paths)
        self._page.run(
            lambda progress: taking_in.find_files(given, progress), lambda found: self._found(found, origin),
            title=_("Looking for documents"),
        )  # fmt: skip

    def choose_folder(self) -> None:
        """Choose the folder that is watched."""
        settings = self._page.desk.settings
        folder = dialogs.choose_folder(self._page, _("Watch a folder"), settings.watch_folder)
        if folder is None:
            return
        self._page.run(
            lambda _progress: settings.change(watch_folder=str(folder)),
            lambda _done: self._page.shell.toast(_("{folder} is watched from now on.").format(folder=folder)),
        )

    def _found(self, found: Found, origin: str) -> None:
        left_out = taking_in.left_out_words(found.left_out)
        if found.too_many:
            said = _("Only the first {n} files are taken in; the others stay where they are.")
            left_out = ' '.join([said.format(n=taking_in.MOST), left_out]).strip()
        if not found.paths:
            kinds = _("Use PDF, OFD, JPEG, PNG, TIFF, HEIC, BMP or WebP.")
            self._page.banner.show_message(left_out or _("There is nothing to take in."), kinds, 'warning')
            return
        count = len(found.paths)
        if count > taking_in.MANY and not dialogs.ask(
            self._page,
            _("Take in {n} files?").format(n=count),
            _("Reading them all takes a while; it goes on in the background."),
            _("Take them in"),
        ):
            return
        self._add(lambda: found.paths, origin, left_out)

    def _add(self, files: Callable[[], Sequence[Path | NewFile]], origin: str, left_out: str = '') -> None:
        desk, case_id, key = self._page.desk, self._case_id(), taking_in.new_key()

        def work(progress: Progress) -> Taken:
            return taking_in.take_in(desk, files(), case_id, origin, key, progress)

        self._page.run(work, lambda taken: self._done(taken, left_out), title=_("Taking in"))

    def _done(self, taken: Taken, left_out: str) -> None:
        problems = [*taken.problems, *([left_out] if left_out else [])]
        if problems:
            more = len(problems) - 3
            rest = ngettext("and {n} more", "and {n} more", more).format(n=more)
            advice = '\n'.join([*problems[1:3], *([rest] if more > 0 else [])])
            self._page.banner.show_message(problems[0], advice, 'warning')
        count = len(taken.documents)
        if count:
            said = ngettext("{n} document is taken in.", "{n} documents are taken in.", count).format(n=count)
            if taken.unreadable:
                said += ' ' + ngettext(
                    "One of them cannot be opened.", "{n} of them cannot be opened.", taken.unreadable
                ).format(n=taken.unreadable)
            self._page.shell.toast(said)
        self._taken(taken)
