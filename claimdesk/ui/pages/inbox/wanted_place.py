"""The place on a page that somebody wants to see: kept until its document is on the bench, then lit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from claimdesk.ui.pages.inbox.canvas import Spot

if TYPE_CHECKING:
    from claimdesk.ui.pages.inbox.bench import Bench

LIT = 'wanted'


class WantedPlace(QObject):
    """A field by its name, or a `page` (from 1) with a `box` on it, as the pages of a case hand them over."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._wanted: dict[str, Any] = {}

    def want(self, arguments: Mapping[str, Any]) -> None:
        """Remember the place of `arguments`; it is shown at once where its document is on the bench already."""
        self._wanted = dict(arguments) if arguments.get('field') or arguments.get('page') else {}
        if self._bench.sheet is not None:
            self.came(self._bench.sheet.document.id)

    def came(self, document_id: int) -> None:
        """A document is on the bench."""
        if self._wanted and self._wanted['document_id'] == document_id:
            wanted, self._wanted = self._wanted, {}
            # The sheet that has just come puts the focus where its own work begins: that comes first.
            QTimer.singleShot(0, self, lambda: self._show(wanted))

    def _show(self, wanted: Mapping[str, Any]) -> None:
        form, pages = self._bench.form, self._bench.pages
        row = form.rows.get(wanted.get('field', ''))
        page, box = wanted.get('page'), wanted.get('box')
        if page:
            pages.go_to(page - 1)
        if row is not None and (row.read.box is not None or box is None):
            form.go_to(row.name)
        elif box is not None:
            pages.light([Spot(LIT, tuple(box), 'accent')], LIT, approach=True)
