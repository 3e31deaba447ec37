"""A card of lines below a heading with buttons: who was sent, who was asked, each line with what can be done next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from claimdesk.ui import theme
from claimdesk.ui.pages.case.file import CaseFile
from claimdesk.ui.widgets import Button, PlainLabel, SectionHeader, card_column, clear, plain_tip, separator

if TYPE_CHECKING:
    from claimdesk.ui.pages.case.page import CasePage


class ListCard(QWidget):
    """Fills itself with the lines that it is shown, or says why there are none. Its buttons go into `self.head`."""

    def __init__(self, page: CasePage, title: str) -> None:
        super().__init__(page)
        self._page = page
        self._file: CaseFile | None = None
        column = card_column(self, bottom=theme.SPACE_12)
        self.head = SectionHeader(title)
        column.addWidget(self.head)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(theme.SPACE_8)
        column.addLayout(self._rows)

    def show_rows(self, rows: Iterable[QWidget], empty: str) -> None:
        """Show these lines, or the sentence `empty` where there are none."""
        clear(self._rows)
        place = -1
        for place, row in enumerate(rows):
            if place:
                self._rows.addWidget(separator())
            self._rows.addWidget(row)
        if place < 0:
            self._rows.addWidget(PlainLabel(empty, 'secondary'))


def allow(button: Button, why_not: str) -> None:
    """Let `button` be pressed unless there is a reason against it, which its tip then says."""
    button.setEnabled(not why_not)
    button.setToolTip(plain_tip(why_not))
