"""What was typed on the bench and not confirmed, kept on this computer's disk and put back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from claimdesk.language import _
from claimdesk.ui.drafts import Drafts
from claimdesk.ui.later import later

if TYPE_CHECKING:
    from claimdesk.services.documents import DocumentView
    from claimdesk.ui.pages.inbox.bench import Bench
    from claimdesk.ui.pages.inbox.sheet import Sheet

KEPT_AFTER_MS = 600


class SheetDraft(QObject):
    """The draft of the sheet that is on the bench."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._drafts = Drafts()
        self._timer = later(self, KEPT_AFTER_MS, self.keep)

    def edited(self) -> None:
        """Something was typed: keep it once the hand rests."""
        self._timer.start()

    def forget_edits(self) -> None:
        """Another sheet is shown: what was to be kept has been."""
        self._timer.stop()

    def keep(self) -> None:
        """Write what was typed to this computer's disk, or forget it where nothing differs from the reading."""
        self._timer.stop()
        sheet, form = self._bench.sheet, self._bench.form
        if sheet is None or sheet.confirmed:
            return
        edits, place = form.edits(), form.filing.place
        chosen = place is not None and not form.filing.suggested and place.case_id != sheet.document.case_id
        if edits or chosen:
            case_id = place.case_id if chosen and place is not None else None
            self._drafts.keep(draft_name(sheet.document), {**edits, 'case_id': case_id})
        else:
            self.drop(sheet.document)

    def drop(self, document: DocumentView) -> None:
        """Nothing of it is wanted any more."""
        self._drafts.drop(draft_name(document))

    def put_back(self, sheet: Sheet, edits: dict[str, Any] | None) -> None:
        """Show `edits` again, or what was kept of the sheet earlier."""
        form = self._bench.form
        draft = edits if edits else self._drafts.find(draft_name(sheet.document))
        if not draft:
            return
        form.apply_edits(draft)
        case_id = draft.get('case_id')
        if isinstance(case_id, int) and sheet.wanted is None:
            form.filing.set_place(None)
            self._bench.finder.load(case_id)
        if edits is None and any(value for name, value in draft.items() if name != 'seen'):
            form.notice.show_message(
                _("Your edits from before are back."), '', 'notice', _("Take what was read"), self.take_reading
            )

    def take_reading(self) -> None:
        """Drop the draft and show what was read."""
        sheet = self._bench.sheet
        if sheet is not None:
            self.drop(sheet.document)
            self._bench.sheet = None
            self._bench.show_sheet(sheet)


def draft_name(document: DocumentView) -> str:
    """Under which name the edits of a document are kept; those of two offices on one computer do not meet."""
    mark = document.pages[0].sha256[:16] if document.pages else ''
    return f'paper-{document.id}-{document.added_at:%Y%m%d%H%M%S}-{mark}'
