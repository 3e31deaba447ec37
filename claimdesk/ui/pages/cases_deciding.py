"""Approving and closing many cases from the list: one password or one question, and a word on each case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.language import _, ngettext
from claimdesk.progress import Progress
from claimdesk.rules.workflow import Move
from claimdesk.services.cases import RowResult
from claimdesk.ui import dialogs, text
from claimdesk.ui.pages.cases_bulk import MOST_ASSIGNED
from claimdesk.ui.pages.payments_bank import results_dialog
from claimdesk.ui.signing import SignDialog

if TYPE_CHECKING:
    from claimdesk.ui.pages.cases import CasesPage

MOST = 200
"""More cases than that are not decided on with one password."""


class DecidingMany(QObject):
    """Works on a `CasesPage`."""

    def __init__(self, page: CasesPage) -> None:
        super().__init__(page)
        self._page = page
        page.bulk.approve_wanted.connect(self.approve)
        page.bulk.close_wanted.connect(self.close)

    def approve(self) -> None:
        """Approve the selected cases; each is signed for itself."""
        ids = self._page.table.selected_ids(MOST_ASSIGNED)
        if not ids or self._too_many(ids):
            return
        sign_off, actor = self._page.desk.sign_off, self._page.desk.signed_in

        def work(password: str, progress: Progress) -> list[RowResult]:
            return sign_off.approve_many(actor, ids, password, progress)

        count = ngettext("Approve {n} case?", "Approve {n} cases?", len(ids)).format(n=text.number(len(ids)))
        dialog = SignDialog(
            self._page, self._page.shell, self._page.desk, count,
            _("Each calculation is signed for itself. What is not waiting for approval, beyond your authority, or work"
              " of your own is left as it is, with the reason."),
            _("Sign and approve"), work,
        )  # fmt: skip
        if dialog.run():
            found = dialog.result_of_work
            self._told(_("Approved and signed"), found if isinstance(found, list) else [])

    def close(self) -> None:
        """Close the selected cases; the close gate holds each one back that has something open."""
        ids = self._page.table.selected_ids(MOST_ASSIGNED)
        if not ids or self._too_many(ids):
            return
        count = ngettext("Close {n} case?", "Close {n} cases?", len(ids)).format(n=text.number(len(ids)))
        sentence = _("What is not paid or still has something open stays as it is, with the reason.")
        if not dialogs.ask(self._page, count, sentence, _("Close and archive")):
            return
        workflow, actor = self._page.desk.workflow, self._page.desk.signed_in
        self._page.run(
            lambda progress: workflow.make_many(actor, ids, Move.CLOSE, progress=progress),
            lambda results: self._told(_("Closed and archived"), results),
            title=_("Closing cases"),
        )

    def _too_many(self, ids: Sequence[int]) -> bool:
        if len(ids) > MOST:
            words = _("At most {n} cases are decided on at once: narrow the list.").format(n=text.number(MOST))
            self._page.banner.show_message(words, '', 'notice')
        return len(ids) > MOST

    def _told(self, title: str, results: Sequence[RowResult]) -> None:
        self._page.refresh_rows({result.case_id for result in results})
        self._page.shell.refresh.emit()
        done = sum(not result.sentence for result in results)
        words = ngettext("{n} case is done.", "{n} cases are done.", done).format(n=text.number(done))
        if done == len(results):
            self._page.shell.toast(f'{title}: {words}')
        else:
            results_dialog(self._page, title, words, results).run()
