"""Measures photos of a case in the background as soon as they are known to be photos, wherever that was said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from claimdesk.language import _
from claimdesk.rules.permissions import Permission
from claimdesk.vocabulary import DocumentKind

if TYPE_CHECKING:
    from claimdesk.services.invoices import Confirmed
    from claimdesk.ui.page import Page

LATEST = 'measure photos'
"""The name of this work on a page: whoever starts it anew goes on where the one before stopped."""


class PhotoMeasuring(QObject):
    """Says nothing when it fails: the photos of the loss tab offer to try again."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page

    def confirmed(self, done: Confirmed) -> None:
        """A paper was confirmed on the bench."""
        if done.document.kind is DocumentKind.PHOTO and done.document.case_id is not None:
            self.look(done.document.case_id)

    def look(self, case_id: int) -> None:
        """Measure what nobody has measured in this case."""
        desk, actor = self._page.desk, self._page.desk.signed_in
        if actor.may(Permission.ATTACH_DOCUMENTS):
            self._page.run(
                lambda _progress: desk.photos.unmeasured(actor, case_id),
                lambda count: self._measure(case_id) if count else None,
                lambda _error: None,
            )

    def _measure(self, case_id: int) -> None:
        desk, actor = self._page.desk, self._page.desk.signed_in
        self._page.run(
            lambda progress: desk.photos.measure(actor, case_id, desk.readings.look_at_photo, progress),
            failed=lambda _error: None, latest=LATEST, title=_("Measuring photos"),
        )  # fmt: skip
