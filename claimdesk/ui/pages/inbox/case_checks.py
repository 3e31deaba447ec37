"""Compares the paper on the bench with the case it belongs to, as soon as one is chosen, and with every change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from claimdesk.language import _
from claimdesk.rules.paper_checks import LINES
from claimdesk.rules.permissions import Permission
from claimdesk.ui.pages.findings import ask_why
from claimdesk.ui.pages.inbox.canvas import Spot
from claimdesk.vocabulary import Stage

if TYPE_CHECKING:
    from claimdesk.services.paper_checks import FindingView, SeenView
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.bench import Bench
    from claimdesk.ui.pages.inbox.sheet import Sheet

SURE_LINES = 0.95
LIT = 'finding'
"""What the place of a finding is called among the marked places of the page."""


class CaseChecks(QObject):
    """Fills the list of findings under the fields. `want` names one to go to once it is there."""

    def __init__(self, page: Page, bench: Bench) -> None:
        super().__init__(bench)
        self._page, self._bench = page, bench
        self._shown = (0, 0)
        self._wanted: tuple[int, str] = (0, '')
        self.list = bench.form.findings
        self.list.show_wanted.connect(self.show)
        self.list.look_wanted.connect(self.look_at)
        self.list.back_wanted.connect(self.open_again)

    def want(self, document_id: int, mark: str) -> None:
        """Go to the finding of that mark as soon as its document is on the bench; '' for none."""
        self._wanted = (document_id, mark) if mark else (0, '')

    def look(self, sheet: Sheet | None) -> None:
        """Compare, in the background."""
        form, desk = self._bench.form, self._page.desk
        place = form.filing.place
        if sheet is None or place is None or not form.rows:
            self._shown = (0, 0)
            self._say([])
            return
        document, kind, values = sheet.document, form.chosen_kind(), form.values()
        lines = form.items.lines()
        unsure = [] if sheet.confirmed else form.open_fields()
        if not sheet.confirmed and sheet.reading is not None and sheet.reading.items_confidence < SURE_LINES:
            unsure.append(LINES)
        items = [line.get('name', '') for line in lines]
        if self._shown != (document.id, place.case_id):
            self._say([])
        self._shown = shown = (document.id, place.case_id)
        self._page.run(
            lambda _progress: desk.paper_checks.of_paper(
                desk.signed_in, document.id, place.case_id, kind, values, items, unsure
            ),
            lambda found: self._came(shown, found), lambda _error: self._came(shown, []), latest='case checks',
        )  # fmt: skip

    def next_open(self) -> None:
        """F4: go to the next finding that nobody has looked at, and show its place."""
        finding = self.list.next_open()
        if finding is None:
            self._bench.form.notice.show_message(_("Nothing on this paper contradicts the case."), '', 'success')
        else:
            self._bench.form.reveal(self.list)
            self._light(finding)

    def show(self, finding: FindingView) -> None:
        """Show where on the page a finding stands, with the focus in its field."""
        form = self._bench.form
        if finding.place in form.rows:
            form.go_to(finding.place)
            return
        part, _dot, number = finding.place.partition('.')
        if part == LINES and int(number or 0) < form.items.rowCount():
            form.items.setCurrentCell(int(number or 0), 0)
            form.reveal(form.items)
        self._light(finding)

    def look_at(self, finding: FindingView) -> None:
        """Ask why a finding is all right, and keep the answer."""
        reason = ask_why(self._page, finding)
        if reason is None:
            return
        desk = self._page.desk

        def done(seen: SeenView) -> None:
            self._page.shell.toast(_("Looked at: {subject}.").format(subject=finding.subject), lambda: self._take(seen))
            self.look(self._bench.sheet)

        self._page.run(
            lambda _progress: desk.paper_checks.look_at(desk.signed_in, finding, reason), done,
            self._bench.form.notice.show_error,
        )  # fmt: skip

    def open_again(self, finding: FindingView) -> None:
        """A finding is to be looked at after all."""
        if finding.seen is not None:
            self._take(finding.seen)

    def _take(self, seen: SeenView) -> None:
        desk = self._page.desk
        self._page.run(
            lambda _progress: desk.paper_checks.open_again(desk.signed_in, seen.id, seen.version),
            lambda _nothing: self.look(self._bench.sheet), self._bench.form.notice.show_error,
        )  # fmt: skip

    def _came(self, shown: tuple[int, int], found: list[FindingView]) -> None:
        if shown != self._shown:
            return
        self._say(found)
        finding = next((one for one in found if (one.document_id, one.mark) == self._wanted), None)
        if finding is not None:
            self._wanted = (0, '')
            # The sheet that has just come puts the focus where its own work begins: that comes first.
            QTimer.singleShot(0, self, lambda: self.show(finding))

    def _say(self, found: list[FindingView]) -> None:
        place = self._bench.form.filing.place
        open_case = place is not None and place.stage is not Stage.CLOSED
        self.list.show_found(found, may=open_case and self._page.desk.signed_in.may(Permission.CONFIRM_READING))
        waiting = {one.place: one for one in reversed(found) if one.seen is None}
        for name, row in self._bench.form.rows.items():
            row.set_finding(waiting[name].sentence if name in waiting else '')
        self._bench.form.count()

    def _light(self, finding: FindingView) -> None:
        pages, spot = self._bench.pages, finding.spot
        pages.go_to(spot.page)
        if spot.box is not None:
            pages.light([Spot(LIT, spot.box, 'accent')], LIT, approach=True)
