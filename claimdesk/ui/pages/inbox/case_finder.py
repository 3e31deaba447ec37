"""Finds the case of the paper on the bench: the one it is in, the one it points to, or the one somebody looks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from claimdesk.language import _
from claimdesk.services.filing import Place, Wanted

if TYPE_CHECKING:
    from claimdesk.ui.page import Page
    from claimdesk.ui.pages.inbox.form import FormPane
    from claimdesk.ui.pages.inbox.sheet import Sheet


class CaseFinder(QObject):
    """Fills the filing box of the form. `last` is the case of the paper before, `changed` when another was chosen."""

    changed = Signal()

    def __init__(self, page: Page, form: FormPane) -> None:
        super().__init__(form)
        self._page = page
        self._form = form
        self.last: Place | None = None
        form.filing.search_wanted.connect(self._search)
        form.filing.place_changed.connect(self._place_changed)

    def begin(self, sheet: Sheet, place: Place | None, before: Place | None) -> None:
        """Choose a case for a document: its own, the one chosen `before`, the page's `place`, or a suggested one."""
        filing = self._form.filing
        filing.case.suggest(sheet.suggestions)
        filing.set_wanted(sheet.wanted)
        if sheet.wanted is not None:
            filing.set_place(sheet.wanted.place)
            if sheet.document.checklist_code:
                filing.answers.set_value(sheet.document.checklist_code)
            return
        suggested = next(iter(sheet.suggestions), None)
        if suggested is None and self.last is not None:
            suggested = replace(self.last, why=_("Like the paper before."))
        chosen = before or place or suggested
        filing.set_place(chosen, suggested=before is None and place is None)
        if chosen is not None:
            self.load(chosen.case_id)

    def load(self, case_id: int) -> None:
        """Fetch what the case waits for; chooses it where nothing is chosen yet."""
        desk, kind = self._page.desk, self._form.chosen_kind()
        self._page.run(lambda _progress: desk.filing.wanted(desk.signed_in, case_id, kind), self._show, latest='wanted')

    def look_again(self) -> None:
        """The kind of paper has changed: another line of the checklist may be the one that it answers."""
        if self._form.filing.place is not None:
            self.load(self._form.filing.place.case_id)

    def _show(self, wanted: Wanted) -> None:
        filing = self._form.filing
        if filing.place is None:
            filing.set_place(wanted.place)
            self.changed.emit()
        if filing.place is not None and filing.place.case_id == wanted.place.case_id:
            filing.set_wanted(wanted)

    def _search(self, words: str) -> None:
        desk = self._page.desk
        self._page.run(
            lambda _progress: desk.filing.find(desk.signed_in, words), self._form.filing.case.show_found, latest='cases'
        )

    def _place_changed(self, case_id: int | None) -> None:
        if case_id is None:
            self._form.filing.set_wanted(None)
        else:
            self.load(case_id)
        self.changed.emit()
